"""The word pieces of a model's vocabulary: one tokenizer a process, whoever asks for it."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_lock = threading.Lock()


def open_tokenizer(file: str) -> Tokenizer:
    """The tokenizer at ``file``, without the truncation and padding it may prescribe.

    The same for all who ask, 8 MB each otherwise: safe to use from any thread as long as nobody sets anything on it.
    Raises Exception, as tokenizers does, when it cannot be read.
    """
    # Two that ask at once would else make one each.
    with _lock:
        return _opened(file)


@lru_cache(maxsize=2)
def _opened(file: str) -> Tokenizer:
    # Not for commands such as ``status``, which embed nothing.
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(file)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
