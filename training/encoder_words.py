"""Which tokens of the encoder's vocabulary are kept: what is used, and what is common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from belowline.scoring.reading import END, START, read
from belowline.scoring.wordpiece import UNKNOWN, Cutter

MOST_TOKENS = 16_384
LEAST_USED = 2
"""How often a token must be used in what is taught before it is kept for that."""


def read_vocabulary(folder: Path) -> list[str]:
    """Return a BERT's vocabulary, in its order."""
    return (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()


def keep(vocabulary: Sequence[str], texts: Iterable[str]) -> list[int]:
    """Return the places of the tokens that are kept, in their order.

    What the texts use is kept, single letters, and then the rest by place: a BERT's vocabulary is
    ordered by how common its words were in a large part of the web and of books.
    """
    cutter = Cutter(vocabulary)
    used: Counter[int] = Counter()
    for text in texts:
        for window in read(text, cutter).windows:
            used.update(token.number for token in window)
    always = {UNKNOWN, START, END}
    kept = [
        number
        for number, token in enumerate(vocabulary)
        if token in always or (len(token.removeprefix("##")) == 1 and token.isascii())
    ]
    wanted = [number for number, count in used.most_common() if count >= LEAST_USED]
    common = [
        number
        for number, token in enumerate(vocabulary)
        if token.isascii() and not token.startswith("[")
    ]
    chosen = dict.fromkeys([*kept, *wanted, *common])
    return sorted(list(chosen)[:MOST_TOKENS])
