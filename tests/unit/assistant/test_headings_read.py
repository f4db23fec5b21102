"""What the reader reads a passage under, and where a quote is said to stand, where headings stand under headings."""

from __future__ import annotations

import pytest

from assistant.judging.evidence import over
from assistant.quotes import grounding
from assistant.reader.windows import MAX_HEADING
from assistant.web.viewing import document_view
from index import Document, Passage, Span
from index.embedding import packaged_minilm
from index.structure import Block, Structure
from index.word_pieces import open_tokenizer

LONG = "Everything that has to be known of the maintenance of pumps and of their filters in winter and in summer"


def passage(*headings: str, title: str = "Pumps") -> Passage:
    document = Document("a.md", title, "Wipe it.", "0" * 64)
    return Passage(0, document, Span(0, 8), "\n".join(headings) or None, 1, ())


@pytest.mark.parametrize(
    ("headings", "titled", "read"),
    [
        (("2.4.0 – 2025-01-20", "Added"), False, "2.4.0 – 2025-01-20: Added."),
        (("Model B", "Care", "Cleaning"), False, "Model B: Care: Cleaning."),
        (("Model B", "Cleaning"), True, "Pumps: Model B: Cleaning."),
        (("Cleaning",), True, "Pumps: Cleaning."),
        ((LONG,), False, f"{LONG}."),
        ((), False, "Pumps."),
    ],
)
def test_the_outermost_heading_is_read_first(headings: tuple[str, ...], titled: bool, read: str) -> None:
    assert over(passage(*headings), titled) == read


def test_the_nearest_headings_are_kept_and_the_innermost_first_of_all() -> None:
    assert over(passage(LONG, "Model B", "Cleaning")) == (
        "Everything that has to be known of the maintenance of pumps and of their filters: Model B: Cleaning."
    )
    assert over(passage("Model B", LONG)) == f"{LONG}."


@pytest.mark.parametrize("titled", [False, True])
def test_no_heading_is_cut_off_where_it_is_read(titled: bool) -> None:
    tokenizer = open_tokenizer(str(packaged_minilm() / "tokenizer.json"))
    paths = [
        ("[2.14.0-rc.1] – 2025-01-20", "Breaking changes", "Command line"),
        ("Installation", "Debian and Ubuntu", "Prerequisites", "Packages", "Signing keys"),
        ("§ 12.3.4 (b)", "Liability & Déjà-vu clauses", "Due dates"),
        (LONG, LONG, "Cleaning"),
    ]
    for path in paths:
        read = over(passage(*path), titled)
        assert read.endswith(f"{path[-1]}.")
        assert len(tokenizer.encode(read, add_special_tokens=False).ids) <= MAX_HEADING, read


def test_a_quote_tells_its_headings_on_one_line() -> None:
    quote = grounding.cut(passage("2.4.0", "Added"), Span(0, 8), number=1, score=1.0)
    assert quote.heading == "2.4.0 › Added"


def test_a_heading_that_may_be_quoted_is_shown_as_a_heading() -> None:
    text = "2.4.0 – 2025-01-20\nAdded\nA palette.\n"
    kinds = (("heading", 0, 18, 1), ("heading", 19, 24, 2), ("paragraph", 25, 35, 0))
    structure = Structure("", tuple(Block(*each) for each in kinds))
    shown = document_view(Document("a.md", "Log", text, "0" * 64, {}, structure))["blocks"]
    assert isinstance(shown, list)
    assert [(block["kind"], block["paragraph"]) for block in shown] == [
        ("heading", None),
        ("heading", None),
        ("paragraph", 1),
    ]
