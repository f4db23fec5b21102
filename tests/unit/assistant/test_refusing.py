import pytest

from assistant.refusing import why
from index import PassageIndex


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("When did Pakistan join?", "The documents do not answer this; they never mention “Pakistan”."),
        (
            "Did Turkey or Pakistan join?",
            "The documents do not answer this; they never mention “Turkey” or “Pakistan”.",
        ),
        (
            "what is the capital of france",
            "The documents do not answer this; they never mention “capital” or “france”.",
        ),
        (
            "In what year did Iran become a full member?",
            "The documents mention “Iran”, but nothing found in them says when.",
        ),
        (
            "Where do India and China have border conflicts?",
            "The documents mention “India” and “China”, but nothing found in them says where.",
        ),
        ("How many leaders stand there?", "The documents speak of this, but nothing found in them gives that number."),
        (
            "Which leaders stand there?",
            "The documents speak of this, but nothing found in them answers the question.",
        ),
    ],
)
def test_a_refusal_says_what_was_looked_for_and_is_missing(
    article_index: PassageIndex, question: str, line: str
) -> None:
    assert why(question, article_index) == line


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "Why did India sign the statement?",
            "The documents do not answer this; a sentence in them seems to say otherwise.",
        ),
        (
            "Why did Pakistan leave the SCO?",
            "The documents do not answer this; they never mention “Pakistan”, and a sentence in them seems to say "
            "otherwise.",
        ),
    ],
)
def test_beside_a_correction_it_claims_no_more_than_what_the_sentence_seems_to_say(
    article_index: PassageIndex, question: str, line: str
) -> None:
    assert why(question, article_index, corrected=True) == line
    (document,) = article_index.documents
    assert why(question, article_index, [document], corrected=True) == line.replace(
        "The documents do", "The chosen document does"
    ).replace("they never mention", "it never mentions").replace("in them", "in it")
