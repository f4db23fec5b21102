from pathlib import Path

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.judging.evidence import choose, weigh
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


@pytest.mark.parametrize("chatter", [["Great, thank you"], ["Thanks", "ok", "great", "cool", "?", "y" * 3000]])
def test_small_talk_between_a_question_and_its_follow_up_is_passed_over(
    assistant: Assistant, chatter: list[str]
) -> None:
    reply = assistant.ask("Who founded it?", ["When was the SCO founded?", *chatter])
    assert reply.standalone_question == "Who founded the SCO?"


@pytest.mark.parametrize(
    ("history", "question", "standalone", "reads"),
    [
        ("When did India join?", "And Iran?", "When did Iran join?", 0),
        ("When was the SCO founded?", "Who leads it?", "Who leads the SCO?", 1),
        (
            "Which country refused to join the June 14 statement?",
            "And how did its government explain that?",
            "How did India’s government explain that?",
            3,
        ),
    ],
    ids=["no pronoun", "no name answers", "a name answers"],
)
def test_the_documents_are_read_for_a_follow_up_only_to_choose_what_it_means(
    assistant: Assistant,
    article_index: PassageIndex,
    monkeypatch: pytest.MonkeyPatch,
    history: str,
    question: str,
    standalone: str,
    reads: int,
) -> None:
    read: list[str] = []
    considering = assistant._considering
    consider = considering.consider
    monkeypatch.setattr(considering, "consider", lambda asked, *rest: read.append(asked) or consider(asked, *rest))
    assert assistant.understand(question, [history], article_index) == standalone
    assert len(read) == reads


def test_a_whole_question_is_not_answered_for_the_one_before(assistant: Assistant) -> None:
    history = ["When did India join?"]
    reply = assistant.ask("And how many member states does the SCO have today?", history)
    assert reply.standalone_question == "How many member states does the SCO have today?"
    assert isinstance(reply, Answer)
    assert "10 member states" in reply.quotes[0].exact
    assert isinstance(assistant.ask("thank you, that's all", history), Refusal)


def test_a_follow_up_that_names_nothing_gets_an_ordinary_reply(assistant: Assistant) -> None:
    assert assistant.ask("What about", ["When did India join?"]).standalone_question == "What about"
