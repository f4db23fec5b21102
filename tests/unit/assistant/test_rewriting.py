import pytest

from assistant.rewriting import candidates, points, standalone


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["When did India join?"], "And Iran?", "When did Iran join?"),
        (["When did India join?"], "What about Iran?", "When did Iran join?"),
        (["When did India join the SCO?"], "And Iran, when did it come in?", "When did Iran come in?"),
        (
            ["What share of global GDP do they account for?"],
            "And of the population?",
            "What share of the population do they account for?",
        ),
        (
            ["Who leads the Quadrilateral Security Dialogue?"],
            "Which other countries belong to it?",
            "Which other countries belong to the Quadrilateral Security Dialogue?",
        ),
        (
            ["Did India back the statement of June 14?"],
            "What did its ministry say?",
            "What did India’s ministry say?",
        ),
        (
            ["What must the Central Asian members balance?", "Do they also engage with the EU?"],
            "Why do they?",
            "Why do the Central Asian members?",
        ),
        (
            ["How many dialogue partners are there?"],
            "Where do they come from?",
            "Where do the dialogue partners come from?",
        ),
        (["When did Iran become a member?"], "Who attacked it?", "Who attacked Iran?"),
        (["When was the SCO founded?"], "And as what?", "When was the SCO founded? As what?"),
        (["When was the SCO founded?"], "Why?", "Why was the SCO founded?"),
        (["Is India a member of the SCO?"], "Since when?", "Since when is India a member of the SCO?"),
        (["Where did the leaders meet?"], "And when exactly?", "When did the leaders meet?"),
        (["Did India sign the statement?"], "Why not?", "Did India sign the statement? Why not?"),
        (
            ["How many members does the SCO have?"],
            "Since when?",
            "How many members does the SCO have? Since when?",
        ),
    ],
)
def test_a_follow_up_is_understood_from_what_was_asked_before(history: list[str], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Which countries border Mongolia?",
        "Why did India say it did not take part?",
        "What is the order that China wants?",
        "Are there any observers in the SCO?",
        "Is it true that Iran is a member of the SCO?",
    ],
)
def test_a_question_that_stands_alone_is_not_dragged_back(question: str) -> None:
    assert standalone(question, ["When did Pakistan join?"]) == question


@pytest.mark.parametrize(
    "question", ["What about", "How about", "And what about", "what about ...?", "And what about?!"]
)
def test_a_follow_up_that_names_nothing_is_left_as_it_is(question: str) -> None:
    assert standalone(question, ["When did India join?", "Who leads the SCO?"]) == question
    assert candidates(question, ["When did India join?"], "Iran") == [question]


def test_without_history_a_follow_up_is_left_as_it_is() -> None:
    assert standalone("And when did it join?", []) == "And when did it join?"


def test_an_empty_earlier_question_is_passed_over() -> None:
    assert standalone("What about Iran?", ["When did India join?", "  "]) == "When did Iran join?"


def test_a_pronoun_may_mean_the_name_that_answered() -> None:
    assert candidates("When did it join?", ["Which country did Israel attack?"], "Iran") == [
        "When did Israel join?",
        "When did Iran join?",
    ]


def test_where_the_question_names_nobody_the_answer_does() -> None:
    assert candidates("Where does he work?", ["Who wrote this article?"], "Claus Soong")[0] == (
        "Where does Claus Soong work?"
    )


def test_a_question_that_stands_alone_has_one_reading() -> None:
    assert candidates("When did India join?", ["Who wrote this article?"], "Claus Soong") == ["When did India join?"]


@pytest.mark.parametrize(
    ("question", "pointing"),
    [
        ("When did it join?", True),
        ("And what about its ministers?", True),
        ("And Iran?", False),
        ("Since when?", False),
    ],
)
def test_only_a_pronoun_points_at_an_answer(question: str, pointing: bool) -> None:
    assert points(question) is pointing
    assert (len(candidates(question, ["Which country did Israel attack?"], "Iran")) == 2) is pointing
