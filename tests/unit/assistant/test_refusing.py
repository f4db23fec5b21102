from collections.abc import Iterator, Mapping

import pytest
from fakes import index_of

from assistant.judging import questions
from assistant.judging.refusing import why
from index import Document, PassageIndex


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("When did Pakistan join?", "The documents do not answer this; they never mention “Pakistan”."),
        ("Who is Pakistan’s minister?", "The documents do not answer this; they never mention “Pakistan”."),
        (
            "Did North Korea and Turkey join?",
            "The documents do not answer this; they never mention “North Korea” or “Turkey”.",
        ),
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
        (
            "Which of the leaders stands last?",
            "Nothing found in the documents answers the question.",
        ),
        (
            "What happens next, if anything?",
            "Nothing found in the documents answers the question.",
        ),
        ("I'm curious: who leads Russia?", "The documents mention “Russia”, but nothing found in them says who."),
        ("How many leaders stand there?", "Nothing found in the documents gives that number."),
        (
            "How much does Russia pay when a statement is signed?",
            "The documents mention “Russia”, but nothing found in them gives that number.",
        ),
        (
            "Who is Russia's leader in Russia?",
            "The documents mention “Russia”, but nothing found in them says who.",
        ),
        ("How tall is a leader?", "Nothing found in the documents gives that number."),
        ("What is the conflict? Since when?", "Nothing found in the documents says when."),
        ("Who leads Russia? Since when?", "The documents mention “Russia”, but nothing found in them says when."),
        ("Who leads Russia? And Xi?", "The documents mention “Russia” and “Xi”, but nothing found in them says who."),
        (
            "Was Russia ever a member?",
            "The documents mention “Russia”, but nothing found in them answers the question.",
        ),
        (
            "List all leaders mentioned in the article",
            "Nothing found in the documents answers the question.",
        ),
        (
            "Compare India and China",
            "The documents mention “India” and “China”, but nothing found in them answers the question.",
        ),
        (
            "Who leads Russia, and since when?",
            "The documents mention “Russia”, but nothing found in them says who.",
        ),
        (
            "What does a member do when Russia leaves?",
            "The documents mention “Russia”, but nothing found in them answers the question.",
        ),
        (
            "What happens when Russia leaves?",
            "The documents mention “Russia”, but nothing found in them answers the question.",
        ),
        (
            "Which leaders stand there?",
            "Nothing found in the documents answers the question.",
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
            "The documents do not answer this; a sentence in them may contradict the question.",
        ),
        (
            "Why did Pakistan leave the SCO?",
            "The documents do not answer this; they never mention “Pakistan”, and a sentence in them may "
            "contradict the question.",
        ),
    ],
)
def test_beside_a_correction_it_claims_no_more_than_that_the_sentence_may_contradict(
    article_index: PassageIndex, question: str, line: str
) -> None:
    assert why(question, article_index, corrected=True) == line
    (document,) = article_index.documents
    assert why(question, article_index, [document], corrected=True) == line.replace(
        "The documents do", "The chosen document does"
    ).replace("they never mention", "it never mentions").replace("in them", "in it")


@pytest.mark.parametrize("chosen", [False, True], ids=["all", "chosen"])
@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("Organisation", "An Organization."),
        ("organizing", "The organising."),
        ("analyse", "They analyze."),
        ("Defense", "The Defence."),
        ("Defences", "The defenses."),
        ("Center", "The Centre."),
        ("Centre", "The Center."),
        ("colour", "The color."),
        ("favorite", "The favourite."),
        ("wifi", "The Wi-Fi."),
        ("Wi-Fi", "The wifi."),
        ("Organisation", "The Re-Organization, an organization."),
        ("4th", "On July 4 it met."),
        ("4", "On the 4th it met."),
        ("leads", "China led it."),
        ("left", "Boats leave it."),
        ("5kg", "It weighs 5 kg."),
        ("5", "It weighs 5kg."),
        ("1,200m", "It is 1,200 m long."),
    ],
)
def test_a_word_held_in_another_spelling_is_not_said_to_be_never_mentioned(asked: str, text: str, chosen: bool) -> None:
    index = index_of({"a.txt": text})
    assert questions.absent_words(f"Is the {asked} there?", index, ["a.txt"] if chosen else []) == []


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("mourning", "In the morning."),
        ("tour", "The Tor network."),
        ("tire", "The upper tier."),
        ("rise", "Boiled rice."),
        ("5G", "There are 5 masts."),
        ("6kg", "It weighs 5 kg."),
    ],
)
def test_two_words_are_not_taken_for_two_spellings_of_one(asked: str, text: str) -> None:
    assert questions.absent_words(f"Is the {asked} there?", index_of({"a.txt": text})) == [asked]


# The first line heads nothing, and so is in no passage.
ROCKET = "Falcon\n\nFlights\n\nThe rocket flies. It lands again.\n"


class Far(Mapping[str, Document]):
    """Documents that an engine would have to send."""

    def __getitem__(self, name: str) -> Document:
        raise AssertionError("a document was fetched")

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all documents were fetched")

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize("chosen", [False, True], ids=["all", "chosen"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.txt", ROCKET), ("Falcon Nine.txt", "The rocket flies. It lands again.\n")],
    ids=["a line of the text", "the title"],
)
def test_a_word_of_a_title_is_not_said_to_be_never_mentioned(name: str, text: str, chosen: bool) -> None:
    index = index_of({name: text})
    documents = [name] if chosen else []
    assert "never" not in why("When did the Falcon fly?", index, documents)
    assert "“Atlas”" in why("When did the Atlas fly?", index, documents)
    assert "“Falcons”" not in why("Did the Atlas or the Falcons fly?", index, documents)


def test_a_title_of_another_document_does_not_count_for_a_chosen_one() -> None:
    index = index_of({"a.txt": ROCKET, "b.txt": "The glider flies."})
    assert "it never mentions “Falcon”" in why("When did the Falcon fly?", index, ["b.txt"])


def test_of_very_long_texts_titles_alone_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "_MOST_CHARS", 10)
    index = index_of({"a.txt": ROCKET, "Atlas.txt": "The glider flies."})
    assert why("When did the Atlas fly?", index) == "Nothing found in the documents says when."
    assert "they never mention “Falcon”" in why("When did the Falcon fly?", index)


def test_no_document_is_fetched_from_an_engine_for_a_refusal() -> None:
    index = index_of({"a.txt": ROCKET})
    index.documents = Far()
    assert "they never mention “Atlas”" in why("When did the Atlas fly?", index)


def test_that_a_text_was_written_need_not_be_mentioned(article_index: PassageIndex) -> None:
    assert questions.absent_words("Who wrote the article, and when was it published in Atlantis?", article_index) == [
        "Atlantis"
    ]


@pytest.mark.parametrize("asked", ["How long", "How often", "How tall", "How far"])
def test_what_a_degree_is_asked_by_is_not_said_to_be_never_mentioned(asked: str) -> None:
    index = index_of({"a.txt": "The bridge was built in 1887."})
    assert questions.absent_words(f"{asked} is the bridge?", index) == []
    assert questions.absent_words("Is the bridge long?", index) == ["long"]


def test_a_title_belongs_to_the_name_it_stands_before() -> None:
    index = index_of({"a.txt": "Dr. Mae Holloway grew up in Tulsa."})
    assert "mention “Dr. Mae Holloway”, but" in why("When was Dr. Mae Holloway born?", index)
