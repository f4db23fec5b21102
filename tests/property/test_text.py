from __future__ import annotations

import math
import re
from collections import Counter

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from index.documents import Span, canonical_text
from index.formats import csv
from index.formats.transcript import one_line
from index.headings import Headings, levels_of
from index.lexical import LexicalIndex
from index.passages import paragraphs, split_passages
from index.sentences import split_sentences
from index.structure import Structure
from index.tokens import terms, words

HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            ". ! ? … 。 ！ 」 ” ’ ) ( “ \" ' \n \r \r\n \0 \t \u00a0 \u200b \u200d \u200f \u202e \u2028 \u0085 \u0301 "
            "\ufe00 \ufeff 👩\u200d👩\u200d👧 🇸🇪 한 e\u0301 Mr. U.S. No. 5 1. - a A word Word".split(" ")
        ),
        st.sampled_from([" ", "\n", "\n\n", "x" * 1100, "e\u0301" * 1100, "." * 300]),
        st.text(max_size=8),
    ),
    max_size=40,
).map("".join)
TEXT = HOSTILE.map(lambda text: text.replace("\r\n", "\n").replace("\r", "\n"))


@given(HOSTILE)
def test_canonical_text_is_the_text_but_for_its_mark_and_line_ends(text: str) -> None:
    data = text.encode("utf-8", errors="ignore")
    plain = canonical_text(data)
    assert "\r" not in plain
    assert canonical_text(plain.encode()).removeprefix("\ufeff") == plain.removeprefix("\ufeff")


@given(TEXT, st.booleans())
def test_sentences_hold_every_character_once_in_order_without_white_space_at_their_ends(text: str, lines: bool) -> None:
    at = 0
    for span in split_sentences(text, Span(0, len(text)), lines=lines) if text else []:
        assert not text[at : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        at = span.end
    assert not text[at:].strip()


@given(TEXT)
@example("第一句。\ufe00第二句。")
def test_no_sentence_begins_or_ends_inside_a_grapheme_cluster(text: str) -> None:
    inside = {
        at
        for cluster in regex.finditer(r"\X", text)
        if not cluster.group()[0].isspace()  # a mark on a space is trimmed from its space, as a reader sees it
        for at in range(cluster.start() + 1, cluster.end())
    }
    spans = split_sentences(text, Span(0, len(text))) if text else []
    assert not inside & {edge for span in spans for edge in (span.start, span.end)}


@given(TEXT)
def test_passages_hold_every_character_of_the_paragraphs(text: str) -> None:
    kept = "".join("".join(passage.span.of(text).split()) for passage in split_passages(text, 60))
    assert kept == "".join("".join(paragraph.span.of(text).split()) for paragraph in paragraphs(text))


@given(TEXT)
def test_what_no_paragraph_holds_is_a_question_or_a_line_without_a_closing_mark(text: str) -> None:
    at = 0
    for paragraph in [*paragraphs(text), None]:
        for line in text[at : paragraph.span.start if paragraph else len(text)].split("\n"):
            assert len(line.strip()) <= 120
            assert not line.strip().endswith((".", "!", "…", "。", "！", "？"))
        at = paragraph.span.end if paragraph else at


@given(st.text())
def test_words_and_terms_never_fail(text: str) -> None:
    assert all(words(text))
    assert all(terms(text))


@pytest.mark.parametrize("run", [".", "x", "。", "(", "\u0301", "a. ", "👩\u200d", "\n", '."'])
def test_two_hundred_thousand_characters_of_one_run_are_split(run: str) -> None:
    text = run * (200_000 // len(run))
    assert max((span.end - span.start for span in split_sentences(text, Span(0, len(text)))), default=0) <= 1000


WORD = st.sampled_from("apple pear plum stone river bridge".split())
CORPUS = st.lists(st.lists(WORD, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=8)


@given(CORPUS, st.lists(WORD, min_size=1, max_size=4).map(" ".join))
def test_bm25_is_the_formula_of_the_paper(corpus: list[str], query: str) -> None:
    passages = [Counter(terms(text)) for text in corpus]
    mean = sum(passage.total() for passage in passages) / len(passages)
    expected = []
    for passage in passages:
        score = 0.0
        for term in terms(query):
            df = sum(term in other for other in passages)
            idf = math.log(1 + (len(passages) - df + 0.5) / (df + 0.5))
            score += idf * passage[term] / (passage[term] + 1.2 * (0.25 + 0.75 * passage.total() / mean))
        expected.append(score)
    assert LexicalIndex.of(corpus).scores(query).tolist() == pytest.approx(expected, rel=1e-4, abs=1e-6)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=12).filter(
    lambda cell: cell.strip() and one_line(cell) == cell and not {*"\u00ad\u2060\ufeff"} & set(cell)
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from(",;\t|"))
def test_a_table_holds_every_cell_in_its_place_however_it_is_delimited(rows: list[list[str]], delimiter: str) -> None:
    quoted = "\n".join(delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    text = str(csv.extract(quoted.encode())["text"])
    assert re.split("\n+", text) == [" | ".join(row) for row in rows]


@given(HOSTILE)
def test_a_table_of_any_characters_keeps_all_but_delimiters_and_quotation_marks_in_order(text: str) -> None:
    plain = canonical_text(text.encode("utf-8", errors="ignore"))
    read = csv.extract(plain.encode())
    kept = str(read["text"])
    Structure.from_json({**read, "extractor": ""}, kept)

    def signs(words: str) -> str:
        return "".join(one for one in one_line(words) if not one.isspace() and one not in ',;|"–\u00ad\u2060\ufeff')

    assert signs(kept) == signs(plain)


HEADINGS = st.lists(
    st.tuples(st.integers(0, 6), HOSTILE.map(lambda text: " ".join(text.split())).filter(bool)), max_size=12
)


@given(HEADINGS, st.text(max_size=4))
def test_a_path_ends_in_its_heading_and_begins_with_headings_above(told: list[tuple[int, str]], title: str) -> None:
    headings = Headings([level for level, _ in told], title)
    seen: list[tuple[int, str]] = []
    for level, heading in told:
        *outer, last = levels_of(headings.under(heading, level))
        assert last == heading
        assert len(outer) <= len({above for above, _ in seen if 0 < above < level})
        assert sum(map(len, outer)) <= 240
        seen.append((level, heading))


@given(HEADINGS)
def test_without_levels_or_of_one_level_headings_stand_alone(told: list[tuple[int, str]]) -> None:
    for level in (0, 3):
        headings = Headings([level for _ in told])
        assert [headings.under(heading, level) for _, heading in told] == [heading for _, heading in told]
