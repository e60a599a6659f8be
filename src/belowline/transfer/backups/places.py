"""Where backups are kept: a folder, or a bucket that speaks S3. Nothing half-written is listed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from belowline.core.errors import Misconfigured, NotFound, Unavailable
from belowline.transfer.backups.model import Backup, read_name
from belowline.transfer.whole.places import replacing

S3 = "s3://"
PIECE = 16 * 1024 * 1024


class Shelf(Protocol):
    """A place that keeps backups by name. Each method raises Unavailable if it does not answer."""

    @property
    def address(self) -> str:
        """Return where it is, without any key."""
        ...

    def put(self, file: Path, name: str) -> None:
        """Put a file there, whole or not at all."""
        ...

    def list_backups(self) -> list[Backup]:
        """Return the backups that are there, oldest first."""
        ...

    def fetch(self, name: str, to: Path) -> None:
        """Copy a backup into a file. Raises NotFound if it is not there."""
        ...

    def drop(self, name: str) -> None:
        """Delete a backup."""
        ...


def make_shelf(address: str, *, endpoint: str = "") -> Shelf:
    """Return the place that an address names.

    Raises:
        Misconfigured: there is no address, or it names no bucket.
    """
    if not address:
        raise Misconfigured(
            "Say where backups go: set BELOWLINE_BACKUP_TO to a folder or to s3://bucket/folder.",
            code="no_backup_place",
        )
    return BucketShelf(address, endpoint) if address.startswith(S3) else FolderShelf(Path(address))


class FolderShelf:
    """A folder on this machine, or one that is mounted here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self.address = str(self._folder)

    def put(self, file: Path, name: str) -> None:
        """Copy the file under another name, let it reach the disk, and give it its own."""
        with self._speaking():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with file.open("rb") as source, replacing(self._folder / name) as target:
                shutil.copyfileobj(source, target, PIECE)

    def list_backups(self) -> list[Backup]:
        """Return the backups in the folder, oldest first."""
        with self._speaking():
            files = [*self._folder.iterdir()] if self._folder.is_dir() else []
            found = [read_name(file.name, size=file.stat().st_size) for file in files]
        return sorted(one for one in found if one is not None)

    def fetch(self, name: str, to: Path) -> None:
        """Copy a backup out of the folder."""
        _require(name, self)
        with self._speaking():
            shutil.copyfile(self._folder / name, to)

    def drop(self, name: str) -> None:
        """Delete a backup from the folder."""
        _require(name, self)
        with self._speaking():
            (self._folder / name).unlink(missing_ok=True)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(
                f"{self.address} cannot be used for backups: {error.strerror or 'it refuses'}.",
                code="backup_place_unavailable",
            ) from error


class BucketShelf:
    """A bucket of Amazon's S3 or of any store that speaks as it does."""

    def __init__(self, address: str, endpoint: str) -> None:
        parts = urlsplit(address)
        if not parts.netloc or "@" in parts.netloc:
            raise Misconfigured(
                "BELOWLINE_BACKUP_TO names a bucket as s3://bucket/folder; keys do not belong in "
                "it. They are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                code="bad_backup_place",
            )
        self.address = address.rstrip("/")
        self._store = _open_bucket(parts.netloc, parts.path.strip("/"), endpoint)

    def put(self, file: Path, name: str) -> None:
        """Send the file in pieces; it is there once the last has arrived."""
        import obstore  # noqa: PLC0415 - see _open_bucket

        with self._speaking():
            obstore.put(self._store, name, file, chunk_size=PIECE)

    def list_backups(self) -> list[Backup]:
        """Return the backups in the bucket, oldest first."""
        import obstore  # noqa: PLC0415

        with self._speaking():
            found = [
                read_name(one["path"], size=one["size"])
                for portion in obstore.list(self._store)
                for one in portion
            ]
        return sorted(one for one in found if one is not None)

    def fetch(self, name: str, to: Path) -> None:
        """Fetch a backup from the bucket, piece by piece."""
        import obstore  # noqa: PLC0415

        _require(name, self)
        with self._speaking(), to.open("wb") as target:
            for piece in obstore.get(self._store, name).stream(min_chunk_size=PIECE):
                target.write(piece)

    def drop(self, name: str) -> None:
        """Delete a backup from the bucket."""
        import obstore  # noqa: PLC0415

        _require(name, self)
        with self._speaking():
            obstore.delete(self._store, name)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        from obstore.exceptions import BaseError  # noqa: PLC0415

        try:
            yield
        except (BaseError, OSError) as error:
            # What the store answers can quote the request with its keys.
            raise Unavailable(
                f"{self.address} does not take or give backups: {type(error).__name__}. "
                "Are the bucket, BELOWLINE_BACKUP_ENDPOINT, the keys and the region right?",
                code="backup_place_unavailable",
            ) from error


def _open_bucket(bucket: str, prefix: str, endpoint: str) -> Any:  # noqa: ANN401 - its class is lazy
    # Only who keeps backups there pays for the library.
    from obstore.store import S3Store  # noqa: PLC0415

    more: dict[str, Any] = {}
    if endpoint:
        more = {
            "endpoint": endpoint,
            "virtual_hosted_style_request": False,
            "client_options": {"allow_http": endpoint.startswith("http://")},
        }
    return S3Store(bucket, prefix=prefix or None, **more)


def _require(name: str, shelf: Shelf) -> None:
    # A name comes from the command line, and must not lead out of the place.
    if read_name(name) is None:
        raise NotFound(f"{name} is no backup's name.", code="no_backup")
    if name not in {one.name for one in shelf.list_backups()}:
        raise NotFound(f"There is no {name} at {shelf.address}.", code="no_backup")
