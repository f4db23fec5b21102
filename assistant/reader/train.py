"""Train the reader: `python -m <package>.train --data DIR --base DIR --out DIR --minutes N [--start FILE]
[--written FILE] [--resume]`.

The learning rate falls linearly to zero over a budget of minutes, so that a run ends when it should on any
machine. The data stream is a function of the seed alone; how much of it is seen depends on the machine's
speed. Checkpoints hold all that a resumed run needs.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from .corpus import SEED, Item, Neighbours, load_training, load_written, split
from .data import Sampler
from .encode import Encoded, encode
from .evaluate import auroc_by_kind, development, over_passages, scored
from .export import read_int8
from .model import LAYERS, ReaderModel, collate, loss
from .windows import open_tokenizer

log = logging.getLogger(__name__)

CHUNK = 2048
"""Items drawn and sorted by length at a time; a checkpoint names the next chunk."""
BATCH = 16
RATE = 1.6e-4
HEAD_RATE = 1.0e-3
LAYER_DECAY = 0.9
"""Each layer learns at this fraction of the rate of the layer above it; embeddings stay as they are."""
WARM_UP = 0.04
FLOOR = 0.005
CHECKPOINT_SECONDS = 240.0
EVALUATE_SECONDS = 1200.0
WATCHED = 4
"""One development window in so many is looked at while training."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told on the command line.

    `base` holds tokenizer.json and model.safetensors; `start` is an exported reader or a checkpoint to go on from;
    `written` holds questions written for the reader, see `corpus.load_written`.
    """

    data: Path
    base: Path
    out: Path
    minutes: float
    resume: bool
    threads: int
    start: Path | None = None
    written: Path | None = None
    rate: float = RATE
    frozen: int = 0


def stream(sampler: Sampler, tokenizer: Tokenizer, first_chunk: int) -> Iterator[tuple[int, list[list[Encoded]]]]:
    """Numbered chunks of batches, without end."""
    epoch, number = 0, 0
    while True:
        order = sampler.order(epoch, SEED)
        for start in range(0, len(order), CHUNK):
            if number >= first_chunk:
                rng = random.Random(f"{SEED}/{number}")
                examples = encode([sampler.draw(place, rng) for place in order[start : start + CHUNK]], tokenizer)
                examples.sort(key=lambda example: (len(example.window.ids), rng.random()))
                batches = [examples[place : place + BATCH] for place in range(0, len(examples), BATCH)]
                rng.shuffle(batches)
                yield number, batches
            number += 1
        epoch += 1


def parameter_groups(model: ReaderModel, peak: float = RATE) -> list[dict[str, Any]]:
    """Parameters with the rate each starts from; norms and biases are not decayed."""
    heads = {"params": list(model.heads.parameters()), "rate": HEAD_RATE * peak / RATE, "weight_decay": 0.0}
    groups: list[dict[str, Any]] = [heads]
    for number, layer in enumerate(model.layers):
        if not all(weight.requires_grad for weight in layer.parameters()):
            continue
        rate = peak * LAYER_DECAY ** (LAYERS - 1 - number)
        for decayed in (True, False):
            chosen = [p for p in layer.parameters() if (p.dim() > 1) == decayed]
            groups.append({"params": chosen, "rate": rate, "weight_decay": 0.01 if decayed else 0.0})
    return groups


def scale(progress: float) -> float:
    """The share of the full learning rate at a share of the budget."""
    if progress < WARM_UP:
        return max(FLOOR, progress / WARM_UP)
    return max(FLOOR, (1.0 - progress) / (1.0 - WARM_UP))


def save(file: Path, model: ReaderModel, optimiser: torch.optim.Optimizer, state: dict[str, float]) -> None:
    """Write a checkpoint at once or not at all."""
    part = file.with_suffix(".part")
    torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "state": state}, part)
    part.replace(file)


def items_for(options: Options) -> tuple[list[Item], list[Item], list[Item]]:
    """Items to train on, items to tune on, and the written ones among the latter's passages.

    The split is that of the handed-over items alone: a written question follows the passage it is about.
    """
    items = load_training(options.data)
    train_items, dev_items = split(items, SEED)
    if options.written is None:
        return train_items, dev_items, []
    held = {item.group for item in dev_items}
    written = load_written(options.written, items)
    return (
        train_items + [item for item in written if item.group not in held],
        dev_items,
        [item for item in written if item.group in held],
    )


def begun(options: Options) -> ReaderModel:
    """The model a run begins with: MiniLM's weights under new heads, or what an earlier run or export came to."""
    if options.start is None:
        model = ReaderModel()
        model.load_bert(options.base / "model.safetensors")
        return model
    if options.start.suffix == ".onnx":
        return read_int8(options.start, options.base)
    model = ReaderModel()
    saved = torch.load(options.start, weights_only=True)
    model.load_state_dict(saved.get("model", saved))
    return model


def train(options: Options) -> None:
    """Train until the budget is spent; leaves `checkpoint.pt`, `final.pt`, `curve.jsonl` in `options.out`."""
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    tokenizer = open_tokenizer(str(options.base / "tokenizer.json"))
    train_items, dev_items, written_dev = items_for(options)
    dev = encode(development(dev_items), tokenizer)[::WATCHED]
    model = begun(options)
    for part in (model.words, model.positions, model.types, model.norm, *model.layers[: options.frozen]):
        part.requires_grad_(False)
    groups = parameter_groups(model, options.rate)
    optimiser = torch.optim.AdamW(groups, lr=options.rate, fused=True)
    state: dict[str, float] = {"chunk": 0, "seconds": 0.0, "windows": 0}
    checkpoint = options.out / "checkpoint.pt"
    if options.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        for group, given in zip(optimiser.param_groups, groups, strict=True):
            group["rate"] = given["rate"]
        state = saved["state"]
    log.info("%d items to train on, %d windows to evaluate on, from %s", len(train_items), len(dev), state)
    sampler = Sampler(train_items, Neighbours.build(train_items))
    budget = options.minutes * 60.0
    began = time.monotonic() - state["seconds"]
    saved_at = evaluated_at = state["seconds"]
    running = 0.0
    # Emulated, bfloat16 is fifteen times slower than float32.
    fast = torch.cpu._is_avx512_bf16_supported()
    model.train()
    for number, batches in stream(sampler, tokenizer, int(state["chunk"])):
        for examples in batches:
            elapsed = time.monotonic() - began
            if elapsed >= budget:
                break
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * scale(elapsed / budget)
            batch = collate(examples)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
                score, end = model(batch.ids, batch.mask, batch.types)
            value = loss(score, end, batch)
            optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(value)
            torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
            optimiser.step()
            state["windows"] += len(examples)
            running = 0.99 * running + 0.01 * value.item() if running else value.item()
        state |= {"chunk": number + 1, "seconds": time.monotonic() - began}
        log.info("%.0f s, %d windows, loss %.3f", state["seconds"], state["windows"], running)
        done = state["seconds"] >= budget
        if done or state["seconds"] - saved_at >= CHECKPOINT_SECONDS:
            save(checkpoint, model, optimiser, state)
            saved_at = state["seconds"]
        if done or state["seconds"] - evaluated_at >= EVALUATE_SECONDS:
            figures = auroc_by_kind(scored(model, dev))
            if written_dev:
                written = over_passages(model, written_dev, tokenizer)
                figures |= {f"written_{name}": value for name, value in written.items()}
            with (options.out / "curve.jsonl").open("a") as curve:
                curve.write(json.dumps({**state, "loss": running, **figures}) + "\n")
            log.info("dev %s", figures)
            evaluated_at = time.monotonic() - began
        if done:
            torch.save(model.state_dict(), options.out / "final.pt")
            return


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True, help="folder of MiniLM's tokenizer and weights")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="reader.onnx or a checkpoint to go on from")
    parser.add_argument("--written", type=Path, help="questions written for the reader")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that stay as they are")
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train(Options(**vars(given)))


if __name__ == "__main__":
    main()
