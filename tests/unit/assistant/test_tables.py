"""The head of a table answers nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from fakes import index_of

from assistant import Answer, Assistant
from assistant.judging.evidence import Evidence, weigh
from assistant.judging.tables import by_rows, is_head
from index import Hit

_TENDER = """# Invitation to tender: electric buses

## Award

| Criterion | Weight |
| --- | --- |
| Price | 45 % |
| Energy consumption | 20 % |
| Warranty and service | 20 % |

The contract is awarded to the tender with the highest score.

## Leave

| Reason | Days | Paid |
| --- | --- | --- |
| Death of a parent | 5 | yes |
| Own wedding | 2 | yes |

Leave cannot be taken during the stocktake.
"""


@pytest.fixture(scope="module")
def tender(assistant_over: Callable[[Mapping[str, str]], Assistant]) -> Assistant:
    return assistant_over({"tender.md": _TENDER})


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("What are the award criteria?", ["| Price | 45 % |", "| Energy consumption | 20 % |"]),
        ("list all award criteria", ["| Price | 45 % |", "| Energy consumption | 20 % |"]),
    ],
)
def test_what_a_table_answers_its_rows_answer(question: str, rows: list[str], tender: Assistant) -> None:
    reply = tender.ask(question)
    assert isinstance(reply, Answer)
    assert [quote.exact for quote in reply.quotes][: len(rows)] == rows


def _weighed(log_odds: dict[str, float | None]) -> list[Evidence]:
    text = "Prices rise.\n\n| Thing | Price |\n| --- | --- |\n| Ale | 3 |\n| Bun | 2 |\n| Cod | 9 |\n"
    [*hits] = [Hit(passage, 1.0, 0.5, 0.0, None, None) for passage in index_of({"a.md": text}).passages]
    found = weigh("What is the price?", hits, index_of({"a.md": text}))
    judged = [
        replace(each, score=(log_odds[key] or -9.0) / 10 + 0.5, log_odds=log_odds[key])
        for each in found
        for key in log_odds
        if key in each.text
    ]
    return sorted(judged, key=lambda each: -each.score)


def _said(weighed: list[Evidence]) -> list[str]:
    return [each.text.split("\n")[0] for each in weighed]


def test_where_a_head_is_far_surer_than_its_rows_all_of_them_follow() -> None:
    found = by_rows(_weighed({"Thing": 2.0, "Prices": 0.5, "Cod": -2.0, "Bun": -3.0, "Ale": -4.0}))
    assert [each.text for each in found][:3] == ["| Cod | 9 |", "| Ale | 3 |", "| Bun | 2 |"]
    assert [each.score for each in found[:3]] == [found[0].score] * 3
    assert found[0].log_odds == 2.0
    assert sum(is_head(each.text) for each in found) == 1


def test_a_row_that_comes_close_stands_in_for_its_head_alone() -> None:
    weighed = _weighed({"Thing": 2.0, "Prices": 1.8, "Cod": 1.5, "Bun": -3.0, "Ale": -4.0})
    found = by_rows(weighed)
    assert [each.text for each in found][:2] == ["| Cod | 9 |", "Prices rise."]
    assert is_head(found[2].text)
    assert sorted(each.log_odds or 0 for each in found) == sorted(each.log_odds or 0 for each in weighed)


@pytest.mark.parametrize(
    "log_odds",
    [
        {"Cod": 3.0, "Thing": 2.0, "Prices": 0.5, "Bun": -3.0, "Ale": -4.0},
        {"Thing": 2.0, "Prices": 0.5, "Cod": None, "Bun": None, "Ale": None},
        {"Thing": None, "Prices": None},
    ],
)
def test_behind_a_row_or_without_one_a_head_stays(log_odds: dict[str, float | None]) -> None:
    weighed = _weighed(log_odds)
    assert _said(by_rows(weighed)) == _said(weighed)
