"""Maps: a static picture of H for each domain with boundaries, with a link to the interactive one."""

from __future__ import annotations

from mpi.report.blocks import Block, Section, section, table_id
from mpi.report.drawings import static_map
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS


def maps(issue: Issue) -> Section | None:
    """The section; None without maps."""
    blocks: list[Block | None] = []
    # The map of the fewest areas leads: readers know them by name.
    for one in sorted(issue.publication.maps, key=lambda drawn: len(drawn.areas)):
        names = (one.spec.domain,)
        count = len(issue.groups(names, "H"))
        table = table_id(names) + ("-classes" if count > MOST_ROWS else "")
        blocks.append(static_map(issue, one, table))
    if not any(blocks):
        return None
    return section("maps", issue.labels["s_map"], blocks)
