"""The reader at run time: how likely each sentence answers a question, and the words in it that do.

Needs onnxruntime and tokenizers. The weights are `reader.onnx` with `reader.json`, which names their SHA-256,
their limits and their calibration. The table of words is MiniLM's, which training left alone.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.embedding import check_minilm
from index.errors import BadModel
from index.onnx_session import open_session
from index.weights import WEIGHTS_FILE, WORDS, Rows

from .lean import lean
from .windows import MAX_WINDOW, Piece, Window, open_tokenizer, pieces, windows

MODEL_FILE = "reader.onnx"
CARD_FILE = "reader.json"
FORMAT = 2
MAX_ANSWER_TOKENS = 24

# A window whose least loss is such that sentences with log-odds of ``HIGHEST`` would not come up to all the odds found
# so far, ``LEAST`` at the least, is left out. With 1 in place of 3, as before, the article's questions took 0.7 of the
# time, and of a hundred answerable ones on dev three fewer had what answers among the first three.
HIGHEST, LEAST = 3.0, -0.1
# Windows read between two looks at what was found: the same on every machine, so that the readings are.
TOGETHER = 4

Logits = NDArray[np.float32]
Job = tuple[int, Window]
Losses = Sequence[Sequence[float]]
Seen = dict[tuple[int, int], list["Reading"]]


class ReaderMissing(Exception):
    """The reader's weights, their description or the tokenizer are not where they were sought."""


class ReaderCorrupt(Exception):
    """The reader's weights are not those that their description names, or it is not understood."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one sentence.

    `log_odds` is the natural logarithm of the odds that the sentence answers the question, against "not
    answered here". Characters [start, end) of the sentence are the short answer if it does; `confidence` in
    0..1 is how sure the reader is of these two ends, given that the sentence answers.
    """

    log_odds: float
    start: int
    end: int
    confidence: float


UNREAD = Reading(-30.0, 0, 0, 0.0)
"""Of a sentence that was left out, or has no token."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Maps a passage's best log-odds to the probability that the passage answers, at even prior odds."""

    slope: float
    intercept: float

    def probability(self, log_odds: float) -> float:
        """The probability, 0..1, for a log-odds."""
        exponent = self.slope * log_odds + self.intercept
        return 1.0 / (1.0 + math.exp(-exponent)) if exponent > -700.0 else 0.0


class Reader:
    """Reads sentences for answers. One instance may be used from several threads.

    `corrects`: whether its weights were taught what `MARK` before a question asks; of others its readings say nothing.
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        words: Rows,
        tokenizer: Tokenizer,
        calibration: Calibration,
        threads: int = 1,
        corrects: bool = False,
    ) -> None:
        """`threads` windows are read beside each other, however many questions are asked at once."""
        self.corrects = corrects
        self._session = session
        self._words = words
        self._tokenizer = tokenizer
        self._calibration = calibration
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read") if threads > 1 else None

    @classmethod
    def open(cls, folder: Path, base: Path, threads: int = 1) -> Reader:
        """Load the weights in `folder`, with the words of MiniLM in `base`; `threads` read beside each other.

        Raises ReaderMissing if a file is absent and ReaderCorrupt if the weights or their description are
        damaged, or MiniLM is another.
        """
        try:
            card = json.loads((folder / CARD_FILE).read_bytes())
            with (folder / MODEL_FILE).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ReaderMissing(f"cannot open the reader: {error}") from error
        except ValueError as error:
            raise ReaderCorrupt(f"{folder / CARD_FILE} is not JSON: {error}") from error
        calibration = _checked(card, sha256, folder)
        try:
            check_minilm(base)
        except BadModel as error:
            raise ReaderCorrupt(str(error)) from error
        try:
            # One thread a run: two that share one wait for each other.
            session = _opened(folder / MODEL_FILE)
            words, tokenizer = Rows(base / WEIGHTS_FILE, WORDS), open_tokenizer(str(base / "tokenizer.json"))
            return cls(session, words, tokenizer, calibration, threads, card.get("corrects") is True)
        except Exception as error:  # neither onnxruntime nor tokenizers promises a class of exception
            raise ReaderCorrupt(f"{folder / MODEL_FILE} or {base} cannot be loaded: {error}") from error

    def probability(self, log_odds: float) -> float:
        """The calibrated probability, 0..1, that a passage whose best sentence has `log_odds` answers."""
        return self._calibration.probability(log_odds)

    def read(
        self,
        question: str,
        sentences: Sequence[Sequence[str]],
        headings: Sequence[str] = (),
        losses: Sequence[Sequence[float]] | None = None,
    ) -> list[list[Reading]]:
        """A reading of every sentence of every run, in order.

        Each inner sequence is a run of neighbouring sentences in reading order, under the heading at its place in
        `headings`, if there are any: it often names what the sentences call "it". A sentence longer than a window is
        judged by its beginning. A sentence in two windows has the mean of its two log-odds.

        `losses` are what each sentence's log-odds are to be lessened by, for what is known of it beside its words.
        With them the likeliest windows are read first, and those that can matter no more not at all: their sentences
        are `UNREAD`.
        """
        over = list(headings) or [""] * len(sentences)
        flat = pieces(self._tokenizer, [question, *over, *(text for run in sentences for text in run)])
        asked, over_runs, rest = flat[0], flat[1 : len(over) + 1], flat[len(over) + 1 :]
        runs: list[list[Piece]] = []
        for run in sentences:
            runs.append(rest[: len(run)])
            rest = rest[len(run) :]
        jobs = [
            (number, window)
            for number, (heading, run) in enumerate(zip(over_runs, runs, strict=True))
            for window in windows(asked, run, heading)
        ]
        seen: dict[tuple[int, int], list[Reading]] = {}
        if losses is None:
            self._judge(jobs, runs, seen)
        else:
            self._judge_likely(jobs, runs, losses, seen)
        return [
            [_merged(seen.get((number, place), [])) for place in range(len(run))]
            for number, run in enumerate(sentences)
        ]

    def _judge_likely(self, jobs: Sequence[Job], runs: Sequence[Sequence[Piece]], losses: Losses, seen: Seen) -> None:
        """As `_judge`, of the windows that can matter."""
        least = {job: min((losses[job[0]][span.sentence] for span in job[1].spans), default=math.inf) for job in jobs}
        waiting = sorted(jobs, key=least.__getitem__)
        while waiting:
            self._judge(waiting[:TOGETHER], runs, seen)
            odds = (_merged(own).log_odds - losses[number][place] for (number, place), own in seen.items())
            found = max(LEAST, math.log(sum(map(math.exp, odds)) or math.exp(UNREAD.log_odds)))
            waiting = [job for job in waiting[TOGETHER:] if HIGHEST - least[job] >= found]

    def _judge(self, jobs: Sequence[Job], runs: Sequence[Sequence[Piece]], seen: Seen) -> None:
        """Read windows, each with the place of its run, and add a reading of each of their sentences to `seen`."""
        outputs = (self._pool.map if self._pool else map)(self._run, [window for _, window in jobs])
        for (number, window), (score, end) in zip(jobs, outputs, strict=True):
            for span in window.spans:
                piece = runs[number][span.sentence]
                reading = _reading(score[span.first : span.end], end[span.first : span.end], piece)
                seen.setdefault((number, span.sentence), []).append(reading)

    def _run(self, window: Window) -> tuple[Logits, Logits]:
        """The logits of a window's tokens: to be where the answer begins, and where it ends.

        Each window is a run of its own: beside others, a third of the time would go into padding.
        """
        words, types = self._words[np.array(window.ids)], np.array(window.types, dtype=np.int64)
        score, end = self._session.run(["score", "end"], {"words": words, "types": types})
        return score, end


def _opened(file: Path) -> onnxruntime.InferenceSession:
    """A session of one thread over a model that takes its large tensors from the file, where they lie.

    Read into memory they would stay there beside what onnxruntime makes of them.
    """
    # onnxruntime takes no tensor from a file that a link leads to out of its folder.
    file = file.resolve()
    with (
        file.open("rb") as handle,
        mmap.mmap(handle.fileno(), 0, prot=mmap.PROT_READ) as mapped,
        memoryview(mapped) as model,
    ):
        graph = lean(model, file.name)
    return open_session(graph, 1, file.parent)


def _checked(card: Any, sha256: str, folder: Path) -> Calibration:
    """The calibration of a description that fits the weights and this code; ReaderCorrupt if it does not."""
    try:
        expected, version, tokens = str(card["sha256"]), int(card["format"]), int(card["max_tokens"])
        calibration = Calibration(float(card["calibration"]["slope"]), float(card["calibration"]["intercept"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ReaderCorrupt(f"{folder / CARD_FILE} lacks {error}") from error
    if version != FORMAT or tokens != MAX_WINDOW:
        raise ReaderCorrupt(f"{folder / CARD_FILE}: format {version} with {tokens} tokens is not understood")
    if sha256 != expected:
        raise ReaderCorrupt(f"{folder / MODEL_FILE} is not the file that {CARD_FILE} names")
    return calibration


_WITHIN = np.arange(MAX_WINDOW)[None, :] - np.arange(MAX_WINDOW)[:, None]
_SHORT = np.where((_WITHIN >= 0) & (_WITHIN < MAX_ANSWER_TOKENS), 0.0, -np.inf)
"""Added to log-probabilities of a first and a last token: no answer ends before it begins, none is too long."""


def best_span(score: Logits, end: Logits) -> tuple[int, int, float]:
    """First token, number of tokens and probability of a sentence's likeliest short answer, given that it
    answers."""
    first = score.astype(np.float64) - _log_sum_exp(score)
    last = end.astype(np.float64) - _log_sum_exp(end)
    joint = first[:, None] + last[None, :] + _SHORT[: len(first), : len(first)]
    place, final = divmod(int(joint.argmax()), len(first))
    return place, final - place + 1, min(1.0, math.exp(joint[place, final]))


def _reading(score: Logits, end: Logits, piece: Piece) -> Reading:
    """The reading of a sentence from the logits of its tokens."""
    place, length, confidence = best_span(score, end)
    return Reading(_log_sum_exp(score), piece.offsets[place][0], piece.offsets[place + length - 1][1], confidence)


def _log_sum_exp(values: Logits) -> float:
    top = float(values.max())
    return top + math.log(float(np.exp(values.astype(np.float64) - top).sum()))


def _merged(readings: Sequence[Reading]) -> Reading:
    """One reading of a sentence seen in several windows: mean log-odds, the surer of the answers."""
    if not readings:
        return UNREAD
    surest = max(readings, key=lambda reading: reading.confidence)
    mean = sum(reading.log_odds for reading in readings) / len(readings)
    return Reading(mean, surest.start, surest.end, surest.confidence)
