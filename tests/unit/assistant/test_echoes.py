from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from fakes import index_of

from assistant import Answer, Assistant
from assistant.judging.echoes import answers
from assistant.judging.evidence import Evidence

FAQ = """Frequently Asked Questions

Q: How can I return an item?
A: Send it back within 30 days. Use the label in the box.

Q: Do you ship abroad?

A: No, we only ship within Canada.

Q: May I bring my dog?
Q: May I bring my cat?
"""


@pytest.fixture(scope="module")
def shop(assistant_over: Callable[[Mapping[str, str]], Assistant]) -> Assistant:
    guide = "# Guide\n\n**How do I reset it?** Hold the red button.\n"
    return assistant_over({"faq.txt": FAQ, "guide.md": guide})


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How can I return an item?", "A: Send it back within 30 days."),
        ("Do you ship abroad?", "A: No, we only ship within Canada."),
        ("How do I reset it?", "Hold the red button."),
    ],
)
def test_a_question_of_the_documents_is_answered_by_what_stands_behind_it(
    shop: Assistant, question: str, answer: str
) -> None:
    reply = shop.ask(question)
    assert isinstance(reply, Answer)
    exact = [quote.exact for quote in reply.quotes]
    assert exact[0] == answer
    assert len(exact) == len(set(exact))
    assert not [words for words in exact if words.rstrip("*").endswith("?")]


def test_a_question_with_no_answer_behind_it_is_quoted_only_alone() -> None:
    index = index_of({"a.txt": "Who is on call? Mrs. Lee is on call.\n\nWho is on call?"})
    first, told, last = (
        Evidence(passage, sentence, 0.5, 0.5, 0.5, True) for passage in index.passages for sentence in passage.sentences
    )
    assert answers("Who is on call?", [told, last], [], index) == [told]
    assert answers("Who is on call?", [last], [], index) == [last]
    assert [evidence.sentence for evidence in answers("Who is on call?", [first, told], [], index)] == [told.sentence]


def test_what_stands_under_the_next_heading_does_not_answer() -> None:
    index = index_of({"a.txt": "Costs\n\nThe dam is dear. Who will pay for it?\n\nWeather\n\nIt rains in March."})
    asked, rain = index.passages[0].sentences[1], index.passages[1].sentences[0]
    assert rain.id == asked.id + 1
    echo = Evidence(index.passages[0], asked, 0.5, 0.5, 0.5, True)
    assert answers("Who will pay for the dam?", [echo], [], index) == [echo]


def test_what_asks_something_else_and_a_table_s_head_are_no_further_quotes() -> None:
    index = index_of(
        {
            "a.md": "# Strike\n\nThe strike costs much. How long can it last? Analysts differ.\n\n# Actions\n\n"
            "| Who | What |\n| --- | --- |\n| Dev | Write to the council |\n"
        }
    )
    every = [
        Evidence(passage, sentence, 0.5, 0.5, 0.5, True) for passage in index.passages for sentence in passage.sentences
    ]
    costs, asks, differ, head, row = every
    assert [asks.text, head.text.split("\n")[0]] == ["How long can it last?", "| Who | What |"]
    question = "What are the effects and actions?"
    assert answers(question, every, [], index) == [costs, differ, row]
    assert answers(question, [asks, differ], [], index) == [asks, differ]
    assert answers("Which columns are there?", [head], [], index) == [head]
