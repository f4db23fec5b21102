"""Questions that one sentence joins: "When did it open, and who built it?" → "When did it open?", "Who built it?"."""

from __future__ import annotations

import regex

from assistant.language.courtesies import ASKING, WITHIN
from assistant.language.phrases import capital, unmarked
from assistant.language.subjects import AUXILIARY

_WORD = rf"(?:{ASKING})"
_DO = r"(?:do|does|did|will|would|can|could|should|must|may|might)"
_ALONE = rf"{WITHIN}(?:{_WORD})(?: (?:exactly|precisely|long|often|much|many))?[?.! ]*$"
# "…, which was red" and "…, who left" may say more of a thing; an auxiliary behind "what" or "when" asks.
_INVERTED = (
    rf"{WITHIN}(?:what|why|how|when|where)(?:['’]s| {AUXILIARY}(?:n['’]t)?) (?!not\b)(?:\p{{L}}|\p{{N}})|"
    rf"(?:how (?:many|much|long|often)) .*\b{AUXILIARY}\b"
)
# Behind "and" a relative clause needs another before it, which is looked for.
_ASKED = (
    rf"{WITHIN}(?:{_WORD})(?:['’]s\b|(?: (?!and\b|or\b)[\p{{L}}\p{{N}}'’-]+){{0,5}}? {AUXILIARY}\b)|"
    rf"who (?!the\b|an?\b|is\b)\p{{Ll}}+s \p{{L}}|{_ALONE}"
)
_BETWEEN = regex.compile(
    rf"[,;]? (?:and|but)(?: (?:also|then))?,?(?: if (?:so|not|yes),?)? (?={_ASKED})|; ?(?={_ASKED})|, (?={_INVERTED})",
    regex.IGNORECASE,
)
_BEGINS = regex.compile(rf"{WITHIN}{_WORD}\b|{AUXILIARY}(?:n['’]t)?\b", regex.IGNORECASE)
_LEAD = regex.compile(r"^(?:(?:and|but|so|also|then|ok|okay)[\s,]+)*(?:\(?\d{1,2}[.):]\s*)?", regex.IGNORECASE)
_EMBEDDED = regex.compile(rf"\b(?:{_WORD}|if|whether)\b", regex.IGNORECASE)
# "What did India and what did Iran say?" asks only once what they did.
_CUT_SHORT = regex.compile(rf"(?i:{WITHIN}{_WORD} {_DO})(?: (?:the )?(?:\p{{Lu}}[\p{{L}}’'-]*(?: |$))*| \p{{Ll}}+)")
_LEAST_WORDS = 3


def parted(question: str) -> list[str]:
    """The questions that ``question`` joins, in order, each with the mark that ends a question; itself if it joins
    none, or is no question of its own."""
    found: list[str] = []
    at = 0
    for between in _BETWEEN.finditer(question):
        before = question[at : between.start()]
        if _is_whole(before) and not quotes(before):
            found.append(f"{unmarked(before)}?")
            at = between.end()
    first, *further = *found, question[at:]
    return [first, *map(capital, further)]


def _is_whole(part: str) -> bool:
    """Whether a part asks by itself, and does not go on asking in words that it leads up to: "Do you know who …"."""
    bare = _LEAD.sub("", part, count=1)
    begins = _BEGINS.match(bare)
    if begins is None or len(bare.split()) < _LEAST_WORDS or _CUT_SHORT.fullmatch(bare):
        return False
    return _EMBEDDED.search(bare, begins.end()) is None


def quotes(text: str) -> bool:
    """Whether a quotation that begins in ``text`` has not ended there."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")
