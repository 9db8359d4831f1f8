"""Sheets as XlsxWriter draws them: formats, widths, what stays in view, what is printed.

Everything is written as what it is: a text by `write_string`, a number by `write_number`. Nothing that a name or a rule
says can become a formula, a link or another number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from mpi.errors import printable
from mpi.workbook.grid import Content
from mpi.workbook.sheets import Cell, Row, Sheet

# Rows of every sheet, from 0: title of the study, of the sheet, two notes, link back, headings of groups, headings.
TITLE, SUBTITLE, NOTE, BACK, GROUPS, HEADER, FIRST = 0, 1, 2, 4, 5, 6, 7
A4, A3 = 9, 8
WIDE = 165  # characters beyond which one sheet of A4 would be illegible
LEAST, MOST, WRAP = 7, 44, 60  # widths of columns, in characters
NOTE_WIDTH = 110  # characters of a note before it breaks: what a screen shows
LINE = 15  # points
INK, DARK, PALE, GREY = "#222222", "#1F3A5F", "#DCE4EE", "#8A8A8A"
NUMBERS = {"percent": "#,##0.0", "index": "0.000", "number": "#,##0", "count": "#,##0", "p": "0.0000", "plain": "0.00"}
LENGTHS = {"percent": 6, "index": 6, "number": 11, "count": 10, "p": 7, "plain": 8}
EMPTY = Cell("text", "")
MOST_HEIGHT = 409  # points that Excel takes
LIGHT_UP = 14  # pattern of thin diagonal lines
FILLS: dict[str, dict[str, Any]] = {
    "caution": {"bg_color": "#FFF2CC"},
    "review": {"bg_color": "#F8D7C4"},
    "hidden": {"font_color": GREY, "align": "center"},
    "undefined": {"font_color": GREY, "align": "center"},
}


class Formats:
    """Formats of a workbook, each made once: by kind of cell, standing, and whether it starts a group."""

    def __init__(self, book: Any) -> None:  # XlsxWriter ships no types
        self.book = book
        self.made: dict[tuple[str, str, bool], Any] = {}
        self.texts: dict[str, str] = {}
        base = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}
        self.base = base
        self.title = book.add_format({**base, "bold": True, "font_size": 14, "font_color": DARK})
        self.subtitle = book.add_format({**base, "bold": True, "font_size": 11})
        self.note = book.add_format({**base, "font_size": 9, "text_wrap": True})
        self.link = book.add_format({**base, "font_color": "#0B5394", "underline": 1})
        head = {
            **base,
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "border": 1,
            "border_color": "#FFFFFF",
        }
        self.group = book.add_format({**head, "bg_color": DARK, "font_color": "#FFFFFF"})
        self.header = book.add_format({**head, "bg_color": PALE})

    def printed(self, text: str) -> str:
        """A text as it is printed; most of them occur many times."""
        found = self.texts.get(text)
        if found is None:
            found = self.texts[text] = printable(text)
        return found

    def of(self, cell: Cell, edge: bool) -> Any:
        """The format of a cell."""
        key = (cell.kind, cell.standing, edge)
        found = self.made.get(key)
        if found is None:
            said: dict[str, Any] = {**self.base, "bottom": 4, "bottom_color": "#BBBBBB"}
            if cell.kind in NUMBERS:
                said["num_format"] = NUMBERS[cell.kind]
                said["align"] = "right"
            elif cell.kind == "code":
                said["num_format"] = "@"
            elif cell.kind == "wrapped":
                said["text_wrap"] = True
            elif cell.kind == "mark":
                said["align"] = "center"
            said |= FILLS.get(cell.standing, {})
            if cell.kind == "mark" and cell.standing == "review":
                said |= {"pattern": LIGHT_UP, "fg_color": "#C55A11"}
            if edge:
                said |= {"left": 1, "left_color": "#7F8FA6"}
            found = self.made[key] = self.book.add_format(said)
        return found


def draw(page: Any, sheet: Sheet, formats: Formats, *, heading: str, back: tuple[str, str], source: str) -> None:
    """Fill a worksheet.

    Parameters
    ----------
    page : xlsxwriter worksheet
        Of `mpi.workbook.grid`.
    heading : str
        Title of the study.
    back : (str, str)
        Name of the sheet of contents, and the words of the link; both empty on that sheet itself.
    source : str
        The line under the table.
    """
    columns = sheet.columns
    last = max(0, len(columns) - 1)
    widths = _widths(sheet)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.write_string(TITLE, 0, printable(heading), formats.title)
    page.write_string(SUBTITLE, 0, printable(sheet.title), formats.subtitle)
    for line, note in enumerate(sheet.notes):
        _across(page, NOTE + line, widths, note, formats)
    if back[0]:
        page.write_url(BACK, 0, f"internal:'{back[0]}'!A1", formats.link, back[1])
    _headings(page, sheet, formats)
    edges = _edges(sheet)
    for line, row in enumerate(sheet.rows, start=FIRST):
        _row(page, line, row, edges=edges, widths=widths, formats=formats)
    end = FIRST + max(1, len(sheet.rows)) - 1
    if sheet.rows:
        page.autofilter(HEADER, 0, end, last)
    _across(page, end + 2, widths, source, formats)
    page.freeze_panes(FIRST, min(sheet.keys, last))
    page.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{end + 3}"})
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(A3 if sum(widths) > WIDE else A4)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.repeat_rows(GROUPS, HEADER)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L&8{_footer(heading)}: {_footer(sheet.name)}&R&8&P / &N")


def draw_data(page: Any, table: pa.Table, formats: Formats) -> None:
    """The tidy table, for programs: headings in the first row, nothing else."""
    for column, name in enumerate(table.column_names):
        page.write_string(0, column, printable(name), formats.header)
        page.set_column(column, column, max(10, min(MOST, len(name) + 4)))
    for line, row in enumerate(zip(*(table[name].to_pylist() for name in table.column_names), strict=True), start=1):
        page.write_cells(line, [(value, None) for value in row])
    page.freeze_panes(1, 0)
    page.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(table.column_names) - 1)}{len(table) + 1}"})


def _headings(page: Any, sheet: Sheet, formats: Formats) -> None:
    place = 0
    for group in sheet.groups:
        end = place + len(group.columns) - 1
        if group.title and end > place:
            page.merge_range(GROUPS, place, GROUPS, end, "", formats.group)
        if group.title:
            page.write_string(GROUPS, place, printable(group.title), formats.group)
        for column, title in enumerate(group.columns, start=place):
            page.write_string(HEADER, column, printable(title), formats.header)
        place = end + 1
    page.set_row(HEADER, 2 * LINE)


def _row(page: Any, line: int, row: Row, *, edges: frozenset[int], widths: Sequence[float], formats: Formats) -> None:
    lines = 1
    cells: list[Content] = []
    for column, cell in enumerate(row):
        edge = column in edges
        if cell is None or cell.value == "":
            cells.append((None, formats.of(EMPTY, edge)))
        elif not isinstance(cell.value, str):
            cells.append((cell.value, formats.of(cell, edge)))
        else:
            length = len(cell.value)
            if length > widths[column] - 1:
                cell = cell._replace(kind="wrapped")  # noqa: PLW2901  the same cell, on more lines
                lines = max(lines, -(-length * 11 // int(10 * widths[column])))  # words break early
            cells.append((formats.printed(str(cell.value)), formats.of(cell, edge)))
    page.write_cells(line, cells)
    if lines > 1:
        page.set_row(line, min(MOST_HEIGHT, 13.5 * lines))


def _across(page: Any, line: int, widths: Sequence[float], words: str, formats: Formats) -> None:
    """A line of text over the first columns, as high as it needs."""
    if not words:
        return
    span = _span(widths)
    if span > 0:
        page.merge_range(line, 0, line, span, "", formats.note)  # empty: it would take "=..." for a formula
    page.write_string(line, 0, printable(words), formats.note)
    page.set_row(line, 12.5 * -(-len(words) // max(20, int(1.4 * sum(widths[: span + 1])))))


def _edges(sheet: Sheet) -> frozenset[int]:
    """Columns that start a group, but for the first."""
    places, place = [], 0
    for group in sheet.groups:
        places.append(place)
        place += len(group.columns)
    return frozenset(places[1:])


def _widths(sheet: Sheet) -> list[float]:
    """Widths by content: of the longest cell, and of the longest word of the heading."""
    widths = []
    for column, title in enumerate(sheet.columns):
        longest = max(-(-len(title) // 2), *(len(word) for word in title.split())) + 2  # on two lines, with the arrow
        most = MOST
        for row in sheet.rows:
            cell = row[column]
            if cell is not None:
                length = LENGTHS.get(cell.kind, 0) if not isinstance(cell.value, str) else len(cell.value)
                longest = max(longest, length + 1)
                most = WRAP if cell.kind == "wrapped" else most
        widths.append(float(min(max(LEAST, longest), most)))
    return widths


def _span(widths: Sequence[float]) -> int:
    """The last column that a note goes over."""
    total = 0.0
    for column, width in enumerate(widths):
        total += width
        if total > NOTE_WIDTH:
            return column
    return len(widths) - 1


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _footer(words: str) -> str:
    return printable(words).replace("&", "&&")[:100]
