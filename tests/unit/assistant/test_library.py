from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from killed import Killed
from papers import column, pdf

from assistant.serving import library
from assistant.serving.library import Library, NotChanged, document_name
from index.documents import read_sources

NOTE = b"The tram was restored in 1987.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("Apples are red.\n", "utf-8")
    (tmp_path / "secret.txt").write_text("outside", "utf-8")
    return docs


def add(folder: Path, *sent: tuple[str, bytes], replace: bool = False):  # type: ignore[no-untyped-def]
    return Library(folder).add([(name, BytesIO(data)) for name, data in sent], replace=replace)


def reason(folder: Path, name: str, data: bytes = NOTE, *, replace: bool = False) -> tuple[str, str]:
    """The code and the line that refuse one file, after checking that nothing changed."""
    before = everything(folder)
    added, refused = add(folder, (name, data), replace=replace)
    assert (added, everything(folder)) == ((), before)
    assert refused[0].reason.isprintable()
    return refused[0].code, refused[0].reason


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


# names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("note.txt", "note.txt"),
        ("Two words.TXT", "Two words.TXT"),
        ("../../etc/note.txt", "note.txt"),
        ("C:\\Users\\me\\note.txt", "note.txt"),
        ("/etc/note.txt", "note.txt"),
        (".hidden.txt", "hidden.txt"),
        ("..txt.txt", "txt.txt"),
        ("-rf.txt", "rf.txt"),
        ("--help .txt", "help.txt"),
        ("no\0te\n\t.txt", "note.txt"),
        ("\u202etxt.exe\u202c.txt", "txt.exe.txt"),
        ("zero\u200bwidth\ufeff.txt", "zerowidth.txt"),
        ("cafe\u0301.txt", unicodedata.normalize("NFC", "café.txt")),
        ("报告.txt", "报告.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ("a;b|c&d$(e)`f`.txt", "a;b|c&d$(e)`f`.txt"),
        ("lots   of \u00a0 space.txt", "lots of space.txt"),
    ],
    ids=ascii,
)
def test_a_name_is_cleaned_of_what_hides_misleads_or_leads_away(sent: str, kept: str) -> None:
    assert document_name(sent) == kept


@pytest.mark.parametrize(
    "sent", ["", ".", "..", "/", "...", ".txt", "-", "\u202e", "note", "note.exe", "note.txt/", "note.toml", "a.txt.sh"]
)
def test_a_name_that_is_none_of_a_document_is_refused(sent: str) -> None:
    with pytest.raises(NotChanged) as refused:
        document_name(sent)
    assert refused.value.code in ("name", "suffix")


def test_a_name_longer_than_a_file_system_takes_is_refused(folder: Path) -> None:
    assert reason(folder, "x" * 300 + ".txt") == (
        "name",
        f"{'x' * 40}…: the name is longer than 200 bytes; shorten it",
    )


# adding


def test_a_file_is_kept_byte_for_byte_and_read_by_the_index(folder: Path) -> None:
    data = "\ufeffCurly “quotes”\r\nand – dashes.\n".encode()
    (added,), refused = add(folder, ("note.txt", data))
    assert (added.document, added.bytes, added.kept, refused) == ("note.txt", len(data), None, ())
    assert (folder / "note.txt").read_bytes() == data
    assert [document.id for document in read_sources(folder).documents] == ["a.txt", "note.txt"]


def test_nothing_but_the_documents_is_left_in_the_folder(folder: Path) -> None:
    add(folder, ("note.txt", NOTE), ("a.txt", NOTE), ("bad.txt", b"\xff"))
    assert sorted(os.listdir(folder)) == ["a.txt", "note.txt"]


def test_a_kept_file_is_no_program(folder: Path) -> None:
    add(folder, ("note.txt", NOTE))
    assert stat.S_IMODE((folder / "note.txt").stat().st_mode) & 0o111 == 0


def test_of_several_files_the_good_ones_are_kept_and_the_others_named(folder: Path) -> None:
    added, refused = add(folder, ("b.txt", NOTE), ("c.xlsx", b"%PDF"), ("d.txt", b"caf\xe9"), ("e.txt", NOTE))
    assert [one.document for one in added] == ["b.txt", "e.txt"]
    assert [(one.sent_as, one.code, one.reason) for one in refused] == [
        (
            "c.xlsx",
            "suffix",
            "c.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt",
        ),
        ("d.txt", "text", "d.txt: not UTF-8 (byte 0xe9 at offset 3); save it as UTF-8"),
    ]


def test_a_name_that_is_taken_is_not_overwritten(folder: Path) -> None:
    assert reason(folder, "a.txt") == (
        "exists",
        "a.txt: there is a document of this name; rename yours, or send it to replace it",
    )


def test_a_document_that_is_replaced_is_kept_aside_where_the_index_does_not_read_it(folder: Path) -> None:
    (added,), _ = add(folder, ("a.txt", NOTE), replace=True)
    assert (folder / "a.txt").read_bytes() == NOTE
    assert added.kept is not None
    assert (folder / added.kept).read_text("utf-8") == "Apples are red.\n"
    assert [document.id for document in read_sources(folder).documents] == ["a.txt"]


def test_the_same_name_twice_in_one_request_keeps_the_first(folder: Path) -> None:
    added, refused = add(folder, ("x/b.txt", NOTE), ("y/b.txt", b"Other."), replace=True)
    assert ([one.document for one in added], [one.code for one in refused]) == (["b.txt"], ["exists"])
    assert (folder / "b.txt").read_bytes() == NOTE


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf"], ids=["empty", "blank", "mark"])
def test_a_file_without_text_is_refused(folder: Path, data: bytes) -> None:
    assert reason(folder, "b.txt", data) == ("text", "b.txt: holds no text; write something in it or remove it")


@pytest.mark.parametrize("data", [b"h\0\xe9\0", b"\xff\xfeh", b"\x93quoted\x94", b"ok \xed\xa0\x80"], ids=ascii)
def test_a_file_that_is_not_utf8_is_refused_before_it_is_kept(folder: Path, data: bytes) -> None:
    code, line = reason(folder, "b.txt", data)
    assert (code, "save it as UTF-8" in line) == ("text", True)


def test_a_file_too_large_is_refused_and_no_more_of_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "MAX_FILE_BYTES", 2**20)
    file = BytesIO(b"x" * 3 * 2**20)
    _, (refused,) = Library(folder).add([("b.txt", file)])
    assert (refused.code, refused.reason) == ("too-large", "b.txt: larger than 1 MiB; split it into several files")
    assert file.tell() == 2**20 + 1


def test_what_exceeds_the_whole_of_a_request_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "MAX_UPLOAD_BYTES", 50)
    added, refused = add(folder, ("b.txt", NOTE), ("c.txt", NOTE))
    assert ([one.document for one in added], [one.code for one in refused]) == (["b.txt"], ["too-large"])


def test_too_many_files_at_a_time_are_refused_together(folder: Path) -> None:
    with pytest.raises(NotChanged, match="51 files were sent; send at most 50 at a time"):
        add(folder, *[(f"{number}.txt", NOTE) for number in range(51)])
    assert os.listdir(folder) == ["a.txt"]


def test_a_full_library_takes_no_more_and_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "MAX_LIBRARY_FILES", 50)
    with pytest.raises(NotChanged, match=r"docs holds 1 files and 0 MiB; make room, in docs/\.removed first"):
        add(folder, ("b.txt", NOTE))


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    add(tmp_path / "new" / "docs", ("b.txt", NOTE))
    assert (tmp_path / "new" / "docs" / "b.txt").read_bytes() == NOTE


def test_a_folder_that_is_a_file_gives_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "docs").write_text("in the way", "utf-8")
    with pytest.raises(NotChanged, match="docs: cannot be opened"):
        add(tmp_path / "docs", ("b.txt", NOTE))


@pytest.mark.parametrize("replace", [False, True])
def test_a_link_in_the_place_of_a_document_is_neither_followed_nor_replaced(folder: Path, replace: bool) -> None:
    (folder / "b.txt").symlink_to(folder.parent / "secret.txt")
    assert add(folder, ("b.txt", NOTE), replace=replace)[1][0].code == "exists"
    assert (folder.parent / "secret.txt").read_text("utf-8") == "outside"
    assert (folder / "b.txt").is_symlink()


def test_a_link_in_the_place_of_the_kept_documents_is_not_followed(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / library.REMOVED).symlink_to(folder.parent / "elsewhere")
    assert add(folder, ("a.txt", NOTE), replace=True)[1][0].code == "disk"
    with pytest.raises(NotChanged, match="cannot be moved aside"):
        Library(folder).remove("a.txt")
    assert os.listdir(folder.parent / "elsewhere") == []
    assert (folder / "a.txt").read_text("utf-8") == "Apples are red.\n"


def test_a_name_taken_in_the_last_moment_is_not_overwritten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def late(source: str, target: str, **options: int) -> None:
        (folder / "b.txt").write_text("mine", "utf-8")
        real(source, target, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "link", late)
    assert add(folder, ("b.txt", NOTE))[1][0].code == "exists"
    assert (folder / "b.txt").read_text("utf-8") == "mine"
    assert sorted(os.listdir(folder)) == ["a.txt", "b.txt"]


def test_where_there_are_no_hard_links_a_file_is_kept_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", unknown)
    add(folder, ("b.txt", NOTE))
    assert (folder / "b.txt").read_bytes() == NOTE
    assert sorted(os.listdir(folder)) == ["a.txt", "b.txt"]


# removing


def test_a_removed_document_is_moved_aside_and_can_be_had_back_by_the_command_told(folder: Path) -> None:
    removed = Library(folder).remove("a.txt")
    assert not (folder / "a.txt").exists()
    assert (folder / removed.kept).read_text("utf-8") == "Apples are red.\n"
    subprocess.run(removed.restore, shell=True, check=True, cwd=folder.parent)
    assert (folder / "a.txt").read_text("utf-8") == "Apples are red.\n"


def test_a_document_in_a_subfolder_is_removed_by_its_path(folder: Path) -> None:
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "sub" / "deep" / "it’s.txt").write_bytes(NOTE)
    removed = Library(folder).remove("sub/deep/it’s.txt")
    assert removed.kept.endswith("/sub/deep/it’s.txt")
    assert (folder / removed.kept).read_bytes() == NOTE


def test_a_card_goes_with_its_document(folder: Path) -> None:
    (folder / "a.toml").write_text('title = "Apples"\n', "utf-8")
    removed = Library(folder).remove("a.txt")
    assert (folder / removed.kept).with_suffix(".toml").is_file()
    assert not (folder / "a.toml").exists()


def test_a_card_stays_with_the_document_that_shares_it(folder: Path) -> None:
    (folder / "a.toml").write_text('title = "Apples"\n', "utf-8")
    (folder / "a.TXT").write_bytes(NOTE)
    Library(folder).remove("a.txt")
    assert (folder / "a.toml").is_file()


def test_the_same_name_removed_twice_is_kept_twice(folder: Path) -> None:
    first = Library(folder).remove("a.txt").kept
    add(folder, ("a.txt", NOTE))
    second = Library(folder).remove("a.txt").kept
    assert (folder / first).read_text("utf-8") == "Apples are red.\n"
    assert (folder / second).read_bytes() == NOTE


@pytest.mark.parametrize(
    "document",
    [
        "",
        "/",
        "nowhere.txt",
        "../secret.txt",
        "sub/../../secret.txt",
        "/etc/passwd",
        "a.txt/",
        "./a.txt",
        "..",
        "a\0.txt",
        "\ud800.txt",
        ".removed/x/a.txt",
        "x" * 5000 + ".txt",
        "a/" * 3000 + "a.txt",
    ],
    ids=lambda document: ascii(document)[:20],
)
def test_what_is_no_document_of_the_folder_is_not_removed(folder: Path, document: str) -> None:
    with pytest.raises(NotChanged) as refused:
        Library(folder).remove(document)
    assert refused.value.code == "missing"
    assert str(refused.value).isprintable()
    assert sorted(os.listdir(folder)) == ["a.txt"]
    assert (folder.parent / "secret.txt").exists()


def test_a_file_of_another_kind_is_not_removed(folder: Path) -> None:
    (folder / "a.toml").write_text('title = "Apples"\n', "utf-8")
    with pytest.raises(NotChanged) as refused:
        Library(folder).remove("a.toml")
    assert (refused.value.code, (folder / "a.toml").exists()) == ("suffix", True)


def test_neither_a_link_nor_what_it_leads_to_is_removed(folder: Path) -> None:
    (folder / "b.txt").symlink_to(folder.parent / "secret.txt")
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / "c.txt").write_bytes(NOTE)
    (folder / "sub").symlink_to(folder.parent / "elsewhere")
    for document, code in (("b.txt", "kind"), ("sub/c.txt", "missing")):
        with pytest.raises(NotChanged) as refused:
            Library(folder).remove(document)
        assert refused.value.code == code
    assert (folder.parent / "elsewhere" / "c.txt").exists()


def test_neither_a_folder_nor_a_pipe_is_removed(folder: Path) -> None:
    (folder / "b.txt").mkdir()
    os.mkfifo(folder / "c.txt")
    for document in ("b.txt", "c.txt"):
        with pytest.raises(NotChanged, match="not a regular file"):
            Library(folder).remove(document)


# bringing back


def test_a_removed_document_is_brought_back_with_its_card(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "b.txt").write_bytes(NOTE)
    (folder / "sub" / "b.toml").write_text('title = "Bees"\n', "utf-8")
    kept = Library(folder).remove("sub/b.txt").kept
    assert Library(folder).restore(kept) == "sub/b.txt"
    assert (folder / "sub" / "b.txt").read_bytes() == NOTE
    assert (folder / "sub" / "b.toml").read_text("utf-8") == 'title = "Bees"\n'
    assert not (folder / kept).exists()


def test_what_has_the_name_by_now_stays_and_so_does_the_removed_document(folder: Path) -> None:
    kept = Library(folder).remove("a.txt").kept
    add(folder, ("a.txt", NOTE))
    with pytest.raises(NotChanged) as refused:
        Library(folder).restore(kept)
    assert refused.value.code == "exists"
    assert (folder / "a.txt").read_bytes() == NOTE
    assert (folder / kept).read_text("utf-8") == "Apples are red.\n"


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "a.txt",
        ".removed/a.txt",
        ".removed/../../secret.txt",
        ".removed/x/../../../secret.txt",
        ".removed/nowhen/a.txt",
        "/.removed/x/a.txt",
        ".removed/x/.hidden.txt",
        ".removed/link/secret.txt",
        ".removed/x/a.toml",
        ".removed/x/\ud800.txt",
    ],
    ids=lambda kept: ascii(kept)[:30],
)
def test_only_a_removed_document_is_brought_back(folder: Path, kept: str) -> None:
    (folder / ".removed" / "x").mkdir(parents=True)
    (folder / ".removed" / "x" / "a.toml").write_text('title = "Apples"\n', "utf-8")
    (folder / ".removed" / "link").symlink_to(folder.parent)
    with pytest.raises(NotChanged) as refused:
        Library(folder).restore(kept)
    assert refused.value.code == "missing"
    assert str(refused.value).isprintable()
    assert sorted(os.listdir(folder)) == [".removed", "a.txt"]
    assert (folder.parent / "secret.txt").exists()


# crashes and full disks

OPERATIONS = ("open", "link", "unlink", "mkdir", "fsync", "rename", "replace")
IMPORTS = """
from io import BytesIO
from pathlib import Path
from assistant.serving.library import Library
"""
ACTS = {
    "add": "library.add([('b.txt', BytesIO(b'new' * 100))])",
    "replace": "library.add([('a.txt', BytesIO(b'new' * 100))], replace=True)",
    "remove": "library.remove('a.txt')",
    "restore": "library.restore(library.remove('a.txt').kept)",
}


@pytest.mark.parametrize("act", ACTS)
def test_killed_at_any_operation_no_document_is_lost_and_none_is_half_there(tmp_path: Path, act: str) -> None:
    with Killed(IMPORTS, f"library = Library(Path(told[0])); {ACTS[act]}", OPERATIONS) as killed:
        for nth in range(1, 60):
            folder = tmp_path / str(nth)
            folder.mkdir()
            (folder / "a.txt").write_text("old", "utf-8")
            ended = killed.at(nth, folder)
            visible = {name: (folder / name).read_bytes() for name in os.listdir(folder) if not name.startswith(".")}
            assert all(data in (b"old", b"new" * 100) for data in visible.values()), nth
            assert [path for path in folder.rglob("*.txt") if path.read_bytes() == b"old"], nth
            if act not in ("remove", "restore"):
                assert "a.txt" in visible, nth
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
    assert 4 <= nth < 59


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES], ids=["full", "read-only", "forbidden"])
def test_a_disk_that_refuses_is_told_in_one_line_and_nothing_is_left(
    folder: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    assert reason(folder, "b.txt")[0] == "disk"
    assert os.strerror(code) in reason(folder, "b.txt")[1]


def test_a_pdf_is_kept_as_it_was_sent_and_one_that_is_none_is_refused(folder: Path) -> None:
    report = pdf([column(["A report."])])
    added, refused = add(folder, ("report.pdf", report), ("scan.pdf", pdf([[]])), ("page.pdf", b"<html>"))
    assert [one.document for one in added] == ["report.pdf"]
    assert (folder / "report.pdf").read_bytes() == report
    assert [(one.code, one.reason.split("; ")[0]) for one in refused] == [
        ("text", "scan.pdf: holds no text, as a scan does"),
        ("text", "page.pdf: its content is not that of a PDF"),
    ]
