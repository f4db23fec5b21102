from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.replies import Reason, Refusal
from assistant.serving.answer_cache import AnswerCache
from index import BadIndex


def refusal(question: str, generation: str = "g1") -> Refusal:
    return Refusal(question, question, 0.1, Reason.NOT_ANSWERED, "not answered", (), generation, 5.0)


class Asker:
    """Refuses, and counts how often it was asked."""

    def __init__(self, generation: str = "g1") -> None:
        self.asked: list[str] = []
        self.generation = generation

    def __call__(self, question: str) -> Callable[[], Refusal]:
        def ask() -> Refusal:
            self.asked.append(question)
            return refusal(question, self.generation)

        return ask


def test_the_same_question_of_the_same_generation_is_answered_once() -> None:
    cache, asker = AnswerCache(), Asker()
    assert cache.get("g1", "who?", ["when?"], asker("who?")) is cache.get("g1", "who?", ["when?"], asker("who?"))
    assert asker.asked == ["who?"]


@pytest.mark.parametrize(
    ("generation", "question", "history"),
    [("g2", "who?", []), ("g1", "Who?", []), ("g1", "who?", ["when?"]), ("g1", "", ["who?"])],
)
def test_whatever_may_change_the_reply_is_asked_anew(generation: str, question: str, history: list[str]) -> None:
    cache, asker = AnswerCache(), Asker()
    cache.get("g1", "who?", [], asker("first"))
    cache.get(generation, question, history, asker("second"))
    assert asker.asked == ["first", "second"]


def test_the_same_question_of_other_documents_is_asked_anew() -> None:
    cache, asker = AnswerCache(), Asker()
    for chosen in ([], ["a.txt"], ["b.txt"], ["a.txt"]):
        cache.get("g1", "who?", [], asker(f"of {chosen}"), chosen)
    assert asker.asked == ["of []", "of ['a.txt']", "of ['b.txt']"]


def test_the_question_asked_longest_ago_is_forgotten_first() -> None:
    cache, asker = AnswerCache(most=2), Asker()
    for question in ("a", "b", "a", "c", "a", "b"):
        cache.get("g1", question, [], asker(question))
    assert asker.asked == ["a", "b", "c", "b"]


def test_an_error_is_raised_and_not_kept() -> None:
    cache, asker = AnswerCache(), Asker()

    def fail() -> Refusal:
        raise BadIndex("no index")

    with pytest.raises(BadIndex):
        cache.get("g1", "who?", [], fail)
    assert cache.get("g1", "who?", [], asker("who?")).question == "who?"


def test_a_reply_of_another_generation_is_not_kept() -> None:
    cache, asker = AnswerCache(), Asker("g2")
    cache.get("g1", "who?", [], asker("who?"))
    cache.get("g1", "who?", [], asker("who?"))
    assert asker.asked == ["who?", "who?"]


def test_many_who_ask_the_same_at_once_get_one_reply() -> None:
    cache, asker, gate = AnswerCache(), Asker(), threading.Event()

    def slow() -> Refusal:
        gate.wait(10)
        return asker("who?")()

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(cache.get, "g1", "who?", [], slow) for _ in range(8)]
        gate.set()
        replies = {id(each.result(10)) for each in waiting}
    assert (len(replies), asker.asked) == (1, ["who?"])


def test_half_a_surrogate_pair_can_be_asked() -> None:
    assert AnswerCache().get("g1", "caf\udce9", [], Asker()("x")).question == "x"
