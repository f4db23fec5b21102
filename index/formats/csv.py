"""Tables of delimited text, ``.csv`` and ``.tsv``: each row a line, its cells drawn as in the tables of other formats.

Not the standard library's reader: of a cell that opens with a quotation mark and closes with none it makes one cell of
the rest of the file, and of ``"Heroes" by Bowie`` it drops the marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise

import regex

from index.formats.transcript import Transcript, one_line
from index.sentences import ends_like_a_sentence

# In order of preference: commas stand in numbers and in prose too.
_DELIMITERS = "\t;|,"
# What no text holds on purpose.
_NONE = "\x1f"
# Excel's way to say it, in a line of its own.
_DECLARED = regex.compile(r"\"?sep=([^\w\s\"]|\t)\"?(?:\n|$)", regex.I)
# By what delimiter and head are told.
_SAMPLE_ROWS, _SAMPLE_CHARS = 200, 256 * 1024
# How many of them must have the same number of cells.
_ALIKE = 0.6
# A head that is longer would outweigh the row that is read under it.
_HEAD_CHARS = 240
_NAME_CHARS = 60
_TITLE_CHARS = 120
# A number with its unit or sign, a date or a time: nothing that a column is called, unless it is a year.
_VALUE = regex.compile(
    r"[-+−±~<>≤≥(]?\s?[\p{Sc}#]?\s?\p{N}[\p{N}.,:'’/\s-]*(?:[%‰°\p{Sc}]\p{L}?|(?<=[\p{N}\s])\p{L}{1,4}|T[\d:.Z+-]+)?\)?"
)
_YEAR = regex.compile(r"(?:1[5-9]|20)\d\d")
_MOSTLY = 0.8
# Of a column of words: how often, on average, each must recur before one that does not is taken for its name.
_RECURRING, _RECURRING_ROWS = 3, 8

_Row = list[str]


def extract(data: bytes) -> dict[str, object]:
    """``data`` is canonical text in UTF-8."""
    text = data.decode("utf-8")
    transcript = Transcript()
    declared = _DECLARED.match(text)
    at = declared.end() if declared else 0
    delimiter = declared[1] if declared else _delimiter(text)
    rows = (_trimmed(row) for row, _ in _rows(text, delimiter, at))
    sample = list(islice(rows, _SAMPLE_ROWS))
    width = max(map(len, sample), default=0)
    begins = next((number for number, row in enumerate(sample) if len(row) > 1), 0)
    above = [row[0] for row in sample[:begins]]
    if len(above) == 1 and width > 1 and _may_be_title(above[0]):
        transcript.fact("title", above[0])
        transcript.add("heading", above[0])
    else:
        transcript.add("lines", "\n".join(above))
    sample = sample[begins:]
    if width > 1 and sample and _is_head(sample[0], sample[1:]):
        # What every row is read under, also one in the midst of a long table.
        transcript.add("heading", _drawn(sample.pop(0)))
    transcript.add("lines", "\n".join(map(_drawn, chain(sample, rows))))
    return transcript.to_json()


def _delimiter(text: str) -> str:
    """The one that gives the most rows of the sample one number of cells; ``_NONE`` where none does."""
    best, found = 0.0, _NONE
    text = text[:_SAMPLE_CHARS]
    for delimiter in _DELIMITERS:
        rows = list(islice(_rows(text, delimiter, 0), _SAMPLE_ROWS))
        if not rows:
            if delimiter in text:
                # Nothing but empty cells.
                return delimiter
            continue
        widths = [len(row) for row, _ in rows]
        share = _share_alike(widths)
        # Of a delimiter within a quoted cell the halves begin or end with a mark that no other matches.
        torn = sum(torn for _, torn in rows) / sum(widths)
        if share >= _ALIKE and share - torn > best:
            best, found = share - torn, delimiter
    return found


def _share_alike(widths: Sequence[int]) -> float:
    """The share of rows that have the most usual number of cells, 0 where it is one; those above a table left out."""
    first = next((number for number, width in enumerate(widths) if width > 1), len(widths))
    counted = Counter(widths[first:])
    if not counted:
        return 0.0
    width, alike = max(counted.items(), key=lambda item: (item[1], item[0]))
    # Below a line by itself, lines of two halves each may well be prose.
    share = 0.0 if width == 1 or (first and width == 2) else alike / counted.total()
    if not first and widths[0] == max(widths) > 2 and min(widths) > 1:
        # Under a head that names them all, rows may leave out their last cells.
        share = max(share, _ALIKE)
    return share


def _rows(text: str, delimiter: str, at: int) -> Iterator[tuple[_Row, int]]:
    """The rows from ``at`` on that hold anything, their cells on one line each; and how many of these are torn.

    So is a cell that opens with a quotation mark and does not close with one: it is read as it is written, up to the
    next delimiter.
    """
    mark = regex.escape(delimiter)
    cell = regex.compile(
        rf' *+(?:"(?P<quoted>(?:[^"]++|"")*+)" *+(?={mark}|\n|\Z)|(?P<bare>[^{mark}\n]*+))(?P<end>{mark}|\n|\Z)'
    )
    row: _Row = []
    torn = 0
    while at <= len(text):
        found = cell.match(text, at)
        assert found is not None
        quoted, bare = found["quoted"], found["bare"]
        row.append(one_line(bare if quoted is None else quoted.replace('""', '"')))
        torn += quoted is None and bare.startswith('"')
        if found["end"] != delimiter:
            if any(row):
                yield row, torn
            row, torn = [], 0
            if not found["end"]:
                return
        at = found.end()


def _trimmed(row: _Row) -> _Row:
    """A row that holds anything less its last empty cells."""
    while not row[-1]:
        row.pop()
    return row


def _drawn(row: _Row) -> str:
    """An empty cell before others keeps its place."""
    return " | ".join(cell or "–" for cell in row)


def _may_be_title(line: str) -> bool:
    return len(line) <= _TITLE_CHARS and not ends_like_a_sentence(line) and not line.startswith("#")


def _is_head(first: _Row, rows: Sequence[_Row]) -> bool:
    """Whether the first row names the columns of the others; where nothing tells, it is a row as they are.

    A head is no text to quote, so what it would hold by mistake could not be found.
    """
    columns = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(len(first))]
    named = [name for name in first if name]
    if len(_drawn(first)) > _HEAD_CHARS or len(first) - len(named) > (not first[0]) or len(set(named)) < len(named):
        return False
    if not all(len(name) <= _NAME_CHARS and (_YEAR.fullmatch(name) or not _is_value(name)) for name in named):
        return False
    if all(map(_is_value, named)) or any(name in column for name, column in zip(first, columns, strict=True)):
        return False
    years = [int(name) for name in named if _YEAR.fullmatch(name)]
    if len({after - before for before, after in pairwise(years)} - {0}) == 1:
        # "Country | 2019 | 2020"
        return True
    return any(name and _tells(name, column) for name, column in zip(first, columns, strict=True))


def _tells(name: str, column: Sequence[str]) -> bool:
    """Whether ``name`` is of another kind than what stands below it."""
    if not column:
        return False
    values = sum(map(_is_value, column))
    if values >= _MOSTLY * len(column):
        return not _is_value(name)
    return len(column) >= _RECURRING_ROWS and len(set(column)) * _RECURRING <= len(column)


def _is_value(cell: str) -> bool:
    return _VALUE.fullmatch(cell) is not None
