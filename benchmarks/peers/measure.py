"""One peer measured in a process of its own, by the interpreter of its environment: measure.py build|ask PEER FOLDER …

Prints one JSON object. CPU seconds are those of this process and of what it started, from its very start.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def cpu() -> float:
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def memory(which: str) -> float:
    """MB of this process, resident now (VmRSS) or at most (VmHWM; getrusage counts what started it too)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(which))


def draw(name: str) -> None:
    """Let a peer's model draw its vectors: see benchmarks/drawn.py. Its questions, in another process, are embedded."""
    from drawn import Drawn

    drawn = Drawn(Path(os.environ["PEER_DRAWN"]))
    if name == "txtai":
        from txtai.vectors.dense.huggingface import HFVectors as Model

        Model.encode = lambda _, texts, *__, **___: drawn.encode(texts)
    elif name not in ("ours", "answers"):
        from sentence_transformers import SentenceTransformer as Model

        Model.encode = lambda _, texts, *__, **___: drawn.encode(texts)


def main() -> None:
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    os.environ |= {"ANONYMIZED_TELEMETRY": "False", "LANGSMITH_TRACING": "false", "LOGFIRE_SEND_TO_LOGFIRE": "false"}
    # One core and one thread for everyone: threads that wait for each other on a busy machine measure the machine.
    os.sched_setaffinity(0, {int(os.environ.get("PEER_CORE", "0"))})
    os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    began = time.monotonic()
    from adapters import PEERS, read

    what, name, folder, passages, questions = sys.argv[1:6]
    peer = PEERS[name]()
    told: dict[str, object] = {"peer": name, "what": what}
    if what == "build":
        if "PEER_DRAWN" in os.environ:
            draw(name)
        peer.build(read(Path(passages)), Path(folder))
        told |= {"cpu_s": cpu(), "wall_s": time.monotonic() - began}
        told["peak_mb"] = memory("VmHWM")
        told["disk_mb"] = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file()) / 1e6
    else:
        asked = [one["question"] for one in read(Path(questions))]
        peer.open(Path(folder))
        found = [peer.search(asked[0], 10)]
        told |= {"cold_cpu_s": cpu(), "cold_wall_s": time.monotonic() - began}
        times, before = [], cpu()
        for question in asked[1:]:
            start = time.perf_counter()
            found.append(peer.search(question, 10))
            times.append((time.perf_counter() - start) * 1000)
        told["warm_cpu_ms"] = (cpu() - before) * 1000 / max(1, len(times))
        told["warm_median_ms"] = statistics.median(times)
        told["warm_p95_ms"] = sorted(times)[-(len(times) // 20) - 1]
        told["resident_mb"] = memory("VmRSS")
        told["found"] = found
    print("\n" + json.dumps(told))


if __name__ == "__main__":
    main()
