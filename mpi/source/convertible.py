"""What `mpi convert` makes new files of: files, those of a folder, members of an archive; each for itself, or together.

Together, rows of all of them are stacked, or, with a key, their columns joined (`joining`).
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from mpi.errors import DataError, Fault, MpiError, Place, ResourceError
from mpi.language import phrase
from mpi.source.files import below_folder
from mpi.source.formats import COMPRESSED, ZIP
from mpi.source.packed import data_members, is_archive
from mpi.source.readers import READERS, is_read
from mpi.source.table_opening import open_files
from mpi.source.tables import Opened
from mpi.specs.data_files import Dialect, Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Files that are read as one table.

    Attributes
    ----------
    said : Path
        What reports call it.
    name : str
        What the new file is called, without its ending.
    files : tuple of Path
        Their rows are one under the other.
    folder : Path
        Below which names of folders may be columns.
    layout : Layout
    """

    said: Path
    name: str
    files: tuple[Path, ...]
    folder: Path
    layout: Layout

    def opened(self, dialect: Dialect) -> Opened:
        """The table.

        Raises
        ------
        DataError
            If a file is not there, cannot be read, or does not agree with the others.
        """
        for file in self.files:
            if not file.is_file():
                text = phrase("there is no such file")
                raise DataError(Fault("MPI-D001", Place(str(file)), text, phrase("look at its name")))
        return open_files(self.name, self.said.name, self.files, self.folder, dialect, layout=self.layout)


def sources(paths: Sequence[Path], layout: Layout) -> Iterator[Source | MpiError]:
    """A source for each file, each file of a folder, each member of an archive; or why there is none.

    A folder whose folders are columns (`region=05/`) is one source, and an archive of which `layout` names members.
    """
    for path in paths:
        try:
            yield from _of(path, layout)
        except ResourceError:
            raise
        except MpiError as error:
            yield error


def _of(path: Path, layout: Layout) -> Iterator[Source | MpiError]:
    if not path.is_dir():
        yield from _of_file(path, layout)
        return
    own = layout.dictionary
    files = [file for file in below_folder(path) if is_read(file.name, layout) and str(file.absolute()) != own]
    if not files:
        text = phrase("no file of the folder can be read")
        raise DataError(Fault("MPI-D001", Place(str(path)), text, phrase("name the files themselves")))
    if any("=" in part for file in files for part in file.relative_to(path).parts[:-1]):
        yield Source(said=path, name=path.name, files=tuple(files), folder=path, layout=layout)
        return
    yield from sources(files, layout)


def _of_file(path: Path, layout: Layout) -> Iterator[Source]:
    whole = Source(said=path, name=_name(path.name, layout), files=(path,), folder=path.parent, layout=layout)
    names = []
    if is_archive(path.name) and layout.member is None and path.is_file():
        names = data_members(path, path.name, lambda name: is_read(name, layout) and not is_archive(name))
    if len(names) < 2:  # noqa: PLR2004  one, or none, of which reading says why
        yield whole
    for name in names if len(names) > 1 else ():
        member = replace(layout, member=glob.escape(name))
        yield replace(whole, said=path / name, name=_name(PurePosixPath(name).name, layout), layout=member)


def stacked(name: str, paths: Sequence[Path], found: Sequence[Source], layout: Layout) -> Source:
    """All sources as one, their rows one under the other."""
    files = tuple(dict.fromkeys(file for one in found for file in one.files))
    said = paths[0] if len(paths) == 1 else paths[0].parent / f"{paths[0].name} ..."
    folder = paths[0] if len(paths) == 1 and paths[0].is_dir() else paths[0].parent
    return Source(said=said, name=name, files=files, folder=folder, layout=replace(layout, member=layout.member or "*"))


def _name(name: str, layout: Layout) -> str:
    """What a new file is called; texts of fixed width have any ending."""
    return Path(stem(name)).stem if layout.is_fixed else stem(name)


def stem(name: str) -> str:
    """A file's name without the ending of its kind and of its compression.

    Examples
    --------
    >>> stem("ech_2018.csv.gz"), stem("Personas.SAV"), stem("v1.2.zip")
    ('ech_2018', 'Personas', 'v1.2')
    """
    for kinds in ((*COMPRESSED, ZIP), [reader.format for reader in READERS]):
        ends = [end for kind in kinds for end in kind.suffixes if name.lower().endswith(end) and len(name) > len(end)]
        name = name[: -max(map(len, ends))] if ends else name
    return name
