"""The one place that writes files and folders: whole or not at all, never over an input, safe for spreadsheets.

What is written lies beside its target under a name of its own, is flushed to disk, and renamed once.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from mpi.errors import DataError, Fault, Place, UsageError

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_whole(
    path: Path, write: Callable[[Path], None], *, overwrite: bool = False, inputs: Iterable[Path] = ()
) -> None:
    """Write one file so that it appears whole or not at all.

    Parameters
    ----------
    path : Path
        The target; its folder must exist.
    write : callable
        Writes to the temporary path that it is given.
    overwrite : bool
        Whether an existing file may be replaced.
    inputs : iterable of Path
        Files that were read and must not be written over, under whatever name.

    Raises
    ------
    UsageError
        If the target exists, is an input, or its folder is missing.
    DataError
        If the disk refuses.
    """
    place = Place(str(path))
    if not path.parent.is_dir():
        raise UsageError(Fault("MPI-O001", place, "the folder of this output does not exist", "make it first"))
    if os.path.lexists(path):
        if not path.is_file():
            raise UsageError(
                Fault("MPI-O002", place, "this output is a folder, a device or a dead link", "name a file")
            )
        if any(source.exists() and path.samefile(source) for source in inputs):
            raise UsageError(Fault("MPI-O003", place, "this output is one of the inputs", "choose another name"))
        if not overwrite:
            raise UsageError(Fault("MPI-O002", place, "this output exists", "remove it, or allow --overwrite"))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        # Made here and exclusively, so that nobody's link is followed.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        write(temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        reason = f"the file cannot be written ({os.strerror(error.errno) if error.errno else 'the disk refuses'})"
        raise DataError(Fault("MPI-O004", place, reason, "look at the disk's space and rights")) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_folder(path: Path, fill: Callable[[Path], None], *, overwrite: bool = False, mark: str) -> None:
    """Write a folder of files so that it appears whole or not at all.

    Parameters
    ----------
    path : Path
        The target; the folder that holds it must exist.
    fill : callable
        Writes into the temporary folder that it is given.
    overwrite : bool
        Whether an existing folder may be replaced, if it holds `mark`: only what was made by such a run is removed.
    mark : str
        Name of a file that every such folder holds, last to be written.

    Raises
    ------
    UsageError
        If the target exists and may not be replaced, or its folder is missing.
    DataError
        If the disk refuses.
    """
    place = Place(str(path))
    if not path.parent.is_dir():
        raise UsageError(Fault("MPI-O001", place, "the folder of this output does not exist", "make it first"))
    earlier = os.path.lexists(path)
    if earlier and path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
        earlier = False  # an empty folder is as good as none: the new one replaces it
    elif earlier:
        if path.is_symlink() or not path.is_dir() or not (path / mark).is_file():
            text = f"this output exists and was not made by an earlier run (it has no {mark})"
            raise UsageError(Fault("MPI-O002", place, text, "name a new folder with -o"))
        if not overwrite:
            raise UsageError(Fault("MPI-O002", place, "this output exists", "remove it, or allow --overwrite"))
    token = secrets.token_hex(4)
    temporary, aside = (path.with_name(f".{path.name}.{token}.{ending}") for ending in ("part", "old"))
    try:
        temporary.mkdir()
        fill(temporary)
        _sync(temporary)
        if earlier:
            path.rename(aside)
        try:
            temporary.rename(path)
        except OSError:
            if earlier:
                aside.rename(path)
            raise
    except OSError as error:
        reason = f"the folder cannot be written ({os.strerror(error.errno) if error.errno else 'the disk refuses'})"
        raise DataError(Fault("MPI-O004", place, reason, "look at the disk's space and rights")) from None
    finally:
        for left in (temporary, aside):
            shutil.rmtree(left, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Flush every file of a folder to the disk."""
    for found in sorted(folder.rglob("*")):
        if found.is_file():
            with found.open("rb+") as stream:
                os.fsync(stream.fileno())


def write_parquet(table: object, path: Path) -> None:
    """Write an Arrow table as Parquet with page checksums."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd", write_page_checksum=True)


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("Antioquia")
    ("'=1+1", 'Antioquia')
    """
    return f"'{text}" if text.startswith(FORMULA) else text
