"""Figures against figures: exact at the published rounding, every difference found, and no other."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mpi
from mpi.comparing.reading import published_of
from mpi.comparing.screen import CHECK_WORDS, as_phrase
from mpi.config.mappings import load_mapping
from mpi.errors import ConfigError, DataError, MpiError, UsageError
from tests.support.loops import at_least_one
from tests.support.publications import ROOT, single_round

MAPPING = """
mapping: areas
period: 2025
unit: persons
statistic: {column: what, codes: {pobreza: H, intensidad: A, IPM: M0}}
domains:
  zona: {column: zone, none: Total, codes: {Urban: cabecera, Rural: rural}}
values: {column: value, low: li, high: ls}
factor: {H: 0.01, A: 0.01}
"""


@cache
def results() -> pa.Table:
    return single_round().figures.table


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pq.write_table(results(), "results.parquet")
    Path("map.yaml").write_text(MAPPING, encoding="utf-8")
    Path("published.csv").write_text("\n".join(["what,zone,value,li,ls", *published()]), encoding="utf-8")
    return tmp_path


def figure(statistic: str, zone: str | None) -> float:
    found = single_round().figures.row(statistic, unit="persons", period="2025", k="1/3", zona=zone)["estimate"]
    assert isinstance(found, float)
    return found


def published() -> list[str]:
    """The figures as an office prints them."""
    rows = []
    for zone, code in (("Total", None), ("Urban", "cabecera"), ("Rural", "rural")):
        for word, name in (("pobreza", "H"), ("intensidad", "A")):
            rows.append(f"{word},{zone},{100 * figure(name, code):.1f},,")
        rows.append(f"IPM,{zone},{figure('M0', code):.3f},,")
    return rows


def test_what_is_published_rounded_is_equal(folder: Path) -> None:
    found = mpi.compare("results.parquet", "published.csv", mapping="map.yaml")
    assert found.counts == {
        "equal": 9, "off": 0, "only_published": 0, "only_results": 0, "inside": 9, "outside": 0, "no_interval": 0,
    }  # fmt: skip
    assert found.clean
    assert set(pa.table(found)["difference"].to_pylist()) == {"0"}


def test_differences_come_first_the_largest_of_them_at_the_top(folder: Path) -> None:
    rows = published()
    rows[0] = rows[0].replace(rows[0].split(",")[2], f"{100 * figure('H', None) + 0.1:.1f}")
    rows[3] = "pobreza,Urban,99.9,,"
    rows[6] = "pobreza,Rural,n.d.,,"
    Path("published.csv").write_text("\n".join(["what,zone,value,li,ls", *rows]), encoding="utf-8")
    found = mpi.compare("results.parquet", "published.csv", mapping="map.yaml")
    assert [found.counts[name] for name in ("equal", "off", "only_published", "only_results", "outside")] == [
        6,
        2,
        0,
        1,
        1,
    ]
    first, second, third = found.table.to_pylist()[:3]
    own = Decimal(f"{100 * figure('H', 'cabecera'):.1f}")
    assert (first["zona"], first["published"], first["result"]) == ("cabecera", "99.9", str(own))
    assert Decimal(first["difference"]) == own - Decimal("99.9")
    assert (second["zona"], second["difference"], second["interval"]) == (None, "-0.1", "inside")
    assert (third["status"], third["zona"]) == ("only_results", "rural")
    assert not found.clean


@given(value=st.integers(1, 999_999), decimals=st.integers(0, 4), off=st.sampled_from([-1, 0, 1]))
def test_rounding_is_that_of_exact_decimals(
    tmp_path_factory: pytest.TempPathFactory, value: int, decimals: int, off: int
) -> None:
    folder = tmp_path_factory.mktemp("exact")
    exact = Decimal(value) / 1_000_000
    printed = (100 * exact).quantize(Decimal(1).scaleb(-decimals)) + off * Decimal(1).scaleb(-decimals)
    pq.write_table(
        pa.table({"statistic": ["H"], "unit": ["persons"], "estimate": [float(exact)]}), folder / "r.parquet"
    )
    (folder / "p.csv").write_text(f"H\n{printed}\n", encoding="utf-8")
    (folder / "m.yaml").write_text(
        f"mapping: one\nstatistic: H\nvalues: H\nfactor: 0.01\ndecimals: {decimals}\ncsv: {{decimal: '.'}}\n",
        encoding="utf-8",
    )
    found = mpi.compare(folder / "r.parquet", folder / "p.csv", mapping=folder / "m.yaml")
    half = Decimal("0.5").scaleb(-decimals)
    assert bool(found.counts["equal"]) == (abs(100 * exact - printed) <= half)
    assert bool(found.counts["equal"]) or off


def test_a_folder_a_csv_and_a_spreadsheet_are_read_alike(folder: Path) -> None:
    Path("out/results").mkdir(parents=True)
    pq.write_table(results(), "out/results/results.parquet")
    pa.csv.write_csv(_plain(results()), "results.csv")
    book = openpyxl.Workbook()
    page = book.create_sheet("IPM")
    page.append(["a title"])
    with Path("published.csv").open(encoding="utf-8") as file:
        for row in csv.reader(file):
            page.append([float(cell) if cell.replace(".", "").isdigit() else cell or None for cell in row])
    book.save("published.xlsx")
    Path("sheet.yaml").write_text(
        f"{MAPPING}sheet: IPM\nheader: 2\ndecimals: {{H: 1, A: 1, M0: 3}}\n", encoding="utf-8"
    )
    whole = mpi.compare("results.parquet", "published.csv", mapping="map.yaml").table
    for own, theirs, mapping in (
        ("out", "published.csv", "map.yaml"),
        ("results.csv", "published.csv", "map.yaml"),
        ("out", "published.xlsx", "sheet.yaml"),
    ):
        found = mpi.compare(own, theirs, mapping=mapping).table
        assert found["status"].to_pylist() == whole["status"].to_pylist()
        assert found["result"].to_pylist() == whole["result"].to_pylist()


def _plain(table: pa.Table) -> pa.Table:
    return pa.table(
        {
            name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )


def test_results_are_equal_to_themselves_to_the_last_bit(folder: Path) -> None:
    found = mpi.compare("results.parquet", "results.parquet")
    known = sum(value is not None for value in results()["estimate"].to_pylist())
    assert found.counts["equal"] == known > 100
    assert found.clean


def test_results_do_not_contradict_themselves(folder: Path) -> None:
    found = mpi.compare("results.parquet")
    assert found.counts == {"figures": len(results())}
    assert found.clean


CONTRADICTORY: dict[str, tuple[list[str], dict[str, Any]]] = {
    "range": (["H"], {"estimate": 1.2}),
    "error_negative": (["H"], {"se": -0.01}),
    "interval_turned": (["H"], {"ci_low": 0.9, "ci_high": 0.1}),
    "interval_without_estimate": (["A"], {"ci_low": 0.9, "ci_high": 0.95}),
    "interval_without_error": (["M0"], {"se": 0.0}),
    "M0_above_H": (["M0"], {"estimate": 0.9, "ci_high": 1.0}),
    "H_times_A": (["A"], {"estimate": 0.99, "ci_high": 1.0}),
    "censored_above_H": (["censored_headcount"], {"estimate": 0.999, "ci_high": 1.0}),
    "censored_above_uncensored": (["uncensored_headcount"], {"estimate": 0.0, "ci_low": 0.0}),
    "contributions": (["percentage_contribution"], {"estimate": 0.5, "ci_low": 0.0, "ci_high": 1.0}),
    "sum_of_parts": (["poor"], {"estimate": 1.0, "ci_low": 0.0}),
    "between_parts": (["uncensored_headcount"], {"estimate": 0.999, "ci_high": 1.0}),
    "weighted_mean": (["H"], {"estimate": None}),
    "cases": (["H"], {"n": 3}),
}


@pytest.mark.parametrize("check", sorted(CHECK_WORDS))
def test_every_contradiction_is_found(folder: Path, check: str) -> None:
    names, changed = CONTRADICTORY[check]
    rows = results().to_pylist()
    place = next(
        place
        for place, row in enumerate(rows)
        if (row["statistic"], row["unit"], row["zona"]) == (names[0], "persons", None)
    )
    changed = dict(changed)
    if check == "weighted_mean":
        changed["estimate"] = (figure("H", "cabecera") + figure("H", "rural")) / 2
        changed |= {"ci_low": 0.0, "ci_high": 1.0}
    rows[place] |= changed
    pq.write_table(pa.Table.from_pylist(rows, _plain(results()).schema), "wrong.parquet")
    found = mpi.compare("wrong.parquet")
    assert check in found.counts
    own = [row for row in found.table.to_pylist() if row["check"] == check]
    assert any(row["zona"] is None and row["period"] == "2025" for row in own)
    assert not found.clean


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_screen_says_counts_and_rows(folder: Path, language: Any) -> None:
    rows = ["pobreza,Total,50.0,,", *published()[1:]]
    Path("published.csv").write_text("\n".join(["what,zone,value,li,ls", *rows]), encoding="utf-8")
    text = as_phrase(mpi.compare("results.parquet", "published.csv", mapping="map.yaml")).to(language)
    assert {"es": "diferentes: 1", "en": "different: 1", "pt": "diferentes: 1"}[language] in text
    assert "H, 2025, persons, 1/3: " in text
    assert "50.0" in text


FAULTS: dict[str, tuple[type[MpiError], str, str, str]] = {
    "statistic": (ConfigError, "MPI-C006", "M0}}", "M1}}"),
    "factor": (ConfigError, "MPI-C007", "A: 0.01", "A: 0"),
    "key": (ConfigError, "MPI-C003", "unit:", "units:"),
    "column": (UsageError, "MPI-U191", "column: zone", "column: area"),
    "rows": (UsageError, "MPI-U192", "{pobreza: H, intensidad: A, IPM: M0}", "{poor: H}"),
    "common": (UsageError, "MPI-U192", "period: 2025", "period: 1999"),
    "twice": (DataError, "MPI-U193", "{Urban: cabecera, Rural: rural}", "{Urban: rural, Rural: rural}"),
    "number": (DataError, "MPI-U194", "column: value", "column: zone"),
    "unit": (UsageError, "MPI-U196", "unit: persons\n", ""),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_what_is_wrong_is_refused_with_a_remedy(folder: Path, fault: str) -> None:
    kind, code, words, other = FAULTS[fault]
    assert words in MAPPING
    Path("map.yaml").write_text(MAPPING.replace(words, other), encoding="utf-8")
    with pytest.raises(kind) as refused:
        mpi.compare("results.parquet", "published.csv", mapping="map.yaml")
    assert code in {one.code for one in refused.value.faults}
    assert all(one.remedy for one in refused.value.faults)


def test_the_synthetic_census_has_the_figures_of_the_published_municipal_table() -> None:
    data, measure = ROOT / "sample_data", mpi.load_measure("colombia_ipm")
    survey = mpi.load_survey("colombia_census_demo_2018")
    profile = mpi.deprivation_profile(survey, measure, data=data, domains=["municipio", "zona"])
    estimates = mpi.estimate(profile, measure, by=["municipio", ("municipio", "zona")], statistics=["H"])
    folder = data / "published"
    with TemporaryDirectory() as made:
        pq.write_table(estimates.table, Path(made) / "h.parquet")
        found = mpi.compare(
            Path(made) / "h.parquet", folder / "ipm_municipal_2018.csv", mapping=folder / "ipm_municipal_2018.yaml"
        )
    assert found.counts["equal"] == 1122 + 1102 + 1122
    assert found.clean
    assert not found.counts["only_results"]


REAL = Path(os.environ.get("MPI_REAL_DATA", "")) / "colombia" / "published"


WAYS: dict[str, tuple[list[str], str, list[str]]] = {
    "a decimal comma": (["12,5 %", "8,25"], "", ["12.5", "8.25"]),
    "commas between thousands": (["1,250", "12.5"], "", ["1250", "12.5"]),
    "dots between thousands": (["1.234.567", "950"], "", ["1234567", "950"]),
    "said to be decimals": (["1,250", "3,500"], "csv: {decimal: ','}", ["1.250", "3.500"]),
    "said to be thousands": (["1,250", "3,500"], "csv: {thousands: ','}", ["1250", "3500"]),
    "said of the column": (["1.250", "n.d."], "csv: {columns: {v: {thousands: .}}}", ["1250", ""]),
    "said to be missing": (["sin dato", "7"], "csv: {missing: [sin dato]}", ["", "7"]),
    "blanks and minus": (["\u22121\u00a0250", "3"], "", ["-1250", "3"]),
}


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_numbers_are_read_as_their_column_is_written(tmp_path: Path, way: str, kind: str) -> None:
    cells, said, meant = WAYS[way]
    path = _table(tmp_path, kind, cells)
    (tmp_path / "m.yaml").write_text(f"mapping: m\nstatistic: poor\nvalues: v\ndomains: {{z: {{column: z}}}}\n{said}\n")
    found = published_of(path, load_mapping(tmp_path / "m.yaml"))
    assert [entry.value for entry in found.entries.values()] == [Decimal(one) if one else None for one in meant]


def _table(folder: Path, kind: str, cells: list[Any]) -> Path:
    path = folder / f"p.{kind}"
    if kind == "csv":
        path.write_text("z;v\n" + "".join(f"a{row};{cell}\n" for row, cell in enumerate(cells)), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    for line in [["z", "v"], *([f"a{row}", cell] for row, cell in enumerate(cells))]:
        book.active.append(line)
    book.save(path)
    return path


def test_numbers_that_can_be_read_in_two_ways_are_asked_about(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("mapping: m\nstatistic: poor\nvalues: v\ndomains: {z: {column: z}}\n")
    for kind in ("csv", "xlsx"):
        with pytest.raises(DataError) as error:
            published_of(_table(tmp_path, kind, ["1,250", "3"]), load_mapping(tmp_path / "m.yaml"))
        (fault,) = error.value.faults
        assert (
            fault.code == "MPI-D131" and "column 'v' can be read in two ways: in 1 cell commas may part" in fault.text
        )
        assert '`csv: {decimal: ","}` for decimals, `csv: {thousands: ","}` for thousands' in fault.remedy
    found = published_of(_table(tmp_path, "xlsx", [1.125, 3]), load_mapping(tmp_path / "m.yaml"))
    assert [entry.value for entry in found.entries.values()] == [Decimal("1.125"), Decimal(3)]  # numbers, not texts


@pytest.mark.skipif(not os.environ.get("MPI_REAL_DATA"), reason="needs MPI_REAL_DATA")
def test_the_known_disagreements_of_a_published_annex_are_found_and_no_other(tmp_path: Path) -> None:
    shared = """
period: {column: year}
unit: households
statistic: uncensored_headcount
factor: 0.01
domains:
  level: {column: geo_level, none: nacional}
  area: {column: geo_code, none: CO}
  zone: {column: zone, none: total}
"""
    (tmp_path / "a.yaml").write_text(
        f"mapping: sheet\n{shared}indicator: {{column: indicator}}\nvalues: value\n", encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text(
        f"mapping: errors\n{shared}only: {{unit: percent_of_households}}\nindicator: {{column: measure}}\n"
        "values: {column: estimate, se: se, low: lower, high: upper}\n",
        encoding="utf-8",
    )
    found = mpi.compare(
        REAL / "ipm_precision_2010_2024.csv",
        REAL / "ipm_indicators_2010_2024.csv",
        mapping=tmp_path / "a.yaml",
        results_mapping=tmp_path / "b.yaml",
    )
    with (REAL / "known_disagreements.csv").open(encoding="utf-8") as file:
        known = {
            (row["geo_code"], row["zone"], row["year"], row["indicator"],
             row["indicator_sheet_value"], row["ic_sheet_value"])
            for row in csv.DictReader(file)
        }  # fmt: skip
    off = {
        (row["area"], row["zone"] or "total", row["period"], row["indicator"], row["published"], row["result"])
        for row in at_least_one(found.table.to_pylist())
        if row["status"] == "off"
    }
    assert off == known
    alone = mpi.compare(REAL / "ipm_indicators_2010_2024.csv", mapping=tmp_path / "a.yaml")
    assert {(row["area"], row["period"]) for row in alone.table.to_pylist()} == {
        ("68", "2024")
    }  # a column is scrambled
