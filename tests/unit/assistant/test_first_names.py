from __future__ import annotations

from collections.abc import Sequence

import pytest
from fakes import index_of

from assistant.understanding.small_letters import capitalised
from index import Passage

_TEXT = (
    "Ada Louise Merriweather built bridges for the firm Merriweather. Mark each page. "
    "The Merriweather of the Arctic sank. When Merriweather died, nobody knew."
)


def _passages() -> Sequence[Passage]:
    return list(index_of({"life.txt": _TEXT}).passages)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # Her first name is a word, and her whole name stands at the beginning of a sentence alone.
        ("when was ada merriweather born", "when was Ada Merriweather born"),
        ("what did louise merriweather build", "what did Louise Merriweather build"),
        ("did mark merriweather build it", "did mark Merriweather build it"),
        ("what is the merriweather", "what is the Merriweather"),
        ("what was built when merriweather died", "what was built when Merriweather died"),
    ],
)
def test_a_first_name_has_a_capital_too(question: str, expected: str) -> None:
    assert capitalised(question, _passages) == expected
