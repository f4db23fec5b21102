"""What is shown is what was written: rendering loses and adds no character."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.showing import render
from index import Span

TEXTS = st.text(alphabet=st.one_of(st.sampled_from("<>&\"'\n\t\r `$*{}\u202e\u200b🦜é"), st.characters(codec="utf-8")))


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS.filter(bool))
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda pair: pair[0] != pair[1])
    return text, [Span(min(pair), max(pair)) for pair in draw(st.lists(ends, max_size=5))]


def without_tags(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@given(marked())
def test_marking_keeps_the_text(given_: tuple[str, list[Span]]) -> None:
    text, spans = given_
    assert without_tags(render.mark(text, spans)) == text


@given(marked())
def test_the_marks_of_a_number_hold_exactly_its_span(given_: tuple[str, list[Span]]) -> None:
    text, spans = given_
    pieces = re.findall(r'<mark data-n="([^"]*)">(.*?)</mark>', render.mark(text, spans), re.DOTALL)
    for number, span in enumerate(spans, start=1):
        held = "".join(without_tags(words) for numbers, words in pieces if str(number) in numbers.split())
        assert held == span.of(text)


@given(TEXTS)
def test_what_was_typed_comes_back_from_the_chat(question: str) -> None:
    assert render.typed(render.asked(question)) == question
