"""What it costs to score a comment, and how large a model is.

The texts are those of the demo newspaper, one after another with everything forgotten before: what
words weigh is remembered within one run only.
"""

from __future__ import annotations

import statistics
import time

from belowline.demo.content import load_content
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import FOLDER, read_model
from bench.table import Row

MOST_SECONDS = 0.001
MOST_BYTES = 8e6
ROUNDS = 5


def score_rows() -> list[Row]:
    """Tell what one comment takes, and how large the largest model is."""
    model = read_model(FOLDER / "linear-en.bin")
    texts = [one.text for thread in load_content().threads.values() for one in thread]
    medians, slowest = [], []
    for _ in range(ROUNDS):
        scorer = LinearScorer(model)
        took = []
        for text in texts:
            began = time.process_time()
            scorer.score(text)
            took.append(time.process_time() - began)
        took.sort()
        medians.append(took[len(took) // 2])
        slowest.append(took[int(0.99 * len(took))])
    median, slow = statistics.median(medians), statistics.median(slowest)
    largest = max(path.stat().st_size for path in FOLDER.glob("*.bin"))
    return [
        Row(
            "score of one comment",
            (f"{median * 1e3:.2f} ms, p99 {slow * 1e3:.2f} ms CPU, over {len(texts)} comments",),
            f"≤ {MOST_SECONDS * 1000:.0f} ms",
            median <= MOST_SECONDS,
        ),
        Row(
            "the largest model",
            (f"{largest / 1e6:.1f} MB",),
            f"≤ {MOST_BYTES / 1e6:.0f} MB",
            largest <= MOST_BYTES,
        ),
    ]
