"""Published series beside estimates: what is read of them, what is held against what, how they are found."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

import mpi
from mpi.comparing.reading import published_of
from mpi.config import shipped
from mpi.config.mappings import load_mapping, load_series
from mpi.disclosure.figures import read
from mpi.errors import ConfigError
from mpi.publication.edition import Edition
from mpi.publication.official import breaks_of, own_points, published_points, rows_of, sentence
from mpi.publication.series import series_of
from tests.support.loops import at_least_one
from tests.support.publications import single_round


@pytest.mark.parametrize("name", shipped("published"))
def test_each_series_that_ships_has_provenance_and_is_read_as_it_stands(name: str) -> None:
    about = load_series(name)
    assert about.name == name
    for titles in (about.title, about.source, about.edition, about.licence, about.note):
        assert titles
    assert about.table is not None
    rows = list(csv.DictReader(about.table.read_text(encoding="utf-8").splitlines()))
    wanted = [row for row in rows if all(row[column] in words for column, words in about.only.items())]
    found = published_of(about.table, about)
    assert len(found.entries) == len(at_least_one(wanted))
    assert sorted(float(entry.value or 0) for entry in found.entries.values()) == pytest.approx(
        sorted(float(row["value"]) * (0.01 if row.get("measure") != "M0" else 1) for row in wanted)
    )
    assert mpi.load_measure(about.measure).name == about.measure


def test_indicators_are_those_of_the_measure() -> None:
    about = load_series("colombia_ipm_indicators")
    assert about.table is not None
    names = {key.indicator for key in published_of(about.table, about).entries}
    assert names == set(mpi.load_measure("colombia_ipm").names)


def test_h_times_a_is_m0_in_what_is_published() -> None:
    about = load_series("colombia_ipm")
    assert about.table is not None
    entries = published_of(about.table, about).entries
    whole = [key for key in entries if key.statistic == "M0"]
    for key in at_least_one(whole):
        h, a = (entries.get(key._replace(statistic=name)) for name in ("H", "A"))
        if h is not None and a is not None:
            product = float(h.value or 0) * float(a.value or 0)
            assert product == pytest.approx(float(entries[key].value or 0), abs=0.0011)


def edition(*names: str) -> Edition:
    own = single_round()
    study = replace(own.study, published=tuple(map(load_series, names)))
    made = replace(own, study=study, official=series_of(study))
    return Edition(publication=made, language="en", figures=read(made.figures), changes=None)


def test_estimates_are_held_against_the_figures_of_their_period_alone() -> None:
    own = edition("colombia_ipm")
    (series,) = own.publication.official
    rows = rows_of(own, series, "H")
    assert [row.period for row in rows][:3] == ["2010", "2011", "2012"]
    for row in at_least_one(rows):
        there = own.total("H", period=row.period)
        assert row.own == there
        if there.value is None or row.published.value is None:
            assert (row.difference, row.inside) == (None, None)
        else:
            assert row.difference == pytest.approx(there.value - row.published.value)
            assert row.inside == (there.low - 0.0005 <= row.published.value <= there.high + 0.0005)  # type: ignore[operator]
    assert own_points(own, "H").keys() == {one.period for one in own.publication.rounds}
    assert published_points(series, "H")["2016"].value == pytest.approx(0.176)
    assert "2017" not in published_points(series, "H")  # of that year there are municipal seats alone
    assert {"2020", "2021"} <= breaks_of(own).keys()
    assert str(sentence(own, series).to("en"))


def test_what_a_study_does_not_show_is_not_held_against_anything() -> None:
    own = edition("colombia_ipm", "colombia_ipm_indicators", "colombia_ipm_first")
    sets = {frozenset(names) for names in own.publication.study.sets}
    keys = [key for series in own.publication.official for key in series.entries]
    for key in at_least_one(keys):
        names = frozenset(name for name, _ in key.domains)
        assert not names or names in sets
        assert key.unit in own.publication.study.units


def test_a_series_without_its_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("mapping: own\nstatistic: H\nvalues: value\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"MPI-C175 .*names no table"):
        load_series(path)
    path.write_text("mapping: own\ntable: own.csv\nstatistic: H\nvalues: value\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"MPI-C175 .*not there: own.csv"):
        load_series(path)
    (tmp_path / "own.csv").write_text("value\n0.1\n", encoding="utf-8")
    assert load_series(path).table == tmp_path / "own.csv"
    with pytest.raises(ConfigError, match="no published figures are called 'colombia'"):
        load_mapping("colombia")


def test_compare_finds_published_figures_by_name(tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text(
        "measure,survey,period,unit,k,statistic,estimate\nm,s,2024,persons,1/3,H,0.1153\n", encoding="utf-8"
    )
    found = mpi.compare(table, "colombia_ipm")
    rows = {row["statistic"]: row for row in found.table.to_pylist() if row["status"] in ("equal", "off")}
    assert rows["H"]["status"] == "equal"
