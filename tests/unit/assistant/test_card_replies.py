"""Questions about a document itself, asked of the whole assistant: real model, real FAISS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from papers import column, pdf

from assistant import Answer, Assistant, Refusal
from assistant.answering import open_reader
from assistant.judging.answerability import CUT, SURE
from assistant.quotes import grounding
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild


@pytest.mark.parametrize(
    ("question", "history", "short", "sentence"),
    [
        ("Who wrote the article?", [], "Claus Soong", "The Shanghai Cooperation Organization (SCO), which has"),
        ("Who is the author?", ["When was the SCO founded?"], "Claus Soong", "The Shanghai Cooperation Organization"),
        ("who wrote it?", [], "Claus Soong", "The Shanghai Cooperation Organization (SCO), which has"),
        ("Who wrote sco-alternative-global-order.txt?", [], "Claus Soong", "The Shanghai Cooperation Organization"),
        ("Who published this?", [], "Centre for Eastern Studies (OSW), MERICS, and", "This analysis is part of the"),
        ("Which journal published the analysis?", [], "China-Russia Dashboard", "This analysis is part of the"),
        ("Who wrote this commentary?", [], "Claus Soong", "The Shanghai Cooperation Organization (SCO), which has"),
        ("Where was this article published?", [], "China-Russia Dashboard", "This analysis is part of the"),
        ("And who published it?", ["Who wrote the article?"], "Centre for Eastern Studies (OSW)", "This analysis is"),
    ],
)
def test_the_shipped_article_tells_who_wrote_and_published_it(
    assistant: Assistant, question: str, history: list[str], short: str, sentence: str
) -> None:
    told = assistant.ask(question, history)
    assert isinstance(told, Answer)
    (quote,) = told.quotes
    assert quote.exact.startswith(sentence)
    assert quote.answer_start is not None
    assert quote.exact[quote.answer_start - quote.start :].startswith(short)
    index, _ = assistant.index()
    grounding.verify(told.quotes, index)
    assert told.confidence == SURE


def test_a_title_that_the_card_gives_comes_before_a_sentence_that_may_hold_one(assistant: Assistant) -> None:
    told = assistant.ask("What is the title of the article?")
    assert isinstance(told, Refusal)
    assert "its bibliographic card gives its title as China and Russia are using" in told.reason
    assert told.confidence < CUT


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the report on Iran?",
        "Who is the author of the resolution?",
        "When was the charter published?",
    ],
)
def test_of_what_is_not_the_article_the_refusal_is_as_ever(assistant: Assistant, question: str) -> None:
    told = assistant.ask(question)
    assert isinstance(told, Refusal)
    assert "card" not in told.reason


@pytest.mark.parametrize("question", ["When was this analysis published?", "Publication date?"])
def test_of_what_its_card_does_not_tell_either_the_refusal_says_so(assistant: Assistant, question: str) -> None:
    told = assistant.ask(question)
    assert isinstance(told, Refusal)
    assert told.reason == (
        "No sentence found in the document says when it was published, nor does its bibliographic card."
    )


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, _minilm: OnnxEmbedder) -> Assistant:
    """A guide that names its author in the text and another on its card, and a PDF that says who made it by itself."""
    folder = tmp_path_factory.mktemp("shelf")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "guide.txt").write_text("This guide was written by Anna Kern. It explains how boats float.\n", "utf-8")
    (docs / "guide.toml").write_text('title = "Floating"\nauthor = "Bob Ray"\n', "utf-8")
    facts = {"Title": "Stones", "Author": "Eve Dahl"}
    (docs / "stones.pdf").write_bytes(pdf([column(["Stones sink in water, as everybody knows."])], facts))
    config = IndexConfig(docs, folder / "built")
    rebuild(config, _minilm)
    return Assistant(LiveIndex(config, _minilm.identity), _minilm, open_reader()[0])


def test_what_the_text_answers_surely_is_not_asked_of_the_card(shelf: Assistant) -> None:
    told = shelf.ask("Who wrote this guide?", documents=["guide.txt"])
    assert isinstance(told, Answer)
    assert told.quotes[0].exact == "This guide was written by Anna Kern."
    assert told.notices == ()


def test_what_a_file_says_of_itself_is_told_of_the_one_that_is_chosen_or_named(shelf: Assistant) -> None:
    reason = "No sentence found in the document says who wrote it; its bibliographic card names Eve Dahl as the author."
    for told in (shelf.ask("Who wrote this document?", documents=["stones.pdf"]), shelf.ask("Who wrote stones.pdf?")):
        assert isinstance(told, Refusal)
        assert told.reason == reason
        assert told.nearest
    of_either = shelf.ask("Who is the publisher of this document?")
    assert "card" not in str(of_either.to_json()["reason"])


def test_such_replies_follow_the_published_schema(assistant: Assistant, shelf: Assistant) -> None:
    schema = json.loads((Path(__file__).parents[3] / "assistant" / "schemas" / "reply.schema.json").read_text("utf-8"))
    for told in (assistant.ask("Who wrote the article?"), shelf.ask("Who wrote stones.pdf?")):
        Draft202012Validator(schema).validate(json.loads(json.dumps(told.to_json())))
