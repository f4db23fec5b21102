"""In which language a document seems to be written, where it is none that the models were taught: all but English.

Told by the script of its words and by the little words that every sentence is held together with. No text is called
foreign for want of English: tables, code and lists of names have few little words of any language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import regex

from index.documents import Document
from index.tokens import FUNCTION_WORDS

# Looked at of a long text, in so many pieces from its beginning to its end.
_CHARS, _PIECES = 8_000, 8
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]++")
# Two of their characters count as a word, since no spaces part those.
_UNSPACED = frozenset(("Han", "Kana", "Thai"))
_SCRIPTS = tuple(
    (name, regex.compile(rf"[{letters}]"))
    for name, letters in (
        ("Latin", r"\p{Latin}"),
        ("Han", r"\p{Han}"),
        ("Kana", r"\p{Hiragana}\p{Katakana}"),
        ("Thai", r"\p{Thai}"),
        ("Cyrillic", r"\p{Cyrillic}"),
        ("Greek", r"\p{Greek}"),
        ("Arabic", r"\p{Arabic}"),
        ("Hebrew", r"\p{Hebrew}"),
        ("Hangul", r"\p{Hangul}"),
        ("Devanagari", r"\p{Devanagari}"),
    )
)
_OF_A_SCRIPT = {"Han": "Chinese", "Kana": "Japanese", "Thai": "Thai", "Greek": "Greek", "Hangul": "Korean"}
# Letters that one of the languages in Cyrillic script has and its neighbours lack.
_RUSSIAN = (regex.compile("[ыэ]"), regex.compile("[іўҳқғәө]"))
_UKRAINIAN = regex.compile("[їє]")
# Of Japanese text a part is Han too, of Chinese none is kana.
_KANA_SHARE = 0.1
_LEAST_WORDS, _LEAST_LITTLE_WORDS, _LEAST_DIFFERENT = 5, 5, 4
_NAMED = 3
# Prose has more than twice as many; a document that is half English has more of that.
_LITTLE_SHARE = 0.06

# Less what is a word, an abbreviation or part of many names in English texts: "die", "de", "la", "van", "El Niño".
_LITTLE_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(written.split()) - FUNCTION_WORDS
    for language, written in {
        "German": "und der das dem ein eine einen einem einer nicht mit auf für ist sind wird werden wurde im zu zur "
        "zum auch als sich oder aus bei nach über durch können kann nur wenn dass diese dieser",
        "French": "et une est sont dans pour pas qui que sur avec par au aux ce cette ces il elle ou été être peut "
        "plus ne se leur nous vous mais comme",
        "Spanish": "una que con para por es son se al como más pero su sus lo este esta está fue ha puede cuando "
        "también sobre entre sin donde",
        "Portuguese": "uma que com para por não é são se ao os as mais como mas seu sua foi pode quando também entre "
        "sem na em pelo pela está",
        "Italian": "che una per con non sono della nel nella delle dei gli si più come anche questo questa può viene "
        "stato alla dal dalla ed",
        "Dutch": "het een en niet met op voor zijn wordt worden aan ook als bij door naar uit deze dit dat kan om te "
        "maar hebben heeft werd",
        "Swedish": "och att det som en är av för den till med på inte kan om ett har från eller när men var ska alla "
        "används detta",
        "Danish or Norwegian": "og det er som en af av til på med ikke den kan et fra eller har ved når men blev ble "
        "skal denne dette",
        "Finnish": "ja on ei se että joka ovat tai kuin voi mutta hän sen ole vain oli myös jos kun tämä",
        "Polish": "nie się na jest że do jak są lub przez dla od po może być tylko który która które oraz został",
        "Czech or Slovak": "se je na že do jako pro jsou nebo by od po při být pokud který která které není byl sa "
        "nie alebo",
        "Hungarian": "az és egy hogy nem is van vagy ez meg csak ha mint volt azt ki fel kell lehet után",
        "Romanian": "și în este un pe cu care nu la sunt pentru din se sau fi mai dacă prin ca fost această poate",
        "Croatian, Serbian or Slovene": "je na se da su za od koji koja koje ili nije ne ki so pri ali kot iz",
        "Turkish": "ve bir bu için ile olarak da olan daha çok en gibi veya sonra kadar ne her değil olduğu",
        "Indonesian or Malay": "yang dan di dengan untuk dari ini itu tidak pada adalah dalam akan oleh atau ke",
        "Vietnamese": "của và là có không được các cho trong với một những này đã để từ người như",
    }.items()
}


def language(text: str) -> str | None:
    """The language, or the script, that a text seems to be in; None where it is English or nothing tells."""
    seen = _WORD.findall(_sample(text))
    found: Counter[str] = Counter()
    for word in seen:
        script = _script(word)
        found[script] += len(word) // 2 if script in _UNSPACED else 1
    words = found.total()
    if words < _LEAST_WORDS:
        return None
    if found["Latin"] * 2 >= words:
        return _by_little_words([word.casefold() for word in seen])
    if (found["Han"] + found["Kana"]) * 2 > words:
        script = "Kana" if found["Kana"] >= _KANA_SHARE * words else "Han"
    else:
        [(script, _)] = found.most_common(1)
    if script == "Cyrillic":
        return _in_cyrillic(" ".join(seen))
    return _OF_A_SCRIPT.get(script) or (f"{script} script" if script else None)


def languages(documents: Iterable[Document]) -> dict[str, str]:
    """Id → language of each of ``documents`` that seems to be in another one than English."""
    found = {document.id: language(document.text) for document in documents}
    return {name: one for name, one in found.items() if one is not None}


def told(languages: Mapping[str, str]) -> str:
    """Which documents look to be in which languages, on one line; some of many. ``languages`` as from above."""
    named = [f"{name} {'' if at else 'looks to be '}in {one}" for at, (name, one) in enumerate(languages.items())]
    shown = named[:_NAMED]
    if more := len(named) - len(shown):
        shown.append(f"{more} more in other languages")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _script(word: str) -> str:
    """Of a word's first letter, empty for a rare one: which words mix scripts is all the same."""
    return "Latin" if word.isascii() else next((name for name, letters in _SCRIPTS if letters.match(word)), "")


def _in_cyrillic(words: str) -> str:
    has, lacks = _RUSSIAN
    if _UKRAINIAN.search(words):
        return "Ukrainian"
    return "Russian" if has.search(words) and not lacks.search(words) else "Cyrillic script"


def _by_little_words(words: list[str]) -> str | None:
    counted = Counter(words)
    english = sum(times for word, times in counted.items() if word in FUNCTION_WORDS)
    likeliest, most, different = None, 0, 0
    for name, little in _LITTLE_WORDS.items():
        held = [counted[word] for word in little if word in counted]
        if sum(held) > most:
            likeliest, most, different = name, sum(held), len(held)
    enough = most >= max(_LEAST_LITTLE_WORDS, _LITTLE_SHARE * len(words)) and different >= _LEAST_DIFFERENT
    return likeliest if enough and most > english else None


def _sample(text: str) -> str:
    if len(text) <= _CHARS:
        return text
    step, piece = len(text) // _PIECES, _CHARS // _PIECES
    return " ".join(text[at * step : at * step + piece] for at in range(_PIECES))
