"""Token windows over runs of neighbouring sentences: `[CLS] question [SEP] heading s1 s2 s3 [SEP]`.

Lengths are in tokens of the model's word-piece vocabulary, offsets in characters of the string that was
tokenised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from index.word_pieces import open_tokenizer as open_tokenizer

MAX_QUESTION = 40
MAX_HEADING = 24
MAX_WINDOW = 160
TARGET_SENTENCES = 95
"""Tokens of sentences after which a window takes no further sentence."""

MARK = "not so: "
"""Before a question: asks how likely a sentence shows something that the question takes for granted to be false."""

CLS = 101
SEP = 102
PAD = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A tokenised string: word-piece ids and the [start, end) characters each of them covers."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]

    def head(self, limit: int) -> Piece:
        """The first `limit` tokens."""
        return self if len(self.ids) <= limit else Piece(self.ids[:limit], self.offsets[:limit])


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens [first, end) of a window hold the sentence at position `sentence` of its run."""

    sentence: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model. `types` is 0 over the question and 1 over the sentences."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    spans: tuple[Span, ...]


def pieces(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Piece]:
    """Tokenise each text, without special tokens."""
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [Piece(tuple(encoding.ids), tuple(encoding.offsets)) for encoding in encodings]


def assemble(
    question: Piece, sentences: Sequence[Piece], first: int, end: int, heading: Piece = Piece((), ())
) -> Window:
    """The window over sentences [first, end) of a run; what does not fit in it is cut off its end.

    The heading goes before, as a sentence would that is not judged.
    """
    ids = [CLS, *question.head(MAX_QUESTION).ids, SEP]
    types = [0] * len(ids)
    ids.extend(heading.head(MAX_HEADING).ids)
    spans: list[Span] = []
    for index in range(first, end):
        piece = sentences[index].head(max(0, MAX_WINDOW - 1 - len(ids)))
        if piece.ids:
            spans.append(Span(index, len(ids), len(ids) + len(piece.ids)))
            ids.extend(piece.ids)
    ids.append(SEP)
    types.extend([1] * (len(ids) - len(types)))
    return Window(tuple(ids), tuple(types), tuple(spans))


def ranges(before: int, lengths: Sequence[int], target: int = TARGET_SENTENCES) -> list[tuple[int, int]]:
    """The [first, end) sentences of each window over a run whose sentences have `lengths` tokens.

    Each window takes sentences up to `target` tokens, one at least, and the next begins with its last one, so
    that every sentence is seen beside its neighbours. A sentence longer than a window has one to itself. `before` are
    the tokens of the question and the heading.
    """
    room = MAX_WINDOW - 3 - before
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(lengths):
        end = first + 1
        total = lengths[first]
        while end < len(lengths) and total + lengths[end] <= room and (total < target or end == first + 1):
            if total + lengths[end] > target and end > first + 1:
                break
            total += lengths[end]
            end += 1
        found.append((first, end))
        if end == len(lengths):
            break
        first = end - 1 if end > first + 1 else end
    return found


def windows(question: Piece, run: Sequence[Piece], heading: Piece = Piece((), ())) -> list[Window]:
    """The windows over a run of neighbouring sentences, the heading before each; every sentence with a token is in at
    least one."""
    before = len(question.head(MAX_QUESTION).ids) + len(heading.head(MAX_HEADING).ids)
    lengths = [len(piece.ids) for piece in run]
    return [assemble(question, run, first, end, heading) for first, end in ranges(before, lengths)]
