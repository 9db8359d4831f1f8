"""A worksheet of XlsxWriter that takes whole rows: the same cells in a fourth of the time and memory.

XlsxWriter keeps every cell until the file is written, and looks at it anew several times: at its arguments, its place,
its type, its signs. Rows of tables have three sorts of cells, which are known; so a row is the text of the file as soon
as it comes, and nothing is written into it afterwards. A test compares the file with that of XlsxWriter's own methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import isfinite
from typing import Any

SPAN = 16  # rows for which XlsxWriter says together which columns they have
LONG = 16_000  # characters of a text beyond which XlsxWriter has to look whether Excel takes it

Content = tuple[str | float | None, Any]  # a value, or none, and its format
NOTHING: Content = (None, None)


class _Styles(dict[Any, str]):
    """What each format adds to a cell."""

    def __missing__(self, form: Any) -> str:  # XlsxWriter's
        found = self[form] = "" if form is None else f' s="{form._get_xf_index()}"'
        return found


def _ends(cells: Sequence[Content]) -> tuple[int, int]:
    """The first and the last column of a row that has a cell."""
    first, last = 0, len(cells) - 1
    while cells[first] == NOTHING:
        first += 1
    while cells[last] == NOTHING:
        last -= 1
    return first, last


@cache
def grid_class() -> type[Any]:  # XlsxWriter ships no types
    """The class of such a worksheet; made here, since XlsxWriter is imported only where a workbook is written."""
    from xlsxwriter.utility import xl_col_to_name
    from xlsxwriter.worksheet import Worksheet

    class Grid(Worksheet):  # type: ignore[misc]
        """A worksheet of many rows of plain cells."""

        def __init__(self) -> None:
            super().__init__()
            self.lines: dict[int, str] = {}  # the cells of whole rows
            self.ends: dict[int, tuple[int, int]] = {}  # the first and the last column of each
            self.heads: list[str] = []  # how the cells of each column begin, up to the number of their row
            self.styles = _Styles()

        def write_cells(self, line: int, cells: Sequence[Content]) -> None:
            """Write a row from its first column on: a text, a number, a blank with its format, or nothing."""
            if not cells:
                return
            self._check_dimensions(line, 0), self._check_dimensions(line, len(cells) - 1)
            while len(self.heads) < len(cells):
                self.heads.append(f'<c r="{xl_col_to_name(len(self.heads))}')
            styles, texts, end = self.styles, self.str_table, f'{line + 1}"'
            places = texts.string_table
            parts: list[str] = []
            for column, (value, form) in enumerate(cells):
                if type(value) is str:
                    place = places.get(value)
                    if place is None:
                        place = self._place_of(line, column, value)
                    else:
                        texts.count += 1
                    parts.append(f'{self.heads[column]}{end}{styles[form]} t="s"><v>{place}</v></c>')
                elif value is None:
                    if form is not None:
                        parts.append(f"{self.heads[column]}{end}{styles[form]}/>")
                elif isfinite(value):  # type: ignore[arg-type]
                    parts.append(f"{self.heads[column]}{end}{styles[form]}><v>{value:.16G}</v></c>")
                else:
                    self.write_number(line, column, value, form)  # which refuses it
            if parts:
                self.lines[line], self.ends[line] = "".join(parts), _ends(cells)

        def _place_of(self, line: int, column: int, value: str) -> int:
            """The place of a text among all texts; a long one is shortened as XlsxWriter does."""
            if len(value) <= LONG:
                known: int = self.str_table._get_shared_string_index(value)
                return known
            self.write_string(line, column, value)
            place: int = self.table[line].pop(column).string
            return place

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
            found = {line: (min(row), max(row)) for line, row in self.table.items() if row} | self.ends
            ends: dict[int, list[int]] = {}
            for line, own in found.items():
                ends.setdefault(line // SPAN, []).extend(own)
            self.row_spans = {place: f"{min(own) + 1}:{max(own) + 1}" for place, own in ends.items()}

        def _write_rows(self) -> None:
            """As XlsxWriter does, for sheets without comments and links inside cells."""
            self._calculate_spans()
            for line in sorted({*(line for line, row in self.table.items() if row), *self.lines, *self.row_info}):
                span, own = self.row_spans.get(line // SPAN), self.table.get(line)
                if not own and line not in self.lines:
                    self._write_empty_row(line, span, self.row_info[line])
                    continue
                self._write_row(line, span, *([self.row_info[line]] if line in self.row_info else []))
                if line in self.lines:
                    self.fh.write(self.lines[line])
                else:
                    for column in sorted(own):
                        self._write_cell(line, column, own[column])
                self._xml_end_tag("row")

    return Grid
