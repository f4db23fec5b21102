"""A follow-up and the questions before it → one question that can be understood alone, without a language model.

Seven patterns of English follow-ups are resolved from the earlier question's own words; any other follow-up is asked
together with the question it leans on. A question that stands alone is left alone, so a change of topic stays one.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from assistant.language import subjects
from assistant.language.circumstances import WHEN, with_circumstance, without_circumstance
from assistant.language.courtesies import ASKING
from assistant.language.phrases import (
    BEFORE,
    DATE,
    PREPOSITION,
    capital,
    each_question,
    unmarked,
    with_addition,
    with_another_kind,
    with_new_date,
    with_new_phrase,
)
from assistant.language.pronouns import PRONOUN, first_pronoun
from assistant.language.subjects import AUXILIARY, BE, OWNING
from assistant.understanding import leaning
from assistant.understanding.leaning import ABOUT, ELLIPSIS, LEAD, MEANT, OTHER
from index.tokens import FUNCTION_WORDS, terms, words

_I = regex.IGNORECASE
_FRONTED = regex.compile(r"^([^,?]{2,40}),\s*(?=(?:what|who|when|where|why|how|which|did|does|is|was)\b)", _I)
_PLURAL = frozenset({"they", "them", "their", "theirs", "those", "these"})
_PERSONS = (frozenset({"he", "him", "his"}), frozenset({"she", "her", "hers"}))
_PERSONAL = frozenset().union(*_PERSONS)
# "Who is the mediator?": "he" is the mediator.
_OFFICE = regex.compile(
    r"who (?:is|was) (the (?:[\p{Ll}-]+ ){0,2}(?!(?:before|after|now|then|again)\b)[\p{Ll}-]+)[?.! ]*$", _I
)
# "Who attacked Iran?", "Who is moving to Leeds?", not "Who is Kosta?" or "Who did India blame?": asks for one unnamed.
_DOER = regex.compile(
    rf"who(?:se)? (?:{BE} (?!(?:the |an? )?(?-i:\p{{Lu}}))|(?!{AUXILIARY}\b)|does\b|did (?:the|an?)\b)",
    _I,
)
# "the workers", which is no "it"; not "the business", "the status" or "the analysis".
_MANY = regex.compile(r"(?<![isu])s$")
# "Where did she go then?" cannot be understood alone.
_THEN = regex.compile(r"\b(?:then|later|after(?:wards)?|before)\b", _I)
# "Which one carries grain?", "Which did she decline?"
_WHICH = regex.compile(
    rf"(?:which|what) (?:(?P<one>ones? )(?=\p{{L}})(?!{AUXILIARY} (?:they|those|these|it)\b)|"
    rf"(?={AUXILIARY} (?:he|she|they|it|we|you|i)\b))",
    _I,
)
_POSSESSIVE = frozenset({"its", "their", "theirs", "his", "hers"})
_ORDER = regex.compile(r"(?:name|list|show|tell|explain)\b", _I)
_ASKS = rf"\b{AUXILIARY}(?:n?['’]t)?\b"
# Not "How many are observers?" or "Who besides India?", which leave out what they ask about.
_WHOLE = regex.compile(
    rf"(?:{BEFORE} )?(?!(?:how (?:many|much)|which|whose) {_ASKS}(?! the\b))"
    rf"(?:{ASKING})(?:['’]s|\b.*?{_ASKS})|{_ASKS}|"
    rf"who (?!{BEFORE}\b|besides\b|except\b)\p{{L}}+ (?:the |an? |this |(?-i:\p{{Lu}}))|{_ORDER.pattern}.* the ",
    _I,
)
_IS = r"(?: is| are|['’]s)"
# "What is the allowance?", "What is multipolarity?", but not "What is required?" or "Who is eligible?".
_DEFINED = regex.compile(
    rf"(?:(?:what|who|how|when|where|which){_IS} (?:the|an?) |(?:what|who|where){_IS} (?-i:(?=\p{{Lu}}))|"
    rf"what{_IS} (?!\w+(?:ing|wn)\b|(?:new|next|wrong|different|left|true|possible)\b))"
    r"[\p{L}\p{N}-]+(?<!ed)[?.! ]*$|who wrote (?:the|this) (?:article|text|document)\b",
    _I,
)
_OF_TEXT = regex.compile(r"who (?:wrote|published) this[?.! ]*$", _I)
# Said of something asked before: "that statement", "instead", "What was the main reason?".
_BACK = regex.compile(
    r"\b(?:others?|another|else|more|same|such|instead|too|either|ones?|"
    r"(?:this|these|those)(?! (?:article|text|document))|that(?= (?-i:\p{Ll}))(?! (?:the|an?)\b)|"
    r"(?:(?:reason|result|outcome|purpose|cause|consequence|difference)s?|name|date|rest|first|last)(?=[?.! ]*$))\b",
    _I,
)


def standalone(question: str, history: Sequence[str]) -> str:
    """``question`` as it would be asked without the ``history`` (earlier questions, oldest first)."""
    asked = [earlier for earlier in history if terms(earlier)]
    if not asked or not leaning.leans(question):
        return question
    # Not in capitals: "color revolutions?" names no "Color".
    earlier = LEAD.sub("", standalone(asked[-1], asked[:-1]))
    about = ABOUT.match(question) or MEANT.match(question)
    body = question[about.end() :] if about else LEAD.sub("", question)
    if (omitting := ELLIPSIS.fullmatch(body)) and regex.match(AUXILIARY, earlier, _I):
        body = omitting["new"]
    if not words(body):
        # "What about?": of what, nobody said.
        return question
    corrects = about is not None and about.re is MEANT
    if corrects and (_whole(body) or _asks_of_something(body)):
        return capital(body)
    if not about and _whole(body):
        return capital(body)
    earlier = without_circumstance(earlier)
    circumstance = with_circumstance(earlier, body)
    if circumstance is not None:
        return capital(circumstance)
    # "And Iran?" asks the same of Iran, as "What about Iran?" does.
    bare = len(body.split()) <= 4 and not regex.search(rf"\b{AUXILIARY}\b", body, _I) and not _begins_asking(body)
    return capital(
        with_new_date(earlier, body)
        or (
            _with_new_subject(earlier, body, corrects) if (about or bare) and _names_a_subject(body, corrects) else None
        )
        or (with_new_phrase(earlier, f"about {body}") if about else None)
        or _fronted(body)
        or with_new_phrase(earlier, body)
        or _resolved(body, earlier)
        or (None if first_pronoun(body) else with_addition(earlier, body))
        or f"{unmarked(_told(earlier))}? {capital(body)}"
    )


def _told(earlier: str) -> str:
    """Of a question that was asked with others, each leaning on the one before: itself, and the last with a name."""
    *before, last = each_question(earlier)
    if before and subjects.names(last):
        return last
    if len(before) < 2:
        return earlier
    return f"{next((each for each in reversed(before) if subjects.names(each)), before[0])} {last}"


def leans(question: str, history: Sequence[str]) -> bool:
    """Whether ``question`` can only be understood with what was asked before, and something was."""
    return any(terms(earlier) for earlier in history) and leaning.leans(question)


def points(question: str) -> bool:
    """Whether a pronoun in ``question`` may mean what answered the question before: see ``candidates``."""
    return first_pronoun(LEAD.sub("", question)) is not None


def candidates(question: str, history: Sequence[str], answered: str | None = None) -> list[str]:
    """Ways to understand a follow-up, the likeliest first; ``question`` alone when it leans on nothing.

    ``answered`` is the name that answered the last question, which a pronoun may mean as well as the name it asked
    about: "Which country was attacked?", "Is it a member?".
    """
    first = standalone(question, history)
    if not leans(question, history):
        return [question]
    body = LEAD.sub("", question)
    pronoun = first_pronoun(body)
    # "Since when?" may be answered by "Monday", which no pronoun means.
    if not answered or pronoun is None or DATE.fullmatch(answered):
        return [first]
    meant = _substituted(body, pronoun, answered)
    # Asked together with the question before, only because that names nothing the pronoun could mean.
    unresolved = first.endswith(capital(body))
    return list(dict.fromkeys([meant, first] if unresolved else [first, meant]))


def _begins_asking(body: str) -> bool:
    if regex.match(rf"(?:{WHEN})\b", body, _I):
        return True
    return body.split()[0].strip("?!.,").lower() in FUNCTION_WORDS - {"the", "a", "an", "its", "their", "his", "her"}


def _names_a_subject(body: str, corrects: bool) -> bool:
    """Not "in 2022", "2022", "Name them", "them" or "the second one", nor, behind "I meant", "when did it join"."""
    if corrects and _begins_asking(body):
        return False
    if PREPOSITION.match(body) or _ORDER.match(body) or DATE.fullmatch(unmarked(body)) or OTHER.search(body):
        return False
    return not any(pronoun.end() == len(unmarked(body)) for pronoun in PRONOUN.finditer(body))


def _whole(body: str) -> bool:
    """Whether a question asks by itself, for all that it begins with "And": "How many members does the SCO have?"."""
    if _OF_TEXT.match(body):
        return True
    if first_pronoun(body) or _BACK.search(body):
        return False
    if _DEFINED.match(body):
        return True
    # "And what did Iran say?", but not "And when did Iran?", which leaves out what was done.
    named = subjects.names(body) if _begins_asking(body) and not regex.match(_ASKS, body, _I) else []
    asks = len(terms(body)) > 1 or (named and not unmarked(body).endswith(named[-1]))
    return bool(asks and _WHOLE.match(body))


def _asks_of_something(body: str) -> bool:
    """Whether it asks, in whatever order, without a pronoun: "how many weeks the fund lasts"."""
    return _begins_asking(body) and not PREPOSITION.match(body) and not first_pronoun(body) and len(terms(body)) > 1


def _with_new_subject(earlier: str, new: str, corrects: bool) -> str | None:
    """The earlier question asked of something else: "When did India join?" + "Iran" → "When did Iran join?".

    ``corrects``: whether it is said to have been meant, so that it is no more than the thing in another's place.
    """
    if kind := with_another_kind(earlier, new):
        return kind
    subject, new = subjects.named(earlier, plural=False), unmarked(new)
    if new[:4].lower() == "the " and (subject is None or new[4:5].islower()):
        # "And the deposit?" asks what was asked of the rent; "And the population?" behind "the capital of France" too.
        subject, new = subjects.told(earlier) or subject, f"the {new[4:]}"
        if corrects:
            subject = subject or subjects.subject(earlier)
    if not new or subject is None:
        return None
    found = regex.search(rf"{regex.escape(subject)}(?P<owning>['’]s\b|(?<=s)['’])?", earlier)
    if found is None:
        return f"{unmarked(earlier)}: {new}?"
    if found["owning"]:
        new = OWNING.sub("", new)
        new += found["owning"][0] + ("" if new.endswith("s") else "s")
    if earlier[: found.start()].endswith(("“", '"', "«")):
        new = new.strip('“”"«»')
    return f"{earlier[: found.start()]}{new}{earlier[found.end() :]}"


def _fronted(body: str) -> str | None:
    """ "Iran, when did it come in?" → "When did Iran come in?"."""
    front = _FRONTED.match(body)
    if front is None:
        return None
    rest = body[front.end() :]
    pronoun = first_pronoun(rest)
    return _substituted(rest, pronoun, front.group(1)) if pronoun else None


def _resolved(body: str, earlier: str) -> str | None:
    """The follow-up with its first pronoun replaced by what the earlier question is about.

    As it is where it speaks of nobody but whom the earlier question speaks of without a name: "When did she die?".
    """
    if chosen := _chosen(body, earlier):
        return chosen
    pronoun = first_pronoun(body)
    # Where somebody was, or will be, the name that was asked about seldom says.
    if pronoun is None or pronoun.group().lower() == "there":
        return None
    word = pronoun.group().lower()
    more = first_pronoun(body[pronoun.end() :])
    if word in _PERSONAL:
        if (office := _OFFICE.match(earlier)) and more is None:
            return _substituted(body, pronoun, office.group(1))
        alone = _WHOLE.match(body) and not (
            _BACK.search(body) or _THEN.search(body) or more or "?" in unmarked(earlier)
        )
        if alone and terms(body) and not subjects.names(earlier) and _same_person(word, earlier):
            return capital(body)
    subject = subjects.named(earlier, plural=word in _PLURAL)
    if word in _PERSONAL and subject == subjects.things(earlier) and (subject or "").endswith("s"):
        return None
    if word in _PERSONAL | _PLURAL and _DOER.match(earlier):
        # "Who is moving to Leeds?": she is whoever does, and not Leeds.
        return None
    if word not in _PLURAL and subjects.are_two(subject):
        subject = None
    other = more.group().lower() if more else ""
    if word not in _PERSONAL and other in _PERSONAL and not _same_person(other, earlier):
        # "Who gave it to her?": the name is hers.
        return None
    # Of two pronouns, "How much of it did they pay?", a thing stands for one: the other needs the question before.
    if subject is None and word not in _PERSONAL and more is None:
        subject = subjects.subject(earlier, plural=word in _PLURAL)
        if word not in _PLURAL and subject is not None and _MANY.search(subject):
            return None
    return _substituted(body, pronoun, subject) if subject else None


def _chosen(body: str, earlier: str) -> str | None:
    """ "How many ships are waiting?" + "Which one carries grain?" → "Which of the ships carries grain?"."""
    things, asks = subjects.things(earlier), _WHICH.match(body)
    if asks is None or things is None or not things.endswith("s"):
        return None
    rest = body[asks.end() :]
    return f"Which {f'of {things}' if asks['one'] else things.removeprefix('the ')} {rest}"


def _same_person(word: str, earlier: str) -> bool:
    before = {match.group().lower() for match in PRONOUN.finditer(earlier)}
    return any(word in group and group & before for group in _PERSONS)


def _substituted(text: str, pronoun: regex.Match[str], subject: str) -> str:
    word = pronoun.group().lower()
    if word == "there":
        return capital(f"{text[: pronoun.start()]}in {subject}{text[pronoun.end() :]}")
    owns = word in _POSSESSIVE or (word == "her" and regex.match(r"\s\p{L}", text, pos=pronoun.end()) is not None)
    return capital(f"{text[: pronoun.start()]}{subject}{'’s' if owns else ''}{text[pronoun.end() :]}")
