"""What was fetched lately, so that it need not be fetched again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Lately(Generic[Key, Value]):
    """What was fetched lately, up to a size; safe to call from any thread."""

    def __init__(self, most: int, size: Callable[[Value], int]) -> None:
        self._most, self._size = most, size
        self._held: OrderedDict[Key, Value] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def get(self, keys: Iterable[Key], fetch: Callable[[Sequence[Key]], Mapping[Key, Value]]) -> dict[Key, Value]:
        """The values of ``keys``, each of which ``fetch`` must give when asked for it."""
        asked = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._held[key] for key in asked if key in self._held}
            for key in found:
                self._held.move_to_end(key)
        missing = [key for key in asked if key not in found]
        if missing:
            fresh = fetch(missing)
            with self._lock:
                for key, value in fresh.items():
                    found[key] = value
                    if key not in self._held:
                        self._held[key] = value
                        self._total += self._size(value)
                while self._total > self._most and len(self._held) > 1:
                    self._total -= self._size(self._held.popitem(last=False)[1])
        return found
