"""What is told before a question of many words: "I have read it twice, and my teacher says …. So when did it open?".

The reader reads forty tokens of a question, and search takes the story for what is asked. A question that can be
understood alone is asked alone.
"""

from __future__ import annotations

import regex

from assistant.language.courtesies import ASKING, CHAIN, WITHIN, without
from assistant.language.phrases import capital
from index.tokens import terms

# Shorter ones fit, and what they tell may be what is asked about.
_MOST_WORDS = 24
_LEAST_TERMS = 2
_BETWEEN = regex.compile(r"(?<=[.!?][\"'”’)]*)\s+")
_ASKS = rf"{WITHIN}(?:{ASKING}|if|whether)\b"
_AS_FAR = r"(?:,?\s*(?:if|as far as|assuming|provided|in case)\b[^,?]{1,60},)?"
_WISHED = regex.compile(rf"(?:^|[\s,;:–—-])(?:{CHAIN}){_AS_FAR}[\s,:]+(?={_ASKS})", regex.IGNORECASE)
_LEANS = regex.compile(
    r"\b(?:he|him|his|she|her|hers|it|its|they|them|their|theirs|this|that|these|those|there|such|one|ones|the same)\b",
    regex.IGNORECASE,
)


def without_preface(question: str) -> str:
    """A long question's last sentence or, within it, what the wish to be told is about; as it is when neither can be
    understood alone."""
    if len(question.split()) <= _MOST_WORDS:
        return question
    *before, last = _BETWEEN.split(question)
    if before and _stands_alone(last):
        question = without(last, first=True)
    wishes = list(_WISHED.finditer(question)) if len(question.split()) > _MOST_WORDS else []
    asked = question[wishes[-1].end() :] if wishes else ""
    return capital(asked) if _stands_alone(asked) else question


def _stands_alone(asked: str) -> bool:
    return len(terms(asked)) >= _LEAST_TERMS and _LEANS.search(asked) is None
