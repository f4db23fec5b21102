"""What a question is read over: sentences about its answer, passages that do not answer, and their headings."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from . import edits
from .corpus import Item, Unit
from .lexicon import STOP_WORDS
from .mixture import WITHOUT_HEADING
from .neighbours import Neighbours

MAX_WORDS = 80


class Surroundings:
    """Draws what the items' questions are read over, seeded: the same arguments give the same sentences."""

    def __init__(self, items: Sequence[Item], neighbours: Neighbours) -> None:
        self.items = items
        self.neighbours = neighbours

    def others(self, position: int, rng: random.Random) -> list[str]:
        near = self.neighbours.by_passage(position, self.items[position].group)[:8]
        return [text for unit in rng.sample(near, min(3, len(near))) for text in unit.sentences]

    def context(self, position: int, rng: random.Random, with_gold: bool) -> tuple[list[str], list[int]]:
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
        # A passage of a known document is read as it stands in it.
        if not item.siblings and words < budget and rng.random() < (0.8 if lone else 0.35):
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

    def lacking(self, position: int, rng: random.Random) -> list[str] | None:
        """The item's passage without what answers."""
        sentences, _ = self.context(position, rng, with_gold=False)
        if sum(len(text.split()) for text in sentences) < 6:
            return None
        return None if self._may_answer(self.items[position], sentences, lenient=True) else sentences

    def sibling(self, position: int, rng: random.Random) -> Unit:
        """Another passage of the item's document, most often one that shares its words."""
        item = self.items[position]
        asked = edits.words(item.question) - STOP_WORDS
        near = sorted(item.siblings, key=lambda unit: -len(asked & edits.words(" ".join(unit.sentences))))
        return near[min(int(rng.expovariate(0.5)), len(near) - 1)]

    def elsewhere(self, position: int, kind: str, rng: random.Random) -> tuple[list[str] | None, str]:
        """Sentences of other passages that do not answer, and the heading over them."""
        item = self.items[position]
        if kind == "far":
            unit = rng.choice(self.neighbours.units)
            far = unit.group != item.group and not self._may_answer(item, unit.sentences)
            return list(unit.sentences) if far else None, heading_over(unit, rng)
        look_up = self.neighbours.by_question if kind == "near" else self.neighbours.by_passage
        ranked = [unit for unit in look_up(position, item.group) if not self._may_answer(item, unit.sentences)]
        if not ranked:
            return None, ""
        place = min(int(rng.expovariate(0.5)), len(ranked) - 1)
        sentences = list(ranked[place].sentences)
        if len(sentences) == 1 and rng.random() < 0.7:
            sentences += ranked[rng.randrange(len(ranked))].sentences[:2]
        return sentences, heading_over(ranked[place], rng)

    def _may_answer(self, item: Item, sentences: Sequence[str], lenient: bool = False) -> bool:
        """Whether the sentences hold the answer or, where it is unknown, most words of the question."""
        if item.answer:
            return re.search(rf"(?<!\w){re.escape(item.answer)}(?!\w)", " ".join(sentences), re.IGNORECASE) is not None
        content = edits.words(item.question) - STOP_WORDS
        return not lenient and any(len(content & edits.words(text)) > 0.7 * len(content) for text in sentences)


def heading_over(passage: Item | Unit, rng: random.Random) -> str:
    """The passage's heading, as it is read with it; at times none."""
    return f"{passage.heading}." if passage.heading and rng.random() >= WITHOUT_HEADING else ""


def run_of(sentences: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    """Neighbouring sentences that make up about a window."""
    budget = rng.randint(40, MAX_WORDS)
    first = rng.randrange(len(sentences))
    end = first
    words = 0
    while end < len(sentences) and (end == first or words + len(sentences[end].split()) <= budget):
        words += len(sentences[end].split())
        end += 1
    while first > 0 and words + len(sentences[first - 1].split()) <= budget:
        first -= 1
        words += len(sentences[first].split())
    return sentences[first:end]
