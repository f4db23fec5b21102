"""Greetings, thanks, tasks and questions about the assistant itself: told what can be asked here, nothing quoted."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from assistant.judging import questions
from assistant.language.courtesies import ASKING
from assistant.understanding.orders import gives_orders

_GREETING = (
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|day|afternoon|evening)|how are you(?: doing)?(?: today)?|"
    r"(?:it(?:'s|’s| is) )?(?:nice|good|great|pleased) to (?:meet|see) you)"
)
_THANKS = (
    r"(?:thank you|thanks?|thx|cheers|(?:great|good|nice|excellent|perfect) (?:answer|question|job|work|one)|"
    r"great|cool|nice|ok(?:ay)?|perfect|wonderful|got it|well done|"
    r"(?:that|this) (?:really )?help(?:s|ed)|that(?: is|'s|’s| was) (?:all|very helpful|helpful))"
)
_BYE = r"(?:bye|goodbye|good bye|good night|see you(?: later)?|farewell)"
_ABOUT = (
    r"(?:(?:(?:can|could|would|will) you (?:please )?|i need |please )?help(?: me)?|"
    r"what can (?:(?:you|i) (?:do|ask)(?: here| for me| you)?|i ask(?: you)? about)|what do you (?:do|know)|"
    r"test|testing|are you sure|who (?:are|made|built|created) you|"
    r"what are you|what is this|what(?: is|['’]s) (?:this|it|that)(?: all)? about|"
    r"how (?:do|can|does) (?:i use )?(?:you|this|it)(?: work)?|are you (?:a |an )?"
    r"(?:bot|robot|human|person|ai|language model|chatbot)|"
    r"what (?:documents?|texts?|sources?) (?:do you have|are there)|"
    r"what(?: is|'s|’s) your name"
    r"|what are (?:the|these|those|your|all (?:the|these)) (?:documents|texts|files|sources|articles) about)"
)
# Said of a reply: it asks nothing of the documents.
_REMARK = (
    r"(?:lol|(?:ha){2,}|wow|i see|never ?mind|no problem|fair enough|"
    r"(?:no,? )?(?:that(?:['’]s| is| was)|this is|you(?:['’]re| are)) (?:not )?(?:all |quite |completely |just )?"
    r"(?:wrong|right|correct|incorrect|true|false|nonsense|bad|good|great|stupid|useless|helpful|"
    r"what i (?:asked|meant|wanted))|"
    r"(?:sorry,? )?i (?:do not|don['’]?t|did not|didn['’]?t) (?:understand|get|believe)(?: (?:it|that|this|you))?)"
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
    r"(?:(?:please|pls|plz) )?(?:(?:can|could|would|will) (?:you|u) (?:(?:please|pls|plz) )?|"
    r"i (?:want|need) (?:you to )?)?(?:"
    rf"(?:summari[sz]e|sum up|paraphrase|rewrite|shorten|condense|proofread|translate|explain)(?: {_DOCUMENT})?|"
    r"(?:(?:give|write|make|show|get)(?: me| us)? )?(?:an? |the )?(?:(?:short|brief|quick|one[- ]\w+) )?"
    rf"(?:summary|overview|abstract|outline|gist|tl;?dr|translation)(?: (?:of|for) {_DOCUMENT})?|"
    rf"what(?:'s|’s| is| are) (?:the )?(?:summary|gist|key points?|main points?) of {_DOCUMENT}"
    rf")(?: (?:in|to|into|with|as|for)(?! [\w ]*\b(?:{ASKING}|if|whether)\b)"
    r" [\w ]{1,40})?"
)
_EXTRA = (
    r"(?: (?:there|you|all|again|so much|very much|a lot|a bunch|then|now|please|pls|plz|so far|"
    r"for (?:that|this|now|today|your help|the help)))*\b"
)
_BETWEEN = r"(?:[^\p{L}\p{N}]|\band\b)*"
# Atomic, for a long message of thanks can be parted in many ways.
_PLEASANT = rf"(?>(?:(?P<greeting>{_GREETING}\b)|(?P<bye>{_BYE}\b)|(?P<thanks>{_THANKS}\b)){_EXTRA})"
_PLEASANTRIES = regex.compile(rf"(?:{_PLEASANT}{_BETWEEN})++", regex.IGNORECASE)
# A space is enough behind a greeting alone: "Great summary of the text" asks for none.
_BEFORE = rf"(?:{_GREETING}{_EXTRA}{_BETWEEN}|{_PLEASANT}\s?[^\p{{L}}\p{{N}}\s]{_BETWEEN})*+"
_KINDS = tuple(
    (kind, regex.compile(rf"{_BEFORE}(?:{pattern}{_EXTRA}[\s!.,?]*)+(?:{_PLEASANT}{_BETWEEN})*+", regex.IGNORECASE))
    for kind, pattern in (("task", _TASK), ("about", _ABOUT), ("remark", _REMARK))
)
_POINTING = regex.compile(rf"\b(?:it|this|that)\b(?! {_WHOLE}\b)", regex.IGNORECASE)
# "What is this document about?", which of several documents nobody can tell.
_SUBJECT = regex.compile(
    rf"{_BEFORE}(?:(?:can|could) you )?(?:tell me )?(?:what(?:'s|’s| is| are)?|what do(?:es)?) (?:(?:this|that|it)|"
    rf"(?:this|that|these|those|the|your|my|all (?:the|these|those)) {_WHOLE})(?: (?:is|are))?(?: all)? "
    rf"(?:about|say|tell(?: me| us)?|cover|deal with){_EXTRA}[\s!.,?]*+(?:{_PLEASANT}{_BETWEEN})*+",
    regex.IGNORECASE,
)
_POINTS_BACK = r"(?: (?:about|on|to) (?:this|that|it))?"
_DETAILS = r"(?: (?:details?|information|info|quotes))?"
_MORE = regex.compile(
    rf"{_BEFORE}(?:(?:and|ok(?:ay)?|so|yes|well)[\s,.!]+)*(?:(?:can|could|would|will) you (?:please )?|please )?(?:"
    rf"(?:(?:tell|show|give) (?:me|us) )?(?:some |any |a (?:bit|little) )?more{_DETAILS}{_POINTS_BACK}|"
    rf"go on|continue|carry on|keep going|"
    rf"elaborate|(?:(?:is|was) there |do you have |do you know )?any(?:thing (?:else|more)|more){_POINTS_BACK}|"
    rf"(?:what|something) else(?: is there)?{_POINTS_BACK}|is (?:that|this) (?:all|everything)"
    rf"){_EXTRA}[\s!.,?…]*+(?:{_PLEASANT}{_BETWEEN})*+",
    regex.IGNORECASE,
)
_OPENINGS = {
    "greeting": "Hello. ",
    "thanks": "You are welcome. ",
    "bye": "Goodbye. ",
    "task": "Nothing is written here that the documents do not say, so no summary and no translation. ",
    "about": "",
    "remark": "",
    "order": "No message changes how answers are made here, and there is no opinion to give. ",
}
_TITLES_NAMED = 3
_TITLES_OFFERED = 20


def small_talk(message: str, asked: Sequence[str] = ()) -> str | None:
    """The kind of small talk that the whole message is; None when it asks something. The kinds are ``_OPENINGS``.

    ``asked`` are the questions before it: behind one, "it" in "How does it work?" is what that asked about.
    """
    if pleasantries := _PLEASANTRIES.fullmatch(message):
        return max(("greeting", "bye", "thanks"), key=pleasantries.end)
    if gives_orders(message):
        return "order"
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(message)), None)
    return None if asked and kind in ("task", "about") and _POINTING.search(message) else kind


def asks_what_all_say(message: str, asked: Sequence[str] = ()) -> bool:
    """Whether the whole message asks what a document is about, without a word on which.

    ``asked`` as for ``small_talk``.
    """
    return _SUBJECT.fullmatch(message) is not None and not (asked and _POINTING.search(message))


def asks_more(message: str) -> bool:
    """Whether the whole message asks for more of what was answered before: "Tell me more", "Anything else?"."""
    return _MORE.fullmatch(message) is not None


def asked_in(history: Sequence[str]) -> list[str]:
    """The messages of ``history`` that ask something new of the documents, cleaned."""
    return [message for _, message, more in turns(history) if not more]


def turns(history: Sequence[str]) -> list[tuple[int, str, bool]]:
    """The messages of ``history`` that ask the documents: its place, itself, cleaned, and whether it asks for more."""
    found: list[tuple[int, str, bool]] = []
    asked: list[str] = []
    for at, message in enumerate(map(questions.clean, history)):
        if asked and asks_more(message):
            found.append((at, message, True))
        elif questions.complain(message) is None and small_talk(message, asked) is None:
            asked.append(message)
            found.append((at, message, False))
    return found


def answer(kind: str, titles: Sequence[str]) -> str:
    """One helpful line of the program's own. ``titles`` are those of the indexed documents, in order."""
    can = (
        f"Ask about {_named(titles, _TITLES_NAMED)}: the answer is made of word-for-word quotes, each with its place, "
        "and when the text does not answer, it says so."
    )
    return f"{_OPENINGS[kind]}{can}"


def offer(titles: Sequence[str]) -> str:
    """The line that asks which of several documents is meant. ``titles`` as for ``answer``."""
    named = _named(titles, _TITLES_OFFERED)
    return f"There are {len(titles)} documents: {named}. Which one do you mean? Name it, or choose it alone."


def _named(titles: Sequence[str], most: int) -> str:
    """The first ``most`` titles, and how many more there are."""
    named = ", ".join(f"“{title}”" for title in titles[:most])
    return f"{named} and {len(titles) - most} more" if len(titles) > most else named
