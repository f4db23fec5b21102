"""Questions that a sentence answers, made from its own words by rules. Better few and natural than many and clumsy.

A rule asks for one part of a statement (the date, the number, the name, the thing) and keeps the rest. It applies only
where the subject can be told for sure; whatever is doubtful gives no question.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass

import regex

from assistant.language.verbs import present_of
from assistant.suggestions.statements import BANNED, NAME, Statements, is_object, is_plain, is_prose
from index.tokens import FUNCTION_WORDS

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept?|Oct|Nov|Dec)\.?"
)
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_DATE = (
    rf"(?:between {_YEAR} and {_YEAR}|from {_YEAR} to {_YEAR}|in (?:early |late |mid-)?(?:{_MONTH} )?{_YEAR}|"
    rf"on (?:\d{{1,2}} {_MONTH}(?: {_YEAR})?|{_MONTH} \d{{1,2}}(?:, {_YEAR})?))"
)
# What may follow a date for the clause to end with it.
_END = r"(?=[.,;:–—)”]|\s+(?:as|by|with|after|when|while|and|but|at|from|to|for|following|under|because)\b)"
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|twenty|thirty|forty|fifty)"
)
_ABOUT = r"(?:(?:about|some|around|roughly|nearly|almost|more than|over|up to|at least|only|just|now)\s)*"
_ADVERB = r"(?:(?:also|now|today|still|already|currently|officially|formally|originally|first|later|recently)\s)?"
_SURNAME = r"(?:(?:O’|Mc|Mac|van |de |von )?\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?)"
_TITLE = r"(?:(?:Dr\.|Prof\.|Professor|President|Mayor|Sir)\s)"
_PERSON = rf"{_TITLE}?\p{{Lu}}\p{{Ll}}+(?:\s\p{{Lu}}\.)?(?:\s{_SURNAME})+"
_THING = r"(?:a|an|the|its|their|all|both|several|no|any)\s"

_PERSONS = (
    "mayor minister president author writer poet painter scientist mycologist biologist physicist chemist engineer "
    "professor director chairman chairwoman teacher historian philosopher politician actor actress singer composer "
    "lawyer journalist economist researcher developer maintainer programmer mathematician architect geologist "
    "councillor senator novelist analyst expert fellow"
)
_PERSON_NOUN = regex.compile(rf"\b(?:{'|'.join(_PERSONS.split())})\b")

_HOLDS = (
    "includes include included has have had counts count comprises comprise contains contain employs employ employed "
    "owns own owned"
)
_GIVES = (
    "provides offers supports requires contains produces describes implements generates combines connects protects "
    "replaces represents"
)
_GAVE = "offered provided adopted proposed promised demanded suspected rejected introduced suggested planned"
_SAYS = (
    "clarified argued argues stated states warned warns announced announces claimed claims concluded concludes "
    "believes believed suggested suggests confirmed denied promised insisted insists admitted recommends recommended "
    "predicts predicted"
)
_MADE = "founded invented discovered wrote designed created built composed painted developed planted established"
_LED = "led founded chaired headed written developed created maintained designed published edited composed directed"
_STATES = "grow exist live remain work apply belong operate stand serve meet sit take make form"
_SIZES = {
    "long": "long",
    "wide": "wide",
    "high": "high",
    "deep": "deep",
    "tall": "tall",
    "thick": "thick",
    "old": "old",
}

_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Mined:
    """A question and the rule that made it, which is its ``kind``."""

    question: str
    kind: str


class Miner:
    """Makes questions of sentences. ``words`` are the lower-case words of English; ``names`` those of the documents."""

    def __init__(self, words: Container[str], names: Collection[str], acronyms: Mapping[str, str]) -> None:
        self._statements = Statements(words, names, acronyms)

    def mine(self, sentence: str, before: str | None = None) -> list[Mined]:
        """The questions that ``sentence`` answers, each once; ``before`` is the sentence before it, if there is one."""
        flat = " ".join(sentence.split())
        if not is_prose(flat):
            return []
        found: dict[str, Mined] = {}
        for rule in (_when, _how_many, _who, _why, _which, _what, _said, _means, _size):
            for kind, question in rule(self._statements, flat, before):
                if _is_natural(question):
                    found.setdefault(question, Mined(question, kind))
        return list(found.values())


_Found = Iterator[tuple[str, str]]


def _when(statements: Statements, sentence: str, before: str | None) -> _Found:
    passive = regex.compile(rf"\b(was|were)\s{_ADVERB}(\p{{Ll}}+)\s{_DATE}{_END}")
    for match in passive.finditer(sentence):
        verb = match.group(2)
        if not statements.participle(verb):
            continue
        head = sentence[: match.start()].rstrip()
        since = regex.search(r"\bsince\s(?:it|they)$", head)
        subject = statements.opening(sentence) if since else statements.before(sentence, match.start())
        if subject:
            yield "when", f"When {match.group(1)} {subject} {verb}?"
    active = regex.compile(rf"\b(\p{{Ll}}{{3,}})\s((?:(?!{_YEAR})[\p{{L}}’'-]+\s){{0,6}}?){_DATE}{_END}")
    for match in active.finditer(sentence, overlapped=True):
        base = statements.base_of_past(match.group(1))
        rest = match.group(2).strip()
        if base is None or base in ("have", "say") or not is_object(rest):
            continue
        subject = statements.relative(sentence, match.start()) or statements.before(sentence, match.start())
        if subject:
            yield "when", f"When did {subject} {base}{f' {rest}' if rest else ''}?"


def _how_many(statements: Statements, sentence: str, before: str | None) -> _Found:
    holds = regex.compile(
        rf"\b({'|'.join(_HOLDS.split())})\s{_ABOUT}{_NUMBER}\s"
        r"((?:\p{L}[\p{L}-]*\s){0,2}?(?:\p{L}[\p{L}-]*(?<!s)s|people|women|men|children))"
        r"(?=[.,;:–—]|\s(?:from|with|among|in|and|along|who|which|that|to|for|on|by|at|across)\b)"
    )
    for match in holds.finditer(sentence):
        subject = statements.before(sentence, match.start())
        things = match.group(2)
        if subject is None or not all(word.islower() for word in things.split()):
            continue
        if regex.search(
            r"\b(?:percent|metres|meters|kilometres|miles|years|days|hours|months|weeks|minutes)\b", things
        ):
            continue
        yield "how many", f"How many {things} {_asking(statements, match.group(1), subject)}?"


def _who(statements: Statements, sentence: str, before: str | None) -> _Found:
    led = regex.compile(rf"^((?:The\s)?[^,]+),\s({'|'.join(_LED.split())})\sby\s(?:\p{{Ll}}+\s)?{_PERSON}(?=[,.])")
    for match in led.finditer(sentence):
        subject = (
            statements.subject(match.group(1)) if match.group(1).split()[0] != "The" else _definite(match.group(1))
        )
        if subject and match.group(2) != "written":
            yield "who", f"Who {match.group(2)} {subject}?"
    passive = regex.compile(rf"\b(was|were|is|are)\s{_ADVERB}({'|'.join(_LED.split())})\sby\s(?:the\s)?{NAME}")
    for match in passive.finditer(sentence):
        subject = statements.before(sentence, match.start())
        verb = {"written": "wrote"}.get(match.group(2), match.group(2))
        base = statements.base_of_past(verb)
        if subject and base:
            yield "who", f"Who {present_of(base) if match.group(1) in ('is', 'are') else verb} {subject}?"
    active = regex.compile(rf"^({_PERSON})\s({'|'.join(_MADE.split())})\s(the\s[^,.;:“”()]+?)(?:\s{_DATE})?[.,;]")
    for match in active.finditer(sentence):
        made = statements.subject(match.group(3))
        if made:
            yield "who", f"Who {match.group(2)} {made}?"
    known = regex.compile(rf"({_PERSON}),\s(?:a|an|the)\s([^,.]+)")
    for match in known.finditer(sentence):
        if _PERSON_NOUN.search(" ".join(match.group(2).split()[:3])):
            yield "who", f"Who is {match.group(1)}?"


def _why(statements: Statements, sentence: str, before: str | None) -> _Found:
    cause = regex.search(r",?\s(?:because|due to)\s", sentence)
    if cause is None:
        return
    told = regex.sub(
        r"\s(?:simply|only|just|mainly|mostly|partly|largely|probably|perhaps|possibly)$", "", sentence[: cause.start()]
    )
    if regex.search(r"\b(?:that|if|whether|not because|unless)\b|\bnot$", told):
        return
    inverted = regex.compile(r"\b(is|are|was|were|has|have|had|can|must|will)\s(?!been\b|being\b|to\b)")
    for match in inverted.finditer(told):
        subject, rest = statements.before(told, match.start()), told[match.end() :]
        if subject and is_plain(rest):
            yield "why", f"Why {match.group(1)} {subject} {rest}?"
            return
    for match in regex.finditer(r"\b\p{Ll}{3,}\b", told):
        rest = told[match.end() :].strip()
        past = statements.base_of_past(match.group())
        present = statements.base_of_present(match.group()) if match.group() in _PRESENT else None
        subject = statements.before(told, match.start()) if past or present else None
        if subject and is_plain(rest):
            yield "why", f"Why {'did' if past else 'does'} {subject} {past or present} {rest}?"
            return


_PRESENT = frozenset(_GIVES.split()) | frozenset(
    "faces fails needs uses works lacks takes makes depends refuses".split()
)


def _which(statements: Statements, sentence: str, before: str | None) -> _Found:
    head, colon, listed = sentence.partition(": ")
    if not colon or not regex.search(r",\s|\sand\s", listed) or "," in head:
        return
    number = r"(?:two|three|four|five|six|seven|eight|nine|ten)"
    states = regex.fullmatch(rf"({number.replace('t', '[Tt]', 1)}|\p{{Lu}}\p{{Ll}}+)\s(.+)", head)
    if states and regex.fullmatch(number, states.group(1).lower()):
        words = states.group(2).split()
        verbs = [place for place, word in enumerate(words) if word in _STATES.split()]
        if verbs and 0 < verbs[0] <= 4 and 3 <= len(words) <= 12 and words[-1] not in FUNCTION_WORDS:
            yield "which", f"Which {states.group(1).lower()} {states.group(2)}?"
    chose = regex.search(rf"\b(\p{{Ll}}{{3,}})\s((?:down|up|out|off|over)\s)?({number}\s[^,“”()]+)$", head)
    if chose:
        base, subject = statements.base_of_past(chose.group(1)), statements.before(head, chose.start())
        if base and subject:
            particle = f" {chose.group(2).strip()}" if chose.group(2) else ""
            yield "which", f"Which {chose.group(3)} did {subject} {base}{particle}?"


def _what(statements: Statements, sentence: str, before: str | None) -> _Found:
    for match in regex.finditer(rf"\bmust\s(?!be\b|not\b|have\b)(\p{{Ll}}+)\s{_THING}", sentence):
        subject = statements.before(sentence, match.start())
        if subject:
            yield "must", f"What must {subject} {match.group(1)}?"
    for match in regex.finditer(rf"\b(is|are|was|were)\s{_ADVERB}(a member of|members of|part of|home to)\s", sentence):
        subject = statements.before(sentence, match.start())
        if subject:
            yield "is of", f"What {match.group(1)} {subject} {match.group(2)}?"
    for match in regex.finditer(rf"\b({'|'.join(_GIVES.split())})\s(?:{_THING}|\p{{Ll}}+\s)", sentence):
        subject, base = statements.before(sentence, match.start()), statements.base_of_present(match.group(1))
        if subject and base:
            yield "gives", f"What does {subject} {base}?"
    for match in regex.finditer(rf"\b({'|'.join(_GAVE.split())})\s(?:a|an|its|their|the)\s", sentence):
        subject, base = _both(statements, sentence, match.start()), statements.base_of_past(match.group(1))
        if subject and base:
            yield "gave", f"What did {subject} {base}?"
    for match in regex.finditer(
        r"\b(refused|agreed|promised|offered|planned|decided)\sto\s(?!be\b)(\p{Ll}+)\s(?=\p{L})", sentence
    ):
        subject, base = statements.before(sentence, match.start()), statements.base_of_past(match.group(1))
        if subject and base and regex.match(_THING, sentence[match.end() :]):
            yield "gave", f"What did {subject} {base} to {match.group(2)}?"
    for match in regex.finditer(r"\b(is|are)\s(\p{Ll}{3,}ing)\s(?:an?|the|its|their)\s", sentence):
        subject = statements.before(sentence, match.start())
        if subject and match.group(2) not in ("using", "having", "being", "becoming", "getting", "making", "doing"):
            yield "doing", f"What {match.group(1)} {subject} {match.group(2)}?"
    for match in regex.finditer(r"\b(is|are)\s(?:mainly |mostly |typically |commonly )?used\s(?:to|for)\s", sentence):
        subject = statements.before(sentence, match.start())
        if subject:
            yield "used", f"What {match.group(1)} {subject} used for?"
    for match in regex.finditer(r"\ballows\s(you|users|developers|programs|applications)\sto\s", sentence):
        subject = statements.before(sentence, match.start())
        if subject:
            yield "used", f"What does {subject} allow {match.group(1)} to do?"
    defined = regex.match(rf"({NAME})(?:\s\([^)]*\))?\sis\s(?:an?|the)\s(?!\p{{Lu}})(\p{{L}}[^.;]+)", sentence)
    if defined:
        subject = statements.subject(defined.group(1))
        if subject and " and " not in subject and not regex.match(r"member|part\b|full\b", defined.group(2)):
            person = _PERSON_NOUN.search(" ".join(defined.group(2).split()[:4]))
            yield "is", f"{'Who' if person else 'What'} is {subject}?"


def _said(statements: Statements, sentence: str, before: str | None) -> _Found:
    for match in regex.finditer(rf"\b({'|'.join(_SAYS.split())})\sthat\s", sentence):
        subject = statements.before(sentence, match.start())
        base = statements.base_of_past(match.group(1)) or statements.base_of_present(match.group(1))
        if subject and base:
            aux = "did" if statements.base_of_past(match.group(1)) else "does"
            yield "said", f"What {aux} {subject} {base}?"
    for match in regex.finditer(rf",\s(argues|warns|claims|concludes|suggests)\s({_PERSON})\.$", sentence):
        base = statements.base_of_present(match.group(1))
        if base:
            yield "said", f"What does {match.group(2)} {base}?"
    for match in regex.finditer(rf",”\s(\p{{Ll}}+\s)?({_PERSON})\stold\s(\p{{Ll}}+s)\b", sentence):
        yield "said", f"What did {match.group(1) or ''}{match.group(2)} tell {match.group(3)}?"


def _means(statements: Statements, sentence: str, before: str | None) -> _Found:
    for short, full in statements.acronyms.items():
        if f"{full} ({short})" in sentence and short[-1].isupper():
            yield "stands for", f"What does {short} stand for?"
    for match in regex.finditer(r"“([\p{Ll}][\p{Ll} -]{3,40})”\s\((\p{Ll}?[^()]{12,})\)", sentence):
        plural = match.group(1).endswith("s") and not match.group(1).endswith("ss")
        yield "means", f"What {'are' if plural else 'is'} “{match.group(1)}”?"


def _size(statements: Statements, sentence: str, before: str | None) -> _Found:
    unit = r"(?:metres|meters|kilometres|kilometers|miles|feet|years|centimetres|inches)"
    for match in regex.finditer(
        rf"\b(is|was|are|were)\s{_ABOUT}{_NUMBER}(?:\.\d+)?\s{unit}\s({'|'.join(_SIZES)})\b", sentence
    ):
        pronoun = sentence[: match.start()].strip() == "It"
        subject = statements.opening(before) if pronoun and before else statements.before(sentence, match.start())
        if subject:
            yield "size", f"How {match.group(2)} {match.group(1)} {subject}?"
    for match in regex.finditer(
        rf"\b(weighs|weighed|costs|lasts|lasted)\s{_ABOUT}(?:a\s\p{{Ll}}+\s)?{_NUMBER}\b", sentence
    ):
        subject = statements.before(sentence, match.start())
        past = statements.base_of_past(match.group(1))
        base = past or statements.base_of_present(match.group(1))
        if subject and base:
            much = "How long" if base == "last" else "How much"
            yield "size", f"{much} {'did' if past else 'does'} {subject} {base}?"


def _both(statements: Statements, sentence: str, verb_at: int) -> str | None:
    subject = statements.before(sentence, verb_at)
    return None if subject is None or subject.lower().startswith("both ") else subject


def _definite(text: str) -> str | None:
    words = text.split()
    return " ".join(["the", *words[1:]]) if 2 <= len(words) <= 4 and all(w.isalpha() for w in words) else None


def _asking(statements: Statements, verb: str, subject: str) -> str:
    """ "includes", "the SCO" → "does the SCO include"."""
    if verb in ("has", "have", "had"):
        return f"{ {'has': 'does', 'have': 'do', 'had': 'did'}[verb] } {subject} have"
    past = statements.base_of_past(verb)
    present = statements.base_of_present(verb)
    return f"{'did' if past else 'does' if present else 'do'} {subject} {past or present or verb}"


def _is_natural(question: str) -> bool:
    words = [word.strip("“”?,.").lower() for word in question.split()]
    allowed = {"you"} if "allow you" in question else set()
    return 4 <= len(words) <= _MOST_WORDS and not (set(words) & BANNED - allowed) and len(question) <= 120
