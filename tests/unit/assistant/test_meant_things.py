"""What a pronoun of a follow-up means where the question before names it by no name."""

from __future__ import annotations

import pytest

from assistant.language.pronouns import first_pronoun
from assistant.language.subjects import subject
from assistant.understanding.rewriting import standalone


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("Who founded the shipyard?", "When did it close?", "When did the shipyard close?"),
        ("Who will pay for the barrier?", "And when is it finished?", "When is the barrier finished?"),
        ("Is there a penalty for late delivery?", "How is it calculated?", "How is the penalty calculated?"),
        ("Do bidders need a certain turnover?", "How big must it be?", "How big must the turnover be?"),
        ("How much security do we provide?", "When do we get it back?", "When do we get the security back?"),
        ("Where did the 2024 summit take place?", "Who opened it?", "Who opened the 2024 summit?"),
        ("By how much will the monthly fee go up?", "Who opposed it?", "Who opposed the monthly fee?"),
        ("When can I ask for a sabbatical?", "How long is it?", "How long is a sabbatical?"),
        ("How long can a sabbatical be?", "Is that paid?", "Is a sabbatical paid?"),
        ("Why did the Institute refuse her?", "When did it admit her?", "When did the Institute admit her?"),
    ],
)
def test_it_means_the_thing_that_was_asked_about(earlier: str, question: str, expected: str) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize(
    ("earlier", "question"),
    [
        # She and they are whoever did it, and an event is no "workers".
        ("Who is moving to Leeds?", "When does she leave?"),
        ("Who besieged Velmar in 1658?", "When did they leave?"),
        ("Who does the service in Germany?", "When are they open?"),
        ("Why did the workers strike in 1909?", "How long did it last?"),
        ("Did Merriweather get a doctorate?", "Who gave it to her?"),
        ("When can I ask for a sabbatical?", "Are they paid?"),
    ],
)
def test_a_pronoun_does_not_mean_what_it_cannot(earlier: str, question: str) -> None:
    assert standalone(question, [earlier]) == f"{earlier} {question}"


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("Who is Irena Kosta?", "Why did she resign?", "Why did Irena Kosta resign?"),
        ("Who are the Quillay?", "What do they keep?", "What do the Quillay keep?"),
        ("Who did India criticise?", "What did they say?", "What did India say?"),
    ],
)
def test_who_somebody_is_asks_of_that_one(earlier: str, question: str, expected: str) -> None:
    assert standalone(question, [earlier]) == expected


@pytest.mark.parametrize("question", ["How much of it did they pay?", "Who is the author of it?", "Do they have any?"])
def test_a_question_may_name_no_thing(question: str) -> None:
    assert subject(question) in (None, "the author")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Is that paid?", "that"),
        ("How much does this cost?", "this"),
        ("Is that paid leave?", None),
        ("Does that rule hold?", None),
    ],
)
def test_what_points_back_has_no_noun_behind_it(question: str, found: str | None) -> None:
    pronoun = first_pronoun(question)
    assert (pronoun.group() if pronoun else None) == found


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ("Did the board approve cameras?", "Why didn’t the board approve cameras?"),
        ("Can I use vinegar?", "Why can’t I use vinegar?"),
        ("will two of us be paid", "Why won’t two of us be paid"),
        # No such form, and nothing that could be denied.
        ("May I use vinegar?", "May I use vinegar? Why not?"),
        ("Who approved it?", "Who approved it? Why not?"),
    ],
)
def test_why_not_asks_why_it_is_not_so(earlier: str, expected: str) -> None:
    assert standalone("Why not?", [earlier]) == expected
