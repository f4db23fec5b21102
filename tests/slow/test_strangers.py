"""Hundreds of documents that nobody here wrote, through the whole way. Minutes of work: ask for it with -m slow."""

from __future__ import annotations

import json
import os
import shutil
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assistant import Answer, Assistant, Refusal
from assistant.answering import open_reader
from index import IndexConfig, LiveIndex, OnnxEmbedder, State, open_index, rebuild
from index.documents import canonical_text
from index.verify import verify

pytestmark = pytest.mark.slow
SCHEMA = json.loads((Path(__file__).parents[2] / "assistant" / "schemas" / "reply.schema.json").read_text("utf-8"))
LEAST_FILES, MOST_FILES, MOST_OF_A_KIND = 300, 360, 200
LEAST_BYTES, MOST_BYTES = 700, 6_000
QUESTIONS = (
    "Who may redistribute the software?",
    "What must redistributions in binary form reproduce?",
    "May the name of the author be used to endorse products?",
    "Is there any warranty?",
    "Where can the source code be found?",
    "How is the package installed?",
    "Who is the upstream maintainer?",
    "Which license applies to the Debian packaging?",
    "What happens when the license is violated?",
    "When was the first version released?",
    "What is the capital of Mongolia?",
    "How do I report a bug?",
)


def shipped() -> Iterator[tuple[Path, str]]:
    """Documentation of installed packages, and the suffix each file is read by: Debian's copyright files have none."""
    roots = [Path("/usr/share/doc"), Path(sysconfig.get_path("purelib")), Path("/usr/lib/python3/dist-packages")]
    for root in roots:
        for where, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = Path(where) / name
                suffix = ".txt" if name in ("copyright", "README", "NEWS", "AUTHORS", "TODO") else path.suffix.lower()
                if suffix in (".txt", ".md", ".html", ".pdf") and path.is_file() and not path.is_symlink():
                    most = MOST_BYTES if suffix != ".pdf" else 50 * MOST_BYTES
                    if LEAST_BYTES <= path.stat().st_size <= most:
                        yield path, suffix


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> IndexConfig:
    folder = tmp_path_factory.mktemp("strangers")
    kinds: Counter[str] = Counter()
    for path, suffix in shipped():
        if kinds.total() == MOST_FILES:
            break
        if kinds[suffix] < MOST_OF_A_KIND:
            kinds[suffix] += 1
            # Under the names that they have there, in folders of their own, so that many share a name.
            to = folder / "docs" / f"{kinds.total() % 40:02}" / path.parent.name / f"{path.stem}{suffix}"
            if not to.exists():
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, to)
    if kinds.total() < LEAST_FILES or len(kinds) < 3:
        pytest.skip(f"this machine ships too little documentation: {dict(kinds)}")
    return IndexConfig(folder / "docs", folder / "built")


@pytest.fixture(scope="module")
def embedder(_minilm: OnnxEmbedder) -> OnnxEmbedder:
    return _minilm


@pytest.fixture(scope="module")
def assistant(corpus: IndexConfig, embedder: OnnxEmbedder) -> Assistant:
    manifest = rebuild(corpus, embedder).manifest
    print(manifest.summary())
    assert manifest.documents + len(manifest.left_out) >= LEAST_FILES
    assert manifest.documents >= 0.95 * LEAST_FILES
    return Assistant(LiveIndex(corpus, embedder.identity), embedder, open_reader()[0])


def test_every_file_left_out_has_a_line_of_its_own(assistant: Assistant) -> None:
    index, _ = assistant.index()
    for line in index.manifest.left_out:
        assert "\n" not in line
        assert ": " in line


def test_every_offset_and_vector_of_the_index_holds(
    assistant: Assistant, corpus: IndexConfig, embedder: OnnxEmbedder
) -> None:
    report = verify(corpus, embedder, deep=True)
    assert (report.state, report.lines[-1].split(":")[0]) == (State.CURRENT, "ok")


def test_every_passage_is_its_documents_words_and_every_character_of_a_document_is_in_a_block(
    assistant: Assistant, corpus: IndexConfig
) -> None:
    index, _ = assistant.index()
    for passage in index.passages:
        text = passage.document.text
        assert "".join("".join(s.span.of(text).split()) for s in passage.sentences) == "".join(passage.text.split())
    for document in index.documents.values():
        data = (corpus.source_docs / document.id).read_bytes()
        if document.id.endswith((".txt", ".md")):
            assert document.text == canonical_text(data)
        if document.blocks is not None:
            held = "".join("".join(document.text[block.start : block.end].split()) for block in document.blocks)
            assert held == "".join(document.text.split())


def test_a_dozen_questions_get_replies_whose_every_quote_can_be_checked(
    assistant: Assistant, corpus: IndexConfig, embedder: OnnxEmbedder
) -> None:
    stored = open_index(corpus, embedder.identity)[0].documents
    answered = 0
    for question in QUESTIONS:
        reply = assistant.ask(question)
        said = json.loads(json.dumps(reply.to_json()))
        Draft202012Validator(SCHEMA).validate(said)
        answered += isinstance(reply, Answer)
        assert isinstance(reply, Answer) or (isinstance(reply, Refusal) and reply.nearest)
        for quote in [*said["quotes"], *filter(None, [said["correction"]]), *said["nearest"]]:
            for place in (quote, *quote["also"]):
                text = stored[place["document"]].text
                assert text[place["start"] : place["end"]] == place["exact"]
                assert (place["page"] is None) is not place["document"].endswith(".pdf")
    assert answered >= 3


def test_a_question_of_one_folder_is_answered_from_it_alone(assistant: Assistant) -> None:
    reply = assistant.ask("Is there any warranty?", documents=["07/"])
    quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
    assert quotes
    assert all(quote.document.startswith("07/") for quote in quotes)


def test_nothing_is_done_again_when_nothing_changed(
    assistant: Assistant, corpus: IndexConfig, embedder: OnnxEmbedder
) -> None:
    assert not rebuild(corpus, embedder).changed
