"""Questions to begin with while the program serves: of all documents, and of those that were chosen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.suggestions.offering import Offering
from assistant.suggestions.suggesting import Suggestion
from index import PassageIndex

# The ferries' questions are so alike that only one of them is among those of all documents.
TEXTS = {
    "ferries/quenby.txt": "The Quenby ferry was restored in 1931 by volunteers.\n",
    "ferries/tamsin.txt": "The Tamsin ferry was restored in 1952 by volunteers.\n",
    "note.txt": "Oh no! Why? It was so. They said it then.\n",
    "orchard.txt": "The apple orchard of Brannock was planted in 1902 by the teacher Ada Finch.\n",
}
QUENBY, TAMSIN = "When was the Quenby ferry restored?", "When was the Tamsin ferry restored?"
ORCHARD = "When was the apple orchard of Brannock planted?"


@pytest.fixture(scope="module")
def assistant(assistant_over: Callable[[Mapping[str, str]], Assistant]) -> Assistant:
    return assistant_over(TEXTS)


@pytest.fixture
def index(assistant: Assistant) -> PassageIndex:
    return assistant.index()[0]


@pytest.fixture
def offering(assistant: Assistant, tmp_path: Path) -> Iterator[Offering]:
    made = Offering(tmp_path, lambda: assistant, list, lambda: True)
    yield made
    made.close()


def found(offering: Offering, index: PassageIndex, documents: Collection[str] = ()) -> list[Suggestion]:
    """Those of these documents, once they are all found."""
    for _ in range(600):
        told, whole = offering.get(index, documents)
        if whole:
            return told
        time.sleep(0.1)
    raise AssertionError("they are not found")


def questions(told: list[Suggestion]) -> list[str]:
    return [one.question for one in told]


def test_of_one_document_those_are_offered_that_it_answers_alone(
    offering: Offering, index: PassageIndex, assistant: Assistant
) -> None:
    assert set(questions(found(offering, index))) == {QUENBY, ORCHARD}
    for document, question in (
        ("ferries/quenby.txt", QUENBY),
        ("ferries/tamsin.txt", TAMSIN),
        ("orchard.txt", ORCHARD),
    ):
        (one,) = found(offering, index, [document])
        assert (one.question, one.document) == (question, document)
        assert isinstance(assistant.ask(question, documents=[document]), Answer)


def test_while_they_are_looked_for_those_of_all_documents_that_are_of_the_chosen_one_are_offered(
    offering: Offering, index: PassageIndex
) -> None:
    assert offering.get(index, ["orchard.txt"]) == ([], False)
    found(offering, index)
    told, whole = offering.get(index, ["ferries/quenby.txt"])
    assert (questions(told), whole) == ([QUENBY], False)


def test_a_document_that_answers_no_question_has_none(offering: Offering, index: PassageIndex) -> None:
    assert found(offering, index, ["note.txt"]) == []


def test_to_choose_every_document_is_to_choose_none(offering: Offering, index: PassageIndex) -> None:
    of_all = found(offering, index)
    assert offering.get(index, list(TEXTS)) == (of_all, True)


def test_only_those_of_all_documents_are_kept_on_disk(offering: Offering, index: PassageIndex, tmp_path: Path) -> None:
    of_all = found(offering, index)
    found(offering, index, ["ferries/tamsin.txt"])
    (file,) = (tmp_path / "suggestions").iterdir()
    kept = json.loads(file.read_bytes().partition(b"\n")[2])["suggestions"]
    assert [one["question"] for one in kept] == questions(of_all)


def test_many_choices_are_not_all_remembered(
    offering: Offering, index: PassageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.suggestions.offering._CHOICES_KEPT", 2)
    for document in ("note.txt", "orchard.txt", "ferries/tamsin.txt"):
        found(offering, index, [document])
    assert offering.get(index, ["orchard.txt"])[1] is True
    assert offering.get(index, ["note.txt"])[1] is False


def test_a_search_stands_back_while_questions_are_asked_and_ends_when_the_program_does(
    assistant: Assistant, index: PassageIndex, tmp_path: Path
) -> None:
    waiting = Offering(tmp_path, lambda: assistant, list, lambda: False)
    assert waiting.get(index) == ([], False)
    waiting.close()
    assert waiting.get(index) == ([], False)
    assert not (tmp_path / "suggestions").exists()
    waiting.close()
