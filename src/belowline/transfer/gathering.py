"""The files of an export that is more than one: a folder, an archive, or files named one by one.

A folder's own files are taken, and those one folder down, as tools write a folder for each title.
Links are not followed, and what a desktop leaves in folders is passed over. Which file holds what
is told by its content, by the reader of the format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from belowline.core.errors import InvalidInput
from belowline.transfer.opening import ExportFile, find_files
from belowline.transfer.zipped import MOST_FILES


def gather(paths: Sequence[Path]) -> tuple[ExportFile, ...]:
    """Return the files that an export consists of, in the order of the paths, folders by name.

    Raises:
        InvalidInput: a path cannot be read, a folder holds nothing, or there are too many files.
    """
    found: list[ExportFile] = []
    for path in paths:
        if not path.is_dir():
            found += find_files(path)
            continue
        inside = list(_in_folder(path))
        if not inside:
            raise InvalidInput(
                f"There is no file in the folder {path.name}.", field="file", code="empty_file"
            )
        for file in inside:
            # The name within the folder, as two titles' folders hold files of the same names.
            name = file.relative_to(path).as_posix()
            found += [
                replace(one, name=name if one.member is None else f"{name}/{one.name}")
                for one in find_files(file)
            ]
    if len(found) > MOST_FILES:
        raise InvalidInput(
            f"These are more than {MOST_FILES} files.", field="file", code="too_many_files"
        )
    return tuple(found)


@contextmanager
def naming(file: ExportFile) -> Iterator[None]:
    """Name the file in what is said to be wrong with it: of several, one has to know which.

    Raises:
        InvalidInput: what was raised within, with the file's name before its words.
    """
    try:
        yield
    except InvalidInput as error:
        if error.field != "file":
            raise
        context = {name: value for name, value in error.context.items() if name != "field"}
        raise InvalidInput(
            f"{file.name}: {error.message}", field=error.field, code=error.code, **context
        ) from error


def _in_folder(folder: Path, *, deeper: bool = True) -> Iterator[Path]:
    try:
        entries: Iterable[Path] = sorted(folder.iterdir())
    except OSError as error:
        raise InvalidInput(
            f"The folder cannot be read: {error.strerror}.", field="file", code="unreadable_file"
        ) from error
    for entry in entries:
        if entry.name.startswith((".", "__MACOSX")) or entry.is_symlink():
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and deeper:
            yield from _in_folder(entry, deeper=False)
