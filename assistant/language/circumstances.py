"""A follow-up that asks for another circumstance of what was asked before: "Since when?", "Why?", "By whom?"."""

from __future__ import annotations

import regex

from assistant.language.phrases import capital, each_question, unmarked
from assistant.language.spelling import english_words
from assistant.language.subjects import AUXILIARY, PARTICIPLE
from assistant.language.verbs import base_of_past

_I = regex.IGNORECASE
WHEN = (
    r"(?:(?:since|until|from|by) )?(?:when|where)|why|how(?: long| often| exactly)?|"
    r"(?:(?:since|until|from|by|in|on) )?(?:what|which) (?:year|month|day|date)|"
    r"(?:by|with|for|from|to|against) (?:whom|what)"
)
# "Since when?", "Why?", "By whom?": asks for another circumstance of what was asked about.
_CIRCUMSTANCE = regex.compile(rf"^({WHEN})(?: (?:exactly|precisely))?[?.! ]*$", _I)
# "Is India a member?", "Where did it meet?": a circumstance can stand before the auxiliary.
_STATED = regex.compile(rf"^(?:(?:{WHEN})\s+)?(?={AUXILIARY}\b)", _I)
# "How many ships are waiting?", "Which jobs will be replaced?": told of the ships, and of the jobs.
_COUNTED = regex.compile(
    r"(?:how many|which) ((?:[\p{Ll}-]+ ){0,2}[\p{Ll}-]+s) (are|were|(?:will|would|can|could|must|"
    rf"should)(?= be )|(?:have|had)(?= been ))((?: (?:be|been))? (?:\p{{Ll}}+ing|{PARTICIPLE})\b.*)",
    _I,
)
_WHY_NOT = regex.compile(r"^why not[?.! ]*$", _I)
# "Did India sign?", not "May I?", which has no such form.
_WHETHER = regex.compile(r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|must)\b", _I)
_CONTRACTED = {"can": "can’t", "will": "won’t"}
# "Which small island state refused?"
_KIND_WORDS = 4


def is_circumstance(text: str) -> bool:
    """Whether it asks for nothing but a circumstance of what was asked before: "Why?"."""
    return _CIRCUMSTANCE.match(text) is not None


def with_circumstance(earlier: str, body: str) -> str | None:
    """ "Is India a member?" + "Since when?" → "Since when is India a member?"."""
    asked, stated = _CIRCUMSTANCE.match(body), _STATED.match(earlier)
    # Of a question that was itself asked with another only the last is meant.
    if "?" in unmarked(earlier):
        return None
    if _WHY_NOT.match(body) and (whether := _WHETHER.match(earlier)):
        does = whether.group().lower()
        return f"Why {_CONTRACTED.get(does, f'{does}n’t')}{earlier[whether.end() :]}"
    if asked is None:
        return None
    if stated:
        rest = earlier[stated.end()].lower() + earlier[stated.end() + 1 :]
    elif counted := _COUNTED.match(earlier):
        rest = f"{counted[2]} the {counted[1]}{counted[3]}"
    elif done := _done(earlier):
        rest = f"did {done}"
    else:
        return None
    return f"{capital(asked.group(1))} {rest}"


def without_circumstance(earlier: str) -> str:
    """ "How much is it? Since when?", as a follow-up was understood → "How much is it?", on which the next leans."""
    *before, last = each_question(earlier)
    return " ".join(before) if before and _CIRCUMSTANCE.match(last) else earlier


def _done(earlier: str) -> str | None:
    """ "Who wrote this?" → "they write this?"; "Which small country refused?" → "the small country refuse?"."""
    asks, *rest = earlier.split(" ")
    if (asks := asks.lower()) not in ("who", "which", "what"):
        return None
    for at, word in enumerate(rest[:_KIND_WORDS]):
        verb = word.rstrip("?.! ")
        if regex.fullmatch(AUXILIARY, verb) or (at and asks == "who"):
            return None
        base = base_of_past(verb, english_words()) if at or asks == "who" else None
        if base:
            doer = " ".join(("the", *rest[:at])) if at else "they"
            return " ".join((doer, base + word[len(verb) :], *rest[at + 1 :]))
    return None
