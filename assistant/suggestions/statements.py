"""Statements, as far as a question made of one needs them: what its subject is, and what form its verb has."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping

import regex

from assistant.language.verbs import base_of_past, base_of_present, is_participle
from index.tokens import FUNCTION_WORDS

WORD = r"(?:\p{Lu}[\p{L}\p{N}’'.&-]*)"
NAME = rf"(?:{WORD}(?:\s(?:(?:of|for|and|on|of the|for the|and the)\s)?{WORD})*)"

_BOUNDARY = regex.compile(
    r"(?:[,;:–—]|\b(?:that|because|but|while|whereas|although|though|as|when|since|if|so|before|after|until))\s+[“\"‘]?"
)
_ASIDE = regex.compile(r"^(.*?),\s([^,]+),$")
_LIST = regex.compile(rf"{WORD},$")
BANNED = frozenset(
    "it they he she him them we us our i my me your this these those here there such above below following "
    "various certain several former latter same other another one ones his her hers theirs who’s".split()
)
_SUBJECT_BANNED = (FUNCTION_WORDS | BANNED) - {"of", "and", "for", "the", "in", "on", "to", "by"}

_CODE = regex.compile(r"[`{}<>=|\\_#*@$^~\[\]]|::|//|\bhttps?\b|\.\.\.|\(\)|--")
_MOST_SENTENCE_WORDS = 60
_ENGLISH_SHARE = 0.15
_VERBLIKE = frozenset(
    "is are was were be been being has have had does do did will would can could may might must shall should cannot "
    "says said remains became".split()
)


def is_verb(token: str, known: Container[str]) -> bool:
    """Whether a lower-case word of a would-be subject is surely a verb."""
    return token in _VERBLIKE or (token.endswith("ed") and base_of_past(token, known) is not None)


def is_object(rest: str) -> bool:
    """Whether the words between a verb and its date are one plain object, or nothing."""
    words = rest.split()
    return not words or (
        (words[0] in ("the", "to", "its", "their", "a", "an") or words[0][0].isupper())
        and words[-1].lower() not in FUNCTION_WORDS | {"later", "early", "late", "again", "back"}
        and not {"that", "which", "who", "when", "while", "because", "where", "and", "or"} & set(words)
    )


def is_plain(rest: str) -> bool:
    words = rest.split()
    return (
        0 < len(words) <= 9
        and not regex.search(r"[,;:“”()–—]|\b(?:that|which|who|whose)\b", rest)
        and not regex.search(r"\b(?:and|or|but)\s(?:was|were|is|are|has|have|had|did|will|can|\p{Ll}+ed)\b", rest)
        and not words[-1].endswith("ly")
    )


def is_prose(sentence: str) -> bool:
    words = sentence.split()
    if not 4 <= len(words) <= _MOST_SENTENCE_WORDS or (not sentence[0].isupper() and sentence[0] not in '“"'):
        return False
    if not regex.search(r"[.!?]”?$", sentence) or _CODE.search(sentence):
        return False
    return sum(word.strip(",.").lower() in FUNCTION_WORDS for word in words) >= _ENGLISH_SHARE * len(words)


def _clause_at(text: str) -> int:
    """Where the last clause of ``text`` begins."""
    return max((boundary.end() for boundary in _BOUNDARY.finditer(text)), default=0)


class Statements:
    """``words`` are the lower-case words of English; ``names`` those of the documents, ``acronyms`` what they are short
    for."""

    def __init__(self, words: Container[str], names: Collection[str], acronyms: Mapping[str, str]) -> None:
        self._words = words
        self._names = names
        self.acronyms = acronyms

    def subject(self, text: str) -> str | None:
        """``text`` as the subject of a question: a name, or "the" and a few words; None when it is not surely one."""
        bare = regex.sub(r"\s\(\p{Lu}[\p{L}\p{N}]*\)", "", text).strip()
        bare = regex.sub(r"^(?:Today|Now|Then|Still|Also|However|In fact),?\s", "", bare)
        tokens = bare.split()
        definite = bool(tokens) and tokens[0] in ("The", "the")
        rest = tokens[1:] if definite else tokens
        if not rest or len(rest) > 7 or any(not regex.fullmatch(r"[\p{L}\p{N}’'.&-]+", token) for token in rest):
            return None
        if any(token.lower() in _SUBJECT_BANNED for token in rest) or rest[-1].lower() in FUNCTION_WORDS:
            return None
        if rest[0].lower() in FUNCTION_WORDS or rest[-1][0].isdigit() or rest[-1].endswith("."):
            return None
        if "and" in rest and not all(token[0].isupper() for token in rest if token not in ("and", "of", "the", "for")):
            return None
        named = [token for place, token in enumerate(rest) if self._is_name(token, first=place == 0 and not definite)]
        if not named and not definite:
            return None
        content = [token for token in rest if token.lower() not in FUNCTION_WORDS]
        if not named and len(content) < 2:
            return None
        if not definite and not self._is_name(rest[0], first=True):
            return None
        if any(is_verb(token, self._words) for token in rest if token[0].islower()):
            return None
        return " ".join([*(["the"] if definite else []), *rest])

    def before(self, sentence: str, verb_at: int) -> str | None:
        """The subject of the verb at ``verb_at``, or None."""
        head = regex.sub(
            r"(?:\s(?:also|now|today|still|already|then|never|often|\p{Ll}+ly))+$", "", sentence[:verb_at].rstrip()
        )
        aside = _ASIDE.match(head)
        if head.endswith(","):
            if aside is None:
                return None
            main, said = aside.group(1), aside.group(2)
            if regex.match(r"(?:which|who|led|founded|based|known|established|created|built)\b", said):
                head = main
            elif regex.fullmatch(rf"(?:the\s)?{NAME}(?:\s\(\p{{Lu}}+\))?", said) and main.split()[:1] == ["The"]:
                head = said
            else:
                return None
        start = _clause_at(head)
        if _LIST.search(head[:start].rstrip()) and " and " in head[start:]:
            return None
        return self.subject(head[start:].lstrip('“"‘'))

    def opening(self, sentence: str) -> str | None:
        """The subject with which a sentence opens: what stands before its first comma or its first sure verb."""
        flat = " ".join(sentence.split())
        match = regex.match(r"(.+?)(?:,\swhich\b|\s(?:is|are|was|were|has|have|had|will|must|can)\b)", flat)
        return self.subject(match.group(1)) if match else None

    def relative(self, sentence: str, verb_at: int) -> str | None:
        """The subject of a verb right after ", which" or ", who"."""
        head = regex.match(r"^(.*),\s(?:which|who)$", sentence[:verb_at].rstrip())
        if head is None:
            return None
        said = head.group(1)
        start = _clause_at(said)
        if _LIST.search(said[:start].rstrip()):
            return None
        return self.subject(said[start:])

    def base_of_past(self, verb: str) -> str | None:
        return base_of_past(verb, self._words)

    def base_of_present(self, verb: str) -> str | None:
        return base_of_present(verb, self._words)

    def participle(self, verb: str) -> bool:
        return is_participle(verb, self._words)

    def _is_name(self, token: str, *, first: bool) -> bool:
        """Whether a word is capitalised for itself and not for beginning the sentence."""
        if not token[0].isupper():
            return False
        return not first or token in self._names or (len(token) > 1 and token.isupper())
