"""What it costs to score a comment, how large a model is, and what it adds to a process.

The texts are those of the demo newspaper, one after another with everything forgotten before: what
words weigh is remembered within one run only.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from belowline.demo.content import load_content
from belowline.scoring.encoder import EncoderScorer
from belowline.scoring.encoder_model import read_encoder
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import FOLDER, read_model
from belowline.scoring.weighed import Scorer
from bench.table import Row

ROUNDS = 5
_GROWN = """
import sys
from belowline.scoring.classifier import read_classifier
import belowline.web.app
def held():
    told = open("/proc/self/status").read()
    return int(told.partition("VmRSS:")[2].split()[0])
before = held()
classifier = read_classifier(kind=sys.argv[1])
from datetime import timedelta
for number in range(20):
    text = f"Number {number} of some remarks about the plan for the road. " * 4
    classifier.score(text, language="en", deadline=timedelta(seconds=1))
print(held() - before)
"""


@dataclass(frozen=True, slots=True)
class _Bar:
    """What a kind of model may cost."""

    kind: str
    make: Callable[[], Scorer]
    most_seconds: float
    most_bytes: float
    most_added: float


def score_rows() -> list[Row]:
    """Tell for both kinds what one comment takes, and how large the English model is."""
    linear, encoder = (
        read_model(FOLDER / "linear-en.bin"),
        read_encoder(FOLDER / "encoder-en.bin"),
    )
    bars = (
        _Bar("linear", lambda: LinearScorer(linear), 0.001, 8e6, 16e6),
        _Bar("encoder", lambda: EncoderScorer(encoder), 0.015, 25e6, 150e6),
    )
    return [row for bar in bars for row in _rows(bar)]


def _rows(bar: _Bar) -> list[Row]:
    texts = [one.text for thread in load_content().threads.values() for one in thread]
    medians, slowest = [], []
    for _ in range(ROUNDS):
        scorer = bar.make()
        took = []
        for text in texts:
            began = time.process_time()
            scorer.score(text)
            took.append(time.process_time() - began)
        took.sort()
        medians.append(took[len(took) // 2])
        slowest.append(took[int(0.99 * len(took))])
    median, slow = statistics.median(medians), statistics.median(slowest)
    size = (FOLDER / f"{bar.kind}-en.bin").stat().st_size
    asked = [sys.executable, "-c", _GROWN, bar.kind]
    added = 1024 * int(subprocess.run(asked, capture_output=True, check=True, text=True).stdout)
    return [
        Row(
            f"score of one comment, {bar.kind}",
            (f"{median * 1e3:.2f} ms, p99 {slow * 1e3:.2f} ms CPU, over {len(texts)} comments",),
            f"≤ {bar.most_seconds * 1000:.0f} ms",
            median <= bar.most_seconds,
        ),
        Row(
            f"the {bar.kind} model of English",
            (f"{size / 1e6:.1f} MB",),
            f"≤ {bar.most_bytes / 1e6:.0f} MB",
            size <= bar.most_bytes,
        ),
        Row(
            f"memory that {bar.kind} scoring adds",
            (f"{added / 1e6:.0f} MB",),
            f"≤ {bar.most_added / 1e6:.0f} MB",
            added <= bar.most_added,
        ),
    ]
