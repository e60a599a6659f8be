"""Throw damaged exports at the importers for as long as you like, and stop at the first crash.

    python dev/fuzz_imports.py --minutes 10
    python dev/fuzz_imports.py --minutes 2 --engine atheris --only disqus

A crash is anything but records or ``InvalidInput``. The seeds are small good files that are made
here. ``atheris`` (coverage-guided) is optional and no dependency of the project; without it, only
the mutations made here run, which are blind but quick. What crashed is kept in ``--keep``.
"""

from __future__ import annotations

import argparse
import io
import random
import sqlite3
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from belowline.core.errors import InvalidInput  # noqa: E402
from belowline.transfer.gathering import gather  # noqa: E402
from belowline.transfer.opening import find_files  # noqa: E402
from belowline.transfer.recognise import Format, recognise  # noqa: E402
from tests.transfer.reading import read_as  # noqa: E402
from tests.transfer.test_any_bytes import GOOD  # noqa: E402
from tests.transfer.test_coral_any_bytes import GOOD as GOOD_FILES  # noqa: E402
from tests.transfer.test_coral_any_bytes import READERS  # noqa: E402
from tests.transfer.test_isso import NOTIFICATION, SCHEMA  # noqa: E402

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INTERESTING = [
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"<", b">", b"]]>", b"<![CDATA[", b"&", b"&#0;",
    b"&#" + b"9" * 5000, b"<!DOCTYPE",
    b"{", b"}", b"[", b"]", b'"', b"\\u0000", b"\\ud800", b"null", b"1e999", b"-1", b"9" * 25,
    b'{"\\ud800":1,"\\ud801":2}',
    b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"true", b"\xf0\x9f\x98\x80", b"\n", b",",
    b"javascript:", b"https://", b"http://[", b"..", b"PK\x03\x04", b"\x1f\x8b",
]  # fmt: skip
"""Pieces that parsers trip over more often than over random ones."""


def a_database() -> bytes:
    """Make a small database of Isso's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.db"
        made = sqlite3.connect(path)
        made.executescript(SCHEMA.format(more=NOTIFICATION))
        for number in range(1, 12):
            made.execute(
                "INSERT INTO comments (tid, id, created, mode, text, author, voters)"
                " VALUES (1, ?, 1400000000, 1, ?, 'Ada', x'00')",
                (number, f"*Words* {number} " * 30),
            )
        made.commit()
        made.close()
        return path.read_bytes()


def a_zip(content: bytes) -> bytes:
    """Pack a file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.xml", content)
    return packed.getvalue()


def read_stream(kind: Format) -> Callable[[bytes], None]:
    """Return what reads bytes in one format."""

    def read(data: bytes) -> None:
        for _ in read_as(kind, io.BufferedReader(io.BytesIO(data)), now=NOW):  # type: ignore[arg-type]
            pass

    return read


def read_file(data: bytes) -> None:
    """Read bytes as a file of unknown kind: packed or not, recognised or not."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        for one in find_files(Path(file.name)):
            with one.open() as stream:
                for _ in read_as(recognise(stream), stream, now=NOW):
                    pass


def read_several(name: str) -> Callable[[bytes], None]:
    """Return what reads bytes as the one file of an export that may be several."""

    def read(data: bytes) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            for _ in READERS[name](gather([Path(file.name)])):
                pass

    return read


def targets() -> dict[str, tuple[bytes, Callable[[bytes], None]]]:
    """Give each thing to be tried: a good file, and what reads it."""
    found = {kind.value: (good, read_stream(kind)) for kind, good in GOOD.items()}
    found |= {name: (good, read_several(name)) for name, good in GOOD_FILES.items()}
    found["isso"] = (a_database(), read_stream(Format.ISSO))
    found["zip"] = (a_zip(GOOD[Format.DISQUS]), read_file)
    found["any"] = (GOOD[Format.WORDPRESS], read_file)
    return found


def damage(good: bytes, chance: random.Random) -> bytes:
    """Change a file in a few places."""
    data = bytearray(good)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 12))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at:at] = chance.choice(INTERESTING)
            case 1:
                del data[at : at + chance.randrange(1, 40)]
            case 2 if at < len(data):
                data[at] = chance.randrange(256)
            case 3:
                start = chance.randrange(len(data) + 1)
                data[at:at] = data[start : start + chance.randrange(1, 300)]
            case _:
                piece = chance.choice(INTERESTING)
                data[at : at + len(piece)] = piece
    return bytes(data)


def try_one(name: str, read: Callable[[bytes], None], data: bytes, keep: Path) -> None:
    """Read a damaged file, and keep it if that crashes.

    Raises:
        Exception: whatever the crash was.
    """
    try:
        read(data)
    except InvalidInput:
        return
    except BaseException:
        kept = keep / f"crash-{name}-{abs(hash(data)):x}"
        kept.write_bytes(data)
        print(f"crash in {name}, kept as {kept}")
        raise


def mutate(names: list[str], until: float, seed: int, keep: Path) -> int:
    """Try blind damage of all good files in turn; return how many files were tried."""
    chance = random.Random(seed)  # noqa: S311 - damage is no secret
    tried = 0
    all_targets = targets()
    slowest = 0.0
    while time.monotonic() < until:
        for name in names:
            good, read = all_targets[name]
            data = damage(good, chance)
            begun = time.monotonic()
            try_one(name, read, data, keep)
            slowest = max(slowest, time.monotonic() - begun)
            tried += 1
    print(f"mutations: {tried} files, the slowest took {slowest:.2f} s, no crash")
    return tried


def guided(name: str, seconds: int, keep: Path) -> None:
    """Let atheris find its own way through one importer. It ends the process when it is done."""
    import atheris  # type: ignore[import-not-found]  # noqa: PLC0415 - optional

    good, read = targets()[name]
    corpus = keep / f"corpus-{name}"
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "good").write_bytes(good)
    atheris.instrument_all()
    # The time counts from here: making all modules tell their way takes a minute by itself.
    options = [
        f"-max_total_time={seconds}",
        "-max_len=8192",
        f"-artifact_prefix={keep}/",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *options], lambda data: try_one(name, read, data, keep))
    atheris.Fuzz()


def main() -> None:
    """Read the options and go."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--engine", choices=("mutations", "atheris"), default="mutations")
    parser.add_argument("--only", action="append", choices=sorted(targets()))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-imports")
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    names = given.only or sorted(targets())
    try:
        if given.engine == "atheris":
            guided(names[0], int(given.minutes * 60), given.keep)
        else:
            mutate(names, time.monotonic() + given.minutes * 60, given.seed, given.keep)
    except Exception:  # noqa: BLE001 - a crash is what is looked for
        traceback.print_exc()
        sys.exit(1)


if __name__ == "__main__":
    main()
