"""What a document's card tells of the document itself, for the questions that its text leaves open.

A name that the card gives and the text holds is answered with the text's own words. All else that only the card says is
told as such, and never as a quote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import regex

from assistant.citations import bibliography
from assistant.citations.card_questions import Fact, fact_asked
from assistant.judging import answerability, other_languages
from assistant.quotes import grounding
from assistant.replies import Answer, Refusal, Reply
from index import Document, Passage, PassageIndex, Span

_NAMED = 5
# The text is looked through once for each name, and some papers have hundreds.
_SOUGHT = 20
_MOST_CHARS = 500
_UNPRINTED = regex.compile(r"[\p{Cc}\u202a-\u202e\u2066-\u2069]")
# Authors that stand nearer to each other in one sentence are one answer: "by Ann Lee and Bob Ray".
_NEAR_CHARS = 20
# What a sentence says of who wrote it, and of who published it. "By" counts only where a byline has it.
_AUTHORSHIP = regex.compile(
    r"\b(?:argu(?:es|ed)|author(?:s|ed)?|writ(?:e|es|ing|ten)|wrote)\b|^\W*(?:(?:an?|the|this)\W+)?(?:\w+\W+)?by\b",
    regex.IGNORECASE,
)
_PUBLICATION = regex.compile(
    r"\b(?:publish\w*|publication|appear(?:s|ed)|issued|press|printed|edition|part of|copyright)\b|©", regex.IGNORECASE
)
# Only what is asked for by name: a date or a title may stand in a text without being its own.
_CUES = {Fact.AUTHOR: _AUTHORSHIP, Fact.PUBLISHER: _PUBLICATION, Fact.CONTAINER: _PUBLICATION}
_OPEN = {
    Fact.AUTHOR: "who wrote it",
    Fact.PUBLISHER: "who published it",
    Fact.CONTAINER: "where it was published",
    Fact.DATE: "when it was published",
    Fact.TITLE: "what it is called",
}


@dataclass(frozen=True, slots=True)
class _Standing:
    """A name in its sentence; ``sure`` when the sentence has a word of writing or publishing too."""

    passage: Passage
    sentence: Span
    name: Span
    sure: bool


def tells(standalone: str, question: str, index: PassageIndex, documents: Collection[str] = ()) -> bool:
    """Whether the question, as asked or standing alone, asks for a fact that a card has; ``told_by_card`` tells it."""
    asked = fact_asked(standalone, question, index, documents)
    return asked is not None and _known(*asked) is not None


def told_by_card(refusal: Refusal, index: PassageIndex, documents: Collection[str] = (), most: int = 3) -> Reply:
    """The reply to a question that would get ``refusal``: as it is, unless it asks for a fact that a card has.

    Then it is an answer of at most ``most`` quotes that hold the names, or a refusal whose reason is the fact, or that
    the card does not have it either.
    ``documents`` as for ``fact_asked``.
    """
    asked = fact_asked(refusal.standalone_question, refusal.question, index, documents)
    if asked is None:
        return refusal
    fact, document = asked
    known = _known(fact, document)
    if known is None:
        # In another language than English the sentences may say it.
        if refusal.correction is not None or other_languages.instead(index, documents):
            return refusal
        too = ", nor does its bibliographic card" if document.card else ""
        return replace(refusal, reason=f"No sentence found in the document says {_OPEN[fact]}{too}.")
    names, told = known
    found = _found(names, _CUES[fact], document, index) if fact in _CUES else {}
    shown = _a_sentence_each(list(found.values()))[:most]
    if not shown:
        line = f"No sentence found in the document says {_OPEN[fact]}; its bibliographic card {told}."
        # The question takes nothing for granted that a sentence could correct.
        nearest = tuple(replace(quote, number=number) for number, quote in enumerate(refusal.nearest, start=1))
        confidence = min(refusal.confidence, round(1 - answerability.SURE, 4))
        return replace(refusal, reason=line, confidence=confidence, correction=None, nearest=nearest)
    # The card states it, so the answer is as sure as the reader's sure ones where the sentence is about writing or
    # publishing. Where it merely holds the name, which may be for another reason, it probably answers, and no more.
    confidence = answerability.SURE if all(each.sure for each in shown) else answerability.CUT
    quotes = tuple(
        grounding.cut(each.passage, each.sentence, number=number, score=confidence, answer=each.name)
        for number, each in enumerate(shown, start=1)
    )
    grounding.verify(quotes, index)
    sentences = {each.sentence for each in shown}
    left = [name for name in names if name not in found or found[name].sentence not in sentences]
    more = (f"The document’s bibliographic card names {_listed(left)} too.",) if left else ()
    return Answer(
        question=refusal.question,
        standalone_question=refusal.standalone_question,
        confidence=confidence,
        quotes=quotes,
        generation=index.generation,
        took_ms=refusal.took_ms,
        notices=(*refusal.notices, *more),
    )


def _known(fact: Fact, document: Document) -> tuple[list[str], str] | None:
    """What the card has to say, and that it says so."""
    item = bibliography.item(document)
    publisher, container = item.get("publisher"), item.get("container-title")
    match fact:
        case Fact.AUTHOR:
            people = [_full_name(person) for person in item.get("author", [])]
            return (people, f"names {_listed(people)} as {_authors(len(people))}") if people else None
        case Fact.PUBLISHER | Fact.CONTAINER:
            by = ([publisher], f"names {_cut(publisher)} as the publisher") if publisher else None
            within = ([container], f"names {_cut(container)} as where it appeared") if container else None
            return (by or within) if fact is Fact.PUBLISHER else (within or by)
        case Fact.DATE:
            parts = item.get("issued", {}).get("date-parts", [[]])[0]
            return ([_written(parts)], f"gives {_written(parts)} as the date of publication") if parts else None
        case Fact.TITLE:
            # Without one, a document is named by its first heading or its file: no fact of its card.
            titled = any(key.lower() == "title" and str(value).strip() for key, value in document.card.items())
            return ([item["title"]], f"gives its title as {_cut(item['title'])}") if titled else None


def _found(
    names: Sequence[str], cue: regex.Pattern[str], document: Document, index: PassageIndex
) -> dict[str, _Standing]:
    """Where each of the first names stands in a sentence, one with a cue or, for want of it, the first; in order."""
    patterns = {
        name: pattern for name in names[:_SOUGHT] if (pattern := _pattern(name)) and pattern.search(document.text)
    }
    passages = index.of_documents([document.id]) if patterns else []
    found: dict[str, _Standing] = {}
    for name, pattern in patterns.items():
        for standing in _standing(pattern, cue, passages):
            # "Nature", "Time": alone, one word may be a word like any other.
            if standing.sure or (name not in found and len(name.split()) > 1):
                found[name] = standing
            if standing.sure:
                break
    return found


def _standing(pattern: regex.Pattern[str], cue: regex.Pattern[str], passages: Sequence[Passage]) -> Iterator[_Standing]:
    for passage in passages:
        text = passage.document.text
        if pattern.search(text, passage.span.start, passage.span.end) is None:
            continue
        for sentence in passage.sentences:
            at = pattern.search(text, sentence.span.start, sentence.span.end)
            if at is not None:
                sure = cue.search(sentence.span.of(text)) is not None
                yield _Standing(passage, sentence.span, Span(*at.span()), sure)


def _pattern(name: str) -> regex.Pattern[str] | None:
    """The whole name as texts write it, in capitals too: not "Ann Lee" in "Ann Lee-Smith" or "Ann Lee Smith"."""
    if name == name.lower() != name.upper():
        return None  # "user", "admin": what a program wrote into the file is no name
    spellings = {name, name.upper()} if " " in name else {name}
    either = "|".join(r"\s+".join(map(_word, spelling.split())) for spelling in sorted(spellings, reverse=True))
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}\p{{N}}][-‐‑]?)(?:{either})(?![-‐‑]?[\p{{L}}\p{{M}}\p{{N}}]| \p{{Lu}}\p{{Ll}})"
    )


def _word(word: str) -> str:
    return regex.sub(r"['’]", "['’]", regex.escape(word, literal_spaces=True))


def _a_sentence_each(standing: Sequence[_Standing]) -> list[_Standing]:
    """One of each sentence, its answer all the names at its first name that stand next to each other."""
    sentences: dict[Span, _Standing] = {}
    for each in sorted(standing, key=lambda one: one.name):
        first = sentences.setdefault(each.sentence, each)
        if each.name.start - first.name.end <= _NEAR_CHARS:
            last = max(first.name.end, each.name.end)
            sentences[each.sentence] = replace(first, name=Span(first.name.start, last))
    return list(sentences.values())


def _full_name(person: Mapping[str, str]) -> str:
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return person.get("literal") or " ".join(person[part] for part in parts if person.get(part))


def _authors(count: int) -> str:
    return "the author" if count == 1 else "the authors"


def _written(parts: Sequence[int]) -> str:
    """ "3 May 2021", "May 2021" or "2021", as far as it is known."""
    year, month, day = [*parts, 1, 1][:3]
    month_name = f"{date(year, month, day):%B}"
    return " ".join([*([str(day)] if len(parts) > 2 else []), *([month_name] if len(parts) > 1 else []), str(year)])


def _listed(names: Sequence[str]) -> str:
    shown = [_cut(name) for name in names[:_NAMED]]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _cut(text: str) -> str:
    """On one line and no longer than a line may be: a card may hold a whole page, or signs that turn a line around."""
    text = _UNPRINTED.sub("", text)
    return text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS].rstrip()}…"
