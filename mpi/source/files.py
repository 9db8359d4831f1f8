"""The files of a table: listed by the package itself, so that none is skipped, with the columns of their folders.

Names are compared as they are read: one whose accents are signs of their own (as archives unpacked on macOS have
them) is the same name. Where no file has the name, the message says which is nearly there.
"""

from __future__ import annotations

import unicodedata
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote

from mpi.errors import DataError, Fault, Place, folded, listed, nearest_word
from mpi.files.stores import StorePath, is_address, location
from mpi.language import phrase
from mpi.source.formats import fault_of, foreign
from mpi.source.readers import is_read
from mpi.specs.data_files import Layout

NO_LAYOUT = Layout()
NULL = "__HIVE_DEFAULT_PARTITION__"
FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")


def find_files(name: str, path: str, folder: Path, layout: Layout = NO_LAYOUT) -> list[Path]:
    """The files that a path or pattern names below a folder, sorted.

    Parameters
    ----------
    name : str
        The table's name.
    path : str
        A file, a folder of files (also partitioned `column=value`), or a pattern.
    folder : Path
    layout : Layout
        What the survey says of them.

    Raises
    ------
    DataError
        If there are none, two whose names look the same, or files of unknown formats.
    """
    place = Place(str(folder / path))
    exact = _present(folder, path, place)
    found = [exact] if exact is not None else _matching(folder, path)
    files = [file for item in found for file in ([item] if item.is_file() else below_folder(item))]
    if not files:
        remedy = _near(folder, path) or phrase("look at --data and at the survey's `path:`")
        raise DataError(
            Fault("MPI-D001", place, phrase("no file of the table {name} is found there", name=name), remedy)
        )
    _check_kinds(name, files, folder, place, layout)
    return files


def _check_kinds(name: str, files: list[Path], folder: Path, place: Place, layout: Layout) -> None:
    """Refuse what no reader takes."""
    strange = [file for file in files if not is_read(file.name, layout)]
    kinds = [kind for file in strange if (kind := foreign(file)) is not None]
    if len(kinds) == len(files):
        raise DataError(fault_of(name, label_of(files[0], folder), kinds[0], len(files)))
    if strange:
        text = phrase(
            "the table {name} matches files of no kind that is read: {names}",
            name=name,
            names=listed([f.name for f in strange]),
        )
        narrower = (
            phrase("make the path more specific")
            if len(strange) < len(files)
            else phrase("save the data as Parquet or CSV")
        )
        raise DataError(Fault("MPI-D004", place, text, narrower))


def same_name(a: str, b: str) -> bool:
    """Whether two names look the same, however their accents are written."""
    return a == b or unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b)


def _present(folder: Path, path: str, place: Place) -> Path | None:
    """The file or folder of this name, accents written either way; None if there is none."""
    found = folder
    for part in PurePosixPath(path).parts:
        entries = [] if part.isascii() else [entry for entry in _entries(found) if same_name(entry.name, part)]
        if len(entries) > 1:
            text = phrase(
                "two names there look the same, {part!r}: one has its accents as separate characters", part=part
            )
            raise DataError(Fault("MPI-D130", place, text, phrase("rename one of them, or remove it")))
        found = entries[0] if entries else found / part
    try:
        return found if found.exists() else None
    except (OSError, ValueError):  # a name that cannot be one
        return None


def _matching(folder: Path, pattern: str) -> list[Path]:
    """What a pattern matches, accents written either way."""
    forms = dict.fromkeys([pattern, *(unicodedata.normalize(form, pattern) for form in FORMS)])
    try:
        return sorted({file for form in forms for file in folder.glob(form)})
    except (OSError, ValueError, NotImplementedError):  # no name and no pattern either
        return []


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _near(folder: Path, path: str) -> str:
    """What to do where a name is nearly there: other capitals, accents, ending or letters; empty if nothing is near."""
    there = folder
    parts = PurePosixPath(path.replace("\\", "/")).parts
    for part in parts[:-1]:
        if not (there / part).is_dir():
            return _hint(part, [entry for entry in _entries(there) if entry.is_dir()], folder)
        there /= part
    return _hint(parts[-1], _entries(there), folder) if parts else ""


def _hint(name: str, entries: list[Path], folder: Path) -> str:
    known = {entry.name: entry for entry in sorted(entries) if not entry.name.startswith((".", "_"))}
    if any(sign in name for sign in "*?["):
        alike = [other for other in known if fnmatchcase(folded(other), folded(name))]
        if not alike:
            return ""
        return phrase("there is {names}: write the pattern as the names are written", names=listed(alike))
    stem = folded(name).partition(".")[0]
    alike = [other for other in known if folded(other).partition(".")[0] == stem]
    found = nearest_word(name, known) or next(iter(alike), None)
    if found is None:
        return ""
    shown = label_of(known[found], folder)
    return phrase("there is {shown}: write `path: {shown}`, or rename it", shown=shown)


def below_folder(folder: Path) -> list[Path]:
    """Files of a folder and the folders in it, sorted; those that begin with a dot or underscore are no data."""
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
    ]


def one_path(source: object) -> tuple[Path, str] | object:
    """Folder and name of a path that is given for a table; whatever else is given, as it is."""
    if not isinstance(source, str | Path):
        return source
    path = location(source)
    return path.parent, path.name


def below(folder: Path, path: str) -> tuple[Path, str]:
    """A folder and a path below it: of an address of its own, its bucket."""
    if not is_address(path):
        return folder, path
    found = StorePath.of(path)
    return found.root_folder, found.relative_to(found.root_folder).as_posix()


def label_of(file: Path, folder: Path) -> str:
    """What messages call a file: its path below the data folder, or its address in a store."""
    if isinstance(file, StorePath):
        return str(file)
    return str(file.relative_to(folder)) if file.is_relative_to(folder) else file.name


def partition(file: Path, folder: Path) -> dict[str, str | None]:
    """The columns that the folders between the data folder and the file stand for: `region=05/` is the text 05.

    The value is decoded as whoever writes such folders encodes it; None for their word for null.

    Examples
    --------
    >>> partition(Path("data/year=2024/region=05/part.parquet"), Path("data"))
    {'year': '2024', 'region': '05'}
    """
    parts = file.relative_to(folder).parts[:-1] if file.is_relative_to(folder) else ()
    pairs = (part.split("=", 1) for part in parts if "=" in part)
    return {unquote(name): None if value == NULL else unquote(value) for name, value in pairs}
