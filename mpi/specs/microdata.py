"""A frame with what its columns are; `mpi.pipeline.microdata` makes it, and the survey that a measure wants of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from mpi.errors import counted
from mpi.notebook import html_table


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Microdata:
    """A frame with what its columns are; see `mpi.survey`.

    Attributes
    ----------
    table : pyarrow.Table
        One row a person, or a household where `members` is given.
    about : mapping of str to object
        Name, period, title and time, as in a survey file.
    design : mapping of str to object
        As in a survey file.
    variables, domains : mapping of str to object
        As in a survey file; a column needs no entry.
    household : tuple of str
        The columns that number the households; empty if each row is one.
    members : str or None
        The column with the number of its members.
    programmes : mapping of str to object
        Who receives each, as in a survey file.
    variables_for : mapping of str to mapping of str to object
        Variables in place of others, by the name of a measure.
    """

    table: pa.Table
    about: Mapping[str, object]
    design: Mapping[str, object]
    variables: Mapping[str, object]
    domains: Mapping[str, object]
    household: tuple[str, ...]
    members: str | None
    programmes: Mapping[str, object] = field(default_factory=dict)
    variables_for: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def __repr__(self) -> str:
        told = f"domains: {', '.join(self.domains) or 'none'}"
        return f"Microdata({self.about['survey']!r}: {counted(self.table.num_rows, 'row')}; {told})"

    def _repr_html_(self) -> str:
        said = {**self.about, **self.design, "household": ", ".join(self.household), "members": self.members}
        rows = [(name, _told(value)) for name, value in said.items() if value]
        rows += [("domains", ", ".join(self.domains)), ("columns", ", ".join(self.table.column_names))]
        return html_table(f"Microdata: {self.table.num_rows:,}", (), rows)


def _told(value: object) -> str:
    """What was said of the design: a column or several by their names."""
    if isinstance(value, Mapping) and set(value) == {"column"}:
        return str(value["column"])
    return ", ".join(map(_told, value)) if isinstance(value, list | tuple) else str(value)
