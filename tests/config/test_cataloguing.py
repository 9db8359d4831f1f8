"""The catalogue of measures: every shipped one, its filters, its page in the manual, the command and its JSON."""

from __future__ import annotations

import json
import re
import runpy
from functools import cache
from pathlib import Path

import pytest

import mpi
from mpi.config import cataloguing, load_measure, shipped
from mpi.config.cataloguing import entries
from mpi.errors import UsageError
from mpi.vocabulary.options import MEASURE_KINDS, STATUSES_OF_MEASURES
from tests.support.commands import run
from tests.support.loops import at_least_one

READ_ONCE = cache(load_measure)  # the files do not change while they are tested
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(autouse=True)
def files_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cataloguing, "load_measure", READ_ONCE)


def test_the_catalogue_has_every_measure_with_its_own_words() -> None:
    rows = mpi.measures().to_pylist()
    assert [row["measure"] for row in rows] == shipped("measures")
    for row in at_least_one(rows):
        measure = load_measure(row["measure"])
        assert row["status"] in STATUSES_OF_MEASURES and row["kind"] in MEASURE_KINDS, row["measure"]
        assert (row["kind"] == "national") <= bool(re.fullmatch("[A-Z]{3}", row["country"]))
        assert row["indicators"] == len(measure.indicators) and row["dimensions"] == len(measure.dimensions)
        assert row["source"] and row["note"], row["measure"]
        for cutoff in measure.cutoffs:
            assert cutoff.text in row["k"]


def test_the_filters_leave_what_they_name() -> None:
    rows = mpi.measures().to_pylist()
    for column in ("country", "status", "kind"):
        for value in {row[column] for row in rows} - {""}:
            found = mpi.measures(**{column: value}).to_pylist()
            assert found == [row for row in rows if row[column] == value]
    assert mpi.measures(country="URY", status="reconstruction").num_rows >= 2
    assert mpi.measures(language="es").to_pylist()[0]["title"] != rows[0]["title"]


@pytest.mark.parametrize(
    "wrong", [{"country": "XXX"}, {"status": "offical"}, {"kind": "nation"}, {"language": "xx"}], ids=str
)
def test_a_filter_that_is_no_word_of_the_catalogue_is_refused_with_those_it_has(wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError) as error:
        entries(**wrong)  # type: ignore[arg-type]
    (fault,) = error.value.faults
    assert fault.code == "MPI-U013" and fault.remedy


def test_the_command_lists_it_and_gives_it_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    listed = run(capsys, "measures", "--country", "COL")
    assert listed.code == 0 and "colombia_ipm" in listed.out and "uruguay" not in listed.out
    found = json.loads(run(capsys, "measures", "--json", "--lang", "es").out)
    assert found == entries(language="es")
    refused = run(capsys, "measures", "--country", "COLOMBIA")
    assert refused.code == 2 and refused.out == "" and "MPI-U013" in refused.err


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_the_manual_is_that_of_the_measures(language: str) -> None:
    made = runpy.run_path(str(DOCS / "make_measures.py"))["page"](language)
    on_page = (DOCS / language / "measures.md").read_text(encoding="utf-8")
    assert on_page == made, "run `python docs/make_measures.py`"
    for name in at_least_one(shipped("measures")):
        assert f"### {name}\n" in made
