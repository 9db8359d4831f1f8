"""The outputs of a publication as tasks: each writes some files by itself and needs no other, but for what it names.

Comes in: what was gathered, and a folder. Goes out: files that are the same whichever process makes them, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import rmtree

from mpi.errors import MpiError
from mpi.errors.omissions import Omission
from mpi.files.writing import named
from mpi.publication.gathering import Gathered
from mpi.vocabulary.options import Output

Make = Callable[[Gathered, Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A part of the outputs.

    Attributes
    ----------
    name : str
        Of no other task; the parts that it may leave out begin with it, see `Omission.part`.
    output : str
    make : callable
        Writes files below the folder that it is given, and adds to `left_out` what cannot be made. It can be pickled.
    tells : mapping of str to str
        Files that a reader opens first, with what they are; each is told of if it was made.
    after : tuple of str
        Tasks whose omissions it has to know, or whose files: they lie in the folder above that it is given.
    first : bool
        Whether a reader looks here first, while the rest is written.
    """

    name: str
    output: Output
    make: Make
    tells: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    first: bool = False


def made(folder: Path) -> Path:
    """A folder of a task, which it makes."""
    folder.mkdir()
    return folder


@dataclass(frozen=True, slots=True)
class Done:
    """What a task wrote, sorted, with `/`; and what it left out."""

    files: tuple[str, ...] = ()
    left_out: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """All that any task needs; handed once to each process."""

    gathered: Gathered
    folder: Path
    tasks: Sequence[Task]

    def done(self, place: int, before: Sequence[Omission] = ()) -> Done:
        """Do one task.

        Parameters
        ----------
        place : int
            In `tasks`.
        before : sequence of Omission
            Of the tasks that it comes after.

        Raises
        ------
        MpiError, OSError, MemoryError
            What concerns more than this task, such as a full disk.
        """
        own = self.folder / f".task{place}"  # so that it is known which files are its own
        own.mkdir()
        gathered = replace(self.gathered, left_out=list(before))
        try:
            self.tasks[place].make(gathered, own)
            names = sorted(path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file())
            for name in names:
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (own / name).rename(self.folder / name)
        except MpiError as error:
            raise named(error, own, self.folder) from None
        rmtree(own)
        return Done(tuple(names), tuple(gathered.left_out[len(before) :]))

    def before(self, place: int, found: Mapping[str, Done]) -> list[Omission]:
        """What the tasks left out that a task comes after."""
        return [one for name in self.tasks[place].after if name in found for one in found[name].left_out]
