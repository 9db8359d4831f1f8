"""Places against demand as text for a screen."""

from __future__ import annotations

from mpi.language.speaking import spoken
from mpi.policies.supplying import SupplyDemand
from mpi.tables.figures_screen import UNPROTECTED
from mpi.tables.screen import caption_of, number_text, render


def supply_as_text(found: SupplyDemand, level: float) -> str:
    """What a screen shows of places against demand.

    Parameters
    ----------
    found : SupplyDemand
    level : float
        Of the intervals.
    """
    (by,) = found.domains
    shown = ("supply", "estimate", "se", "gap", "gap_low", "gap_high")
    rows = found.table.to_pylist()
    body = [
        [row[by], *(number_text(row[name], 0) for name in shown), number_text(row["ratio"], 2), row["note"] or ""]
        for row in rows
    ]
    header = [by, "supply", "demand", "se", "gap", "low", "high", "ratio", "note"]
    head = [caption_of(rows[0], level, f"{rows[0]['indicator']}, {rows[0]['demand']}")] if rows else []
    return "\n\n".join([*head, render(header, body, text_columns=1), spoken(UNPROTECTED)])
