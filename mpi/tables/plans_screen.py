"""The cheapest plan as text for a screen: what it does and costs, then a line for each indicator and domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpi.errors import printable
from mpi.tables.screen import caption_of, number_text, render

if TYPE_CHECKING:
    from mpi.policies.cheapest import CheapestPlan


def plan_as_text(plan: CheapestPlan) -> str:
    """What a screen shows of a plan."""
    rows = plan.rows()
    keys = ["indicator", *plan.domains]
    body = [
        [*(row[name] for name in keys), row["share"], number_text(row["households"], 0), number_text(row["cost"], 0)]
        for row in rows
    ]
    first = rows[0]
    digits = 0 if plan.statistic == "poor" else 4
    before, after = (number_text(value, digits) for value in (plan.before, plan.after))
    caption = (
        f"{caption_of(first)}; {first['reading']}\n"
        f"{plan.statistic}: {before} -> {after}; cost {number_text(plan.cost, 0)}; "
        + ("no plan of these levels is better" if plan.exact else f"gap {plan.gap:.2%}, bound {plan.bound:.6g}")
    )
    return f"{printable(caption)}\n\n{render([*keys, 'level', 'households', 'cost'], body, text_columns=len(keys) + 1)}"
