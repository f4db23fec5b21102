from pathlib import Path

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.evidence import choose, weigh
from index import BadIndex, IndexConfig, LiveIndex, PassageIndex, open_embedder


def test_the_best_quote_comes_first_and_numbers_follow_the_order(assistant: Assistant) -> None:
    reply = assistant.ask("How many member states does the SCO have today?")
    assert isinstance(reply, Answer)
    assert "the SCO today includes 10 member states" in reply.quotes[0].exact
    assert [quote.number for quote in reply.quotes] == list(range(1, len(reply.quotes) + 1))


def test_the_photo_caption_alone_holds_the_date_of_the_summit(assistant: Assistant) -> None:
    reply = assistant.ask("When was the Astana summit?")
    assert isinstance(reply, Answer)
    assert reply.quotes[0].exact.endswith("July 4, 2024, in Astana, Kazakhstan.")
    assert reply.quotes[0].heading is None


def test_a_sentence_that_stands_twice_is_quoted_once(assistant: Assistant) -> None:
    reply = assistant.ask("When was the SCO founded?")
    assert isinstance(reply, Answer)
    assert sum("founded in 2001" in quote.exact for quote in reply.quotes) == 1


def test_page_furniture_is_never_quoted(assistant: Assistant) -> None:
    for question in ("How long does it take to read?", "Comment", "Author(s)", "5 min read"):
        reply = assistant.ask(question)
        quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
        assert not [quote.exact for quote in quotes if "min read" in quote.exact or "Author(s)" in quote.exact]


def test_a_refusal_offers_the_nearest_passages_and_names_what_is_never_mentioned(assistant: Assistant) -> None:
    reply = assistant.ask("What is the capital of France?")
    assert isinstance(reply, Refusal)
    assert len(reply.nearest) == 3
    assert "“France”" in reply.reason


def test_the_same_question_gets_the_same_reply(assistant: Assistant) -> None:
    first, second = (assistant.ask("What are the limits of the SCO?").to_json() for _ in range(2))
    assert first | {"took_ms": 0} == second | {"took_ms": 0}


def test_markup_in_a_question_is_passed_over(assistant: Assistant) -> None:
    reply = assistant.ask("<b>When did India join?</b>")
    assert isinstance(reply, Answer)
    assert reply.standalone_question == "When did India join?"
    assert reply.question == "<b>When did India join?</b>"


def test_without_an_index_asking_says_so(tmp_path: Path) -> None:
    config = IndexConfig(index_dir=tmp_path)
    embedder = open_embedder(None, tmp_path)
    with pytest.raises(BadIndex, match="python -m index rebuild"):
        Assistant(LiveIndex(config, embedder.identity), embedder).ask("When did India join?")


def test_further_quotes_come_near_the_best_and_are_at_most_as_many_as_asked(
    assistant: Assistant, article_index: PassageIndex
) -> None:
    weighed = assistant.consider("What are the limits of the SCO?", article_index).weighed
    assert len(choose(weighed, most=1)) == 1
    assert len(choose(weighed, most=3, margin=2.0)) == 3
    assert choose(weighed, most=10, margin=0.0) == [weighed[0]]


def test_nothing_found_is_nothing_weighed(article_index: PassageIndex) -> None:
    assert weigh("anything", [], article_index) == []
