"""Words that turn what a sentence says: leave one out, or put one in, and it says something else.

English, and lists by nature: a word that is missing here is one more that a model could drop unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.tokens import stem


def _stems(*lines: str) -> frozenset[str]:
    return frozenset(stem(word) for line in lines for word in line.split())


# Put in or left out at will. Not "by", nor any word of time, amount or condition: those say something. Prepositions
# are free because what they join keeps its order and its governor.
FREE = frozenset(
    (
        "a an the of in on at to for with from into as and also there that which who is are was were am be been being "
        "has have had do does did 's"
    ).split()
)
# Each keeps its place before its word; "and" counts as one of them.
PREPOSITIONS = frozenset("of in on at to for with from into as and".split())
DETERMINERS = frozenset("a an the its their his her our this these those".split())
SUBJECTS = frozenset("it they he she we you i".split())
PRONOUNS = SUBJECTS | frozenset("this these those both".split())
BE = frozenset("is are was were am be been being get gets got".split())
# These can stand for a verb of their own: whom one criticises one does not have.
HELPERS = BE | frozenset("has have had do does did".split())
PAST_BE = frozenset("was were had been".split())
PRESENT_BE = frozenset("is are am".split())

# These bear on the whole clause they stand in: whoever uses the clause must say them too.
DENIALS = _stems(
    "not never neither nor none nobody nothing nowhere hardly barely scarcely cannot lack lacks lacking without unless "
    "refuse refusal reject rejection deny denies denial fail failure decline forbid ban bans banned bar barred prevent "
    "avoid stop halt cancel abandon withdraw withdrawal leave left quit exclude oppose opposition dispute doubt "
    "contest contradict disagree abstain dismiss block cease lose absent absence false untrue myth wrong mistaken "
    "impossible unlikely unable unwilling little few rarely seldom instead rather",
    "if whether except alleged allegedly reportedly supposedly apparently purportedly ostensibly hypothetical "
    "imagine suppose pretend rumour rumor claim",
    "threaten plan hope promise pledge vow try attempt seek want wish intend propose consider expect aim almost nearly",
)
# These bear on the word that follows them.
QUALIFIERS = _stems(
    "may might could would should must can will shall ought need by against unlike despite before after until since "
    "over under above below beyond between within during outside more less most least fewer than only just merely "
    "about around roughly approximately circa some all every each any many several part partly partially half mainly "
    "mostly largely often sometimes usually always once again still yet no longer another other others former ex "
    "acting possible possibly potential potentially likely probable probably perhaps maybe proposed planned failed "
    "fake so-called would-be self-proclaimed prospective up too both anti non pro"
)
# What a noun hangs from: cut off behind one of these, it would stand for what it was only a part of.
HANGING = frozenset("of to for from with about towards toward like 's".split())
# Where a clause begins that can be said without what went before; not "that", which hangs from a claim or a hope.
JOINTS = frozenset("and but while whereas because though although yet so".split())
SUBORDINATE = frozenset("though although while whereas despite".split())
SUPERLATIVES = _stems("first last only sole most least best worst")

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_DIGITS: Mapping[str, str] = {word: str(value) for value, word in enumerate(_ONES.split())}
_AMOUNTS = frozenset(
    (
        "thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion "
        "billions trillion trillions dozen dozens half halves third thirds quarter quarters fifth tenth second first "
        "fourth sixth seventh eighth ninth once twice thrice double triple single percent per cent "
        "january february march april june july august september october november december monday tuesday wednesday "
        "thursday friday saturday sunday spring summer autumn winter century centuries decade decades"
    ).split()
)


def amount(word: str) -> str | None:
    """A number, a part of a date or another amount in one spelling: "ten" is "10"; None for other words.

    ``word`` is folded. Signs, currencies, separators within and the per cent sign stay.
    """
    if any(character.isdigit() for character in word):
        return word.replace(",", "")
    if word in _DIGITS:
        return _DIGITS[word]
    parts = word.split("-")
    return word if any(part in _AMOUNTS or part in _DIGITS for part in parts) else None


def denies(key: str) -> bool:
    """Whether a stem denies or weakens its whole clause; hyphenated words count by their parts."""
    return key in DENIALS


def qualifies(key: str) -> bool:
    """Whether a stem qualifies the word behind it."""
    return key in QUALIFIERS


def any_superlative(surfaces: Iterable[str]) -> bool:
    """Whether one of these words puts something first among others."""
    return any(word.endswith("est") or stem(word) in SUPERLATIVES for word in surfaces)
