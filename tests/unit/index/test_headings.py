from __future__ import annotations

import pytest

from index.headings import Headings, levels_of, shown
from index.passages import first_heading, split_passages
from index.structure import Block, Structure


def under(*told: tuple[int, str], title: str = "") -> list[str]:
    headings = Headings([level for level, _ in told], title)
    return [headings.under(words, level) for level, words in told]


def test_a_heading_stands_under_those_of_higher_levels() -> None:
    told = under((1, "A"), (2, "B"), (3, "C"), (2, "D"), (1, "E"), (2, "F"))
    assert told == [
        "A",
        "A\nB",
        "A\nB\nC",
        "A\nD",
        "E",
        "E\nF",
    ]


def test_the_only_heading_of_the_outermost_level_is_the_title() -> None:
    assert under((1, "Log"), (2, "2.4"), (3, "Added"), (2, "2.3"), (3, "Added")) == [
        "Log",
        "2.4",
        "2.4\nAdded",
        "2.3",
        "2.3\nAdded",
    ]


def test_a_title_that_the_card_tells_is_in_no_path() -> None:
    told = under((1, "The Log"), (2, "A"), (1, "Notes"), (2, "B"), title="the log")
    assert told == [
        "The Log",
        "A",
        "Notes",
        "Notes\nB",
    ]


def test_skipped_levels_are_no_levels() -> None:
    assert under((1, "A"), (4, "B"), (2, "C"), (6, "D"), (1, "E")) == ["A", "A\nB", "A\nC", "A\nC\nD", "E"]


def test_a_document_may_begin_with_an_inner_heading() -> None:
    assert under((3, "A"), (2, "B"), (3, "C"), (2, "D")) == ["A", "B", "B\nC", "D"]


def test_headings_without_a_level_stand_alone_and_part_nothing() -> None:
    assert under((1, "A"), (0, "x"), (2, "B"), (0, "y"), (1, "C")) == ["A", "x", "A\nB", "y", "C"]


def test_a_heading_is_not_said_twice() -> None:
    assert under((1, "A"), (2, "Care"), (3, "care"), (1, "B")) == ["A", "A\nCare", "A\ncare", "B"]


def test_six_levels_of_long_headings_leave_the_innermost_whole() -> None:
    told = [(level, f"{level} {'long ' * 60}end") for level in range(1, 7)]
    *_, last = under((1, "first"), *told)
    *outer, inner = levels_of(last)
    assert inner == told[-1][1]
    assert [words[0] for words in outer] == ["1", "2", "3", "4", "5"]
    assert all(words.endswith("…") for words in outer)
    assert sum(map(len, outer)) <= 240


def test_an_outer_heading_is_its_words_without_the_address_of_a_link() -> None:
    link = "[2.4.0](https://example.org/compare/v2.3.0...v2.4.0) (2025-01-20)"
    assert under((1, "Log"), (2, link), (3, "Features"), (2, "2.3.0"))[1:3] == [link, "2.4.0 (2025-01-20)\nFeatures"]


def test_a_path_is_shown_on_one_line() -> None:
    assert shown("2.4.0\nAdded") == "2.4.0 › Added"
    assert (shown("Added"), shown(None), levels_of(None)) == ("Added", None, ())


def test_passages_know_headings_that_have_no_words_of_their_own() -> None:
    text = "Log\n2.4\nAdded\nWords.\n2.3\nMore."
    starts = [0, 4, 8, 14, 21, 25]
    levels = [1, 2, 3, 0, 2, 0]
    blocks = [
        Block("heading" if level else "paragraph", at, text.find("\n", at) if "\n" in text[at:] else len(text), level)
        for at, level in zip(starts, levels, strict=True)
    ]
    assert first_heading(text, blocks) == "Log"
    assert [passage.heading for passage in split_passages(text, 700, blocks)] == ["2.4\nAdded", "2.3"]


@pytest.mark.parametrize(
    "block",
    [["heading", 0, 4, 13], ["heading", 0, 4, -1], ["heading", 0, 4, True], ["paragraph", 0, 4, 1], ["heading", 0]],
)
def test_a_level_that_cannot_be_is_refused(block: list[object]) -> None:
    with pytest.raises(ValueError, match="not a block"):
        Structure.from_json({"extractor": "", "blocks": [block], "pages": [], "card": {}}, "Head")


def test_levels_are_read_back_and_old_blocks_have_none() -> None:
    told = {"extractor": "", "blocks": [["heading", 0, 4, 2], ["paragraph", 5, 9]], "pages": [], "card": {}}
    read = Structure.from_json(told, "Head text")
    assert [block.level for block in read.blocks] == [2, 0]
    assert read.to_json() == told


def told(*blocks: tuple[int, str]) -> tuple[str, list[Block]]:
    """A text and its blocks: headings of a level, and paragraphs of level 0."""
    text, found = "", []
    for level, words in blocks:
        found.append(Block("heading" if level else "paragraph", len(text), len(text) + len(words), level))
        text += f"{words}\n"
    return text, found


def test_a_heading_over_headings_is_a_passage_where_it_tells_a_date() -> None:
    text, blocks = told(
        (1, "Log of 2025"), (2, "2.4.0 – 2025-01-20"), (3, "Added"), (0, "A."), (2, "2.3.0 – 2024"), (0, "B.")
    )
    passages = split_passages(text, 700, blocks)
    assert [(one.span.of(text), one.heading, one.paragraph) for one in passages] == [
        ("2.4.0 – 2025-01-20", None, 1),
        ("A.", "2.4.0 – 2025-01-20\nAdded", 1),
        ("B.", "2.3.0 – 2024", 2),
    ]


def test_a_heading_without_a_date_is_no_passage() -> None:
    text, blocks = told((1, "Model B2000"), (2, "Care"), (0, "A."), (1, "Model 12"), (2, "Care"), (0, "B."))
    assert [one.span.of(text) for one in split_passages(text, 700, blocks)] == ["A.", "B."]


def test_a_heading_of_a_million_letters_is_cut_once() -> None:
    headings = Headings([1, 1, *[2] * 20_000])
    headings.under("other", 1)
    headings.under("[long](x) " * 100_000, 1)
    assert len(headings.under("inner", 2)) < 250
    for _ in range(19_999):
        headings.under("inner", 2)


def test_a_heading_without_a_level_is_no_passage_for_its_date() -> None:
    text, blocks = told((1, "A"), (1, "B"), (0, "x"))
    blocks[2:] = [Block("heading", len(text), len(text) + 4, 0)]
    text += "2024\n"
    blocks += [Block("heading", len(text), len(text) + 1, 2), Block("paragraph", len(text) + 2, len(text) + 4)]
    text += "C\nD.\n"
    assert [one.heading for one in split_passages(text, 700, blocks)] == ["B\nC"]
