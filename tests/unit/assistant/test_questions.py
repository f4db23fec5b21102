import pytest
from fakes import index_of

from assistant import Assistant, Reason, Refusal
from assistant.judging.questions import clean, complain, foreign, vague


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", Reason.NO_WORDS),
        ("   \n\t ", Reason.NO_WORDS),
        ("?", Reason.NO_WORDS),
        ("a", Reason.NO_WORDS),
        ("🤷‍♀️ 🎉", Reason.NO_WORDS),
        ("why " * 1000, Reason.TOO_LONG),
    ],
    ids=["empty", "blank", "a mark", "one letter", "emoji", "too long"],
)
def test_what_is_no_question_is_told_so_in_one_line(question: str, reason: Reason) -> None:
    complaint = complain(clean(question))
    assert complaint is not None
    assert complaint.reason == reason
    assert "\n" not in complaint.line


@pytest.mark.parametrize(
    "question",
    [
        "Wann ist Indien der Organisation beigetreten?",
        "Quand l’Inde a-t-elle rejoint l’organisation ?",
        "¿Cuándo se unió la India a la organización?",
        "Когда Индия вступила в ШОС?",
        "印度什么时候加入上海合作组织？",
    ],
)
def test_a_question_in_another_language_is_refused_as_such(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Refusal)
    assert reply.reason_code == Reason.OTHER_LANGUAGE


@pytest.mark.parametrize("question", ["india join year", "SCO members", "When did India join?", "Who is Xi?"])
def test_short_english_is_not_taken_for_another_language(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert not (isinstance(reply, Refusal) and reply.reason_code == Reason.OTHER_LANGUAGE)


@pytest.mark.parametrize(
    "question",
    [
        "hay fever", "Los Angeles?", "El Salvador", "hat size", "lion den", "jest", "fur trade", "manga sales",
        "Van Gogh", "Des Moines population", "MIT founding year", "DOS version", "chi square", "São Paulo",
    ],
)  # fmt: skip
def test_english_words_and_names_are_not_taken_for_another_language(question: str) -> None:
    index = index_of({"a.txt": "The population of Los Angeles is 3.9 million. Hay fever is treated with tablets."})
    assert foreign(question, index) is None


def test_words_that_the_documents_hold_are_not_foreign() -> None:
    index = index_of({"a.txt": "The film Und was shown in Bonn. It was about the band Quand."})
    assert foreign("Und cast?", index) is None
    assert foreign("Quand premiere", index) is None
    assert foreign("Quand premiere", index_of({"a.txt": "Plums are blue."})) is not None


@pytest.mark.parametrize(
    "question",
    [
        "Wer hat den Artikel geschrieben?",
        "Was ist ihr Beruf?",
        "was sind Pflaumen",
        "Combien de membres compte l’organisation ?",
        "¿Qué países son miembros?",
        "Quando l'India è entrata nell'organizzazione?",
        "Quem escreveu o artigo?",
        "Waar is het hoofdkwartier?",
        "Hur många medlemmar har organisationen?",
        "Hvem skrev artiklen?",
        "Kto napisał artykuł?",
    ],
)
def test_many_a_language_is_told(question: str) -> None:
    assert foreign(question, index_of({"a.txt": "Plums are blue."})) is not None


def test_half_characters_do_not_reach_the_tokenizer() -> None:
    assert clean("a\ud800b  \n c") == "a\ufffdb c"


@pytest.mark.parametrize("question", ["Why?", "Who is it?", "How many?", "What about", "WHERE IS IT?", "and then"])
def test_a_question_that_names_nothing_is_vague(question: str) -> None:
    complaint = vague(question)
    assert complaint is not None
    assert (complaint.reason, "say of what" in complaint.line) == (Reason.NOT_ANSWERED, True)


@pytest.mark.parametrize(
    "question",
    [
        "What is the WHO?",
        "Who won?",
        "WHY DID INDIA LEAVE?",
        "How long?",
        "US",
        "Who is the author?",
        "What is this article about?",
    ],
)
def test_a_question_that_names_something_is_not_vague(question: str) -> None:
    assert vague(question) is None


def test_a_vague_question_is_refused_and_one_behind_another_is_not(assistant: Assistant) -> None:
    alone, behind = assistant.ask("How many?"), assistant.ask("How many?", ["Which states are members of the SCO?"])
    assert isinstance(alone, Refusal)
    assert (alone.reason_code, alone.nearest) == (Reason.NOT_ANSWERED, ())
    assert behind.standalone_question != "How many?"
