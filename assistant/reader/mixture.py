"""What an epoch of training is made of: the shares of sources and of kinds of examples."""

from __future__ import annotations

from .corpus import CORRECTED, FAR, ITSELF, UNSAID, WRITTEN

ANSWERED = "answered"
ANSWERED_SHARE = 0.43
KINDS = {
    "near": 0.13,
    "minus": 0.20,
    "far": 0.07,
    "neighbour": 0.07,
    "entity": 0.17,
    "attribute": 0.14,
    "noun": 0.09,
    "asked": 0.03,
    "negation": 0.03,
    "condition": 0.04,
    "passage": 0.05,
}
"""Kinds of unanswered windows and the share of each.

near, neighbour: another passage, closest by BM25 to the question or to the answering sentence. minus: the own
passage without the answering sentence. far: a passage drawn at random. entity, attribute, noun, asked,
negation, condition: the question edited (see `edits`). passage: the passage edited instead.
"""
SHORTLIST = "shortlist"
"""Kind of a window over likely sentences of several passages."""
ELSEWHERE = "sibling"
"""Kind of a window from another passage of the document that was asked."""

WEIGHT = {
    "squad-par": 1.6,
    "squad-par2": 1.6,
    "nq": 1.2,
    "qed": 1.2,
    "selqa": 1.0,
    "covidqa": 0.8,
    "policyqa": 0.7,
    "squad-sent": 0.9,
    "squad-nqg": 0.7,
    "qamr": 0.55,
    WRITTEN: 2.0,
    FAR: 6.0,
    ITSELF: 6.0,
    CORRECTED: 5.0,
    UNSAID: 4.0,
}
"""How often an epoch draws the items of each source, or of each kind of written questions that is named."""
OF_DOCUMENT = 2.2
"""How many times as often it draws those about whole documents."""
STRUCTURED = 2.5
"""How many times as often it draws those about passages with rows, items, clauses or speakers' turns."""

WRITTEN_ANSWERED_SHARE = 0.7
SIBLING, SIBLING_ANSWERED = 0.3, 0.2
"""Shares of the questions about whole documents that are asked of another passage of the same document, which does not
answer: of those without an answer, and of the answered."""
SHORTLISTED, LISTED, LACKING = 0.75, 3.0, 0.15
"""Of the questions with a shortlist (`shortlists.py`): the share that is asked of it, how many times as often they are
drawn, and the share of their shortlists that lack what answers."""
REWORDED, WORDS_PUT, BY_THESAURUS = 0.3, 0.6, 0.5
"""With a thesaurus: the share of all questions that are put in other words, that of their words then, and the share of
exchanged words that are drawn from it in place of the tables."""
WITHOUT_HEADING = 0.1
"""Share of the windows that are read without the heading they have."""

MARKED = {CORRECTED: 0.65, UNSAID: 0.6, WRITTEN: 0.08}
MARKED_BY_RULE = 0.02
"""Shares of the questions that are asked behind `MARK`: those whose premise a sentence makes false, written or by rule
(a negation put into a question that is answered), against all others, whose premises hold or are not spoken of."""
