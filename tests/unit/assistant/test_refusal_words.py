"""The words that a refusal names are such as tell what the documents lack."""

from __future__ import annotations

import pytest
from fakes import index_of

from assistant.judging.refusing import why
from assistant.language.subjects import names

_TEXT = (
    "Harrow & Finch Ltd sells salt. Mothers have 26 weeks of leave. Building B leaks since boards met with partners."
)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("how many weeks do mothers get?", "Nothing found in the documents gives that number."),
        (
            "how much paternity leave do mothers get",
            "The documents do not answer this; they never mention “paternity”.",
        ),
        (
            "the difference between boards and partners",
            "The documents do not answer this; they never mention “difference”.",
        ),
        ("When was building B met?", "Nothing found in the documents says when."),
        (
            "When did Harrow & Finch meet?",
            "The documents mention “Harrow & Finch”, but nothing found in them says when.",
        ),
    ],
)
def test_a_refusal_names_what_tells_something(question: str, line: str) -> None:
    assert why(question, index_of({"a.md": _TEXT})) == line


def test_an_ampersand_joins_a_name() -> None:
    assert names("Who owns Harrow & Finch?") == ["Harrow & Finch"]
    assert names("Is Q & A held?") == ["Q & A"]
