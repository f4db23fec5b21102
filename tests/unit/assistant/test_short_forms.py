from collections.abc import Sequence

import pytest
from fakes import index_of

from assistant.understanding.short_forms import spelled_out
from index import Passage, PassageIndex


def passages(index: PassageIndex) -> Sequence[Passage]:
    return list(index.passages)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the BRI?", "What is the Belt and Road Initiative?"),
        ("what is the bri", "what is the Belt and Road Initiative"),
        ("Who is in the Quad?", "Who is in the Quadrilateral Security Dialogue?"),
        ("What is the Quad’s aim?", "What is the Quadrilateral Security Dialogue’s aim?"),
        ("What did the MEA clarify?", "What did the Ministry of External Affairs clarify?"),
    ],
)
def test_a_short_form_stands_for_the_one_name_that_it_can(
    article_index: PassageIndex, question: str, expected: str
) -> None:
    assert spelled_out(question, article_index, lambda: passages(article_index)) == expected


@pytest.mark.parametrize(
    "question",
    [
        # Held by the article itself.
        "What is the SCO?",
        "What does MERICS stand for?",
        # Of no name in it.
        "When did the ABC join?",
        "What did the CIA say?",
        # No short forms.
        "Who is in the quad?",
        "Did Quad join?",
        "What is the best way?",
        "What does bri mean",
        "See BRI-2 and U.S.A.",
    ],
)
def test_other_words_are_left(article_index: PassageIndex, question: str) -> None:
    assert spelled_out(question, article_index, lambda: passages(article_index)) == question


def test_the_documents_are_looked_through_only_for_what_may_be_a_short_form(article_index: PassageIndex) -> None:
    def never() -> Sequence[Passage]:
        raise AssertionError

    assert spelled_out("When did India join?", article_index, never) == "When did India join?"


def test_a_form_that_can_stand_for_two_names_is_left() -> None:
    index = index_of({"a.txt": "The Royal Grain Board met. Later the Regional Gas Bureau met."})
    assert spelled_out("Who leads the RGB?", index, lambda: passages(index)) == "Who leads the RGB?"


def test_capitals_around_a_name_are_no_part_of_it_unless_they_are() -> None:
    index = index_of(
        {"a.txt": "Chinese Grain Trade Board members met. The Old Royal Grain Council met Grain Trade Board."}
    )
    found = [spelled_out(f"Who leads the {form}?", index, lambda: passages(index)) for form in ("GTB", "RGC")]
    assert found == ["Who leads the Grain Trade Board?", "Who leads the RGC?"]
