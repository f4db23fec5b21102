"""Soft targets: what several readers come to together, for one reader to learn."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .model import NOWHERE, Batch, ReaderModel


def ensemble(models: Sequence[ReaderModel], batch: Batch, heard: Tensor | None = None) -> Tensor:
    """The distribution of the answer's first token by the readers together, batch x (1 + tokens), first of all its
    probability of being "not answered here".

    A sentence's log-odds are the mean of the readers'; within a sentence the mean of their probabilities counts.
    ``heard``, models x batch, is true where a reader has a say; every window needs one. Nothing is learnt by the
    readers.
    """
    inside = torch.nn.functional.one_hot(batch.sentence + 1)[..., 1:].bool()  # batch x tokens x sentences
    log_odds, shares = [], []
    with torch.inference_mode():
        for model in models:
            score, _ = model(batch.ids, batch.mask, batch.types)
            by_sentence = score.unsqueeze(-1).masked_fill(~inside, NOWHERE)
            log_odds.append(torch.logsumexp(by_sentence, dim=1))
            shares.append(torch.softmax(by_sentence, dim=1).masked_fill(~inside, 0.0))
        heard = torch.ones(len(models), len(batch.ids), dtype=torch.bool) if heard is None else heard
        share = heard.float() / heard.sum(dim=0)
        mean = (torch.stack(log_odds) * share[:, :, None]).sum(dim=0)
        chance = torch.softmax(torch.cat([torch.zeros(len(mean), 1), mean], dim=1), dim=1)
        first = ((torch.stack(shares) * share[:, :, None, None]).sum(dim=0) * chance[:, None, 1:]).sum(dim=-1)
    return torch.cat([chance[:, :1], first], dim=1).clone()


def heard(taught: Sequence[bool], batch: Batch, mark: Sequence[int]) -> Tensor:
    """Models x batch: where each has a say. Questions behind the mark, whose tokens are ``mark``, are for those that
    were ``taught`` it."""
    marked = (batch.ids[:, 1 : 1 + len(mark)] == torch.tensor(mark)).all(dim=1)
    return torch.tensor(taught)[:, None] | ~marked[None, :]


def soft_loss(score: Tensor, batch: Batch, targets: Tensor) -> Tensor:
    """Mean over the batch of the cross-entropy of ``score`` with ``targets``, as ``ensemble`` gives them."""
    null = torch.zeros(len(score), 1)
    logits = torch.cat([null, score.masked_fill(~batch.context, NOWHERE)], dim=1)
    return -(targets * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()
