"""Write the trained reader for the runtime: `python -m <package>.export --data DIR --base DIR --model FILE
--out DIR`.

Leaves `reader.onnx` (int8 weights) and `reader.json` in `--out`, and `fp32.onnx` in `--work`, to compare
with.
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
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.onnx_session import open_session

from .corpus import SEED, load_training, split
from .encode import Encoded, encode
from .evaluate import Judged, auroc_by_kind, development, log_odds, rows, session_run, span_figures
from .mixture import ANSWERED
from .model import ReaderModel
from .runtime import CARD_FILE, FORMAT, MODEL_FILE
from .windows import MAX_WINDOW, open_tokenizer

log = logging.getLogger(__name__)

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("score", "end")


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
    graph = onnx.load(file).graph
    held = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    model = ReaderModel()
    model.load_bert(base / "model.safetensors")
    own = model.state_dict()
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            name = node.input[1].removesuffix("_quantized")
            scale, zero = held[f"{name}_scale"], held[f"{name}_zero_point"]
            weight = (held[f"{name}_quantized"].astype("float32") - zero.astype("float32")) * scale
            own[_weight_behind(node.output[0])] = torch.from_numpy(weight.T.copy())
    for name in own:
        if name.endswith(".bias") or "norm.weight" in name:
            own[name] = torch.from_numpy(held[name].copy())
    model.load_state_dict(own)
    return model.eval()


def _weight_behind(output: str) -> str:
    """ "/layers.0/qkv/MatMul_output_0_output_quantized" → "layers.0.qkv.weight"."""
    return output.split("/MatMul")[0].strip("/").replace("/", ".") + ".weight"


def write_onnx(model: ReaderModel, file: Path) -> None:
    """The model in float32, for any batch and any number of tokens."""
    ids = torch.ones(2, 16, dtype=torch.long)
    dynamic = {name: {0: "batch", 1: "tokens"} for name in (*INPUTS, *OUTPUTS)}
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(file),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=dynamic,
        opset_version=17,
        dynamo=False,
    )


def write_int8(source: Path, target: Path, keep: Sequence[str] = ()) -> None:
    """The model with int8 weights, one scale a column; nodes named in `keep` stay float32.

    It takes the place of `target` at once: a server that reads from the old file goes on with that.
    """
    beside = target.with_name(f"{target.name}.new")
    quantize_dynamic(
        source,
        beside,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=list(keep),
    )
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
    for name in ("data", "base", "model", "out", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--corrects", action="store_true", help="the model was taught what MARK before a question asks")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    for folder in (given.out, given.work):
        folder.mkdir(parents=True, exist_ok=True)
    write_onnx(load(given.model), given.work / "fp32.onnx")
    write_int8(given.work / "fp32.onnx", given.out / MODEL_FILE)
    dev = development_set(given.data, given.base)
    figures = {}
    for name, file in (("fp32", given.work / "fp32.onnx"), ("int8", given.out / MODEL_FILE)):
        results = rows(session_run(open_session(file.read_bytes(), given.threads)), dev)
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
