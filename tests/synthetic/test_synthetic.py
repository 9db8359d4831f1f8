"""The synthetic surveys say what they were meant to say: rules recomputed here, apart from the package.

The rules follow DANE's algorithm of the IPM and, for Uruguay, the fifteen-indicator count over ECH columns.
"""

import json
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from mpi.synthetic import ColombiaSample, UruguaySample, boundaries, colombia_survey, uruguay_survey
from mpi.synthetic import colombia as colombia_module
from mpi.synthetic import uruguay as uruguay_module
from mpi.synthetic.__main__ import COLOMBIA_HOUSEHOLDS, PUBLISHED, SEED, URUGUAY_HOUSEHOLDS, write_sample_data
from mpi.synthetic.colombia_census import published_zones
from mpi.synthetic.colombia_register import EDITIONS, colombia_register
from mpi.synthetic.frame import DEPARTMENTS, municipality_codes
from tests.support.loops import at_least_one

SAMPLE_DATA = Path(__file__).resolve().parent.parent.parent / "sample_data"
CENSUS = SAMPLE_DATA / "colombia_census_2018"
YEARS = (2024, 2025)
HOUSEHOLD = ["DIRECTORIO", "SECUENCIA_P"]
SMALL = 2_000

# Points of H: the calibration aims at 0.97 of the published ratio and stops within one household of its cell.
TOLERANCE_DEPARTMENT = 3.0
TOLERANCE_NATIONAL = 0.4
# A is not aimed at; it follows from the rates and from how they come together.
TOLERANCE_INTENSITY = 1.5
# The census: weights make the ratios exact in each zone; the share of a zone follows from three rounded ratios.
TOLERANCE_ZONE, TOLERANCE_MUNICIPALITY = 0.01, 0.05
# Rates are settled before the headcount ratios, which then move them: a tenth of the rate and half a point.
TOLERANCE_RATE = (0.1, 0.5)


@cache
def geojson(name: str) -> dict[str, Any]:
    """A shipped boundary file."""
    found: dict[str, Any] = json.loads((SAMPLE_DATA / f"boundaries/{name}.geojson").read_text(encoding="utf-8"))
    return found


def schooling_years(p: pd.DataFrame) -> pd.Series:
    """Years of schooling by DANE's table; NaN where nothing was asked."""
    now, grade, done, last = p.P1088, p.P1088S1, p.P8587, p.P8587S1
    cases = [
        (now == 1, 0 * grade),
        (now.isin([2, 3]) | grade.isin([10, 11]), grade - 1),
        (grade.isin([12, 13]), 0 * grade + 11),
        (now.isin([5, 6, 7]), 11 + grade - 1),
        (now == 8, 16 + grade - 1),
        (done.isin([1, 2]), 0 * last),
        (done.isin([3, 4]) | last.isin([10, 11]), last),
        (last.isin([12, 13]), 0 * last + 11),
        (done.isin([6, 7, 8, 9, 10, 11]), 11 + last),
        (done.isin([12, 13]), 16 + last),
    ]
    conditions, values = zip(*cases, strict=True)
    return pd.Series(np.select(conditions, values, default=np.nan), index=p.index)


def colombia_flags(persons: pd.DataFrame, households: pd.DataFrame, dwellings: pd.DataFrame) -> pd.DataFrame:
    """DANE's fifteen indicators from the raw columns, one row for each row of `households`; blanks are -1."""
    means = [*HOUSEHOLD, "P1075", "P1077S21", "P1077S22", "P1077S23"]
    p = persons.merge(households[means], on=HOUSEHOLD, validate="many_to_one").fillna(-1)
    h = households.merge(dwellings.drop(columns=["SECUENCIA_ENCUESTA", "SECUENCIA_P"]), on="DIRECTORIO")
    group = p.groupby(HOUSEHOLD).ngroup()
    assert len(p) == len(persons)
    assert group.nunique() == len(households) == len(h)

    def total(values: pd.Series) -> Any:
        return np.bincount(group, values, len(h))

    def any_of(condition: pd.Series) -> Any:
        return total(condition) > 0

    age, adults, years = p.P6040, p.P6040 >= 15, schooling_years(p)
    nobody = total(adults) == 0
    occupied = (p.P6240 == 1) | (p.P6250 == 1) | (p.P6260 == 1) | (p.P6270 == 1)
    active = (age >= 12) & (occupied | (p.P6351 == 1))
    long_term = (age >= 12) & ~occupied & (p.P6351 == 1) & ((p.P7250 >= 52) | (p.P7250 == -1))
    pensioners = ~any_of(p.P6920 != 3)
    labour_force = total(active & ~(occupied & (age < 18)) & ~long_term)
    formal = total(occupied & p.P6920.isin([1, 3]))
    no_device = (p.P1077S21 == 2) & (p.P1077S22 == 2) & (p.P1077S23 == 2) & (p.P1082S2 != 1)
    cut_off = (p.P3336S2 == 1) & ((p.P1075 == 2) | no_device | (p.P3337 == 2))
    early = (
        ((age <= 5) & (p.P6090 != 1))
        | ((age <= 4) & p.P51.isin([3, 6, 7]))
        | ((age <= 4) & (p.P51 == 1) & ((p.P55 == 2) | p.P774.isin([1, 4])))
        | ((age == 5) & (p.P8586 == 2))
        | ((age == 5) & (p.P8586 == 1) & (p.P6180 == 2))
    )
    urban = h.P3 == 1
    ratio = h.PERSONAS / h.P5010
    return pd.DataFrame(
        {
            "logro_educativo": nobody | (total(years.where(adults, 0)) < 9 * total(adults)),
            "analfabetismo": nobody | any_of(adults & (p.P6160 == 2)),
            "inasistencia_escolar": any_of(age.between(6, 16) & ((p.P8586 == 2) | cut_off)),
            "rezago_escolar": any_of(age.between(7, 17) & (years < age - 6)),
            "atencion_integral": any_of(early),
            "trabajo_infantil": any_of(age.between(12, 17) & occupied),
            "desempleo_larga_duracion": any_of(long_term) | ~any_of(active) | pensioners,
            "empleo_formal": ~pensioners & ((labour_force == 0) | (formal != labour_force)),
            "aseguramiento_salud": any_of((age > 5) & p.P6090.isin([2, 9])),
            "barreras_acceso_salud": any_of((p.P5665 == 1) & (p.P8563 >= 3)),
            "acueducto": (h.P8520S5 == 2).where(urban, h.P8530.isin([4, 5, 6, 8, 9, 10])),
            "alcantarillado": (h.P8520S3 == 2).where(urban, h.P8526.isin([3, 5, 6])),
            "pisos": h.P4015 == 7,
            "paredes": h.P4005.isin([7, 8, 9, 10]) | (urban & (h.P4005 == 5)),
            "hacinamiento": (ratio >= 3).where(urban, ratio > 3),
        }
    )


def uruguay_flags(p: pd.DataFrame) -> pd.DataFrame:
    """The fifteen indicators of the count, one row a household in the order of the table."""
    passed = [f"e51_{level}" for level in range(2, 12)]
    e = p[passed].mask(p[passed] == 9, 0)
    lower = np.maximum(e.e51_4, e.e51_7.where(p.e51_7_1 == 3, 0))
    upper = np.maximum(np.maximum(e.e51_5, e.e51_6), e.e51_7.where(p.e51_7_1 == 2, 0))
    tertiary = e[["e51_8", "e51_9", "e51_10"]].max(axis=1)
    years = (e.e51_2 + e.e51_3).clip(upper=6) + lower.clip(upper=3) + upper.clip(upper=3) + tertiary + e.e51_11
    attends = (p[["e193", "e197", "e201", "e212", "e215", "e218", "e221", "e224"]] == 1).any(axis=1)
    age, employed = p.e27, p.pobpcoac == 2
    required = np.select([age < 18, age <= 28, age <= 59], [0, 12, 9], default=6)
    pension = (p.f124_1 == 1) | (p.f124_2 == 1)
    problems = (p[[f"c5_{i}" for i in range(1, 13)]] == 1).sum(axis=1)
    flags = pd.DataFrame(
        {
            "asistencia": age.between(4, 17) & ~attends & (years < 12),
            "rezago": age.between(9, 20) & attends & (age - years >= 9),
            "escolaridad": years < required,
            "hacinamiento": p.ht19 > 2 * p.d10,
            "tenencia": p.d8_1.isin([3, 4, 9]),
            "materialidad": (p.c2 == 6) | (p.c3 == 6) | (p.c4 == 5) | (problems >= 3),
            "internet": p.d21_16 == 2,
            "calefaccion": p.d260 == 6,
            "saneamiento": (p.d13 == 3) | (p.d15 == 2) | ~p.d16.isin([1, 2]),
            "pensiones": (age >= 65) & ~employed & ~pension,
            "cuidados": age.between(18, 64) & (p.pobpcoac == 6),
            "menores": age < 18,
            "desempleo": (age >= 18) & p.pobpcoac.isin([3, 4, 5]),
            "subempleo": (age >= 18) & (p.subempleo == 1),
            "informalidad": (age >= 18) & employed & (p.f82 == 2),
        }
    )
    household = flags.groupby(p.numero).any()
    household["menores"] &= ~((p.f82 == 1) | pension).groupby(p.numero).any()
    return household


@cache
def shipped(year: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    tables = (
        pq.read_table(SAMPLE_DATA / f"colombia_{year}/{name}.parquet") for name in ("PERSONAS", "HOGARES", "VIVIENDAS")
    )
    persons, households, dwellings = (table.to_pandas() for table in tables)
    return persons, households, dwellings


@cache
def shipped_ech() -> pd.DataFrame:
    return pq.read_table(SAMPLE_DATA / "uruguay_2018/ECH.parquet").to_pandas()


@cache
def shipped_flags(year: int) -> pd.DataFrame:
    return colombia_flags(*shipped(year))


@cache
def drawn_again() -> tuple[dict[int, ColombiaSample], UruguaySample]:
    """The samples that the shipped files were written from."""
    *streams, last = np.random.default_rng(SEED).spawn(len(YEARS) + 1)
    samples = {y: colombia_survey(y, COLOMBIA_HOUSEHOLDS, s) for y, s in zip(YEARS, streams, strict=True)}
    return samples, uruguay_survey(URUGUAY_HOUSEHOLDS, last)


def poverty(year: int) -> pd.DataFrame:
    """Per household of the shipped files: score, poor, weight of its persons, department, zone."""
    _, households, dwellings = shipped(year)
    units = np.array([weight for weight, *_ in colombia_module.INDICATORS.values()])
    score = shipped_flags(year).to_numpy().astype(int) @ units
    zone = dwellings.set_index("DIRECTORIO").P3.loc[households.DIRECTORIO].to_numpy()
    return pd.DataFrame(
        {
            "score": score,
            "poor": 15 * score >= 500,
            "persons": households.FEX_C * households.PERSONAS,
            "department": households.DEPARTAMENTO,
            "rural": zone > 1,
        }
    )


def headcount(frame: pd.DataFrame) -> float:
    """H, per cent."""
    return float(np.average(frame.poor, weights=frame.persons) * 100)


@pytest.mark.parametrize("year", YEARS)
def test_DANEs_rules_give_back_the_intended_flags_of_a_small_sample(year: int) -> None:
    sample = colombia_survey(year, SMALL, np.random.default_rng(year))
    tables = (sample.persons, sample.households, sample.dwellings)
    flags = colombia_flags(*(table.to_pandas() for table in tables))
    assert list(flags) == list(colombia_module.INDICATORS)
    assert flags.to_numpy().any(axis=0).all()
    pd.testing.assert_frame_equal(flags, pd.DataFrame(sample.flags, columns=flags.columns))


@pytest.mark.parametrize("year", YEARS)
def test_DANEs_rules_give_back_the_intended_flags_of_the_shipped_files(year: int) -> None:
    np.testing.assert_array_equal(shipped_flags(year).to_numpy(), drawn_again()[0][year].flags)


def test_the_rules_of_the_count_give_back_the_intended_flags_of_the_ECH() -> None:
    for sample in (drawn_again()[1], uruguay_survey(800, np.random.default_rng(7))):
        flags = uruguay_flags(sample.persons.to_pandas())
        assert list(flags) == list(uruguay_module.INDICATORS)
        assert flags.to_numpy().any(axis=0).all()
        np.testing.assert_array_equal(flags.to_numpy(), sample.flags)


def test_the_shipped_files_are_those_of_the_seed() -> None:
    colombia, ech = drawn_again()
    for year, sample in at_least_one(colombia.items()):
        folder = SAMPLE_DATA / f"colombia_{year}"
        assert pq.read_table(folder / "PERSONAS.parquet").equals(sample.persons)
        assert pq.read_table(folder / "HOGARES.parquet").equals(sample.households)
        assert pq.read_table(folder / "VIVIENDAS.parquet").equals(sample.dwellings)
    assert pq.read_table(SAMPLE_DATA / "uruguay_2018/ECH.parquet").equals(ech.persons)
    zones = published_zones(SAMPLE_DATA / "published/ipm_municipal_2018.csv")
    editions = colombia_register(zones, np.random.default_rng([SEED, *EDITIONS]))
    for year, edition in at_least_one(zip(EDITIONS, editions, strict=True)):
        folder = SAMPLE_DATA / f"colombia_register_{year}"
        assert pq.read_table(folder / "PERSONAS.parquet").equals(edition.persons)
        assert pq.read_table(folder / "HOGARES.parquet").equals(edition.households)
        assert pq.read_table(folder / "VIVIENDAS.parquet").equals(edition.dwellings)
    assert geojson("uruguay_departamentos") == boundaries.uruguay_departments()


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name, seed in (("first", 1), ("second", 1), ("other", 2)):
        folder = tmp_path / name
        write_sample_data(folder, seed=seed, colombia_households=SMALL, uruguay_households=300, census_households=24)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        written.append({path.relative_to(folder): path.read_bytes() for path in files})
    first, second, other = written
    assert len(first) == 27
    assert first == second
    assert {path for path in first if first[path] != other[path]} == {
        p for p in first if p.suffix == ".parquet" or p.name.startswith("cupos_")
    }


def test_everything_published_is_written_beside_the_surveys() -> None:
    """The demo of an installed package reads it there; in a clone, from the clone."""
    there = {path.relative_to(SAMPLE_DATA).as_posix() for path in (SAMPLE_DATA / "published").iterdir()}
    assert there and there <= set(PUBLISHED)


def test_the_sample_data_are_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE_DATA.rglob("*") if path.is_file()) < 9_000_000
    assert sum(path.stat().st_size for path in CENSUS.glob("*.parquet")) < 4_000_000


@pytest.mark.parametrize(("year", "national", "urban", "rural"), [(2024, 11.5, 7.8, 24.3), (2025, 9.9, 6.3, 22.4)])
def test_national_headcounts_are_near_the_published_ones(
    year: int, national: float, urban: float, rural: float
) -> None:
    frame = poverty(year)
    assert headcount(frame) == pytest.approx(national, abs=TOLERANCE_NATIONAL)
    assert headcount(frame[~frame.rural]) == pytest.approx(urban, abs=TOLERANCE_NATIONAL)
    assert headcount(frame[frame.rural]) == pytest.approx(rural, abs=2 * TOLERANCE_NATIONAL)
    poor = frame[frame.poor]
    assert np.average(poor.score, weights=poor.persons) == pytest.approx(40.2, abs=TOLERANCE_INTENSITY)


def test_departments_are_near_their_published_headcounts() -> None:
    measured = {code: headcount(group) for code, group in poverty(2024).groupby("department")}
    published = {department.code: department.total for department in DEPARTMENTS}
    assert len(measured) == 33
    assert measured == pytest.approx(published, abs=TOLERANCE_DEPARTMENT)


def test_household_rates_are_near_the_published_ones() -> None:
    _, households, _ = shipped(2024)
    rural = poverty(2024).rural
    for zone, column in ((~rural, 1), (rural, 2)):
        for name, values in colombia_module.INDICATORS.items():
            rate = 100 * np.average(shipped_flags(2024)[name][zone], weights=households.FEX_C[zone])
            relative, absolute = TOLERANCE_RATE
            assert abs(rate - values[column]) < relative * values[column] + absolute, name


@pytest.mark.parametrize("year", YEARS)
def test_keys_and_design_are_those_of_a_clustered_survey(year: int) -> None:
    persons, households, dwellings = shipped(year)
    for table, key in ((persons, [*HOUSEHOLD, "ORDEN"]), (households, HOUSEHOLD), (dwellings, ["DIRECTORIO"])):
        order = pd.MultiIndex.from_frame(table[key])
        assert order.is_unique
        assert order.is_monotonic_increasing
    assert not households.DIRECTORIO.is_unique
    assert set(households.DIRECTORIO) == set(dwellings.DIRECTORIO)
    size = persons.groupby(HOUSEHOLD).size().to_numpy()
    assert (size == households.PERSONAS).all()
    assert households.groupby("ESTRATO").UPM.nunique().min() >= 2
    assert (households.DEPARTAMENTO.astype(int) == households.ESTRATO // 10).all()
    assert (households.groupby(["ESTRATO", "UPM"]).MUNICIPIO.nunique() == 1).all()
    assert 90 <= households.ESTRATO.nunique() <= 100
    known = {code for department in DEPARTMENTS for code in municipality_codes(department)}
    assert len(known) == 300
    assert set(households.MUNICIPIO) == known


@cache
def census() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Households of the shipped census with `poor` by DANE's rules, and the published ratios by municipality."""
    persons, households, dwellings = (
        pq.read_table(CENSUS / f"{name}.parquet").to_pandas() for name in ("PERSONAS", "HOGARES", "VIVIENDAS")
    )
    flags = colombia_flags(persons, households, dwellings)
    hundredths = np.array([weight for weight, *_ in colombia_module.INDICATORS.values()])
    households["poor"] = flags[list(colombia_module.INDICATORS)].to_numpy() @ hundredths >= 34
    households["zone"] = np.where(dwellings.P3 == 1, "ipm_cabecera", "ipm_rural")
    published = pd.read_csv(
        SAMPLE_DATA / "published/ipm_municipal_2018.csv", dtype={"mpio_code": str, "dpto_code": str}
    )
    return households, published.set_index("mpio_code")


def test_the_census_has_the_published_headcount_ratio_of_every_municipality_and_zone() -> None:
    households, published = census()
    persons = households.FEX_C * households.PERSONAS
    by = [households.MUNICIPIO]
    found = 100 * (persons * households.poor).groupby(by).sum() / persons.groupby(by).sum()
    assert list(found.index) == sorted(published.index) and len(found) == 1122
    assert (found - published.ipm_total).abs().max() < TOLERANCE_MUNICIPALITY
    by = [households.MUNICIPIO, households.zone]
    zones = 100 * (persons * households.poor).groupby(by).sum() / persons.groupby(by).sum()
    wanted = published[["ipm_cabecera", "ipm_rural"]].stack().dropna().sort_index()
    assert list(zones.index) == list(wanted.index) and len(zones) == 2 * 1122 - 20
    assert (zones - wanted).abs().max() < TOLERANCE_ZONE


def test_a_household_of_the_census_stands_for_others_and_for_as_many_persons_as_there_are() -> None:
    households, _ = census()
    persons = (households.FEX_C * households.PERSONAS).groupby(households.DEPARTAMENTO).sum()
    for department in DEPARTMENTS:
        assert persons[department.code] == pytest.approx(department.population * 1000, rel=1e-4)
    assert (households.groupby("MUNICIPIO").size() >= 60 - 1).all() and (households.FEX_C > 0).all()
    assert not {"ESTRATO", "UPM"} & set(households.columns)


def test_both_years_have_one_schema_and_different_households() -> None:
    colombia, _ = drawn_again()
    first, second = colombia[2024], colombia[2025]
    assert first.persons.schema == second.persons.schema
    assert first.households.schema == second.households.schema
    assert first.households.schema.field("FEX_C").type == pa.float64()
    assert not set(shipped(2024)[1].DIRECTORIO) & set(shipped(2025)[1].DIRECTORIO)


def test_blanks_are_where_the_questionnaire_does_not_ask() -> None:
    p, h, _ = shipped(2024)
    studies = p.P8586 == 1
    hour = p.P6240.isin([2, 3, 4, 6])
    asked = {
        "P8563": p.P5665 == 1,
        "P51": p.P6040 <= 4,
        "P55": p.P6040 <= 4,
        "P774": p.P55 == 1,
        "P6160": p.P6040 >= 5,
        "P8586": p.P6040 >= 5,
        "P8587": p.P8586 == 2,
        "P8587S1": p.P8587 >= 3,
        "P1088": studies,
        "P1088S1": studies,
        "P3336S2": studies,
        "P6240": p.P6040 >= 12,
        "P6250": hour,
        "P6260": p.P6250 == 2,
        "P6270": p.P6260 == 2,
        "P6920": p.P6040 >= 15,
    }
    for name, condition in asked.items():
        assert (p[name].notna() == condition).all(), name
    assert (p.P6351.notna() <= (p.P6270 == 2)).all()
    assert (p.P7250.notna() <= (p.P6351 == 1)).all()
    for name in ("P1075", "P1077S21", "P1077S22", "P1077S23", "PERIODO"):
        assert (h[name].notna() == (h.PERSONAS == 1)).all(), name


@pytest.mark.parametrize("year", YEARS)
def test_the_odd_cases_of_the_real_files_occur(year: int) -> None:
    p, _, dwellings = shipped(year)
    group = [p.DIRECTORIO, p.SECUENCIA_P]
    occupied = (p[["P6240", "P6250", "P6260", "P6270"]] == 1).any(axis=1)
    assert (p.P6090 == 9).any()
    assert (p.P7250 == 999).any()
    assert ((p.P6351 == 1) & p.P7250.isna()).any()
    assert ((p.P3336S2 == 1) & (p.P6040 <= 16)).any()
    assert (p.P6920 == 3).groupby(group).all().any()
    assert (~(occupied | (p.P6351 == 1)).groupby(group).any()).any()
    assert (p.P6040 < 15).groupby(group).all().any()
    assert set(dwellings.P3) == {1, 2, 3}
    assert {32, 33, 34, 35} <= set(poverty(year).score)


def test_the_ECH_has_its_design_and_its_identities() -> None:
    p = shipped_ech()
    assert headcount_of_the_count(p) == pytest.approx(18.7, abs=TOLERANCE_NATIONAL)
    assert set(p.dpto) == set(range(1, 20))
    assert p.groupby("estred13").upm_id.nunique().min() >= 2
    household = p.drop(columns=["e26", "e27", "e30", "nper"]).groupby("numero")
    for name in ("pesoano", "estrato", "upm_id", "ht11", "ht19", "lp_06", "d8_1", "c5_12"):
        assert (household[name].nunique() == 1).all(), name
    assert (p.pobre06 == (p.ht11 < p.lp_06)).all()
    assert ((p.e30 != 14).groupby(p.numero).transform("sum") == p.ht19).all()
    assert (p.e30 == 14).any()
    assert p.notna().all(axis=None)


def headcount_of_the_count(p: pd.DataFrame) -> float:
    poor = uruguay_flags(p).sum(axis=1) >= 4
    return float(np.average(poor.loc[p.numero], weights=p.pesoano) * 100)


def rings(collection: dict[str, Any], key: str) -> dict[str, list[tuple[float, float]]]:
    features = collection["features"]
    outlines = {f["properties"][key]: [tuple(v) for v in f["geometry"]["coordinates"][0]] for f in features}
    assert len(outlines) == len(features)
    return outlines


def area(ring: list[tuple[float, float]]) -> float:
    """Signed area, square degrees; positive where the ring runs counter-clockwise."""
    return sum(x * v - u * y for (x, y), (u, v) in pairwise(ring)) / 2


def outer_edges(outlines: list[list[tuple[float, float]]]) -> set[Any]:
    """Directed edges left when those that two neighbours share have cancelled."""
    edges = Counter(edge for ring in outlines for edge in pairwise(ring))
    assert max(edges.values()) == 1
    return {(a, b) for a, b in edges if (b, a) not in edges}


def test_the_tiles_of_uruguay_are_closed_simple_and_counter_clockwise() -> None:
    outlines = rings(boundaries.uruguay_departments(), "dpto")
    assert len(outlines) == 19
    for ring in outlines.values():
        assert ring[0] == ring[-1]
        assert len(set(ring)) == len(ring) - 1
        assert area(ring) > 0
    shared = sum(len(ring) - 1 for ring in outlines.values()) - len(outer_edges(list(outlines.values())))
    assert shared > len(outlines) * boundaries.BLOCK


@cache
def shapes_of_colombia() -> tuple[dict[str, Any], dict[str, Any]]:
    """Shapes of the municipalities and of the departments by code."""
    made = []
    for name, key in (("colombia_municipios", "mpio_code"), ("colombia_departamentos", "dpto_code")):
        features = geojson(name)["features"]
        made.append({one["properties"][key]: shapely.geometry.shape(one["geometry"]) for one in features})
    return made[0], made[1]


def test_neighbouring_municipalities_share_their_borders_and_make_up_the_departments() -> None:
    municipalities, departments = shapes_of_colombia()
    assert (len(municipalities), len(departments)) == (1122, 33)
    shapes = np.array(list(municipalities.values()), object)
    assert shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
    within = np.array([code[:2] for code in municipalities])
    for code, outline in at_least_one(departments.items()):
        assert shapely.equals(shapely.coverage_union_all(shapes[within == code]), outline)


def test_boundaries_are_light_and_their_licence_lies_beside_them() -> None:
    folder = SAMPLE_DATA / "boundaries"
    assert sum(path.stat().st_size for path in folder.glob("colombia_*.geojson")) < 1_200_000
    said = " ".join((folder / "LICENCE.md").read_text(encoding="utf-8").split())
    assert "CC BY 4.0" in said and "Departamento Administrativo Nacional de Estadística - DANE: www.dane.gov.co" in said


def test_names_of_areas_are_written_as_in_a_sentence() -> None:
    named = {one["properties"]["mpio_code"]: one["properties"] for one in geojson("colombia_municipios")["features"]}
    assert named["11001"]["mpio_name"] == named["11001"]["dpto_name"] == "Bogotá, D. C."
    for code, name in {
        "05148": "El Carmen de Viboral", "18785": "Solita", "44420": "La Jagua del Pilar", "63001": "Armenia",
        "05042": "Santa Fé de Antioquia", "23682": "San José de Uré", "88001": "San Andrés",
    }.items():  # fmt: skip
        assert named[code]["mpio_name"] == name
    assert named["63001"]["dpto_name"] == "Quindío"
    assert not [name for one in named.values() for name in one.values() if name.isupper()]


def test_the_codes_of_boundaries_and_survey_agree() -> None:
    households = shipped(2024)[1]
    municipalities, departments = shapes_of_colombia()
    assert set(municipalities) > set(households.MUNICIPIO)
    assert set(departments) == set(households.DEPARTAMENTO)
    assert (households.MUNICIPIO.str[:2] == households.DEPARTAMENTO).all()
    assert set(rings(boundaries.uruguay_departments(), "dpto")) == set(shipped_ech().dpto)
