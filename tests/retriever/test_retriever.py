"""The retriever in LangChain itself: what it gives is the documents', and it composes as retrievers do."""

from __future__ import annotations

import re
from pathlib import Path

import loops
import pytest

WITHOUT = "needs langchain-core; install tests/requirements-langchain.lock in a folder of its own: see tests/run"
pytest.importorskip("langchain_core", reason=WITHOUT)

from langchain_core.documents import Document  # noqa: E402 - only where it is installed
from langchain_core.runnables import RunnableLambda  # noqa: E402
from pydantic import ValidationError  # noqa: E402

from assistant import Assistant  # noqa: E402
from assistant.answering import open_reader  # noqa: E402
from assistant.retriever import VerbatimRetriever  # noqa: E402
from assistant.selecting import BadSelection  # noqa: E402
from index import IndexConfig, LiveIndex, OnnxEmbedder  # noqa: E402
from index.config import ROOT  # noqa: E402

ARTICLE = "sco-alternative-global-order.txt"
QUESTION = "When did India join?"


@pytest.fixture(scope="module")
def assistant(built_article: Path, _minilm: OnnxEmbedder) -> Assistant:
    return Assistant(LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity), _minilm, open_reader()[0])


def test_what_it_finds_is_what_a_search_finds_word_for_word_with_its_place(assistant: Assistant) -> None:
    found = VerbatimRetriever(assistant=assistant, most=3).invoke(QUESTION)
    passages = assistant.search(QUESTION, 3).passages
    assert [(one.page_content, one.metadata["paragraph"]) for one in found] == [
        (passage.exact, passage.paragraph) for passage in passages
    ]
    text = assistant.index()[0].documents[ARTICLE].text
    for one in found:
        told = one.metadata
        assert text[told["start"] : told["end"]] == one.page_content
        assert (told["source"], told["document"], one.id) == (
            ARTICLE,
            ARTICLE,
            f"{told['document_sha256']}:{told['start']}-{told['end']}",
        )


def test_it_is_a_part_of_a_chain_and_waits_for_nobody(assistant: Assistant) -> None:
    def quoted(found: list[Document]) -> str:
        return found[0].page_content

    retriever = VerbatimRetriever(assistant=assistant, most=1)
    chain = retriever | RunnableLambda(quoted)
    alone = chain.invoke(QUESTION)
    assert "India, which joined in 2017" in alone
    assert loops.run(chain.ainvoke(QUESTION)) == alone
    assert chain.batch([QUESTION, QUESTION]) == [alone, alone]


def test_it_looks_at_some_documents_alone_and_says_what_it_cannot_do(assistant: Assistant) -> None:
    assert VerbatimRetriever(assistant=assistant, documents=(ARTICLE,)).invoke(QUESTION)
    with pytest.raises(BadSelection, match=r"there is no document 'no\.txt'"):
        VerbatimRetriever(assistant=assistant, documents=("no.txt",)).invoke(QUESTION)
    with pytest.raises(ValidationError, match="less than or equal to 50"):
        VerbatimRetriever(assistant=assistant, most=51)


def test_the_example_of_the_readme_runs(
    built_article: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCO_INDEX_DIR", str(built_article))
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"(?:\n    .*)+", (ROOT / "README.md").read_text("utf-8"))
    (example,) = [block for block in blocks if "assistant.retriever" in block]
    exec(example.replace("\n    ", "\n"), {})
    assert "India, which joined in 2017" in capsys.readouterr().out
