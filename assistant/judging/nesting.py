"""Which passages are of another thing than the one a question names: of another release, model or country.

Such things have a section each, with the same headings in it. Without headings under headings nothing is told.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import regex

from assistant.language.answer_types import AnswerType, expected
from index import Hit, Passage
from index.headings import levels_of
from index.tokens import terms, words

# What the reader's log-odds lose where an outer heading is another than the one that the question names, and where the
# innermost is: what it names may be told elsewhere in other words.
OUTER_LOSS, INNER_LOSS = 8.0, 3.0
# "2.4.0" and "b200": no plain number, nor one with a fraction, for a text is full of those.
_DOTTED = regex.compile(r"v?(\p{N}+(?:\.\p{N}+){2,})")
_CODE = regex.compile(r"(?=\p{N}*\p{L})(?=\p{L}*\p{N})[\p{L}\p{N}]{2,12}")
# What came after one, or differs from it, is told of another.
_SINCE = regex.compile(
    r"\b(?:after|before|earlier|follow\w*|later|latest|newer|next|older|previous\w*|prior|since|until)\b"
)
_UNLIKE = regex.compile(
    r"\b(?:apart from|besides|compared|differ\w*|except|instead|other|rather|than|unlike|versus|vs)\b"
)

_Path = tuple[str, ...]


def spoken(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """``hits`` less the headings that are passages of their own, for the date in them: one is left where the question
    asks when that was and says a word of it. All, where nothing else was found."""
    timely = expected(question) is AnswerType.TIME
    kept = [hit for hit in hits if not _heads(hit.passage) or (timely and _shares(question, hit.passage.text))]
    return kept or list(hits)


def losses(question: str, passages: Iterable[Passage]) -> Mapping[int, float]:
    """What each passage loses, by its id, for standing under the heading of another thing; most lose nothing."""
    held: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        held[passage.document.id].append(passage)
    found: dict[int, float] = {}
    unlike, since = (pattern.search(question.casefold()) for pattern in (_UNLIKE, _SINCE))
    for together in held.values():
        under = [levels_of(passage.heading) for passage in together]
        if unlike or all(len(path) < 2 for path in under):
            continue
        rivals = _rivals(frozenset(terms(question)), list(dict.fromkeys(under)))
        for passage, path in zip(together, under, strict=True):
            text = f"{passage.document.title} {' '.join(path)} {passage.text}"
            holds = frozenset(terms(text))
            outer, inner = (any(name.isdisjoint(holds) for name in names) for names in rivals[path])
            names = [passage.text] if _heads(passage) else path[:-1] or path
            if outer or (not since and _of_another_number(question, names, text)):
                found[passage.id] = OUTER_LOSS
            elif inner:
                found[passage.id] = INNER_LOSS
    return found


def _heads(passage: Passage) -> bool:
    """Whether a passage is a heading, in a document that has more than headings."""
    blocks = passage.document.blocks or ()
    at = bisect_left(blocks, passage.span.start, key=lambda block: block.start)
    found = at < len(blocks) and blocks[at].start == passage.span.start and blocks[at].kind == "heading"
    return found and any(block.kind not in ("heading", "aside") for block in blocks)


def _rivals(asked: frozenset[str], paths: Sequence[_Path]) -> Mapping[_Path, tuple[list[frozenset[str]], ...]]:
    """For each path the names that the question says of headings beside its outer ones, and beside its innermost.

    Sections are beside each other where a heading stands in both: “General” is of all models, and not one of them.
    Names are told apart by what only one of two has: of “Model Alder” and “Model Birch” the second word. Of an outer
    one half of that will do: “the Uig route” is “Route Uig – Tarbert”.
    """
    found: dict[_Path, tuple[list[frozenset[str]], ...]] = {path: ([], []) for path in paths}
    within: dict[_Path, set[str]] = defaultdict(set)
    for path in paths:
        for depth in range(1, len(path)):
            within[path[:depth]].add(path[-1].casefold())
    held = {heading: frozenset(terms(heading)) for path in paths for heading in path}
    for path, other in itertools.permutations(paths, 2):
        for depth, (own, its) in enumerate(zip(path, other, strict=False)):
            inner = 0 < depth == len(path) - 1
            if inner != (0 < depth == len(other) - 1):
                continue
            section, beside = (each[: depth if inner else depth + 1] for each in (path, other))
            name = held[its] - held[own]
            said = name & asked
            if (
                said
                and (said == name if inner else 2 * len(said) >= len(name))
                and asked.isdisjoint(held[own] - held[its])
                and (section == beside or within[section] & within[beside])
            ):
                found[path][inner].append(said)
    return found


def _of_another_number(question: str, names: Iterable[str], text: str) -> bool:
    """Whether ``names`` hold another number of the kind that the question names something by, and the text does not
    hold that one: “Model C300 › Cleaning” where the B200 is asked about."""
    if not (asked := _numbers(question)):
        return False
    kinds = {kind for kind, _ in asked}
    own = {each for name in names for each in _numbers(name) if each[0] in kinds}
    return bool(own) and asked.isdisjoint(own | _numbers(text))


def _shares(question: str, heading: str) -> bool:
    """Whether both hold a word, or a number that names something, as “2.4.0” and “v2.4.0” do."""
    return not (set(terms(question)).isdisjoint(terms(heading)) and _numbers(question).isdisjoint(_numbers(heading)))


def _numbers(text: str) -> set[tuple[str, str]]:
    """What a text names by number, each with its kind: those of one kind are written alike."""
    found = set()
    for word in words(text):
        if dotted := _DOTTED.fullmatch(word):
            found.add((str(word.count(".")), dotted[1]))
        elif _CODE.fullmatch(word):
            found.add((regex.sub(r"\p{N}", "9", regex.sub(r"\p{L}", "a", word)), word))
    return found
