"""One file of a table, or one member of an archive: what a reader of its kind gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mpi.errors import DataError, Fault, Place
from mpi.errors.resources import raise_scarce, said_by_system
from mpi.language import phrase
from mpi.specs.survey import Dialect

RIGHTS = phrase("get permission to read it (chmod u+r), or copy it to a folder of yours")


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
    constants : mapping of str to str or None
        Columns from the names of its folders.
    """

    table: str
    file: Path
    label: str
    dialect: Dialect
    constants: Mapping[str, str | None] = field(default_factory=dict)

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
            raw = self.file.read_bytes()
        except (OSError, MemoryError) as error:
            raise_scarce(error, self.label)
            text = phrase("the file cannot be read ({reason})", reason=said_by_system(error))
            raise DataError(Fault("MPI-D001", self.place, text, RIGHTS)) from None
        if not raw.strip():
            text = phrase("the file is empty ({number} bytes)", number=len(raw))
            raise DataError(Fault("MPI-D002", self.place, text, phrase("copy it again")))
        return raw
