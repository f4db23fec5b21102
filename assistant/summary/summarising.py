"""What a model answered → a summary: sentences that the quotes back, and a count of those that they do not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.replies import Answer, Quote, Sentence, Summary
from assistant.summary.backing import backed
from assistant.summary.prose import plain

MOST_SENTENCES = 12

Written = tuple[str, Sequence[int]]


class Unusable(Exception):
    """What a model answered is not of the form that it was asked for."""


def read(content: str) -> list[Written | None]:
    """The sentences of ``{"sentences": [{"text": "…", "quotes": [1]}]}`` with the numbers that they cite.

    None stands for a sentence that is not of that form. Words around the object are passed over. Raises Unusable.
    """
    try:
        found = json.loads(content[content.index("{") : content.rindex("}") + 1])
        items = found["sentences"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unusable from None
    if not isinstance(items, list) or len(items) > MOST_SENTENCES:
        raise Unusable
    return [_written(item) for item in items]


def _written(item: object) -> Written | None:
    text, cited = (item.get("text"), item.get("quotes", [])) if isinstance(item, dict) else (None, None)
    if not isinstance(text, str) or not isinstance(cited, list) or not all(type(number) is int for number in cited):
        return None
    return text, cited


def checked(
    written: Iterable[Written | None], quotes: Sequence[Quote], acronyms: Mapping[str, str], removed: int = 0
) -> Summary:
    """What of ``written`` the quotes back, each sentence once. ``removed`` is what was taken out of it before.

    A sentence keeps the numbers, of those that it cites, whose quotes back it.
    """
    known = {quote.number: quote.exact for quote in quotes}
    quoted = " ".join(known.values())
    kept: dict[str, tuple[int, ...]] = {}
    for item in written:
        if item is None:
            removed += 1
            continue
        sentences, cited, lost = plain(item[0], quoted)
        removed += lost
        numbers = sorted({*item[1], *cited})
        for sentence in sentences:
            backing = tuple(n for n in numbers if backed(sentence, known.get(n, ""), acronyms))
            if backing and known.keys() >= set(numbers):
                kept.setdefault(sentence, backing)
            else:
                removed += 1
    return Summary(tuple(Sentence(text, backing) for text, backing in kept.items()), removed)


def rechecked(answer: Answer, acronyms: Mapping[str, str]) -> Answer:
    """The answer with a summary that nobody is believed: what its quotes do not back is taken out, and counted."""
    if answer.summary is None:
        return answer
    written = [(sentence.text, sentence.quotes) for sentence in answer.summary.sentences]
    again = checked(written, answer.quotes, acronyms, max(0, answer.summary.removed))
    return replace(answer, summary=again)
