"""What the assistant says: an answer made of quotes, or a refusal. One object for CLI, API, page and exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Place:
    """Where another document says the same: its words, but for function words and typography. Fields as in Quote."""

    document: str
    document_sha256: str
    title: str
    heading: str | None
    paragraph: int
    page: int | None
    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document, and where they stand. Made by ``grounding.cut`` alone.

    Attributes:
        number: 1-based, in order of appearance in the reply.
        document: the document's path below the source folder; ``document_sha256`` is of that file's bytes.
        heading: the headings the words stand under, outermost first, “2.4.0 › Added”; None before the first.
        paragraph: 1-based, as a reader counts.
        start, end: half-open code points of the document's canonical text.
        exact: the words; always ``text[start:end]``.
        prefix, suffix: up to 32 characters before and after, as in a W3C TextQuoteSelector.
        score: how well the words answer, 0 to 1; orders the quotes of one reply, says little across replies.
        answer_start, answer_end: the words inside ``exact`` that answer most directly, where they are known;
            absolute in the document, like ``start``.
        page: 1-based, on which the words begin; None where the document has no pages.
        also: where other documents say the same, in the order of their ids.
        questions: in a reply to several questions, those that it answers, as in ``Asked``; it stands under the first.
    """

    number: int
    document: str
    document_sha256: str
    title: str
    heading: str | None
    paragraph: int
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    score: float
    answer_start: int | None = None
    answer_end: int | None = None
    page: int | None = None
    also: tuple[Place, ...] = ()
    questions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several questions that a message asks, as understood; ``reason``: why it is not answered, if it is not."""

    question: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that a model wrote, and the numbers of the quotes that back it, each alone; at least one."""

    text: str
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a model wrote from the quotes, less what they do not back. Made by ``summarising.checked`` alone.

    ``removed`` counts the sentences that were taken out. The words are the model's, never a quotation.
    """

    sentences: tuple[Sentence, ...]
    removed: int


class Reason(StrEnum):
    """Why there is no answer."""

    NOT_ANSWERED = "not-answered"
    OTHER_LANGUAGE = "other-language"
    NO_WORDS = "no-words"
    TOO_LONG = "too-long"
    SMALL_TALK = "small-talk"


# The question itself cannot be asked: a usage error, where the others are answers.
BAD_QUESTION = frozenset({Reason.NO_WORDS, Reason.TOO_LONG})


@dataclass(frozen=True, slots=True)
class Answer:
    """The documents answer. ``confidence`` is the calibrated probability that they do, 0 to 1.

    ``summary`` is None where no model is set, or it gave none; ``questions``, those of the message in order, where it
    asks only one.
    """

    question: str
    standalone_question: str
    confidence: float
    quotes: tuple[Quote, ...]
    generation: str
    took_ms: float
    notices: tuple[str, ...] = ()
    summary: Summary | None = None
    questions: tuple[Asked, ...] | None = None

    def __post_init__(self) -> None:
        if not self.quotes:
            raise ValueError("an answer has at least one quote")
        answered = {asked.question for asked in self.questions or () if asked.reason is None}
        named = {question for quote in self.quotes for question in quote.questions or ()}
        if named != answered or (answered and not all(quote.questions for quote in self.quotes)):
            raise ValueError("quotes name the questions that are answered, and no others")
        numbers = {quote.number for quote in self.quotes}
        for sentence in self.summary.sentences if self.summary else ():
            if not sentence.quotes or not numbers.issuperset(sentence.quotes):
                raise ValueError("a sentence of a summary points at quotes of its answer")

    def to_json(self) -> dict[str, object]:
        """JSON-ready, as ``reply.schema.json`` describes it."""
        return _json("answer", asdict(self), {"reason_code": None, "reason": None, "correction": None, "nearest": []})

    def _repr_html_(self) -> str:
        """For notebooks."""
        from assistant.showing import notebook  # which knows replies

        return notebook.answer(self.standalone_question, self.quotes, self.notices, self.summary, self.questions)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The documents do not answer: a value, not an error. ``nearest`` is offered, never as the answer.

    ``correction`` is a sentence that may contradict what the question takes for granted, where one was found;
    the numbers of ``nearest`` then go on from its own. A nearest passage may hold it, but is more than it.
    """

    question: str
    standalone_question: str
    confidence: float
    reason_code: Reason
    reason: str
    nearest: tuple[Quote, ...]
    generation: str | None
    took_ms: float
    notices: tuple[str, ...] = ()
    correction: Quote | None = None

    def __post_init__(self) -> None:
        if self.correction is not None and self.reason_code is not Reason.NOT_ANSWERED:
            raise ValueError("a question is corrected only where the documents were looked through for an answer")

    def to_json(self) -> dict[str, object]:
        """JSON-ready, as ``reply.schema.json`` describes it."""
        return _json("refusal", asdict(self), {"questions": None, "quotes": [], "summary": None})

    def _repr_html_(self) -> str:
        """For notebooks."""
        from assistant.showing import notebook  # which knows replies

        return notebook.refusal(self.standalone_question, self.reason, self.nearest, self.notices, self.correction)


Reply = Answer | Refusal


def quotes_of(reply: Reply) -> tuple[Quote, ...]:
    """Every quote that ``reply`` shows, in the order of their numbers."""
    match reply:
        case Answer():
            return reply.quotes
        case Refusal():
            return (*((reply.correction,) if reply.correction is not None else ()), *reply.nearest)


_KEYS = (
    "kind",
    "question",
    "standalone_question",
    "confidence",
    "summary",
    "questions",
    "quotes",
    "reason_code",
    "reason",
    "correction",
    "nearest",
    "generation",
    "took_ms",
    "notices",
)


def _json(kind: str, fields: Mapping[str, object], rest: Mapping[str, object]) -> dict[str, object]:
    """Both kinds have the same keys in the same order, so that a reader of one can read the other."""
    known = {"kind": kind, **fields, **rest}
    return {key: list(value) if isinstance(value := known[key], tuple) else value for key in _KEYS}
