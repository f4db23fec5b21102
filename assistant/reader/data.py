"""Training examples from items: windows that answer a question and, by rule, near misses that do not."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import edits
from .corpus import CORRECTED, WRITTEN, Item, Shortlists, Unit, item_key
from .mixture import (
    ANSWERED,
    ANSWERED_SHARE,
    BY_THESAURUS,
    ELSEWHERE,
    KINDS,
    LACKING,
    LISTED,
    MARKED,
    MARKED_BY_RULE,
    OF_DOCUMENT,
    REWORDED,
    SHORTLIST,
    SHORTLISTED,
    SIBLING,
    SIBLING_ANSWERED,
    STRUCTURED,
    WEIGHT,
    WITHOUT_HEADING,
    WORDS_PUT,
    WRITTEN_ANSWERED_SHARE,
)
from .neighbours import Neighbours
from .surroundings import MAX_WORDS, Surroundings, heading_over, run_of
from .thesaurus import Thesaurus
from .windows import MARK

_MARKED_OFF = re.compile(r"[-*] |\d+(?:\.\d+)*[.)]? |.* \| |\| |[A-Z][\w.'’ -]{0,24}: ")
"""How a row, a list's item, a clause, a speaker's turn or a line of facts begins."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question over neighbouring sentences, under a heading or none; `gold` are the positions that answer, none if
    none does."""

    kind: str
    source: str
    question: str
    sentences: tuple[str, ...]
    gold: tuple[int, ...]
    answer: str | None
    heading: str = ""


class Sampler:
    """Draws examples from items, seeded: the same arguments give the same examples."""

    def __init__(
        self,
        items: Sequence[Item],
        neighbours: Neighbours,
        shortlists: Shortlists | None = None,
        thesaurus: Thesaurus | None = None,
    ) -> None:
        self.items = items
        self.thesaurus = thesaurus
        self.shortlists: dict[int, list[tuple[Unit, int]]] = {}
        if shortlists:
            keys = enumerate(map(item_key, items))
            self.shortlists = {position: shortlists[key] for position, key in keys if key in shortlists}
        self.around = Surroundings(items, neighbours)

    def order(self, epoch: int, seed: int) -> list[int]:
        """Positions of the items an epoch draws, shuffled; a source's weight is its mean number of draws."""
        rng = random.Random(f"{seed}/{epoch}")
        drawn: list[int] = []
        for position, item in enumerate(self.items):
            weight = WEIGHT.get(item.kind or "", WEIGHT.get(item.source, 1.0))
            weight *= OF_DOCUMENT if item.siblings else 1.0
            weight *= STRUCTURED if item.source == WRITTEN and structured(item.sentences) else 1.0
            weight *= LISTED if position in self.shortlists else 1.0
            drawn += [position] * (int(weight) + (rng.random() < weight % 1))
        rng.shuffle(drawn)
        return drawn

    def draw(self, position: int, rng: random.Random) -> Example:
        """An example of the item at `position`: answered or of a kind that applies to it.

        Whether it is then put in other words does not go by whether it is answered, so it gives nothing away.
        """
        example = self._drawn(position, rng)
        if self.thesaurus and rng.random() < REWORDED:
            question = self.thesaurus.in_other_words(example.question, rng, WORDS_PUT)
            return replace(example, question=question)
        return example

    def _drawn(self, position: int, rng: random.Random) -> Example:
        item = self.items[position]
        share = MARKED.get(item.kind or "", MARKED.get(item.source, MARKED_BY_RULE))
        if rng.random() < share:
            example = self.marked(position, rng)
            if example:
                return example
        if position in self.shortlists and rng.random() < SHORTLISTED:
            return self.shortlisted(position, rng)
        if item.siblings and rng.random() < (SIBLING_ANSWERED if _answers(item) else SIBLING):
            return self.sibling(position, rng)
        if item.kind == CORRECTED:
            return self.tempting(position, rng)
        if not item.gold:
            return self.written(position, rng)
        # People's near misses beside their answered twins teach more than rules do: fewer of those here.
        if rng.random() >= (ANSWERED_SHARE if item.source != WRITTEN else WRITTEN_ANSWERED_SHARE):
            kinds = list(KINDS)
            for kind in rng.choices(kinds, weights=list(KINDS.values()), k=4):
                example = self.unanswered(position, kind, rng)
                if example:
                    return example
        return self.answered(position, rng)

    def answered(self, position: int, rng: random.Random, augment: bool = True) -> Example:
        """The item's question over a run of sentences that holds the answer."""
        item = self.items[position]
        sentences, gold = self.around.context(position, rng, with_gold=True)
        question, answer = item.question, item.answer
        if augment:
            chance = rng.random()
            answering = sentences[gold[0]]
            if chance < 0.15:
                question = edits.reworded(question, rng) or question
            elif chance < 0.25:
                exchange = self._shared_exchange(position, sentences, rng)
                if exchange:
                    question = exchange.apply(question)
                    sentences = [exchange.apply(text) for text in sentences]
            elif chance < 0.33:
                question = edits.restated(question, answering, answer, rng) or question
            elif chance < 0.36:
                negated = edits.negated(question, rng), edits.negated(answering, rng)
                if negated[0] and negated[1]:
                    question, sentences[gold[0]] = negated[0], negated[1]
            question = edits.hurried(question, rng)
        return Example(ANSWERED, item.source, question, tuple(sentences), tuple(gold), answer, heading_over(item, rng))

    def unanswered(self, position: int, kind: str, rng: random.Random, augment: bool = True) -> Example | None:
        """The item as an unanswered example of `kind`, or None where the kind does not apply."""
        item = self.items[position]
        question: str | None = item.question
        sentences: list[str] | None
        heading = heading_over(item, rng)
        if kind in ("near", "neighbour", "far"):
            sentences, heading = self.around.elsewhere(position, kind, rng)
        elif kind == "minus":
            sentences = self.around.lacking(position, rng)
        else:
            sentences, gold = self.around.context(position, rng, with_gold=True)
            others = self.around.others(position, rng)
            if kind == "passage":
                sentences = self._edited_passage(position, sentences, gold[0], rng)
            elif kind == "asked":
                question = edits.asked(item.question, sentences, rng)
            elif kind == "negation":
                question = edits.negated(item.question, rng)
            elif kind == "condition":
                question = edits.conditioned(item.question, others, rng)
            else:
                exchange = (
                    edits.entity(item.question, sentences, others, rng)
                    if kind == "entity"
                    else self._attribute(item.question, sentences, rng)
                    if kind == "attribute"
                    else edits.noun(item.question, sentences, rng)
                )
                question = exchange.apply(item.question) if exchange else None
        if not question or not sentences or (question == item.question and kind in edits_of_question()):
            return None
        if augment:
            if rng.random() < 0.08:
                question = edits.reworded(question, rng) or question
            question = edits.hurried(question, rng, keywords=kind not in ("asked", "negation", "condition"))
        return Example(kind, item.source, question, tuple(sentences), (), None, heading)

    def written(self, position: int, rng: random.Random, augment: bool = True) -> Example:
        """A near miss as it was written, over a window's run of its passage, which nowhere answers it."""
        item = self.items[position]
        question = edits.hurried(item.question, rng) if augment else item.question
        return Example(WRITTEN, item.source, question, run_of(item.sentences, rng), (), None, heading_over(item, rng))

    def sibling(self, position: int, rng: random.Random) -> Example:
        """The item's question over a window's run of another passage of its document, most often of one that shares its
        words."""
        return self.over(position, self.around.sibling(position, rng), rng)

    def over(self, position: int, unit: Unit, rng: random.Random) -> Example:
        """The item's question over a window's run of a passage that does not answer it."""
        item = self.items[position]
        question = edits.hurried(item.question, rng)
        return Example(ELSEWHERE, item.source, question, run_of(unit.sentences, rng), (), None, heading_over(unit, rng))

    def shortlisted(self, position: int, rng: random.Random) -> Example:
        """The item's question over some of the sentences that a reader finds likeliest, each behind its heading.

        Passages stand in any order, a passage's sentences in theirs. What answers is mostly among them, so also where
        the reader finds other sentences likelier.
        """
        item = self.items[position]
        right = [place for place in item.gold if _answers(item)]
        taken: list[tuple[Unit, int]] = []
        if right and rng.random() >= LACKING:
            own = Unit(item.sentences, item.group, item.heading)
            taken = [(own, place) for place in rng.sample(right, rng.randint(1, min(2, len(right))))]
        answering = len(taken)
        words = sum(len(unit.sentences[place].split()) for unit, place in taken)
        most = rng.randint(2, 5)
        for unit, place in self.shortlists[position]:
            if (unit.sentences == item.sentences and place in right) or rng.random() < 0.25:
                continue
            words += len(unit.sentences[place].split())
            if len(taken) >= most or (taken and words > MAX_WORDS):
                break
            taken.append((unit, place))
        order = {unit.sentences: rng.random() for unit, _ in taken}
        listed = sorted(range(len(taken)), key=lambda at: (order[taken[at][0].sentences], taken[at][1]))
        bare = rng.random() < WITHOUT_HEADING
        sentences = tuple(listed_sentence(*taken[at], bare) for at in listed)
        gold = tuple(place for place, at in enumerate(listed) if at < answering)
        question = edits.hurried(item.question, rng)
        return Example(SHORTLIST, item.source, question, sentences, gold, item.answer if gold else None)

    def tempting(self, position: int, rng: random.Random) -> Example:
        """A question whose premise a sentence makes false, as the near miss that it is, over that sentence."""
        item = self.items[position]
        sentences, _ = self.around.context(position, rng, with_gold=True)
        question = edits.hurried(item.question, rng)
        return Example(CORRECTED, item.source, question, tuple(sentences), (), None, heading_over(item, rng))

    def marked(self, position: int, rng: random.Random) -> Example | None:
        """The item's question behind `MARK`, over its passage; None where no rule makes one of it.

        What answers is the sentence that makes the question's premise false, where there is one.
        """
        item = self.items[position]
        if item.source != WRITTEN:
            negated = edits.negated(item.question, rng)
            if negated is None:
                return None
            sentences, gold = self.around.context(position, rng, with_gold=True)
            return Example(
                CORRECTED, item.source, MARK + negated, tuple(sentences), tuple(gold), None, heading_over(item, rng)
            )
        question = MARK + edits.hurried(item.question, rng, keywords=False)
        if item.siblings and rng.random() < SIBLING:
            return replace(self.sibling(position, rng), question=question)
        if not item.gold:
            return replace(self.written(position, rng), question=question)
        sentences, gold = self.around.context(position, rng, with_gold=True)
        corrected = tuple(gold) if item.kind == CORRECTED else ()
        return Example(
            item.kind or "", item.source, question, tuple(sentences), corrected, None, heading_over(item, rng)
        )

    def _shared_exchange(self, position: int, sentences: Sequence[str], rng: random.Random) -> edits.Exchange | None:
        """An exchange whose old word is in the question and in the sentences."""
        question = self.items[position].question
        exchange = (
            self._attribute(question, sentences, rng)
            if rng.random() < 0.5
            else edits.entity(question, (), self.around.others(position, rng), rng)
        )
        return exchange if exchange and any(exchange.apply(text) != text for text in sentences) else None

    def _attribute(self, question: str, sentences: Sequence[str], rng: random.Random) -> edits.Exchange | None:
        if self.thesaurus and rng.random() < BY_THESAURUS:
            used = {word for text in sentences for word in edits.words(text)}
            return self.thesaurus.of_another_kind(question, used, rng)
        return edits.attribute(question, sentences, rng)

    def _edited_passage(self, position: int, sentences: list[str], gold: int, rng: random.Random) -> list[str] | None:
        if rng.random() < 0.15:
            negated = edits.negated(sentences[gold], rng)
            return [*sentences[:gold], negated, *sentences[gold + 1 :]] if negated else None
        exchange = self._shared_exchange(position, sentences[gold : gold + 1], rng)
        return [exchange.apply(text) for text in sentences] if exchange else None


def edits_of_question() -> frozenset[str]:
    """The kinds of unanswered example made by editing the question."""
    return frozenset({"entity", "attribute", "noun", "asked", "negation", "condition"})


def structured(sentences: Sequence[str]) -> bool:
    """Whether a passage is more than prose: some of it are rows, items, clauses, turns or lines of facts."""
    return sum(_MARKED_OFF.match(text) is not None for text in sentences) >= 2


def listed_sentence(unit: Unit, place: int, bare: bool) -> str:
    """A sentence as it stands in a shortlist: behind its passage's heading, or ``bare``."""
    text = unit.sentences[place]
    return text if bare or not unit.heading else f"{unit.heading}. {text}"


def _answers(item: Item) -> bool:
    return bool(item.gold) and item.kind != CORRECTED
