"""Passages found → the sentences in them that answer, best first, each said once."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import regex

from assistant.judging import nesting
from assistant.language.answer_types import expected, holds
from assistant.quotes.repeated import figures, said
from assistant.reader.runtime import UNREAD, Losses, Reader, Reading
from assistant.reader.windows import MAX_HEADING
from index import Hit, Passage, PassageIndex, Sentence, Span
from index.acronyms import expanded
from index.headings import levels_of
from index.tokens import terms

# How a sentence's score is made up, 1 at most; fitted on tests/eval/dev.jsonl. The cosine is its passage's: with a
# vector for each sentence the figures of both dev sets were the same within a question, at twice the work of a build.
COSINE_WEIGHT, COVERAGE_WEIGHT, PASSAGE_WEIGHT, TYPE_WEIGHT = 0.35, 0.19, 0.38, 0.08
# What the reader's log-odds lose for how far a sentence's score, its passage's and its document's fall short of the
# question's best; fitted on the dev sets by tests/eval/fit.py. By how much more than DOCUMENT_GAP a document falls
# short makes no difference. Most texts of a shelf are about something else, and a window alone cannot tell.
SENTENCE_LOSS, PASSAGE_LOSS, DOCUMENT_LOSS, DOCUMENT_GAP = 2.35, 2.08, 2.2, 0.115
# The log-odds, so lessened, of a sentence as likely as not to answer.
EVEN_ODDS = -2.0
SENTENCES_READ = 30
# So many of the likeliest sentences are read once more, beside each other, and what that reading weighs in the mean of
# both. Fitted by tests/eval/fit.py.
SHORTLIST, SHORTLIST_WEIGHT = 5, 0.39
# Short answers are set off only when the reader is at least this sure of where they begin and end.
ANSWER_CONFIDENCE = 0.5
# A further quote must come this close to the best one, or so close where none was read, and share less than this with
# those already chosen.
MARGIN, MARGIN_UNREAD = 0.06, 0.046
_SAME_SHARE = 0.6
_PIECE = regex.compile(r"\p{N}+|[\p{L}\p{M}]+|[^\s\p{L}\p{M}\p{N}]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence and how well it answers.

    Attributes:
        score: orders sentences, 0 to 1.
        passage_score: of its passage, as found, 0 to 1.
        coverage: share of the question's content terms in the sentence or its heading, weighted by idf, 0 to 1.
        fits_type: whether the sentence holds the kind of thing asked for (a date, a number, a name); True when the
            question asks for no such kind.
        log_odds: of the sentence answering, against "not answered here", by the reader and by how well it was found;
            None when it was not read.
        beside: its log-odds beside the other likeliest ones; None where it is not one of them.
        answer: the words that answer most directly, where they are known.
        sharpness: how sure the reader is of the first and the last word of a short answer, if it answers, 0 to 1;
            beside the others where it is one of them.
    """

    passage: Passage
    sentence: Sentence
    score: float
    passage_score: float
    coverage: float
    fits_type: bool
    log_odds: float | None = None
    answer: Span | None = None
    beside: float | None = None
    sharpness: float = 0.0

    @property
    def text(self) -> str:
        """The sentence, word for word."""
        return self.sentence.span.of(self.passage.document.text)


def weigh(question: str, hits: Sequence[Hit], index: PassageIndex) -> list[Evidence]:
    """Every sentence of ``hits``, best first; ties in reading order."""
    asked = set(terms(question))
    idf = {term: index.lexical.idf(term) for term in asked}
    total = sum(idf.values()) or 1.0
    kind = expected(question)
    weighed: list[Evidence] = []
    for hit in hits:
        passage = hit.passage
        context = set(terms(passage.heading or ""))
        for sentence in passage.sentences:
            text = sentence.span.of(passage.document.text)
            held = set(terms(expanded(text, index.acronyms)))
            coverage = sum(idf[term] * (1.0 if term in held else 0.3 * (term in context)) for term in asked) / total
            fits = holds(text, kind, question)
            score = (
                COSINE_WEIGHT * max(hit.cosine, 0.0)
                + COVERAGE_WEIGHT * coverage
                + PASSAGE_WEIGHT * hit.score
                + TYPE_WEIGHT * fits
            )
            weighed.append(Evidence(passage, sentence, score, hit.score, coverage, fits))
    return sorted(weighed, key=_best_first)


def read(question: str, weighed: Sequence[Evidence], reader: Reader, named: Sequence[Passage] = ()) -> list[Evidence]:
    """The same sentences as the reader sees them, best first: its log-odds and retrieval's score together.

    Only the passages that hold the best ``SENTENCES_READ`` sentences are read, each sentence beside its neighbours, so
    the cost does not grow with the documents; and of these only as much as can matter (``Reader.read``). A sentence
    that was not read comes after all that were. ``named``: passages, of documents that the question names, to be read
    too.
    """
    likely = [evidence.passage for evidence in weighed[:SENTENCES_READ]]
    passages = list({passage.id: passage for passage in (*likely, *named)}.values())
    weights = (SENTENCE_LOSS, PASSAGE_LOSS, DOCUMENT_LOSS)
    short = shortfalls(weighed, {passage.document.id for passage in named})
    other = nesting.losses(question, passages)
    loss = {
        evidence.sentence.id: sum(weight * each for weight, each in zip(weights, by, strict=True))
        + other.get(evidence.passage.id, 0.0)
        for evidence, by in zip(weighed, short, strict=True)
    }
    losses = [[loss[sentence.id] for sentence in passage.sentences] for passage in passages]
    readings = read_passages(question, passages, reader, losses)
    judged: list[Evidence] = []
    for evidence in weighed:
        reading = readings.get(evidence.sentence.id, UNREAD)
        if reading is UNREAD:
            judged.append(replace(evidence, score=0.0))
            continue
        log_odds = reading.log_odds - loss[evidence.sentence.id]
        start = evidence.sentence.span.start
        sure = reading.confidence >= ANSWER_CONFIDENCE and reading.start < reading.end
        judged.append(
            replace(
                evidence,
                score=chance(log_odds - EVEN_ODDS),
                log_odds=log_odds,
                answer=Span(start + reading.start, start + reading.end) if sure else None,
                sharpness=reading.confidence,
            )
        )
    return compare(question, sorted(judged, key=_best_first), reader)


def compare(question: str, judged: Sequence[Evidence], reader: Reader) -> list[Evidence]:
    """The same sentences, best first, once the likeliest ``SHORTLIST`` of them are read beside each other.

    Log-odds from one window compare better than from two, and the reader learnt from such windows (``shortlists.py``).
    Each stands behind what its passage is read under; what neighbours tell of it is in its own log-odds, with which a
    mean is taken. None that is not on the shortlist comes before one that is.
    """
    listed = [evidence for evidence in judged[:SHORTLIST] if evidence.log_odds is not None]
    if len(listed) < 2:
        return list(judged)
    listed.sort(key=lambda evidence: evidence.sentence.id)
    titled = is_by_title(question, [evidence.passage for evidence in listed])
    run = [f"{over(evidence.passage, titled)} {evidence.text}" for evidence in listed]
    [readings] = reader.read(question, [run])
    compared: list[Evidence] = []
    for evidence, reading in zip(listed, readings, strict=True):
        assert evidence.log_odds is not None
        log_odds = (1 - SHORTLIST_WEIGHT) * evidence.log_odds + SHORTLIST_WEIGHT * reading.log_odds
        score = chance(log_odds - EVEN_ODDS)
        beside, sharpness = reading.log_odds, reading.confidence
        compared.append(replace(evidence, score=score, log_odds=log_odds, beside=beside, sharpness=sharpness))
    compared.sort(key=_best_first)
    lowest = compared[-1].score
    return [*compared, *(replace(evidence, score=min(evidence.score, lowest)) for evidence in judged[len(listed) :])]


def _best_first(evidence: Evidence) -> tuple[float, int]:
    """The key to sort by; ties in reading order."""
    return -evidence.score, evidence.sentence.id


def over(passage: Passage, titled: bool = False) -> str:
    """What a passage is read under, as a sentence: its headings or, without one, its document's title; both if
    ``titled``."""
    heading, title = passage.heading, passage.document.title
    titles = [title] if titled and heading and not set(terms(title)) <= set(terms(heading)) else []
    *outer, last = levels_of(heading) or (title,)
    if outer:
        titles = _fitting([*titles, *outer], MAX_HEADING - _tokens(f"{last}."))
    return ": ".join([*titles, f"{last}."])


def _fitting(outer: Sequence[str], room: int) -> list[str]:
    """Of what stands over a heading, the outermost first, as much as may be read before it: the nearest first, and the
    beginning of the one that is too long."""
    kept: list[str] = []
    for title in reversed(outer):
        # No token is longer on average, and a title may be a whole page.
        words = title[: 10 * MAX_HEADING]
        while words and _tokens(f"{words}:") > room:
            words = words.rpartition(" ")[0]
        if not words:
            break
        kept.insert(0, words)
        room -= _tokens(f"{words}:")
    return kept


def _tokens(words: str) -> int:
    """About how many tokens the reader makes of ``words``, rather more than fewer: it reads no more than so many."""
    return sum(1 + len(word) // (2 if word.isdigit() else 8 if word.isascii() else 3) for word in _PIECE.findall(words))


def is_by_title(question: str, passages: Iterable[Passage]) -> bool:
    """Whether the title of one of ``passages`` holds a word of the question that neither its heading nor itself holds.

    Then all are to be read under their titles: in a shelf of like texts every one has its "Rules. Records are kept for
    3 years.", which does not tell whose.
    """
    asked = set(terms(question))
    return any(
        named and not named <= set(terms(f"{passage.heading} {passage.text}"))
        for passage in passages
        if passage.heading and (named := asked & set(terms(passage.document.title)))
    )


def read_passages(
    question: str, passages: Sequence[Passage], reader: Reader, losses: Losses | None = None
) -> dict[int, Reading]:
    """What the reader makes of each sentence, by its id; ``losses`` as for ``Reader.read``."""
    runs = [[s.span.of(passage.document.text) for s in passage.sentences] for passage in passages]
    titled = is_by_title(question, passages)
    headings = [over(passage, titled) for passage in passages]
    return {
        sentence.id: reading
        for passage, run in zip(passages, reader.read(question, runs, headings, losses), strict=True)
        for sentence, reading in zip(passage.sentences, run, strict=True)
    }


def chance(log_odds: float) -> float:
    """The probability, 0 to 1, of these log-odds."""
    return 1 / (1 + math.exp(-max(-50.0, log_odds)))


def shortfalls(weighed: Sequence[Evidence], named: Collection[str] = ()) -> list[tuple[float, float, float]]:
    """By how much each sentence of ``weighed``, not yet read, falls short of the best, at least 0: in its own score, in
    its passage's, and in the best of its document as a share, at most 1, of ``DOCUMENT_GAP``.

    Those of the documents ``named``, by id, are compared with each other: how far they fall short of the rest is for
    the name that they lack.
    """
    documents: dict[str, float] = {}
    for evidence in weighed:
        name = evidence.passage.document.id
        documents[name] = max(documents.get(name, 0.0), evidence.score)
    every = _best(weighed)
    own = _best([evidence for evidence in weighed if evidence.passage.document.id in named])
    found = []
    for evidence in weighed:
        document = evidence.passage.document.id
        best, passage = own if document in named else every
        gap = min(1.0, (best - documents[document]) / DOCUMENT_GAP)
        found.append((best - evidence.score, passage - evidence.passage_score, gap))
    return found


def _best(weighed: Sequence[Evidence]) -> tuple[float, float]:
    """The highest score of a sentence, and of a passage."""
    scores = [(evidence.score, evidence.passage_score) for evidence in weighed]
    return max((score for score, _ in scores), default=0.0), max((score for _, score in scores), default=0.0)


def choose(weighed: Sequence[Evidence], most: int, margin: float | None = None) -> list[Evidence]:
    """The best sentence and those within ``margin`` of it, at most ``most``, each thing said once.

    None is the margin of an answer.
    """
    if margin is None:
        margin = MARGIN if weighed and weighed[0].log_odds is not None else MARGIN_UNREAD
    chosen: list[Evidence] = []
    for evidence in weighed:
        if len(chosen) == most or evidence.score < weighed[0].score - margin:
            break
        if not any(_says_the_same(evidence, other) for other in chosen):
            chosen.append(evidence)
    return chosen


def _says_the_same(one: Evidence, other: Evidence) -> bool:
    """Whether the shorter sentence's terms are mostly the other's: the article says its first sentence twice.

    Sentences that differ in a number or a denial disagree, and both are heard; so are two documents, but for a
    sentence that they have in the same words.
    """
    texts = [one.text, other.text]
    if one.passage.document.id != other.passage.document.id:
        return said(texts[0]) == said(texts[1])
    a, b = (set(terms(text)) for text in texts)
    alike = bool(a and b) and len(a & b) >= _SAME_SHARE * min(len(a), len(b))
    return alike and figures(texts[0]) == figures(texts[1])
