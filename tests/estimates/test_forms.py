"""Estimates as frames, documents and sheets: the same figures in every form, and nothing that a program obeys."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pytest

import mpi
from mpi.estimates.forms import write_sheet
from tests.support import village
from tests.support.loops import at_least_one


@pytest.fixture(scope="module")
def estimates() -> mpi.Estimates:
    profile = mpi.deprivation_profile(village.survey(), village.measure(), village.tables())
    return mpi.estimate(profile, village.measure(), by=["region", "sex"], k=["1/3", "1/2"])


def test_frames_of_every_kind_have_the_same_figures(estimates: mpi.Estimates) -> None:
    pandas, ours = pd.DataFrame(estimates), estimates.to_pandas()
    assert list(pandas) == list(ours) == estimates.table.column_names
    pd.testing.assert_series_equal(pandas["estimate"], ours["estimate"])
    assert pl.DataFrame(estimates).equals(estimates.to_polars())
    assert estimates.to_arrow() is estimates.table
    assert len(pandas) == len(estimates) == len(list(estimates))


def test_rows_are_taken_by_place(estimates: mpi.Estimates) -> None:
    assert estimates[0] == estimates.rows()[0]
    assert estimates[-1] == estimates.rows()[-1]
    assert estimates[2:5].rows() == estimates.rows()[2:5]
    assert isinstance(estimates[2:5], mpi.Estimates) and len(estimates[:0]) == 0
    for row in (len(estimates), -len(estimates) - 1, 99999):
        with pytest.raises(IndexError, match=rf"MPI-E004 there is no row {row}: there are {len(estimates)}"):
            estimates[row]


def test_a_wide_table_has_a_row_a_group_and_a_column_a_figure(estimates: mpi.Estimates) -> None:
    chosen = estimates.only(["H", "censored_headcount"])
    found = chosen.wide("region")
    assert found.index.name == "region" and found.index[0] == "total"
    assert {"H k=1/3", "H k=1/2", "censored_headcount walls k=1/3"} <= set(found)
    for region in at_least_one(found.index):
        where = None if region == "total" else region
        assert found.loc[region, "H k=1/2"] == chosen.value("H", region=where, k="1/2")
        assert found.loc[region, "censored_headcount walls k=1/3"] == chosen.value(
            "censored_headcount", region=where, k="1/3", indicator="walls"
        )
    assert list(chosen.only("H", k="1/3").wide("sex", values="se")) == ["se"]
    with pytest.raises(mpi.UsageError, match="no column 'regoin'"):
        chosen.wide("regoin")
    with pytest.raises(mpi.UsageError, match="no column 'note'"):
        chosen.wide("region", values="note")


def test_two_figures_for_one_cell_are_refused(estimates: mpi.Estimates) -> None:
    twice = estimates.only("H", k="1/3").take([0, 0])
    with pytest.raises(mpi.UsageError, match="several figures would be one cell"):
        twice.wide("region")


def test_documents_have_what_tells_rows_apart(estimates: mpi.Estimates, tmp_path: Path) -> None:
    few = estimates.only(["H", "A"], sex=None)
    lines = few.to_markdown().splitlines()
    assert lines[0].startswith("| k | statistic | region | sex | estimate | se |")
    assert len(lines) == len(few) + 2
    first = few[0]
    assert f"{first['estimate']:.4f}" in lines[2] and "total" in lines[2]
    latex = few.to_latex()
    assert latex.count(r"\\") == len(few) + 1 and r"ci\_low" in latex
    assert few.to_markdown(tmp_path / "few.md") is None
    assert (tmp_path / "few.md").read_text("utf-8") == few.to_markdown()
    with pytest.raises(mpi.UsageError, match="exists"):
        few.to_latex(tmp_path / "few.md")
    few.to_latex(str(tmp_path / "few.md"), overwrite=True)
    assert (tmp_path / "few.md").read_text("utf-8") == latex


def test_a_publication_table_says_what_it_is_of_and_groups_the_interval(estimates: mpi.Estimates) -> None:
    pytest.importorskip("great_tables")  # of no lowest version: an extra for print alone
    few = estimates.only("H", sex=None)
    page = few.to_great_tables().as_raw_html()
    row = few[0]
    assert f"{row['measure']}, {row['survey']}, {row['period']}, {row['unit']}" in page
    assert f"{row['estimate']:.4f}" in page and ">interval<" in page
    assert "H by region" in few.to_great_tables("H by region").as_raw_html()
    assert page.count("gt_sourcenote") >= len(few.notices)


def test_csv_and_sheets_are_read_back_whole(estimates: mpi.Estimates, tmp_path: Path) -> None:
    read = pyarrow.csv.read_csv(io.BytesIO(estimates.to_csv().encode()))
    assert read.column("estimate").to_pylist() == estimates.table.column("estimate").to_pylist()
    estimates.to_excel(tmp_path / "all.xlsx")
    page, notes = openpyxl.load_workbook(tmp_path / "all.xlsx").worksheets
    head, *rows = page.iter_rows(values_only=True)
    assert list(head) == estimates.table.column_names and len(rows) == len(estimates)
    for cells, row in at_least_one(list(zip(rows, estimates, strict=True))):
        assert cells[head.index("estimate")] == pytest.approx(row["estimate"], rel=1e-15)
    assert [cell.value for cell in notes["A"]] == [notice.code for notice in estimates.notices] or not estimates.notices
    with pytest.raises(mpi.UsageError, match="exists"):
        estimates.to_excel(tmp_path / "all.xlsx")


def test_more_rows_than_a_sheet_has_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(mpi.UsageError, match="1,048,576 rows are more than a sheet has"):
        write_sheet(pa.table({"estimate": pa.nulls(1_048_576, pa.float64())}), (), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_derived_figures_and_analyses_have_every_form(tmp_path: Path) -> None:
    pytest.importorskip("great_tables")  # of no lowest version: an extra for print alone
    profile = mpi.deprivation_profile(village.survey(), village.measure(), village.tables())
    derived = mpi.derive(profile, village.measure(), {"band": "H[1/3] - H[1/2]", "rest": "1 - H"}, by="region")
    for own in (derived, mpi.analyse(profile, village.measure(), "numbers", by="region")):
        assert list(pd.DataFrame(own)) == list(own.to_pandas()) == own.table.column_names
        assert pl.DataFrame(own).equals(own.to_polars()) and own.to_arrow() is own.table
        read = pyarrow.csv.read_csv(io.BytesIO(own.to_csv().encode()))
        assert read.column("estimate").to_pylist() == own.table.column("estimate").to_pylist()
        path = tmp_path / f"{len(own)}.xlsx"
        own.to_excel(path)
        assert openpyxl.load_workbook(path).worksheets[0].max_row == len(own) + 1
        assert own.to_markdown().count("\n") == len(own) + 2 and own.to_latex().count(r"\\") == len(own) + 1
        assert ">figure<" in own.to_great_tables("Figures").as_raw_html()
    found = derived.wide("region")
    for region in at_least_one(found.index):
        where = None if region == "total" else region
        assert found.loc[region, "band"] == derived.value("band", region=where)


def test_changes_show_both_rounds_and_the_test() -> None:
    profile = mpi.deprivation_profile(village.survey(), village.measure(), village.tables())
    later = replace(profile, period="2027", cells=replace(profile.cells, pattern=profile.cells.pattern | np.uint64(1)))
    changes = mpi.change([profile, later], village.measure(), rounds="independent", statistic="H")
    one = changes.only("H", change="absolute", k="1/3")
    heads, _, cells = one.to_markdown().splitlines()
    shown = dict(zip(heads.strip("| ").split(" | "), cells.strip("| ").split(" | "), strict=True))
    (row,) = one.rows()
    assert shown["before"] == f"{row['before']:.4f}" and shown["after"] == f"{row['after']:.4f}"
    assert shown["p"] == f"{row['p']:.4f}" and "p\\_adjusted" not in shown
    assert "p_adjusted" not in one._repr_html_()
    holm = mpi.change(
        [profile, later], village.measure(), by="region", rounds="independent", adjust="holm", statistic="H"
    )
    assert "p_adjusted" in holm._repr_html_()


def test_large_numbers_are_shown_without_decimals(estimates: mpi.Estimates) -> None:
    table, place = estimates.only("H")[:2].table, estimates.table.column_names.index("estimate")
    own = replace(estimates.only("H")[:2], table=table.set_column(place, "estimate", pa.array([1234.567, 12.34567])))
    first, second = own.to_markdown().splitlines()[2:]
    assert "| 1235 |" in first and "| 12.3457 |" in second


NASTY = '=1+1|<b>&_%\\"\x1b[31m'


def test_a_nasty_label_stays_text_in_every_form(estimates: mpi.Estimates, tmp_path: Path) -> None:
    pytest.importorskip("great_tables")  # of no lowest version: an extra for print alone
    one = estimates.only("H", sex=None, k="1/3")[1:2]
    place = one.table.column_names.index("region")
    labels = pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()), pa.array([NASTY]))
    nasty = mpi.Estimates(
        one.table.set_column(place, "region", labels), one.domains, one.notices, one.basis, one.places
    )
    shown = nasty._repr_html_()
    assert "<b>" not in shown and "&lt;b&gt;" in shown
    assert "<b>" not in nasty.to_great_tables().as_raw_html()
    assert "\x1b" not in nasty.to_markdown() + nasty.to_latex() + nasty.to_csv()
    assert len(nasty.to_markdown().splitlines()[2].replace(r"\|", "").split("|")) == len(
        nasty.to_markdown().splitlines()[0].split("|")
    )
    assert "'=1+1" in nasty.to_csv()
    nasty.to_excel(tmp_path / "nasty.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "nasty.xlsx").worksheets[0].cell(2, place + 1)
    assert cell.data_type == "s" and cell.value.startswith("=1+1")


def test_a_notebook_shows_figures_and_what_to_know_of_them(estimates: mpi.Estimates) -> None:
    shown = estimates._repr_html_()
    assert shown.startswith("<table><caption>Estimates: ") and shown.count("<tr>") == 41
    assert shown.count("<li>") == len(estimates.notices)
