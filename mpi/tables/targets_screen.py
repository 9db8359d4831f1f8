"""Progress towards targets as text for a screen: one line a target and group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mpi.errors import printable
from mpi.estimates import Tidy
from mpi.language import phrase
from mpi.language.speaking import figure, spoken
from mpi.tables.screen import NOTHING, UNIT_WORDS, everybody, number_text, render

NUMBERS = ("estimate", "ci_low", "ci_high", "target", "yearly", "needed", "projection")
HEADS = ("estimate", "from", "to", "target", "a year", "needed", "projection", "reached")
SAYS = phrase(
    "verdicts: one-sided t tests at 5 %; changes a year: relative at a constant rate, log odds on a logistic path"
)


def progress_as_text(progress: Tidy) -> str:
    """What a screen shows of progress: what it is of, then figures, targets and verdicts.

    Parameters
    ----------
    progress : Tidy
        Of `mpi.progress`, or of a publication.
    """
    rows = progress.rows()
    first = rows[0]
    caption = phrase(
        "{measure}, period {period}: {unit}, progress towards targets",
        measure=first["measure"],
        period=first["period"],
        unit=UNIT_WORDS[first["unit"]],
    )
    keys = [
        name
        for name in (*progress.domains, "k", "statistic", "dimension", "indicator", "target_path")
        if any(row[name] is not None for row in rows)
    ]
    body = [[*(_key(row, name, progress) for name in keys), *_cells(row)] for row in rows]
    header = [*keys, "year", "verdict", *HEADS, "reliability"]
    return f"{printable(spoken(caption))}\n{spoken(SAYS)}\n\n{render(header, body, text_columns=len(keys) + 2)}"


def _key(row: Mapping[str, Any], name: str, progress: Tidy) -> str:
    return row[name] or (everybody() if name in progress.domains else "")


def _cells(row: Mapping[str, Any]) -> list[str]:
    digits = 0 if (row["estimate"] or row["target"] or 0) > 1 else 4
    return [
        f"{row['target_year']:g}",
        row["verdict"] or NOTHING,
        *(number_text(row[name], digits) for name in NUMBERS),
        NOTHING if row["reached"] is None else figure(f"{row['reached']:.1f}"),
        row["reliability"] or NOTHING,
    ]
