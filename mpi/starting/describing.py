"""What a file of data holds: its columns, and what they are to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mpi.errors import Fault, Notice, Place, UsageError, counted, listed
from mpi.errors.arguments import public
from mpi.files.stores import location
from mpi.language import phrase
from mpi.notebook import html_table
from mpi.source.labels import Labels
from mpi.source.table_opening import open_table
from mpi.source.tables import Opened
from mpi.specs.data_files import Dialect, Layout
from mpi.starting.columns import Coded, Column, coded, column
from mpi.starting.structure import Structure, priority, structure

AT_ONCE = 2**25  # cells that are read at once
KEPT = 2**26  # cells of columns that are compared with each other: 256 MB
READ = ("number", "text", "truth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a file of data holds.

    Attributes
    ----------
    file : str
    rows : int
    columns : tuple of Column
        In the order of the file.
    structure : Structure
        Candidates for keys, weight, PSU and strata.
    notices : tuple of Notice
    """

    file: str
    rows: int
    columns: tuple[Column, ...]
    structure: Structure
    notices: tuple[Notice, ...] = ()

    def __repr__(self) -> str:
        return f"Description: {self.file}: {counted(self.rows, 'row')}, {counted(len(self.columns), 'column')}"

    def _repr_html_(self) -> str:
        heads = ("column", "type", "title", "different values", "missing", "codes")
        rows = [
            (
                one.name,
                one.type,
                one.title,
                f"{one.distinct:,}",
                f"{one.missing:,}",
                listed([f"{code.code} {code.label}".strip() for code in one.codes], 6),
            )
            for one in self.columns
        ]
        notes = [notice.text for notice in self.notices]
        return html_table(repr(self), heads, rows, numbers=heads[3:5], notes=notes)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain dicts, lists and numbers, as JSON has them."""
        found = self.structure
        return {
            "file": self.file,
            "rows": self.rows,
            "columns": [asdict(one) for one in self.columns],
            "keys": [asdict(key) for key in found.keys],
            "weights": [*found.weights],
            "psus": [*found.psus],
            "strata": [*found.strata],
        }


@public
def describe(path: str | Path, *, sheet: str | None = None, member: str | None = None) -> Description:
    """What a file of data holds, without a value that could be one person's.

    Every cell is read once. Codes with fewer than 10 rows, texts of many values, and the values of columns that
    identify somebody are not shown.

    Parameters
    ----------
    path : str or Path
        A file of any kind that is read, or a folder of such files, which are one table.
    sheet : str, optional
        Of a spreadsheet with several.
    member : str, optional
        A name or pattern of a member, of an archive with several.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it cannot be read, or has no row.
    """
    path = location(path)
    if not _is_there(path):
        text = phrase("there is no such file or folder")
        raise UsageError(Fault("MPI-U230", Place(str(path)), text, phrase("name a file of data that is there")))
    opened = open_table(
        path.stem, path.name, path.absolute().parent, Dialect(), layout=Layout(sheet=sheet, member=member)
    )
    columns, kept = _columns(opened)
    found = structure(kept)
    hidden = found.identifying
    told = tuple(one.without_values if one.name in hidden else one for one in columns.values())
    return Description(
        file=opened.label, rows=opened.rows, columns=told, structure=found, notices=_notices(opened, kept)
    )


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that the system cannot have
        return False


def _columns(opened: Opened) -> tuple[dict[str, Column], dict[str, Coded]]:
    """Every column; and those that are compared with each other, as many as fit into memory."""
    told = {name: Column(name=name, type=sort) for name, sort in opened.columns.items()}
    names = [name for name, sort in opened.columns.items() if sort in READ and name not in opened.refused]
    wanted = {*sorted(names, key=priority)[: max(1, KEPT // max(1, opened.rows))]}
    kept: dict[str, Coded] = {}
    step = max(1, AT_ONCE // max(1, opened.rows))
    for low in range(0, len(names), step):
        group = names[low : low + step]
        values = opened.whole(group)
        missing = _missing(opened, group)
        for name in group:
            found = coded(values.pop(name))
            labels = opened.labels.get(name, Labels())
            told[name] = column(name, opened.columns[name], found, labels, missing.get(name, {}))
            if name in wanted:
                kept[name] = found
    return told, kept


def _missing(opened: Opened, names: list[str]) -> Mapping[str, Mapping[str, int]]:
    total: dict[str, dict[str, int]] = {}
    for tally in opened.tallies:
        for name, counts in tally.counts(names).items():
            own = total.setdefault(name, {})
            for code, n in counts.items():
                own[code] = own.get(code, 0) + n
    return total


def _notices(opened: Opened, kept: Mapping[str, Coded]) -> tuple[Notice, ...]:
    place = Place(opened.label)
    found = [Notice("MPI-N231", remark, place) for remark in opened.remarks]
    if opened.refused:
        text = phrase("columns that are not read, as their cells disagree: {names}", names=listed([*opened.refused]))
        found.append(Notice("MPI-N232", text, place))
    read = [name for name, sort in opened.columns.items() if sort in READ and name not in opened.refused]
    if len(kept) < len(read):
        text = phrase("the file is large: candidates were looked for among {number} of its columns", number=len(kept))
        found.append(Notice("MPI-N232", text, place))
    return tuple(found)
