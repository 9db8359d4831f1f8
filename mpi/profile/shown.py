"""What a profile says of itself: a line, and a small table for a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.errors import Notice, listed
from mpi.notebook import html_table
from mpi.profile.cells import Tabulation

MOST_LABELS = 6  # of a domain


def as_line(measure: str, survey: str, period: str, held: Tabulation) -> str:
    """What was read, how many units and cells there are, and the domains."""
    cells = held.cells
    return (
        f"DeprivationProfile({measure!r}, {survey!r}, {period!r}: {int(cells.persons.sum()):,} persons, "
        f"{int(cells.households.sum()):,} households, {len(cells):,} cells; "
        f"domains: {', '.join(one.name for one in held.domains) or 'none'})"
    )


def as_html(about: Sequence[tuple[str, str]], held: Tabulation, notices: Sequence[Notice]) -> str:
    """The same as a table for a notebook, with the design and the levels of the domains."""
    cells, sample = held.cells, held.sample
    rows = [
        *about,
        ("persons", f"{int(cells.persons.sum()):,}"),
        ("households", f"{int(cells.households.sum()):,}"),
        ("strata, PSUs", f"{len(sample.strata):,}, {int(sample.psus.sum()):,}"),
        ("cells", f"{len(cells):,}"),
        *((f"domain {one.name}", f"{len(one.labels):,}: {listed(one.labels, MOST_LABELS)}") for one in held.domains),
    ]
    return html_table("DeprivationProfile", (), rows, notes=[notice.text for notice in notices])
