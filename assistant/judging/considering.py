"""What the documents hold on a question: passages found, sentences weighed and read, how likely they answer."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.judging import answerability, evidence, naming, nesting, pasted, tables
from assistant.judging.answerability import Features
from assistant.judging.evidence import Evidence
from assistant.judging.strangers import strangers
from assistant.language.phrases import last_first
from assistant.language.spelling import Spelling
from assistant.reader.runtime import Reader
from index import Embedder, Hit, PassageIndex

# The best passages are weighed: so many, and more where all of them together are no longer than this, as rows and items
# are.
_PASSAGES_READ, _SHORT_PASSAGES_READ, _CHARS_READ = 10, 30, 4000
# Further passages of the documents that the question names.
_OF_NAMED = 4


@dataclass(frozen=True, slots=True)
class Considered:
    """Passages found and sentences weighed, both best first, and the probability that they answer."""

    hits: tuple[Hit, ...]
    weighed: tuple[Evidence, ...]
    features: Features
    confidence: float


class Considering:
    """Finds, weighs and reads. Safe to call from any thread."""

    def __init__(self, embedder: Embedder, reader: Reader | None = None) -> None:
        """Without a ``reader`` retrieval's own measures decide."""
        self._embedder = embedder
        self._reader = reader
        self._spelling: tuple[str, Spelling] | None = None

    def consider(self, question: str, index: PassageIndex, documents: Collection[str] = ()) -> Considered:
        """What the documents, or those with these ids, hold on a question that stands alone; nothing is decided yet."""
        question = last_first(question)
        vector = self._embedder.encode([question])[0]
        hits = _enough(nesting.spoken(question, index.retrieve(question, vector, _SHORT_PASSAGES_READ, documents)))
        more: list[Hit] = []
        if named := naming.named(question, index, documents):
            seen = {hit.passage.id for hit in hits}
            more = nesting.spoken(question, index.retrieve(question, vector, _OF_NAMED, named))
            hits.extend(hit for hit in more if hit.passage.id not in seen)
        weighed = evidence.weigh(question, hits, index)
        told = pasted.told(question, weighed)
        if self._reader is not None:
            asked = pasted.asked_first(question, told) if told else question
            weighed = tables.by_rows(evidence.read(asked, weighed, self._reader, [hit.passage for hit in more]))
        weighed = pasted.others(weighed, told) or weighed
        stranger = bool(strangers(question, index, self.spelling(index), documents))
        found = answerability.features(question, hits, weighed, index, stranger)
        return Considered(tuple(hits), tuple(weighed), found, answerability.probability(found))

    def near(self, question: str, index: PassageIndex, documents: Collection[str] = ()) -> list[Hit]:
        """As many of the passages nearest to ``question`` as are weighed at most, best first."""
        return index.retrieve(question, self._embedder.encode([question])[0], _SHORT_PASSAGES_READ, documents)

    def spelling(self, index: PassageIndex) -> Spelling:
        """That of ``index``, made once for each generation."""
        if (made := self._spelling) is None or made[0] != index.generation:
            made = self._spelling = (index.generation, Spelling(index))
        return made[1]


def _enough(hits: Sequence[Hit]) -> list[Hit]:
    """The best of ``hits``: `_PASSAGES_READ` of them, and those beyond that fit into `_CHARS_READ` with them."""
    chars = list(itertools.accumulate(hit.passage.span.end - hit.passage.span.start for hit in hits))
    return [hit for place, hit in enumerate(hits) if place < _PASSAGES_READ or chars[place] <= _CHARS_READ]
