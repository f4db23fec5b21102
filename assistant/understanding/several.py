"""A message that asks several questions → each asked by itself, and their answers as one reply.

Read as one, such a message is answered where one of its questions is, and the others are passed over without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest

import regex

from assistant.judging.evidence import Evidence
from assistant.language.courtesies import ASKING
from assistant.replies import Answer, Asked, Quote, Reason, Reply
from assistant.understanding import coordinated
from assistant.understanding.continuing import Judged

# Not behind the sign itself: "What does the ? operator do?".
_BETWEEN = regex.compile(r"(?<=[?？][\"'”’»)]*)(?<!\b(?:an?|and|of|or|the|with)\s+[?？])\s+", regex.IGNORECASE)
_MARK = regex.compile(r"[?？][\"'”’»)\s]*$")
_ASKS = regex.compile(
    rf"(?:(?:and|but|so|also|then)[\s,]+)*(?:{ASKING}|is|are|was|were|do|does|did|"
    r"has|have|had|can|could|should|will|would)\b",
    regex.IGNORECASE,
)
# "Is it open? Or closed?" asks one thing.
_JOINS = regex.compile(r"or\b", regex.IGNORECASE)
_SHOWN = 100


def parts(message: str) -> list[str]:
    """The questions of a cleaned message, in order; the message alone when it asks one.

    What stands before a question belongs to it: "The light flashes. Why?"; so does what is said behind the last one.
    """
    found: list[str] = []
    for part in _BETWEEN.split(message):
        asks = _MARK.search(part) or _ASKS.match(part)
        if found and (not asks or _JOINS.match(part) or coordinated.quotes(found[-1])):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return [one for part in found for one in coordinated.parted(part)]


def answered(
    asked: str, history: Sequence[str], judge: Callable[[str, Sequence[str]], Judged], most: int
) -> Judged | None:
    """The reply to the questions of ``asked``: the best quotes of each, in their order, and what they stand on in turn.

    None when it asks one question or none that is answered, or ``most``, the most quotes, is one. Each of several is
    told with the reason why not, if it is not answered; a notice names those beyond the first ``most``. ``judge``
    gives the reply to a message with those before it.
    """
    # A part ends in a sign now, behind which another question may have begun.
    each = [one for part in parts(asked) for one in parts(part)]
    if len(each) < 2 or most < 2:
        return None
    each, beyond = each[:most], each[most:]
    judged = [judge(part, [*history, *each[:at]]) for at, part in enumerate(each)]
    judged = [(reply, weighed) for reply, weighed in judged if _of_documents(reply)]
    answers = [(reply, weighed) for reply, weighed in judged if isinstance(reply, Answer)]
    if not answers:
        return None
    named = _named([reply for reply, _ in judged])
    questions = _questions(named)
    quotes = _in_turn([(question, reply.quotes) for question, reply in named if isinstance(reply, Answer)], most)
    if len(questions) == 1:
        quotes = tuple(replace(quote, questions=None) for quote in quotes)
    first = answers[0][0]
    together = replace(
        first,
        question=asked,
        # One that was understood with the one before it names that again.
        standalone_question=" ".join(
            dict.fromkeys(part for reply, _ in judged for part in parts(reply.standalone_question))
        ),
        confidence=min(reply.confidence for reply, _ in answers),
        quotes=quotes,
        questions=questions if len(questions) > 1 else None,
        notices=(*dict.fromkeys(notice for reply, _ in judged for notice in reply.notices), *_unasked(beyond, most)),
    )
    weighed: dict[int, Evidence] = {}
    for rank in zip_longest(*(its for _, its in answers)):
        for one in filter(None, rank):
            weighed.setdefault(one.sentence.id, one)
    return together, tuple(weighed.values())


def _named(replies: Sequence[Reply]) -> list[tuple[str, Reply]]:
    """Each reply with its question as understood, without those before it with which it was understood."""
    named: list[tuple[str, Reply]] = []
    told: set[str] = set()
    for reply in replies:
        its = parts(reply.standalone_question)
        named.append((" ".join(part for part in its if part not in told) or reply.standalone_question, reply))
        told.update(its)
    return named


def _questions(named: Sequence[tuple[str, Reply]]) -> tuple[Asked, ...]:
    """Each question once, though it was asked twice."""
    found: dict[str, Asked] = {}
    for question, reply in named:
        if isinstance(reply, Answer):
            found[question] = Asked(question)
        else:
            found.setdefault(question, Asked(question, reply.reason))
    return tuple(found.values())


def _unasked(beyond: Sequence[str], most: int) -> list[str]:
    line = f"At most {most} questions are answered at a time; “{_cut(' '.join(beyond))}” was not asked."
    return [line] if beyond else []


def _of_documents(reply: Reply) -> bool:
    return isinstance(reply, Answer) or reply.reason_code is not Reason.SMALL_TALK


def _in_turn(answers: Sequence[tuple[str, Sequence[Quote]]], most: int) -> tuple[Quote, ...]:
    """The best of each question, then the next best while there is room; those of one question together.

    Each place once, where it answers best, with all the questions that it answers.
    """
    rows = [(rank, of, quote) for of, (_, its) in enumerate(answers) for rank, quote in enumerate(its)]
    kept: dict[tuple[str, int], tuple[int, int, Quote]] = {}
    questions: dict[tuple[str, int], list[str]] = {}
    for rank, of, quote in sorted(rows, key=lambda row: row[:2]):
        place = quote.document, quote.start
        if place in kept or len(kept) < most:
            kept.setdefault(place, (of, rank, quote))
            questions.setdefault(place, []).append(answers[of][0])
    return tuple(
        replace(quote, number=number, questions=tuple(dict.fromkeys(questions[quote.document, quote.start])))
        for number, (_, _, quote) in enumerate(sorted(kept.values(), key=lambda row: row[:2]), start=1)
    )


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
