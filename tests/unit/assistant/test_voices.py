import pytest

from assistant.language.voices import voices


def heard(sentence: str) -> list[str]:
    return [span.of(sentence) for span in voices(sentence)]


@pytest.mark.parametrize(
    ("sentence", "speakers"),
    [
        ("The SCO has become a prototype for China and Russia, argues Claus Soong.", ["Claus Soong"]),
        (
            "The Indian Ministry of External Affairs clarified that “India did not.”",
            ["Indian Ministry of External Affairs"],
        ),
        ("In a joint statement in May, China and Russia drew a sketch: “Both sides will.”", ["joint statement"]),
        ("It wants to stop a “new Cold War,” as Xi has stated, and “shape,” as Putin has remarked.", ["Xi", "Putin"]),
        ("“There is no weather,” says Dr. Ines Calloway, a mycologist.", ["Dr. Ines Calloway"]),
        ("On Monday, Merkel warned that Europe was weak.", ["Merkel"]),
        ("China and Russia said they would cooperate.", ["China and Russia"]),
        ("The president of France said that taxes rise.", ["president of France"]),
        ("According to the report, sales fell.", ["report"]),
        ("Critics say the plan is flawed.", ["Critics"]),
        ("Xi told reporters that the deal was done.", ["Xi"]),
    ],
)
def test_the_speaker_of_a_reported_sentence_is_named_in_its_own_words(sentence: str, speakers: list[str]) -> None:
    assert heard(sentence) == speakers


@pytest.mark.parametrize(
    "sentence",
    [
        "India refused to join the statement on June 14.",
        "India did not say that it agreed.",
        "The West would argue that it is unfair.",
        "He said that it was over.",
        "Smith claims the island for Spain.",
        "The claim that Russia stated its case is odd.",
        "As Putin’s Russia faces sanctions, the SCO has provided a platform.",
        "The expansion shows that a China-initiated institution can gain eminence.",
        "People who argue that this is fine are few.",
        "Their messaging demonstrates a deepening strategic alignment in rhetoric.",
        "It is said that Rome burned.",
        "",
    ],
)
def test_nobody_is_named_where_nobody_is_reported_or_it_is_unsure_who(sentence: str) -> None:
    assert heard(sentence) == []


def test_whom_a_quoted_person_quotes_is_not_taken_for_the_speaker() -> None:
    assert heard("“Russia said that it would,” argues Maria Ruiz.") == ["Maria Ruiz"]


def test_a_long_line_of_capitals_names_nobody() -> None:
    assert heard("As The Of " * 3000) == []
