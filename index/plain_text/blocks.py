"""Plain text → its blocks, told by blank lines, line ends and marks alone. Which head what, is told in passages.py."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from index.documents import Span
from index.plain_text.numbering import heads, number_of
from index.plain_text.paging import printed
from index.sentences import ends_like_a_sentence, trimmed

_HEADING_CHARS = 120
_WRAP_LEAST, _WRAP_CHARS = 40, 120
_TITLE_WORDS = 5
_LEAD_CHARS = 100
# A bullet, a number, that of a clause (not "3.5 tons" or "2.4 GHz"), or when a line of chat was sent.
_ITEM = regex.compile(
    r"(?:[-*•‣◦–—·]|\p{N}{1,3}(?:\.\p{N}{1,3})+\.?(?=\s+[\p{Lu}\p{Lo}(\"“‘'])(?!\s+(?:[GMT]?(?:Hz|Wh?|V|B|Pa|J|N)|EUR|USD|GBP|CHF)\b)|"
    r"\(?\p{N}{1,3}[.)]|\(?\p{L}[.)]|\[\p{N}[\p{N}:., /-]*\]|"
    r"(?:\p{N}{1,4}[./-]\p{N}{1,2}[./-]\p{N}{1,4}(?:,?\s|T))?\p{N}{1,2}:\p{N}{2}(?::\p{N}{2}(?:[.,]\p{N}{1,6})?)?Z?)\s"
)
# Within prose a line may begin with a dash, but with no bullet.
_BULLET = regex.compile(r"[-*•‣◦]\s+[\p{Lu}\p{Lo}\p{N}]")
# The marks before each line of a mail that is answered; ">= 5" is none.
_CITED = regex.compile(r"[^\S\n]*+(?:>(?!=)[^\S\n]*+)+")
# Says that a number is exceeded, unless a line beside it is cited: "> 5 mg" must not be quoted as "5 mg".
_EXCEEDED = regex.compile(r"[^\S\n]*+>[^\S\n]*+\p{Sc}?\p{N}")
# Cells apart by a tab, by dots, or by a space too wide for a line of prose that is justified.
_ROW = regex.compile(r"\||.*\S\t+\S|.*[^\s.,;:!?] {3,}+\S|.*[^\s.·…] (?:[.·…] ?){4,}+[^\s.·…]")
# "Door code: 4711", but also "10:35 Anna: ok".
_FACT = regex.compile(
    r"(?:[^:]|:(?=\p{N})){1,40}:\s+\S|(?:tel|phone|fax|mobile)\b\P{N}*+\p{N}|(?:\S{1,40}\s)?\S{1,64}@\S{1,64}$", regex.I
)
# "E = mc²", displayed by itself; not the line below a title.
_EQUATION = regex.compile(r"[^=≈≃≅≡≤≥≠∝]*[^\s=≈≃≅≡≤≥≠∝]\s*(?::=|[=≈≃≅≡≤≥≠∝])\s*[^\s=>]")
# "* * *" or "-----" parts what stands before and behind it.
_RULE = regex.compile(r"(?:[*_=~#•·⁂+–—\u2500-\u2550-]\s*){3,}|⁂")
# Of one mark alone, so that it is no part of a table.
_UNDERLINE = regex.compile(r"([=~*#_+\u2500-\u2550-])\1{2,}")
_COLUMNS = regex.compile(r"\S(?: {2,}|\t| ?\|)")
_DIVISION = regex.compile(r"(?:chapter|part|section|appendix)\b", regex.I)
_PERIOD = regex.compile(r"\p{N}{4}\s*[–-]\s*(?:\p{N}{4}|present|today|now)\b", regex.I)
_VALUE = regex.compile(r"[\p{N})]$|\S@\S{1,64}$")


@dataclass(frozen=True, slots=True)
class PlainBlock:
    """A paragraph, or a short line without a closing mark that may turn out to be a heading.

    ``trails``: it stands right below text and above a blank line, as a signature does; then it heads nothing.
    """

    span: Span
    lines: bool = False
    may_head: bool = False
    joined: tuple[int, ...] = ()
    trails: bool = False


def plain_blocks(text: str) -> Iterator[PlainBlock]:
    """The blocks of a text in reading order: together they hold every line that is neither blank nor a rule by itself.

    Page numbers and tables of contents count as blank. A text of nothing but these, or rules, keeps them.
    """
    every = list(_unnumbered(text, printed(text))) or list(_unnumbered(text, frozenset()))
    found = [block for block in every if not _RULE.fullmatch(block.span.of(text))] or every
    words = ["", *(block.span.of(text) for block in found), ""]
    for block, (before, its, after) in zip(found, zip(words, words[1:], words[2:], strict=False), strict=False):
        bare = "\n" not in its and not ends_like_a_sentence(its) and not _FACT.match(its)
        yield replace(block, may_head=True, trails=False) if bare and heads(before, its, after) else block


def may_head(line: str, after: str) -> bool:
    """Whether a line by itself, in the midst of a text and before the block ``after``, may be a heading."""
    text = f"Text.\n\n{line}\n\n{after}"
    return any(block.may_head for block in plain_blocks(text) if block.span.of(text) == line)


def _unnumbered(text: str, blank: Collection[int]) -> Iterator[PlainBlock]:
    """The blocks, in which no numbered line may head. Each level of a mail that is answered has its own.

    ``blank``: where lines begin that count as such.
    """
    block: list[Span] = []
    at = depth = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        marks = _marks_of_mail(text, at, end, depth)
        line = None if at in blank else trimmed(text, marks.end() if marks else at, end)
        deep = marks.group().count(">") if marks else 0
        if block and (line is None or deep != depth):
            yield from _parts(text, block)
            block = []
        if line is not None:
            block.append(line)
        at, depth = end + 1, deep
    if block:
        yield from _parts(text, block)


def _marks_of_mail(text: str, at: int, end: int, depth: int) -> regex.Match[str] | None:
    """The marks before a line that is cited; ``depth``: how many the line before it has."""
    marks = _CITED.match(text, at, end)
    if marks is None or depth or not _EXCEEDED.match(text, at, end):
        return marks
    return marks if _CITED.match(text, end + 1) and not _EXCEEDED.match(text, end + 1) else None


def _parts(text: str, block: list[Span]) -> Iterator[PlainBlock]:
    """Take a run of non-blank lines apart: hard-wrapped prose, a list, or lines that stand for themselves."""
    if title := _underlined(text, block):
        yield from (PlainBlock(line, may_head=line == title) for line in block[: block.index(title) + 2])
        if rest := block[block.index(title) + 2 :]:
            yield from _parts(text, rest)
        return
    whole = Span(block[0].start, block[-1].end)
    if len(block) == 1:
        yield _line(text, whole)
    elif _is_wrapped(text, block):
        yield PlainBlock(whole)
    elif _is_wrapped(text, block[1:]) and _is_bare(block[0].of(text)):
        yield _line(text, block[0], followed=True)
        yield PlainBlock(Span(block[1].start, block[-1].end))
    else:
        bare: list[list[Span]] = []
        below_text = False
        for group in _groups(text, block):
            words = text[group[0].start : group[-1].end]
            if ends_like_a_sentence(words) and not _ITEM.match(words) and not _ROW.match(words):
                yield from _bare_lines(text, bare, followed=True)
                bare, below_text = [], True
                yield PlainBlock(Span(group[0].start, group[-1].end))
            else:
                bare.append(group)
        for last in _bare_lines(text, bare, followed=False):
            words = last.span.of(text)
            trails = below_text and last.may_head and not words.isupper() and not _DIVISION.match(words)
            yield replace(last, trails=trails)


def _underlined(text: str, block: list[Span]) -> Span | None:
    """The line above a rule with which a block opens, or between two; None where it opens with no such heading."""
    ruled = [_UNDERLINE.fullmatch(line.of(text)) is not None for line in block[:3]]
    if ruled[:2] != [False, True] and ruled != [True, False, True]:
        return None
    title = block[ruled.index(False)]
    words = title.of(text)
    heads = len(words) <= _HEADING_CHARS and _is_bare(words) and not _COLUMNS.search(words) and _is_worded(words)
    return title if heads else None


def _groups(text: str, block: list[Span]) -> Iterator[list[Span]]:
    """The lines of a block, each with those that carry it on."""
    longest = max(line.end - line.start for line in block)
    group = [block[0]]
    for line in block[1:]:
        if _carries_on(text, group, line, longest):
            group.append(line)
        else:
            yield group
            group = [line]
    yield group


def _carries_on(text: str, group: list[Span], line: Span, longest: int) -> bool:
    words = line.of(text)
    if _ITEM.match(words) or _ROW.match(words):
        return False
    in_item = _ITEM.match(group[0].of(text)) is not None
    if in_item and _indent(text, line) > _indent(text, group[0]):
        return True
    before = group[-1].of(text)
    # In a list without bullets lines may begin in lower case too, but they are short.
    if len(before) < _WRAP_LEAST or ends_like_a_sentence(before):
        return False
    return words[0].islower() or (in_item and not _fits(before, words, longest))


def _fits(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would have gone on this one."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) <= width


def _indent(text: str, line: Span) -> int:
    return line.start - text.rfind("\n", 0, line.start)


def _bare_lines(text: str, bare: list[list[Span]], followed: bool) -> Iterator[PlainBlock]:
    """Lists and short lines: each line that a deeper number follows, as "1.1 Scope" does "1. TERM", stands alone."""
    start = 0
    for position, (group, below) in enumerate(pairwise(bare)):
        words, number = text[group[0].start : group[-1].end], number_of(group[0].of(text))
        deeper = number and number_of(below[0].of(text)).startswith(f"{number}.")
        if deeper and not ends_like_a_sentence(words):
            yield from _listed(text, bare[start:position], followed=True)
            yield PlainBlock(Span(group[0].start, group[-1].end))
            start = position + 1
    yield from _listed(text, bare[start:], followed)


def _listed(text: str, bare: list[list[Span]], followed: bool) -> Iterator[PlainBlock]:
    rows = len(bare) > 1 and all(_ROW.match(group[0].of(text)) for group in bare)
    if len(bare) >= 3 or rows or (bare and all(_ITEM.match(group[0].of(text)) for group in bare)):
        joined = tuple(text.rfind("\n", 0, line.start) + 1 for group in bare for line in group[1:])
        yield PlainBlock(Span(bare[0][0].start, bare[-1][-1].end), lines=True, joined=joined)
    else:
        spans = [Span(group[0].start, group[-1].end) for group in bare]
        # Two figures one below the other are both facts.
        followed |= len(spans) > 1 and all(_VALUE.search(span.of(text)) for span in spans)
        for position, span in enumerate(spans, 1):
            yield _line(text, span, followed or position < len(spans))


def _line(text: str, line: Span, followed: bool = False) -> PlainBlock:
    """``followed``: by a line of the same block, not by a blank one."""
    words = line.of(text)
    tells = bool(
        _FACT.match(words) or (followed and (_VALUE.search(words) or _PERIOD.match(words)))
    ) and not _DIVISION.match(words)
    if tells and not followed and len(words.split()) >= _TITLE_WORDS:
        # "The Lamp Tax: A Short History" opens a document.
        tells = line.start >= _LEAD_CHARS or bool(text[: line.start].strip())
    # "Dear Ms. Hall," opens a letter.
    may_head = len(words) <= _HEADING_CHARS and _is_bare(words) and not tells and not words.endswith(",")
    may_head = may_head and _is_worded(words)
    return PlainBlock(line, may_head=may_head and not (_ROW.match(words) or _EQUATION.match(words) or "\n" in words))


def _is_bare(words: str) -> bool:
    return not ends_like_a_sentence(words) and not _ITEM.match(words)


def _is_worded(words: str) -> bool:
    """A line of marks alone, "}" or "=>", says nothing of what is below it."""
    return any(map(str.isalnum, words))


def _is_wrapped(text: str, block: list[Span]) -> bool:
    if len(block) < 2:
        return False
    lines = [line.of(text) for line in block]
    if sum(bool(_ITEM.match(line) or _ROW.match(line)) for line in lines) > 1 or all(map(_FACT.match, lines)):
        return False
    if any(map(_BULLET.match, lines[1:])):
        return False
    # An address, or the head of a letter: of prose a line or two would begin in lower case.
    if not ends_like_a_sentence(lines[-1]) and all(line[0].isupper() or line[0].isdigit() for line in lines[1:]):
        return False
    if _FACT.match(lines[0]) and _VALUE.search(lines[0]) and not lines[1][0].islower():
        return False
    # A line of one long word, an address say, is as long as that word.
    longest = max((len(line) for line in lines if len(line.split()) > 1), default=0)
    return _WRAP_LEAST <= longest <= _WRAP_CHARS and all(
        len(line) >= 0.6 * longest or not _fits(line, following, longest) for line, following in pairwise(lines)
    )
