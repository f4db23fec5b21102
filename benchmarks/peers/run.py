"""This project beside its peers: python benchmarks/peers/run.py --peers ours langchain --size 1000 --envs FOLDER

Each peer has an environment of its own, FOLDER/PEER, made with: python -m venv FOLDER/PEER && FOLDER/PEER/bin/pip
install -r benchmarks/peers/PEER.txt; haiku.txt says what else haiku needs. "ours" (its search) and "answers" (its whole
answers) run by the interpreter that runs this. All are given the passages that this project cuts, the same weights, and
the answerable and unanswerable questions of tests/eval that stand alone; nothing is fetched. With --text FILE the
passages are that file's paragraphs, as in scale.py, and their vectors are drawn as there, by peers and by this project
alike: everything but embedding is measured, and what is found is not scored. Results are added to --out, a line a peer
and size; --table and --plot FILE show what is there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from building import write_documents
from engine import prose
from scale import draw_from
from scale import write_documents as write_prose

from index.build import load_sources
from index.passage_table import in_context
from index.passages import split_document, split_passages

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SETS = {
    "test": ROOT / "source_docs",
    "second": ROOT / "tests/eval/documents",
    "various-test": ROOT / "tests/eval/various-test",
}
NAMES = ("ours", "answers", "langchain", "llamaindex", "chroma", "txtai", "haiku")


def lay_out(folder: Path, size: int) -> None:
    """Documents of about ``size`` passages: one line, or those of tests/eval and prose, or made-up ones beyond."""
    folder.mkdir()
    if size == 1:
        (folder / "one.txt").write_text("The treaty was signed in 1921 by three states.\n", "utf-8")
        return
    for source in SETS.values():
        for file in source.glob("*.*"):
            (folder / file.name).write_bytes(file.read_bytes())
    made = sum(len(split_document(d, 700)) for d in load_sources(folder).documents)
    for name, text in prose():
        if made >= size:
            break
        (folder / name).write_text(text, "utf-8")
        made += len(split_passages(text, 700))
    if size - made > 200:
        write_documents(folder / "made-up", size - made)


def cut(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Passages of the documents, numbered, and the questions with the passages that hold an answer."""
    passages: list[dict[str, Any]] = []
    within: dict[str, list[dict[str, Any]]] = {}
    texts: dict[str, str] = {}
    for document in load_sources(folder).documents:
        texts[document.id] = document.text
        for one in split_document(document, 700):
            words = in_context(document.text, one.span, one.heading)
            place = {"document": document.id, "start": one.span.start, "end": one.span.end}
            passages.append({"id": len(passages), "text": words, **place})
            within.setdefault(document.id, []).append(passages[-1])
    questions = []
    for name in SETS:
        for line in (ROOT / "tests" / "eval" / f"{name}.jsonl").read_text("utf-8").splitlines():
            asked = json.loads(line)
            if asked["history"]:
                continue  # a peer does not know what "it" is
            text = texts.get(asked["document"], "")
            spans = [(text.find(gold), text.find(gold) + len(gold)) for need in asked["gold"] for gold in need]
            hold = [
                p["id"]
                for p in within.get(asked["document"], [])
                if any(p["start"] < end and start < p["end"] for start, end in spans)
            ]
            questions.append({"question": asked["question"], "answerable": asked["answerable"], "hold": hold})
    return passages, questions


def measured(
    python: Path, what: str, peer: str, folder: Path, files: list[Path], environ: dict[str, str]
) -> dict[str, Any]:
    command = [str(python), str(HERE / "measure.py"), what, peer, str(folder), *map(str, files)]
    started = time.monotonic()
    done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{peer}: {what} failed\n{done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    told["process_wall_s"] = time.monotonic() - started
    return told


def hits(questions: list[dict[str, Any]], found: list[list[int]]) -> dict[str, float]:
    asked = [(one, ids) for one, ids in zip(questions, found, strict=True) if one["answerable"] and one["hold"]]
    return {
        f"hit@{k}": sum(bool({*one["hold"]} & {*ids[:k]}) for one, ids in asked) / max(1, len(asked))
        for k in (1, 5, 10)
    }


def run(peers: list[str], size: int, envs: Path, text: Path | None = None) -> Iterator[dict[str, Any]]:
    """What each of ``peers`` took, one after the other, over the same passages and questions."""
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        if text:
            write_prose(work / "documents", text, size)
            draw_from(work, text)
        else:
            lay_out(work / "documents", size)
        passages, questions = cut(work / "documents")
        if size == 1 or text:
            questions = questions[:60]
        for name, lines in (("passages", passages), ("questions", questions)):
            (work / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
        count = len(passages)
        del passages
        for peer in peers:
            store = work / peer
            store.mkdir()
            told = run_one(peer, envs, work, store, drawn=text is not None)
            shutil.rmtree(store)
            found = told.pop("found")
            of = {"peer": peer, "size": size, "passages": count, "questions": len(questions), "cores": os.cpu_count()}
            if text:
                told["drawn"] = True
            elif size > 1:
                told |= hits(questions, found)
                told["refused"] = sum(
                    not ids for one, ids in zip(questions, found, strict=True) if not one["answerable"]
                )
                told["unanswerable"] = sum(not one["answerable"] for one in questions)
            yield of | told | {"at": f"{datetime.now(UTC):%Y-%m-%d}", "load": os.getloadavg()[0]}


def run_one(peer: str, envs: Path, work: Path, store: Path, drawn: bool) -> dict[str, Any]:
    python = Path(sys.executable) if peer in ("ours", "answers") else envs / peer / "bin" / "python"
    files = [work / "passages.jsonl", work / "questions.jsonl"]
    environ = {"PEER_DOCUMENTS": str(work / "documents"), "PEER_GRAPHS": str(work / "graphs"), "HOME": str(work)}
    environ |= {"PEER_DRAWN": str(work / "real.npy")} if drawn else {}
    built = measured(python, "build", peer, store, files, environ)
    asked = measured(python, "ask", peer, store, files, environ)
    told = {name: built[name] for name in ("cpu_s", "wall_s", "peak_mb", "disk_mb")}
    return told | {name: value for name, value in asked.items() if name not in ("peer", "what")}


def table(lines: list[dict[str, Any]]) -> str:
    """Markdown, a row a peer and size."""
    heads = "passages | peer | build CPU s | wall s | peak MB | disk MB | cold first result CPU s"
    heads += " | warm median ms | p95 ms | resident MB | hit@1 | hit@5 | hit@10 | refuses"
    rows = [f"| {heads} |", "| " + " | ".join(["---"] * len(heads.split(" | "))) + " |"]
    for one in sorted(lines, key=lambda one: (one["size"], NAMES.index(one["peer"]))):
        cells = [str(one["passages"]), one["peer"]]
        cells += [f"{one[n]:.1f}" for n in ("cpu_s", "wall_s")] + [f"{one['peak_mb']:.0f}", f"{one['disk_mb']:.1f}"]
        cells += [f"{one[n]:.1f}" for n in ("cold_cpu_s", "warm_median_ms", "warm_p95_ms")]
        cells += [f"{one['resident_mb']:.0f}"]
        cells += [f"{one[n]:.2f}" if n in one else "" for n in ("hit@1", "hit@5", "hit@10")]
        cells += [f"{one['refused']} of {one['unanswerable']}" if "refused" in one else ""]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def plot(lines: list[dict[str, Any]], file: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "peers"
    from matplotlib import pyplot

    shown = {
        "cpu_s": "build, CPU seconds",
        "cold_cpu_s": "cold to the first result, CPU seconds",
        "warm_median_ms": "a warm question, ms, median",
        "resident_mb": "resident while asking, MB",
    }
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 7))
    for axis, (name, title) in zip(axes.flat, shown.items(), strict=True):
        for peer in NAMES:
            points = sorted((one["passages"], one[name]) for one in lines if one["peer"] == peer)
            if points:
                axis.plot(*zip(*points, strict=True), marker="o", label=peer, linewidth=3 if peer == "ours" else 1)
        axis.set(xscale="log", yscale="log", title=title, xlabel="passages")
        axis.grid(visible=True, alpha=0.3)
    axes[0][0].legend()
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", nargs="*", choices=NAMES, default=[])
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--text", type=Path, help="prose, a paragraph a line; vectors are drawn")
    parser.add_argument("--envs", type=Path, default=Path.home() / "peers")
    parser.add_argument("--out", type=Path, default=HERE / "results.jsonl")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    for told in run(options.peers, options.size, options.envs, options.text):
        with options.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(told) + "\n")
        print(json.dumps(told), flush=True)
    if options.table or options.plot:
        lines = [json.loads(line) for line in options.out.read_text("utf-8").splitlines()]
        lines = list({(one["peer"], one["size"]): one for one in lines}.values())
        if options.table:
            print(table(lines))
        if options.plot:
            plot(lines, options.plot)


if __name__ == "__main__":
    main()
