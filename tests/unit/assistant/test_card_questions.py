from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import pytest
from fakes import index_of

from assistant.citations.card_questions import Fact, fact_asked
from index import Document, PassageIndex

ONE = index_of({"notes/boats.txt": "Boats float on water. Stones sink.\n"})
TWO = index_of(
    {
        "notes/boats.txt": "Boats float on water.\n",
        "fruit.txt": "Apples are red.\n",
    },
)


def fact(question: str, index: PassageIndex = ONE) -> Fact | None:
    found = fact_asked(question, question, index)
    return found[0] if found else None


def document(question: str, index: PassageIndex = TWO, *chosen: str) -> str | None:
    found = fact_asked(question, question, index, chosen)
    return found[1].id if found else None


@pytest.mark.parametrize(
    ("asked", "questions"),
    [
        (
            Fact.AUTHOR,
            (
                "Who wrote the article?",
                "who wrote it",
                "who wrote",
                "Who wrote this?",
                "WHO WROTE THIS ARTICLE?",
                "And who wrote this paper, please?",
                "Can you tell me who wrote this memo?",
                "Who has written the present report?",
                "Who is the author?",
                "Who’s the author of this essay?",
                "Who are the authors of the study?",
                "Who is the article's author?",
                "Who is its author?",
                "What is the author's name?",
                "What was the name of the author again?",
                "What is the name of the author of this book?",
                "Name the authors of this manual.",
                "By whom was this story written?",
                "Who was the document written by?",
                "Who is this piece by?",
                "Which author wrote this analysis?",
                "Whose blog post is this?",
            ),
        ),
        (
            Fact.PUBLISHER,
            (
                "Who published this?",
                "Who first published the comment?",
                "Who was this report published by?",
                "By whom was it published?",
                "Who is the publisher?",
                "What is the name of the publisher of this book?",
                "Who is the book’s publisher?",
            ),
        ),
        (
            Fact.CONTAINER,
            (
                "Where was this article published?",
                "Where was it first published?",
                "Where did this essay appear?",
                "Which journal published this study?",
                "In which magazine was the story published?",
                "What website was this page published in?",
            ),
        ),
        (
            Fact.DATE,
            (
                "When was this report published?",
                "When was it published?",
                "In what year was this book first published?",
                "On what date did this commentary come out?",
                "What is the date of this memo?",
                "What is the publication date?",
                "What is the date of publication of the manual?",
                "What is the document's publication date?",
                "Do you know when this article was published?",
            ),
        ),
        (
            Fact.TITLE,
            (
                "What is this article called?",
                "What is it called?",
                "What's the title of the document?",
                "What is the title?",
                "What is the text's headline?",
                "How is this paper titled?",
                "Which article is this?",
                "Tell me what this article is called.",
            ),
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Fact) else "",
)
def test_a_question_about_the_document_itself_is_told_by_its_form(asked: Fact, questions: tuple[str, ...]) -> None:
    assert {question: fact(question) for question in questions} == dict.fromkeys(questions, asked)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the report on Iran?",
        "Who wrote the first report?",
        "Who wrote the report that the article cites?",
        "Who wrote this article’s introduction?",
        "Who wrote about this article?",
        "Who wrote the article in the constitution?",
        "Who wrote Article 5?",
        "Who wrote the articles of association?",
        "Who wrote the documents?",
        "Who wrote the resolution?",
        "Who wrote to the author?",
        "Who did not write this article?",
        "Did Claus Soong write this article?",
        "Who wrote it first?",
        "Who wrote them?",
        "Who wrote that?",
        "Who wrote the SCO?",
        "Who is the author of the resolution?",
        "Who is the author of the joint statement?",
        "Who is the author of this quotation?",
        "Who is the author's brother?",
        "Who is the author quoting?",
        "Who is the author of the idea in this article?",
        "What does the author argue?",
        "Where does the author work?",
        "Whose report is cited in this article?",
        "Who edited this book?",
        "Who translated this book?",
        "Who published the report in 2001?",
        "Who published Solano's second book, the one on lichens?",
        "Who published the charter?",
        "Who is the publisher of the magazine?",
        "Where was the declaration published?",
        "Where was the treaty in this article published?",
        "Which journal published the study of lichens?",
        "When was the charter published?",
        "When was the report on Iran published?",
        "When was the article on the SCO published?",
        "When did Professor Laarhoven publish his report?",
        "When was the date of the summit?",
        "What is the date of the summit?",
        "What is the date?",
        "When was it founded?",
        "When was this article written?",
        "When was the report submitted?",
        "What is the organization called?",
        "What is the title of the joint statement?",
        "What is the title of the song in this story?",
        "What academic title does Claus Soong hold?",
        "What is the other marina called?",
        "What is this article about?",
        "What does this article say?",
        "Who is mentioned in this article?",
        "Who wrote this article and when was it published?",
        "Who is the author of this article and what is the SCO?",
        "Which article is violated?",
        "author",
        "Who?",
        "",
    ],
)
def test_a_question_about_something_in_the_text_is_not_taken_for_one(question: str) -> None:
    assert fact(question) is None


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("The report finds that boats float.", True),
        ("This report finds that boats float.", True),
        ("A report finds that boats float.", False),
        ("In a way the report finds that boats float.", True),
        ("In the past this report found that boats float.", True),
        ("A long, dull report finds that boats float. The report is new.", False),
        ("The bank’s report finds that boats float.", False),
        ("His second report finds that boats float.", False),
        ("The annual report finds that boats float.", False),
    ],
)
def test_the_report_is_not_the_document_where_the_text_speaks_of_another(text: str, taken: bool) -> None:
    index = index_of({"a.txt": text})
    assert (fact("Who wrote the report?", index) is not None) is taken
    assert fact("Who wrote this report?", index) is not None
    assert fact("Who wrote the article?", index) is not None


def test_of_several_documents_the_one_that_is_chosen_is_meant() -> None:
    assert document("Who wrote this article?") is None
    assert document("Who wrote this article?", TWO, "fruit.txt") == "fruit.txt"
    assert document("Who wrote this article?", TWO, "fruit.txt", "notes/boats.txt") is None


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote fruit.txt?",
        "Who wrote Fruit.TXT?",
        "Who wrote “fruit”?",
        "Who wrote Fruit?",
        "Who wrote the article “Fruit”?",
        "Who is the author of the book called 'Fruit'?",
    ],
)
def test_of_several_documents_the_one_that_is_named_is_meant(question: str) -> None:
    assert document(question) == "fruit.txt"
    assert document(question, TWO, "fruit.txt") == "fruit.txt"
    assert document(question, TWO, "notes/boats.txt") is None


def test_a_file_is_named_by_its_path_or_the_end_of_it_if_no_other_ends_so() -> None:
    assert document("Who wrote notes/boats.txt?") == "notes/boats.txt"
    assert document("Who wrote boats.txt?") == "notes/boats.txt"
    assert document("Who wrote boats.txt?", index_of({"a/boats.txt": "Boats.", "b/boats.txt": "Boats."})) is None
    assert document("Who wrote oats.txt?") is None


def test_two_documents_of_one_title_are_not_told_apart() -> None:
    index = index_of({"Fruit.txt": "Apples are red.", "fruit.txt": "Pears are green."})
    assert document("Who wrote Fruit?", index) is None


def test_a_name_that_was_mended_as_if_it_were_a_slip_is_read_as_it_was_typed() -> None:
    found = fact_asked("Who wrote fruit.text?", "Who wrote fruit.txt?", TWO)
    assert found is not None
    assert found[1].id == "fruit.txt"
    # Of what was typed, "it" stands for what was asked before.
    assert fact_asked("Who wrote the charter?", "Who wrote it?", ONE) is None


@pytest.mark.parametrize(
    ("understood", "asked"),
    [
        ("Who wrote the article? When was it published?", Fact.DATE),
        ("What is this called? Who wrote it?", Fact.AUTHOR),
        ("What are its limits? Who wrote it?", None),
        ("Who wrote the article? When was it founded?", None),
        ("Who wrote the article? When was the charter published?", None),
    ],
)
def test_a_follow_up_asks_of_the_document_where_each_part_does(understood: str, asked: Fact | None) -> None:
    assert fact(understood) == asked


def test_a_follow_up_of_a_named_document_means_that_one() -> None:
    assert document("Who wrote fruit.txt? When was it published?") == "fruit.txt"


class Sent(Mapping[str, Document]):
    """Documents that an engine would have to send."""

    def __getitem__(self, name: str) -> Document:
        assert name == "fruit.txt", "another document than the one that is named was fetched"
        return TWO.documents[name]

    def __iter__(self) -> Iterator[str]:
        return iter(TWO.documents)

    def __len__(self) -> int:
        return len(TWO.documents)


def test_no_document_is_fetched_from_an_engine_for_its_title() -> None:
    index = index_of({"notes/boats.txt": "Boats float.", "fruit.txt": "Apples are red."})
    index.documents = Sent()
    assert document("Who wrote Boats?", index) is None
    assert document("Who wrote fruit.txt?", index) == "fruit.txt"


@pytest.mark.parametrize(
    "run", ["who wrote ", "what is the ", "please ", "the article was published ", "who wrote it? "]
)
def test_a_long_question_is_told_at_once(run: str) -> None:
    started = time.process_time()
    assert fact((run * 200)[:2000]) is None or run == "who wrote it? "
    assert time.process_time() - started < 0.5
