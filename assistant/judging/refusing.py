"""Why a question is not answered, in one line: what was looked for, and what of it the documents do not hold."""

from __future__ import annotations

from collections.abc import Collection

import regex

from assistant.judging import other_languages, questions
from assistant.language import subjects
from assistant.language.phrases import each_question
from assistant.replies import Refusal
from index import PassageIndex
from index.tokens import terms

_NAMED = 3
# What a question asks for, by its question word → what an answering passage would do.
_SOUGHT = tuple(
    (regex.compile(pattern, regex.IGNORECASE), told)
    for pattern, told in (
        (r"\b(?:when|since when|until when|(?:what|which) (?:exact )?(?:year|date|day|month|time))\b", "says when"),
        (r"\b(?:how long)\b", "says how long"),
        (r"\b(?:how often)\b", "says how often"),
        (
            r"\b(?:how (?:many|much|large|big|old|far|high|tall|deep|wide|heavy|fast|hot|cold)|"
            r"(?:what|which) (?:share|percentage|proportion|number))\b",
            "gives that number",
        ),
        (r"\b(?:where|(?:what|which) (?:city|country|place|town|capital|region))\b", "says where"),
        (r"\b(?:who|whose|whom)\b", "says who"),
        (r"\b(?:why|what (?:caused|prompted)|for what reason)\b", "says why"),
        (r"^how\b", "says how"),
    )
)
# "What happens when …": the word that asks is "what", whatever follows.
_OPEN = regex.compile(r"what (?:should|must|can|may|will|would|do|does|did|happen(?:s|ed)?|if)\b", regex.IGNORECASE)


def to_ask(
    question: str,
    complaint: questions.Complaint,
    took_ms: float,
    generation: str | None = None,
    notices: tuple[str, ...] = (),
) -> Refusal:
    """The refusal of a question that is not asked of the documents at all."""
    return Refusal(
        question=question,
        standalone_question=question,
        confidence=0.0,
        reason_code=complaint.reason,
        reason=complaint.line,
        nearest=(),
        generation=generation,
        took_ms=took_ms,
        notices=notices,
    )


def why(question: str, index: PassageIndex, documents: Collection[str] = (), corrected: bool = False) -> str:
    """The line for a question, standing alone, that nothing found answers; of the documents with these ids, if any.

    ``corrected``: a sentence is shown with it that may contradict the question, and the line says no more of it.
    """
    if line := other_languages.instead(index, documents):
        return line
    one = len(documents) == 1
    subject = "The chosen document" if one else "The chosen documents" if documents else "The documents"
    them = "it" if one else "them"
    absent = _telling(questions.absent_words(question, index, documents), question)
    if absent:
        verbs = ("does", "it never mentions") if one else ("do", "they never mention")
        otherwise = f", and a sentence in {them} may contradict the question" if corrected else ""
        named = _listed(_owners(_together(absent, question)), " or ")
        return f"{subject} {verbs[0]} not answer this; {verbs[1]} {named}{otherwise}."
    if corrected:
        return f"{subject} {'does' if one else 'do'} not answer this; a sentence in {them} may contradict the question."
    sought = _sought(question)
    mentioned = [
        name
        for named in _owners(subjects.names(question))
        for name in named.split(" and ")
        # Not the letter of "building B".
        if terms(name)
        and len(name) > 1
        and all(index.lexical.knows(term) for term in terms(name))
        and not (documents and questions.absent_words(name, index, documents))
    ]
    if mentioned:
        verb = "mentions" if one else "mention"
        return f"{subject} {verb} {_listed(mentioned, ' and ')}, but nothing found in {them} {sought}."
    # All its words stand there, which need not be of this: "How long does it take to read the article?".
    return f"Nothing found in {subject[0].lower()}{subject[1:]} {sought}."


def _owners(names: list[str]) -> list[str]:
    """``names`` each once, without the ending of what they own: of "Helena’s" it is "Helena"."""
    return list(dict.fromkeys(subjects.OWNING.sub("", name) for name in names))


def _together(absent: list[str], question: str) -> list[str]:
    """``absent``, words side by side in one name as one: "North Korea"."""
    joined: list[str] = []
    for word in absent:
        before = f"{joined[-1]} {word}" if joined else ""
        if before in question and before[:1].isupper() and word[:1].isupper():
            joined[-1] = before
        else:
            joined.append(word)
    return joined


def _sought(question: str) -> str:
    """What an answering passage would do: told by the question word that comes first in the last question.

    A follow-up that could not be put into words of its own stands behind the question that it leans on.
    """
    for asked in reversed(each_question(question)):
        asking = [(match.start(), told) for pattern, told in _SOUGHT if (match := pattern.search(asked))]
        if _OPEN.match(asked):
            break
        if asking:
            return min(asking, key=lambda found: found[0])[1]
    return "answers the question"


def _telling(absent: list[str], question: str) -> list[str]:
    """Of the words no document holds, those whose absence tells something: names and numbers, not "become".

    A question typed without capitals does not tell its names, and of one that shares nothing with the documents
    every word is missing: then all of them count.
    """
    typed = question.split()
    cased = any(letter.isupper() for word in typed[1:] for letter in word)
    names = [word for word in absent if any(letter.isupper() or letter.isdigit() for letter in word)]
    if names and question.startswith(names[0]) and names[0] not in subjects.names(question):
        names = names[1:]
    shared = len({term for word in typed for term in terms(word)}) > len(absent)
    return names if names or (cased and shared) else absent


def _listed(words: list[str], last: str) -> str:
    quoted = [f"“{word}”" for word in words[:_NAMED]]
    return ", ".join(quoted[:-1]) + (last if len(quoted) > 1 else "") + quoted[-1]
