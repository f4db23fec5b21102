"""An answer to several questions → what stands under each; to one question, all of its quotes under none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.replies import Asked, Quote


@dataclass(frozen=True, slots=True)
class Section:
    """A question with what answers it.

    Attributes:
        heading: the question, named as one that was asked: never set as a quotation; empty for none.
        line: why it is not answered, or which quotes answer it that stand under another question; empty for neither.
        quotes: the places, from 0, of those that stand under it.
    """

    heading: str
    line: str
    quotes: tuple[int, ...]


def sections(questions: Sequence[Asked] | None, quotes: Sequence[Quote]) -> list[Section]:
    """A section for each of ``questions``, in order; every quote is in one.

    Quotes that name none of them, as a file that was changed may hold, stand first and under no question.
    """
    asked = {one.question: one for one in questions or ()}
    own: dict[str, list[int]] = {name: [] for name in asked}
    others: dict[str, list[int]] = {name: [] for name in asked}
    bare: list[int] = []
    for at, quote in enumerate(quotes):
        names = [name for name in dict.fromkeys(quote.questions or ()) if name in asked]
        (own[names[0]] if names else bare).append(at)
        for name in names[1:]:
            others[name].append(quote.number)
    found = [Section("", "", tuple(bare))] if bare else []
    for number, (name, one) in enumerate(asked.items(), start=1):
        line = one.reason or _too(others[name])
        found.append(Section(f"Question {number}: {' '.join(name.split())}", line, tuple(own[name])))
    return found


def share(questions: Sequence[Asked] | None) -> str:
    """How many of several questions are answered, where not all are: "1 of 2 questions"; else empty."""
    asked = questions or ()
    answered = sum(one.reason is None for one in asked)
    return f"{answered} of {len(asked)} questions" if answered < len(asked) else ""


def _too(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    which = " and ".join(map(str, numbers))
    return f"Quote {which} answers this too." if len(numbers) == 1 else f"Quotes {which} answer this too."
