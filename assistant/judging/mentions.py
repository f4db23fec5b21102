"""Questions that ask whether or where something is mentioned, or only name it: "Is NATO mentioned?", "sanctions?".

What answers them is a sentence that holds the words, which needs no judgement; and one that does not hold them is none,
however likely it seems to the reader.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import regex

from assistant.judging.evidence import Evidence
from assistant.judging.questions import absent_words
from assistant.language.courtesies import ASKING
from assistant.language.phrases import capital
from index import PassageIndex, Span
from index.acronyms import expanded
from index.tokens import terms

_TEXT = (
    r"(?:it|they|you|(?:(?:the|this|that|these|those|any|your|my) )?(?:whole |entire )?(?:articles?|authors?|books?|"
    r"chapters?|contracts?|documents?|files?|guides?|leases?|letters?|manuals?|minutes|pages?|papers?|polic(?:y|ies)|"
    r"reports?|sources?|stor(?:y|ies)|texts?))"
)
_WITHIN = rf"(?: (?:anywhere|somewhere|at all))?(?: in {_TEXT})?"
_SAYS = r"(?:say|state|claim|write|mention)"
_ANYTHING = r"(?:anything|something)(?: (?:said|written))?"
_ABOUT = r"(?:about|on|regarding|concerning)"
_PART = r"(?:chapters?|documents?|files?|lines?|pages?|paragraphs?|parts?|sections?|sentences?)"
_WHERE = rf"(?:where(?: exactly)?|(?:in|on) (?:what|which) {_PART})"
_APPEARS = r"(?:appear|occur|come up|stand)"
_WORDS = r"(?:the )?(?:words?|phrase|term|expression|name)"
_DO = r"(?:do|does|did)"
_MENTIONS = r"(?:mentions?|refers? to|talks? about|speaks? (?:of|about)|deals? with)"
_DETERMINED = r"(?:(?:the|an?|any|all|some|every) )?(?:(?:best|direct|exact|good|key|main|original|relevant) )*"
_ASK_FOR = r"(?:(?:can|could|would|will) you |please )?(?:quote|cite|locate|(?:show|find|give|get|read|list)(?: me)?) "
_HAVE = r"(?:i (?:need|want|am looking for|would like) |(?:is|are) there |(?:can|may|could) i (?:get|have|see) )"
_QUOTATION = r"(?:quotes?|quotations?)"
# "Can you find the part about …", "Is there a sentence about …", not "Is there a place on Sunday?".
_GIVE = (
    rf"(?:{_ASK_FOR}{_DETERMINED}(?:{_PART}|{_QUOTATION}|passages?|places?)|"
    rf"{_HAVE}?{_DETERMINED}(?:{_QUOTATION}|passages?|sentences?|paragraphs?))(?: (?:from|in|of) {_TEXT})?"
)
_SAID = regex.compile(
    rf"(?:{_WHERE} {_DO} {_TEXT} {_SAYS} that|{_WHERE} (?:is|was) it (?:said|stated|written|mentioned) that|"
    rf"true or false\s*[:?,–—-]) (?P<what>.+)",
    regex.IGNORECASE,
)
_MENTIONED = tuple(
    regex.compile(rf"(?:{_WHERE} )?{pattern}{_WITHIN}", regex.IGNORECASE)
    for pattern in (
        rf"{_DO} {_TEXT} (?:(?:ever|also|even) )?(?:mention|refer to|talk about|speak of|speak about) (?P<what>.+?)",
        rf"{_DO} {_TEXT} (?:{_SAYS} |have |contain ){_ANYTHING} {_ABOUT} (?P<what>.+?)",
        rf"{_DO} {_WORDS} (?P<what>.+?) (?:(?:ever|also|even) )?{_APPEARS}",
        r"(?:is|are|was|were) (?P<what>.+?) (?:(?:ever|also|even) )?(?:mentioned|referred to|talked about|spoken of)",
        rf"(?:which|what) {_PART}(?: of {_TEXT})? (?:{_MENTIONS}|is about|are about) (?P<what>.+?)",
        rf"{_GIVE} (?:that|which|where it) {_MENTIONS} (?P<what>.+?)",
    )
)
_TOPIC = tuple(
    regex.compile(rf"{pattern}{_WITHIN}", regex.IGNORECASE)
    for pattern in (
        rf"(?:(?:is|was) there |do you have |have you got )?{_ANYTHING} {_ABOUT} (?P<what>.+?)",
        rf"what (?:do|does|did) {_TEXT} say {_ABOUT} (?P<what>.+?)",
        rf"what is (?:said|written) {_ABOUT} (?P<what>.+?)",
        rf"(?:summari[sz]e|sum up|quote|show(?: me)?|find|give me|tell me) what (?:{_TEXT} says|is said) {_ABOUT} "
        r"(?P<what>.+?)",
        rf"{_GIVE} {_ABOUT} (?P<what>.+?)",
        r"tell me (?:something |more )?about (?P<what>.+?)",
    )
)
# "A quote from Putin", "Can I get Putin's exact words?"
_SPOKEN = tuple(
    regex.compile(rf"(?:{_ASK_FOR}|{_HAVE})?{pattern}", regex.IGNORECASE)
    for pattern in (
        rf"{_DETERMINED}{_QUOTATION} (?:from|by) (?P<who>(?!{_TEXT}$)[\p{{L}}’' -]+)",
        r"(?P<who>[\p{L}’' -]+?)['’]s? (?:exact|own|very) words",
    )
)
_QUOTES = "“”„\"‘’'«»"
_MOST_NAMED_WORDS = 3
# A question or a wish in so few words: "Why India?", "How many members?", "Explain NATO".
_ASKS = frozenset(
    "who whom whose what which when where why how is are was were do does did can could will would has have had should "
    "list name explain define describe compare give show tell quote find please summarise summarize".split()
)
# "Does it mention when India joined?" asks when it did.
_QUESTION = regex.compile(rf"(?:(?:by|for|from|in|of|on|to|with) )?(?:{ASKING})\b", regex.I)


@dataclass(frozen=True, slots=True)
class Mention:
    """What is looked for.

    Attributes:
        sought: the question that finds it.
        words: that a sentence has to hold to mention it; empty where only a reader can tell.
        first: whether such a sentence is the answer; else it is one for want of any that the reader takes for one.
    """

    sought: str
    words: str = ""
    first: bool = False


def asked(question: str) -> Mention | None:
    """What a question that stands alone asks to be shown, or None when it asks something of it."""
    bare = question.rstrip("?.! ")
    if said := _SAID.fullmatch(bare):
        return Mention(f"Is it true that {said['what']}?")
    if spoken := next(filter(None, (form.fullmatch(bare) for form in _SPOKEN)), None):
        return Mention(f"What did {spoken['who']} say?")
    for first, forms in ((True, _MENTIONED), (False, _TOPIC)):
        found = next(filter(None, (form.fullmatch(bare) for form in forms)), None)
        if found is None or not terms(found["what"]):
            continue
        if _QUESTION.match(found["what"]):
            return Mention(f"{capital(found['what'])}?")
        what = found["what"].strip(_QUOTES)
        return Mention(f"What is said about {what}?", what, first)
    named = bare.split()
    if len(named) <= _MOST_NAMED_WORDS and terms(bare) and _ASKS.isdisjoint(word.casefold() for word in named):
        return Mention(question, bare.strip(_QUOTES))
    return None


def holding(mention: Mention, weighed: Sequence[Evidence], index: PassageIndex) -> list[Evidence]:
    """Those of ``weighed``, in its order, that hold every content word of what is looked for, set off where it stands
    as it was typed."""
    wanted = set(terms(expanded(mention.words, index.acronyms)))
    if not wanted:
        return []
    typed = regex.compile(rf"(?<!\w){regex.escape(mention.words)}(?!\w)", regex.IGNORECASE)
    found = [each for each in weighed if wanted <= set(terms(expanded(each.text, index.acronyms)))]
    return [replace(each, answer=_at(typed, each)) for each in found]


def _at(typed: regex.Pattern[str], evidence: Evidence) -> Span | None:
    found, start = typed.search(evidence.text), evidence.sentence.span.start
    return Span(start + found.start(), start + found.end()) if found else None


def is_strange(mention: Mention, index: PassageIndex, documents: Collection[str] = ()) -> bool:
    """Whether the documents with these ids, or all, hold no word of what is looked for."""
    absent = absent_words(mention.words, index, documents)
    return bool(absent) and not terms(regex.sub(rf"\b(?:{'|'.join(map(regex.escape, absent))})\b", "", mention.words))
