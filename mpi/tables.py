"""Estimates as text: tables for a screen, CSV and JSON for other programs."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from mpi import arrow
from mpi.estimates import Estimates
from mpi.writing import safe_cell, write_parquet, write_whole

HEADLINE = ("H", "A", "M0")
FORMATS = ("table", "csv", "json", "parquet")


def headline(estimates: Estimates) -> str:
    """H, A and M0 with errors and intervals, one line for each group and cutoff."""
    keys = ("k", *estimates.domains)
    groups: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for statistic in (*HEADLINE, "poor"):
        for row in estimates.only(statistic).rows():
            groups.setdefault(tuple(row[key] for key in keys), {})[statistic] = row
    header = [*estimates.domains, "k", "H %", "se", "95 % interval", "A %", "se", "M0", "se", "poor", "n"]
    body = []
    for group, rows in groups.items():
        k, *where = group
        h, a, m0, poor = (rows[name] for name in (*HEADLINE, "poor"))
        interval = "" if h["ci_low"] is None else f"{100 * h['ci_low']:.2f} - {100 * h['ci_high']:.2f}"
        body.append(
            [*("all" if level is None else str(level) for level in where), str(k), _percent(h["estimate"]),
             _percent(h["se"]), interval, _percent(a["estimate"]), _percent(a["se"]), _number(m0["estimate"], 4),
             _number(m0["se"], 4), _number(poor["estimate"], 0), f"{h['n']:,}"]
        )  # fmt: skip
    return render(header, body, text_columns=len(estimates.domains) + 1)


def indicators(estimates: Estimates) -> str:
    """The indicators of the total at the first cutoff: headcounts and contributions."""
    total: dict[str, str | None] = dict.fromkeys(estimates.domains)
    k = estimates.only("H", **total).rows()[0]["k"]
    wanted = {
        "uncensored %": estimates.only("uncensored_headcount", **total),
        "censored %": estimates.only("censored_headcount", k=k, **total),
        "contribution %": estimates.only("percentage_contribution", k=k, **total),
        "unknown %": estimates.only("unknown", **total),
    }
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for label, rows in wanted.items():
        for row in rows.rows():
            if row["indicator"] is not None:
                found.setdefault((row["dimension"], row["indicator"]), {})[label] = row
    header = ["dimension", "indicator", *(part for label in wanted for part in ((label, "se") if label != "unknown %" else (label,)))]
    body = []
    for (dimension, indicator), cells in found.items():
        line = [dimension, indicator]
        for label in wanted:
            row = cells.get(label, {})
            line.append(_percent(row.get("estimate")))
            if label != "unknown %":
                line.append(_percent(row.get("se")))
        body.append(line)
    return render(header, body, text_columns=2)


def render(header: list[str], body: list[list[str]], text_columns: int) -> str:
    """A plain table: texts to the left, numbers to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, name in enumerate(header):
        table.add_column(Text(name), justify="left" if place < text_columns else "right", no_wrap=True)
    for line in body:
        table.add_row(*(Text(cell) for cell in line))
    target = io.StringIO()
    Console(file=target, width=400, color_system=None, legacy_windows=False).print(table)
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()).strip("\n")


def as_csv(estimates: Estimates) -> bytes:
    """The tidy table as UTF-8 CSV with point and comma; texts that a spreadsheet would compute are disarmed."""
    return table_as_csv(estimates.table)


def table_as_csv(table: pa.Table) -> bytes:
    """Any table as UTF-8 CSV with point and comma; texts that a spreadsheet would compute are disarmed."""
    import pyarrow.csv as pc

    target = pa.BufferOutputStream()
    pc.write_csv(_plain(table), target)
    return bytes(target.getvalue().to_pybytes())


def as_json(estimates: Estimates) -> str:
    """The tidy table as one JSON object: notices, and rows as objects."""
    notices = [{"code": notice.code, "text": notice.text} for notice in estimates.notices]
    return json.dumps({"notices": notices, "estimates": estimates.rows()}, ensure_ascii=False, allow_nan=False)


def write_estimates(
    estimates: Estimates, path: Path, form: str | None = None, *, overwrite: bool = False, inputs: tuple[Path, ...] = ()
) -> None:
    """Write the tidy table as Parquet, CSV, JSON or text, by the file's ending or the named format."""
    chosen = form or {".parquet": "parquet", ".csv": "csv", ".json": "json"}.get(path.suffix.lower(), "csv")

    def write(temporary: Path) -> None:
        if chosen == "parquet":
            write_parquet(estimates.table, temporary)
        elif chosen == "csv":
            temporary.write_bytes(as_csv(estimates))
        else:
            temporary.write_text(as_json(estimates) if chosen == "json" else headline(estimates), encoding="utf-8")

    write_whole(path, write, overwrite=overwrite, inputs=inputs)


def _plain(table: pa.Table) -> pa.Table:
    columns = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if pa.types.is_dictionary(column.type):
            safe = arrow.texts([safe_cell(label) for label in column.dictionary.to_pylist()])
            column = pa.DictionaryArray.from_arrays(column.indices, safe).dictionary_decode()
        columns[name] = column
    return arrow.table(columns)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.2f}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
