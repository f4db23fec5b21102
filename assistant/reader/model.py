"""The reader as a torch module: a BERT encoder of MiniLM's shape with two linear heads over its tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from .encode import Encoded
from .graph import HEADS
from .windows import PAD

WIDTH = 384
LAYERS = 6
INNER = 1536
WORDS = 30522
POSITIONS = 512
ANSWER_WEIGHT = 0.3
NOWHERE = -1e4
"""Logit of a token that cannot be chosen; finite, so that bfloat16 and an empty sentence stay finite too."""


class Layer(nn.Module):
    """A post-norm transformer layer, batch x tokens x WIDTH to the same.

    Attention is spelt out: at these sizes torch's fused kernel is slower on a CPU, its backward pass above
    all.
    """

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """`mask` is added to the attention logits: batch x 1 x 1 x tokens, 0 or `NOWHERE`."""
        batch, tokens = hidden.shape[0], hidden.shape[1]
        qkv = self.qkv(hidden).view(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        logits = qkv[0] @ qkv[1].transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask.to(qkv.dtype)
        mixed = torch.softmax(logits, dim=-1).to(qkv.dtype) @ qkv[2]
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, WIDTH)
        hidden = self.attention_norm(hidden + self.dropout(self.out(mixed)))
        inner: Tensor = self.norm(hidden + self.dropout(self.down(functional.gelu(self.up(hidden)))))
        return inner


class ReaderModel(nn.Module):
    """Token ids to per-token logits.

    `score`: the log-sum-exp of a sentence's scores is its log-odds of answering against "not answered here";
    within a sentence the scores are also the logits of the answer's first token. `end`: logits of the
    answer's last token.
    """

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.heads = nn.Linear(WIDTH, 2)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.constant_(self.heads.bias, -3.0)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Int64 tensors of batch x tokens to `score` and `end`, each float32 of batch x tokens."""
        logits = self.heads(self.encode(input_ids, attention_mask, token_type_ids)).float()
        return logits[..., 0], logits[..., 1]

    def encode(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """The last layer's hidden states, batch x tokens x WIDTH."""
        place = torch.arange(input_ids.shape[1], device=input_ids.device)
        hidden: Tensor = self.norm(self.words(input_ids) + self.positions(place) + self.types(token_type_ids))
        mask = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * NOWHERE
        for layer in self.layers:
            hidden = layer(hidden, mask)
        return hidden

    def load_bert(self, file: Path) -> None:
        """Take over a BERT checkpoint's weights from a safetensors file; the heads stay as they are."""
        self.take(load_file(file))

    def take(self, source: Mapping[str, Tensor]) -> None:
        """Take over what ``source`` has of the weights, named as in a BERT checkpoint; what it has not stays."""
        own = self.state_dict()
        for ours, theirs in self._named().items():
            if all(name in source for name in theirs):
                own[ours] = torch.cat([source[name] for name in theirs])
        self.load_state_dict(own)

    def bert(self) -> dict[str, Tensor]:
        """All weights, named as in a BERT checkpoint."""
        own = self.state_dict()
        return {
            name: part.contiguous()
            for ours, theirs in self._named().items()
            for name, part in zip(theirs, own[ours].chunk(len(theirs)), strict=True)
        }

    def _named(self) -> dict[str, list[str]]:
        """The name of each weight → those of a BERT checkpoint that lie in it, one below the other."""
        tables = {"words": "word", "positions": "position", "types": "token_type"}
        named = {f"{ours}.weight": [f"embeddings.{theirs}_embeddings.weight"] for ours, theirs in tables.items()}
        parts = {"out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
                 "up": "intermediate.dense", "down": "output.dense", "norm": "output.LayerNorm"}  # fmt: skip
        for kind in ("weight", "bias"):
            named[f"norm.{kind}"] = [f"embeddings.LayerNorm.{kind}"]
            named[f"heads.{kind}"] = [f"heads.{kind}"]
            for number in range(len(self.layers)):
                base = f"encoder.layer.{number}"
                for ours, theirs in parts.items():
                    named[f"layers.{number}.{ours}.{kind}"] = [f"{base}.{theirs}.{kind}"]
                attention = [f"{base}.attention.self.{part}.{kind}" for part in ("query", "key", "value")]
                named[f"layers.{number}.qkv.{kind}"] = attention
        return named


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to the longest. Int64, batch x tokens; `gold` is true over the answering sentences'
    tokens, `context` over every sentence's; `sentence` counts the window's sentences from 0, -1 outside them;
    `start` and `last` are the answer's first and last token, -1 where unknown."""

    ids: Tensor
    mask: Tensor
    types: Tensor
    context: Tensor
    gold: Tensor
    sentence: Tensor
    start: Tensor
    last: Tensor


def collate(examples: Sequence[Encoded]) -> Batch:
    """Pad examples to one batch."""
    tokens = max(len(example.window.ids) for example in examples)
    shape = (len(examples), tokens)
    ids = torch.full(shape, PAD)
    mask, types = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    gold, sentence = torch.zeros(shape, dtype=torch.bool), torch.full(shape, -1)
    for row, example in enumerate(examples):
        window = example.window
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        types[row, : len(window.ids)] = torch.tensor(window.types)
        mask[row, : len(window.ids)] = 1
        for place, span in enumerate(window.spans):
            sentence[row, span.first : span.end] = place
            gold[row, span.first : span.end] = place in example.gold
    start = torch.tensor([example.answer[0] if example.answer else -1 for example in examples])
    last = torch.tensor([example.answer[1] - 1 if example.answer else -1 for example in examples])
    return Batch(ids, mask, types, sentence >= 0, gold, sentence, start, last)


def loss(score: Tensor, end: Tensor, batch: Batch) -> Tensor:
    """Mean over the batch of the choice among sentences and "not answered here", plus the answer's ends if
    known."""
    null = torch.zeros(len(score), 1)
    every = torch.logsumexp(torch.cat([null, score.masked_fill(~batch.context, NOWHERE)], dim=1), dim=1)
    right = torch.logsumexp(score.masked_fill(~batch.gold, NOWHERE), dim=1)
    answered = batch.gold.any(dim=1)
    total = (every - torch.where(answered, right, torch.zeros_like(right))).mean()
    known = batch.start >= 0
    if known.any():
        ends = [
            functional.cross_entropy(logits.masked_fill(~batch.gold, NOWHERE)[known], target[known], reduction="sum")
            for logits, target in ((score, batch.start), (end, batch.last))
        ]
        total = total + ANSWER_WEIGHT * (ends[0] + ends[1]) / len(score)
    return total
