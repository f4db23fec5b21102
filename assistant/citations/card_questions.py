"""A question that asks for a fact of a document itself: who wrote it, where and when it appeared, what it is called.

Told by its form alone. "Who wrote the report on Iran?" asks for something in the text, and so does everything else that
names more than the document; left to the reader it is answered or refused as any question is.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, auto

import regex

from index import Document, PassageIndex


class Fact(Enum):
    """What is asked of a document."""

    AUTHOR = auto()
    PUBLISHER = auto()
    CONTAINER = auto()
    DATE = auto()
    TITLE = auto()


# Always the document: the words in which the program itself speaks of one.
_PLAIN = "article|document|text|file|page|pdf"
_NOUN = (
    r"(?:(?:news|newspaper|magazine|journal|research|blog|discussion|policy|working|white|web|opinion) )?"
    rf"(?P<noun>{_PLAIN}|analysis|book|booklet|brochure|comment|commentary|dissertation|ebook|editorial|essay|guide|"
    r"handbook|leaflet|manual|memo|memorandum|novel|op-ed|pamphlet|paper|piece|poem|post|publication|report|story|"
    r"study|thesis|webpage|write-up)"
)
_THIS = regex.compile(
    rf"(?:it|its|this|this one|(?:this|(?P<the>the)) (?:(?:present|current|whole|entire|above) )?{_NOUN}(?: itself)?)",
    regex.IGNORECASE,
)
_POINTING = frozenset({"it", "its", "this", "this one"})
# Before a title: “the article “Boats””, “the book called Boats”.
_INTRODUCED = regex.compile(rf"(?:the|this) {_NOUN}(?:,? (?:called|titled|entitled|named))?[,:]? ", regex.IGNORECASE)
# How a text first speaks of another than itself, up to the noun: "a report", "the OECD’s report", "the first report".
_OF_ANOTHER = regex.compile(
    r"(?:(?:\b(?:an?|another|his|her|its|their|every|each)|\w['’]s|s['’])\s+(?:[\w-]+,?\s+){0,2}|"
    r"\bthe\s+(?:[\w-]+,?\s+){1,2})(?<!\b(?:the|this|our)\s+)$",
    regex.IGNORECASE,
)
_AHEAD_CHARS = 60

_D = r"(?P<of>.+?)"
_OWNED = rf"(?:{_D}(?:['’]s|(?<=s)['’])|(?P<of>its))"
_IS = r"(?: is| are| was| were|['’]s)"
_WAS = r"(?: was| is| were| are| has)"
_FIRST = r"(?:first |originally |initially )?"
_OUTLET = r"(?:journal|magazine|newspaper|paper|periodical|publication|website|site|blog|series|outlet)"
_YEAR = r"(?:(?:on|in) )?(?:what|which) (?:exact )?(?:year|date|day|month)"
_PUBLICATION_DATE = r"(?:date of publication|publication date|publishing date|publication year|year of publication)"
_FORMS = tuple(
    (fact, regex.compile(pattern, regex.IGNORECASE))
    for fact, patterns in {
        Fact.AUTHOR: (
            rf"(?:who|(?:which|what) authors?)(?: has| have)? (?:wrote|written|authored|penned) {_D}",
            rf"whom?{_WAS} {_D} (?:been )?(?:written |authored )?by",
            rf"by whom{_WAS} {_D} (?:been )?(?:written|authored)",
            rf"who{_IS} (?:the )?(?:authors?|writers?) of {_D}",
            rf"who{_IS} {_OWNED} (?:authors?|writers?)",
            rf"who (?:the )?authors? of {_D} (?:is|are|was|were)",
            rf"(?:what{_IS} )?the names? of (?:the )?authors? of {_D}",
            rf"(?:name |what{_IS} )?the authors? of {_D}",
            rf"what{_IS} the names? of the authors?|what{_IS} the authors?['’](?:s)? names?",
            rf"who{_IS} the authors?|who the authors? (?:is|are)|name the authors?",
            rf"whose {_NOUN} is this|who wrote|written by(?: whom)?",
        ),
        Fact.PUBLISHER: (
            rf"who(?: has| have)? {_FIRST}publish(?:ed|es) {_D}",
            rf"whom?{_WAS} {_D} (?:been )?{_FIRST}published by",
            rf"by whom{_WAS} {_D} (?:been )?{_FIRST}published",
            rf"(?:who|what){_IS} (?:the )?(?:name of the )?publishers? of {_D}",
            rf"(?:who|what){_IS} {_OWNED} publishers?",
            rf"(?:who|what){_IS} the (?:name of the )?publishers?|published by(?: whom)?",
        ),
        Fact.CONTAINER: (
            rf"where{_WAS} {_D} (?:been )?{_FIRST}published(?: in)?",
            rf"where {_D} was {_FIRST}published",
            rf"where did {_D} {_FIRST}appear",
            rf"(?:in )?(?:which|what) {_OUTLET}{_WAS} {_D} (?:been )?{_FIRST}published(?: in| by)?",
            rf"(?:in )?(?:which|what) {_OUTLET} did {_D} {_FIRST}appear(?: in)?",
            rf"(?:which|what) {_OUTLET} {_FIRST}published {_D}",
        ),
        Fact.DATE: (
            rf"(?:when|{_YEAR}){_WAS} {_D} (?:been )?{_FIRST}(?:published|issued|released)(?: in| on)?",
            rf"(?:when|{_YEAR}) {_D} was {_FIRST}(?:published|issued|released)",
            rf"(?:when|{_YEAR}) did {_D} {_FIRST}(?:come out|appear)",
            rf"what{_IS} the (?:{_PUBLICATION_DATE}|release date|date) of {_D}",
            rf"what{_IS} {_OWNED} (?:{_PUBLICATION_DATE}|release date|date)",
            rf"what{_IS} the {_PUBLICATION_DATE}|{_PUBLICATION_DATE}|published when|when published",
        ),
        Fact.TITLE: (
            rf"(?:what|how){_IS} {_D} (?:called|titled|entitled|named)",
            rf"what {_D} is (?:called|titled|entitled|named)",
            rf"what{_IS} the (?:full |exact )?(?:title|name|headline) of {_D}",
            rf"what{_IS} {_OWNED} (?:full |exact )?(?:title|headline)",
            rf"what{_IS} the (?:full |exact )?(?:title|headline)",
            rf"(?:what|which) {_NOUN} is this",
        ),
    }.items()
    for pattern in patterns
)
_LEAD = regex.compile(
    r"(?:(?:please|hello|hi|hey|so|and|but|ok|okay|well|also|now)[ ,]+)*+"
    r"(?:(?:(?:can|could|would) you (?:please )?)?tell me[ ,:]+|do you know |"
    r"i(?:['’]d like| would like| want| need) to know )?",
    regex.IGNORECASE,
)
_TAIL = regex.compile(r"(?:,? (?:please|again))?[?.!\s]*$", regex.IGNORECASE)
_QUESTIONS = regex.compile(r"(?<=\?)\s+")
_QUOTES = "“”„\"‘’'«»* "


def fact_asked(
    standalone: str, typed: str, index: PassageIndex, documents: Collection[str] = ()
) -> tuple[Fact, Document] | None:
    """The fact that is asked for and of which document; None unless exactly one is meant, by the form of the question.

    ``standalone``: the question as understood; ``typed``: as it was typed, for understanding may have mended the name
    of a file as if it were words. ``documents``: the ids of those that are looked at, all when empty.
    """
    among = documents or index.documents
    return (
        _one(standalone, among, index)
        or _follow_up(_QUESTIONS.split(standalone), among, index)
        or _one(typed, among, index, named=True)
    )


def _one(
    question: str, among: Collection[str], index: PassageIndex, before: Document | None = None, named: bool = False
) -> tuple[Fact, Document] | None:
    """``before``: what "it" means, if not the only document; ``named``: only a title or a file's name will do."""
    bare = _TAIL.sub("", question)[_LEAD.match(question).end() :]  # type: ignore[union-attr] # it matches nothing, too
    for fact, form in _FORMS:
        if (match := form.fullmatch(bare)) is None:
            continue
        of = match.groupdict().get("of") or "this"
        if before is not None and of.lower() in _POINTING:
            return fact, before
        if (itself := _THIS.fullmatch(of)) is None:
            document = _called(of, among, index)
        else:
            document = None if named else _only(itself, among, index)
        if document is not None:
            return fact, document
    return None


def _follow_up(questions: list[str], among: Collection[str], index: PassageIndex) -> tuple[Fact, Document] | None:
    """ "Who wrote the article? When was it published?", as such a follow-up is understood: each part has to ask so."""
    found: tuple[Fact, Document] | None = None
    for question in questions if len(questions) > 1 else ():
        found = _one(question, among, index, found[1] if found else None)
        if found is None:
            return None
    return found


def _only(itself: regex.Match[str], among: Collection[str], index: PassageIndex) -> Document | None:
    """The one document there is, unless "the report" may be another that it speaks of."""
    if len(among) != 1:
        return None
    (name,) = among
    document = index.documents[name]
    noun = itself["noun"] if itself["the"] else None
    if noun is None or regex.fullmatch(_PLAIN, noun, regex.IGNORECASE):
        return document
    for at in regex.finditer(rf"\b{noun}\b", document.text, regex.IGNORECASE):
        if _OF_ANOTHER.search(document.text[max(0, at.start() - _AHEAD_CHARS) : at.start()]):
            return None
    return document


def _called(of: str, among: Collection[str], index: PassageIndex) -> Document | None:
    """The one document whose title, or whose file's name with its ending, these words are."""
    introduced = _INTRODUCED.match(of)
    names = {of, of[introduced.end() :] if introduced else of}
    files = {name.strip(_QUOTES).casefold() for name in names}
    titles = {_letters(name) for name in names} - {""}
    found = [name for name in among if name.casefold() in files or name.casefold().rpartition("/")[2] in files]
    # An engine would have to send every document for its title.
    if not found and (len(among) == 1 or isinstance(index.documents, dict)):
        found = [name for name in among if _letters(index.documents[name].title) in titles]
    return index.documents[found[0]] if len(found) == 1 else None


def _letters(text: str) -> str:
    """What makes two writings of a title the same: its letters and digits."""
    return "".join(filter(str.isalnum, text.casefold()))
