from __future__ import annotations

import pytest

from index.tokens import terms, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The world’s", ["the", "world"]),
        ("U.S. and U.S", ["us", "and", "us"]),
        ("1,200 or 3.5", ["1200", "or", "3.5"]),
        ("Café CAFE\u0301", ["cafe", "cafe"]),
        ("non-Western", ["non", "western"]),
        ("上海合作", ["上海", "海合", "合作"]),
        ("a hun-\n  dred men", ["a", "hun", "dred", "hundred", "men"]),
        ("Smith-\nJones -\nhe", ["smith", "jones", "he"]),
        ("is\u00adland re\u00ad\n mote", ["island", "remote"]),
        ("…!?", []),
    ],
)
def test_words_are_folded_as_a_reader_would_match_them(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_terms_leave_function_words_out_and_stem_the_rest() -> None:
    assert terms("What are the members of the organization?") == ["member", "organiz"]


def test_a_broken_word_in_an_endless_one_is_looked_for_in_linear_time() -> None:
    assert len(words("a" * 1_000_000 + " b-\nc")) == 4
