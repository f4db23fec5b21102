"""The signature below a letter, in a format that tells each of its lines as a paragraph: one with its closing."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any

from index.plain_text.letters import ADDRESSED, LINE_CHARS, MOST_LINES
from index.sentences import ends_like_a_sentence


def signed(found: dict[str, Any]) -> dict[str, object]:
    """What an extractor found, with a closing behind a sentence and the short paragraphs below it as one block."""
    return {**found, "blocks": _joined(found["text"], found["blocks"])}


def _joined(text: str, blocks: Sequence[Sequence[Any]]) -> list[list[Any]]:
    joined: list[list[Any]] = []
    waiting = deque(blocks)
    before = ""
    while waiting:
        kind, start, end, *level = waiting.popleft()
        if kind == "paragraph" and ADDRESSED.fullmatch(text, start, end) and ends_like_a_sentence(before):
            for _ in list(takewhile(lambda block: _names(text, block), islice(waiting, MOST_LINES))):
                end = waiting.popleft()[2]
        joined.append([kind, start, end, *level])
        before = text[max(start, end - LINE_CHARS) : end] if kind == "paragraph" else ""
    return joined


def _names(text: str, block: Sequence[Any]) -> bool:
    kind, start, end = block[:3]
    if kind not in ("paragraph", "lines") or end - start > MOST_LINES * LINE_CHARS:
        return False
    lines = text[start:end].split("\n")
    short = len(lines) <= MOST_LINES and max(map(len, lines)) <= LINE_CHARS
    return short and not text[start:end].endswith((",", ".", "!", "?", ":", ";"))
