"""Training examples from items: windows that answer a question and, by rule, near misses that do not."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import edits
from .corpus import CORRECTED, UNSAID, WRITTEN, Item, Neighbours
from .lexicon import STOP_WORDS
from .windows import MARK

ANSWERED = "answered"
ANSWERED_SHARE = 0.43
KINDS = {
    "near": 0.13,
    "minus": 0.20,
    "far": 0.07,
    "neighbour": 0.07,
    "entity": 0.17,
    "attribute": 0.14,
    "noun": 0.09,
    "asked": 0.03,
    "negation": 0.03,
    "condition": 0.04,
    "passage": 0.05,
}
"""Kinds of unanswered windows and the share of each.

near, neighbour: another passage, closest by BM25 to the question or to the answering sentence. minus: the own
passage without the answering sentence. far: a passage drawn at random. entity, attribute, noun, asked,
negation, condition: the question edited (see `edits`). passage: the passage edited instead.
"""
WEIGHT = {
    "squad-par": 1.6,
    "squad-par2": 1.6,
    "nq": 1.2,
    "qed": 1.2,
    "selqa": 1.0,
    "covidqa": 0.8,
    "policyqa": 0.7,
    "squad-sent": 0.9,
    "squad-nqg": 0.7,
    "qamr": 0.55,
    WRITTEN: 2.5,
    CORRECTED: 8.0,
    UNSAID: 6.0,
}
"""How often an epoch draws the items of each source, or of each kind of written questions that is named."""

WRITTEN_ANSWERED_SHARE = 0.7
MARKED = {CORRECTED: 0.65, UNSAID: 0.6, WRITTEN: 0.08}
MARKED_BY_RULE = 0.02
"""Shares of the questions that are asked behind `MARK`: those whose premise a sentence makes false, written or by rule
(a negation put into a question that is answered), against all others, whose premises hold or are not spoken of."""

MAX_WORDS = 80


@dataclass(frozen=True, slots=True)
class Example:
    """A question over neighbouring sentences; `gold` are the positions that answer, none if none does."""

    kind: str
    source: str
    question: str
    sentences: tuple[str, ...]
    gold: tuple[int, ...]
    answer: str | None


class Sampler:
    """Draws examples from items, seeded: the same arguments give the same examples."""

    def __init__(self, items: Sequence[Item], neighbours: Neighbours) -> None:
        self.items = items
        self.neighbours = neighbours

    def order(self, epoch: int, seed: int) -> list[int]:
        """Positions of the items an epoch draws, shuffled; a source's weight is its mean number of draws."""
        rng = random.Random(f"{seed}/{epoch}")
        drawn: list[int] = []
        for position, item in enumerate(self.items):
            weight = WEIGHT.get(item.kind or "", WEIGHT.get(item.source, 1.0))
            drawn += [position] * (int(weight) + (rng.random() < weight % 1))
        rng.shuffle(drawn)
        return drawn

    def draw(self, position: int, rng: random.Random) -> Example:
        """An example of the item at `position`: answered or of a kind that applies to it."""
        item = self.items[position]
        share = MARKED.get(item.kind or "", MARKED.get(item.source, MARKED_BY_RULE))
        if rng.random() < share:
            example = self.marked(position, rng)
            if example:
                return example
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
        sentences, gold = self._context(position, rng, with_gold=True)
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
        return Example(ANSWERED, item.source, question, tuple(sentences), tuple(gold), answer)

    def unanswered(self, position: int, kind: str, rng: random.Random, augment: bool = True) -> Example | None:
        """The item as an unanswered example of `kind`, or None where the kind does not apply."""
        item = self.items[position]
        question: str | None = item.question
        sentences: list[str] | None
        if kind in ("near", "neighbour", "far", "minus"):
            sentences = self._elsewhere(position, kind, rng)
        else:
            sentences, gold = self._context(position, rng, with_gold=True)
            others = self._others(position, rng)
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
                    else edits.attribute(item.question, sentences, rng)
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
        return Example(kind, item.source, question, tuple(sentences), (), None)

    def written(self, position: int, rng: random.Random, augment: bool = True) -> Example:
        """A near miss as it was written, over a window's run of its passage, which nowhere answers it."""
        item = self.items[position]
        budget = rng.randint(40, MAX_WORDS)
        first = rng.randrange(len(item.sentences))
        end = first
        words = 0
        while end < len(item.sentences) and (end == first or words + len(item.sentences[end].split()) <= budget):
            words += len(item.sentences[end].split())
            end += 1
        while first > 0 and words + len(item.sentences[first - 1].split()) <= budget:
            first -= 1
            words += len(item.sentences[first].split())
        question = edits.hurried(item.question, rng) if augment else item.question
        return Example(WRITTEN, item.source, question, item.sentences[first:end], (), None)

    def tempting(self, position: int, rng: random.Random) -> Example:
        """A question whose premise a sentence makes false, as the near miss that it is, over that sentence."""
        item = self.items[position]
        sentences, _ = self._context(position, rng, with_gold=True)
        return Example(CORRECTED, item.source, edits.hurried(item.question, rng), tuple(sentences), (), None)

    def marked(self, position: int, rng: random.Random) -> Example | None:
        """The item's question behind `MARK`, over its passage; None where no rule makes one of it.

        What answers is the sentence that makes the question's premise false, where there is one.
        """
        item = self.items[position]
        if item.source != WRITTEN:
            negated = edits.negated(item.question, rng)
            if negated is None:
                return None
            sentences, gold = self._context(position, rng, with_gold=True)
            return Example(CORRECTED, item.source, MARK + negated, tuple(sentences), tuple(gold), None)
        question = MARK + edits.hurried(item.question, rng, keywords=False)
        if not item.gold:
            return replace(self.written(position, rng), question=question)
        sentences, gold = self._context(position, rng, with_gold=True)
        corrected = tuple(gold) if item.kind == CORRECTED else ()
        return Example(item.kind or "", item.source, question, tuple(sentences), corrected, None)

    def _others(self, position: int, rng: random.Random) -> list[str]:
        near = self.neighbours.by_passage(position, self.items[position].group)[:8]
        return [text for unit in rng.sample(near, min(3, len(near))) for text in unit.sentences]

    def _context(self, position: int, rng: random.Random, with_gold: bool) -> tuple[list[str], list[int]]:
        """Neighbouring sentences about the answering one, with or without it, and the answering positions."""
        item = self.items[position]
        centre = rng.choice(item.gold)
        budget = rng.randint(28, MAX_WORDS)
        first, end = centre, centre + 1
        count = len(item.sentences[centre].split())
        sides = [rng.random() for _ in range(12)]
        for side in sides:
            grow_left = first > 0 and (side < 0.5 or end == len(item.sentences))
            place = first - 1 if grow_left else end
            if not 0 <= place < len(item.sentences):
                break
            count += len(item.sentences[place].split())
            if count > budget:
                break
            first, end = (place, end) if grow_left else (first, place + 1)
        kept = [
            place
            for place in range(first, end)
            if (with_gold if place in item.gold else rng.random() > 0.12) or (with_gold and place == centre)
        ]
        sentences = [item.sentences[place] for place in kept]
        gold = [index for index, place in enumerate(kept) if place in item.gold]
        words = sum(len(text.split()) for text in sentences)
        lone = end - first < 3
        if words < budget and rng.random() < (0.8 if lone else 0.35):
            extra = self._distractors(position, rng, budget - words)
            before = rng.randint(0, len(extra)) if with_gold and not item.whole else rng.choice((0, len(extra)))
            sentences = extra[:before] + sentences + extra[before:]
            gold = [place + before for place in gold]
        return sentences, gold

    def _distractors(self, position: int, rng: random.Random, budget: int) -> list[str]:
        item = self.items[position]
        taken: list[str] = []
        near = self.neighbours.by_passage(position, item.group)[:10]
        for unit in rng.sample(near, min(2, len(near))):
            for text in unit.sentences:
                budget -= len(text.split())
                if budget < 0 or len(taken) >= 4:
                    return taken
                if not self._may_answer(item, [text]):
                    taken.append(text)
        return taken

    def _elsewhere(self, position: int, kind: str, rng: random.Random) -> list[str] | None:
        item = self.items[position]
        if kind == "minus":
            sentences, _ = self._context(position, rng, with_gold=False)
            if sum(len(text.split()) for text in sentences) < 6 or self._may_answer(item, sentences, lenient=True):
                return None
            return sentences
        if kind == "far":
            unit = rng.choice(self.neighbours.units)
            return None if unit.group == item.group or self._may_answer(item, unit.sentences) else list(unit.sentences)
        look_up = self.neighbours.by_question if kind == "near" else self.neighbours.by_passage
        ranked = [unit for unit in look_up(position, item.group) if not self._may_answer(item, unit.sentences)]
        if not ranked:
            return None
        place = min(int(rng.expovariate(0.5)), len(ranked) - 1)
        sentences = list(ranked[place].sentences)
        if len(sentences) == 1 and rng.random() < 0.7:
            sentences += ranked[rng.randrange(len(ranked))].sentences[:2]
        return sentences

    def _may_answer(self, item: Item, sentences: Sequence[str], lenient: bool = False) -> bool:
        """Whether the sentences hold the answer or, where it is unknown, most words of the question."""
        if item.answer:
            return re.search(rf"(?<!\w){re.escape(item.answer)}(?!\w)", " ".join(sentences), re.IGNORECASE) is not None
        content = edits.words(item.question) - STOP_WORDS
        return not lenient and any(len(content & edits.words(text)) > 0.7 * len(content) for text in sentences)

    def _shared_exchange(self, position: int, sentences: Sequence[str], rng: random.Random) -> edits.Exchange | None:
        """An exchange whose old word is in the question and in the sentences."""
        question = self.items[position].question
        exchange = (
            edits.attribute(question, sentences, rng)
            if rng.random() < 0.5
            else edits.entity(question, (), self._others(position, rng), rng)
        )
        return exchange if exchange and any(exchange.apply(text) != text for text in sentences) else None

    def _edited_passage(self, position: int, sentences: list[str], gold: int, rng: random.Random) -> list[str] | None:
        if rng.random() < 0.15:
            negated = edits.negated(sentences[gold], rng)
            return [*sentences[:gold], negated, *sentences[gold + 1 :]] if negated else None
        exchange = self._shared_exchange(position, sentences[gold : gold + 1], rng)
        return [exchange.apply(text) for text in sentences] if exchange else None


def edits_of_question() -> frozenset[str]:
    """The kinds of unanswered example made by editing the question."""
    return frozenset({"entity", "attribute", "noun", "asked", "negation", "condition"})
