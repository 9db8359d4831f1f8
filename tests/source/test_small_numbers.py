"""Numbers of small tables: read as those of surveys are, exactly, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.source.numerals import numbers, written
from mpi.source.small_numbers import Numeral, numbers_of
from mpi.specs.data_files import Dialect

CELLS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,3})([.,][0-9]{1,4}){0,2}\Z")
SIGNS = st.sampled_from([Dialect(), Dialect(decimal=","), Dialect(decimal="."), Dialect(thousands="."),
                         Dialect(thousands=","), Dialect(decimal=",", thousands=".")])  # fmt: skip


@given(st.lists(CELLS, min_size=1, max_size=6), SIGNS)
def test_a_column_is_doubtful_or_has_the_numbers_that_it_has_in_a_survey(cells: list[str], stated: Dialect) -> None:
    column = pa.chunked_array([pa.array(cells, pa.string())])
    survey, small = written(column, stated), numbers_of(cells, stated)
    if survey.kind == "doubtful":
        assert small.sign in {".", ","} and any(small.sign in cell for cell in cells)
        assert 0 < small.odd <= survey.odd
    elif survey.kind != "text":
        assert not small.sign
        assert [float(not_none) for not_none in small.exact if not_none is not None] == [
            float(one) for one in numbers(column, survey).to_pylist()
        ]
    else:
        assert None in small.exact or small.sign or all(cell.lstrip("-").isdigit() for cell in cells)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999))
def test_a_number_of_the_file_has_one_way(number: Decimal) -> None:
    found = numbers_of([Numeral(number)])
    assert found.exact == (number,) and not found.sign


@pytest.mark.parametrize("cell", ["", "ten", "1_000", "nan", "inf", "1,2,3", "1.2.3", "\u0661", "12 5"])
def test_what_is_no_number_is_none(cell: str) -> None:
    assert numbers_of([cell, "3"]).exact == (None, Decimal(3))
