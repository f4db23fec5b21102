"""The commands, run in this process with a fake model; the few that are processes need the real one or a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import IndexConfig, rebuild
from index import __main__ as commands
from index.config import ROOT
from index.store import Store

REBUILD_COUNTS = "2 documents, 3 passages, 5 sentences; 3 passages embedded, 0 reused"


@pytest.fixture
def folder(two_documents: IndexConfig, monkeypatch: pytest.MonkeyPatch) -> IndexConfig:
    """Settings that point at two documents without an index yet."""
    monkeypatch.setattr(commands, "open_embedder", lambda *_: HashingEmbedder())
    monkeypatch.setattr(commands, "SentenceTransformerEmbedder", lambda model_dir: HashingEmbedder())
    monkeypatch.setenv("SCO_SOURCE_DOCS", str(two_documents.source_docs))
    monkeypatch.setenv("SCO_INDEX_DIR", str(two_documents.index_dir))
    return two_documents


@pytest.fixture
def built(folder: IndexConfig) -> IndexConfig:
    rebuild(folder, HashingEmbedder())
    return folder


def edit(config: IndexConfig) -> None:
    (config.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")


def damage(config: IndexConfig) -> None:
    generation = Store(config.index_dir).current()[0]
    (config.index_dir / generation / "passages.faiss").write_bytes(b"x")


def in_a_process(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SCO_")} | settings
    command = [sys.executable, "-m", "index", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)


# rebuild


def test_rebuild_says_what_it_built_and_ends_with_0(folder: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["rebuild"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"built {Store(folder.index_dir).current()[0]}: {REBUILD_COUNTS}, ")
    assert shown.err == ""


@pytest.mark.usefixtures("built")
def test_rebuild_of_unchanged_documents_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["rebuild"]) == 0
    assert capsys.readouterr().out.startswith("nothing changed: ")


@pytest.mark.usefixtures("built")
def test_rebuild_with_force_embeds_everything_anew(capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["rebuild", "--force"])
    assert REBUILD_COUNTS in capsys.readouterr().out


def test_rebuild_in_another_precision_says_in_one_line_that_it_embedded_everything(
    built: IndexConfig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "open_embedder", lambda *_: HashingEmbedder(precision="int8"))
    assert commands.main(["rebuild"]) == 0
    told = "note: every passage was embedded anew: the vectors were made with float32, and are made with int8 now\n"
    assert capsys.readouterr().err == told
    commands.main(["status"])
    assert "hashing (" in (shown := capsys.readouterr().out)
    assert "), int8\n" in shown


def test_rebuild_that_leaves_a_file_out_names_it_and_ends_with_3(
    folder: IndexConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.source_docs / "c.xlsx").write_bytes(b"%PDF")
    assert commands.main(["rebuild"]) == 3
    assert (
        capsys.readouterr().err
        == "left out: c.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; "
        "save its text as .txt\n"
    )


def test_rebuild_without_documents_ends_with_1_and_one_line(
    folder: IndexConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in folder.source_docs.iterdir():
        file.unlink()
    assert commands.main(["rebuild"]) == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "",
        f"{folder.source_docs}: no document to index: "
        "put .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files in it\n",
    )


def test_rebuild_beside_another_ends_with_75(folder: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(folder.index_dir).lock():
        assert commands.main(["rebuild"]) == 75
    assert capsys.readouterr().err.startswith(f"another rebuild is running (process {os.getpid()} since ")


def test_rebuild_that_is_interrupted_ends_with_130(
    built: IndexConfig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "rebuild", interrupt)
    assert commands.main(["rebuild"]) == 130
    assert capsys.readouterr().err == "stopped; the index is as it was\n"


@pytest.mark.usefixtures("folder")
def test_progress_as_json_is_one_object_a_line_and_ends_with_done(capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["rebuild", "--progress", "json"])
    steps = [json.loads(line)["step"] for line in capsys.readouterr().out.splitlines()]
    assert list(dict.fromkeys(steps)) == ["read", "split", "embed", "write", "done"]


@pytest.mark.usefixtures("folder")
def test_the_progress_bar_is_drawn_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert commands.main(["rebuild", "--progress", "bar"]) == 0
    assert "embed" in capsys.readouterr().err


# status and verify


@pytest.mark.parametrize("command", ["status", "verify"])
@pytest.mark.usefixtures("built")
def test_an_index_that_matches_ends_with_0(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main([command]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "current: the index matches the documents"


@pytest.mark.parametrize("command", ["status", "verify"])
def test_an_edited_document_ends_with_3(command: str, built: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    edit(built)
    assert commands.main([command]) == 3
    assert capsys.readouterr().out.splitlines()[0] == (
        "stale: the documents changed since the index was built (changed a.txt); "
        "bring the index up to date with: python -m index rebuild"
    )


@pytest.mark.parametrize("command", ["status", "verify"])
def test_a_damaged_index_ends_with_4(command: str, built: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    damage(built)
    assert commands.main([command]) == 4
    assert "holds 1 bytes, 813 were written; mend it with: python -m index rebuild" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["status", "verify"])
def test_a_missing_index_ends_with_5(command: str, folder: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main([command]) == 5
    assert capsys.readouterr().out == (
        f"missing: no index in {folder.index_dir}; build it with: python -m index rebuild\n"
    )


@pytest.mark.parametrize("command", ["status", "verify"])
@pytest.mark.usefixtures("built")
def test_an_index_of_another_model_ends_with_6(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "open_embedder", lambda *_: HashingEmbedder("other"))
    assert commands.main([command]) == 6


def test_status_as_json_is_one_object(built: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["status", "--json"])
    facts = json.loads(capsys.readouterr().out)
    wanted = ("state", "folder", "documents", "passages", "sentences", "left_out")
    assert [facts[name] for name in wanted] == ["current", str(built.index_dir), 2, 3, 5, []]


def test_status_names_what_changed(built: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    edit(built)
    (built.source_docs / "c.xlsx").write_bytes(b"%PDF")
    commands.main(["status"])
    shown = capsys.readouterr().out
    assert "  changed since: a.txt\n" in shown
    assert (
        "  left out now: c.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its"
        in shown
    )
    commands.main(["status", "--json"])
    assert json.loads(capsys.readouterr().out)["changes"] == {
        "added": [],
        "changed": ["a.txt"],
        "removed": [],
        "left_out": [
            "c.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read; save its text as .txt"
        ],
    }


# generations and rollback


@pytest.fixture
def two(built: IndexConfig) -> tuple[IndexConfig, list[str]]:
    """Two generations, newest first."""
    edit(built)
    rebuild(built, HashingEmbedder())
    return built, Store(built.index_dir).generations()


def test_generations_are_listed_newest_first_with_the_live_one_marked(
    two: tuple[IndexConfig, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["generations"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[3]) == (f"* {two[1][0]}: whole", f"  {two[1][1]}: whole")
    assert lines[5].startswith("    2 documents, 3 passages, 5 sentences, ")


def test_generations_as_json_are_one_object_a_line(
    two: tuple[IndexConfig, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["generations", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["generation"], one["live"], one["verifies"]) for one in told] == [
        (two[1][0], True, True),
        (two[1][1], False, True),
    ]


def test_a_damaged_generation_among_them_ends_with_4(
    two: tuple[IndexConfig, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    damage(two[0])
    assert commands.main(["generations"]) == 4
    assert "passages.faiss: holds 1 bytes" in capsys.readouterr().out.splitlines()[0]


def test_generations_of_no_index_end_with_5(folder: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["generations", "--json"]) == 5
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "",
        f"no index in {folder.index_dir}; build it with: python -m index rebuild\n",
    )


def test_rollback_says_what_answers_now_and_that_it_is_older_than_the_documents(
    two: tuple[IndexConfig, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["rollback"]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"rolled back to {two[1][1]}: 2 documents, 3 passages, 5 sentences\n"
    assert shown.err == (
        "note: an earlier generation is live, older than the documents (changed a.txt); "
        "it stays live until you run: python -m index rebuild\n"
    )
    assert commands.main(["status"]) == 3
    assert Store(two[0].index_dir).current()[0] == two[1][1]


def test_rollback_to_the_live_generation_says_so(
    two: tuple[IndexConfig, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["rollback", two[1][0]]) == 0
    assert capsys.readouterr().out == f"{two[1][0]} is live already\n"


@pytest.mark.parametrize("arguments", [[], ["../built"], ["20260101T000000000000Z-00000000"]], ids=str)
@pytest.mark.usefixtures("built")
def test_rollback_to_what_is_not_kept_ends_with_1_and_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["rollback", *arguments]) == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert "python -m index generations" in shown.err


def test_rollback_beside_a_rebuild_ends_with_75(two: tuple[IndexConfig, list[str]]) -> None:
    with Store(two[0].index_dir).lock():
        assert commands.main(["rollback"]) == 75


@pytest.mark.usefixtures("built")
def test_deep_verify_says_that_the_vectors_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["verify", "--deep"]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(": files, offsets and vectors hold")


# search


@pytest.mark.usefixtures("built")
def test_search_prints_the_nearest_passage_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["search", "which stones sink"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("b.txt, paragraph 1")
    assert lines[1] == "   Boats float on water. Stones sink."


@pytest.mark.usefixtures("built")
def test_search_as_json_prints_one_object_a_passage(capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["search", "plums", "-k", "1", "--json"])
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    wanted = ("rank", "document", "heading", "paragraph", "start", "end", "text")
    assert [record[name] for name in wanted] == [1, "a.txt", "Apples", 2, 42, 57, "Plums are blue."]


@pytest.mark.usefixtures("built")
def test_search_for_more_than_there_are_prints_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["search", "plums", "-k", "1000", "--json"])
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_search_of_edited_documents_notes_it_and_answers(
    built: IndexConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(built)
    assert commands.main(["search", "plums"]) == 0
    assert capsys.readouterr().err.startswith("note: the documents changed since the index was built (changed a.txt)")


def test_search_without_an_index_ends_with_1(folder: IndexConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["search", "plums"]) == 1
    assert capsys.readouterr().err == f"no index in {folder.index_dir}; build it with: python -m index rebuild\n"


@pytest.mark.parametrize("arguments", [["search", " "], ["search", ""], ["search", "x", "-k", "0"]])
@pytest.mark.usefixtures("built")
def test_a_search_for_nothing_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(arguments) == 2
    assert capsys.readouterr().err == "search needs a query and -k of at least 1\n"


# mistakes


@pytest.mark.parametrize(
    "arguments", [[], ["rebiuld"], ["search"], ["search", "x", "-k", "many"], ["rebuild", "--progress", "loud"]]
)
@pytest.mark.usefixtures("folder")
def test_a_mistyped_command_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(arguments)
    assert ended.value.code == 2
    assert "python -m index" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("SCO_INDEX_DIRR", "x", "setting SCO_INDEX_DIRR: there is no such setting; did you mean SCO_INDEX_DIR?\n"),
        (
            "SCO_INDEX_DIR",
            "~no-such-user/x",
            "setting SCO_INDEX_DIR: ~no-such-user/x leads to no folder (Could not determine home directory.); "
            "correct or unset it\n",
        ),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_setting_that_cannot_be_used_ends_with_1_and_one_line(
    name: str, value: str, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert commands.main(["status"]) == 1
    assert capsys.readouterr().err == line


@pytest.mark.parametrize("value", ["/dev/null/docs", "/x" + "x" * 300], ids=["below a file", "name too long"])
@pytest.mark.parametrize(
    ("setting", "code"), [("SCO_SOURCE_DOCS", 1), ("SCO_INDEX_DIR", 1)], ids=["documents", "index"]
)
@pytest.mark.usefixtures("folder")
def test_a_folder_that_cannot_be_ends_a_rebuild_with_one_line(
    setting: str, value: str, code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, value)
    assert commands.main(["rebuild"]) == code
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("command", ["status", "verify"])
@pytest.mark.usefixtures("folder")
def test_a_folder_name_that_is_not_utf8_is_printed_escaped(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCO_INDEX_DIR", str(tmp_path / os.fsdecode(b"caf\xe9")))
    assert commands.main([command]) == 5
    assert r"caf\udce9" in capsys.readouterr().out


def test_a_model_folder_that_is_none_ends_with_1_and_one_line() -> None:
    done = in_a_process("status", SCO_MODEL_DIR="/nowhere")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "/nowhere: not a sentence-transformers folder with model.safetensors; correct or unset SCO_MODEL_DIR\n",
    )


def test_status_of_the_article_built_by_the_real_model_is_current(built_article: Path) -> None:
    done = in_a_process("status", "--json", SCO_INDEX_DIR=str(built_article))
    assert (done.returncode, done.stderr, json.loads(done.stdout)["state"]) == (0, "", "current")


def test_a_search_by_the_real_model_whose_reader_has_gone_ends_quietly(built_article: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    environ = {**os.environ, "SCO_INDEX_DIR": str(built_article)}
    command = [sys.executable, "-m", "index", "search", os.fsdecode(b"caf\xe9 and Central Asia")]
    with os.fdopen(writer, "wb") as out:
        done = subprocess.run(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_rebuild_whose_progress_is_read_by_nobody_is_done_all_the_same(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("Apples are red.\n", "utf-8")
    environ = {**os.environ, "SCO_SOURCE_DOCS": str(tmp_path / "docs"), "SCO_INDEX_DIR": str(tmp_path / "built")}
    command = [sys.executable, "-m", "index", "rebuild", "--progress", "json"]
    with os.fdopen(writer, "wb") as out:
        done = subprocess.run(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert Store(tmp_path / "built").read_current().manifest.passages == 1


def test_help_needs_no_index_no_documents_and_no_model() -> None:
    done = in_a_process("--help", SCO_MODEL_DIR="/nowhere")
    assert (done.returncode, done.stderr) == (0, "")


def test_text_prints_what_offsets_count_and_the_sha256_of_file_and_text(
    folder: IndexConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.source_docs / "b.txt").write_bytes(b"\xef\xbb\xbfBoats\r\n\r\nBoats float on water.")
    commands.main(["rebuild"])
    capsys.readouterr()
    assert commands.main(["text", "b.txt"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "Boats\n\nBoats float on water."
    assert shown.err == (
        "file sha256 e0912c16b5aac251c557190871ff6bbdfd499cf1b5fabb8c9ea93013c62e03f6, "
        "text sha256 1e5085ad05d79b82b78235f429ff9766d86a09a23fa4ce8480b1f80d7985a1bb, the file itself\n"
    )


def test_text_of_a_document_that_is_not_indexed_says_so(
    folder: IndexConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.main(["rebuild"])
    capsys.readouterr()
    assert commands.main(["text", "z.txt"]) == 2
    assert capsys.readouterr().err == "there is no document z.txt in the index\n"
