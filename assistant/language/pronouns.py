"""The pronoun of a question that means something asked before: "they" of "And when did they join?"."""

from __future__ import annotations

import regex

from assistant.language.subjects import AUXILIARY, BE, PARTICIPLE

_I = regex.IGNORECASE
PRONOUN = regex.compile(r"\b(it|its|they|them|their|theirs|he|him|his|she|her|hers|those|these|this|that|there)\b", _I)
# What is quoted is asked about as it stands.
_QUOTED = regex.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
# These point back only when no noun follows: not in "that statement" or "there are", but in "Is that paid?" and "What
# does that cost?".
_POINTING = regex.compile(
    r"(?:those|these|this|that|there)\b(?=\s*(?:[?.!,]|$|mean|happen|change|work|matter|refused))|"
    rf"(?<=\b{BE} )(?:those|these|this|that)(?= {PARTICIPLE}[?.!\s]*$)|"
    r"(?<=\b(?:do|does|did) )(?:those|these|this|that)(?= \p{Ll}+[?.!\s]*$)",
    _I,
)
# "was it the Americans' turn", "is it true": nothing earlier is meant.
_EMPTY_IT = regex.compile(r"\b(?:is|was) it (?:true|the|a|that|possible|clear)\b", _I)
# "Does that mean they left?", "Who wrote this?": said of the answer, and of the document.
_EMPTY_THIS = regex.compile(
    r"^(?:do|does|did|would) (?:that|this|it)(?= mean (?:that )?(?:he|she|it|they|there|the|\p{Lu}\p{L}*)\b)|"
    r"\bwho (?:wrote|published) this(?=[?.! ]*$)",
    _I,
)
# "How many partners are there?" asks of no place.
_EXISTING = regex.compile(rf"\b(?:how many|how much|what|which) [\p{{L}}-].*\b{AUXILIARY}$", _I)


def first_pronoun(question: str) -> regex.Match[str] | None:
    """The first that points back, or None; not "is it true that …", "those who …" or "how many are there?"."""
    quoted = [each.span() for each in _QUOTED.finditer(question)]
    empty = {each.end() for each in _EMPTY_THIS.finditer(question)}
    for match in PRONOUN.finditer(question):
        if any(start < match.start() < end for start, end in quoted):
            continue
        if match.end() in empty:
            continue
        word = match.group().lower()
        if word in {"those", "these", "this", "that", "there"} and not _POINTING.match(question, match.start()):
            continue
        if word == "there" and _EXISTING.search(question[: match.start()].rstrip()):
            continue
        if word == "it" and _EMPTY_IT.search(question):
            continue
        return match
    return None
