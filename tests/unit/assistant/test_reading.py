from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from assistant import Assistant
from assistant.reading import BadQuery, NoSuchParagraph, read_passage
from assistant.selecting import BadSelection
from index import PassageIndex
from index.config import ROOT

REPLY = json.loads((ROOT / "assistant" / "schemas" / "reply.schema.json").read_text("utf-8"))
SCHEMA = json.loads((ROOT / "assistant" / "schemas" / "passages.schema.json").read_text("utf-8"))
ARTICLE = "sco-alternative-global-order.txt"


def valid(found: dict[str, object]) -> bool:
    registry = Registry().with_resource("reply.schema.json", Resource.from_contents(REPLY))
    Draft202012Validator(SCHEMA, registry=registry).validate(json.loads(json.dumps(found)))
    return True


def test_a_search_finds_whole_passages_and_judges_nothing(assistant: Assistant) -> None:
    found = assistant.search("Which countries joined in 2017?", most=3)
    text = assistant.index()[0].documents[ARTICLE].text
    assert [one.number for one in found.passages] == [1, 2, 3]
    assert "India, which joined in 2017" in "".join(one.exact for one in found.passages)
    assert [text[one.start : one.end] for one in found.passages] == [one.exact for one in found.passages]
    assert valid(found.to_json())


def test_a_search_of_what_is_nowhere_still_shows_what_is_nearest(assistant: Assistant) -> None:
    assert len(assistant.search("the recipe of a lemon cake", most=2).passages) == 2


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("  ", "The question is empty; type a question about the documents."),
        ("?!", "There are no words in the question; type a question about the documents."),
        ("word " * 500, "The question has 2,499 characters; ask in at most 2,000."),
    ],
)
def test_a_search_for_nothing_is_refused_in_one_line(assistant: Assistant, query: str, line: str) -> None:
    with pytest.raises(BadQuery) as told:
        assistant.search(query)
    assert str(told.value) == line


def test_a_paragraph_is_read_word_for_word(article: PassageIndex) -> None:
    found = read_passage(article, ARTICLE, 9)
    assert {one.paragraph for one in found.passages} == {9}
    assert "India refused to join the statement on June 14" in found.passages[0].exact
    assert valid(found.to_json())


def test_paragraphs_around_it_come_in_the_order_of_reading(article: PassageIndex) -> None:
    found = read_passage(article, ARTICLE, 1, around=1)
    assert [one.paragraph for one in found.passages] == sorted(one.paragraph for one in found.passages)
    assert {one.paragraph for one in found.passages} == {1, 2}
    starts = [one.start for one in found.passages]
    assert starts == sorted(starts)


def test_every_paragraph_of_the_article_is_read_whole(article: PassageIndex) -> None:
    last = max(passage.paragraph for passage in article.passages)
    read = [one.exact for one in read_passage(article, ARTICLE, 1, around=20).passages]
    assert last == 11
    assert read == [passage.text for passage in article.passages]


def test_a_paragraph_that_is_not_there_is_told_with_those_that_are(article: PassageIndex) -> None:
    with pytest.raises(NoSuchParagraph) as told:
        read_passage(article, ARTICLE, 12)
    assert str(told.value) == f"{ARTICLE} has no paragraph 12; it has those from 1 to 11"


def test_a_document_that_is_not_there_is_told(article: PassageIndex) -> None:
    with pytest.raises(BadSelection):
        read_passage(article, "another.txt", 1)
