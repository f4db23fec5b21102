from __future__ import annotations

import pytest

from index.passages import first_heading, paragraphs


def read(text: str) -> list[tuple[str | None, str]]:
    """(heading, words) of each paragraph."""
    return [(paragraph.heading, paragraph.span.of(text)) for paragraph in paragraphs(text)]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(("asks", "answers"), [("", ""), ("Q: ", "A: "), ("HAMID: ", "OTTOLINE: ")])
def test_the_questions_of_a_list_head_their_answers(asks: str, answers: str, gap: str) -> None:
    pairs = [
        (f"{asks}Do you ship to Norway?", f"{answers}No, we ship to the EU alone."),
        (f"{asks}Is it the “new” one?", f"{answers}Yes, it is."),
        (f"{asks}How long does it take?", f"{answers}It takes three days."),
    ]
    assert read("\n\n".join(f"{question}{gap}{answer}" for question, answer in pairs)) == pairs


def test_a_question_below_another_heads_and_the_other_is_text() -> None:
    text = "Why?\n\nIs it late?\n\nNo.\n\nIs it far?\n\nYes.\n\nIs it dear?\n\nIt is.\n"
    assert read(text) == [(None, "Why?"), ("Is it late?", "No."), ("Is it far?", "Yes."), ("Is it dear?", "It is.")]


@pytest.mark.parametrize(
    "text",
    [
        "It was late.\n\nBut why?\n\nNobody knew.\n",
        "“Where is it?”\n\nHe sat.\n\n“Is it here?”\n\nShe sat.\n\n“And now?”\n\nThey left.\n",
    ],
    ids=["few", "said"],
)
def test_a_question_within_prose_is_text(text: str) -> None:
    assert [words for _, words in read(text)] == text.strip().split("\n\n")


def test_a_question_that_heads_its_answer_names_no_document() -> None:
    text = "Is it late?\n\nNo.\n\nIs it far?\n\nYes.\n\nIs it dear?\n\nIt is.\n"
    assert first_heading(text) is None
    assert first_heading(f"Common questions\n\n{text}") == "Common questions"
