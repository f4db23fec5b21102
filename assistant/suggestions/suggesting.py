"""Questions to begin with: mined from the documents, and kept only when the assistant answers them as it should."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

import regex

from assistant.answering import READER_FOLDER
from assistant.judging import answerability
from assistant.language.spelling import english_words
from assistant.reader.runtime import CARD_FILE
from assistant.replies import Answer, Reply
from assistant.suggestions.mining import Miner
from index import Passage, PassageIndex, Span

MOST = 12
# How much of a large folder is looked at, and how many questions are asked of the assistant: some seconds of work.
_PASSAGES_MINED = 2000
_PASSAGES_SURVEYED = 20_000
_QUESTIONS_ASKED = 48
_PASSAGES_AT_ONCE = 20
# Well above the cut, where right answers are the rule.
SURE = answerability.CUT + 0.4 * (1 - answerability.CUT)
# Raise it when the rules change, so that what was suggested before is not suggested again.
_VERSION = 1
_FOLDER = "suggestions"
# What a reader asks of a text first comes first.
_KINDS = tuple("how many|when|is|why|must|said|which|who|gave|doing|is of|means|used|gives|size|stands for".split("|"))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the sentence that answers it: half-open code points of the document's canonical text."""

    question: str
    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mined question that was not asked yet, and the passage it is from."""

    suggestion: Suggestion
    kind: str
    passage: Passage


def candidates(
    index: PassageIndex,
    before_each: Callable[[], bool] = lambda: True,
    documents: Collection[str] = (),
    names: Collection[str] | None = None,
) -> list[Candidate]:
    """Questions mined from ``index``, the most diverse first, those of the same words once; see ``suggest``."""
    miner = Miner(english_words(), names_in(index) if names is None else names, index.acronyms)
    found: dict[str, Candidate] = {}
    for number, passage in enumerate(_passages(index, documents)):
        if number % _PASSAGES_AT_ONCE == 0 and not before_each():
            return []
        text = passage.document.text
        before: str | None = None
        for sentence in passage.sentences:
            exact = sentence.span.of(text)
            for mined in miner.mine(exact, before):
                place = Suggestion(mined.question, passage.document.id, sentence.span.start, sentence.span.end)
                found.setdefault(mined.question.casefold(), Candidate(place, mined.kind, passage))
            before = exact
    return _in_turns(list(found.values()))


def suggest(
    index: PassageIndex,
    ask: Callable[[str], Reply],
    *,
    documents: Collection[str] = (),
    names: Collection[str] | None = None,
    before_each: Callable[[], bool] = lambda: True,
) -> list[Suggestion]:
    """At most MOST questions which ``ask`` answers for sure, first with the sentence they were made of.

    With ``documents``, ids of some, the questions are of those alone; ``ask`` should then look at no others.
    ``names`` is what ``names_in`` gives, for whoever has it already.

    ``before_each`` is called before each question and each few passages; it may wait, or return False to end the
    search. Raises whatever ``ask`` does.
    """
    kept: list[Candidate] = []
    for asked, candidate in enumerate(candidates(index, before_each, documents, names)):
        if len(kept) == MOST or asked == _QUESTIONS_ASKED or not before_each():
            break
        if any(_alike(candidate, other) for other in kept):
            continue
        if _answers(candidate.suggestion, ask(candidate.suggestion.question), index):
            kept.append(candidate)
    return [candidate.suggestion for candidate in kept]


def _answers(suggestion: Suggestion, reply: Reply, index: PassageIndex) -> bool:
    if not isinstance(reply, Answer) or reply.confidence < SURE or reply.generation != index.generation:
        return False
    # Taken for a slip, or for a follow-up, it would not be answered as it is written.
    if reply.standalone_question != suggestion.question:
        return False
    first = reply.quotes[0]
    return (first.document, first.start, first.end) == (suggestion.document, suggestion.start, suggestion.end)


def _in_turns(found: Sequence[Candidate]) -> list[Candidate]:
    """One of each document in turn, of each its sections in turn, of these the kinds in turn, then reading order."""
    nested: dict[str, dict[str | None, dict[str, list[Candidate]]]] = {}
    for candidate in sorted(found, key=lambda each: _KINDS.index(each.kind)):
        sections = nested.setdefault(candidate.suggestion.document, {})
        kinds = sections.setdefault(candidate.passage.heading, {})
        kinds.setdefault(candidate.kind, []).append(candidate)
    return _turns(_turns(_turns(kinds.values()) for kinds in sections.values()) for sections in nested.values())


def _turns(lists: Iterable[Sequence[Candidate]]) -> list[Candidate]:
    return [candidate for row in zip_longest(*lists) for candidate in row if candidate is not None]


def _alike(one: Candidate, other: Candidate) -> bool:
    """Whether two questions are of one sentence, or ask the same of what may be the same."""
    a, b = one.suggestion, other.suggestion
    if (a.document, a.start) == (b.document, b.start):
        return True
    first, second = (frozenset(regex.findall(r"[\p{L}\p{N}]+", each.question.casefold())) for each in (a, b))
    return one.kind == other.kind and len(first & second) >= 0.7 * min(len(first), len(second))


def _passages(index: PassageIndex, documents: Collection[str]) -> Iterable[Passage]:
    """Those that are mined, evenly from ``documents``, or from all where there are none."""
    if not documents:
        return index.passages[:: max(1, -(-len(index.passages) // _PASSAGES_MINED))]
    rows = index.passages.of_documents(documents)
    return (index.passages[int(row)] for row in rows[:: max(1, -(-len(rows) // _PASSAGES_MINED))])


def names_in(index: PassageIndex) -> frozenset[str]:
    """Words that are capitalised inside sentences and never written small: surely names."""
    inside: set[str] = set()
    small: set[str] = set()
    step = max(1, -(-len(index.passages) // _PASSAGES_SURVEYED))
    for passage in index.passages[::step]:
        for sentence in passage.sentences:
            words = [word.strip("“”\"'‘’(),.;:!?") for word in sentence.span.of(passage.document.text).split()]
            inside.update(word for word in words[1:] if word[:1].isupper())
            small.update(word for word in words if word[:1].islower())
    return frozenset(word for word in inside if word.lower() not in small)


def made_by(index: PassageIndex, reads: bool) -> str:
    """What decides the suggestions of a generation, as one line: equal means that they can be read back.

    ``reads``: whether the reader is there, whose card names the weights it has.
    """
    card = hashlib.sha256((READER_FOLDER / CARD_FILE).read_bytes()).hexdigest()[:16] if reads else "no reader"
    return f"{index.generation}, rules {_VERSION}, from {SURE:.3f} on, {card}"


def load(folder: Path, index: PassageIndex, made: str) -> list[Suggestion] | None:
    """The suggestions kept for a generation, or None when there are none, or others than were written."""
    try:
        head, _, body = (folder / _FOLDER / f"{index.generation}.json").read_bytes().partition(b"\n")
        if head.decode("ascii") != hashlib.sha256(body).hexdigest():
            return None
        kept = json.loads(body)
        if kept["made_by"] != made:
            return None
        found = [Suggestion(**each) for each in kept["suggestions"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if all(_stands(each, index) for each in found) else None


def save(folder: Path, index: PassageIndex, made: str, suggestions: Sequence[Suggestion], keep: Sequence[str]) -> None:
    """Keep suggestions beside the generations, and only for those in ``keep`` and this one.

    A folder that cannot be written keeps none: they are found again at the next start.
    """
    told = {"made_by": made, "suggestions": [asdict(each) for each in suggestions]}
    body = json.dumps(told, ensure_ascii=False).encode()
    where = folder / _FOLDER
    draft = where / f".{index.generation}-{os.getpid()}"
    try:
        where.mkdir(exist_ok=True)
        draft.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(draft, where / f"{index.generation}.json")
        for file in where.iterdir():
            if file.suffix == ".json" and file.stem not in (*keep, index.generation):
                file.unlink(missing_ok=True)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()


def _stands(suggestion: Suggestion, index: PassageIndex) -> bool:
    document = index.documents.get(suggestion.document)
    try:
        return document is not None and bool(Span(suggestion.start, suggestion.end).of(document.text))
    except (ValueError, TypeError):
        return False
