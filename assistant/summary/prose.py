"""What a model wrote → plain sentences, in which nothing can look like a quotation, a link or markup.

Only characters that are known to be harmless pass: basic letters, digits and a little punctuation, and what letters the
quotes themselves have. Marks of quotation and emphasis are taken out; whatever else is there costs the sentence.
"""

from __future__ import annotations

import unicodedata

import regex

from index import Span
from index.sentences import split_sentences

MAX_SENTENCE_CHARS, _MAX_CHARS, _MOST_SENTENCES = 400, 2000, 8

# Everything that opens or closes a quotation in some script, or passes for it; and Markdown's marks of emphasis.
MARKS = regex.compile(
    r"[\p{Quotation_Mark}\u02b9-\u02bd\u02c8\u02ca\u02cb\u02dd\u02ee\u02f4-\u02f6\u00b4`\u2032-\u2037\u2057"
    r"\u275b-\u2760\u276e\u276f\u2e00-\u2e0d\u2e1c\u2e1d\u2e20\u2e21\u2e42\u2e44-\u2e4c\u05f3\u05f4"
    r"\u3008-\u3011\u3014-\u301b\u2329\u232a\u27e6-\u27ef\u2983-\u2998\ufe3d-\ufe44\uff5f-\uff63"
    r"\U0001f676-\U0001f678*]"
)
_APOSTROPHE = regex.compile(r"(?<=\p{L})['’](?=(?:s|t|re|ve|ll|d|m)(?![\p{L}\p{N}'’]))|(?<=\b[OD])['’](?=\p{Lu}\p{Ll})")
_CITED = regex.compile(r"\[\s*(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\s*\]")
_BULLET = regex.compile(r"^\s*(?:[-–—•]\s+)+")
_LETTER = regex.compile(r"[\p{L}\p{M}]")
_HARMLESS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;!?()%&/+-–—−$€£¥°")
# A colon would introduce somebody's words; between digits it parts hours from minutes.
_CLOCK = regex.compile(r"(?<=\d):(?=\d)")
_ADDRESS = regex.compile(r"//|\bwww\.|\b\p{L}+\.(?:com|org|net|io|ru|cn|eu)\b", regex.IGNORECASE)
_KEPT_APOSTROPHE = "\ue000"
_KEPT_COLON = "\ue001"


def plain(text: str, quoted: str) -> tuple[list[str], list[int], int]:
    """The sentences of ``text`` made plain, the numbers that it cites in brackets, and how many sentences were lost.

    ``quoted``: the words of all quotes; letters beyond the basic ones pass only where these have them.
    """
    if len(text) > _MAX_CHARS:
        return [], [], 1
    text = unicodedata.normalize("NFC", text)
    cited = [int(number) for found in _CITED.findall(text) for number in regex.findall(r"\d+", found)]
    bare = _BULLET.sub("", " ".join(_CITED.sub(" ", text).split()))
    if _KEPT_APOSTROPHE in bare or _KEPT_COLON in bare:
        return [], cited, 1
    bare = MARKS.sub("", _APOSTROPHE.sub(_KEPT_APOSTROPHE, bare))
    bare = _CLOCK.sub(_KEPT_COLON, bare).replace(_KEPT_APOSTROPHE, "’")
    bare = regex.sub(r" +(?=[.,;!?])", "", " ".join(bare.split()))
    if not bare:
        return [], cited, 1
    letters = frozenset(_LETTER.findall(unicodedata.normalize("NFC", quoted)))
    sentences: list[str] = []
    lost = 0
    for span in split_sentences(bare, Span(0, len(bare))):
        sentence = span.of(bare)
        if len(sentences) < _MOST_SENTENCES and _passes(sentence, letters):
            sentence = sentence.replace(_KEPT_COLON, ":")
            sentences.append(sentence if sentence[-1] in ".!?" else sentence.rstrip(" ,;-–—") + ".")
        else:
            lost += 1
    return sentences, cited, lost


def _passes(sentence: str, letters: frozenset[str]) -> bool:
    if len(sentence) > MAX_SENTENCE_CHARS or not sentence[0].isalnum() or _ADDRESS.search(sentence):
        return False
    known = letters | {"’", _KEPT_COLON}
    return all(character in _HARMLESS or character in known for character in sentence) and any(
        character.isalpha() for character in sentence
    )
