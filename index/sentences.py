"""Sentences as spans of a text. Knows English punctuation; knows nothing about embeddings or questions."""

from __future__ import annotations

from collections.abc import Collection

import regex

from index.documents import Span

MAX_SENTENCE_CHARS = 1000

# Markdown sets its marks of emphasis behind the stop too.
_CLOSERS = "\"'”’»›)\\]*_"
_OPENERS = "\"'“‘«‹([*_¿¡"
# What a reader sees as part of the mark before it: a variation selector, say.
_EXTEND = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{Emoji_Modifier}\u200d]*+"
# What refers to a note or to the literature from behind the stop: "[1]", "[2, 5–7]", "¹", and digits that a raised
# number became; those only behind a word, for "v.2" and "p.1" are none. No sentence has so many that a bound counts,
# and without one a long row of figures costs quadratic time.
_REFERENCES = (
    r"(?:\[\p{N}{1,3}(?:[,;–-]\s?\p{N}{1,3}){0,20}\]|[⁰¹²³⁴-⁹†‡]|"
    r"(?<=\p{Ll}{3}[.!?])\p{N}{1,3}(?:[,–-]\p{N}{1,3}){0,20}(?=\s+\p{Lu}))*+"
)
_SPACE = r"[ \u00a0\u202f]"
# Closes from behind a space: "[ files ... ]", and as French is set, "« Non ! »".
_SET_APART = rf"(?:{_SPACE}(?:[)\]}}]|[»›](?=\s)))?+"
# Marks of scripts that write no capitals, so that nothing but the mark tells: the danda, the Arabic question mark.
_UNCASED = r"[\p{Sentence_Break=STerm}--[!?‼⁇⁈⁉。！？]]"
# An ellipsis may be set with spaces, ". . .". The look-behinds make a run of marks one candidate: without them a line
# of dots costs quadratic time.
_STOP = regex.compile(
    rf"(?<![.!?…])(?:(?<!\.{_SPACE})\.(?:{_SPACE}\.){{2,}}+|[.!?…]++)[{_CLOSERS}]*+{_REFERENCES}{_SET_APART}(?=\s)|"
    rf"(?<!{_UNCASED}){_UNCASED}++[{_CLOSERS}]*+(?=\s)|"
    # 「…？」と聞いた goes on behind the bracket, 「…。」この人 does not: only a particle carries on what was said.
    rf"(?:[。！？]{_EXTEND})++(?:[」』”’）]{_EXTEND})*+(?!(?<=[」』])(?:[とをがのはに]|って|など|なんて))",
    regex.V1,
)
_NEXT_WORD = regex.compile(rf"\s*+[{regex.escape(_OPENERS)}]*+(\S)(\w*)")
# Marks of emphasis stand before it; within it "_" makes a name of a program's.
_LAST_WORD = regex.compile(r"(?:[^\s(\[“‘\"'*_]|(?<=[\p{L}\p{N}])_)*$")
# May stand behind the stop of an abbreviation without ending the sentence: "(U.S.) Navy", "**Mr.** Hill".
_BEHIND_ABBREVIATION = ")]}*_0123456789⁰¹²³⁴⁵⁶⁷⁸⁹†‡[,;–- \u00a0\u202f»›"
_BREAKS = regex.compile(r"\n")
_CELL_ENDS = regex.compile(r"[^\S\n\t]*+[|\t]")
# Between two cells of a row of plain text.
_GAP = regex.compile(r" {3,}+(?=\S)")
# Dots that lead from one cell to the next: "Adult ........ free", "Alloy wheels ... 120 Nm".
_LEADER = regex.compile(r" (?:(?:\. ?){5,100}+|\.{3,4}+ ++(?=[\p{N}\p{Sc}]))(?=[^\s.])")
# The line below the head of a table, which belongs to it.
_RULE = regex.compile(r"(?=.*---)[|:\s-]++")
# The number or bullet of a list item.
_BEFORE_TEXT = regex.compile(r"\(?\p{N}{1,3}(?:\.\p{N}{1,3})*[.)]|\(?\p{L}[.)]|[-*•‣◦–—·|:\s]+")
# "Table 2." and what the table shows, "Article V." and what it lays down, "9 a.m." and what begins then.
_LABEL = regex.compile(
    r"[*_]*(?:table|figure|fig\.|box|chart|plate|scheme|step|rule|article|art\.|section|chapter|appendix|annex|part|"
    r"exhibit|§)(?:\s?\p{N}{1,3}(?:\.\p{N}{1,3})*\p{L}?|\s(?:[IVXL]+|\p{L}))[.:][*_]*|"
    r"\p{N}{1,2}(?:[:.]\p{N}{2})? ?[ap]\.m\.",
    regex.I,
)

# Never the end of a sentence, whatever follows.
_TITLES = frozenset(
    (
        "mr mrs ms messrs mme mlle dr prof sen rep pres gov gen col maj capt cmdr lt lieut sgt cpl pvt adm amb atty "
        "supt insp rev hon fr snr asst assoc vs v cf viz eg ie e.g i.e a.k.a n.b p.s p.p.s approx ca dept est "
        "univ intl natl govt suppl incl excl attn enc encl"
    ).split()
)
_BEFORE_BRACKETS = frozenset("etc inc ltd corp co".split())
# Behind a street, a measure or a name they may stand last.
_PLACES = frozenset("st ft mt tsp tbsp jr sr al".split())
# After these a capital letter does not yet make a new sentence; one of the starters below does.
_STARTERS = frozenset(
    (
        "the a an in on at it its he she they we i this that these those there however but and when while if as "
        "for after before since although though according both some many most one her his my our your their what who "
        "where how why all each every then so thus therefore also because until unless during please with by"
    ).split()
)
_DOTTED = regex.compile(r"(?:\p{L}\.)+\p{L}$")
_NUMBER_FOLLOWS = frozenset(
    # The single letters stand before a year: circa, born, died, reigned.
    (
        "no nos nr chap chaps fig figs eq eqs vol vols pp ch sec secs sect subsec art arts para paras cl cls reg regs "
        "sch sched ex p ed tel ext max min temp qty ref refs acct cat cust inv ser co rm apt bldg ste ver c b d r"
    ).split()
)
# "5", "(b)", "[5]", "GB 123", "EP/X-12", "IV", and "No. 5" behind "Reg."; "A 5-year plan" begins anew.
_NUMBER = regex.compile(
    r"\s*+(?:[+\[]?\p{N}|\((?:\p{N}+|\p{L}|[ivx]+)\)|(?![AI]\s)\p{Lu}{1,5}(?:[/-]\p{Lu}{1,4})*[ /-]?\p{N}|"
    r"(?:Reg\. )?N(?:o|os|r)\.\s|(?!I\b)(?=[IVXL])(?:X[LC]|L?X{0,3})(?:I[VX]|V?I{0,3})\b)"
)
_TIME_GOES_ON = regex.compile(
    r"\s*+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|Mon|Tue|Wed|Thu|Fri|Sat|Sun|January|February|March|April|"
    r"May(?=\s+\p{N})|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|"
    r"Dec|GMT|UTC|[ECMP][SD]?T|CES?T|BST|IST|JST|(?:Eastern|Central|Mountain|Pacific)(?=\s+(?:\w+\s+)?[Tt]ime))\b"
)
# "Yahoo! Inc.", "Smith & Co. Ltd.": part of the name before it. Not "Co-workers"; "AG" is mostly a person.
_COMPANY = regex.compile(r"\s*+(?:Inc|Ltd|LLC|LLP|Corp|Co|PLC|plc|GmbH|Pty)\b(?![-‐‑])")
# Behind these "I" is an initial, elsewhere mostly the speaker or a number: "by I. Moller", "World War I. Then".
_BEFORE_INITIAL = regex.compile(r"(?:\b(?:(?i:by|of|from|with|to|see|dr\.?|prof\.?)|\p{Lu}\.)|[,;&(\[])\s*+I$")
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
_DAYS = frozenset("Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun".split())
_DAY_GOES_ON = regex.compile(r"\s*+(?:\p{N}|[–-]\s?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))")


def split_sentences(text: str, within: Span, *, lines: bool = False, joined: Collection[int] = ()) -> list[Span]:
    """Return the sentences of ``text`` inside ``within``, in reading order.

    Offsets are code points of ``text``, not of the passage. The spans are disjoint, start and end on
    non-space characters, and together hold every non-space character of ``within``. With ``lines`` a line
    break ends a sentence too, as in a list, unless the line behind it begins at one of ``joined``. A run of
    more than MAX_SENTENCE_CHARS without an end is cut at white space or, failing that, between two grapheme
    clusters.
    """
    ends = [m.end() for m in _STOP.finditer(text, within.start, within.end) if _ends_sentence(text, within, m)]
    if lines:
        ends = [end for end in ends if not _GAP.match(text, end, within.end)]
    breaks: set[int] = set()
    if lines:
        breaks = {m.end() for m in _BREAKS.finditer(text, within.start, within.end)}.difference(joined)
        ends = sorted({*ends, *breaks})
    spans: list[Span] = []
    start = at = within.start
    letters = 0
    for end in (*ends, within.end):
        letters += sum(character.isalpha() for character in text[at:end])
        at = end
        piece = trimmed(text, start, end)
        if piece is None:
            continue
        if spans and end in breaks and _RULE.fullmatch(piece.of(text)):
            spans[-1] = Span(spans[-1].start, piece.end)
            start, letters = end, 0
            continue
        # "1." or "(a)" alone is the number of what follows, not a sentence; a line of figures may be one.
        if end < within.end and letters < 2 and (end not in breaks or _BEFORE_TEXT.fullmatch(piece.of(text))):
            continue
        if end < within.end and end not in breaks and _LABEL.fullmatch(piece.of(text)):
            continue
        spans.extend(_cut(text, piece))
        start = end
        letters = 0
    return spans


def ends_like_a_sentence(line: str) -> bool:
    """Whether a line closes with a full stop, question or exclamation mark, or a colon or semicolon."""
    return (
        line.rstrip().rstrip("\"'”’»›)]」』）").endswith((".", "!", "?", "…", ":", ";", "。", "！", "？", "：", "；"))
    )


def trimmed(text: str, start: int, end: int) -> Span | None:
    """``[start, end)`` without white space at its ends; None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _ends_sentence(text: str, within: Span, stop: regex.Match[str]) -> bool:
    mark = stop.group()
    if _CELL_ENDS.match(text, stop.end(), within.end):
        return False
    if mark[0] not in ".!?…":
        return True
    if len(mark) > 2 and _LEADER.match(text, max(within.start, stop.start() - 1), within.end):
        return False
    following = _NEXT_WORD.match(text, stop.end(), min(within.end, stop.end() + 200))
    if following is None:
        return True
    first, word = following.group(1), following.group(1) + following.group(2)
    if mark[-1] in ".!" and _COMPANY.match(text, stop.end(), within.end):
        return False
    bracketed = text[following.start(1) - 1] in "(["
    if first.islower() and not bracketed:
        return False
    # "the United States (U.S.) Navy" goes on as "the U.S. Navy" does; ".”" closes what is said.
    if mark.rstrip(_BEHIND_ABBREVIATION) != "." or mark.startswith(".."):
        return True
    before_at = max(within.start, stop.start() - 40)
    last = _LAST_WORD.search(text[before_at : stop.start()])
    before = last.group() if last else ""
    if first.islower():
        # "etc. (see there)" and "Hill, J. (ed.)" go on, "It is late. (laughs) Good night." does not.
        known = before.lower() in _TITLES | _NUMBER_FOLLOWS | _BEFORE_BRACKETS | _PLACES | _MONTHS
        return not known and not _DOTTED.search(before) and not (len(before) == 1 and before.isupper())
    starter = word.lower() in _STARTERS
    if _is_abbreviation(before, text, stop.end(), starter):
        return False
    # "J. Smith" and "U.S. Navy" go on; "in the U.S. The next day" does not.
    initial = (
        len(before) == 1
        and before.isupper()
        and (before != "I" or _BEFORE_INITIAL.search(text[before_at : stop.start()]) is not None)
    )
    if initial or _DOTTED.search(before):
        if before.lower() in {"p.m", "a.m"}:
            return _TIME_GOES_ON.match(text, stop.end(), within.end) is None
        return starter and (not initial or len(word) > 1)
    return True


def _is_abbreviation(before: str, text: str, at: int, starter: bool) -> bool:
    """Whether ``before`` is one that the words at ``at`` carry on; ``starter``: they mostly begin a sentence."""
    word = before.lower().strip(".")
    if len(word) == 1 and word != "p" and before.isupper():
        # "vitamin C", "230 V"
        return False
    if word in _NUMBER_FOLLOWS | _MONTHS:
        # "No. 5", "Art. IV" and "Sept. 3" go on, "I said no. Then I left" does not.
        return _NUMBER.match(text, at) is not None
    if before in _DAYS:
        return _DAY_GOES_ON.match(text, at) is not None
    return word in _TITLES or (word in _PLACES and not starter)


def _cut(text: str, piece: Span) -> list[Span]:
    pieces: list[Span] = []
    start = piece.start
    while piece.end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        at = max((i for i in range(limit, limit - MAX_SENTENCE_CHARS // 2, -1) if text[i - 1].isspace()), default=0)
        if not at:
            at = _grapheme_end(text, start, limit)
        head = trimmed(text, start, at)
        if head is not None:
            pieces.append(head)
        start = at
    tail = trimmed(text, start, piece.end)
    return [*pieces, tail] if tail is not None else pieces


def _grapheme_end(text: str, start: int, limit: int) -> int:
    """The last end of a grapheme cluster in ``(start, limit]``; ``limit`` itself if one cluster fills it all."""
    at = start
    for cluster in regex.finditer(r"\X", text, pos=start, endpos=limit + 64):
        if cluster.end() > limit:
            break
        at = cluster.end()
    return at if at > start else limit
