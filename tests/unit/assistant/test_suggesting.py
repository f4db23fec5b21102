from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import index_of

from assistant import Assistant
from assistant.answering import open_reader
from assistant.replies import Answer, Reply
from assistant.suggestions import suggesting
from assistant.suggestions.suggesting import Suggestion, candidates, load, made_by, save, suggest
from index import IndexConfig, LiveIndex, PassageIndex, SentenceTransformerEmbedder, rebuild

EVAL_DOCUMENTS = Path(__file__).parents[2] / "eval" / "documents"


@pytest.fixture(scope="module")
def suggested(assistant: Assistant, article_index: PassageIndex) -> list[Suggestion]:
    return suggest(article_index, assistant.ask)


def test_the_article_has_a_handful_of_questions_to_begin_with(suggested: list[Suggestion]) -> None:
    questions = [each.question for each in suggested]
    assert 6 <= len(questions) <= 12
    assert {"When did India join?", "How many member states does the SCO include?"} <= set(questions)


def test_each_is_answered_first_by_the_sentence_it_is_said_to_be(
    suggested: list[Suggestion], assistant: Assistant
) -> None:
    for each in suggested:
        reply = assistant.ask(each.question)
        assert isinstance(reply, Answer)
        first = reply.quotes[0]
        assert (first.document, first.start, first.end) == (each.document, each.start, each.end)
        assert reply.confidence >= 0.74


def test_they_are_of_different_sentences_and_of_every_section(
    suggested: list[Suggestion], article_index: PassageIndex
) -> None:
    assert len({each.start for each in suggested}) == len(suggested)
    sections = {
        passage.heading
        for passage in article_index.passages
        for each in suggested
        if passage.span.start <= each.start < passage.span.end
    }
    assert len(sections) == 3


def test_of_several_documents_each_has_its_turn(
    tmp_path: Path, _minilm: SentenceTransformerEmbedder, assistant: Assistant
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for source in (*EVAL_DOCUMENTS.glob("*.txt"), *IndexConfig().source_docs.glob("*.txt")):
        (docs / source.name).write_bytes(source.read_bytes())
    config = IndexConfig(docs, tmp_path / "built")
    rebuild(config, _minilm)
    both = Assistant(LiveIndex(config, _minilm.identity), _minilm, open_reader()[0])
    found = suggest(both.index()[0], both.ask)
    names = [each.document for each in found]
    assert len(found) >= 8
    assert min(names.count(name) for name in set(names)) >= 3
    assert len(set(names)) == 2


def test_of_some_documents_only_their_questions_are_asked() -> None:
    index = index_of(
        {
            "ferry.txt": "The Tamsin ferry was restored in 1952 by volunteers.\n",
            "tram.txt": "The harbour tram was restored in 1987 by volunteers.\n",
        }
    )
    assert [one.suggestion.question for one in candidates(index, documents=["tram.txt"])] == [
        "When was the harbour tram restored?"
    ]
    assert len(candidates(index)) == 2


def test_what_is_refused_answered_elsewhere_or_unsurely_is_not_suggested(
    assistant: Assistant, article_index: PassageIndex
) -> None:
    no_answer = assistant.ask("What is the capital of France?")
    assert suggest(article_index, lambda question: no_answer) == []
    answer = assistant.ask("When did India join?")
    assert isinstance(answer, Answer)
    assert [each.question for each in suggest(article_index, lambda question: answer)] == [answer.question]
    unsure = replace(answer, confidence=0.6)
    assert suggest(article_index, lambda question: unsure) == []


def test_no_more_questions_are_asked_than_allowed(article_index: PassageIndex, assistant: Assistant) -> None:
    no_answer = assistant.ask("What is the capital of France?")
    asked: list[str] = []

    def ask(question: str) -> Reply:
        asked.append(question)
        return no_answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suggesting, "_QUESTIONS_ASKED", 5)
        suggest(article_index, ask)
    assert len(asked) == 5


def test_the_search_ends_when_it_is_told_to(article_index: PassageIndex) -> None:
    assert suggest(article_index, lambda question: pytest.fail("asked"), before_each=lambda: False) == []


def test_a_text_without_statements_has_no_candidates(tmp_path: Path, _minilm: SentenceTransformerEmbedder) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("Oh no! Why? It was so. They said it then.\n\nfoo() == bar\n", "utf-8")
    config = IndexConfig(docs, tmp_path / "built")
    rebuild(config, _minilm)
    assert candidates(LiveIndex(config, _minilm.identity).get()[0]) == []


# kept with the generation


@pytest.fixture
def some(article_index: PassageIndex) -> list[Suggestion]:
    document = next(iter(article_index.documents))
    return [Suggestion("When did India join?", document, 100, 200)]


def test_what_was_saved_is_read_back(tmp_path: Path, article_index: PassageIndex, some: list[Suggestion]) -> None:
    save(tmp_path, article_index, "me", some, [])
    assert load(tmp_path, article_index, "me") == some


def test_what_was_made_otherwise_is_found_anew(
    tmp_path: Path, article_index: PassageIndex, some: list[Suggestion]
) -> None:
    save(tmp_path, article_index, "me", some, [])
    assert load(tmp_path, article_index, "another") is None
    assert made_by(article_index, reads=True) != made_by(article_index, reads=False)


def test_every_damaged_file_is_refused(tmp_path: Path, article_index: PassageIndex, some: list[Suggestion]) -> None:
    save(tmp_path, article_index, "me", some, [])
    (file,) = (tmp_path / "suggestions").iterdir()
    whole = file.read_bytes()
    for at in range(len(whole)):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            file.write_bytes(data)
            assert load(tmp_path, article_index, "me") is None
    file.write_bytes(b"")
    assert load(tmp_path, article_index, "me") is None


def test_a_place_outside_the_documents_is_refused(
    tmp_path: Path, article_index: PassageIndex, some: list[Suggestion]
) -> None:
    document = some[0].document
    for wrong in (
        Suggestion("When?", "nowhere.txt", 0, 1),
        Suggestion("When?", document, 5, 5),
        Suggestion("When?", document, 0, 10**9),
    ):
        save(tmp_path, article_index, "me", [wrong], [])
        assert load(tmp_path, article_index, "me") is None


def test_those_of_generations_that_are_gone_are_removed(
    tmp_path: Path, article_index: PassageIndex, some: list[Suggestion]
) -> None:
    (tmp_path / "suggestions").mkdir()
    for name in ("kept", "gone"):
        (tmp_path / "suggestions" / f"{name}.json").write_text("{}", "utf-8")
    save(tmp_path, article_index, "me", some, ["kept"])
    assert sorted(os.listdir(tmp_path / "suggestions")) == sorted(["kept.json", f"{article_index.generation}.json"])


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(
    tmp_path: Path, article_index: PassageIndex, some: list[Suggestion]
) -> None:
    (tmp_path / "suggestions").write_text("in the way", "utf-8")
    save(tmp_path, article_index, "me", some, [])
    assert load(tmp_path, article_index, "me") is None


def test_the_file_is_json_after_its_hash(tmp_path: Path, article_index: PassageIndex, some: list[Suggestion]) -> None:
    save(tmp_path, article_index, "me", some, [])
    body = (tmp_path / "suggestions" / f"{article_index.generation}.json").read_bytes().partition(b"\n")[2]
    assert json.loads(body)["suggestions"][0]["question"] == "When did India join?"
