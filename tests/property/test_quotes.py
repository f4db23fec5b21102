"""Hostile text all the way: file, document, passages, sentences, index on disk, quote, page. Not one character off."""

from __future__ import annotations

import html
import random
import re
import tempfile
import time
from pathlib import Path

import pytest
import regex
from fakes import HashingEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quotes import grounding
from assistant.replies import Answer, Quote
from assistant.showing import render
from assistant.web.viewing import document_view
from index import BadSource, IndexConfig, Passage, PassageIndex, Span, open_index, rebuild
from index.documents import canonical_text
from index.passages import paragraphs
from index.verify import check_contents

DECEPTIVE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2069\ufeff\u00ad"
PIECES = st.one_of(
    st.sampled_from(
        [*DECEPTIVE, "\0", "\t", "\r\n", "\r", "\n\n", "\u00a0", "\u2028", "\u0085", "\f", "\u200d", "\ufe0f"]
    ),
    st.sampled_from(
        [
            "e\u0301",
            "\u0301\u0323",
            "👩\u200d👩\u200d👧",
            "🇸🇪",
            "한",
            "ﷺ",
            "שלום",
            "مرحبا",
            "第一句。",
            "𝔸",
            "\U0010ffff",
        ]
    ),
    st.sampled_from(["<script>x</script>", "&amp;", "`${x}`", "[a](javascript:x)", "![p](http://192.0.2.1/)", "$$x$$"]),
    st.sampled_from(["Apples are red. ", "“Pears”, he said. ", "No. 5 fell! ", "Why? ", "a b c", " ", "Heading\n\n"]),
    st.text(max_size=6),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=40).map("".join)
DATA = st.tuples(st.sampled_from([b"", b"\xef\xbb\xbf"]), TEXTS).map(
    lambda parts: parts[0] + parts[1].encode("utf-8", "ignore")
)


def built(data: bytes, folder: Path) -> PassageIndex | None:
    """The index of one file, through the disk; None when there is nothing in it to index."""
    (folder / "docs").mkdir()
    (folder / "docs" / "a.txt").write_bytes(data)
    config = IndexConfig(folder / "docs", folder / "built")
    try:
        rebuild(config, HashingEmbedder())
    except BadSource:
        return None
    return open_index(config, HashingEmbedder().identity)[0]


def shown(quote: Quote) -> str:
    answer = Answer(
        question="?", standalone_question="?", confidence=0.9, quotes=(quote,), generation="", took_ms=0, notices=()
    )
    (words,) = re.findall(r'<span class="words">(.*?)</span></p>', render.reply(answer), re.DOTALL)
    return str(words)


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def check_quotes(data: bytes, index: PassageIndex, chance: random.Random) -> int:
    """Cut, verify and draw every sentence and every passage; how many."""
    text = canonical_text(data)
    quotes = 0
    for passage in index.passages:
        assert passage.document.text == text
        for span in (passage.span, *(sentence.span for sentence in passage.sentences)):
            check_quote(text, passage, span, index, chance)
            quotes += 1
    return quotes


def check_quote(text: str, passage: Passage, span: Span, index: PassageIndex, chance: random.Random) -> None:
    start = chance.randrange(span.start, span.end)
    answer = Span(start, chance.randrange(start, span.end) + 1)
    quote = grounding.cut(passage, span, number=1, score=0.5, answer=answer)
    grounding.verify([quote], index)
    assert quote.exact == text[quote.start : quote.end] == text[span.start : span.end]
    drawn = shown(quote)
    assert plain(drawn) == quote.exact
    assert plain("".join(re.findall(r"<mark[^>]*>(.*?)</mark>", drawn, re.DOTALL))) == text[answer.start : answer.end]
    bare = re.sub(r'<i class="unseen" title="U\+[0-9A-F]{4}">.</i>', "", drawn)
    assert not set(DECEPTIVE) & set(bare)


def check_nothing_lost(data: bytes, index: PassageIndex) -> None:
    """Every sentence of every paragraph is in the index, and every character of the text is in the viewer."""
    text = canonical_text(data)
    kept = "".join("".join(s.span.of(text).split()) for p in index.passages for s in p.sentences)
    assert kept == "".join("".join(paragraph.span.of(text).split()) for paragraph in paragraphs(text))
    view = document_view(index.passages[0].document)
    blocks: list[dict[str, int]] = view["blocks"]  # type: ignore[assignment]
    assert "".join("".join(text[b["start"] : b["end"]].split()) for b in blocks) == "".join(text.split())


def check(data: bytes, seed: int = 0) -> int:
    with tempfile.TemporaryDirectory() as folder:
        index = built(data, Path(folder))
        if index is None:
            return 0
        check_contents(index)
        check_nothing_lost(data, index)
        return check_quotes(data, index, random.Random(seed))


@settings(max_examples=40)
@given(DATA, st.integers(0, 1 << 30))
def test_no_quote_differs_from_its_slice_no_mark_is_off_and_no_sentence_is_lost(data: bytes, seed: int) -> None:
    check(data, seed)


@pytest.mark.slow
@settings(max_examples=10_000)
@given(DATA, st.integers(0, 1 << 30))
def test_nor_in_ten_thousand_hostile_documents(data: bytes, seed: int) -> None:
    check(data, seed)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf\xef\xbb\xbfApples are red.\r\rPears\r\nare green.",
        "Apples \u202eare\u202c red. Pears\u200b are\u00ad green.".encode(),
        b"Apples\0are\0red. \0 Pears are green.\0",
        "e\u0301. \u0301e. ".encode() * 40,
        "👩\u200d👩\u200d👧! ".encode() * 40,
        "Apples\u00a0are\u2028red.\u0085Pears\u2029are\fgreen.".encode(),
    ],
    ids=["marks and line ends", "unseen", "NUL", "combining", "emoji", "spaces"],
)
def test_a_text_made_to_deceive_is_quoted_as_it_is(data: bytes) -> None:
    assert check(data) >= 2


@pytest.mark.parametrize("run", ["x", "Apples are red. ", "e\u0301", "\u202e\u200b", "a\u00a0"])
def test_a_line_of_sixty_thousand_characters_is_quoted_exactly(run: str) -> None:
    data = (run * (60_000 // len(run)) + " Pears are green.").encode()
    assert check(data) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("run", ["x", "Apples are red. ", "e\u0301", "a\u00a0b "])
def test_a_line_of_ten_megabytes_takes_time_in_proportion(run: str) -> None:
    took: list[float] = []
    for size in (2_500_000, 10_000_000):
        data = (run * (size // len(run.encode())) + " Pears are green.").encode()
        with tempfile.TemporaryDirectory() as folder:
            started = time.process_time()
            index = built(data, Path(folder))
            took.append(time.process_time() - started)
        assert index is not None
        check_contents(index)
        last = index.passages[-1]
        assert regex.sub(r"^.*?(?=Pears)", "", last.sentences[-1].span.of(last.document.text)) == "Pears are green."
    assert took[1] < 8 * took[0], f"four times the text took {took[1] / took[0]:.1f} times as long"
