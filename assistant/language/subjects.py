"""What a question is about: whom and what it names, else "the monthly rent" of "What is the monthly rent?"."""

from __future__ import annotations

import regex

from index.tokens import FUNCTION_WORDS, terms

_I = regex.IGNORECASE
BE = r"(?:is|are|was|were)"
DO = r"(?:do|does|did|has|have|had|will|would|can|could|should|must|may|might)"
AUXILIARY = f"(?:{DO}|{BE})"
# The full stop of "Dr. Holloway", "J. R. R. Tolkien" and "St. Gallen" stands within a name.
_STOPPED = r"(?:Mrs?|Ms|Mx|Dr|Prof|St|Sen|Rep|Gov|Gen|Col|Capt|Lt|Sgt|Rev|Hon|Fr|Sr|\p{Lu}(?:\.\p{Lu})*)\.(?=\s?\p{Lu})"
# "U.S.", whose last full stop is part of it; not "J. R. R." nor the "B." that ends a sentence.
_INITIALS = r"\p{Lu}(?:\.\p{Lu})+\.?(?:['’]s)?(?![\p{L}\p{N}])"
_CAPITALISED = rf"(?:{_INITIALS}|(?:{_STOPPED}\s?)*+\p{{Lu}}[\p{{L}}\p{{N}}’'-]*)"
_NAME = regex.compile(rf"\b(?:the )?{_CAPITALISED}(?:\s(?:of the |of |and |for |& )?{_CAPITALISED})*")
# No function words, though "us", "who" and "it" are, unless the whole question is in capitals.
_ACRONYM = regex.compile(rf"{_INITIALS}|\b\p{{Lu}}{{2,}}\b")
# "Iranian", "American", "Korean", "German", but not "Iran", "Japan" or "Pakistan".
ADJECTIVE = regex.compile(r"(?:[iec]an|(?:Ger|Ro|Nor)man|ese|ish|ern|ic)$")
# Not "What else did she say?", nor "What should I do?".
_NOUNS = regex.compile(
    rf"\b(?:how many|which|what|whose)\s+(?!else\b|{AUXILIARY}\b)"
    rf"((?:[\p{{L}}-]+\s+){{0,2}}?[\p{{L}}-]+)\s+(?={AUXILIARY}\b)",
    _I,
)
_NOT_NAMED = FUNCTION_WORDS | frozenset(
    "name list compare give show through over under between among since during until".split()
)
# Where a sentence begins, as one does behind another: "How much is it? Since when?".
_BEGINNING = regex.compile(r"(?:^|[?!.][\"'”’»)]*\s)\W*$")
DATES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)
# "I'm", "I've": whoever asks is not what is asked about.
_CONTRACTED = regex.compile(r"I['’]\p{L}+$")
OWNING = regex.compile(r"(?:(?<=s)['’]|['’]s)$")
_ASKING = r"(?:what|who|where|when|why|how(?: (?:much|often|long|far|big|large|old|high|fast|deep|wide|tall|heavy))?)"
_MODAL = r"(?:do|does|did|should|can|could|must|will|would|may|might)"
_WORD = r"[\p{L}\p{N}-]+"
_ON = r"(?:of|in|on|at|for|from|to|with|by|about|during|before|after|between|over|under|across|near|through)"
# Not by how a word ends: "town", "night", "garden" and "seed" are things.
PARTICIPLE = (
    r"(?:(?!(?:hundred|(?:water)?shed|(?:bob)?sled|shred|moped|infrared)\b)\p{L}{2,}(?<!e)ed|agreed|freed|built|sold|made|held|kept|sent|lost|found|paid|won|begun|set|cut|"
    r"put|shut|(?:br|b|th)ought|caught|taught|fought|sought|known|shown|grown|thrown|drawn|flown|blown|worn|torn|born|"
    r"written|taken|given|chosen|broken|spoken|driven|eaten|hidden|stolen|beaten|frozen|forgotten|forbidden|proven|"
    r"seen|done|gone|used|meant|hung|rung|sung|spent|left|led|fed|read|run|struck|sunk|burnt)"
)
# Behind the thing: "of …", "the river", "called?", "made of?", "like?".
_END = rf"(?=\s+(?:{_ON}|the|an?|(?:like|worth|{PARTICIPLE})(?=\s+{_ON}\b|[?.!\s]*$))\b|[?.!\s]*$)"
# "What is the monthly rent?", "How old is the bridge over the river?"
_IS = regex.compile(rf"{_ASKING}(?: is| are| was| were|['’]s) (the (?:{_WORD} ){{0,3}}?{_WORD}){_END}", _I)
# "Who founded the shipyard?", "Who will pay for the barrier?"
_DONE_BY = regex.compile(
    rf"who(?: will| would| can| could| should| must| has| had)? (?!(?:is|are|was|were|do|does|did)\b)\p{{Ll}}+ "
    rf"(?:{_ON} )?((?:the|an?) (?:{_WORD} ){{0,2}}?{_WORD}){_END}",
    _I,
)
# "How much rent do I pay?"
_MUCH = regex.compile(rf"how much ((?!of\b)(?:{_WORD} )?{_WORD}) {AUXILIARY}\b", _I)
# "Is there a fee?", "Do I have to pay a certain deposit?": the one that was asked after.
_ANY = regex.compile(
    rf"(?:(?:is|was) there|{_MODAL} .+) (?:an?|any) (?:certain )?((?:{_WORD} ){{0,2}}?{_WORD}){_END}",
    _I,
)
# "When was the second wall demolished?"; not "What was the monthly rent?", whatever a word ends with.
_DONE = regex.compile(rf"(?:when|where|why|how) {BE} (the (?:{_WORD} ){{0,2}}?{_WORD}) {PARTICIPLE}{_END}", _I)
# "When does the night ferry leave the harbour?", "What do axolotls eat?", "Where does the summit take place?"
_DOES = regex.compile(
    rf"(?:by |for |since |until )?{_ASKING} {_MODAL} "
    rf"((?:the|an?) (?:{_WORD} ){{0,2}}?{_WORD}|"
    rf"(?!(?:this|his|hers|its|ours|yours|theirs|us|as|always)\b)\p{{Ll}}[\p{{L}}-]*s) "
    rf"(?:take (?:effect|part|place)|(?:come|get|go|open|set) (?:down|off|on|out|up)|{_WORD}){_END}",
    _I,
)
# "How do I start the pump?", "Where can I buy a filter?"
_TO_DO = regex.compile(
    rf"{_ASKING} {_MODAL} (?:i|we|you|one) "
    rf"\p{{Ll}}+ (?:{_ON} )?((?:the|an?) (?:{_WORD} ){{0,2}}?{_WORD}){_END}",
    _I,
)
_BARE = regex.compile(r"((?:[\p{Ll}-]+ ){0,2}[\p{Ll}-]+)[?.!\s]*")
_OWNER = regex.compile(rf"\s+of (the (?:{_WORD} ){{0,2}}?{_WORD}){_END}", _I)


def told(question: str) -> str | None:
    """The thing that ``question`` asks to be told: "the rent" of "What is the rent?", whatever else it may mean."""
    found = _IS.match(question)
    return found.group(1) if found and not _DONE.match(question) else None


def subject(question: str, plural: bool = False) -> str | None:
    """What "it" most likely means behind ``question``; of "the name of the boat" it is the boat.

    ``plural``: whether "they" is asked of: of "the demands of the union" those are the demands.
    """
    for pattern in (_DONE, _TO_DO, _DOES, _IS, *(() if plural else (_DONE_BY,))):
        if found := pattern.match(question):
            if plural and found.group(1).lower().startswith(("a ", "an ")):
                return None
            owner = _OWNER.match(question, found.end(1))
            if owner and plural and found.group(1).endswith("s") and not owner.group(1).endswith("s"):
                return f"{found.group(1)} of {owner.group(1)}"
            return str((owner or found).group(1))
    for pattern in () if plural else (_MUCH, _ANY):
        found = pattern.match(question)
        if found and FUNCTION_WORDS.isdisjoint(found.group(1).lower().split()):
            return f"the {found.group(1)}"
    # "Baby formula?", typed as into a search box.
    bare = _BARE.fullmatch(question)
    return bare.group(1) if bare and FUNCTION_WORDS.isdisjoint(bare.group(1).split()) else None


def names(question: str) -> list[str]:
    """Names in a question, in order: capitalised words, less those it or a sentence of it begins with, and dates."""
    found: list[str] = []
    for match in _NAME.finditer(question):
        words = match.group().split()
        begins = _BEGINNING.search(question[: match.start()]) is not None
        while begins and words and words[0].lower() in _NOT_NAMED:
            words = words[1:]
        name = " ".join(words)
        if _CONTRACTED.match(name):
            continue
        means = terms(name) or (_ACRONYM.search(name) and not question.isupper())
        if not name or not means or words[-1].lower().removesuffix("s") in DATES:
            continue
        if ADJECTIVE.search(name):
            noun = regex.match(r"\s([\p{Ll}-]+)", question, pos=match.end())
            name += f" {noun.group(1)}" if noun and noun.group(1) not in _NOT_NAMED else ""
        found.append(name)
    return found


def are_two(name: str | None) -> bool:
    """Whether a name is those of two, "India and Pakistan"; not "the Ministry of Trade and Industry"."""
    return bool(name and regex.fullmatch(r"(?!the )(?:(?! (?:of|for) ).)+ and (?:(?! (?:of|for) ).)+", name))


def things(question: str) -> str | None:
    """The things counted or chosen from: "the ships" of "How many ships are waiting?"."""
    nouns = _NOUNS.search(question)
    return f"the {nouns.group(1)}" if nouns else None


def named(question: str, plural: bool) -> str | None:
    """What a later pronoun most likely means: the things counted or chosen from, else who does what is asked about,
    else the first name."""
    nouns, found = things(question), names(question)
    # "What goal do China and Russia have?": they are not the goal.
    if plural and nouns and (nouns.endswith("s") or not any(map(are_two, found))):
        return nouns
    does = [name for name in found if regex.search(rf"\b{AUXILIARY} {regex.escape(name)}(?!\w|['’]s)", question, _I)]
    return OWNING.sub("", (does or found)[0]) if found else nouns
