"""Train the reader: `python -m <package>.train --data DIR --base DIR --out DIR (--minutes N | --windows N)
[--start FILE...] [--written FILE] [--shortlists FILE] [--wordnet DIR] [--teachers FILE...] [--seed N] [--compile]
[--resume]`.

The learning rate falls linearly to zero over a budget: of minutes, so that a run ends when it should on any
machine, or of windows, so that it can be repeated. The data stream is a function of the seed alone.
Checkpoints hold all that a resumed run needs.

With teachers, the reader learns from what they come to together as well as from the labels (`distil.py`).
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from .corpus import SEED, divided
from .data import Sampler
from .distil import ensemble, heard, soft_loss
from .encode import Encoded, encode
from .evaluate import auroc_by_kind, development, over_passages, scored
from .export import load, read_int8
from .model import INNER, LAYERS, WIDTH, ReaderModel, collate, loss
from .neighbours import Neighbours
from .runtime import CARD_FILE
from .shortlists import load_shortlists
from .thesaurus import load as load_thesaurus
from .windows import MARK, open_tokenizer, pieces

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
SOFT = 0.7
"""The share of the teachers in what is learnt, beside the labels, unless another is given."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told on the command line.

    `base` holds tokenizer.json and model.safetensors; `start` are exported readers or checkpoints to go on from, of
    several their mean; `teachers` are such files too. `written` holds questions written for the reader, see
    `corpus.load_written`, `shortlists` what `shortlists.py` found, and `wordnet` is a folder of WordNet's files. `seed`
    is of the order and the edits of what is trained on, never of the split.
    """

    data: Path
    base: Path
    out: Path
    minutes: float
    resume: bool
    threads: int
    windows: int | None = None
    start: Sequence[Path] = ()
    written: Path | None = None
    shortlists: Path | None = None
    wordnet: Path | None = None
    teachers: Sequence[Path] = ()
    soft: float = SOFT
    rate: float = RATE
    frozen: int = 0
    seed: int = SEED
    compile: bool = False

    def progress(self, seconds: float, windows: float) -> float:
        """The share of the budget that is spent."""
        return windows / self.windows if self.windows else seconds / (60.0 * self.minutes)


def stream(
    sampler: Sampler, tokenizer: Tokenizer, first_chunk: int, seed: int = SEED
) -> Iterator[tuple[int, list[list[Encoded]]]]:
    """Numbered chunks of batches, without end."""
    epoch, number = 0, 0
    while True:
        order = sampler.order(epoch, seed)
        for start in range(0, len(order), CHUNK):
            if number >= first_chunk:
                rng = random.Random(f"{seed}/{number}")
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


def opened(file: Path, base: Path) -> ReaderModel:
    """The model that an exported reader or a checkpoint holds."""
    return read_int8(file, base) if file.suffix == ".onnx" else load(file)


def knows_mark(file: Path) -> bool:
    """Whether the model of a file was taught what `MARK` asks for: an exported one says so, checkpoints all are."""
    if file.suffix != ".onnx":
        return True
    return json.loads((file.parent / CARD_FILE).read_bytes()).get("corrects") is True


def begun(options: Options) -> ReaderModel:
    """The model a run begins with: MiniLM's weights under new heads, or the mean of what earlier runs came to."""
    if not options.start:
        model = ReaderModel()
        model.load_bert(options.base / "model.safetensors")
        return model
    model, *others = (opened(file, options.base) for file in options.start)
    weights = [each.state_dict() for each in (model, *others)]
    model.load_state_dict({name: torch.stack([each[name] for each in weights]).mean(dim=0) for name in weights[0]})
    return model


def bfloat16_is_faster(rounds: int = 20) -> bool:
    """Whether a layer's product takes less time in bfloat16, tried: it is 15 times slower where it is emulated, and may
    be 3 times slower where the processor has it."""
    taken: dict[torch.dtype, list[float]] = {torch.float32: [], torch.bfloat16: []}
    for _ in range(rounds):
        for kind, times in taken.items():
            rows, matrix = torch.ones(BATCH * 100, WIDTH, dtype=kind), torch.ones(WIDTH, INNER, dtype=kind)
            began = time.perf_counter()
            rows @ matrix
            times.append(time.perf_counter() - began)
    return min(taken[torch.bfloat16]) < min(taken[torch.float32])


def train(options: Options) -> None:
    """Train until the budget is spent; leaves `checkpoint.pt`, `final.pt`, `curve.jsonl` in `options.out`."""
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    tokenizer = open_tokenizer(str(options.base / "tokenizer.json"))
    train_items, dev_items, written_dev, back = divided(options.data, options.written)
    dev = encode(development(dev_items), tokenizer)[::WATCHED]
    model = begun(options)
    teachers = [opened(file, options.base) for file in options.teachers]
    taught = [knows_mark(file) for file in options.teachers]
    (mark,) = pieces(tokenizer, [MARK])
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
    shortlists = load_shortlists(options.shortlists, train_items) if options.shortlists else None
    thesaurus = None
    if options.wordnet:
        asked = [item.question for item in train_items]
        thesaurus = load_thesaurus(options.wordnet, options.base / "tokenizer.json", options.out / "models", asked)
    sampler = Sampler(train_items, Neighbours.build(train_items), shortlists, thesaurus)
    began = time.monotonic() - state["seconds"]
    saved_at = evaluated_at = state["seconds"]
    running = 0.0
    fast = bfloat16_is_faster()
    model.train()
    # Lengths vary from batch to batch: one compilation for all of them.
    step = torch.compile(model, dynamic=True) if options.compile else model
    for number, batches in stream(sampler, tokenizer, int(state["chunk"]), options.seed):
        for examples in batches:
            progress = options.progress(time.monotonic() - began, state["windows"])
            if progress >= 1.0:
                break
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * scale(progress)
            batch = collate(examples)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
                score, end = step(batch.ids, batch.mask, batch.types)
            value = loss(score, end, batch)
            if teachers:
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
                    targets = ensemble(teachers, batch, heard(taught, batch, mark.ids))
                value = (1.0 - options.soft) * value + options.soft * soft_loss(score, batch, targets)
            optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(value)
            torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
            optimiser.step()
            state["windows"] += len(examples)
            running = 0.99 * running + 0.01 * value.item() if running else value.item()
        state |= {"chunk": number + 1, "seconds": time.monotonic() - began}
        log.info("%.0f s, %d windows, loss %.3f", state["seconds"], state["windows"], running)
        done = options.progress(state["seconds"], state["windows"]) >= 1.0
        if done or state["seconds"] - saved_at >= CHECKPOINT_SECONDS:
            save(checkpoint, model, optimiser, state)
            saved_at = state["seconds"]
        if done or state["seconds"] - evaluated_at >= EVALUATE_SECONDS:
            figures = auroc_by_kind(scored(model, dev))
            for name, items, marked in (("written", written_dev, False), ("corrected", back, True)):
                if items:
                    told = auroc_by_kind(over_passages(model, items, tokenizer, marked))
                    figures |= {f"{name}_{figure}": value for figure, value in told.items()}
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
    parser.add_argument("--windows", type=int, help="the budget in windows instead of minutes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, nargs="+", default=[], help="reader.onnx or checkpoints to go on from")
    parser.add_argument("--written", type=Path, help="questions written for the reader")
    parser.add_argument("--shortlists", type=Path, help="shortlists of the written questions")
    parser.add_argument("--wordnet", type=Path, help="folder of WordNet's files, to put questions in other words")
    parser.add_argument("--teachers", type=Path, nargs="+", default=[], help="the same, to learn from")
    parser.add_argument("--soft", type=float, default=SOFT, help="the teachers' share, beside the labels")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that stay as they are")
    parser.add_argument("--compile", action="store_true", help="a minute and a half first, then 1.3 times as fast")
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train(Options(**vars(given)))


if __name__ == "__main__":
    main()
