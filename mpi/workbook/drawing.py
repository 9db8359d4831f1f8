"""Sheets as XlsxWriter draws them: formats, widths, what stays in view, what is printed.

Everything is written as what it is: a text by `write_string`, a number by `write_number`. Nothing that a name or a rule
says can become a formula, a link or another number.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from mpi.drawing.palette import tinted
from mpi.errors import printable
from mpi.vocabulary.wording import MARKS
from mpi.workbook.grid import Content
from mpi.workbook.sheets import Cell, Row, Sheet, unique

A4 = 9
LEAST, MOST, WRAP = 7, 28, 60  # widths of columns, in characters
NOTE_WIDTH = 120  # characters of a line above a table: what a screen and a page show
LINE = 15  # points
HEADING = 24  # characters of a heading that stand on two lines
INK, DARK, PALE, GREY = "#222222", "#1F3A5F", "#DCE4EE", "#8A8A8A"
NUMBERS = {"percent": "#,##0.0", "index": "0.000", "number": "#,##0", "count": "#,##0", "p": "0.0000", "plain": "0.00"}
LENGTHS = {"percent": 6, "index": 6, "number": 11, "count": 10, "p": 7, "plain": 8}
HEAD = 0.86  # of paper in an accent behind headings
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
    """Formats of a workbook, each made once: by kind of cell, standing, and whether its mark is shown."""

    def __init__(self, book: Any, accent: str = "") -> None:  # XlsxWriter ships no types
        self.book = book
        self.made: dict[tuple[str, str, bool], Any] = {}
        self.texts: dict[str, str] = {}
        base = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}
        self.base = base
        self.title = book.add_format({**base, "bold": True, "font_size": 14, "font_color": accent or DARK})
        self.subtitle = book.add_format({**base, "bold": True, "font_size": 11})
        self.note = book.add_format({**base, "font_size": 9})
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
        self.header = book.add_format({**head, "bg_color": tinted(accent, HEAD) if accent else PALE})

    def printed(self, text: str) -> str:
        """A text as it is printed; most of them occur many times."""
        found = self.texts.get(text)
        if found is None:
            found = self.texts[text] = printable(text)
        return found

    def of(self, cell: Cell) -> Any:
        """The format of a cell."""
        if cell.kind == "link":
            return self.link
        key = (cell.kind, cell.standing, cell.marked)
        found = self.made.get(key)
        if found is None:
            said: dict[str, Any] = {**self.base, "bottom": 4, "bottom_color": "#BBBBBB"}
            if cell.kind in NUMBERS:
                said["num_format"] = _with_mark(cell)
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
            found = self.made[key] = self.book.add_format(said)
        return found


def _with_mark(cell: Cell) -> str:
    """The number format of a cell, which writes the mark of its figure behind the number if it is asked for."""
    plain, mark = NUMBERS[cell.kind], MARKS[cell.standing]
    if not cell.marked or not mark or isinstance(cell.value, str):
        return plain
    return f'({plain})"{mark}"' if cell.standing == "review" else f'{plain}"{mark}"'


def draw(page: Any, sheet: Sheet, formats: Formats, *, table: str, back: tuple[str, str]) -> int:
    """Fill a worksheet: the title, the notes, a link to the contents, and the table from its headings on.

    Nothing is merged, no line is blank, and no pane is frozen: programs that read a screen aloud or enlarge it follow.

    Parameters
    ----------
    page : xlsxwriter worksheet
        Of `mpi.workbook.grid`.
    table : str
        Name of the Excel table.
    back : (str, str)
        Name of the sheet of contents, and the words of the link; both empty on that sheet itself.

    Returns
    -------
    int
        The row of the headings, from 0.
    """
    columns = unique([printable(title) for title in sheet.columns])
    widths = _widths(sheet)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.set_row(0, 1.4 * LINE)
    page.write_string(0, 0, printable(sheet.title), formats.title)
    header = 1
    for note in filter(None, sheet.notes):
        for words in textwrap.wrap(printable(note), NOTE_WIDTH, break_long_words=False, break_on_hyphens=False):
            page.write_string(header, 0, words, formats.note)
            header += 1
    if back[0]:
        page.write_url(header, 0, f"internal:'{back[0]}'!A1", formats.link, back[1])
        header += 1
    lines = max((-(-len(title) // max(1, int(widths[place]) - 2)) for place, title in enumerate(columns)), default=1)
    page.set_row(header, LINE * min(4, max(2, lines)))
    for line, row in enumerate(sheet.rows, start=header + 1):
        _row(page, line, row, widths=widths, formats=formats)
    page.name_rows(header, columns, max(1, len(sheet.rows)), name=table, title=sheet.title, form=formats.header)
    end = header + 1 + max(1, len(sheet.rows))
    page.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(columns) - 1)}{end}"})
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.repeat_rows(header)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L&8{_footer(sheet.title)}&R&8&P / &N")
    return header


def draw_data(page: Any, figures: pa.Table, formats: Formats, *, table: str, title: str) -> None:
    """The tidy table, for programs: headings in the first row, nothing else."""
    names = [printable(name) for name in figures.column_names]
    for column, name in enumerate(names):
        page.set_column(column, column, max(10, min(MOST, len(name) + 4)))
    columns = (figures[name].to_pylist() for name in figures.column_names)
    for line, row in enumerate(zip(*columns, strict=True), start=1):
        page.write_cells(line, [(value, None) for value in row])
    page.name_rows(0, unique(names), max(1, len(figures)), name=table, title=title, form=formats.header)
    page.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(names) - 1)}{len(figures) + 1}"})
    page.set_landscape()
    page.set_paper(A4)
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)


def _row(page: Any, line: int, row: Row, *, widths: Sequence[float], formats: Formats) -> None:
    lines = 1
    cells: list[Content] = []
    made, texts = formats.made, formats.texts
    empty = (None, formats.of(EMPTY))
    for cell, width in zip(row, widths, strict=True):
        if cell is None or cell.value == "":
            cells.append(empty)
            continue
        kind, value, standing, marked = cell
        if type(value) is str:
            length = len(value)
            if length > width - 1:
                if kind != "link":
                    kind = "wrapped"  # the same cell, on more lines
                    cell = cell._replace(kind=kind)  # noqa: PLW2901
                lines = max(lines, -(-length * 11 // int(10 * width)))  # words break early
            value = texts.get(value) or formats.printed(value)
        cells.append((value, made.get((kind, standing, marked)) or formats.of(cell)))
    page.write_cells(line, cells)
    if lines > 1:
        page.set_row(line, min(MOST_HEIGHT, 13.5 * lines))


def _widths(sheet: Sheet) -> list[float]:
    """Widths by content: of the longest cell, and of the longest word of the heading."""
    widths = []
    for column, title in enumerate(sheet.columns):
        # On two lines or three, with the arrow.
        least = max(-(-min(len(title), HEADING) // 2), *(len(word) for word in title.split() or [""])) + 2
        cells = [cell for row in sheet.rows if (cell := row[column]) is not None]
        texts = [len(cell.value) for cell in cells if type(cell.value) is str]
        numbers = {cell.kind for cell in cells if type(cell.value) is not str}
        kinds = {cell.kind for cell in cells}
        longest = max([least, *(length + 1 for length in texts), *(LENGTHS.get(kind, 0) + 1 for kind in numbers)])
        widths.append(float(min(max(LEAST, longest), WRAP if "wrapped" in kinds else MOST)))
    return widths


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _footer(words: str) -> str:
    return printable(words).replace("&", "&&")[:100]
