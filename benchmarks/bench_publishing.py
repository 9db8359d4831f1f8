"""A publication at the size of a country: 1,122 municipalities of 200,000 vertices, 15 indicators, 4 cutoffs.

Boundaries are those of `benchmarks.country`; figures come from a sample of 120,000 invented households. Times are those
after the estimates; the page must stay below the size that an office can send by mail.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

import mpi
from benchmarks.country import municipality_codes, write_boundaries
from mpi.analysis.score_distribution import bundles, hide_small, score_distribution
from mpi.config import load_disclosure, load_survey
from mpi.disclosure import carried, protect
from mpi.disclosure.publishable import stacked
from mpi.estimates import Estimates
from mpi.maps.data import write_map_data
from mpi.maps.layers import layers_of
from mpi.maps.shaping import load_areas
from mpi.publication.model import DrawnMap, Publication, Round
from mpi.report import report_html
from mpi.runs.mapping import layers_of_map, page_of
from mpi.specs.study import AreaCode, BoundaryFile, MapSpec, Study, Upper
from mpi.workbook import write_workbook

MEASURE = mpi.load_measure("colombia_ipm")
HOUSEHOLDS = 120_000
CUTOFFS = ("1/3", "1/4", "2/5", "1/2")
SIZE = 2_500_000
GROUP = "1,122 municipalities, 15 indicators, 4 cutoffs: after the estimates"


@cache
def estimates() -> tuple[mpi.DeprivationProfile, tuple[Estimates, ...]]:
    rng = np.random.default_rng(20261124)
    codes = np.array(municipality_codes())
    place = rng.integers(0, len(codes), HOUSEHOLDS)
    latent: NDArray[np.float64] = rng.beta(1.2, 5, HOUSEHOLDS)
    flags = {
        name: (rng.random(HOUSEHOLDS) < np.clip(latent * rng.uniform(0.4, 1.8), 0, 0.95)).astype(np.int8)
        for name in MEASURE.names
    }
    code = codes[place]
    frame = pa.table(
        {
            **flags,
            "municipio": pa.array(code.tolist()),
            "departamento": pa.array([text[:2] for text in code.tolist()]),
            "segment": pa.array((place * 4 + rng.integers(0, 4, HOUSEHOLDS)).tolist()),
            "weight": rng.uniform(50, 300, HOUSEHOLDS),
            "members": rng.integers(1, 8, HOUSEHOLDS),
        }
    )
    profile = mpi.DeprivationProfile.from_flags(
        frame,
        MEASURE,
        weight="weight",
        members="members",
        stratum="departamento",
        psu="segment",
        by=["departamento", "municipio"],
        survey="colombia_demo_2025",
        period="2025",
    )
    by = ["departamento", "municipio"]
    return profile, tuple(
        mpi.estimate(profile, MEASURE, by=by, k=CUTOFFS, unit=unit, reliability="dane")
        for unit in ("persons", "households")
    )


def spec(tolerance: float | None = 1_000.0) -> MapSpec:
    file = BoundaryFile(
        path="boundaries/colombia_municipios.geojson",
        code=AreaCode(("mpio_code",), width=5),
        name="mpio_name",
        source={"": "tiles"},
    )
    return MapSpec(
        domain="municipio",
        boundaries=file,
        upper=Upper(AreaCode(("dpto_code",)), None, "departamento"),
        projection="EPSG:9377",
        tolerance=tolerance,
    )


@cache
def publication(folder: Path, rules: str) -> Publication:
    profile, found = estimates()
    disclosure = load_disclosure(rules)
    survey = load_survey("colombia_demo_2025")
    texts = {"es": "Prueba de velocidad", "en": "Test of speed"}
    study = Study(
        name="speed",
        title=texts,
        publisher=texts,
        universe={},
        total={"es": "Total", "en": "Total"},
        note={},
        edition="",
        status="final",
        released=datetime.date(2026, 11, 24),
        citation={},
        licence="",
        measure=MEASURE,
        surveys=(survey,),
        data=None,
        by=(("departamento",),),
        changes_by=(),
        cutoffs=tuple(MEASURE.cutoff(k) for k in CUTOFFS),
        units=("persons", "households"),
        level=0.95,
        variance="design",
        df="domain",
        rounds=None,
        harmonised=False,
        adjust="none",
        reliability=None,
        disclosure=disclosure,
        languages=("es", "en"),
        labels={},
        maps=(spec(),),
        outputs=("maps",),
    )
    areas, join, notices = load_areas(spec(), folder, municipality_codes())
    drawn = DrawnMap(spec(), areas, join, carried(profile, MEASURE, "municipio", disclosure)[0])
    cells = profile.cells
    one = Round(
        survey=survey,
        period="2025",
        counts=profile.counts,
        persons=int(cells.persons.sum()),
        households=int(cells.households.sum()),
        population=float(cells.person_weight.sum()),
        strata=33,
        psus=4_488,
        census=False,
        errors_from={"es": "", "en": ""},
        breaks={},
        notices=(),
    )
    figures = stacked(protect(found, disclosure))
    return Publication(
        study=study,
        measure=MEASURE,
        rounds=(one,),
        figures=figures,
        changes=None,
        names={},
        maps=(drawn,),
        notices=notices,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tiles")
    write_boundaries(made)
    return made


def rounds(benchmark: BenchmarkFixture, function: object, *arguments: object, number: int = 3) -> object:
    benchmark.group = GROUP
    return benchmark.pedantic(function, args=arguments, rounds=number, warmup_rounds=1)  # type: ignore[no-any-return]


@pytest.mark.parametrize("rules", ["small_areas", "census"])
def test_disclosure_control_of_persons_and_households(benchmark: BenchmarkFixture, rules: str) -> None:
    _, found = estimates()
    made = rounds(benchmark, protect, found, load_disclosure(rules))
    assert isinstance(made, Sequence)
    assert made[0].table["standing"].to_pylist().count("hidden") > 1_000


def test_boundaries_read_projected_simplified_joined(benchmark: BenchmarkFixture, folder: Path) -> None:
    areas, join, _ = rounds(benchmark, load_areas, spec(), folder, municipality_codes())  # type: ignore[misc]
    assert (len(areas), join.matched) == (1_122, 1_122)


def test_all_layers_of_a_map(benchmark: BenchmarkFixture, folder: Path) -> None:
    made = publication(folder, "none")
    found = rounds(
        benchmark, lambda: layers_of(made.figures, "municipio", municipality_codes(), unit="persons", period="2025")
    )
    assert len(found) == 49  # type: ignore[arg-type]


@pytest.mark.parametrize("rules", ["standard", "public_microdata"])
def test_the_interactive_page(benchmark: BenchmarkFixture, folder: Path, rules: str) -> None:
    made = publication(folder, rules)
    drawn = made.maps[0]
    text = rounds(benchmark, lambda: page_of(made, drawn, layers_of_map(made, drawn)))
    assert isinstance(text, str)
    benchmark.extra_info["kB"] = len(text.encode()) // 1_000
    if drawn.profile is None:
        assert len(text.encode()) < SIZE


def test_the_report_in_one_language(benchmark: BenchmarkFixture, folder: Path) -> None:
    made = publication(folder, "standard")
    profile, _ = estimates()
    scores = hide_small(score_distribution(profile, MEASURE), persons=10, households=3)
    common = hide_small(bundles(profile, MEASURE, "1/3"), persons=10, households=3)
    text = rounds(benchmark, lambda: report_html(made, "es", scores=scores, bundles=common))
    assert "1122" in text.replace("\u202f", "")  # type: ignore[union-attr]


def test_map_data_for_qgis_and_programs(benchmark: BenchmarkFixture, folder: Path) -> None:
    made = publication(folder, "standard")
    drawn, layers = made.maps[0], layers_of_map(made, made.maps[0])
    rounds(benchmark, lambda: write_map_data(folder, "tiles", drawn.areas, layers, drawn.join, overwrite=True))
    assert (folder / "tiles.gpkg").stat().st_size > 100_000


def test_the_workbook_in_one_language(benchmark: BenchmarkFixture, folder: Path) -> None:
    made = publication(folder, "standard")
    rounds(benchmark, lambda: write_workbook(made, folder / "book.xlsx", "es", overwrite=True))
    assert (folder / "book.xlsx").stat().st_size > 100_000
