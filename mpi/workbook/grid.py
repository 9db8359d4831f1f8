"""A worksheet of XlsxWriter that takes and writes whole rows: the same bytes in a third of the time.

XlsxWriter looks at every cell anew, several times: at its arguments, its place, its type, its signs. Rows of tables
have three sorts of cells, which are known; so they go into its table, and from there into the file, in one loop each.
A test compares the file with that of XlsxWriter's own methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import isfinite
from typing import Any

SPAN = 16  # rows for which XlsxWriter says together which columns they have
LONG = 16_000  # characters of a text beyond which XlsxWriter has to look whether Excel takes it

Content = tuple[str | float | None, Any]  # a value, or none, and its format


@cache
def grid_class() -> type[Any]:  # XlsxWriter ships no types
    """The class of such a worksheet; made here, since XlsxWriter is imported only where a workbook is written."""
    from xlsxwriter.utility import xl_col_to_name
    from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

    class Grid(Worksheet):  # type: ignore[misc]
        """A worksheet of many rows of plain cells."""

        def write_cells(self, line: int, cells: Sequence[Content]) -> None:
            """Write a row from its first column on: a text, a number, a blank with its format, or nothing."""
            if not cells:
                return
            self._check_dimensions(line, 0), self._check_dimensions(line, len(cells) - 1)
            row, index_of = self.table[line], self.str_table._get_shared_string_index
            for column, (value, form) in enumerate(cells):
                if value is None:
                    if form is not None:
                        row[column] = CellBlankTuple(form)
                elif isinstance(value, str):
                    if len(value) > LONG:
                        self.write_string(line, column, value, form)
                    else:
                        row[column] = CellStringTuple(index_of(value), form)
                elif isfinite(value):
                    row[column] = CellNumberTuple(value, form)
                else:
                    self.write_number(line, column, value, form)  # which refuses it

        def name_rows(
            self, header: int, columns: Sequence[str], rows: int, *, name: str, title: str, form: Any
        ) -> None:
            """Make an Excel table of rows that are written: under its headings, which this writes.

            XlsxWriter would look at every cell of it for another table that overlaps; a sheet here has one.
            """
            last = len(columns) - 1
            self.add_table(
                header,
                0,
                header + 1,
                last,
                {
                    "name": name,
                    "title": title,
                    "style": None,
                    "banded_rows": False,
                    "columns": [{"header": heading, "header_format": form} for heading in columns],
                },
            )
            where = f"A{header + 1}:{xl_col_to_name(last)}{header + rows + 1}"
            self.tables[-1] |= {"range": where, "a_range": where, "autofilter": where}

        def _calculate_spans(self) -> None:
            """As XlsxWriter does, from the first and the last column of each row."""
            ends: dict[int, list[int]] = {}
            for line, row in self.table.items():
                if row:
                    ends.setdefault(line // SPAN, []).extend((min(row), max(row)))
            self.row_spans = {place: f"{min(own) + 1}:{max(own) + 1}" for place, own in ends.items()}

        def _write_rows(self) -> None:
            """As XlsxWriter does, for sheets without comments, formulas and links inside cells."""
            self._calculate_spans()
            letters = [xl_col_to_name(column) for column in range(self.dim_colmax + 1)]
            styles: dict[int, str] = {}
            for line in sorted({*(line for line, row in self.table.items() if row), *self.row_info}):
                cells = self.table[line]
                span = self.row_spans.get(line // SPAN)
                if not cells:
                    self._write_empty_row(line, span, self.row_info[line])
                    continue
                self._write_row(line, span, *([self.row_info[line]] if line in self.row_info else []))
                parts = []
                for column in sorted(cells):
                    cell = cells[column]
                    form = cell.format
                    style = styles.get(id(form))
                    if style is None:
                        style = styles[id(form)] = f'" s="{form._get_xf_index()}"' if form else '"'
                    kind = type(cell)
                    if kind is CellNumberTuple:
                        parts.append(f'<c r="{letters[column]}{line + 1}{style}><v>{cell.number:.16G}</v></c>')
                    elif kind is CellStringTuple:
                        parts.append(f'<c r="{letters[column]}{line + 1}{style} t="s"><v>{cell.string}</v></c>')
                    else:
                        parts.append(f'<c r="{letters[column]}{line + 1}{style}/>')
                self.fh.write("".join(parts))
                self._xml_end_tag("row")

    return Grid
