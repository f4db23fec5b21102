"""Whether a quote backs a sentence that a model wrote: the checker that decides what of a summary is shown.

A sentence is backed when it is what one of its quotes says with words left out: every word that bears meaning is the
quote's, in the quote's order, and nothing was left out or put in that turns what is said. So no number, date or name
can be another one, change places with another one or stand beside the verb of another one; no denial, condition or
limit can be added or dropped; no statement can lose who made it. What cannot be told to be backed is not backed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise, takewhile

import regex

from assistant.language.turning import (
    BE,
    DETERMINERS,
    HANGING,
    HELPERS,
    JOINTS,
    PAST_BE,
    PREPOSITIONS,
    PRESENT_BE,
    PRONOUNS,
    any_superlative,
    denies,
    qualifies,
)
from assistant.language.verbs import PARTICIPLES
from assistant.language.voices import voices
from assistant.summary.wording import Kind, Token, lists, spelled, tokens_of
from index import Span
from index.sentences import split_sentences
from index.tokens import stem

_LEAST_WORDS = 2
_ADDING = ("and", "but")
_MOST_STEPS, _MOST_WAYS = 5_000, 100
# Between two words, where a clause may begin; a bracket or a quotation mark may stand before any word.
_BREAK = regex.compile(r"[)”\"]?\s*[,;:]|[–—-]")
_RELATIVE = regex.compile(
    r"^\s*,\s*(?:which|who|whose|where|when|including|such as|like|according)\b", regex.IGNORECASE
)


def backed(sentence: str, quote: str, acronyms: Mapping[str, str]) -> bool:
    """Whether ``quote`` alone backs ``sentence``. ``acronyms``: short form → the words it stands for."""
    said, source = tokens_of(spelled(sentence, acronyms)), spelled(quote, acronyms)
    stated = tokens_of(source)
    if "?" in source and "?" not in sentence:
        return False
    if [token.text for token in said] == [token.text for token in stated]:
        return bool(said)
    wanted = [token for token in said if not token.free]
    if len(wanted) < _LEAST_WORDS or not _tenses_agree(said, stated):
        return False
    speakers = [{token.low for token in tokens_of(span.of(source)) if not token.free} for span in voices(source)]
    return any(
        all(names <= {stated[at].low for at in places} for names in speakers) and _holds(said, stated, places, source)
        for places in islice(_alignments(wanted, stated), _MOST_WAYS)
    )


def _tenses_agree(said: Sequence[Token], stated: Sequence[Token]) -> bool:
    ours, theirs = ({token.low for token in tokens} for tokens in (said, stated))
    then, now = bool(theirs & PAST_BE), bool(theirs & PRESENT_BE)
    return not (ours & {"was", "were"} and now and not then) and not (ours & PRESENT_BE and then and not now)


def _alignments(wanted: Sequence[Token], stated: Sequence[Token]) -> Iterator[list[int]]:
    """Every way to find the wanted words in the quote, in order: their places in it. Gives up on a thicket."""
    steps = 0
    places: list[int] = []

    def search(at: int, after: int) -> Iterator[list[int]]:
        nonlocal steps
        if at == len(wanted):
            yield list(places)
            return
        for place in range(after, len(stated)):
            steps += 1
            if steps > _MOST_STEPS:
                return
            if not stated[place].free and wanted[at].is_same(stated[place]):
                places.append(place)
                yield from search(at + 1, place + 1)
                places.pop()

    yield from search(0, 0)


def _holds(said: Sequence[Token], stated: Sequence[Token], places: Sequence[int], source: str) -> bool:
    """Whether what the quote says at ``places`` can be said without the rest of it."""
    taken = frozenset(places)
    return (
        _begins_well(said, stated, places, source)
        and _ends_well(stated, places)
        and _keeps_denials(stated, taken)
        and _keeps_qualifiers(stated, taken)
        and _keeps_wholes(stated, taken)
        and _skips_well(stated, places, source)
        and _keeps_speech(stated, taken)
        and _keeps_voice(said, stated, places)
        and _keeps_prepositions(said, stated, places)
        and _keeps_verbs(said, stated, places)
    )


def _begins_well(said: Sequence[Token], stated: Sequence[Token], places: Sequence[int], source: str) -> bool:
    """Where the quote, a sentence or a clause begins, with a subject of its own: the words before do not govern it."""
    lead = [token.low for token in takewhile(lambda token: token.free, said)]
    first = at = places[0]
    determined = False
    if lead and [token.low for token in stated[max(0, first - len(lead)) : first]] == lead:
        at, determined = first - len(lead), True
    while at > 0 and not stated[at].pause and stated[at - 1].low in DETERMINERS:
        at, determined = at - 1, True
    starts = {stated[0].start, *(span.start for span in split_sentences(source, Span(0, len(source))))}
    if stated[at].start in starts:
        return True
    joint = stated[at - 1]
    if joint.low in _ADDING:
        parts = joint.start in starts or _parts_clauses(stated, at - 1, source)
        begins = parts and _keeps_marks(said, stated, places)
    elif joint.low in JOINTS or (joint.low == "as" and joint.pause):
        begins = True
    else:
        mark = source[joint.end : stated[at].start].strip()
        # "Beijing and, surprisingly, Moscow"
        aside = max((place for place in range(1, at) if stated[place].pause), default=at)
        parts = bool(_BREAK.fullmatch(mark)) and stated[aside - 1].low not in _ADDING
        begins = parts and _keeps_marks(said, stated, places)
    listed = lists(stated)
    if not begins or any(listed[place] == listed.get(first) for place in listed if place < first):
        return False
    return determined or stated[first].kind is not Kind.WORD or stated[first].low in PRONOUNS


def _parts_clauses(stated: Sequence[Token], at: int, source: str) -> bool:
    """Whether the "and" or "but" there begins a clause: behind a comma, the only mark of the clause before.

    In "all members but India" it excepts, in "between A, B, and C" it ends a list.
    """
    marks = [token.pause for token in stated[:at] if token.clause == stated[at - 1].clause]
    return source[stated[at - 1].end : stated[at].start].strip() == "," and not any(marks[1:])


def _keeps_marks(said: Sequence[Token], stated: Sequence[Token], places: Sequence[int]) -> bool:
    """No mark is left out between two words: in "a friend of Putin, the president, resigned" it tells who did not."""
    ours = [at for at, token in enumerate(said) if not token.free]
    return all(
        any(token.pause for token in said[mine + 1 : next_mine + 1])
        or not any(token.pause for token in stated[their + 1 : next_their + 1])
        for (mine, next_mine), (their, next_their) in zip(pairwise(ours), pairwise(places), strict=True)
    )


def _ends_well(stated: Sequence[Token], places: Sequence[int]) -> bool:
    last = places[-1]
    if last + 1 == len(stated) or stated[last + 1].pause:
        return True
    following = stated[last + 1]
    if following.low in JOINTS:
        return True
    # "an alliance organization" is not "an alliance", nor "the largest in Asia" the largest.
    superlative = any_superlative(stated[place].low for place in places)
    return following.free and following.low not in HANGING and not superlative


def _keeps_denials(stated: Sequence[Token], taken: frozenset[int]) -> bool:
    used = {stated[place].clause for place in taken}
    return all(
        at in taken or token.clause not in used or not any(map(denies, (token.key, *_parts(token))))
        for at, token in enumerate(stated)
    )


def _keeps_qualifiers(stated: Sequence[Token], taken: frozenset[int]) -> bool:
    """What qualifies a word goes with it, and "or" with both of its sides."""
    bearing = [at for at, token in enumerate(stated) if not token.free]
    for one, other in pairwise(bearing):
        if other in taken and one not in taken and qualifies(stated[one].key) and stated[one].low != "or":
            return False
    for before, at, behind in zip(bearing, bearing[1:], bearing[2:], strict=False):
        if stated[at].low == "or" and at not in taken and (before in taken or behind in taken):
            return False
    return True


def _keeps_wholes(stated: Sequence[Token], taken: frozenset[int]) -> bool:
    """Names and amounts whole; a word with what it hangs from; a noun with what stands before it as part of it."""
    runs: dict[int, set[bool]] = {}
    for at, token in enumerate(stated):
        if not token.free:
            runs.setdefault(token.run, set()).add(at in taken)
    if any(len(found) > 1 for found in runs.values()):
        return False
    for at in taken:
        before = at - 1
        while before >= 0 and stated[before].low in DETERMINERS and not stated[before + 1].pause:
            before -= 1
        if before >= 1 and stated[before].low in HANGING and not stated[before + 1].pause:
            governor = before - 1
            if not stated[before].pause and not stated[governor].free and governor not in taken:
                return False
        behind = at + 1
        if behind < len(stated) and not stated[behind].pause and behind not in taken:
            follows = stated[behind]
            if follows.low == "'s" and behind + 1 not in taken:
                return False
            if stated[at].kind is Kind.NAME and not follows.free and not _adverb(follows):
                return False
    return True


def _skips_well(stated: Sequence[Token], places: Sequence[int], source: str) -> bool:
    """No name or amount is passed over, for the words about it would pass to another; an aside may be."""
    listed = lists(stated)
    for one, other in pairwise(places):
        skipped = [at for at in range(one + 1, other) if not stated[at].free]
        ours = {listed.get(one), listed.get(other)}
        passed = [at for at in skipped if at in listed and listed[at] not in ours]
        if not skipped or (not passed and stated[one].clause == stated[other].clause):
            continue
        behind = other
        while stated[behind - 1].free and not stated[behind].pause:
            behind -= 1
        if not _aside(source[stated[one].end : stated[behind].start]):
            return False
    return True


def _aside(between: str) -> bool:
    """Whether all that was passed over is one remark that is set apart: in brackets, dashes, or a relative clause."""
    between = between.strip()
    if between.startswith("(") and between.endswith(")"):
        return ")" not in between[:-1]
    if regex.match(r"[–—]", between) and regex.search(r"[–—]$", between):
        return not regex.search(r"[–—;.]", between[1:-1])
    return bool(_RELATIVE.match(between)) and between.endswith(",") and not regex.search(r"[,;.]", between[1:-1])


def _keeps_speech(stated: Sequence[Token], taken: frozenset[int]) -> bool:
    """Somebody's words are not said without all that stands around them: it tells whose they are, and how meant."""
    around = {at for at, token in enumerate(stated) if not token.speech and not token.free}
    return around <= taken or not any(stated[at].speech for at in taken)


def _keeps_prepositions(said: Sequence[Token], stated: Sequence[Token], places: Sequence[int]) -> bool:
    """Whom one attacks is not whom one attacks with: each word has the preposition that it has in the quote."""
    ours = [at for at, token in enumerate(said) if not token.free]
    for mine, their in zip(ours, places, strict=True):
        here, there = _preposition(said, mine), _preposition(stated, their)
        begins = there == "as" and their == places[0]
        if here != there and not (here is None and (there == "and" or begins)):
            return False
    return True


def _keeps_verbs(said: Sequence[Token], stated: Sequence[Token], places: Sequence[int]) -> bool:
    """No "is" or "has" stands for words that were passed over: they may have been the verb."""
    ours = [at for at, token in enumerate(said) if not token.free]
    for (mine, next_mine), (their, next_their) in zip(pairwise(ours), pairwise(places), strict=True):
        between = stated[their + 1 : next_their]
        put_in = any(token.low in HELPERS for token in said[mine + 1 : next_mine])
        if put_in and not any(token.low in HELPERS for token in between) and any(not token.free for token in between):
            return False
    return True


def _preposition(tokens: Sequence[Token], at: int) -> str | None:
    before = at - 1
    while before >= 0 and tokens[before].free and tokens[before].low not in PREPOSITIONS:
        before -= 1
    return tokens[before].low if before >= 0 and tokens[before].free else None


def _keeps_voice(said: Sequence[Token], stated: Sequence[Token], places: Sequence[int]) -> bool:
    """Who was attacked did not attack: a participle has the same auxiliary in both."""
    ours = [at for at, token in enumerate(said) if not token.free]
    for mine, their in zip(ours, places, strict=True):
        word = stated[their].low
        if word.endswith("ed") or said[mine].low.endswith("ed") or word in PARTICIPLES:
            acted, acts = _passive(said, mine), _passive(stated, their)
            if acted != acts and not (acted and stated[their].pause):
                return False
    return True


def _passive(tokens: Sequence[Token], at: int) -> bool:
    before = at - 1
    while before >= 0 and (_adverb(tokens[before]) or tokens[before].low in ("not", "also")):
        before -= 1
    return before >= 0 and tokens[before].low in BE


def _adverb(token: Token) -> bool:
    return token.low in ("today", "now") or (token.low.endswith("ly") and token.capital is not True)


def _parts(token: Token) -> list[str]:
    return [stem(part) for part in token.low.split("-")] if "-" in token.low else []
