"""What readers say of replies, kept in one local file that is theirs to read and delete."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

from assistant.replies import Reply
from index import BadInput

_MOST_BYTES = 10_000_000


class Feedback:
    """Appends one JSON object a line to ``file``; keeps nothing where that is None. Safe to call from any thread."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._lock = threading.Lock()

    def add(self, reply: Reply, right: bool) -> None:
        """Keep that a reader found ``reply`` right or wrong. Raises BadInput where it cannot be kept."""
        if self.file is None:
            raise BadInput("feedback is not kept here; set SCO_FEEDBACK to a file to keep it")
        said = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "right": right, "reply": reply.to_json()}
        line = json.dumps(said, ensure_ascii=False) + "\n"
        try:
            with self._lock, self.file.open("a", encoding="utf-8") as kept:
                if kept.tell() > _MOST_BYTES:
                    raise BadInput(f"{self.file} has grown over {_MOST_BYTES:,} bytes; move it away or delete it")
                kept.write(line)
        except OSError as problem:
            raise BadInput(f"{self.file}: cannot be written ({problem.strerror})") from None
