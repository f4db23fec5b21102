"""What may be asked: bounds on a question, and a plain word to those it cannot be answered for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import regex

from assistant.config import MAX_QUESTION_CHARS
from assistant.language.verbs import IRREGULAR
from assistant.replies import Reason
from index import Document, PassageIndex
from index.tokens import FUNCTION_WORDS, stem, terms, words

_LATIN = regex.compile(r"\p{Latin}")
_LETTER = regex.compile(r"\p{L}")
_TAG = regex.compile(r"</?[a-zA-Z][^<>]{0,200}>")
# Told apart from nothing here alone: every document could be meant by them.
_THE_TEXT = frozenset(("article", "author", "document", "documents", "passage"))
# Done to every text, which need not say so: "never mention wrote" tells nobody anything.
_OF_A_TEXT = frozenset(("write", "writes", "wrote", "written", "published", "authored"))
# What such words are missing from tells nobody anything: they say how something is asked, or when.
_BY_THE_WAY = frozenset(
    "since until ever yet still already again against within except besides via per list name named mention mentions "
    "mentioned compare summarise summarize meant mean true false anything something last next first "
    "before after happen happens happened paragraph paragraphs between get gets getting got gotten take takes taking "
    "took go goes going went gone come comes coming came make makes making made need needs needed want wants "
    "wanted".split()
)
_UNTOLD = _OF_A_TEXT | _BY_THE_WAY
# WHO and US are function words in lower case alone.
_CAPITALS = regex.compile(r"\b\p{Lu}{2,}\b")
# "How long is it?" asks for no word "long".
_DEGREE = regex.compile(
    r"\bhow (?:long|often|far|big|large|small|old|young|tall|high|deep|wide|broad|heavy|fast|quickly|soon|late|early|"
    r"hot|cold|expensive|close|near|come)\b",
    regex.I,
)
_SURROGATE = regex.compile(r"[\ud800-\udfff]")

# Words that ask and join in languages users write, less those that, folded, are English words ("hay", "für") or begin
# what English speakers ask about ("El Salvador", "Van Gogh", "MIT").
_FOREIGN = frozenset(
    words(
        "wann wer wie viele welche welcher welches warum wieso wo ist sind haben gibt und dem ein eine nicht wurde "
        "wird werden auf quand qui combien quel quelle quels quelles pourquoi est sont une dans avec ont été cuando "
        "quien quién cuántos cuántas cuál cual cuáles qué por porque dónde donde es una fue quando quanti quali "
        "perché sono gli della nel quem quantos quantas qual quais onde foi hoeveel wanneer waarom waar welke zijn "
        "het een och när hur vem vilka varför hvor hvem hvornår hvorfor kiedy ile kto dlaczego jak gdzie który"
    )
)
_WAS = regex.compile(r"was (?:ist|sind|wird|werden|haben|gibt|wurde)\b", regex.IGNORECASE)
_FOREIGN_SHARE = 0.4
# Read through once for an index, at the first refusal, in half a second: of more, somebody would wait for it.
_MOST_CHARS = 2_000_000
_JOINED = regex.compile(r"[\p{L}\p{N}]++(?:[-‐‑][\p{L}\p{N}]++)+")
_HYPHEN = regex.compile("[-‐‑]")
# "4th", "5kg", "20MW"; not "5G", which is a name.
_COUNTED = regex.compile(r"(\p{N}+(?:[.,]\p{N}+)*)(?:\p{Ll}|\p{L}{2,4})")
# Two spellings of one word, so bounded that no two words are taken for one: "mourning" is not "morning".
_TWINS = tuple(
    (regex.compile(pattern), other)
    for pattern, other in (
        (r"(?<=\w{3}i|ly)s(?=e|ing|ation|able)", "z"),
        (r"(?<=\w{3}i|ly)z(?=e|ing|ation|able)", "s"),
        (r"(?<=\w[bdgilmnpv])our", "or"),
        (r"(?<=\w[bdgilmnpv])or", "our"),
        (r"(?<=[bghtv])re(?=s?$)", "er"),
        (r"(?<=[bghtv])er(?=s?$)", "re"),
        (r"(?<=en|acti)c(?=e|ing)", "s"),
        (r"(?<=en|acti)s(?=e|ing)", "c"),
    )
)
_held_by_all: WeakKeyDictionary[PassageIndex, frozenset[str]] = WeakKeyDictionary()
# Of the documents chosen last: a refusal asks for them several times, and so does the next question.
_held_by_chosen: WeakKeyDictionary[PassageIndex, tuple[frozenset[str], frozenset[str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a question cannot be asked, in one line that says what to do."""

    reason: Reason
    line: str


def clean(question: str) -> str:
    """The question on one line, without half characters that no encoding can carry."""
    return " ".join(_SURROGATE.sub("\ufffd", question).split())


def without_markup(question: str) -> str:
    """The question less any tags: they are no words of it. Left as it is when nothing else would remain."""
    bare = " ".join(_TAG.sub(" ", question).split())
    return bare if words(bare) else question


def complain(question: str) -> Complaint | None:
    """What is wrong with a cleaned question before any document is looked at, or None."""
    if len(question) > MAX_QUESTION_CHARS:
        return Complaint(
            Reason.TOO_LONG,
            f"The question has {len(question):,} characters; ask in at most {MAX_QUESTION_CHARS:,}.",
        )
    if not question:
        return Complaint(Reason.NO_WORDS, "The question is empty; type a question about the documents.")
    if not words(question) or len(question) == 1:
        return Complaint(Reason.NO_WORDS, "There are no words in the question; type a question about the documents.")
    return None


def foreign(question: str, index: PassageIndex) -> Complaint | None:
    """Whether a question is in a language that neither the documents nor the embedding model speak."""
    letters = _LETTER.findall(question)
    other_script = len(_LATIN.findall(question)) * 2 < len(letters)
    if other_script and not any(index.lexical.knows(term) for term in terms(question)):
        return Complaint(
            Reason.OTHER_LANGUAGE,
            "The question is in a script that the documents do not use; ask in the documents' language.",
        )
    asked = [word for word in words(question) if len(word) > 1]
    foreign_words = [word for word in asked if word in _FOREIGN and not index.lexical.knows(stem(word))]
    english_words = [word for word in asked if word in FUNCTION_WORDS]
    if foreign_words and _WAS.match(question):
        # "Was ist …": German for "what is".
        foreign_words, english_words = ["was", *foreign_words], english_words[1:]
    if len(foreign_words) > len(english_words) and (
        asked[0] == foreign_words[0] or len(foreign_words) >= _FOREIGN_SHARE * len(asked)
    ):
        return Complaint(
            Reason.OTHER_LANGUAGE,
            "The question does not seem to be in English, the language this assistant reads; ask in English.",
        )
    return None


def vague(question: str) -> Complaint | None:
    """Whether a question, understood by what was asked before, says of nothing what it asks: "Why?", "Who is it?"."""
    typed = words(question)
    shouted = question == question.upper() and len(typed) > 1
    if terms(question) or not _THE_TEXT.isdisjoint(typed) or (_CAPITALS.search(question) and not shouted):
        return None
    return Complaint(Reason.NOT_ANSWERED, "The question names nothing to look for; say of what or of whom you ask.")


def absent_words(question: str, index: PassageIndex, documents: Collection[str] = ()) -> list[str]:
    """The content words of a question that no document, or none of those with these ids, holds.

    As they were typed, in order. A word that is held in another spelling ("Organisation", "wifi", "4th") is held.
    Titles and lines that stand in no passage count too, as far as ``_held`` looks.
    """
    typed = regex.findall(r"[\p{L}\p{M}\p{N}]+(?:[-'’.,][\p{L}\p{M}\p{N}]+)*", _DEGREE.sub(" ", question))
    wanted = {word: _forms(word) for word in typed if terms(word) and _UNTOLD.isdisjoint(words(word))}
    if not documents:
        wanted = {word: of_it for word, of_it in wanted.items() if not any(map(index.lexical.knows, of_it))}
    held = _held(index, documents) if wanted else frozenset()
    return [word for word, of_it in wanted.items() if held.isdisjoint(of_it)]


def _forms(typed: str) -> set[str]:
    """The terms of a word as it was typed and as others would write it."""
    joined = _HYPHEN.sub("", typed)
    found = {*terms(typed), *terms(joined)}
    if counted := _COUNTED.fullmatch(typed):
        found.update(terms(counted.group(1)))
    for word in {*words(typed), *words(joined)}:
        found.update(_irregular().get(stem(word), ()))
        for pattern, other in _TWINS:
            found.update(stem(word[: at.start()] + other + word[at.end() :]) for at in pattern.finditer(word))
    return found


@cache
def _irregular() -> Mapping[str, frozenset[str]]:
    """The stem of an irregular verb's form → those of its others: "led" of "leads"."""
    found: dict[str, set[str]] = {}
    for past, base in IRREGULAR.items():
        found.setdefault(stem(base), set()).add(stem(past))
        found.setdefault(stem(past), set()).add(stem(base))
    return {form: frozenset(others) for form, others in found.items()}


def _held(index: PassageIndex, documents: Collection[str]) -> frozenset[str]:
    """The terms of titles and texts: of the documents with these ids, or of all.

    Of all it is titles alone where the texts are long, and nothing where an engine keeps the documents.
    """
    if documents:
        last = _held_by_chosen.get(index)
        if last is None or last[0] != frozenset(documents):
            chosen = {passage.document.id: passage.document for passage in index.of_documents(documents)}
            last = _held_by_chosen[index] = frozenset(documents), _terms_of(chosen.values(), texts=True)
        return last[1]
    found = _held_by_all.get(index)
    if found is None:
        # An engine would have to send every document.
        every = index.documents.values() if isinstance(index.documents, dict) else ()
        found = _terms_of(every, texts=sum(len(document.text) for document in every) <= _MOST_CHARS)
        _held_by_all[index] = found
    return found


def _terms_of(documents: Iterable[Document], *, texts: bool) -> frozenset[str]:
    found: set[str] = set()
    for one in documents:
        text = f"{one.title}\n{one.text}" if texts else one.title
        found.update(terms(text))
        # Most words have no hyphen: to look through the whole text with an expression would double the time.
        hyphened = " ".join({word for word in text.split() if _HYPHEN.search(word)})
        found.update(terms(" ".join(_HYPHEN.sub("", joined) for joined in _JOINED.findall(hyphened))))
    # "4th" and "5kg" hold 4 and 5 too.
    return frozenset(found | {counted.group(1) for term in found if (counted := _COUNTED.fullmatch(term))})
