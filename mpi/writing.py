"""The one place that writes files: whole or not at all, never over an input, safe for spreadsheets.

A file is written beside its target under a name of its own, flushed to disk, and renamed once.
"""

from __future__ import annotations

import os
import secrets
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
