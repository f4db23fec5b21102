from __future__ import annotations

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.answering import open_reader
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild

ENGLISH = "Chess Club\n\nThe club was founded in 1962 by Margaret Ellis. The chair is Tobias Grant.\n"
GERMAN = (
    "Satzung des Gartenvereins\n\nDer jährliche Beitrag beträgt 48 Euro und ist bis zum 31. März zu entrichten. Wer "
    "ihn nicht zahlt, kann durch den Vorstand ausgeschlossen werden. Die Vorsitzende ist Helga Brandt.\n"
)
RUSSIAN = "Завод\n\nЗавод был основан в 1931 году в городе Владимире. Его первым директором был Пётр Соколов.\n"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, _minilm: OnnxEmbedder) -> Assistant:
    """A document in English, one in German, one in Russian."""
    folder = tmp_path_factory.mktemp("languages")
    (folder / "docs").mkdir()
    for name, text in (("club.txt", ENGLISH), ("satzung.txt", GERMAN), ("zavod.txt", RUSSIAN)):
        (folder / "docs" / name).write_text(text, "utf-8")
    config = IndexConfig(folder / "docs", folder / "built")
    rebuild(config, _minilm)
    return Assistant(LiveIndex(config, _minilm.identity), _minilm, open_reader()[0])


def test_a_refusal_names_the_documents_that_it_may_be_wrong_of(shelf: Assistant) -> None:
    reply = shelf.ask("When must the annual contribution be paid?")
    assert isinstance(reply, Refusal)
    assert reply.notices == (
        "satzung.txt looks to be in German and zavod.txt in Russian: this assistant reads English and may miss what "
        "they say.",
    )


def test_nothing_is_said_of_documents_that_were_not_asked(shelf: Assistant) -> None:
    assert shelf.ask("Who is the treasurer?", documents=["club.txt"]).notices == ()
    assert shelf.ask("When was the chess club founded?").notices == ()


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        (
            ["satzung.txt"],
            "The chosen document looks to be in German; this assistant reads English and cannot tell whether it "
            "answers this.",
        ),
        (
            ["satzung.txt", "zavod.txt"],
            "The chosen documents look to be in other languages than English; this assistant reads English and cannot "
            "tell whether they answer this.",
        ),
    ],
)
def test_where_no_document_asked_is_in_english_the_refusal_claims_nothing_of_what_they_say(
    shelf: Assistant, documents: list[str], reason: str
) -> None:
    reply = shelf.ask("When was the museum opened?", documents=documents)
    assert isinstance(reply, Refusal)
    assert (reply.reason, reply.notices) == (reason, ())


def test_a_question_in_another_language_is_told_that_its_documents_are_too(shelf: Assistant) -> None:
    reply = shelf.ask("Wann wurde das Museum eröffnet?", documents=["satzung.txt"])
    assert isinstance(reply, Refusal)
    assert reply.reason.endswith("ask in English.")
    assert [notice.split(";")[0] for notice in reply.notices] == ["The chosen document looks to be in German"]


def test_an_answer_says_that_what_it_quotes_is_in_another_language(shelf: Assistant) -> None:
    reply = shelf.ask("Who is Helga Brandt?")
    assert isinstance(reply, Answer)
    assert reply.quotes[0].document == "satzung.txt"
    assert reply.notices == (
        "satzung.txt looks to be in German: this assistant reads English and may misjudge what it quotes from it.",
    )
