"""What plain retrieval would do with the same questions: the yardstick beside the assistant's own figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assistant.answering import Assistant
from assistant.evaluating.evaluation import Outcome, Question, rank_of
from assistant.judging.evidence import weigh
from index import Passage, PassageIndex, Sentence
from index.dense import Vectors
from index.lexical import LexicalIndex

Ranking = list[tuple[Passage, Sentence, float]]
"""Sentences with their scores, best first; ties in reading order."""
_KEPT = 10


def outcomes(assistant: Assistant, index: PassageIndex, questions: Sequence[Question]) -> dict[str, list[Outcome]]:
    """Each baseline's outcomes, in the order of ``questions``: "dense", "bm25" and "hybrid".

    A baseline ranks every sentence of the documents and is as confident as its best score is high; it never refuses,
    so of its figures only hit@k, MRR and AUROC mean anything. "dense" is the cosine of MiniLM's vectors, "bm25" BM25
    over sentences, "hybrid" the assistant's own retrieval without its reader. All get the question the assistant
    understood, slips mended and follow-ups resolved.
    """
    places = [(passage, sentence) for passage in index.passages for sentence in passage.sentences]
    texts = [sentence.span.of(passage.document.text) for passage, sentence in places]
    lexical = LexicalIndex.of(texts)
    # The index has none of sentences.
    vectors = assistant.embed([" ".join(text.split()) for text in texts])

    def ranked(scores: Sequence[float]) -> Ranking:
        order = np.argsort(-np.asarray(scores), kind="stable")[:_KEPT]
        return [(*places[place], float(scores[place])) for place in order]

    def dense(_: str, vector: Vectors) -> Ranking:
        return ranked([float(cosine) for cosine in vectors @ vector])

    def bm25(asked: str, _: Vectors) -> Ranking:
        return ranked([float(score) for score in lexical.scores(asked)])

    def hybrid(asked: str, vector: Vectors) -> Ranking:
        weighed = weigh(asked, index.retrieve(asked, vector, _KEPT), index)
        return [(evidence.passage, evidence.sentence, evidence.score) for evidence in weighed[:_KEPT]]

    rankers: dict[str, Callable[[str, Vectors], Ranking]] = {"dense": dense, "bm25": bm25, "hybrid": hybrid}
    found: dict[str, list[Outcome]] = {name: [] for name in rankers}
    for question in questions:
        asked = assistant.understand(question.question, question.history, index)
        vector = assistant.embed([asked])[0]
        for name, ranker in rankers.items():
            ranking = ranker(asked, vector)
            spans = [s.span for passage, s, _ in ranking if passage.document.id == question.document]
            confidence = ranking[0][2] if ranking else 0.0
            rank = rank_of(question, spans)
            found[name].append(Outcome(question, None, confidence, True, rank, None, None, False, 0.0))
    return found
