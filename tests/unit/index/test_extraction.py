from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fakes import HashingEmbedder
from papers import column, docx, epub, pdf, word_paragraph

from index import IndexConfig, State, extraction, formats, open_index, rebuild, status
from index.documents import read_sources
from index.errors import BadSource
from index.extraction import Extractor
from index.formats import child


class Counting(Extractor):
    """The real extractor; ``asked`` lists the formats that it was asked to read anew."""

    asked: ClassVar[list[str]] = []

    def _ask(self, format_name: str, data: bytes) -> dict[str, Any]:
        self.asked.append(format_name)
        return super()._ask(format_name, data)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("index.build.Extractor", Counting)
    monkeypatch.setattr(Counting, "asked", [])
    return Counting.asked


@pytest.fixture
def shelf(tmp_path: Path) -> IndexConfig:
    """One document of every format, two of them of the same name."""
    docs = tmp_path / "docs"
    (docs / "old").mkdir(parents=True)
    (docs / "a.txt").write_text("Apples\n\nApples are red.\n", "utf-8")
    (docs / "b.md").write_text("# Boats\n\nBoats float on water.\n", "utf-8")
    (docs / "c.html").write_text("<h1>Cats</h1><p>Cats sleep all day.</p>", "utf-8")
    (docs / "d.pdf").write_bytes(pdf([column(["Dogs bark at night."])]))
    (docs / "old" / "d.pdf").write_bytes(pdf([column(["Ducks swim on the pond."])]))
    (docs / "e.docx").write_bytes(docx(word_paragraph("Elks eat leaves.")))
    (docs / "f.epub").write_bytes(epub(["<p>Foxes hunt mice.</p>"]))
    (docs / "g.csv").write_text("Goats,climb rocks\n", "utf-8")
    (docs / "h.tsv").write_text("Hens\tlay eggs\n", "utf-8")
    return IndexConfig(source_docs=docs, index_dir=tmp_path / "built")


def test_every_format_is_indexed_beside_the_others(shelf: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    assert rebuild(shelf, fake_embedder).manifest.left_out == []
    index, _ = open_index(shelf, fake_embedder.identity)
    assert {p.document.id: p.text for p in index.passages} == {
        "a.txt": "Apples are red.",
        "b.md": "Boats float on water.",
        "c.html": "Cats sleep all day.",
        "d.pdf": "Dogs bark at night.",
        "e.docx": "Elks eat leaves.",
        "f.epub": "Foxes hunt mice.",
        "g.csv": "Goats | climb rocks",
        "h.tsv": "Hens | lay eggs",
        "old/d.pdf": "Ducks swim on the pond.",
    }
    assert [index.documents[name].page_of(0) for name in ("a.txt", "d.pdf")] == [None, 1]


def test_a_bad_file_of_every_kind_gets_a_line_of_its_own_and_the_rest_is_indexed(
    shelf: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    docs = shelf.source_docs
    (docs / "book.pdf").write_bytes((docs / "f.epub").read_bytes())
    (docs / "deep.html").write_bytes(b"<div>" * 9000)
    (docs / "scan.pdf").write_bytes(pdf([[]]))
    (docs / "table.xlsx").write_bytes(b"PK")
    manifest = rebuild(shelf, fake_embedder).manifest
    assert manifest.documents == 9
    assert [line.split("; ")[0] for line in manifest.left_out] == [
        "book.pdf: its content is not that of a PDF",
        "deep.html: its elements are nested too deep",
        "scan.pdf: holds no text, as a scan does",
        "table.xlsx: only .txt, .md, .html, .htm, .pdf, .docx, .epub, .csv, .tsv files are read",
    ]


def test_a_document_that_did_not_change_is_not_extracted_again(
    shelf: IndexConfig, fake_embedder: HashingEmbedder, asked: list[str]
) -> None:
    rebuild(shelf, fake_embedder)
    assert sorted(asked) == ["csv", "csv", "docx", "epub", "html", "markdown", "pdf", "pdf"]
    asked.clear()
    (shelf.source_docs / "d.pdf").write_bytes(pdf([column(["Dogs bark by day."])]))
    rebuild(shelf, fake_embedder)
    assert asked == ["pdf"]


def test_another_version_of_what_reads_a_format_reads_it_again(
    shelf: IndexConfig, fake_embedder: HashingEmbedder, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(shelf, fake_embedder)
    asked.clear()
    newer = {**formats.BY_SUFFIX, ".pdf": formats.Format("pdf", (".pdf",), 99, ("pypdf",))}
    monkeypatch.setattr(extraction, "BY_SUFFIX", newer)
    assert status(shelf, fake_embedder.identity).state is State.CURRENT  # nothing tells it: the files are the same
    (shelf.source_docs / "a.txt").touch()
    assert status(shelf, fake_embedder.identity).state is State.STALE
    result = rebuild(shelf, fake_embedder)
    assert (asked, result.changed, result.embedded) == (["pdf", "pdf"], True, 0)


def test_looking_whether_documents_changed_extracts_nothing(
    shelf: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shelf.source_docs / "scan.pdf").write_bytes(pdf([[]]))
    rebuild(shelf, fake_embedder)

    def start(_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(Extractor, "_started", start)
    (shelf.source_docs / "c.html").touch()
    assert status(shelf, fake_embedder.identity).state is State.CURRENT
    (shelf.source_docs / "g.pdf").write_bytes(pdf([column(["Geese fly."])]))
    (shelf.source_docs / "d.pdf").unlink()
    assert "(added g.pdf; removed d.pdf)" in status(shelf, fake_embedder.identity).line


def test_a_folder_of_plain_text_starts_no_process(two_documents: IndexConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Extractor, "_started", None)
    assert len(read_sources(two_documents.source_docs).documents) == 2


def test_a_card_beside_a_document_comes_before_what_the_file_says_itself(shelf: IndexConfig) -> None:
    page = b"<html lang=en><title>Own</title><p>Words.</p>"
    (shelf.source_docs / "c.html").write_bytes(page)
    (shelf.source_docs / "c.toml").write_text('title = "Given"', "utf-8")
    (document,) = [one for one in read_sources(shelf.source_docs).documents if one.id == "c.html"]
    assert (document.title, dict(document.card)) == ("Given", {"title": "Given", "language": "en"})


def test_the_same_file_gives_the_same_text_in_another_process(shelf: IndexConfig) -> None:
    once, again = (read_sources(shelf.source_docs) for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "abc", "blocks": [["paragraph", 0, 4]], "pages": [], "card": {}},
        {"text": "abc", "blocks": [["paragraph", 0, 2]], "pages": [], "card": {}},
        {"text": "a b", "blocks": [["paragraph", 0, 2]], "pages": [], "card": {}},
        {"text": "abc", "blocks": [["script", 0, 3]], "pages": [], "card": {}},
        {"text": "abc", "blocks": [["paragraph", 0, 3]], "pages": [2, 1], "card": {}},
        {"text": "abc", "blocks": [["paragraph", 0, 3]], "pages": [9], "card": {}},
        {"text": "\ud800", "blocks": [["paragraph", 0, 1]], "pages": [], "card": {}},
        {"text": "abc", "blocks": {}, "pages": [], "card": {}},
        {"text": "abc"},
        [],
    ],
)
def test_an_answer_that_contradicts_itself_is_not_believed(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    monkeypatch.setattr(Extractor, "_ask", lambda *_: {"read": answer})
    with pytest.raises(BadSource, match=r"a\.html: cannot be read: what was made of it contradicts itself"):
        Extractor().extract("a.html", b"", "0")


HOSTILE = {
    "spin": ("while True: pass", "takes more than"),
    "eat": ("x = b'x' * 2**40", "of memory to read; split or simplify it"),
    "die": ("import os; os.abort()", "cannot be read: the program that reads it broke down; is it damaged?"),
    "hang": ("import time; time.sleep(1000)", "takes more than"),
    "write": ("import os; os.write(os.open('never', os.O_CREAT | os.O_WRONLY), b'x')", "cannot be read (OSError"),
    "recurse": ("def f(): f()\n    f()", "cannot be read (RecursionError"),
}


@pytest.mark.parametrize("kind", ["spin", "eat", "die", "hang", "write", "recurse"])
def test_whatever_a_parser_does_the_next_document_is_read(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "index" / "formats"
    folder.mkdir(parents=True)
    for file in Path(formats.__file__).parent.glob("*.py"):
        (folder / file.name).write_text(
            file.read_text("utf-8").replace("CPU_S = 20", "CPU_S = 1").replace("CLOCK_S = 120", "CLOCK_S = 3"), "utf-8"
        )
    code, expected = HOSTILE[kind]
    (folder / "html.py").write_text(f"def extract(data):\n    {code}\n", "utf-8")
    (folder / "markdown.py").write_text(
        "def extract(data):\n    return {'text': 'fine', 'blocks': [['paragraph', 0, 4]], 'pages': [], 'card': {}}\n",
        "utf-8",
    )
    monkeypatch.setattr(extraction, "_FOLDER", folder.parent)
    monkeypatch.chdir(tmp_path)
    with Extractor() as extractor:
        with pytest.raises(BadSource) as caught:
            extractor.extract("a.html", b"<p>", "0")
        assert expected in str(caught.value)
        assert extractor.extract("b.md", b"x", "1").text == "fine"


def test_a_process_that_was_killed_is_started_again(shelf: IndexConfig) -> None:
    data = b"<p>x</p>"
    with Extractor() as extractor:
        assert extractor.extract("a.html", data, "0").text == "x"
        process = extractor._process
        assert process is not None
        process.kill()
        process.wait()
        with pytest.raises(BadSource, match="the process that reads documents ended"):
            extractor.extract("a.html", data, "0")
        assert extractor.extract("a.html", data, "0").text == "x"


def test_the_process_ends_when_it_is_no_longer_needed() -> None:
    with Extractor() as extractor:
        extractor.extract("a.html", b"<p>x</p>", "0")
        process = extractor._process
    assert process is not None
    assert process.poll() is not None


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = formats.Format("html", (".html",), 1, ("no-such-library",))
    monkeypatch.setattr(extraction, "BY_SUFFIX", {".html": absent})
    with pytest.raises(BadSource, match=r"reading \.html files needs no-such-library; pip install -r requirements.txt"):
        Extractor().extract("a.html", b"<p>", "0")


def test_the_server_of_the_child_answers_each_request_and_ends_with_its_input() -> None:
    answers = BytesIO()
    page = b"<p>x</p>"
    request = json.dumps({"format": "html", "bytes": len(page)}).encode() + b"\n" + page
    child.serve(BytesIO(request * 2), answers)
    first, rest = answers.getvalue().split(b"\n", 1)
    assert len(rest) > int(first)
    assert json.loads(rest[: int(first)])["read"]["text"] == "x"
