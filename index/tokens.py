"""Text → the terms that lexical retrieval and coverage count: folded, stemmed, without function words."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex
import Stemmer

# Letters and digits, with inner apostrophes, full stops and commas: "world’s", "U.S", "1,200", "3.5".
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’.,](?=[\p{L}\p{N}])[\p{L}\p{M}\p{N}]+)*")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
# "hun-" at a line's end and "dred" behind it; of "well-" and "known" both readings are kept.
_BROKEN = regex.compile(r"(?<![\p{L}\p{M}])(\p{L}[\p{L}\p{M}]*+)[-‐]\n[^\S\n]*+(\p{Ll}[\p{L}\p{M}]*+)")
# Where a word may be broken, and is where a line ends; it shows nowhere else.
_SOFT_HYPHEN = regex.compile(r"\u00ad(?:[^\S\n]*+\n[^\S\n]*+(?=\p{L}))?")
_POSSESSIVE = regex.compile(r"['’]s?$")
_stemmer = Stemmer.Stemmer("english")

# Raise it when ``words`` or ``terms`` changes: what was counted by another one is then counted anew.
ANALYSER = 4

# "Why can't I?" asks as "Why can I not?" does.
_CONTRACTED = (
    "don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't won't wouldn't shouldn't can't couldn't "
    "mustn't needn't i'm i've i'd i'll you're you've you'd you'll we're we've we'd we'll they're they've they'd "
    "they'll he'd he'll she'd she'll it'd it'll that'd that'll there'd there'll who'd who'll who're who've what're"
)
FUNCTION_WORDS = frozenset(
    (
        "a an the and or but nor so yet of in on at by to from for with without into onto about as than then that "
        "this these those there here it its itself he him his she her hers they them their theirs we us our ours "
        "you your yours i me my mine is are was were be been being am do does did doing done has have had having "
        "will would shall should can could may might must not no yes if because while who whom whose which what "
        "when where why how also just very too much many any some such all both each other another more most own "
        "same only s t re ve ll d m please tell say says said according article text document documents passage "
        f"author explain describe {_CONTRACTED} " + _CONTRACTED.replace("'", "’")
        # With the apostrophe that is set.
    ).split()
)


class _Uncombined(dict[int, int | None]):
    """Code point → itself, or None for a combining one; filled as they are met."""

    def __missing__(self, code: int) -> int | None:
        kept = self[code] = None if unicodedata.combining(chr(code)) else code
        return kept


_uncombined = _Uncombined()


def words(text: str) -> list[str]:
    """The words of ``text`` in reading order: case and accents folded, possessive endings dropped.

    A word that a line's end breaks stands behind its two parts once more, whole; at a soft hyphen it has no parts.
    """
    if "\u00ad" in text:
        text = _SOFT_HYPHEN.sub("", text)
    if "-\n" in text or "‐\n" in text:
        text = _BROKEN.sub(r"\g<0> \1\2", text)
    folded = unicodedata.normalize("NFKD", text).translate(_uncombined).casefold()
    found: list[str] = []
    for word in _WORD.findall(folded):
        # Nearly every word is letters alone, and most are ASCII: what follows would change nothing in them.
        if not word.isalpha():
            word = _POSSESSIVE.sub("", word).replace(",", "")
            if word.replace(".", "").isalpha():
                word = word.replace(".", "")
        if not word.isascii() and _UNSPACED.search(word):
            # Scripts without spaces: overlapping pairs of characters stand in for words.
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif word:
            found.append(word)
    return found


def terms(text: str) -> list[str]:
    """The content terms of ``text`` in reading order: words without function words, stemmed (Snowball English)."""
    return split(text)[1]


def split(text: str) -> tuple[list[str], list[str]]:
    """``words`` and ``terms`` of ``text``, which is taken to pieces once."""
    found = words(text)
    return found, [stem(word) for word in found if word not in FUNCTION_WORDS]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """One folded word's stem."""
    return str(_stemmer.stemWord(word))
