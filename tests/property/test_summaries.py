"""Whatever a model writes: nothing of it looks like a quotation, and nothing of it is not in the quotes it cites."""

import html
import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.replies import Answer, Quote
from assistant.showing import render
from assistant.summary.prose import MARKS
from assistant.summary.summarising import Unusable, checked, read, rechecked
from index.tokens import FUNCTION_WORDS, stem, words

TEXTS = (
    "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West.",
    "Together, they account for roughly a quarter of global GDP and 40% of the world’s population.",
    "“Nor,” said Müller, “does the SCO hold a unified position, as India refused to join it on June 14.”",
)
QUOTES = tuple(
    Quote(number, "a.txt", "0" * 64, "A", None, 1, 0, len(text), text, "", "", 0.9)
    for number, text in enumerate(TEXTS, start=1)
)
OWN = sorted({word for text in TEXTS for word in re.findall(r"\S+", text)})
MARKED = st.sampled_from(list("\"'“”‘’‚„‹›«»「」『』〝〞＂＇`´′″‵❝❞❮❯⹂ʻʼˮ〈〉《》*_#>|~[](){}<&\\\n\u200b\u202e\ud800"))
PIECES = st.one_of(
    st.sampled_from(OWN),
    st.sampled_from(OWN),
    st.sampled_from(["not", "never", "Pakistan", "41%", "2018", "ten", "[1]", "[9]", "<b>", "http://x.example"]),
    MARKED,
    st.characters(),
    st.text(max_size=12),
)
# Cut from a quote here and there, so that many of them are backed.
CUT = st.builds(
    lambda text, ends, mark, at: text[min(ends) : max(ends)][:at] + mark + text[min(ends) : max(ends)][at:],
    st.sampled_from(TEXTS),
    st.tuples(st.integers(0, 110), st.integers(0, 110)),
    st.one_of(st.just(""), MARKED, PIECES),
    st.integers(0, 60),
)
SENTENCES = st.one_of(st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join), CUT)
CITED = st.lists(st.one_of(st.integers(1, 3), st.integers(-2, 9)), max_size=3)
ITEMS = st.one_of(
    st.fixed_dictionaries({"text": SENTENCES, "quotes": CITED}),
    st.fixed_dictionaries({"text": SENTENCES, "quotes": st.just([1, 2, 3])}),
)
JUNK = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda some: st.lists(some, max_size=3))
OUTPUTS = st.one_of(
    st.lists(ITEMS, max_size=5).map(lambda items: json.dumps({"sentences": items})),
    st.lists(ITEMS | JUNK, max_size=5).map(lambda items: json.dumps({"sentences": items})),
    SENTENCES,
    JUNK.map(json.dumps),
)


def shown(output: str) -> Answer | None:
    """The answer that this output of a model makes; None where it is of no use."""
    try:
        summary = checked(read(output), QUOTES, {"SCO": "Shanghai Cooperation Organization"})
    except Unusable:
        return None
    return Answer("When?", "When?", 0.9, QUOTES, "g", 1.0, (), summary)


@given(OUTPUTS)
def test_nothing_that_a_model_writes_looks_like_a_quotation_or_markup(output: str) -> None:
    answer = shown(output)
    for sentence in answer.summary.sentences if answer and answer.summary else ():
        assert MARKS.search(re.sub(r"(?<=\w)’(?=s\b|t\b)", "", sentence.text)) is None
        assert not set(sentence.text) & set("<>[]{}#*_`|~\\^=\"'“”«»\n\u200b\u202e:")
        assert "//" not in sentence.text
    if answer:
        spoken = re.search(r'<div class="summary">(.*?)</div>', render.reply(answer))
        assert spoken
        assert not re.search(r"[\"“”«»]", html.unescape(re.sub(r"<[^>]*>", "", spoken[1])))
        assert set(re.findall(r"</?(\w+)", spoken[1])) <= {"p", "span", "a"}


@given(OUTPUTS)
def test_every_number_and_every_word_that_says_something_is_in_every_quote_it_cites(output: str) -> None:
    answer = shown(output)
    for sentence in answer.summary.sentences if answer and answer.summary else ():
        assert sentence.quotes
        for number in sentence.quotes:
            quote = QUOTES[number - 1].exact
            assert set(re.findall(r"\d+%?", sentence.text)) <= set(re.findall(r"\d+%?", quote))
            held = {stem(word) for word in words(quote)}
            assert {stem(word) for word in words(sentence.text) if word not in FUNCTION_WORDS} <= held
            for denial in ("not", "never", "nor", "refused"):
                assert (denial in words(sentence.text)) <= (denial in words(quote))


@given(OUTPUTS)
def test_what_was_kept_is_kept_again_when_it_comes_back_from_a_browser(output: str) -> None:
    answer = shown(output)
    if answer:
        assert rechecked(answer, {"SCO": "Shanghai Cooperation Organization"}) == answer


@given(ITEMS)
def test_a_sentence_is_shown_or_counted(item: dict[str, Any]) -> None:
    answer = shown(json.dumps({"sentences": [item]}))
    assert answer
    assert answer.summary
    assert answer.summary.removed + len(answer.summary.sentences) >= 1
