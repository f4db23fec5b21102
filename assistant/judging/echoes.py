"""A question that a document asks itself, as in a list of frequent ones → the sentence behind it, which answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from assistant.judging.evidence import Evidence
from assistant.judging.tables import is_head
from index import PassageIndex
from index.tokens import terms

_ASKS = regex.compile(r"[?？؟\u037e][\"'”’»›)\]*_」』]*$")
# Of an echo's terms at least this share is in the question that was put.
_SHARED = 0.5


def answers(
    question: str, chosen: Sequence[Evidence], weighed: Sequence[Evidence], index: PassageIndex
) -> list[Evidence]:
    """``chosen``, in which the sentence right behind it stands for each that asks what ``question`` asks.

    A question that stands last in its section, or before another one, stays only where nothing else is chosen, and one
    that asks something else, or the head of a table, only where nothing is chosen before it. The words that answer are
    those that ``weighed`` tells of the sentence.
    """
    answer = {evidence.sentence.id: evidence.answer for evidence in weighed}
    found: dict[int, Evidence] = {}
    for evidence in chosen:
        told = evidence
        if found and _tells_nothing(evidence, question):
            continue
        if _is_echo(evidence, question):
            behind = _behind(evidence, index)
            if behind is None:
                continue
            told = replace(behind, answer=answer.get(behind.sentence.id))
        found.setdefault(told.sentence.id, told)
    return list(found.values()) or list(chosen)


def _tells_nothing(evidence: Evidence, question: str) -> bool:
    asks = _ASKS.search(evidence.text) is not None
    return (asks and not _is_echo(evidence, question)) or is_head(evidence.text)


def _is_echo(evidence: Evidence, question: str) -> bool:
    if not _ASKS.search(evidence.text):
        return False
    its = set(terms(evidence.text))
    return len(its & set(terms(question))) >= _SHARED * len(its)


def _behind(evidence: Evidence, index: PassageIndex) -> Evidence | None:
    """The next sentence of the section, unless it asks too."""
    passage, number = evidence.passage, evidence.sentence.id + 1
    if number > passage.sentences[-1].id:
        if passage.id + 1 == len(index.passages):
            return None
        passage = index.passages[passage.id + 1]
        # Under another heading the text goes on with something else.
        if passage.document.id != evidence.passage.document.id or passage.heading != evidence.passage.heading:
            return None
    sentence = next(each for each in passage.sentences if each.id == number)
    behind = replace(evidence, passage=passage, sentence=sentence, answer=None)
    return None if _ASKS.search(behind.text) else behind
