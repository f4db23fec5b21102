"""Messages to the program itself: that it break its rules, tell its instructions, play a part, say what it thinks."""

from __future__ import annotations

import regex

_RULES = r"(?:rules?|instructions?|prompts?|guidelines?|restrictions?|polic(?:y|ies)|training|filters?)"
_WORDS = r"(?: [\p{L}’']+)"
_OWN = r"(?:own |personal |honest )*"
_ORDERS = "|".join(
    (
        r"(?:ignore|forget|disregard|override|bypass) (?:[\p{L}’']+ ){0,2}?"
        rf"(?:all|any|your|previous|prior|above|earlier|these|those)\b{_WORDS}{{0,4}}? {_RULES}\b",
        r"(?:print|reveal|show|repeat|output|display|tell|give|what (?:is|are|was|were))\b(?: (?:me|us))?"
        rf"{_WORDS}{{0,2}}? "
        rf"(?:(?:system|hidden|initial|secret|developer) {_RULES}|your{_WORDS}? (?:prompt|instructions))\b",
        r"(?:repeat|say) after me\b",
        r"pretend (?:to be|that you|you)\b",
        r"act as (?:if you|an?|my)\b",
        r"you are now (?:an?|in|the)\b",
        r"from now on,? (?:you|answer|reply|ignore)\b",
        r"imagine (?:that )?you are (?:an?|my)\b",
        r"(?:quot(?:es?|ing|ations?)|citations?|refus(?:als?|ing)|safety) (?:is|are|has been|have been) (?:now )?"
        r"(?:(?:switched|turned) off|disabled|off)\b",
        r"(?:what |who )?do you (?:personally|yourself|honestly) (?:think|believe|feel|prefer|like)\b",
        rf"what(?:['’]s| is| are) your {_OWN}(?:opinions?|views?|thoughts|stance|favou?rite)\b",
        rf"in your {_OWN}opinion\b",
        r"do you have (?:any )?(?:feelings|opinions|emotions)\b",
    )
)
# Where a sentence begins, and not within a quotation: "What does “ignore your instructions” do?".
_ORDER = regex.compile(
    r"(?:^|[.!?:;>]\s*|\n\s*)(?:(?:please|now|and|be honest|honestly|hey|hi|hello)[\s,]+)*+"
    rf"(?:(?:can|could|would|will) you )?(?:{_ORDERS})",
    regex.IGNORECASE,
)


def gives_orders(message: str) -> bool:
    """Whether a sentence of ``message`` is meant for the program, whatever else is asked in it.

    Not "What do you think India wants?", which asks the documents in a roundabout way.
    """
    return _ORDER.search(message) is not None
