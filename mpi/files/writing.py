"""Files that appear whole or not at all, under the name that was given and never over an input."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mpi.errors import DataError, Fault, MpiError, Place, UsageError
from mpi.errors.logs import tell
from mpi.errors.resources import said_by_system, scarce
from mpi.language import phrase

if TYPE_CHECKING:
    import pyarrow as pa

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FREE = 0o666  # what any new file may be; the process's umask takes away from it
OWN = 0o600  # of files with rows of persons or households
PAGE = 1 << 24  # bytes of a column that Parquet compresses at once
SHOWN = 60  # characters of a target's name in the hidden one: a name may have 255 bytes
SETTLED = 60.0  # seconds after which an empty file that no process holds will not be filled


def check_file(path: Path, *, overwrite: bool = False, inputs: Iterable[Path] = ()) -> None:
    """Refuse a file that may not be written: to be called before anything is read for it.

    Parameters
    ----------
    path : Path
        The target.
    overwrite : bool
        Whether an existing file may be replaced.
    inputs : iterable of Path
        Files that are read and must not be written over, under whatever name.

    Raises
    ------
    UsageError
        If the target exists, is an input, or its folder is missing.
    DataError
        If its folder cannot be written to, or the system does not take the name.
    """
    found = check_place(path)
    if found is None:
        return
    place = Place(str(path))
    # A link is replaced, and not what it leads to; so what counts is what it leads to only where that is an input.
    if not path.is_file():
        raise UsageError(
            Fault("MPI-O002", place, phrase("this output is a folder, a device or a dead link"), phrase("name a file"))
        )
    if any(_is(source, path.stat()) for source in inputs):
        raise UsageError(
            Fault("MPI-O003", place, phrase("this output is one of the inputs"), phrase("choose another name"))
        )
    if not overwrite:
        raise UsageError(
            Fault("MPI-O002", place, phrase("this output exists"), phrase("remove it, or add --overwrite"))
        )


def check_place(path: Path) -> os.stat_result | None:
    """What is already at the place of an output, if anything; refuses a place where nothing can be made."""
    place = Place(str(path))
    if not path.parent.is_dir():
        raise UsageError(
            Fault("MPI-O001", place, phrase("the folder of this output does not exist"), phrase("make it first"))
        )
    found = None
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        reason = said_by_system(error) if isinstance(error, OSError) else phrase("no name of a file")
        raise DataError(
            Fault(
                "MPI-O004",
                place,
                phrase("this output cannot be written ({reason})", reason=reason),
                phrase("name another"),
            )
        ) from None
    if not os.access(path.parent, os.W_OK | os.X_OK):
        text = phrase("there is no permission to write to the folder of this output")
        raise DataError(Fault("MPI-O004", place, text, phrase("look at its permissions, or name another folder")))
    return found


def _is(source: Path, target: os.stat_result) -> bool:
    try:
        return os.path.samestat(source.stat(), target)
    except OSError:
        return False


def write_whole(
    path: Path,
    write: Callable[[Path], None],
    *,
    overwrite: bool = False,
    inputs: Iterable[Path] = (),
    private: bool = False,
) -> None:
    """Write one file so that it appears whole or not at all.

    Parameters
    ----------
    path : Path
        The target; its folder must exist.
    write : callable
        Writes to the temporary path that it is given.
    overwrite, inputs
        As for `check_file`.
    private : bool
        Whether only the owner may read the file, from its first byte on: it has rows of persons or households.

    Raises
    ------
    UsageError
        If the target exists, is an input, or its folder is missing.
    DataError
        If the disk refuses.
    """
    check_file(path, overwrite=overwrite, inputs=inputs)
    remove_leftovers(path)
    temporary = hidden(path, "part")
    try:
        # Made here and exclusively, so that no link is followed.
        file = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWN if private else FREE)
        with held(file):
            write(temporary)
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
    except MpiError as error:
        raise named(error, temporary, path) from None
    except OSError as error:
        raise refused(error, path, "file") from None
    finally:
        temporary.unlink(missing_ok=True)
    tell("files", phrase("{file} written", file=str(path)), detail=True)


def hidden(path: Path, ending: str) -> Path:
    """A name of nothing yet, beside a target."""
    return path.with_name(f".{path.name[:SHOWN]}.{secrets.token_hex(4)}.{ending}")


def leftovers(path: Path, ending: str) -> Iterator[Path]:
    """What earlier writers left beside a target when they were killed."""
    pattern = re.compile(rf"\.{re.escape(path.name[:SHOWN])}\.[0-9a-f]{{8}}\.{ending}")
    with contextlib.suppress(OSError):
        for left in sorted(path.parent.iterdir()):
            if pattern.fullmatch(left.name) and not is_held(left):
                yield left


def remove_leftovers(path: Path) -> None:
    """Remove what a writer of this file left when it was killed; what another is writing stays."""
    for left in leftovers(path, "part"):
        with contextlib.suppress(OSError):
            about = left.lstat()
            if stat.S_ISREG(about.st_mode) and (about.st_size or time.time() - about.st_mtime > SETTLED):
                left.unlink()


@contextlib.contextmanager
def held(descriptor: int) -> Iterator[None]:
    """Hold what is being written, so that others see that its writer lives; takes the descriptor over."""
    locked = _lock(descriptor)
    if not locked:  # and where there are no locks an open file may not be renamed either
        os.close(descriptor)
    try:
        yield
    finally:
        if locked:
            os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a living process writes to this; True where that cannot be found out."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return True
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock a file or folder for this process alone, until the descriptor is closed or the process ends."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):  # another holds it; or the system or the disk has no such locks
        return False
    return True


def refused(error: OSError, path: Path, what: Literal["file", "folder"]) -> MpiError:
    """The error of the disk, naming the target that was given; or an error of the machine."""
    if (refusal := scarce(error, str(path))) is not None:
        return refusal
    why = said_by_system(error)
    if what == "file":
        text = phrase("the file cannot be written ({why})", why=why)
    else:
        text = phrase("the folder cannot be written ({why})", why=why)
    return DataError(
        Fault("MPI-O004", Place(str(path)), text, phrase("look at the free space and the permissions of the disk"))
    )


def named(error: MpiError, temporary: Path, path: Path) -> MpiError:
    """The same error, naming the target that was given instead of its hidden name."""

    def renamed(text: str) -> str:
        if temporary.name not in text:
            return text  # a phrase stays one, which other languages say
        return text.replace(str(temporary), str(path)).replace(temporary.name, path.name)

    faults = tuple(
        Fault(
            fault.code,
            None if fault.place is None else Place(renamed(fault.place.file), fault.place.line, fault.place.column),
            renamed(fault.text),
            renamed(fault.remedy),
        )
        for fault in error.faults
    )
    # The error itself: what made it may be more than its faults.
    error.faults, error.args = faults, ("\n".join(str(fault) for fault in faults),)
    return error


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write an Arrow table as Parquet with page checksums; see `write_parquet_parts`."""
    write_parquet_parts(table.schema, [table], path)


def write_parquet_parts(schema: pa.Schema, tables: Iterable[pa.Table], path: Path) -> None:
    """Write Arrow tables of one schema, one after the other, as a Parquet file with page checksums.

    Numbers with a fraction hardly repeat: a dictionary of them is begun in vain, and their bytes dealt out to streams
    take 20 % more than as they are. One page holds them all, so that zstd finds what does repeat.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    repeated = [field.name for field in schema if not pa.types.is_floating(field.type)]
    with pq.ParquetWriter(
        path, schema, compression="zstd", use_dictionary=repeated, data_page_size=PAGE, write_page_checksum=True
    ) as writer:
        for table in tables:
            writer.write_table(table)


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("Antioquia")
    ("'=1+1", 'Antioquia')
    """
    return f"'{text}" if text.startswith(FORMULA) else text
