"""Forms of English verbs, as far as turning a statement into a question needs them."""

from __future__ import annotations

from collections.abc import Container, Mapping

# Past tense → base form. Forms that are also other common words (found, saw, felt, lay) are left out where a wrong
# reading would make a wrong question.
IRREGULAR: Mapping[str, str] = {
    **dict(
        pair.split("/")
        for pair in (
            "began/begin became/become came/come went/go grew/grow wrote/write took/take gave/give made/make "
            "built/build bought/buy sold/sell won/win lost/lose led/lead left/leave held/hold met/meet rose/rise "
            "fell/fall ran/run "
            "spoke/speak broke/break chose/choose drew/draw drove/drive flew/fly got/get had/have heard/hear kept/keep "
            "knew/know laid/lay paid/pay sent/send sang/sing spent/spend stood/stand taught/teach thought/think "
            "understood/understand withdrew/withdraw fought/fight sought/seek caught/catch brought/bring told/tell "
            "said/say wove/weave sank/sink swam/swim dug/dig struck/strike overthrew/overthrow underwent/undergo"
        ).split()
    ),
}
# Participles that are not the past tense of the same verb.
PARTICIPLES = frozenset(
    "written taken given made built bought sold won lost led left held met drawn driven chosen broken grown known laid "
    "paid sent taught thought fought caught brought told dug struck overthrown begun sung spoken worn torn stolen "
    "frozen hidden seen done cut put set found founded".split()
)
# Past forms among the many words, like "need", that only look like one.
_AGREED = frozenset("agreed disagreed freed guaranteed decreed".split())
_VOWELS = "aeiou"


def base_of_past(verb: str, known: Container[str]) -> str | None:
    """ "joined" → "join", "stopped" → "stop", "came" → "come"; None when no word of ``known`` comes out."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if not verb.endswith("ed") or len(verb) < 4 or (verb.endswith("eed") and verb not in _AGREED):
        return None
    stem = verb[:-2]
    if stem.endswith("i"):
        return _known(f"{stem[:-1]}y", known)
    doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS
    if doubled and stem[-1] not in "lsfz":
        return _known(stem, known) or _known(stem[:-1], known)
    plain, with_e = _known(stem, known), _known(f"{stem}e", known)
    if plain and with_e:
        # "rated" is of "rate": "rat" would have doubled its t. "visited" is of "visit".
        short = (
            len(stem) >= 2 and stem[-1] not in f"{_VOWELS}wxy" and stem[-2] in _VOWELS and stem[-3:-2] not in _VOWELS
        )
        return with_e if short or stem[-1] in "cgsvzu" else plain
    if not plain and not with_e and doubled:
        return _known(stem[:-1], known)
    return plain or with_e


def base_of_present(verb: str, known: Container[str]) -> str | None:
    """ "includes" → "include", "carries" → "carry"; None when no word of ``known`` comes out."""
    if verb in ("has", "goes"):
        return {"has": "have", "goes": "go"}[verb]
    if not verb.endswith("s") or verb.endswith("ss"):
        return None
    if verb.endswith("ies"):
        return _known(f"{verb[:-3]}y", known)
    if verb.endswith(("ches", "shes", "sses", "xes", "oes")):
        return _known(verb[:-2], known)
    return _known(verb[:-1], known)


def present_of(base: str) -> str:
    """ "maintain" → "maintains"."""
    if base.endswith(("ch", "sh", "ss", "x", "o")):
        return f"{base}es"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return f"{base[:-1]}ies"
    return f"{base}s"


def is_participle(verb: str, known: Container[str]) -> bool:
    """Whether "was" can stand before it: "founded", "written"."""
    return verb in PARTICIPLES or base_of_past(verb, known) is not None


def _known(word: str, known: Container[str]) -> str | None:
    return word if len(word) > 2 and word in known else None
