"""A follow-up and the questions before it → one question that can be understood alone, without a language model."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from index.tokens import terms

_LEADS = regex.compile(
    r"^(?:and|but|so|ok|okay|then|well|also)\b[\s,]*(?=\S)|^(?:what|how) about\b\s*", regex.IGNORECASE
)
_ABOUT = regex.compile(r"^(?:(?:and|but|so|ok|okay|well)\b[\s,]*)?(?:what|how) about\b\s*", regex.IGNORECASE)
_PRONOUN = regex.compile(
    r"\b(it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|there|then|this|that|these|those)\b",
    regex.IGNORECASE,
)
_POSSESSIVE = frozenset({"its", "their", "theirs", "his", "her", "hers"})
# "that" and "this" as part of a full question ("the order that China wants") refer to nothing earlier.
_POINTING = regex.compile(
    r"\b(this|that|these|those)\b(?=\s*(?:[?.!,]|$|mean|happen|change|work|matter))", regex.IGNORECASE
)
_ONE = regex.compile(
    r"\b(?:the )?(other|second|first|last|latter|former|same|next) ?(?:one|ones|two)?\b", regex.IGNORECASE
)
_NAME = regex.compile(r"\b(?:the )?\p{Lu}[\p{L}\p{N}’'-]*(?:\s(?:of the |of |and |for )?\p{Lu}[\p{L}\p{N}’'-]*)*")
_ASKING = frozenset(
    (
        "who whom whose what when where why which how did do does is are was were has have had can could will "
        "would should may might in on at since by for and but so the a an name list give tell"
    ).split()
)


def standalone(question: str, history: Sequence[str]) -> str:
    """``question`` as it would be asked without the ``history`` (earlier questions, oldest first).

    A question that stands on its own is returned as it is, so a change of topic is not dragged back.
    """
    earlier = next((q for q in reversed(history) if terms(q)), None)
    if earlier is None or not _leans(question):
        return question
    if _leans(earlier) and len(history) > 1:
        earlier = standalone(earlier, history[: list(history).index(earlier)])
    about = _ABOUT.match(question)
    if about:
        return _replace_subject(earlier, question[about.end() :].rstrip("?!. "))
    subject = _subject(earlier)
    if subject is not None:
        resolved = _resolve(question, subject)
        if resolved is not None:
            return resolved
    return f"{question.rstrip('?!. ')} ({earlier.rstrip('?!. ')})?"


def _leans(question: str) -> bool:
    """Whether a question can only be understood with what was asked before."""
    if _LEADS.match(question):
        return True
    words = question.split()
    names = [m.group() for m in _NAME.finditer(question) if m.start() > 0]
    pronoun = any(
        m.group().lower() not in {"this", "that", "these", "those", "there", "then"}
        or _POINTING.match(question, m.start())
        for m in _PRONOUN.finditer(question)
    )
    if pronoun:
        # "Why did India say it did not take part?" names what "it" is.
        first = _PRONOUN.search(question)
        return not (names and first is not None and any(question.find(name) < first.start() for name in names))
    if _ONE.search(question) and not names:
        return True
    return len(terms(question)) <= 1 and len(words) <= 4 and not names


def _subject(question: str) -> str | None:
    """What a question is about: its last name, without the word it began with."""
    names = [
        match.group()
        for match in _NAME.finditer(question)
        if match.group().split()[0].lower() not in _ASKING or match.start() > 0
    ]
    trimmed = [
        " ".join(w for i, w in enumerate(name.split()) if i or w.lower() not in _ASKING - {"the"}) for name in names
    ]
    trimmed = [name for name in trimmed if name and terms(name)]
    return trimmed[0] if trimmed else None


def _resolve(question: str, subject: str) -> str | None:
    body = _LEADS.sub("", question)
    for match in _PRONOUN.finditer(body):
        word = match.group().lower()
        if word in {"there", "then", "this", "that", "these", "those"} and not _POINTING.match(body, match.start()):
            continue
        if word == "her" and not body[match.end() :].strip(" ?.!"):
            replacement = subject
        else:
            replacement = f"{subject}’s" if word in _POSSESSIVE else subject
        text = body[: match.start()] + replacement + body[match.end() :]
        return text[0].upper() + text[1:]
    return None


def _replace_subject(earlier: str, new: str) -> str:
    """The earlier question asked of something else: "When did India join?" + "Iran" → "When did Iran join?"."""
    subject = _subject(earlier)
    if subject is None or not new:
        return f"{earlier.rstrip('?!. ')}: {new}?" if new else earlier
    return earlier.replace(subject, new, 1)
