"""The place of the documents that an altered quotation comes from."""

from __future__ import annotations

import regex

from assistant.language.folding import cut_word, fold, folded_character
from assistant.quotes.concordance import words_of
from assistant.quotes.finding import Finder, Found
from index import Span

# Less than this, and a text has nothing to do with the place that shares most with it.
_SHARE = 0.5
_WORDS = 3
# Unless so many words stand there one after the other: a true sentence among invented ones.
_RUN_WORDS = 8

_MARKS_BEFORE, _MARKS_BEHIND = regex.compile(r"^[^\p{L}\p{N}]*+"), regex.compile(r"(?<=[\p{L}\p{N}])[^\p{L}\p{N}]*+$")


def likest(text: str, finder: Finder) -> tuple[Found, float] | None:
    """The words of a document that stand for the whole of ``text``, and the share of it that is there; or None.

    They begin and end with what is shared, and have as many words more at either end as ``text`` has, within the
    sentence.
    """
    concordance = finder.concordance
    ids = concordance.numbered(words_of(fold(text).text))
    likeness = concordance.likest(ids)
    if likeness is None:
        return None
    if (likeness.share < _SHARE or likeness.words < _WORDS) and likeness.longest < _RUN_WORDS:
        return None
    first, last = likeness.shared[0], likeness.shared[-1]
    number = concordance.text_of(first.row)
    places = finder.places[number]
    low, high = first.row, last.row + last.length - 1
    first_row, end_row = concordance.rows_of_text(number)
    lead, tail = first.pasted, len(ids) - last.pasted - last.length
    sentence = places.sentence(finder.word(number, low).start)
    while lead and sentence and low > first_row and finder.word(number, low - 1).start >= sentence.start:
        low, lead = low - 1, lead - 1
    sentence = places.sentence(finder.word(number, high).start)
    while tail and sentence and high + 1 < end_row and finder.word(number, high + 1).end <= sentence.end:
        high, tail = high + 1, tail - 1
    span = Span(finder.word(number, low).start, finder.word(number, high).end)
    return Found(places, _rounded(span, text, places.document.text), exact=False), likeness.share


def _rounded(span: Span, text: str, source: str) -> Span:
    """The span with whole words at its ends, and with the punctuation around it that ``text`` has too."""
    head, tail = cut_word(source, span.start), cut_word(source, span.end)
    start, end = head.start if head else span.start, tail.end if tail else span.end
    before, behind = _MARKS_BEFORE.search(text), _MARKS_BEHIND.search(text)
    for mark in reversed(before.group() if before else ""):
        if start == 0 or folded_character(source[start - 1]) != folded_character(mark):
            break
        start -= 1
    for mark in behind.group() if behind else "":
        if end == len(source) or folded_character(source[end]) != folded_character(mark):
            break
        end += 1
    return Span(start, end)
