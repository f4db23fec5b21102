"""Words in order, each with a number: found by halving, so that a million of them cost nothing to open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt


class Vocabulary:
    """Different words in the order of their UTF-8; a word's number is its place, 0-based."""

    def __init__(self, text: bytes | memoryview, starts: npt.NDArray[np.int64]) -> None:
        """``text`` holds the words one after the other; word i is ``[starts[i], starts[i + 1])``."""
        self.text = memoryview(text)
        self.starts = starts

    @classmethod
    def of(cls, words: Iterable[bytes]) -> Vocabulary:
        """``words``: encoded, different, in order."""
        held = list(words)
        return cls(b"".join(held), np.cumsum([0, *map(len, held)], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self.text[self.starts[number] : self.starts[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        text, starts = bytes(self.text), self.starts.tolist()
        return (text[start:end] for start, end in pairwise(starts))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.find(word) >= 0

    def find(self, word: str) -> int:
        """The number of ``word``, -1 when it is none of these."""
        wanted = encoded(word)
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self[low] == wanted else -1


def encoded(word: str) -> bytes:
    """As a vocabulary holds it; half of a surrogate pair is a character like any other here."""
    return word.encode("utf-8", errors="surrogatepass")
