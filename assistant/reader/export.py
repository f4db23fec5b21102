"""Write the trained reader for the runtime: `python -m <package>.export --data DIR --base DIR --model FILE
--out DIR`.

Leaves `reader.onnx` (int8 weights) and `reader.json` in `--out`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import math
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from index.int8_graph import multiplied_out
from index.onnx_session import open_session
from index.weights import WEIGHTS_FILE, WORDS, Rows

from .corpus import SEED, load_training, split
from .encode import Encoded, encode
from .evaluate import Judged, auroc_by_kind, development, log_odds, model_run, rows, session_run, span_figures
from .graph import reader_graph, shape
from .mixture import ANSWERED
from .model import ReaderModel
from .runtime import CARD_FILE, FORMAT, MODEL_FILE
from .windows import MAX_WINDOW, open_tokenizer

log = logging.getLogger(__name__)


def load(file: Path) -> ReaderModel:
    """A trained model, from a checkpoint or from bare weights."""
    saved = torch.load(file, weights_only=True)
    model = ReaderModel()
    model.load_state_dict(saved.get("model", saved))
    return model.eval()


def read_int8(file: Path, base: Path) -> ReaderModel:
    """The model behind an exported ``reader.onnx``, its weights multiplied out to float32.

    The embeddings, which training leaves alone, are taken whole from MiniLM's safetensors in ``base``. Training can
    go on from it: rounding to int8 moved no development figure by more than 0.01.
    """
    held = {each.name: numpy_helper.to_array(each) for each in onnx.load(file).graph.initializer}
    model = ReaderModel()
    model.load_bert(base / WEIGHTS_FILE)
    weights = multiplied_out(shape(held), held)
    model.take({name: torch.from_numpy(array.copy()) for name, array in weights.items()})
    return model.eval()


def write_int8(model: ReaderModel, target: Path) -> None:
    """The model as the runtime reads it.

    It takes the place of `target` at once: a server that reads from the old file goes on with that.
    """
    weights = {name: part.float().numpy() for name, part in model.bert().items()}
    beside = target.with_name(f"{target.name}.new")
    beside.write_bytes(reader_graph(weights))
    beside.replace(target)


def platt(judged: Sequence[Judged], rounds: int = 100) -> tuple[float, float]:
    """Slope and intercept of the logistic of a window's best log-odds, the two classes given equal weight."""
    values = torch.tensor([window.best for window in judged], dtype=torch.float64)
    target = torch.tensor([float(window.kind == ANSWERED) for window in judged], dtype=torch.float64)
    weight = torch.where(target > 0, 0.5 / target.sum(), 0.5 / (1.0 - target).sum())
    design = torch.stack([values, torch.ones_like(values)], dim=1)
    coefficients = torch.tensor([1.0, 0.0], dtype=torch.float64)
    for _ in range(rounds):
        chance = torch.sigmoid(design @ coefficients)
        gradient = design.T @ (weight * (chance - target)) + 1e-6 * coefficients
        curvature = (design * (weight * chance * (1.0 - chance))[:, None]).T @ design + 1e-6 * torch.eye(2)
        step = torch.linalg.solve(curvature, gradient)
        coefficients = coefficients - step
        if float(step.abs().max()) < 1e-9:
            break
    return float(coefficients[0]), float(coefficients[1])


def calibration_error(judged: Sequence[Judged], slope: float, intercept: float, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins, the two classes given equal weight."""
    answered = sum(window.kind == ANSWERED for window in judged)
    weights = {True: 0.5 / answered, False: 0.5 / (len(judged) - answered)}
    table = [[0.0, 0.0] for _ in range(bins)]
    for window in judged:
        chance = 1.0 / (1.0 + math.exp(-(slope * window.best + intercept)))
        right = window.kind == ANSWERED
        cell = table[min(bins - 1, int(chance * bins))]
        cell[0] += weights[right] * chance
        cell[1] += weights[right] * right
    return sum(abs(expected - seen) for expected, seen in table)


def development_set(data: Path, base: Path) -> list[Encoded]:
    """The windows that calibration and figures are taken on; none was trained on."""
    _, items = split(load_training(data), SEED)
    return encode(development(items), open_tokenizer(str(base / "tokenizer.json")))


def main() -> None:
    """Export, calibrate and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "base", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--corrects", action="store_true", help="the model was taught what MARK before a question asks")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    given.out.mkdir(parents=True, exist_ok=True)
    model = load(given.model)
    write_int8(model, given.out / MODEL_FILE)
    session = open_session((given.out / MODEL_FILE).read_bytes(), given.threads)
    dev = development_set(given.data, given.base)
    figures = {}
    runs = {"fp32": model_run(model), "int8": session_run(session, Rows(given.base / WEIGHTS_FILE, WORDS))}
    for name, run in runs.items():
        results = rows(run, dev)
        judged = [Judged(example.kind, log_odds(score, example), example.gold) for example, score, _ in results]
        figures[name] = auroc_by_kind(judged) | span_figures(results)
        log.info("%s %s", name, figures[name])
    slope, intercept = platt(judged)
    figures["int8"]["calibration_error"] = round(calibration_error(judged, slope, intercept), 4)
    weights = (given.out / MODEL_FILE).read_bytes()
    card = {
        "format": FORMAT,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        "max_tokens": MAX_WINDOW,
        "corrects": given.corrects,
        "calibration": {
            "method": "platt, even prior",
            "slope": round(slope, 5),
            "intercept": round(intercept, 5),
        },
        "development": {"windows": len(dev), **figures},
    }
    (given.out / CARD_FILE).write_text(json.dumps(card, indent=1) + "\n")
    log.info("%s", json.dumps(card["calibration"]))


if __name__ == "__main__":
    main()
