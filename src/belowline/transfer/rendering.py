"""Rendering many texts while something else is going on: in a process beside this one.

Nearly every text is plain sentences, which cost next to nothing. The others go by way of Markdown,
which takes longer than storing them; so they are handed to a helper that works while the batch
before is stored. The helper ends when this process does, however that ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Self

import msgspec

from belowline.core.markup import is_plain, render, render_markdown, render_plain

WORTH_IT = 2000
"""Texts below which starting a process takes longer than it saves."""
_LENGTH = 4


class Renderer:
    """Makes texts into HTML, a batch at a time: asked for first, fetched later."""

    def __init__(self, *, expected: int) -> None:
        self.helper: subprocess.Popen[bytes] | None = None
        if expected >= WORTH_IT:
            self.helper = subprocess.Popen(
                [sys.executable, "-m", "belowline.transfer.rendering"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        self._texts: Sequence[str] = ()
        self._plain: list[bool] = []
        self._sent: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.helper is not None:
            self.helper.kill()
            self.helper.communicate()

    def ask(self, texts: Sequence[str]) -> None:
        """Begin with a batch; the one before has been fetched."""
        self._texts = texts
        self._plain = [is_plain(text) for text in texts]
        self._sent = [text for text, plain in zip(texts, self._plain, strict=True) if not plain]
        if self.helper is not None and self._sent:
            assert self.helper.stdin is not None  # noqa: S101 - it was asked for
            _write(self.helper.stdin, self._sent)

    def fetch(self) -> list[str]:
        """Return the HTML of the batch that was begun, in its order."""
        made = iter(self._fetch_sent())
        return [
            render_plain(text) if plain else next(made)
            for text, plain in zip(self._texts, self._plain, strict=True)
        ]

    def _fetch_sent(self) -> list[str]:
        found: list[str] | None = None
        if self.helper is not None and self._sent:
            assert self.helper.stdout is not None  # noqa: S101 - it was asked for
            found = _read(self.helper.stdout)
        # A helper that died leaves its work to us.
        return found if found is not None else [render_markdown(text) for text in self._sent]


def _write(stream: IO[bytes], texts: Sequence[str]) -> None:
    body = msgspec.msgpack.encode(texts)
    try:
        stream.write(len(body).to_bytes(_LENGTH, "big") + body)
        stream.flush()
    except BrokenPipeError:
        # Told by what is read back, which is nothing.
        return


def _read(stream: IO[bytes]) -> list[str] | None:
    head = stream.read(_LENGTH)
    size = int.from_bytes(head, "big")
    body = stream.read(size) if len(head) == _LENGTH else b""
    if not body or len(body) < size:
        return None
    return msgspec.msgpack.decode(body, type=list[str])


def main() -> None:
    """Render what comes in on the standard input, until it ends."""
    while (texts := _read(sys.stdin.buffer)) is not None:
        _write(sys.stdout.buffer, [render(text) for text in texts])


if __name__ == "__main__":
    main()
