"""What may be asked: bounds on a question, and a plain word to those it cannot be answered for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import regex

from assistant.config import MAX_QUESTION_CHARS
from assistant.replies import Reason
from index import PassageIndex
from index.tokens import FUNCTION_WORDS, stem, terms, words

_LATIN = regex.compile(r"\p{Latin}")
_LETTER = regex.compile(r"\p{L}")
_TAG = regex.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SURROGATE = regex.compile(r"[\ud800-\udfff]")

# Words that ask and join in languages users write, less those that are English words too.
_FOREIGN = frozenset(
    words(
        "wann wer wie viele welche welcher welches warum wieso wo ist sind hat haben und der das dem den ein "
        "eine nicht von mit für wurde werden auf quand qui combien quel quelle quels quelles pourquoi est "
        "sont les des du une et dans avec sur ont été cuando quien quién cuántos cuál cual cuáles qué por "
        "porque dónde donde es son el los las del una en con para fue hay quando chi quanti quale quali "
        "perché dove è sono il lo gli di della nel che quantos quantas qual quais onde são os dos da foi "
        "hoeveel wanneer waarom welke zijn het een van och när hur många vilka varför når hvor hvorfor kiedy "
        "ile kto dlaczego jest są jak gdzie który"
    )
)
_FOREIGN_SHARE = 0.4


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
    foreign_words = sum(word in _FOREIGN for word in asked)
    english_words = sum(word in FUNCTION_WORDS for word in asked)
    begins_foreign = bool(asked) and asked[0] in _FOREIGN and not index.lexical.knows(stem(asked[0]))
    if foreign_words > english_words and (begins_foreign or foreign_words >= _FOREIGN_SHARE * len(asked)):
        return Complaint(
            Reason.OTHER_LANGUAGE,
            "The question does not seem to be in English, the language this assistant reads; ask in English.",
        )
    return None


def absent_words(question: str, index: PassageIndex, documents: Collection[str] = ()) -> list[str]:
    """The content words of a question that no document, or none of those with these ids, holds.

    As they were typed, in order.
    """
    held = frozenset(term for passage in index.of_documents(documents) for term in terms(passage.embedded_text))

    def knows(term: str) -> bool:
        return term in held if documents else index.lexical.knows(term)

    typed = regex.findall(r"[\p{L}\p{M}\p{N}]+(?:[-'’.,][\p{L}\p{M}\p{N}]+)*", question)
    absent = [word for word in typed if terms(word) and not any(knows(term) for term in terms(word))]
    return list(dict.fromkeys(absent))
