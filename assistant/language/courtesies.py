"""What is said around a question out of courtesy: "Hi, could you please tell me when it opens? Thanks!"

Search and reader take such words for part of what is asked: "Do you know who Tam is?" finds who knew something.
"""

from __future__ import annotations

import regex

from index.tokens import words

WITHIN = r"(?:(?:at|by|for|from|in|of|on|since|to|until|with) )?"
ASKING = r"who|whom|whose|what|which|when|where|why|how"
_ASKS = rf"(?={WITHIN}(?:{ASKING})\b)"
_INVERTED = (
    r"(?=(?:who|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|can|could|should|will)\b)"
)
_GREETING = (
    r"(?:(?:hi|hello|hey|hiya|greetings|good (?:morning|day|afternoon|evening))(?: (?:there|all|everyone|again))?|"
    r"(?:thanks?(?: you)?|thx)(?: (?:so|very) much| a lot)?|please|excuse me|"
    r"(?:i'm |i am )?sorry(?: to (?:bother|disturb) you)?|"
    r"(?:(?:a |one |just a |another )?(?:quick |short |simple )?question(?=[:,])))"
)
# A comma may be missing; but "Hello Kitty" and "Thanks to whom" are no greetings.
_PART = (
    rf"(?:\s*[,.!:;]+[\s,.!:;–—-]*|\s+[–—-]+\s+|\s+(?=(?:{_GREETING}|can|could|would|may|i|tell|do you)\b|{_INVERTED}))"
)
_KNOW = r"(?:know|find out|learn|understand|ask(?: you)?|hear|see|check)"
_I = r"(?:i|we)"
_TELL = r"(?:tell|show|explain to|remind|inform) (?:me|us)"
_REQUEST = (
    r"(?:(?:(?:can|could|would|will) you )?(?:please |kindly |also |help me (?:to )?)*"
    rf"(?:{_TELL}|let (?:me|us) know|"
    r"(?:find out|look up)(?: for (?:me|us))?|explain)|"
    r"(?:can|could|would|will) you (?:please |kindly |also )*(?:check|clarify|say))"
)
_WISH = (
    rf"{_I}(?:['’]d| would)(?: really| also| just)? (?:like|love) to {_KNOW}|"
    rf"{_I} (?:really |also |just )*(?:want|need|wish|have|was hoping|am trying|are trying) to {_KNOW}|"
    rf"{_I}['’](?:m|re) (?:just )?trying to {_KNOW}|"
    rf"(?:{_I} (?:am|was|are|were)|i['’]m|we['’]re) (?:just )?(?:wondering|curious|asking)|{_I} wonder|"
    rf"(?:can|could|may|might) {_I} (?:please )?(?:ask(?: you)?|know)|"
    r"(?:do|would) you (?:happen to |perhaps |maybe )?know|does (?:anyone|anybody|somebody|someone) know|"
    rf"(?:do you have )?any idea|(?:my|the) question is|what {_I} (?:want|need|would like) to know is"
)
_OF_YOU = (
    r"(?:if|whether) (?:you|anyone|anybody|someone|somebody) (?:can|could|would|might|may) "
    rf"(?:possibly |perhaps |maybe |kindly |please |also )*{_TELL}"
)
_PLAINLY = (
    r"(?: (?:briefly|simply|in (?:(?:very|more) )?(?:brief|short|detail|"
    r"(?:easy|few|my|one|other|plain|short|simple|your)(?: own)? (?:english|language|sentences?|terms|words?)|"
    r"a (?:few|couple of) (?:sentences|words))))"
)
CHAIN = rf"(?:{_REQUEST}|{_WISH})(?: {_OF_YOU})?(?: please)?{_PLAINLY}?"
"""A wish to be told, as a pattern; what is to be told stands behind it."""
_BEFORE = regex.compile(
    rf"(?:{_GREETING}{_PART}(?:but )?)*+{CHAIN}[\s,:]+{_ASKS}|"
    rf"(?:{_GREETING}{_PART}(?:but )?)++(?=\P{{P}})|please\s+(?-i:(?=\p{{Ll}}))",
    regex.IGNORECASE,
)
_FIRST = regex.compile(rf"(?:(?:ok|okay|so|well|right|alright|now)[\s,.!]+)++{_INVERTED}", regex.IGNORECASE)
_THANKS = (
    r"(?:(?:many )?thanks|thank you|cheers)(?: (?:so|very) much| a lot| a million)?"
    r"(?: in advance)?(?: for (?:your|the|any) (?:help|time))?"
)
# Behind nothing but a space they may be what is asked about: "What is a thank you?", "Who said please?".
_TOLD = r"(?<!\b(?:an?|the|word|words|say|says|said|saying|gets?|mean|means|send|sent|write|writes|wrote))"
_THANKED = rf"(?:(?:please|{_THANKS})\b[\s,.!?]*+)"
_BEHIND = regex.compile(
    rf"(?:(?P<mark>(?<![\s,.!?–—-])[?.!]?)[\s,.!?–—-]*+(?<=[,.!?–—-]\s*)"
    rf"(?:can you help(?: me)?\b[\s,.!?]*+{_THANKED}*+|{_THANKED}++)|{_TOLD}\s++{_THANKED}++)$",
    regex.IGNORECASE,
)


def without(question: str, *, first: bool = False) -> str:
    """``question`` less courtesies; as it is when nothing else would be left.

    ``first``: whether nothing was asked before. Behind a question "So" and "Ok" say that this one leans on it.
    """
    bare = _BEHIND.sub(lambda found: found["mark"] or "", question)
    bare = _BEFORE.sub("", bare, count=1) if _BEFORE.match(bare) else bare
    if first and (mark := _FIRST.match(bare)):
        bare = bare[mark.end() :]
    if not words(bare) or bare == question:
        return question
    return bare[:1].upper() + bare[1:]
