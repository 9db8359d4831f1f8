"""Worksheets that take whole rows: byte by byte what XlsxWriter's own methods write."""

from __future__ import annotations

import datetime
import io
import math
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from mpi.workbook.grid import LONG, Content, grid_class

values = st.one_of(
    st.none(),
    st.text(st.characters(blacklist_categories=("Cs",)), max_size=8),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**9), 10**9),
)
rows = st.lists(st.lists(st.tuples(values, st.sampled_from([None, 0, 1])), max_size=30), max_size=40)


def written(table: list[list[tuple[Any, int | None]]], *, whole: bool) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime.datetime(2026, 1, 1)})  # noqa: DTZ001  as XlsxWriter wants it
        page = book.add_worksheet("one", grid_class() if whole else None)
        formats = [book.add_format({"bold": True}), book.add_format({"num_format": "0.00", "bottom": 4})]
        for one in formats:  # whole rows number formats as they come, XlsxWriter as it writes them
            one._get_xf_index()
        page.merge_range(0, 0, 0, 3, "", formats[0])
        page.write_string(0, 0, "a title", formats[0])
        page.set_row(1, 30)
        for line, row in enumerate(table, start=3):
            cells: list[Content] = [(value, None if form is None else formats[form]) for value, form in row]
            if whole:
                page.write_cells(line, cells)
                continue
            for column, (value, form) in enumerate(cells):
                if value is None:
                    page.write_blank(line, column, None, form)
                elif isinstance(value, str):
                    page.write_string(line, column, value, form)
                else:
                    page.write_number(line, column, value, form)
            if line % 5 == 0:
                page.set_row(line, 27)
        if whole:
            for line in range(5, 3 + len(table), 5):
                page.set_row(line, 27)
        page.autofilter(3, 0, 10, 3)
    return stream.getvalue()


@given(rows)
def test_rows_are_what_single_cells_are(table: list[list[tuple[Any, int | None]]]) -> None:
    # XlsxWriter counts a blank without a format as no cell, but the last of a row makes the sheet as wide.
    table = [[*row, ("end", 0)] for row in table]
    assert written(table, whole=True) == written(table, whole=False)


def test_a_long_text_is_left_to_xlsxwriter() -> None:
    table: list[list[tuple[Any, int | None]]] = [[("x" * (LONG + 1), None), ("y" * 40_000, 1)]]
    assert written(table, whole=True) == written(table, whole=False)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_no_cell_holds_what_is_no_number(value: float) -> None:
    with pytest.raises(TypeError, match="NAN/INF"):
        written([[(value, None)]], whole=True)
