from dataclasses import replace

import pytest

from assistant.quotes import grounding
from assistant.quotes.grounding import BadQuote
from index import PassageIndex, Span


def test_a_quote_is_the_slice_at_its_offsets(article_index: PassageIndex) -> None:
    passage = article_index.passages[8]
    quote = grounding.cut(passage, passage.sentences[0].span, number=1, score=0.5)
    assert quote.exact == passage.document.text[quote.start : quote.end]
    assert quote.exact == (
        "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West."
    )


def test_the_second_of_two_equal_runs_keeps_its_own_offsets(article_index: PassageIndex) -> None:
    run = "which has significantly widened its mandate since it was founded in 2001 as a regional forum"
    quotes = [
        grounding.cut(passage, sentence.span, number=1, score=0.5)
        for passage in article_index.passages
        for sentence in passage.sentences
        if run in sentence.span.of(passage.document.text)
    ]
    assert [(quote.paragraph, quote.start) for quote in quotes] == [(2, 246), (3, 734)]


def test_prefix_and_suffix_are_what_stands_around_the_quote(article_index: PassageIndex) -> None:
    passage = article_index.passages[8]
    quote = grounding.cut(passage, passage.sentences[1].span, number=1, score=0.5)
    assert quote.prefix == "rs – China, Russia and the West. "[-32:]
    assert quote.suffix == " In fact, there is more divergen"


def test_a_span_outside_its_passage_is_not_cut(article_index: PassageIndex) -> None:
    with pytest.raises(ValueError, match="not inside"):
        grounding.cut(article_index.passages[0], article_index.passages[1].span, number=1, score=0.5)


@pytest.mark.parametrize(
    "change",
    [
        {"exact": "India, which joined in 2018, must balance its engagement"},
        {"start": 0},
        {"end": 10_000},
        {"document_sha256": "0" * 64},
        {"document": "another.txt"},
        {"prefix": "something else"},
        {"suffix": ""},
        {"answer_start": 5, "answer_end": 9},
        {"answer_start": 4000},
    ],
    ids=str,
)
def test_a_quote_that_was_changed_does_not_leave(article_index: PassageIndex, change: dict[str, object]) -> None:
    passage = article_index.passages[8]
    quote = grounding.cut(passage, passage.sentences[0].span, number=1, score=0.5)
    grounding.verify([quote], article_index)
    with pytest.raises(BadQuote):
        grounding.verify([replace(quote, **change)], article_index)


def test_the_words_that_answer_may_be_set_off_inside_the_quote(article_index: PassageIndex) -> None:
    passage = article_index.passages[8]
    span = passage.sentences[0].span
    year = passage.document.text.index("2017")
    quote = grounding.cut(passage, span, number=1, score=0.5, answer=Span(year, year + 4))
    grounding.verify([quote], article_index)
    assert (quote.answer_start, quote.answer_end) == (year, year + 4)
