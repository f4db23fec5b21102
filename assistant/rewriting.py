"""A follow-up and the questions before it → one question that can be understood alone, without a language model.

Five patterns of English follow-ups are resolved from the earlier question's own words; any other follow-up is asked
together with the question it leans on. A question that stands alone is left alone, so a change of topic stays one.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from index.tokens import FUNCTION_WORDS, terms, words

_I = regex.IGNORECASE
_LEAD = regex.compile(r"^(?:and|but|so|ok|okay|then|well|also)\b[\s,]*(?=\S)", _I)
_ABOUT = regex.compile(r"^(?:(?:and|but|so|ok|okay|well)\b[\s,]*)?(?:what|how) about\b\s*", _I)
_FRONTED = regex.compile(r"^([^,?]{2,40}),\s*(?=(?:what|who|when|where|why|how|which|did|does|is|was)\b)", _I)
_PREPOSITION = regex.compile(r"^(of|in|on|by|from|with|for|to|at|under|against|about|since|until|between)\b\s*", _I)
_AUXILIARY = r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|must|may|might)"
_WHEN = r"(?:(?:since|until|from|by) )?(?:when|where)|why|how(?: long| often| exactly)?"
# "Since when?", "Why?": asks for another circumstance of what was asked about.
_CIRCUMSTANCE = regex.compile(rf"^({_WHEN})(?: (?:exactly|precisely))?[?.! ]*$", _I)
# "Is India a member?", "Where did it meet?": a circumstance can stand before the auxiliary.
_STATED = regex.compile(rf"^(?:(?:{_WHEN})\s+)?(?={_AUXILIARY}\b)", _I)
_PRONOUN = regex.compile(r"\b(it|its|they|them|their|theirs|he|him|his|she|her|hers|those|these|this|that|there)\b", _I)
_PLURAL = frozenset({"they", "them", "their", "theirs", "those", "these"})
_POSSESSIVE = frozenset({"its", "their", "theirs", "his", "hers"})
# These point back only when no noun follows: not in "that statement" or "there are".
_POINTING = regex.compile(
    r"(?:those|these|this|that|there)\b(?=\s*(?:[?.!,]|$|mean|happen|change|work|matter|refused))", _I
)
# "was it the Americans' turn", "is it true": nothing earlier is meant.
_EMPTY_IT = regex.compile(r"\b(?:is|was) it (?:true|the|a|that|possible|clear)\b", _I)
_OTHER = regex.compile(r"\b(?:other|second|first|last|latter|former|same|next) (?:one|ones|two)\b|\bwhich ones?\b", _I)
_NAME = regex.compile(r"\b(?:the )?\p{Lu}[\p{L}\p{N}’'-]*(?:\s(?:of the |of |and |for )?\p{Lu}[\p{L}\p{N}’'-]*)*")
# "Iranian", "American", "Korean", "German", but not "Iran", "Japan" or "Pakistan".
_ADJECTIVE = regex.compile(r"(?:[iec]an|(?:Ger|Ro|Nor)man|ese|ish|ern|ic)$")
_NOUNS = regex.compile(
    rf"\b(?:how many|which|what|whose)\s+((?:[\p{{L}}-]+\s+){{0,2}}?[\p{{L}}-]+)\s+(?={_AUXILIARY}\b)", _I
)
_ASKING = FUNCTION_WORDS | frozenset("name list give show through over under between among since during".split())
_DATES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)


def standalone(question: str, history: Sequence[str]) -> str:
    """``question`` as it would be asked without the ``history`` (earlier questions, oldest first)."""
    asked = [earlier for earlier in history if terms(earlier)]
    if not asked or not _leans(question):
        return question
    earlier = standalone(asked[-1], asked[:-1])
    about = _ABOUT.match(question)
    body = question[about.end() :] if about else _LEAD.sub("", question)
    if not words(body):
        # "What about?": of what, nobody said.
        return question
    # "And Iran?" asks the same of Iran, as "What about Iran?" does.
    circumstance = _with_circumstance(earlier, body)
    if circumstance is not None:
        return circumstance
    bare = len(body.split()) <= 4 and not regex.search(rf"\b{_AUXILIARY}\b", body, _I) and not _begins_asking(body)
    return (
        (_with_new_subject(earlier, body) if about or bare else None)
        or _fronted(body)
        or _with_new_phrase(earlier, body)
        or _resolved(body, earlier)
        or f"{_unmarked(earlier)}? {body[0].upper()}{body[1:]}"
    )


def leans(question: str, history: Sequence[str]) -> bool:
    """Whether ``question`` can only be understood with what was asked before, and something was."""
    return any(terms(earlier) for earlier in history) and _leans(question)


def points(question: str) -> bool:
    """Whether a pronoun in ``question`` may mean what answered the question before: see ``candidates``."""
    return _first_pronoun(_LEAD.sub("", question)) is not None


def candidates(question: str, history: Sequence[str], answered: str | None = None) -> list[str]:
    """Ways to understand a follow-up, the likeliest first; ``question`` alone when it leans on nothing.

    ``answered`` is the name that answered the last question, which a pronoun may mean as well as the name it asked
    about: "Which country was attacked?", "Is it a member?".
    """
    first = standalone(question, history)
    if not leans(question, history):
        return [question]
    body = _LEAD.sub("", question)
    pronoun = _first_pronoun(body)
    if not answered or pronoun is None:
        return [first]
    meant = _substituted(body, pronoun, answered)
    # Asked together with the question before, only because that names nothing the pronoun could mean.
    unresolved = first.endswith(f"{body[0].upper()}{body[1:]}")
    return list(dict.fromkeys([meant, first] if unresolved else [first, meant]))


def _begins_asking(body: str) -> bool:
    if regex.match(rf"(?:{_WHEN})\b", body, _I):
        return True
    return body.split()[0].strip("?!.,").lower() in FUNCTION_WORDS - {"the", "a", "an", "its", "their", "his", "her"}


def _leans(question: str) -> bool:
    """Whether a question can only be understood with what was asked before."""
    if _LEAD.match(question) or _ABOUT.match(question):
        return True
    named = names(question)
    pronoun = _first_pronoun(question)
    if pronoun is not None:
        # "Why did India say it did not take part?" says itself what "it" is.
        return not any(0 <= question.find(name) < pronoun.start() for name in named)
    if _OTHER.search(question):
        return True
    return not named and len(terms(question)) <= 1 and len(question.split()) <= 4


def _first_pronoun(question: str) -> regex.Match[str] | None:
    for match in _PRONOUN.finditer(question):
        word = match.group().lower()
        if word in {"those", "these", "this", "that", "there"} and not _POINTING.match(question, match.start()):
            continue
        if word == "it" and _EMPTY_IT.search(question):
            continue
        return match
    return None


def names(question: str) -> list[str]:
    """Names in a question, in order: capitalised words, less the word it begins with and dates."""
    found: list[str] = []
    for match in _NAME.finditer(question):
        words = match.group().split()
        while words and words[0].lower() in _ASKING and match.start() == 0:
            words = words[1:]
        name = " ".join(words)
        if not name or not terms(name) or words[-1].lower() in _DATES:
            continue
        if _ADJECTIVE.search(name):
            noun = regex.match(r"\s([\p{Ll}-]+)", question, pos=match.end())
            name += f" {noun.group(1)}" if noun and noun.group(1) not in _ASKING else ""
        found.append(name)
    return found


def _subject(question: str, plural: bool) -> str | None:
    """What a later pronoun most likely means: the things counted or chosen from, or the first name."""
    nouns = _NOUNS.search(question)
    things = f"the {nouns.group(1)}" if nouns else None
    named = names(question)
    if plural and things:
        return things
    return named[0] if named else things


def _with_new_subject(earlier: str, new: str) -> str | None:
    """The earlier question asked of something else: "When did India join?" + "Iran" → "When did Iran join?"."""
    subject, new = _subject(earlier, plural=False), _unmarked(new)
    if not new or subject is None:
        return None
    return earlier.replace(subject, new, 1) if subject in earlier else f"{_unmarked(earlier)}: {new}?"


def _with_circumstance(earlier: str, body: str) -> str | None:
    """ "Is India a member?" + "Since when?" → "Since when is India a member?"."""
    asked, stated = _CIRCUMSTANCE.match(body), _STATED.match(earlier)
    if asked is None or stated is None:
        return None
    rest = earlier[stated.end() :]
    return f"{asked.group(1).capitalize()} {rest[0].lower()}{rest[1:]}"


def _fronted(body: str) -> str | None:
    """ "Iran, when did it come in?" → "When did Iran come in?"."""
    front = _FRONTED.match(body)
    if front is None:
        return None
    rest = body[front.end() :]
    pronoun = _first_pronoun(rest)
    return _substituted(rest, pronoun, front.group(1)) if pronoun else None


def _with_new_phrase(earlier: str, body: str) -> str | None:
    """ "What share of GDP do they hold?" + "of the population" → "What share of the population do they hold?"."""
    preposition = _PREPOSITION.match(body)
    if preposition is None or len(body.split()) > 6:
        return None
    phrase = regex.compile(rf"\b{preposition.group(1)}\b\s+.+?(?=\s+{_AUXILIARY}\b|[?.!]*$)", _I)
    return phrase.sub(lambda _: _unmarked(body), earlier, count=1) if phrase.search(earlier) else None


def _resolved(body: str, earlier: str) -> str | None:
    """The follow-up with its first pronoun replaced by what the earlier question is about."""
    pronoun = _first_pronoun(body)
    if pronoun is None:
        return None
    subject = _subject(earlier, plural=pronoun.group().lower() in _PLURAL)
    return _substituted(body, pronoun, subject) if subject else None


def _substituted(text: str, pronoun: regex.Match[str], subject: str) -> str:
    word = pronoun.group().lower()
    owns = word in _POSSESSIVE or (word == "her" and regex.match(r"\s\p{L}", text, pos=pronoun.end()) is not None)
    text = f"{text[: pronoun.start()]}{subject}{'’s' if owns else ''}{text[pronoun.end() :]}"
    return text[0].upper() + text[1:]


def _unmarked(question: str) -> str:
    return question.rstrip("?!. ")
