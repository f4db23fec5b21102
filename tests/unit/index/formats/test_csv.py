from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import IndexConfig, open_index, rebuild
from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]
Blocks = Callable[[str, bytes], list[tuple[str, str]]]
Complaint = Callable[[str, bytes], str]


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_a_row_is_a_line_and_the_names_of_its_columns_are_its_heading(blocks: Blocks, delimiter: str) -> None:
    text = "City,Founded\nBonn,11 BC\nBerlin,1237\nUlm,850\n".replace(",", delimiter)
    assert blocks("a.csv", text.encode()) == [
        ("heading", "City | Founded"),
        ("lines", "Bonn | 11 BC\nBerlin | 1237\nUlm | 850"),
    ]


def test_numbers_with_a_comma_are_no_cells(blocks: Blocks) -> None:
    assert blocks("a.csv", b"Land;Anteil\nItalien;4,4\nUngarn;2,1\n") == [
        ("heading", "Land | Anteil"),
        ("lines", "Italien | 4,4\nUngarn | 2,1"),
    ]


def test_the_delimiter_may_be_said_in_the_first_line(blocks: Blocks) -> None:
    assert blocks("a.csv", b"sep=!\na!b;c\nd!e\n") == [("lines", "a | b;c\nd | e")]


def test_a_quoted_cell_keeps_its_delimiters_and_marks_and_its_line_breaks_become_spaces(read: Read) -> None:
    data = b'Lee, "Ann",x\r\n"Lee, Bo","She said ""hi"".\r\nThen left.",y\r\n'
    assert read("a.csv", data).text == 'Lee | Ann | x\nLee, Bo | She said "hi". Then left. | y'


def test_a_mark_that_is_never_closed_costs_no_cell_behind_it(read: Read) -> None:
    data = b'"Heroes" by Bowie,1977,x\n5" pipe,3,y\n"never closed,4,z\nend,5,w\n'
    assert read("a.csv", data).text == (
        '"Heroes" by Bowie | 1977 | x\n5" pipe | 3 | y\n"never closed | 4 | z\nend | 5 | w'
    )


def test_empty_rows_and_last_columns_are_left_out_and_an_empty_cell_before_others_keeps_its_place(read: Read) -> None:
    assert read("a.csv", b"a,b,c,,\n,,,,\n\n,,d,,\ne,,f,,\n").text == "a | b | c\n– | – | d\ne | – | f"


def test_rows_may_leave_out_their_last_cells(read: Read) -> None:
    data = b"name,made,sold,end\nAda,1901,1902\nBob,1903,1904,1905\nCy,1906\nDot,1907,1908\n"
    assert read("a.csv", data).text.splitlines()[2:] == [
        "Ada | 1901 | 1902",
        "Bob | 1903 | 1904 | 1905",
        "Cy | 1906",
        "Dot | 1907 | 1908",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfna\xc3\xafve,1\nb,2\n",
        codecs.BOM_UTF16_LE + "naïve,1\r\nb,2".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "naïve,1\nb,2\n".encode("utf-16-be"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_text(read: Read, data: bytes) -> None:
    assert read("a.csv", data).text == "naïve | 1\nb | 2"


def test_one_column_is_plain_lines_whatever_commas_are_in_them(blocks: Blocks) -> None:
    assert blocks("a.csv", b"remark\nHello, world.\nGood morning!\nIt rains, it pours, it ends.\n") == [
        ("lines", "remark\nHello, world.\nGood morning!\nIt rains, it pours, it ends.")
    ]
    assert blocks("a.csv", b'remark\n"Hello, world."\n') == [("lines", "remark\nHello, world.")]


@pytest.mark.parametrize(
    ("table", "head"),
    [
        (b"Land,2019,2020\nChad,1,2\n", "Land | 2019 | 2020"),
        (b",name,age\n0,Al,30\n1,Bo,31\n", "– | name | age"),
        (b"name,team\n" + b"".join(b"n%d,%s\n" % (i, (b"red", b"blue")[i % 2]) for i in range(8)), "name | team"),
        # A fact taken for a head could not be quoted: in doubt there is none.
        (b"Rent,1200\nFood,300\n", None),
        (b"Who asks?,Ann\nWho answers?,Bo\n", None),
        (b"Ann,Bonn,DE\nBo,Lille,FR\nCy,Nice,FR\n", None),
        (b"name,name\nAl,30\n", None),
        (b"name,,age\nAl,x,30\n", None),
        (b"%s,age\nAl,30\n" % (b"long " * 20), None),
    ],
)
def test_a_first_row_is_a_head_where_it_is_of_another_kind_than_the_others(
    blocks: Blocks, table: bytes, head: str | None
) -> None:
    found = blocks("a.csv", table)
    assert [words for kind, words in found if kind == "heading"] == ([head] if head else [])


def test_a_line_above_the_table_is_its_title_and_several_are_text(read: Read, blocks: Blocks) -> None:
    table = b"Land,Tons,Share\nChad,1,2\n"
    assert read("a.csv", b"Tons of tin by land,,\n\n" + table).structure.card == {"title": "Tons of tin by land"}
    assert blocks("a.csv", b"Tin\nAll in tons.\n" + table)[:2] == [
        ("lines", "Tin\nAll in tons."),
        ("heading", "Land | Tons | Share"),
    ]


def test_a_table_is_named_by_its_file_and_every_passage_of_it_stands_under_the_columns(
    tmp_path: Path, fake_embedder: HashingEmbedder
) -> None:
    rows = "".join(f"City {number},{1800 + number}\n" for number in range(200))
    (tmp_path / "cities.tsv").write_text("city,founded\n" + rows, "utf-8")
    config = IndexConfig(source_docs=tmp_path, index_dir=tmp_path / "built")
    rebuild(config, fake_embedder)
    index, _ = open_index(config, fake_embedder.identity)
    assert index.documents["cities.tsv"].title == "cities"
    assert len(index.passages) > 3
    assert {passage.heading for passage in index.passages} == {"city | founded"}
    assert index.passages[-1].text.endswith("City 199 | 1999")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"Name,Ort\nM\xfcller,Ulm\n", "not UTF-8 (byte 0xfc at offset 10); save it as UTF-8"),
        (b" \n", "holds no text; write something in it or remove it"),
        (b",,,\n,,,\n", "holds no text; write something in it or remove it"),
        (b"x" * (16 * 1024 * 1024) + b",a\n", "holds more than 16,777,216 characters of text; split it"),
    ],
)
def test_what_cannot_be_read_gets_one_line(complaint: Complaint, data: bytes, why: str) -> None:
    assert complaint("a.csv", data) == f"a.csv: {why}"


@pytest.mark.parametrize("data", [b'"' * 1_000_001, b'"a,""b,' * 150_000, b"a,b\n" * 250_000, b"a," * 500_000])
def test_a_hostile_table_is_read_within_the_limits(read: Read, data: bytes) -> None:
    assert read("a.csv", data).text
