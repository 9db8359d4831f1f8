"""One file of a table, or one member of an archive: what a reader of its kind gets."""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeAlias

from mpi.errors import DataError, Fault, Place
from mpi.errors.resources import raise_scarce, said_by_system
from mpi.files.stores import StorePath
from mpi.language import phrase
from mpi.source.formats import HEAD, head_of
from mpi.specs.data_files import Dialect, Layout

BLOCK = 2**23  # bytes fetched at once
Content: TypeAlias = bytes | mmap.mmap
RIGHTS = phrase("get permission to read it (chmod u+r), or copy it to a folder of yours")


def fetched(stream: IO[bytes]) -> mmap.mmap:
    """What a stream gives, in a temporary file without a name, as memory: readers that go back and forth need that."""
    with TemporaryFile() as file:
        shutil.copyfileobj(stream, file, BLOCK)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file of a table.

    Attributes
    ----------
    table : str
        The table's name: persons, households, ...
    file : Path
    label : str
        What messages call it.
    dialect : Dialect
        How its texts are written, where the survey says so.
    name : str
        The file's, or of what it holds compressed, by which its kind is known.
    folder : Path
        The data folder.
    constants : mapping of str to str or None
        Columns from the names of its folders.
    layout : Layout
        What else the survey says of it.
    codes : mapping of str to sequence of str
        The codes that mean that the answer is unknown, by column.
    packed : callable or None
        Gives the content, or its first bytes, if it is compressed or a member of an archive.
    """

    table: str
    file: Path
    label: str
    dialect: Dialect
    name: str
    folder: Path
    constants: Mapping[str, str | None] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    packed: Callable[[int | None], bytes] | None = None

    @property
    def place(self) -> Place:
        """Where its faults lie."""
        return Place(self.label)

    def content(self) -> bytes:
        """All of its bytes.

        Raises
        ------
        DataError
            If it cannot be read, or has none.
        ResourceError
            If the machine gives too little memory.
        """
        try:
            raw = self.file.read_bytes() if self.packed is None else self.packed(None)
        except (OSError, MemoryError) as error:
            raise_scarce(error, self.label)
            text = phrase("the file cannot be read ({reason})", reason=said_by_system(error))
            raise DataError(Fault("MPI-D001", self.place, text, RIGHTS)) from None
        if not raw.strip():
            text = phrase("the file is empty ({number} bytes)", number=len(raw))
            raise DataError(Fault("MPI-D002", self.place, text, phrase("copy it again")))
        return raw

    def head(self) -> bytes:
        """The first bytes of the file, or of what it holds compressed; none if it cannot be read."""
        return head_of(self.file) if self.packed is None else self.packed(HEAD)

    def readable(self) -> str | Content:
        """What a reader opens: the file's path; or what it holds compressed, or what is in a store.

        Raises
        ------
        DataError, ResourceError
            As `content`, and if it cannot be opened.
        """
        if self.packed is not None:
            return self.content()
        try:
            with self.file.open("rb") as stream:
                empty = not stream.read(1)
                if isinstance(self.file, StorePath) and not empty:
                    stream.seek(0)
                    return fetched(stream)
        except OSError as error:
            raise_scarce(error, self.label)
            text = phrase("the file cannot be read ({reason})", reason=said_by_system(error))
            raise DataError(Fault("MPI-D001", self.place, text, RIGHTS)) from None
        if empty:
            text = phrase("the file is empty ({number} bytes)", number=0)
            raise DataError(Fault("MPI-D002", self.place, text, phrase("copy it again")))
        return str(self.file)
