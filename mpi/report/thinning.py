"""Tables as the report prints them: without columns of dashes, and none without any figure."""

from __future__ import annotations

from dataclasses import replace

from mpi.report.blocks import Cell, Column, Row, Table
from mpi.vocabulary.wording import MARKS, NOTHING

WITHOUT_NUMBER = ("hidden", "undefined")
BLANK = ("", NOTHING, MARKS["hidden"], MARKS["undefined"])


def thinned(table: Table) -> Table:
    """The table without the number columns that hold dashes alone, such as intervals in a census."""
    gone = {
        place for place, column in enumerate(table.columns) if column.align == "number" and _of_dashes(table, place)
    }
    # Where all number columns are dashes, the table itself is left out, or its one column is what it shows.
    if not gone or len(gone) == sum(column.align == "number" for column in table.columns):
        return table
    size = len(table.columns)

    def row(one: Row) -> Row:
        shift = size - len(one.cells)  # a cell that spans rows is in the first of them
        kept = tuple(cell for place, cell in enumerate(one.cells, start=shift) if place not in gone)
        return replace(one, cells=kept)

    columns = tuple(column for place, column in enumerate(table.columns) if place not in gone)
    return replace(table, columns=columns, rows=tuple(row(one) for one in table.rows))


def empty_standing(table: Table) -> str | None:
    """`hidden` or `undefined` where none of the table's figures has a number; None where one has, or it has none."""
    cells = [cell for column, cell in _cells(table) if column.align == "number" and not cell.header]
    if not cells or any(cell.text not in BLANK for cell in cells):
        return None
    if all(cell.standing not in WITHOUT_NUMBER for cell in cells):
        return None
    return "hidden" if any(cell.standing == "hidden" for cell in cells) else "undefined"


def _of_dashes(table: Table, place: int) -> bool:
    column = table.columns[place]
    cells = [cell for one, cell in _cells(table) if one is column]  # two columns may be equal
    return bool(cells) and all(cell.text == NOTHING and not cell.header for cell in cells)


def _cells(table: Table) -> list[tuple[Column, Cell]]:
    """Each cell with its column."""
    return [
        (table.columns[place], cell)
        for one in table.rows
        for place, cell in enumerate(one.cells, start=len(table.columns) - len(one.cells))
    ]
