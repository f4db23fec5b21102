from __future__ import annotations

from pathlib import Path

import pytest

from index.config import ROOT
from index.documents import canonical_text
from index.passages import first_heading, paragraphs, split_passages


@pytest.fixture(scope="module")
def article() -> str:
    return canonical_text((Path(ROOT) / "source_docs" / "sco-alternative-global-order.txt").read_bytes())


def texts(text: str) -> list[str]:
    return [paragraph.span.of(text) for paragraph in paragraphs(text)]


def test_the_article_has_exactly_its_three_headings(article: str) -> None:
    assert list(dict.fromkeys(p.heading for p in paragraphs(article) if p.heading)) == [
        "China and Russia are using the Shanghai Cooperation Organization to push alternative global order",
        "Interests and values divide the group",
        "Building a common anti-Western narrative",
    ]


def test_the_article_has_eleven_paragraphs(article: str) -> None:
    assert [p.number for p in paragraphs(article)] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("furniture", ["Comment", "5 min read", "Author(s)"])
def test_a_furniture_line_of_the_article_is_in_no_paragraph(article: str, furniture: str) -> None:
    assert furniture not in texts(article)


def test_the_caption_of_the_article_is_its_first_paragraph(article: str) -> None:
    assert texts(article)[0].startswith("Heads of State stand for the group photo")


def test_no_passage_of_the_article_is_longer_than_asked(article: str) -> None:
    assert max(p.span.end - p.span.start for p in split_passages(article, 700)) <= 700


def test_a_long_paragraph_gives_passages_of_one_paragraph_number() -> None:
    passages = split_passages("One two three. Four five six. Seven eight nine.", 30)
    assert [(p.span.start, p.span.end, p.paragraph) for p in passages] == [(0, 29, 1), (30, 47, 1)]


def test_hard_wrapped_prose_is_one_paragraph() -> None:
    text = (
        "The quick brown fox jumps over the lazy dog and\nthen goes home to sleep under the old apple tree\nuntil noon."
    )
    assert texts(text) == [text]


def test_a_list_is_one_paragraph_whose_lines_stand_for_themselves() -> None:
    ((only),) = list(paragraphs("- red apples\n- green pears\n"))
    assert only.lines


def test_verse_is_kept_whole() -> None:
    verse = "Tyger Tyger burning bright\nIn the forests of the night\nWhat immortal hand or eye"
    assert texts(verse) == [verse]


def test_an_unterminated_last_line_of_prose_is_kept() -> None:
    assert texts("It begins well.\n\nand then it just stops without any mark") == [
        "It begins well.",
        "and then it just stops without any mark",
    ]


def test_a_text_without_headings_has_none() -> None:
    assert first_heading("Just a sentence.") is None


@pytest.mark.parametrize(
    "text", ["Hello world", "The quick brown fox jumps over the lazy dog and runs on", "One line\n\nAnother", "42"]
)
def test_a_document_of_nothing_but_unterminated_lines_keeps_them_all(text: str) -> None:
    assert "\n\n".join(texts(text)) == text


def test_a_title_before_text_is_no_text() -> None:
    assert texts("My Title\n\nA sentence.") == ["A sentence."]
