"""Tables of a ranking as text for a screen: what they are about, then a line for each row."""

from __future__ import annotations

import pyarrow as pa

from mpi.errors import printable
from mpi.tables.screen import NOTHING, everybody, number_text, p_text, render


def ranking_as_text(table: pa.Table, domain: str, about: str) -> str:
    """What a screen shows of a table of a ranking; columns without any value are left out.

    Parameters
    ----------
    table : pyarrow.Table
        One of those of `mpi.robustness`, `mpi.dominance`, `mpi.weight_draws` or `mpi.weight_orders`.
    domain : str
        The domain that is ranked; null there is all.
    about : str
        What stands above.
    """
    kept = [name for name in table.column_names if table[name].null_count < table.num_rows or not table.num_rows]
    told = [_is_told(table.schema.field(name).type) for name in kept]
    names = [name for name, text in zip(kept, told, strict=True) if text]
    ordered = names + [name for name, text in zip(kept, told, strict=True) if not text]
    body = [[_cell(name, row[name], domain) for name in ordered] for row in table.to_pylist()]
    return f"{printable(about)}\n\n{render(ordered, body, text_columns=len(names))}"


def _is_told(kind: pa.DataType) -> bool:
    """Whether a column holds texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))


def _cell(name: str, value: str | bool | float | None, domain: str) -> str:
    if value is None:
        return everybody() if name == domain else NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "p":
        return p_text(value)
    return number_text(value, 0 if isinstance(value, int) or name == "df" else 4)
