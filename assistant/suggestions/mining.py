"""Questions that a sentence answers, made from its own words by rules. Better few and natural than many and clumsy.

A rule asks for one part of a statement (the date, the number, the name, the thing) and keeps the rest. It applies only
where the subject can be told for sure; whatever is doubtful gives no question.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass

import regex

from assistant.language.verbs import base_of_past, base_of_present, is_participle, present_of
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
_WORD = r"(?:\p{Lu}[\p{L}\p{N}’'.&-]*)"
_NAME = rf"(?:{_WORD}(?:\s(?:(?:of|for|and|on|of the|for the|and the)\s)?{_WORD})*)"
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

_BOUNDARY = regex.compile(
    r"(?:[,;:–—]|\b(?:that|because|but|while|whereas|although|though|as|when|since|if|so|before|after|until))\s+[“\"‘]?"
)
_ASIDE = regex.compile(r"^(.*?),\s([^,]+),$")
_LIST = regex.compile(rf"{_WORD},$")
_BANNED = frozenset(
    "it they he she him them we us our i my me your this these those here there such above below following "
    "various certain several former latter same other another one ones his her hers theirs who’s".split()
)
_SUBJECT_BANNED = (FUNCTION_WORDS | _BANNED) - {"of", "and", "for", "the", "in", "on", "to", "by"}
_CODE = regex.compile(r"[`{}<>=|\\_#*@$^~\[\]]|::|//|\bhttps?\b|\.\.\.|\(\)|--")
_MOST_WORDS = 16
_MOST_SENTENCE_WORDS = 60
_ENGLISH_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Mined:
    """A question and the rule that made it, which is its ``kind``."""

    question: str
    kind: str


class Miner:
    """Makes questions of sentences. ``words`` are the lower-case words of English; ``names`` those of the documents."""

    def __init__(self, words: Container[str], names: Collection[str], acronyms: Mapping[str, str]) -> None:
        self._words = words
        self._names = names
        self._acronyms = acronyms

    def mine(self, sentence: str, before: str | None = None) -> list[Mined]:
        """The questions that ``sentence`` answers, each once; ``before`` is the sentence before it, if there is one."""
        flat = " ".join(sentence.split())
        if not _is_prose(flat):
            return []
        found: dict[str, Mined] = {}
        for rule in (_when, _how_many, _who, _why, _which, _what, _said, _means, _size):
            for kind, question in rule(self, flat, before):
                if _is_natural(question):
                    found.setdefault(question, Mined(question, kind))
        return list(found.values())

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
            elif regex.fullmatch(rf"(?:the\s)?{_NAME}(?:\s\(\p{{Lu}}+\))?", said) and main.split()[:1] == ["The"]:
                head = said
            else:
                return None
        start = 0
        for boundary in _BOUNDARY.finditer(head):
            start = boundary.end()
        if _LIST.search(head[:start].rstrip()) and " and " in head[start:]:
            return None
        return self.subject(head[start:].lstrip('“"‘'))

    def base_of_past(self, verb: str) -> str | None:
        return base_of_past(verb, self._words)

    def base_of_present(self, verb: str) -> str | None:
        return base_of_present(verb, self._words)

    def participle(self, verb: str) -> bool:
        return is_participle(verb, self._words)

    @property
    def acronyms(self) -> Mapping[str, str]:
        return self._acronyms

    def _is_name(self, token: str, *, first: bool) -> bool:
        """Whether a word is capitalised for itself and not for beginning the sentence."""
        if not token[0].isupper():
            return False
        return not first or token in self._names or (len(token) > 1 and token.isupper())


_VERBLIKE = frozenset(
    "is are was were be been being has have had does do did will would can could may might must shall should cannot "
    "says said remains became".split()
)


def is_verb(token: str, known: Container[str]) -> bool:
    """Whether a lower-case word of a would-be subject is surely a verb."""
    return token in _VERBLIKE or (token.endswith("ed") and base_of_past(token, known) is not None)


_Found = Iterator[tuple[str, str]]


def _when(miner: Miner, sentence: str, before: str | None) -> _Found:
    passive = regex.compile(rf"\b(was|were)\s{_ADVERB}(\p{{Ll}}+)\s{_DATE}{_END}")
    for match in passive.finditer(sentence):
        verb = match.group(2)
        if not miner.participle(verb):
            continue
        head = sentence[: match.start()].rstrip()
        since = regex.search(r"\bsince\s(?:it|they)$", head)
        subject = _opening(miner, sentence) if since else miner.before(sentence, match.start())
        if subject:
            yield "when", f"When {match.group(1)} {subject} {verb}?"
    active = regex.compile(rf"\b(\p{{Ll}}{{3,}})\s((?:(?!{_YEAR})[\p{{L}}’'-]+\s){{0,6}}?){_DATE}{_END}")
    for match in active.finditer(sentence, overlapped=True):
        base = miner.base_of_past(match.group(1))
        rest = match.group(2).strip()
        if base is None or base in ("have", "say") or not _is_object(rest):
            continue
        subject = _relative(miner, sentence, match.start()) or miner.before(sentence, match.start())
        if subject:
            yield "when", f"When did {subject} {base}{f' {rest}' if rest else ''}?"


def _how_many(miner: Miner, sentence: str, before: str | None) -> _Found:
    holds = regex.compile(
        rf"\b({'|'.join(_HOLDS.split())})\s{_ABOUT}{_NUMBER}\s"
        r"((?:\p{L}[\p{L}-]*\s){0,2}?(?:\p{L}[\p{L}-]*(?<!s)s|people|women|men|children))"
        r"(?=[.,;:–—]|\s(?:from|with|among|in|and|along|who|which|that|to|for|on|by|at|across)\b)"
    )
    for match in holds.finditer(sentence):
        subject = miner.before(sentence, match.start())
        things = match.group(2)
        if subject is None or not all(word.islower() for word in things.split()):
            continue
        if regex.search(
            r"\b(?:percent|metres|meters|kilometres|miles|years|days|hours|months|weeks|minutes)\b", things
        ):
            continue
        yield "how many", f"How many {things} {_asking(miner, match.group(1), subject)}?"


def _who(miner: Miner, sentence: str, before: str | None) -> _Found:
    led = regex.compile(rf"^((?:The\s)?[^,]+),\s({'|'.join(_LED.split())})\sby\s(?:\p{{Ll}}+\s)?{_PERSON}(?=[,.])")
    for match in led.finditer(sentence):
        subject = miner.subject(match.group(1)) if match.group(1).split()[0] != "The" else _definite(match.group(1))
        if subject and match.group(2) != "written":
            yield "who", f"Who {match.group(2)} {subject}?"
    passive = regex.compile(rf"\b(was|were|is|are)\s{_ADVERB}({'|'.join(_LED.split())})\sby\s(?:the\s)?{_NAME}")
    for match in passive.finditer(sentence):
        subject = miner.before(sentence, match.start())
        verb = {"written": "wrote"}.get(match.group(2), match.group(2))
        base = miner.base_of_past(verb)
        if subject and base:
            yield "who", f"Who {present_of(base) if match.group(1) in ('is', 'are') else verb} {subject}?"
    active = regex.compile(rf"^({_PERSON})\s({'|'.join(_MADE.split())})\s(the\s[^,.;:“”()]+?)(?:\s{_DATE})?[.,;]")
    for match in active.finditer(sentence):
        made = miner.subject(match.group(3))
        if made:
            yield "who", f"Who {match.group(2)} {made}?"
    known = regex.compile(rf"({_PERSON}),\s(?:a|an|the)\s([^,.]+)")
    for match in known.finditer(sentence):
        if _PERSON_NOUN.search(" ".join(match.group(2).split()[:3])):
            yield "who", f"Who is {match.group(1)}?"


def _why(miner: Miner, sentence: str, before: str | None) -> _Found:
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
        subject, rest = miner.before(told, match.start()), told[match.end() :]
        if subject and _is_plain(rest):
            yield "why", f"Why {match.group(1)} {subject} {rest}?"
            return
    for match in regex.finditer(r"\b\p{Ll}{3,}\b", told):
        rest = told[match.end() :].strip()
        past = miner.base_of_past(match.group())
        present = miner.base_of_present(match.group()) if match.group() in _PRESENT else None
        subject = miner.before(told, match.start()) if past or present else None
        if subject and _is_plain(rest):
            yield "why", f"Why {'did' if past else 'does'} {subject} {past or present} {rest}?"
            return


_PRESENT = frozenset(_GIVES.split()) | frozenset(
    "faces fails needs uses works lacks takes makes depends refuses".split()
)


def _which(miner: Miner, sentence: str, before: str | None) -> _Found:
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
        base, subject = miner.base_of_past(chose.group(1)), miner.before(head, chose.start())
        if base and subject:
            particle = f" {chose.group(2).strip()}" if chose.group(2) else ""
            yield "which", f"Which {chose.group(3)} did {subject} {base}{particle}?"


def _what(miner: Miner, sentence: str, before: str | None) -> _Found:
    for match in regex.finditer(rf"\bmust\s(?!be\b|not\b|have\b)(\p{{Ll}}+)\s{_THING}", sentence):
        subject = miner.before(sentence, match.start())
        if subject:
            yield "must", f"What must {subject} {match.group(1)}?"
    for match in regex.finditer(rf"\b(is|are|was|were)\s{_ADVERB}(a member of|members of|part of|home to)\s", sentence):
        subject = miner.before(sentence, match.start())
        if subject:
            yield "is of", f"What {match.group(1)} {subject} {match.group(2)}?"
    for match in regex.finditer(rf"\b({'|'.join(_GIVES.split())})\s(?:{_THING}|\p{{Ll}}+\s)", sentence):
        subject, base = miner.before(sentence, match.start()), miner.base_of_present(match.group(1))
        if subject and base:
            yield "gives", f"What does {subject} {base}?"
    for match in regex.finditer(rf"\b({'|'.join(_GAVE.split())})\s(?:a|an|its|their|the)\s", sentence):
        subject, base = _both(miner, sentence, match.start()), miner.base_of_past(match.group(1))
        if subject and base:
            yield "gave", f"What did {subject} {base}?"
    for match in regex.finditer(
        r"\b(refused|agreed|promised|offered|planned|decided)\sto\s(?!be\b)(\p{Ll}+)\s(?=\p{L})", sentence
    ):
        subject, base = miner.before(sentence, match.start()), miner.base_of_past(match.group(1))
        if subject and base and regex.match(_THING, sentence[match.end() :]):
            yield "gave", f"What did {subject} {base} to {match.group(2)}?"
    for match in regex.finditer(r"\b(is|are)\s(\p{Ll}{3,}ing)\s(?:an?|the|its|their)\s", sentence):
        subject = miner.before(sentence, match.start())
        if subject and match.group(2) not in ("using", "having", "being", "becoming", "getting", "making", "doing"):
            yield "doing", f"What {match.group(1)} {subject} {match.group(2)}?"
    for match in regex.finditer(r"\b(is|are)\s(?:mainly |mostly |typically |commonly )?used\s(?:to|for)\s", sentence):
        subject = miner.before(sentence, match.start())
        if subject:
            yield "used", f"What {match.group(1)} {subject} used for?"
    for match in regex.finditer(r"\ballows\s(you|users|developers|programs|applications)\sto\s", sentence):
        subject = miner.before(sentence, match.start())
        if subject:
            yield "used", f"What does {subject} allow {match.group(1)} to do?"
    defined = regex.match(rf"({_NAME})(?:\s\([^)]*\))?\sis\s(?:an?|the)\s(?!\p{{Lu}})(\p{{L}}[^.;]+)", sentence)
    if defined:
        subject = miner.subject(defined.group(1))
        if subject and " and " not in subject and not regex.match(r"member|part\b|full\b", defined.group(2)):
            person = _PERSON_NOUN.search(" ".join(defined.group(2).split()[:4]))
            yield "is", f"{'Who' if person else 'What'} is {subject}?"


def _said(miner: Miner, sentence: str, before: str | None) -> _Found:
    for match in regex.finditer(rf"\b({'|'.join(_SAYS.split())})\sthat\s", sentence):
        subject = miner.before(sentence, match.start())
        base = miner.base_of_past(match.group(1)) or miner.base_of_present(match.group(1))
        if subject and base:
            aux = "did" if miner.base_of_past(match.group(1)) else "does"
            yield "said", f"What {aux} {subject} {base}?"
    for match in regex.finditer(rf",\s(argues|warns|claims|concludes|suggests)\s({_PERSON})\.$", sentence):
        base = miner.base_of_present(match.group(1))
        if base:
            yield "said", f"What does {match.group(2)} {base}?"
    for match in regex.finditer(rf",”\s(\p{{Ll}}+\s)?({_PERSON})\stold\s(\p{{Ll}}+s)\b", sentence):
        yield "said", f"What did {match.group(1) or ''}{match.group(2)} tell {match.group(3)}?"


def _means(miner: Miner, sentence: str, before: str | None) -> _Found:
    for short, full in miner.acronyms.items():
        if f"{full} ({short})" in sentence and short[-1].isupper():
            yield "stands for", f"What does {short} stand for?"
    for match in regex.finditer(r"“([\p{Ll}][\p{Ll} -]{3,40})”\s\((\p{Ll}?[^()]{12,})\)", sentence):
        plural = match.group(1).endswith("s") and not match.group(1).endswith("ss")
        yield "means", f"What {'are' if plural else 'is'} “{match.group(1)}”?"


def _size(miner: Miner, sentence: str, before: str | None) -> _Found:
    unit = r"(?:metres|meters|kilometres|kilometers|miles|feet|years|centimetres|inches)"
    for match in regex.finditer(
        rf"\b(is|was|are|were)\s{_ABOUT}{_NUMBER}(?:\.\d+)?\s{unit}\s({'|'.join(_SIZES)})\b", sentence
    ):
        pronoun = sentence[: match.start()].strip() == "It"
        subject = _opening(miner, before) if pronoun and before else miner.before(sentence, match.start())
        if subject:
            yield "size", f"How {match.group(2)} {match.group(1)} {subject}?"
    for match in regex.finditer(
        rf"\b(weighs|weighed|costs|lasts|lasted)\s{_ABOUT}(?:a\s\p{{Ll}}+\s)?{_NUMBER}\b", sentence
    ):
        subject = miner.before(sentence, match.start())
        past = miner.base_of_past(match.group(1))
        base = past or miner.base_of_present(match.group(1))
        if subject and base:
            much = "How long" if base == "last" else "How much"
            yield "size", f"{much} {'did' if past else 'does'} {subject} {base}?"


def _opening(miner: Miner, sentence: str) -> str | None:
    """The subject with which a sentence opens: what stands before its first comma or its first sure verb."""
    flat = " ".join(sentence.split())
    match = regex.match(r"(.+?)(?:,\swhich\b|\s(?:is|are|was|were|has|have|had|will|must|can)\b)", flat)
    return miner.subject(match.group(1)) if match else None


def _relative(miner: Miner, sentence: str, verb_at: int) -> str | None:
    """The subject of a verb right after ", which" or ", who"."""
    head = regex.match(r"^(.*),\s(?:which|who)$", sentence[:verb_at].rstrip())
    if head is None:
        return None
    said = head.group(1)
    start = 0
    for boundary in _BOUNDARY.finditer(said):
        start = boundary.end()
    if _LIST.search(said[:start].rstrip()):
        return None
    return miner.subject(said[start:])


def _both(miner: Miner, sentence: str, verb_at: int) -> str | None:
    subject = miner.before(sentence, verb_at)
    return None if subject is None or subject.lower().startswith("both ") else subject


def _definite(text: str) -> str | None:
    words = text.split()
    return " ".join(["the", *words[1:]]) if 2 <= len(words) <= 4 and all(w.isalpha() for w in words) else None


def _asking(miner: Miner, verb: str, subject: str) -> str:
    """ "includes", "the SCO" → "does the SCO include"."""
    if verb in ("has", "have", "had"):
        return f"{ {'has': 'does', 'have': 'do', 'had': 'did'}[verb] } {subject} have"
    past = miner.base_of_past(verb)
    present = miner.base_of_present(verb)
    return f"{'did' if past else 'does' if present else 'do'} {subject} {past or present or verb}"


def _is_object(rest: str) -> bool:
    """Whether the words between a verb and its date are one plain object, or nothing."""
    words = rest.split()
    return not words or (
        (words[0] in ("the", "to", "its", "their", "a", "an") or words[0][0].isupper())
        and words[-1].lower() not in FUNCTION_WORDS | {"later", "early", "late", "again", "back"}
        and not {"that", "which", "who", "when", "while", "because", "where", "and", "or"} & set(words)
    )


def _is_plain(rest: str) -> bool:
    words = rest.split()
    return (
        0 < len(words) <= 9
        and not regex.search(r"[,;:“”()–—]|\b(?:that|which|who|whose)\b", rest)
        and not regex.search(r"\b(?:and|or|but)\s(?:was|were|is|are|has|have|had|did|will|can|\p{Ll}+ed)\b", rest)
        and not words[-1].endswith("ly")
    )


def _is_prose(sentence: str) -> bool:
    words = sentence.split()
    if not 4 <= len(words) <= _MOST_SENTENCE_WORDS or (not sentence[0].isupper() and sentence[0] not in '“"'):
        return False
    if not regex.search(r"[.!?]”?$", sentence) or _CODE.search(sentence):
        return False
    return sum(word.strip(",.").lower() in FUNCTION_WORDS for word in words) >= _ENGLISH_SHARE * len(words)


def _is_natural(question: str) -> bool:
    words = [word.strip("“”?,.").lower() for word in question.split()]
    allowed = {"you"} if "allow you" in question else set()
    return 4 <= len(words) <= _MOST_WORDS and not (set(words) & _BANNED - allowed) and len(question) <= 120
