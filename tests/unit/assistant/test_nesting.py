from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.judging.nesting import INNER_LOSS, OUTER_LOSS, losses, spoken
from index import Document, Hit, Passage, Span
from index.structure import Block, Structure

RELEASES = {
    "2.4.0 – 2025-01-20\nAdded": "A palette was put in.",
    "2.4.0 – 2025-01-20\nFixed": "Pasting keeps columns.",
    "2.3.0 – 2024-09-12\nAdded": "Tags can be nested.",
}
COUNTRIES = {
    "Kenya\nVisa": "The fee is 50 dollars.",
    "Kenya\nHealth": "Take tablets along.",
    "Japan\nVisa": "No visa is needed.",
    "Japan": "Kenya has a longer season.",
    "Japan\nFood": "Rice.",
    "General": "It is paid in advance.",
    "General\nPay": "It is the same for all.",
}
ROUTES = {"Route Uig – Tarbert\nFares": "It costs 6.90.", "Route Oban – Craignure\nFares": "It costs 4.20."}
CHAPTERS = {"Installation\nLinux": "Unpack it.", "Logging\nRotation": "Logs are kept for a week."}
FLAT = {"Kenya": "The fee is 50 dollars.", "Japan": "No visa is needed."}


def passages(words: dict[str, str], name: str = "a.md") -> list[Passage]:
    return [
        Passage(number, Document(name, "Notes", text, "0" * 64), Span(0, len(text)), heading or None, 1, ())
        for number, (heading, text) in enumerate(words.items())
    ]


@pytest.mark.parametrize(
    ("question", "held", "lost"),
    [
        ("What was put in by 2.4.0?", RELEASES, [0, 0, OUTER_LOSS]),
        ("What was fixed in v2.4.0?", RELEASES, [INNER_LOSS, 0, OUTER_LOSS]),
        ("What is in 2.9.0?", RELEASES, [OUTER_LOSS, OUTER_LOSS, OUTER_LOSS]),
        ("What has come since 2.3.0?", RELEASES, [0, 0, 0]),
        ("Does it hold 2.4 litres?", RELEASES, [0, 0, 0]),
        ("What is the fee in Kenya?", COUNTRIES, [0, 0, OUTER_LOSS, 0, OUTER_LOSS, 0, 0]),
        ("How does the fee in Kenya differ?", COUNTRIES, [0] * 7),
        ("Is the fee in Kenya that of Japan?", COUNTRIES, [0] * 7),
        ("What does the Uig route cost?", ROUTES, [0, OUTER_LOSS]),
        ("How long are logs of the installation kept?", CHAPTERS, [0, 0]),
        ("What is the fee in Kenya?", FLAT, [0, 0]),
    ],
)
def test_what_stands_under_another_name_loses(question: str, held: dict[str, str], lost: list[float]) -> None:
    found = losses(question, passages(held))
    assert [found.get(number, 0) for number in range(len(held))] == lost


def test_a_number_that_the_text_says_is_no_other() -> None:
    told = {"Model C300\nParts": "It takes the filter of the B200.", "Model C300\nCare": "Wipe it."}
    assert losses("Which filter fits the B200?", passages(told)) == {1: OUTER_LOSS}


def test_other_documents_name_nothing() -> None:
    other = [replace(passage, id=passage.id + 2) for passage in passages({"Japan\nVisa": "No visa."}, "b.md")]
    assert losses("What is the fee in Kenya?", [*passages(FLAT), *other]) == {}


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


def test_the_date_of_another_release_is_that_of_another() -> None:
    assert losses("When was 2.9.0 released?", released()) == {0: OUTER_LOSS, 1: OUTER_LOSS}
