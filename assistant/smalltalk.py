"""Greetings, thanks, tasks and questions about the assistant itself: told what can be asked here, nothing quoted."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from assistant import questions

_GREETING = (
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|day|afternoon|evening)|how are you(?: doing)?(?: today)?)"
)
_THANKS = r"(?:thanks?|thank you|thx|cheers|great|cool|nice|ok(?:ay)?|perfect|wonderful|got it|well done|good job)"
_BYE = r"(?:bye|goodbye|good bye|good night|see you(?: later)?|farewell)"
_ABOUT = (
    r"(?:help(?: me)?|what can (?:you|i) (?:do|ask)(?: here| for me| you)?|what do you (?:do|know)|who are you|"
    r"what are you|what is this|how (?:do|can|does) (?:i use )?(?:you|this|it)(?: work)?|are you (?:a |an )?"
    r"(?:bot|robot|human|person|ai|language model|chatbot)|"
    r"what (?:documents?|texts?|sources?) (?:do you have|are there)|"
    r"what(?: is|'s|’s) your name)"
)
_WHOLE = (
    r"(?:whole |entire |main )?"
    r"(?:articles?|texts?|documents?|papers?|pages?|sources?|stor(?:y|ies)|reports?|files?|content)"
)
_DOCUMENT = (
    r"(?:(?:the|this|that|your|my|all (?:of )?(?:the|these|those)) )?"
    rf"(?:{_WHOLE}|(?:whole |entire |main )?(?:it|this|that|everything))"
)
# Only of a document as a whole: “Summarize the limits” asks for what may stand there.
_TASK = (
    r"(?:please )?(?:(?:can|could|would|will) you (?:please )?|i (?:want|need) (?:you to )?)?(?:"
    rf"(?:summari[sz]e|sum up|paraphrase|rewrite|shorten|condense|proofread|translate|explain)(?: {_DOCUMENT})?|"
    r"(?:(?:give|write|make|show|get)(?: me| us)? )?(?:an? |the )?(?:(?:short|brief|quick|one[- ]\w+) )?"
    rf"(?:summary|overview|abstract|outline|gist|tl;?dr|translation)(?: (?:of|for) {_DOCUMENT})?|"
    rf"what(?:'s|’s| is| are) (?:the )?(?:summary|gist|key points?|main points?) of {_DOCUMENT}"
    r")(?: (?:in|to|into|with|as|for) [\w ]{1,40})?"
)
_EXTRA = (
    r"(?: (?:there|you|all|again|so much|very much|a lot|a bunch|then|now|please|"
    r"for (?:that|this|your help|the help)))*"
)
_KINDS = tuple(
    (kind, regex.compile(rf"(?:{pattern}{_EXTRA}[\s!.,?]*)+", regex.IGNORECASE))
    for kind, pattern in (
        ("task", _TASK),
        ("about", rf"(?:{_GREETING}{_EXTRA}[\s!.,?]*)?{_ABOUT}"),
        ("greeting", _GREETING),
        ("bye", _BYE),
        ("thanks", _THANKS),
    )
)
_POINTING = regex.compile(rf"\b(?:it|this|that)\b(?! {_WHOLE}\b)", regex.IGNORECASE)
_OPENINGS = {
    "greeting": "Hello. ",
    "thanks": "You are welcome. ",
    "bye": "Goodbye. ",
    "task": "Nothing is written here that the documents do not say, so no summary and no translation. ",
    "about": "",
}
_TITLES_NAMED = 3


def small_talk(message: str, asked: Sequence[str] = ()) -> str | None:
    """Which kind of small talk the whole message is, "greeting", "thanks", "bye", "task" or "about"; else None.

    ``asked`` are the questions before it: behind one, "it" in "How does it work?" is what that asked about.
    """
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(message)), None)
    return None if asked and kind in ("task", "about") and _POINTING.search(message) else kind


def asked_in(history: Sequence[str]) -> list[str]:
    """The messages of ``history`` that ask something of the documents, cleaned."""
    asked: list[str] = []
    for message in map(questions.clean, history):
        if questions.complain(message) is None and small_talk(message, asked) is None:
            asked.append(message)
    return asked


def answer(kind: str, titles: Sequence[str]) -> str:
    """One helpful line of the program's own. ``titles`` are those of the indexed documents, in order."""
    named = ", ".join(f"“{title}”" for title in titles[:_TITLES_NAMED])
    more = f" and {len(titles) - _TITLES_NAMED} more" if len(titles) > _TITLES_NAMED else ""
    can = (
        f"Ask about {named}{more}: the answer is made of word-for-word quotes, each with its place, "
        "and when the text does not answer, it says so."
    )
    return f"{_OPENINGS[kind]}{can}"
