"""“Tell me more” behind an answer: the next best sentences that this conversation has not quoted yet, or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from assistant.judging import echoes, quoting
from assistant.judging.evidence import MARGIN_UNREAD, Evidence, choose
from assistant.quotes import grounding
from assistant.replies import Answer, Quote, Reason, Refusal, Reply
from assistant.understanding import smalltalk
from index import PassageIndex

# From here on a sentence that was read is as likely as not to answer.
_LIKELY = 0.5
_TURNS = 4

Judged = tuple[Reply, tuple[Evidence, ...]]
_Place = tuple[str, int]


def continued(
    asked: str,
    history: Sequence[str],
    judge: Callable[[str, Sequence[str]], Judged],
    most: int,
    index: PassageIndex,
    documents: Collection[str] = (),
) -> Judged | None:
    """What more is said on the last question of ``history``; None when ``asked`` asks for no more, or behind nothing.

    ``judge`` gives the reply to a message with those before it, from ``index``. Of a longer conversation the quotes of
    the last questions alone are known. ``documents``: ids of those that alone are looked at, if any.
    """
    turns = smalltalk.turns([*history, asked]) if smalltalk.asks_more(asked) else []
    if not turns or not turns[-1][2]:
        return None
    first = [at for at, _, more in turns if not more][-_TURNS:][0]
    quoted: set[_Place] = set()
    reply: Reply | None = None
    weighed: tuple[Evidence, ...] = ()
    quotes: Sequence[Quote] = ()
    for at, message, more in turns:
        if at < first:
            continue
        if not more:
            reply, weighed = judge(message, history[:at])
            quotes = reply.quotes if isinstance(reply, Answer) else ()
        elif isinstance(reply, Answer):
            quotes = _further(reply, weighed, quoted, most, index, documents)
        quoted.update((quote.document, quote.start) for quote in quotes)
    if reply is None:
        return None
    if not isinstance(reply, Answer) or not quotes:
        return _nothing(asked, reply), weighed
    grounding.verify(quotes, index)
    confidence = round(min(reply.confidence, quotes[0].score), 4)
    return replace(reply, question=asked, confidence=confidence, quotes=tuple(quotes), questions=None), weighed


def _further(
    answer: Answer,
    weighed: Sequence[Evidence],
    quoted: Collection[_Place],
    most: int,
    index: PassageIndex,
    documents: Collection[str],
) -> tuple[Quote, ...]:
    """The next quotes of what may answer as well, and says nothing that was quoted."""
    shown = [evidence for evidence in weighed if _place(evidence) in quoted]
    rest = [each for each in weighed if _place(each) not in quoted and _may_answer(each, weighed[0])]
    # What says the same as a sentence that was shown is left out with it.
    found = choose([*shown, *rest], len(shown) + most, margin=1.0)
    found = [evidence for evidence in found if _place(evidence) not in quoted][:most]
    if not found:
        return ()
    told = echoes.answers(answer.standalone_question, found, weighed, index)
    return quoting.quotes([each for each in told if _place(each) not in quoted], weighed, index, documents)


def _may_answer(evidence: Evidence, best: Evidence) -> bool:
    if best.log_odds is None:
        return evidence.score >= best.score - 2 * MARGIN_UNREAD
    return evidence.score >= _LIKELY


def _place(evidence: Evidence) -> _Place:
    return evidence.passage.document.id, evidence.sentence.span.start


def _nothing(asked: str, reply: Reply) -> Refusal:
    return Refusal(
        question=asked,
        standalone_question=reply.standalone_question,
        confidence=0.0,
        reason_code=Reason.NOT_ANSWERED,
        reason=f"Nothing more was found in the documents on “{reply.standalone_question}”.",
        nearest=(),
        generation=reply.generation,
        took_ms=reply.took_ms,
        notices=reply.notices,
    )
