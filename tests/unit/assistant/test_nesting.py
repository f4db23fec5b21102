from __future__ import annotations

import pytest

from assistant.nesting import spoken
from index import Document, Hit, Passage, Span
from index.structure import Block, Structure


def released() -> list[Passage]:
    """The heading of a release, and a sentence under it."""
    text, heading = "2.4.0 – 2025-01-20\nAdded\nA palette was put in.", "2.4.0 – 2025-01-20"
    kinds = (("heading", 0, 18, 1), ("heading", 19, 24, 2), ("paragraph", 25, len(text), 0))
    document = Document("a.md", "Log", text, "0" * 64, {}, Structure("", tuple(Block(*each) for each in kinds)))
    return [
        Passage(0, document, Span(0, 18), None, 1, ()),
        Passage(1, document, Span(25, len(text)), f"{heading}\nAdded", 1, ()),
    ]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("When was 2.4.0 released?", ["2.4.0 – 2025-01-20", "A palette was put in."]),
        ("When was v2.4.0 released?", ["2.4.0 – 2025-01-20", "A palette was put in."]),
        ("When was the palette put in?", ["A palette was put in."]),
        ("What was put in by 2.4.0?", ["A palette was put in."]),
    ],
)
def test_a_heading_with_a_date_answers_when_that_was(question: str, left: list[str]) -> None:
    hits = [Hit(passage, 0.5, 0.5, 0.0, None, None) for passage in released()]
    assert [hit.passage.text for hit in spoken(question, hits)] == left


def test_where_nothing_else_was_found_headings_stay() -> None:
    hits = [Hit(passage, 0.5, 0.5, 0.0, None, None) for passage in released()[:1]]
    assert spoken("Who made it?", hits) == hits
