from __future__ import annotations

import pytest

from assistant.language.spelling import english_words
from assistant.language.verbs import base_of_past, base_of_present, present_of
from assistant.suggestions.mining import Miner

NAMES = frozenset("India SCO MERICS Brannock Hollin Hill China Russia Aristotle Kublai Hangzhou Requests".split())


def mined(sentence: str, before: str | None = None) -> list[str]:
    acronyms = {"SCO": "Shanghai Cooperation Organization", "VLRs": "variable lymphocyte receptors"}
    return [each.question for each in Miner(english_words(), NAMES, acronyms).mine(sentence, before)]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("India, which joined in 2017, said no.", "When did India join?"),
        ("The Hollin Hill tunnel was dug between 1868 and 1873 to carry coal.", "When was the Hollin Hill tunnel dug?"),
        (
            "The SCO, which has widened its mandate since it was founded in 2001 as a forum, has become a prototype.",
            "When was the SCO founded?",
        ),
        (
            "The cooperative, Hollin Hill Growers (HHG), was registered in February 2021 by seven founders.",
            "When was Hollin Hill Growers registered?",
        ),
        ("India refused to join the statement on June 14.", "When did India refuse to join the statement?"),
        ("Kublai captured the capital in 1276, the city of China.", "When did Kublai capture the capital?"),
        ("The last freight train stopped on 14 November 2017.", "When did the last freight train stop?"),
        ("Once border security mattered most, the SCO today includes 10 member states, among them three powers.",
         "How many member states does the SCO include?"),
        ("India has 28 states and the most people.", "How many states does India have?"),
        ("MERICS employed about 40 researchers in its first year.", "How many researchers did MERICS employ?"),
        ("The opponents, led by councillor Greta Voss, feared the bills.", "Who led the opponents?"),
        ("Isamu Hasegawa wrote the POSIX matcher, which is part of the library.", "Who wrote the POSIX matcher?"),
        ("“It is calm,” says Dr. Ines Calloway, a mycologist at the college.", "Who is Dr. Ines Calloway?"),
        (
            "The cycle path came to nothing because the portal opens onto other land.",
            "Why did the cycle path come to nothing?",
        ),
        (
            "The western half of the tube is still empty, because its lining drips too heavily.",
            "Why is the western half of the tube still empty?",
        ),
        (
            "Three kinds of mushroom grow in the eastern gallery: grey oyster, king oyster and lion’s mane.",
            "Which three kinds of mushroom grow in the eastern gallery?",
        ),
        (
            "The town council turned down three ideas for the tunnel: a cellar, a path and a centre.",
            "Which three ideas for the tunnel did the town council turn down?",
        ),
        ("India must balance its engagement with all the powers.", "What must India balance?"),
        ("India is also a member of the Quad (with Australia) and has a border.", "What is India a member of?"),
        ("The new library provides a simple interface for the command line.", "What does the new library provide?"),
        ("India refused to sign the statement.", "What did India refuse to sign?"),
        ("China and Russia are advancing a narrative against the West.", "What are China and Russia advancing?"),
        ("The Indian Ministry of External Affairs clarified that “India did not take part in it.”",
         "What did the Indian Ministry of External Affairs clarify?"),
        ("It has become a prototype for the two powers, argues Claus Soong.", "What does Claus Soong argue?"),
        (
            "“We have bought a leak,” mayor Piet Hallam told reporters that evening.",
            "What did mayor Piet Hallam tell reporters?",
        ),
        ("The Shanghai Cooperation Organization (SCO) is in the way of the others.", "What does SCO stand for?"),
        (
            "They speak of “color revolutions” (independence movements named for colors) in the East.",
            "What are “color revolutions”?",
        ),
        ("Requests is a simple library for the web.", ""),
        ("The tram tunnel is 1,140 metres long and lies in the hill.", "How long is the tram tunnel?"),
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_a_statement_is_turned_into_the_question_it_answers(sentence: str, question: str) -> None:
    found = mined(sentence)
    if question:
        assert question in found
    for each in found:
        assert each[0].isupper()
        assert each.endswith("?")


def test_it_is_what_the_sentence_before_is_about() -> None:
    before = "The Hollin Hill tunnel was dug to carry coal."
    assert mined("It is 1,140 metres long and lies in the hill.", before) == ["How long is the Hollin Hill tunnel?"]
    assert mined("It is 1,140 metres long and lies in the hill.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It joined in 2017 and left soon after.",
        "She was elected in 1998 by the members.",
        "This was founded in 2001 as a forum.",
        "Several of them joined in 2017.",
        "Then they joined the others in 2017.",
        "The organization has 10 members in all.",
        "Turnover reached a peak in 2019, and nobody knew of it.",
        "The European Court of Justice cannot uphold measures which are against the law.",
        "Do not assume that the .Z file is correct simply because the program does not complain.",
        "If the user and group is used for other purposes, so be it.",
        "The various subsets are also part of the immune system.",
        "Run `pip install x` in 2017 and the library was installed in 2018.",
        "x = foo(1) was called in 2017 by the program.",
        "Der Tunnel wurde im Jahr 1868 gegraben und 1873 eröffnet.",
        "A list of things",
        "“Quote” in 2017.",
        "Members: 10 states, 2 observers.",
        "The committee formed in 1990 was dissolved by the members.",
    ],
    ids=lambda sentence: sentence[:40],
)
def test_what_is_not_surely_understood_gives_no_question(sentence: str) -> None:
    assert mined(sentence) == []


def test_no_question_of_the_article_leans_on_anything_before_it(article_index) -> None:  # type: ignore[no-untyped-def]
    from assistant.suggestions.suggesting import candidates

    found = [each.suggestion.question for each in candidates(article_index)]
    assert len(found) >= 10
    assert len({question.casefold() for question in found}) == len(found)
    leaning = {"it", "they", "he", "she", "this", "that", "these", "those", "which ones"}
    assert not [q for q in found if leaning & {word.strip("?,.").lower() for word in q.split()}]


@pytest.mark.parametrize(
    ("past", "base"),
    [
        ("joined", "join"), ("stopped", "stop"), ("moved", "move"), ("tried", "try"), ("used", "use"),
        ("rated", "rate"), ("visited", "visit"), ("added", "add"), ("passed", "pass"), ("planned", "plan"),
        ("opened", "open"), ("closed", "close"), ("agreed", "agree"), ("refused", "refuse"), ("came", "come"),
        ("wrote", "write"), ("red", None), ("bed", None), ("need", None), ("xqzed", None), ("houses", None),
    ],
)  # fmt: skip
def test_the_base_of_a_past_form(past: str, base: str | None) -> None:
    found = base_of_past(past, english_words())
    # No form is better than a wrong one.
    assert found == base or (base is None and found is None)


@pytest.mark.parametrize(
    ("form", "base"), [("includes", "include"), ("has", "have"), ("carries", "carry"), ("teaches", "teach"),
                       ("goes", "go"), ("passes", "pass"), ("is", None), ("less", None), ("include", None)],
)  # fmt: skip
def test_the_base_of_a_present_form(form: str, base: str | None) -> None:
    assert base_of_present(form, english_words()) == base


@pytest.mark.parametrize(
    ("base", "form"), [("maintain", "maintains"), ("teach", "teaches"), ("carry", "carries"), ("play", "plays")]
)
def test_the_third_person_of_a_verb(base: str, form: str) -> None:
    assert present_of(base) == form
