"""The model card as a file: tables between two marks, the words around them left as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

CARD = Path(__file__).parents[1] / "docs" / "reference" / "model-card.md"


def write(name: str, lines: Sequence[str]) -> None:
    """Put lines where the card has the mark of this name."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name.partition(':')[0]} -->"
    before, _, rest = CARD.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    told = "\n".join(lines).strip()
    CARD.write_text(f"{before}{begin}\n\n{told}\n\n{end}{after}", encoding="utf-8")
