"""Derived figures as text for a screen: what they are about, then a line for each."""

from __future__ import annotations

from typing import Any

from mpi.errors import printable
from mpi.estimates.derived import FIGURES, Derived
from mpi.language import phrase
from mpi.tables.screen import NOTHING, P_CORRECTED, caption_of, everybody, number_text, p_text, render
from mpi.vocabulary.options import Adjust

UNPROTECTED = phrase("without disclosure control: not for publication; a study publishes such tables")
MANY = 1_000  # from here on figures are numbers of units, which have no decimals
ABOUT = ("measure", "survey", "period", "unit", "reading", "spread")


def derived_as_text(derived: Derived, level: float, adjust: Adjust) -> str:
    """What a screen shows of derived figures.

    Parameters
    ----------
    derived : Derived
    level : float
        The level of their confidence intervals.
    adjust : {"none", "holm", "bh"}
        How the p-values were corrected for their number.
    """
    rows = derived.rows()
    keys = [name for name in derived.table.column_names if name not in (*ABOUT, *FIGURES)]
    keys = [name for name in keys if name in derived.domains or any(row[name] is not None for row in rows)]
    corrected, noted = P_CORRECTED[adjust], any(row["note"] for row in rows)
    judged = any(row["reliability"] for row in rows)
    body = [
        [
            *(
                (everybody() if name in derived.domains else NOTHING) if row[name] is None else row[name]
                for name in keys
            ),
            *(_figure_text(row[name], row["estimate"]) for name in ("estimate", "se", "ci_low", "ci_high")),
            number_text(row["df"], 0),
            p_text(row["p_adjusted"] if corrected else row["p"]),
            number_text(row["n"], 0),
            *([row["reliability"] or NOTHING] if judged else []),
            *([row["note"] or ""] if noted else []),
        ]
        for row in rows
    ]
    header = [*keys, "estimate", "se", "low", "high", "df", corrected or "p", "n"]
    header += [*(["reliability"] if judged else []), *(["note"] if noted else [])]
    first = rows[0]
    about: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:  # those of series are of several units, and measures
        about.setdefault((row["measure"], row["unit"]), row)
    caption = "\n".join(caption_of(row, level) for row in about.values())
    if reading := first.get("reading"):
        caption = f"{caption}; {printable(reading)}"
    return f"{caption}\n\n{render(header, body, text_columns=len(keys))}"


def _figure_text(value: float | None, estimate: float | None) -> str:
    """A figure or its error: to four decimals, or, where the figure is a number of units, to none."""
    text = number_text(value, 0 if estimate is not None and abs(estimate) >= MANY else 4)
    return text if value is None or text.strip("-0.,") else text.removeprefix("-")
