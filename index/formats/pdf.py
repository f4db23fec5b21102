"""PDF: lines of text with their place on the page, made into paragraphs, headings and pages; read with pypdf.

pypdf is Python alone (BSD, 0.4 MB) and stops at limits of its own where a hostile file would blow it up. It gives text
in the order of the page's own description, which in what word processors and TeX write is column after column.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

import regex
from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from index.formats import Unreadable
from index.formats.pdf_fonts import mend_spaces
from index.formats.pdf_furniture import without_furniture
from index.formats.pdf_hyphens import HYPHENS, Hyphens
from index.formats.pdf_lines import Line, are_rows, carries_on, leading_of, same_baseline
from index.formats.pdf_page import lines_of
from index.formats.signatures import signed
from index.formats.transcript import Transcript, one_line
from index.sentences import ends_like_a_sentence
from index.structure import MOST_LEVELS

_SIGNATURE = b"%PDF-"
_MAX_PAGES = 5_000
_ITEM = regex.compile(r"(?:[•‣◦▪●○■–—*·-]|\(?\p{N}{1,3}[.)]|\(?\p{L}[.)])\s")
_NUMBERED = regex.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|Chapter|Appendix|Part)\s+\p{Lu}")
# What a sum or a share ends in; a table of contents has page numbers.
_AMOUNT = regex.compile(r"(?:\p{Sc}\s?\p{N}[\p{N}.,]*|\p{N}[.,]\p{N}{2,}|%|\p{N}\s?\p{Sc})$")
_JUNK_TITLE = regex.compile(
    r"(?i)untitled|microsoft \w+ - |.*\.(?:docx?|indd|tex|dvi|pptx?|xlsx?|rtf|odt|pdf|qxd)$|^\W*$"
)
# The row of dots that leads from a title to its page in a table of contents.
_LEADER = regex.compile(r"(?:[.·…] ?){4,}\s*(?:\d{1,5}|[ivxlcdm]+)$")
_HEADING_CHARS = 160


def extract(data: bytes) -> dict[str, object]:
    """Raises Unreadable."""
    if _SIGNATURE not in data[:1024]:
        raise Unreadable("its content is not that of a PDF; give it the ending of what it is")
    # Every oddity of a file would be a line of log.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    transcript = Transcript()
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Unreadable("is encrypted; save a copy without a password")
        count = len(reader.pages)
        if count > _MAX_PAGES:
            raise Unreadable(f"has {count:,} pages, more than {_MAX_PAGES:,}; split it into several files")
        looked_at: set[int] = set()
        pages = []
        for number in range(count):
            page = reader.pages[number]
            mend_spaces(page, looked_at)
            pages.append(lines_of(page, number))
        _read_facts(reader, transcript)
        titles = _outline(reader)
    except DependencyError:
        raise Unreadable("is encrypted; save a copy without a password") from None
    except (PyPdfError, RecursionError) as problem:
        raise Unreadable(f"damaged: {one_line(str(problem))[:120] or 'it cannot be read'}; save it again") from None
    if not any(line.text.strip() for lines in pages for line in lines):
        raise Unreadable("holds no text, as a scan does; run text recognition (OCR) on it and save the result")
    _write(without_furniture(pages), titles, transcript)
    return signed(transcript.to_json())


def _write(pages: Sequence[Sequence[Line]], titles: Mapping[str, int], transcript: Transcript) -> None:
    lines = [line for page in pages for line in page]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = max(sizes.items(), key=lambda item: (item[1], -item[0]))[0]
    hyphens = Hyphens(lines)
    begun = 0
    for kind, block in _blocks(lines, body, titles):
        words = ""
        new_pages: list[int] = []
        for position, line in enumerate(block):
            breaks = kind == "lines" and not carries_on(block[position - 1], line)
            words = hyphens.joined(words, line.text, "\n" if breaks else " ")
            while begun <= line.page:
                new_pages.append(len(words) - len(line.text))
                begun += 1
        transcript.add(kind, words, new_pages, titles.get(_key(words), 0) if kind == "heading" else 0)
    for _ in range(begun, len(pages)):
        transcript.new_page()


def _blocks(lines: Sequence[Line], body: float, titles: Mapping[str, int]) -> Iterator[tuple[str, list[Line]]]:
    """Runs of lines that belong together, and what each is."""
    leading = leading_of(lines)
    block: list[Line] = []
    for line in lines:
        if block and not _goes_on(block, line, leading, body, titles):
            yield from _settled(block, body, titles)
            block = []
        block.append(line)
    if block:
        yield from _settled(block, body, titles)


def _settled(block: list[Line], body: float, titles: Mapping[str, int]) -> Iterator[tuple[str, list[Line]]]:
    if _LEADER.search(block[-1].text):
        yield "aside", block
    elif _heads(block, body, titles):
        yield "heading", block
    elif not _ITEM.match(block[0].text) and (are_rows(block) or (len(block) > 2 and _is_ragged(block))):
        yield "lines", block
    else:
        yield "paragraph", block


def _is_ragged(block: Sequence[Line]) -> bool:
    """Whether short lines begin anew each time, as in verse, an address or a table: then their breaks are meant."""
    begun = sum(not line.text[:1].islower() for line in block)
    return max(len(line.text) for line in block) < 40 and 3 * begun >= 2 * len(block)


def _goes_on(block: list[Line], line: Line, leading: float, body: float, titles: Mapping[str, int]) -> bool:
    """Whether ``line`` continues the block before it."""
    last = block[-1]
    if abs(line.size - last.size) > 0.08 * max(line.size, last.size) and not same_baseline(last, line):
        return False
    if _heads(block, body, titles) != _heads([line], body, titles):
        return False
    if (_ITEM.match(line.text) or _LEADER.search(last.text)) and not same_baseline(last, line):
        return False
    fell = last.y - line.y
    if line.page != last.page or fell < -0.5 * line.size:
        # A new page, or the next column: a paragraph runs on when it was left in the middle of a sentence.
        return not ends_like_a_sentence(last.text) and (
            line.text[:1].islower() or last.text.endswith(HYPHENS) or line.text[:1].isdigit()
        )
    # The lines of a title may stand further apart than those of the text.
    titled = _heads(block, body, titles) and line.size >= 1.12 * body and not _NUMBERED.match(line.text)
    if fell > max(1.35 * leading, (1.4 if titled else 1.2) * line.size) and fell > 1.25 * _fall(block):
        return False
    # The first line of a paragraph is set in, when the one before has come to its end.
    return not (
        line.x - last.x > 0.8 * line.size and ends_like_a_sentence(last.text) and not _ITEM.match(block[0].text)
    )


def _fall(block: Sequence[Line]) -> float:
    """From one line to the next within a block, in points; 0 while it has but one line."""
    falls = [one.y - next_one.y for one, next_one in pairwise(block) if one.page == next_one.page]
    usual = [fall for fall in falls if fall > 0]
    return min(usual) if usual else 0.0


def _heads(block: Sequence[Line], body: float, titles: Mapping[str, int]) -> bool:
    """Whether lines look like a heading: named in the outline, set larger, or numbered and bold."""
    words = " ".join(line.text for line in block)
    if len(words) > _HEADING_CHARS or not any(letter.isalpha() for letter in words):
        return False
    if _key(words) in titles:
        return True
    if _ITEM.match(words) and not _NUMBERED.match(words):
        return False
    first = block[0]
    if first.cells and _AMOUNT.search(words) and not _NUMBERED.match(words):
        # "Total due    £988.80"
        return False
    if words.rstrip().endswith((".", ",", ";")) and not _NUMBERED.match(words):
        return False
    return first.size >= 1.12 * body or (first.bold and first.size >= 0.95 * body and words[:1].isalnum())


def _outline(reader: PdfReader) -> dict[str, int]:
    """What the file's own table of contents calls its sections, with their levels: 0 where a name has several."""
    found: dict[str, int] = {}
    waiting: list[tuple[Any, int]] = [(entry, 1) for entry in reader.outline]
    while waiting and len(found) < 10_000:
        entry, level = waiting.pop()
        if isinstance(entry, list):
            waiting.extend((each, level + 1) for each in entry)
        else:
            title, told = _key(str(entry.title or "")), level if level <= MOST_LEVELS else 0
            found[title] = told if found.get(title, told) == told else 0
    found.pop("", None)
    return found


def _key(title: str) -> str:
    """A section's title without its number, spaces and case, for the outline often leaves out the one or the other."""
    return "".join(character for character in title.casefold() if character.isalpha())


def _read_facts(reader: PdfReader, transcript: Transcript) -> None:
    facts = reader.metadata
    if facts is None:
        return
    title = one_line(str(facts.title or ""))
    if not _JUNK_TITLE.match(title):
        transcript.fact("title", title)
    transcript.authors(re.split(r"\s*;\s*", str(facts.author or "")))
    try:
        made = facts.creation_date
    except ValueError:
        made = None
    if made is not None:
        transcript.fact("created", made.date().isoformat())
