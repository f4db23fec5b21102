"""What a question that names nobody is about: "the monthly rent" of "What is the monthly rent?"."""

from __future__ import annotations

import regex

_I = regex.IGNORECASE
_ASKING = r"(?:what|who|where|when|why|how(?: (?:much|often|long|far|big|large|old|high|fast|deep|wide|tall|heavy))?)"
_WORD = r"[\p{L}\p{N}-]+"
_ON = r"(?:of|in|on|at|for|from|to|with|by|about|during|before|after|between|over|under|across|near|through)"
# Not by how a word ends: "town", "night", "garden" and "seed" are things.
_PARTICIPLE = (
    r"(?:(?!(?:hundred|(?:water)?shed|(?:bob)?sled|shred|moped|infrared)\b)\p{L}{2,}(?<!e)ed|agreed|freed|built|sold|made|held|kept|sent|lost|found|paid|won|begun|set|cut|"
    r"put|shut|(?:br|b|th)ought|caught|taught|fought|sought|known|shown|grown|thrown|drawn|flown|blown|worn|torn|born|"
    r"written|taken|given|chosen|broken|spoken|driven|eaten|hidden|stolen|beaten|frozen|forgotten|forbidden|proven|"
    r"seen|done|gone|used|meant|hung|rung|sung|spent|left|led|fed|read|run|struck|sunk|burnt)"
)
# Behind the thing: "of …", "the river", "called?", "made of?", "like?".
_END = rf"(?=\s+(?:{_ON}|the|an?|(?:like|worth|{_PARTICIPLE})(?=\s+{_ON}\b|[?.!\s]*$))\b|[?.!\s]*$)"
# "What is the monthly rent?", "How old is the bridge over the river?"
_IS = regex.compile(rf"{_ASKING}(?: is| are| was| were|['’]s) (the (?:{_WORD} ){{0,3}}?{_WORD}){_END}", _I)
# "When was the second wall demolished?"; not "What was the monthly rent?", whatever a word ends with.
_DONE = regex.compile(
    rf"(?:when|where|why|how) (?:is|are|was|were) (the (?:{_WORD} ){{0,2}}?{_WORD}) {_PARTICIPLE}{_END}", _I
)
# "When does the night ferry leave the harbour?", "What do axolotls eat?"
_DOES = regex.compile(
    rf"{_ASKING} (?:do|does|did|should|can|could|must|will|would|may|might) "
    rf"(the (?:{_WORD} ){{0,2}}?{_WORD}|"
    rf"(?!(?:this|his|hers|its|ours|yours|theirs|us|as|always)\b)\p{{Ll}}[\p{{L}}-]*s) {_WORD}{_END}",
    _I,
)
_OWNER = regex.compile(rf"\s+of (the (?:{_WORD} ){{0,2}}?{_WORD}){_END}", _I)


def told(question: str) -> str | None:
    """The thing that ``question`` asks to be told: "the rent" of "What is the rent?", whatever else it may mean."""
    found = _IS.match(question)
    return found.group(1) if found and not _DONE.match(question) else None


def subject(question: str) -> str | None:
    """What "it" most likely means behind ``question``; of "the name of the boat" it is the boat."""
    for pattern in (_DONE, _DOES, _IS):
        if found := pattern.match(question):
            owner = _OWNER.match(question, found.end(1))
            return str((owner or found).group(1))
    return None
