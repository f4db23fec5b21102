"""Whole words of a document are always found where they stand; a changed word never is."""

from __future__ import annotations

import regex
from fakes import index_of
from hypothesis import assume, example, given
from hypothesis import strategies as st

from assistant.language.folding import fold
from assistant.quotes.finding import Finder
from assistant.quotes.verifying import MAX_PASTED_CHARS, verify

WORD = st.one_of(
    st.sampled_from(
        "a the not never 5 40% 1,500 -3 $20 re-sign non-Western can’t it's “so” café e\u0301t ﬁn ß İ ς … ... – — -- "
        "naïve U.S. (a) x… 中国 ไทย 👩\u200d🚀 so\u00adft ze\u200bro \u202eabc \x00 ` « »".split(" ")
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Z"], exclude_characters="\n\r\t"),
        min_size=1,
        max_size=6,
    ),
)
SPACE = st.sampled_from([" ", " ", " ", "  ", "\n", "\n\n", "\u00a0", "\t", "\u2009"])
TEXT = st.lists(st.tuples(WORD, SPACE), min_size=2, max_size=30).map(
    lambda pairs: "Word. " + "".join(map("".join, pairs))
)


def is_worded(text: str) -> bool:
    return len(text) > 1 and regex.search(r"[\p{L}\p{N}]", text) is not None


@given(TEXT, st.data())
def test_any_run_of_whole_words_is_exact_at_its_offsets(text: str, data: st.DataObject) -> None:
    words = list(regex.finditer(r"\S+", text))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start, end = words[first].start(), words[last].end()
    run = text[start:end]
    # White space to Python that is none to the pattern, such as U+001C, would be cut off as what surrounds a paste.
    assume(is_worded(run) and run == run.strip())
    checked = verify(run, index_of({"a.txt": text}))
    assert checked.verdict == "exact"
    assert checked.more or (start, end) in [(match.start, match.end) for match in checked.matches]


@given(TEXT, st.data())
@example("Word. It was refused. ", None)
def test_every_match_is_the_documents_own_slice(text: str, data: st.DataObject | None) -> None:
    pasted = "used" if data is None else data.draw(st.one_of(TEXT, st.text(min_size=2, max_size=20)))
    assume(is_worded(pasted.strip()))
    checked = verify(pasted, index_of({"a.txt": text}))
    for match in checked.matches:
        assert match.exact == text[match.start : match.end]
    for piece in checked.diff:
        assert piece.source == text[piece.start : piece.end]
    assert "".join(piece.pasted for piece in checked.diff) in ("", checked.text)


PLAIN = st.lists(
    st.sampled_from("apples pears plums are were red green not never 12 21 in at".split()), min_size=6, max_size=14
)


@given(PLAIN, st.data())
def test_a_changed_dropped_or_added_word_never_passes(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from("apple pear are’nt redder 2 121 no inn 1.2 non-red".split()))
    changed = data.draw(
        st.sampled_from([[other], [words[at], other], [words[at] + "x"], [words[at][1:]], [words[at][:-1]]])
    )
    forged = " ".join(filter(None, [*words[:at], *changed, *words[at + 1 :]]))
    text = "It is said: " + " ".join(words) + "."
    assume(f" {forged} " not in text.replace(".", " ") and is_worded(forged))
    assert not verify(forged, index_of({"a.txt": text})).found


@given(
    st.lists(st.sampled_from("the red fox did not run at dawn and slept 12 2,5".split()), min_size=5, max_size=20),
    st.data(),
)
def test_what_passes_has_the_documents_words_in_the_documents_order(words: list[str], data: st.DataObject) -> None:
    """Whatever is done to a text's characters: told by a reading of words that knows nothing of folding."""
    text = " ".join(words)
    pasted = list(text)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(pasted) - 1))
        pasted[at] = data.draw(st.sampled_from([*"abdnot 125,.-–—’'\"…\u00a0\n", "", "--", "no"]))
    typed = "".join(pasted)
    assume(is_worded(typed.strip()))
    checked = verify(typed, index_of({"a.txt": text}))
    if checked.found:
        assert regex.findall(r"[\w,]+", checked.text.lower()) == regex.findall(
            r"[\w,]+", checked.matches[0].exact.lower()
        )


@given(st.text(max_size=60))
def test_folded_text_leads_back_to_the_characters_it_came_from(text: str) -> None:
    folded = fold(text)
    origins = [folded.origin(position) for position in range(len(folded.text))]
    assert origins == sorted(origins)
    assert all(0 <= origin < len(text) for origin in origins)
    for position, origin in enumerate(origins):
        if folded.text[position].isalnum() and text[origin].isascii():
            assert folded.text[position] == text[origin].lower()


@given(st.text(min_size=2, max_size=300).filter(lambda text: is_worded(text.strip())))
def test_any_text_gets_a_verdict(text: str) -> None:
    assert len(text) <= MAX_PASTED_CHARS
    verify(text, index_of({"a.txt": "One fox sleeps here. Two foxes … run."}))


def test_the_finder_of_a_generation_is_made_once_and_not_kept_longer_than_it() -> None:
    index = index_of({"a.txt": "One fox sleeps."})
    assert Finder.of(index) is Finder.of(index)
    kept = len(Finder._made)
    del index
    assert len(Finder._made) == kept - 1
