"""A question in, a reply out: the whole way on one page."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import selecting
from assistant.citations.cards import tells, told_by_card
from assistant.config import AppConfig
from assistant.judging import (
    answerability,
    comparisons,
    echoes,
    evidence,
    mentions,
    other_languages,
    questions,
    quoting,
    refusing,
)
from assistant.judging.considering import Considered, Considering
from assistant.judging.evidence import Evidence
from assistant.judging.premises import correcting
from assistant.quotes import grounding
from assistant.reader.runtime import Reader, ReaderCorrupt, ReaderMissing
from assistant.reading import MOST_PASSAGES, BadQuery, Passages, nearest
from assistant.replies import Answer, Reason, Refusal, Reply, quotes_of
from assistant.understanding import continuing, several, smalltalk
from assistant.understanding.continuing import Judged
from assistant.understanding.standalone import understand
from index import BadIndex, Changes, Embedder, LiveIndex, PassageIndex, open_embedder
from index.dense import Vectors
from index.embedding import EmbedderIdentity, packaged_minilm

if TYPE_CHECKING:
    from assistant.summary.arranging import Arranger

READER_FOLDER = Path(__file__).parent / "reader" / "weights"


class Assistant:
    """Answers questions about the indexed documents, or refuses. Safe to call from any thread."""

    def __init__(
        self,
        live: LiveIndex,
        embedder: Embedder,
        reader: Reader | None = None,
        max_quotes: int = 3,
        notices: tuple[str, ...] = (),
        arranger: Arranger | None = None,
    ) -> None:
        """Without a ``reader`` retrieval's own measures decide. ``notices`` go with every reply.

        With an ``arranger`` a language model sums the quotes of an answer up.
        """
        self._live = live
        self._embedder = embedder
        self._reader = reader
        self._considering = Considering(embedder, reader)
        self._max_quotes = max_quotes
        self._notices = notices
        self._arranger = arranger

    @classmethod
    def open(cls, environ: Mapping[str, str] | None = None) -> Assistant:
        """An assistant over the index the settings name, with the reader beside it. Raises BadSetting or BadModel.

        ``environ`` holds the settings; the process's environment by default. Without a usable reader it answers all
        the same, by retrieval alone, and every reply says so.
        """
        config = AppConfig.from_env(os.environ if environ is None else environ)
        embedder = open_embedder(config.index.model_dir, config.index.index_dir)
        reader, notices = open_reader()
        arranger = None
        if config.llm is not None:
            # Not even imported where no model is set.
            from assistant.summary.arranging import Arranger

            arranger = Arranger(config.llm)
        live = LiveIndex(config.index, embedder.identity)
        return cls(live, embedder, reader, config.max_quotes, notices, arranger)

    def load(self) -> None:
        """Load the embedding model and the index now, not at the first question. Raises BadModel."""
        self._embedder.encode(["a first sentence, so that the first question need not wait"])
        with contextlib.suppress(BadIndex):  # told to whoever asks
            index, _ = self.index()
            index.lexical.knows("")
            self._considering.spelling(index)

    def ask(self, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()) -> Reply:
        """Answer ``question`` with quotes, or refuse; ``history``: the user's earlier questions, oldest first.

        With ``documents``, names as ``selecting.select`` takes them, only those are looked at. Raises BadIndex when
        there is no usable index, BadSelection when a name stands for no document. Where a language model is set, an
        answer has a summary too, or a notice that says why not.
        """
        started = time.perf_counter()
        reply = self.arrange(self.quote(question, history, documents))
        return replace(reply, took_ms=_milliseconds(started))

    def arrange(self, reply: Reply) -> Reply:
        """The reply with a summary by the language model, where one is set; else as it is."""
        if self._arranger is None or not isinstance(reply, Answer):
            return reply
        return self._arranger.arrange(reply, self.index()[0].acronyms)

    def quote(self, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()) -> Reply:
        """``ask`` without the language model."""
        return self.judge(question, history, documents)[0]

    def judge(self, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()) -> Judged:
        """What ``quote`` replies, and the sentences it was decided on, best first; none where none were looked for."""
        started = time.perf_counter()
        asked = questions.clean(question)
        complaint = questions.complain(asked)
        if complaint is not None:
            return refusing.to_ask(asked[:200], complaint, _milliseconds(started)), ()
        index, notices = self.index()
        chosen = selecting.select(documents, index)
        standalone, again = asked, partial(self.judge, documents=documents)
        more = continuing.continued(asked, history, again, self._max_quotes, index, chosen)
        if more := more or several.answered(asked, history, again, self._max_quotes):
            return replace(more[0], took_ms=_milliseconds(started)), more[1]
        complaint = _small_talk(asked, history, index, chosen) or questions.foreign(asked, index)
        if complaint is None:
            standalone = self.understand(asked, history, index, chosen)
            complaint = questions.vague(standalone)
        if complaint is not None:
            if complaint.reason is Reason.OTHER_LANGUAGE:
                notices = (*notices, *other_languages.unread(index, chosen, reason=False))
            return refusing.to_ask(asked, complaint, _milliseconds(started), index.generation, notices), ()
        mention = mentions.asked(standalone)
        sought = mention.sought if mention else comparisons.without_date(standalone)
        considered = self.consider(sought, index, chosen)
        confidence = considered.confidence
        sure = confidence >= answerability.SURE
        # What a document itself is seldom stands in its sentences: a reader that is not sure has found something else.
        answered = confidence >= answerability.CUT and (sure or not tells(standalone, asked, index, chosen))
        held: list[Evidence] = []
        if mention:
            despite = confidence >= answerability.DESPITE_A_STRANGER
            answered = answered and (despite or not mentions.is_strange(mention, index, chosen))
            if mention.first or not answered:
                held = mentions.holding(mention, considered.weighed, index)
        found = None
        if held:
            confidence = max(confidence, answerability.SURE if mention and mention.first else answerability.CUT)
        elif self._reader is not None and not sure:
            found = correcting(sought, considered.weighed, self._reader)
        if held or (answered and found is None):
            margin = 1.0 if held else None
            best = evidence.choose(held or considered.weighed, self._max_quotes, margin)
            best = echoes.answers(standalone, best, considered.weighed, index)
            quotes = quoting.quotes(best, considered.weighed, index, chosen)
            grounding.verify(quotes, index)
            answer = Answer(
                question=asked,
                standalone_question=standalone,
                confidence=round(confidence, 4),
                quotes=quotes,
                generation=index.generation,
                took_ms=_milliseconds(started),
                notices=(*notices, *other_languages.quoted(quotes, index)),
            )
            return answer, considered.weighed
        (correction,) = quoting.quotes([found], considered.weighed, index, chosen) if found else (None,)
        contradicted = found.score if found is not None and answered else 0.0
        refusal = Refusal(
            question=asked,
            standalone_question=standalone,
            confidence=round(confidence * (1 - contradicted), 4),
            reason_code=Reason.NOT_ANSWERED,
            reason=refusing.why(sought, index, chosen, corrected=correction is not None),
            correction=correction,
            nearest=nearest(considered.hits, self._max_quotes, index, chosen, correction),
            generation=index.generation,
            took_ms=_milliseconds(started),
            notices=(*notices, *other_languages.unread(index, chosen)),
        )
        grounding.verify(quotes_of(refusal), index)
        return told_by_card(refusal, index, chosen, self._max_quotes), considered.weighed

    def search(self, query: str, most: int = 10, documents: Sequence[str] = ()) -> Passages:
        """The ``most`` passages nearest to ``query`` (1 to 50), best first, each word for word; nothing is judged.

        ``documents`` as for ``ask``. Raises BadIndex, BadSelection, and BadQuery when there is nothing to search for.
        """
        started = time.perf_counter()
        asked = questions.clean(query)
        complaint = questions.complain(asked)
        if complaint is not None:
            raise BadQuery(complaint.line)
        index, notices = self.index()
        chosen = selecting.select(documents, index)
        most = max(1, min(most, MOST_PASSAGES))
        passages = nearest(index.retrieve(asked, self.embed([asked])[0], most, chosen), most, index, chosen)
        grounding.verify(passages, index)
        return Passages(passages, index.generation, _milliseconds(started), notices)

    def index(self) -> tuple[PassageIndex, tuple[str, ...]]:
        """The index that would answer now, and what its reader should know. Raises BadIndex."""
        index, notices = self._live.get()
        return index, (*self._notices, *notices)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1."""
        return self._embedder.encode(texts)

    def changes(self) -> Changes:
        """What became of the documents since that index was built. Raises BadIndex."""
        return self._live.look().changes

    @property
    def reads(self) -> bool:
        """Whether the reader judges, or retrieval alone."""
        return self._reader is not None

    @property
    def embedder_identity(self) -> EmbedderIdentity:
        return self._embedder.identity

    def understand(
        self, question: str, history: Sequence[str], index: PassageIndex, documents: Collection[str] = ()
    ) -> str:
        """The question as it is asked of the documents, see ``understanding.understand``."""
        return understand(question, history, index, self._considering, documents)

    def consider(self, question: str, index: PassageIndex, documents: Collection[str] = ()) -> Considered:
        """What the documents, or those with these ids, hold on a question that stands alone; nothing is decided yet."""
        return self._considering.consider(question, index, documents)


def open_reader(folder: Path = READER_FOLDER) -> tuple[Reader | None, tuple[str, ...]]:
    """The reader, or None and one line that says why not and what to do."""
    try:
        threads = min(4, os.cpu_count() or 1)
        return Reader.open(folder, packaged_minilm(), threads), ()
    except (ReaderMissing, ReaderCorrupt) as problem:
        line = " ".join(str(problem).split())
        return None, (f"answering by retrieval alone, less surely: {line}; restore assistant/reader/weights",)


def _small_talk(
    asked: str, history: Sequence[str], index: PassageIndex, documents: Collection[str]
) -> questions.Complaint | None:
    earlier = smalltalk.asked_in(history)
    if smalltalk.asks_what_all_say(asked, earlier) and len(meant := sorted(documents or index.documents)) > 1:
        line = smalltalk.offer([index.documents[each].title for each in meant])
    elif kind := smalltalk.small_talk(asked, earlier):
        line = smalltalk.answer(kind, [document.title for document in index.documents.values()])
    else:
        return None
    return questions.Complaint(Reason.SMALL_TALK, line)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
