"""A question that takes something false for granted → the sentence that shows it to be false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.judging.evidence import Evidence, chance, read_passages
from assistant.reader.runtime import Reader
from assistant.reader.windows import MARK

# The log-odds from which on a sentence is shown: of 305 false premises that no training saw 40 % get the sentence that
# corrects them and 4 % another one, of 1,603 other questions 2 % get one (assistant/reader/figures.py).
CUT = 3.0
# Of the sentences likeliest to answer, so many bring their passages. On the dev sets the sentence that corrects is one
# of them.
SENTENCES = 3


def correcting(question: str, weighed: Sequence[Evidence], reader: Reader) -> Evidence | None:
    """The sentence that contradicts ``question`` most surely, from ``CUT`` on; None when the reader finds none.

    Looked for in the passages of the best ``SENTENCES`` of ``weighed``, which is best first. Where it is the very best
    of them there is none: what seems to answer and to contradict most often answers ("on which day is there no boat?").
    ``score`` of what is found is the probability that it contradicts, ``log_odds`` their logarithm as odds; no words in
    it are set off. Weights that were not taught to find such sentences find none.
    """
    if not reader.corrects:
        return None
    passages = list({evidence.passage.id: evidence.passage for evidence in weighed[:SENTENCES]}.values())
    readings = read_passages(MARK + question, passages, reader)
    among = [evidence for evidence in weighed if evidence.sentence.id in readings]
    best = max(among, key=lambda evidence: readings[evidence.sentence.id].log_odds, default=None)
    if best is None or best is weighed[0] or readings[best.sentence.id].log_odds < CUT:
        return None
    log_odds = readings[best.sentence.id].log_odds
    return replace(best, score=chance(log_odds), log_odds=log_odds, answer=None)
