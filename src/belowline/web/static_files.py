"""The scripts and styles, from memory: read once, compressed once, revalidated by their content.

They are the same for everybody and hold nothing secret, so any origin may load them.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from litestar.types import Receive, Scope, Send

from belowline.core.language import NAMES
from belowline.web.encoding import choose_encoding, is_unchanged
from belowline.web.smaller import tight_script
from belowline.web.words import words_module

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
CACHE = b"public, max-age=300, stale-while-revalidate=86400"
SPOKEN = {f"words-{name}.js": name for name in NAMES if name != "en"}
"""The words of each language as a module, by its name; English is in the scripts themselves."""
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file with its tag and its compressed forms."""

    media_type: str
    etag: str
    bodies: dict[str, bytes]


class StaticFiles:
    """An ASGI application that serves a folder of small files."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            file.name: read_file(file) for file in sorted(folder.iterdir()) if file.is_file()
        }

    def knows(self, path: str) -> bool:
        """Say whether this address is one of the files."""
        name = path.removeprefix(PREFIX)
        return path.startswith(PREFIX) and (name in self._files or name in SPOKEN)

    def _find(self, name: str) -> StaticFile:
        if name not in self._files:
            # The words of a language are made when the first reader needs them.
            self._files[name] = made_of(words_module(SPOKEN[name]), TYPES[".js"])
        return self._files[name]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer a GET or HEAD of a file that :meth:`knows`."""
        file = self._find(scope["path"].removeprefix(PREFIX))
        headers = dict(scope["headers"])
        encoding = choose_encoding(headers.get(b"accept-encoding", b""), offer=("br", "gzip"))
        tag = f'"{file.etag}{"-" + encoding if encoding else ""}"'.encode()
        shown = [
            (b"etag", tag),
            (b"cache-control", CACHE),
            (b"vary", b"Accept-Encoding"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if is_unchanged(tag, headers.get(b"if-none-match", b"")):
            await send({"type": "http.response.start", "status": 304, "headers": shown})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        body = file.bodies[encoding]
        shown += [
            (b"content-type", file.media_type.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        if encoding:
            shown.append((b"content-encoding", encoding.encode()))
        await send({"type": "http.response.start", "status": 200, "headers": shown})
        is_head = scope.get("method") == "HEAD"
        await send(
            {"type": "http.response.body", "body": b"" if is_head else body, "more_body": False}
        )


@cache
def read_file(file: Path) -> StaticFile:
    """Read a file and compress it as far as it goes; this happens once in a process."""
    body = file.read_bytes()
    if file.suffix in {".js", ".css"}:
        body = without_comments(body.decode()).encode()
    if file.suffix == ".css":
        body = tight(body.decode()).encode()
    if file.suffix == ".js":
        body = tight_script(body.decode()).encode()
    media_type = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
    return made_of(body, media_type)


def made_of(body: bytes, media_type: str) -> StaticFile:
    """Compress what is sent as far as it goes."""
    return StaticFile(
        media_type,
        hashlib.blake2b(body, digest_size=12).hexdigest(),
        {
            "": body,
            "br": brotli.compress(body, quality=11),
            "gzip": gzip.compress(body, compresslevel=9, mtime=0),
        },
    )


def without_comments(text: str) -> str:
    """Return a script or a stylesheet without whole-line comments, indents and empty lines.

    Readers' browsers need none of these, and they are a fifth of what is sent. Lines stay lines,
    and comments behind code stay too, so nothing has to be parsed; no literal of ours spans lines.
    """
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^[ \t]*//.*$", "", text, flags=re.MULTILINE)
    return re.sub(r"\s*\n\s*", "\n", text).lstrip()


def tight(text: str) -> str:
    """Return a stylesheet without the spaces around its punctuation.

    No string of ours has a space beside one of these signs.
    """
    return re.sub(r":\s+", ":", re.sub(r"\s*([{};,])\s*", r"\1", text))
