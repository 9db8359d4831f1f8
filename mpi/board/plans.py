"""The plans of a board: a line for each, with incidence before and after, households lifted and cost."""

from __future__ import annotations

from dataclasses import dataclass

from mpi.claims.numbers import between_change, marked
from mpi.language import joined, phrase
from mpi.policies.parts import WHOLE
from mpi.policies.published import COST, LIFTED
from mpi.publication.edition import Edition
from mpi.publication.plans import plans_shown


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The plans as a table.

    Attributes
    ----------
    title : str
    heads : tuple of str
    rows : tuple of tuple of str
        The first cell names the plan.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plan_table(edition: Edition) -> PlanTable | None:
    """The plans of a publication; None where it has none."""
    shown = plans_shown(edition)
    if not shown:
        return None
    priced = any(one.priced for one in shown)
    heads = [phrase("Plan"), phrase("H before, %"), phrase("H after, %"), phrase("Change, percentage points")]
    heads += [phrase("Households lifted"), phrase("Cost")] if priced else []
    rows = []
    for one in shown:
        before, after, change = (one.figure("H", moment) for moment in ("before", "after", "change"))
        told = marked("H", change)
        if change.low is not None and change.high is not None:
            told = phrase("{change} ({interval})", change=told, interval=between_change(change.low, change.high, "H"))
        cells = [marked("H", before), marked("H", after), told]
        if priced and one.priced:
            cost = marked("poor", one.figure(COST, action=WHOLE))
            cells.append(marked("poor", one.figure(LIFTED, action=WHOLE)))
            cells.append(joined([cost, edition.titled(one.spec.currency)], " "))
        made = [one.title, *map(edition.say, cells)]
        rows.append((*made, *[""] * (len(heads) - len(made))))
    title = edition.say(phrase("What programmes would change: accounting, not impact"))
    return PlanTable(title, tuple(map(edition.say, heads)), tuple(rows))
