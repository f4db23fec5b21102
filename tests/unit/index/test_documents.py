from __future__ import annotations

import os
from pathlib import Path

import pytest

from index import documents
from index.documents import Span, canonical_text, read_sources, source_stamps
from index.errors import BadSource


def only(folder: Path) -> documents.Document:
    (document,) = read_sources(folder).documents
    return document


def left_out(folder: Path) -> list[str]:
    (folder / "good.txt").write_text("A good document.", "utf-8")
    found = read_sources(folder)
    assert [document.id for document in found.documents] == ["good.txt"]
    return [str(problem) for problem in found.left_out]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfone", "one"),
        (b"\xef\xbb\xbf\xef\xbb\xbfone", "\ufeffone"),
        (b"\xff\xfe" + "\ufeffone\r\n\U0001f600".encode("utf-16-le"), "\ufeffone\n\U0001f600"),
        (b"\xfe\xff" + "caf\u00e9".encode("utf-16-be"), "caf\u00e9"),
        (b"one\r\ntwo", "one\ntwo"),
        (b"one\rtwo", "one\ntwo"),
        (b"one\r\r\ntwo", "one\n\ntwo"),
        (b"one\x00two", "one\x00two"),
        ("10\u00a0000 “x”".encode(), "10\u00a0000 “x”"),
        ("e\u0301".encode(), "e\u0301"),
        ("a\u2028b\u0085c\x0c".encode(), "a\u2028b\u0085c\x0c"),
    ],
)
def test_only_one_byte_order_mark_and_line_ends_are_changed(data: bytes, text: str) -> None:
    assert canonical_text(data) == text


def test_the_hash_is_of_the_bytes_not_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfhello\r\n")
    assert only(tmp_path).sha256 == "ce1147fdc2c0b2bae8886109c9ea731213a5bd591e0755f1fc3ec699b5f0b003"


def test_a_file_that_is_not_utf8_is_left_out_with_its_byte_and_offset(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9 au lait")
    assert left_out(tmp_path) == ["bad.txt: not UTF-8 (byte 0xe9 at offset 3); save it as UTF-8"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\xff\xfeh", "bad.txt: not UTF-16 (byte 0x68 at offset 2); save it as UTF-8"),
        (b"\xfe\xff\xd8\x00\x00a", "bad.txt: not UTF-16 (byte 0xd8 at offset 2); save it as UTF-8"),
        ("hello".encode("utf-32"), "bad.txt: not UTF-8 (byte 0xff at offset 0); save it as UTF-8"),
    ],
    ids=["half a character", "half a pair", "UTF-32"],
)
def test_a_file_that_is_not_what_its_mark_says_is_left_out(tmp_path: Path, data: bytes, line: str) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    assert left_out(tmp_path) == [line]


def test_utf16_without_a_mark_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes("caf\u00e9".encode("utf-16-le"))
    assert left_out(tmp_path) == ["bad.txt: not UTF-8 (byte 0xe9 at offset 6); save it as UTF-8"]


def test_a_link_is_left_out_and_its_target_never_read(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (tmp_path / "secret").write_text("a secret", "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret")
    assert left_out(folder) == ["link.txt: is a link; copy the file itself"]


def test_a_fifo_is_left_out_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert left_out(tmp_path) == ["pipe.txt: is not a regular file; remove it"]


def test_a_file_over_the_limit_is_left_out(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    assert left_out(tmp_path) == ["big.txt: larger than 64 MiB; split it into several files"]


def test_a_blank_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "blank.txt").write_text(" \n\u00a0\n", "utf-8")
    assert left_out(tmp_path) == ["blank.txt: holds no text; write something in it or remove it"]


def test_a_file_of_another_kind_is_left_out_by_name(tmp_path: Path) -> None:
    (tmp_path / "paper.xlsx").write_bytes(b"PK")
    assert left_out(tmp_path) == [
        "paper.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt"
    ]


def test_a_name_that_is_not_utf8_is_left_out(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x", "utf-8")
    assert left_out(tmp_path) == ["'caf\\udce9.txt': the file's name is not UTF-8; rename it"]


def test_the_stamp_of_a_name_that_is_not_utf8_can_be_written_as_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x", "utf-8")
    ((name, _, _),) = source_stamps(tmp_path)
    assert name.encode("utf-8") == b"caf\\xe9.txt"


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("x", "utf-8")
    (tmp_path / ".hidden.txt").write_text("x", "utf-8")
    assert left_out(tmp_path) == []


def test_documents_of_subfolders_are_named_by_their_path_with_forward_slashes(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text("x", "utf-8")
    assert only(tmp_path).id == "deep/a.txt"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no such folder"):
        read_sources(tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no document to index"):
        read_sources(tmp_path)


def test_a_folder_of_bad_files_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    with pytest.raises(BadSource, match=r"bad\.txt: not UTF-8"):
        read_sources(tmp_path)


def test_the_card_beside_a_document_gives_its_title(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    (tmp_path / "a.toml").write_text('title = " The Title "\ndate = 2024-07-04', "utf-8")
    document = only(tmp_path)
    assert (document.title, document.card["date"]) == ("The Title", "2024-07-04")


@pytest.mark.parametrize(
    "card",
    [
        "title = ",
        "a = " + "[" * 5000 + "]" * 5000,
        ".".join("a" * 3000) + " = 1",
        "a = " + "1" * 5000,
        "a = 0x" + "F" * 5000,
        "a = nan",
        "a = -inf",
    ],
    ids=["not TOML", "lists too deep", "keys too deep", "5,000 digits", "hexadecimal", "no number", "infinite"],
)
def test_a_bad_card_is_reported_and_its_document_kept(tmp_path: Path, card: str) -> None:
    (tmp_path / "good.toml").write_text(card, "utf-8")
    (line,) = left_out(tmp_path)
    assert line.startswith("good.toml: not a TOML card (")


def test_a_card_that_is_a_link_is_reported(tmp_path: Path) -> None:
    (tmp_path / "good.toml").symlink_to(tmp_path / "nowhere")
    assert left_out(tmp_path) == ["good.toml: is a link; copy the file itself"]


def test_the_card_of_a_document_with_a_capital_suffix_is_not_reported_as_left_out(tmp_path: Path) -> None:
    (tmp_path / "A.TXT").write_text("x", "utf-8")
    (tmp_path / "A.toml").write_text('title = "T"', "utf-8")
    assert read_sources(tmp_path).left_out == ()


def test_a_card_without_a_document_is_reported(tmp_path: Path) -> None:
    (tmp_path / "alone.toml").write_text('title = "T"', "utf-8")
    assert left_out(tmp_path) == [
        "alone.toml: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt"
    ]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 1)])
def test_a_span_is_never_empty_backwards_or_negative(start: int, end: int) -> None:
    with pytest.raises(ValueError):
        Span(start, end)


def test_a_span_past_the_end_of_the_text_is_refused() -> None:
    with pytest.raises(ValueError):
        Span(0, 4).of("abc")


def test_spans_that_only_touch_do_not_overlap() -> None:
    assert not Span(0, 2).overlaps(Span(2, 4))


def test_a_link_to_a_folder_is_reported_rather_than_passed_over(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "more").symlink_to(tmp_path / "elsewhere")
    assert left_out(tmp_path / "docs") == ["more: is a link to a folder; copy the folder itself"]


def test_a_folder_that_cannot_be_listed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert left_out(tmp_path) == ["closed: this folder cannot be read"]


def test_a_folder_whose_name_is_too_long_is_refused_as_missing(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no such folder"):
        read_sources(tmp_path / ("x" * 300))


def test_the_card_of_a_shorter_name_is_no_card_of_a_longer_one(tmp_path: Path) -> None:
    (tmp_path / "a.b.txt").write_text("x", "utf-8")
    (tmp_path / "a.toml").write_text('title = "T"', "utf-8")
    assert [str(problem) for problem in read_sources(tmp_path).left_out] == [
        "a.toml: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt"
    ]


def test_a_card_with_a_capital_suffix_is_reported_rather_than_ignored(tmp_path: Path) -> None:
    (tmp_path / "good.TOML").write_text('title = "T"', "utf-8")
    assert left_out(tmp_path) == [
        "good.TOML: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt"
    ]
