"""Tables of targets: the rows of a file, a frame or a list as the targets that a study lists.

Every row becomes a mapping with places, so that one reader (`mpi.config.targets`) judges lists and tables alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from mpi.config.nodes import Node, Pairs
from mpi.config.targets import read_targets
from mpi.errors import DataError, Faults, Place
from mpi.language import LANGUAGES, phrase
from mpi.source.small_tables import SmallTable, small_table
from mpi.specs.measure import Measure
from mpi.specs.targets import Target

SOURCE = "source"


def targets_of(given: object, measure: Measure) -> tuple[Target, ...]:
    """Targets from a table, or as they are.

    Parameters
    ----------
    given : str, Path, frame, mapping of columns, sequence of mappings or of Target
    measure : Measure

    Raises
    ------
    UsageError, DataError
        With every fault of the table, each with its line and column.
    """
    if isinstance(given, Target):
        return (given,)
    if isinstance(given, Sequence) and given and all(isinstance(one, Target) for one in given):
        return tuple(given)
    table = small_table(given, phrase("the targets"))
    faults = Faults()
    found = read_targets([_node(table, row, faults) for row in range(len(table))], measure)
    if faults:
        raise DataError(*dict.fromkeys(sorted(faults, key=_order)))
    return found


def _order(fault: object) -> tuple[int, int]:
    place = getattr(fault, "place", None) or Place("")
    return place.line or 0, place.column or 0


def _node(table: SmallTable, row: int, faults: Faults) -> Node:
    """A row as the mapping of its cells that are not empty; `source_es` is the source in a language."""
    pairs, sources = Pairs(), Pairs()
    for name, cells in table.columns.items():
        if not cells[row]:
            continue
        before, _, language = name.rpartition("_")
        key = _scalar(language if before == SOURCE and language in LANGUAGES else name, table.head(name), faults)
        value = _scalar(cells[row], table.place(row, name), faults)
        (sources if before == SOURCE and language in LANGUAGES else pairs).append((key, value))
    place = table.place(row)
    if sources:
        mapping = Node(content=sources, place=place, end=place, style="", faults=faults)
        pairs.append((_scalar(SOURCE, place, faults), mapping))
    return Node(content=pairs, place=place, end=place, style="", faults=faults)


def _scalar(text: str, place: Place, faults: Faults) -> Node:
    return Node(content=text, place=place, end=place, style='"', faults=faults)
