"""A question as it was typed, behind others, → the question that is asked of the documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.judging import answerability, questions
from assistant.judging.considering import Considering
from assistant.language import courtesies
from assistant.language.countries import with_countries
from assistant.understanding import prefaces, rewriting, several, short_forms, smalltalk
from assistant.understanding.small_letters import capitalised
from index import PassageIndex

_HISTORY_READ = 4
# Another way to understand a follow-up is taken only when it is surer of an answer by this much.
_CLEARLY_SURER = 0.2
_NAME_WORDS = 5


def understand(
    question: str,
    history: Sequence[str],
    index: PassageIndex,
    considering: Considering,
    documents: Collection[str] = (),
) -> str:
    """``question`` with its typing slips mended, what it leans on put in, and names as the documents have them.

    ``history``: the messages before it, oldest first. ``documents``: ids of those that alone are asked, if any.
    """
    alone = with_countries(_alone(question, history, index, considering, documents), index)
    return short_forms.spelled_out(
        alone, index, lambda: [hit.passage for hit in considering.near(alone, index, documents)]
    )


def _alone(
    question: str,
    history: Sequence[str],
    index: PassageIndex,
    considering: Considering,
    documents: Collection[str],
) -> str:
    spelling = considering.spelling(index)

    def written(message: str) -> str:
        mended = spelling.mend(message)
        return capitalised(mended, lambda: [hit.passage for hit in considering.near(mended, index, documents)])

    before = [part for message in smalltalk.asked_in(history) for part in several.parts(message)]
    earlier = [courtesies.without(written(each)) for each in before[-_HISTORY_READ:]]
    asked = courtesies.without(written(questions.without_markup(question)), first=not earlier)
    asked = prefaces.without_preface(asked)
    if not rewriting.leans(asked, earlier):
        return asked
    answered = None
    if rewriting.points(asked):
        answered = _name_answered(rewriting.standalone(earlier[-1], earlier[:-1]), index, considering, documents)
    likeliest, *others = ways = rewriting.candidates(asked, earlier, answered)
    if not others:
        return likeliest
    sureness = {way: considering.consider(way, index, documents).confidence for way in ways}
    best = max(others, key=lambda way: sureness[way])
    return best if sureness[best] > sureness[likeliest] + _CLEARLY_SURER else likeliest


def _name_answered(
    question: str, index: PassageIndex, considering: Considering, documents: Collection[str]
) -> str | None:
    """The name that answers ``question``, when it is answered and the answer is a name."""
    considered = considering.consider(question, index, documents)
    if considered.confidence < answerability.CUT or considered.weighed[0].answer is None:
        return None
    words = considered.weighed[0].answer.of(considered.weighed[0].passage.document.text)
    return words if words[0].isupper() and len(words.split()) <= _NAME_WORDS else None
