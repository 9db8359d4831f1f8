"""Several countries in one study: each as if alone, one table, differences under one measure, none under two."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from scipy import stats

import mpi
from mpi.config.sources import sources_of_study
from mpi.errors import ConfigError, UsageError
from mpi.runs.rehearsal import rehearse
from mpi.runs.running import Made
from tests.support import hamlet
from tests.support.loops import at_least_one
from tests.support.shared import made_once

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
LANGUAGES = ("en", "es", "fr", "pt")
COUNTRIES = """\
countries:
  AAA: {title: {en: Ay, es: Ai, fr: Ah, pt: Ei}, by: [valley]}
  BBB: {title: Bee, surveys: [bee_2025.yaml], by: [valley]}
  CCC: {title: Cee, surveys: [cee_2025.yaml]}
  DDD: {surveys: [dee_2024.yaml], measure: other.yaml}
"""
SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"iso": code, "name": code.lower()},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]]},
        }
        for x, code in enumerate(("AAA", "BBB", "CCC", "DDD", "EEE"))
    ],
}
MAP = "maps: {country: {boundaries: {path: squares.geojson, code: iso, name: name}}}\n"


def households(seed: int, poor: float) -> tuple[str, str]:
    """Persons and households of an invented country, as CSV: the share of households without water is about `poor`."""
    draw = np.random.default_rng(seed)
    people, homes = [hamlet.PERSONS.splitlines()[0]], [hamlet.HOUSEHOLDS.splitlines()[0]]
    for house in range(150):
        dry = draw.random() < poor
        valley = "north" if draw.random() < 0.5 else "south"
        homes.append(f"{house:03},{int(not dry)},{draw.integers(1, 4)},{valley},{draw.integers(10, 60)}")
        for number in range(int(draw.integers(1, 6))):
            age, schooling = draw.integers(5, 70), draw.integers(0, 6 if dry else 13)
            people.append(f"{house:03},{number + 1},{age},{draw.integers(1, 3)},{schooling},{draw.integers(0, 2)}")
    return "\n".join(people) + "\n", "\n".join(homes) + "\n"


def write(folder: Path, countries: str = COUNTRIES, *outputs: str, more: str = "") -> Path:
    """A study of four invented countries, three of which have one measure; gives its file."""
    people, homes = households(1, 0.3)
    hamlet.write_hamlet(folder, persons=people, households=homes)
    other = hamlet.MEASURE.replace("measure: village", "measure: other").replace("crowd > 3", "crowd > 2")
    (folder / "other.yaml").write_text(other, encoding="utf-8")
    for seed, (name, period, poor) in enumerate((("bee", 2025, 0.6), ("cee", 2025, 0.35), ("dee", 2024, 0.5)), 2):
        (folder / name).mkdir()
        people, homes = households(seed, poor)
        (folder / name / "persons.csv").write_text(people, encoding="utf-8")
        (folder / name / "households.csv").write_text(homes, encoding="utf-8")
        text = hamlet.SURVEY.replace("village_2026", f"{name}_{period}").replace("period: 2026", f"period: {period}")
        text = text.replace("persons.csv", f"{name}/persons.csv").replace("households.csv", f"{name}/households.csv")
        (folder / f"{name}_{period}.yaml").write_text(text, encoding="utf-8")
    (folder / "squares.geojson").write_text(json.dumps(SQUARES), encoding="utf-8")
    study = hamlet.study_of(*outputs).replace("languages: [en]", f"languages: [{', '.join(LANGUAGES)}]")
    (folder / "study.yaml").write_text(study + countries + more, encoding="utf-8")
    return folder / "study.yaml"


def _published(folder: Path) -> Path:
    study = mpi.load_study(write(folder, COUNTRIES, "results", "report", "workbook", "charts", "maps", more=MAP))
    mpi.run_study(study, folder / "out", data=folder, cache=folder / "cache")
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study that was run."""
    found: Path = made_once(tmp_path_factory, "countries", _published)
    return found


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "out/results" / f"{name}.parquet").to_pylist()
    return rows


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("unit", "k", "statistic", "dimension", "indicator", "valley"))


def test_each_country_has_the_figures_that_it_has_alone(published: Path) -> None:
    rows = _rows(published, "countries")
    assert {row["country"] for row in rows} == {"AAA", "BBB", "CCC", "DDD"}
    surveys = {"AAA": "village_2026", "BBB": "bee_2025", "CCC": "cee_2025", "DDD": "dee_2024"}
    for code, survey in surveys.items():
        measure = mpi.load_measure(published / ("other.yaml" if code == "DDD" else "village.yaml"))
        profile = mpi.deprivation_profile(mpi.load_survey(published / f"{survey}.yaml"), measure, published)
        by = [("valley",)] if code in ("AAA", "BBB") else []
        alone = mpi.estimate(profile, measure, by=by, k=measure.cutoffs, reliability="none").table.to_pylist()
        own = {_key(row): row for row in rows if row["country"] == code}
        assert own.keys() == {_key(row) for row in alone}, code
        for row in at_least_one(alone):
            found = own[_key(row)]
            assert (found["measure"], found["survey"], found["period"]) == (measure.name, survey, survey[-4:])
            for name in ("estimate", "se", "ci_low", "ci_high", "n", "df"):
                wanted = row[name] if row[name] is None else pytest.approx(row[name], rel=1e-11, abs=1e-14)
                assert found[name] == wanted, (code, name)


def test_differences_are_those_of_independent_samples_under_one_measure(published: Path) -> None:
    figures = {(row["country"], row["statistic"]): row for row in _rows(published, "countries")
               if row["valley"] is None and row["k"] == "1/3"}  # fmt: skip
    found = _rows(published, "countries.differences")
    pairs = list(combinations(("AAA", "BBB", "CCC"), 2))
    assert [(row["country"], row["other_country"]) for row in found if row["statistic"] == "H"] == pairs
    assert {row["measure"] for row in found} == {"village"}  # DDD has another: no difference with it
    for statistic in ("H", "A", "M0"):
        raw = []
        for row in at_least_one([one for one in found if one["statistic"] == statistic]):
            one, other = (figures[row[name], statistic] for name in ("country", "other_country"))
            se = (one["se"] ** 2 + other["se"] ** 2) ** 0.5
            assert row["estimate"] == pytest.approx(one["estimate"] - other["estimate"], abs=1e-15)
            assert (row["se"], row["df"]) == (pytest.approx(se, rel=1e-12), one["df"] + other["df"])
            half = stats.t.ppf(0.975, row["df"]) * se
            assert (row["ci_low"], row["ci_high"]) == (
                pytest.approx(row["estimate"] - half, abs=1e-9), pytest.approx(row["estimate"] + half, abs=1e-9)
            )  # fmt: skip
            assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["estimate"]) / se, row["df"]), rel=1e-9)
            raw.append(row["p"])
        order = np.argsort(raw)
        stepped = np.maximum.accumulate([min(1.0, (3 - i) * raw[place]) for i, place in enumerate(order)])
        adjusted = [row["p_adjusted"] for row in found if row["statistic"] == statistic]
        assert [adjusted[place] for place in order] == pytest.approx(stepped.tolist())


def test_outputs_show_the_countries_in_every_language(published: Path) -> None:
    out = published / "out"
    rows = list(csv.DictReader((out / "results/countries_reference.csv").read_text("utf-8-sig").splitlines()))
    assert [row["country"] for row in rows] == ["AAA", "BBB", "CCC", "DDD"]
    assert all(row[name] for row in rows for name in ("measure", "survey", "periods", "k", "dimensions", "persons"))
    package = json.loads((out / "results/datapackage.json").read_text(encoding="utf-8"))
    names = {"countries.parquet", "countries.differences.parquet", "countries_reference.csv"}
    assert names <= {one["path"] for one in package["resources"]}
    for language in at_least_one(LANGUAGES):
        page = (out / f"report.{language}.html").read_text(encoding="utf-8")
        for part in ("t-countries", "t-countries-differences", "t-countries-BBB", "f-countries", "f-map-countries"):
            assert f'id="{part}"' in page, part
        for picture in ("charts/countries", "maps/country.H"):
            assert (out / f"{picture}.{language}.svg").is_file()
        book = openpyxl.load_workbook(out / f"workbook.{language}.xlsx", read_only=True)
        assert (
            sum(
                any("DDD" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
                for sheet in book.worksheets
            )
            >= 2
        )
    page = (out / "report.en.html").read_text(encoding="utf-8")
    assert "levels of countries under different measures cannot be compared" in page
    assert "percentage points above that of" in page
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert {"bee/persons.csv", "cee/households.csv", "squares.geojson"} <= {one["path"] for one in manifest["inputs"]}
    assert {"survey dee_2024", "measure other"} <= {one["role"] for one in manifest["configs"]}
    sources = {path.name for path in sources_of_study(mpi.load_study(published / "study.yaml"))}
    assert {"other.yaml", "dee_2024.yaml"} <= sources


def test_a_second_run_finds_the_figures_of_the_countries(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = json.loads((published / "out/manifest.json").read_text(encoding="utf-8"))["digest"]
    monkeypatch.setattr("mpi.publication.gathering.read_countries", None)  # it would be called, if they were read again
    again: Made = mpi.run_study(
        mpi.load_study(published / "study.yaml"), published / "again", data=published, cache=published / "cache"
    )
    assert again.digest == before


def test_what_one_country_hides_no_difference_shows(tmp_path: Path) -> None:
    path = write(tmp_path, COUNTRIES, "results")
    (tmp_path / "least.yaml").write_text(
        "disclosure: least\ntitle: least\npersons: 470\nhouseholds: 3\nnumerator: 10\nall_or_none: 50\n"
        "complementary: no\n",
        encoding="utf-8",
    )  # some countries have fewer persons in the sample
    path.write_text(path.read_text("utf-8").replace("disclosure: none", "disclosure: least.yaml"), encoding="utf-8")
    mpi.run_study(mpi.load_study(path), tmp_path / "out", data=tmp_path, cache=False)
    totals = {row["country"]: row for row in _rows(tmp_path, "countries")
              if (row["statistic"], row["k"], row["valley"]) == ("H", "1/3", None)}  # fmt: skip
    hidden = {code for code, row in totals.items() if row["standing"] == "hidden"}
    assert hidden and hidden != set(totals)
    for row in at_least_one(_rows(tmp_path, "countries.differences")):
        gone = bool({row["country"], row["other_country"]} & hidden)
        assert gone == (row["estimate"] is None) == (row["standing"] == "hidden")


def test_the_shipped_study_of_two_countries_runs_on_the_sample_data(tmp_path: Path) -> None:
    study = replace(mpi.load_study("two_countries_demo"), outputs=("results",), result_formats=("parquet",))
    made = mpi.run_study(study, tmp_path / "out", cache=False)
    assert made.publication.countries is not None
    found = {row["statistic"]: row for row in at_least_one(_rows(tmp_path, "countries.differences"))}
    assert found.keys() == {"H", "A", "M0"}
    assert all(row["p_adjusted"] is not None and row["standing"] == "unjudged" for row in found.values())


FAULTS = {
    "countries:\n  AAA: {title: a, surveys: [bee_2025.yaml]}\n  BBB: {title: b, surveys: [cee_2025.yaml]}\n":
        "none of them is the one",
    "countries:\n  AAA: {title: a}\n  BBB: {title: b}\n": "AAA, BBB name no surveys",
    "countries:\n  AAA: {title: a, measure: other.yaml}\n  BBB: {surveys: [bee_2025.yaml]}\n": "and so is its measure",
    "countries:\n  AAA: {title: a, by: [sex]}\n  BBB: {surveys: [bee_2025.yaml]}\n": "the study has no table by sex",
    "countries:\n  AAA: {title: a}\n  BBB: {surveys: [village_2026.yaml]}\n": "both have the survey village_2026",
    "countries:\n  AAA: {title: a}\n  BBB: {surveys: [bee_2025.yaml], by: [country]}\n": "cannot be told from",
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_countries_that_cannot_stand_side_by_side_are_refused_with_their_place(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text, "results")
    with pytest.raises(ConfigError) as caught:
        mpi.load_study(path)
    (fault,) = [one for one in caught.value.faults if one.code == "MPI-C177"]
    assert FAULTS[text] in str(fault)
    assert fault.place is not None
    assert fault.place.line is not None and fault.place.line > len(hamlet.study_of().splitlines())


def test_two_measures_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, COUNTRIES, "results")
    other = (tmp_path / "other.yaml").read_text("utf-8")
    (tmp_path / "other.yaml").write_text(other.replace("measure: other", "measure: village"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"MPI-C177 .*two measures are called 'village'"):
        mpi.load_study(path)


def test_check_tells_every_fault_of_every_country_at_once(tmp_path: Path) -> None:
    study = mpi.load_study(write(tmp_path, COUNTRIES, "results", more=MAP))
    assert rehearse(study, tmp_path).refusal is None
    (tmp_path / "bee/persons.csv").unlink()
    homes = (tmp_path / "dee/households.csv").read_text("utf-8")
    (tmp_path / "dee/households.csv").write_text(homes.replace("house,water", "house,wasser"), encoding="utf-8")
    (tmp_path / "squares.geojson").write_text(json.dumps({**SQUARES, "features": SQUARES["features"][:2]}))
    found = rehearse(study, tmp_path)
    told = " ".join(str(one) for one in found.faults)
    for part in ("bee/persons.csv", "water", "CCC"):
        assert part in told, part
    with pytest.raises((UsageError, mpi.MpiError)):
        mpi.run_study(study, tmp_path / "out", data=tmp_path, cache=False)
    assert not (tmp_path / "out").exists()
