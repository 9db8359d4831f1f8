"""Publications of the synthetic sample data that the writers' tests share: whole, of one round, of a census, small.

They use estimates and changes of the engine; which rows are hidden is chosen here, so that the tests
know what must be nowhere. Everything is cached, since nothing of it can be written to.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import mpi
from mpi.config import load_measure, load_reliability, load_survey
from mpi.disclosure.publishable import Publishable, publishable, stacked
from mpi.errors import Notice
from mpi.estimates import Tidy
from mpi.estimates.error_sources import errors_from
from mpi.maps.areas import Areas
from mpi.maps.join import Join
from mpi.profile import DeprivationProfile
from mpi.publication.comparing import comparisons_of
from mpi.publication.model import DrawnMap, Publication, Round
from mpi.specs.disclosure import Disclosure
from mpi.specs.study import MapSpec, Study
from mpi.synthetic.frame import DEPARTMENTS, municipality_codes
from mpi.vocabulary.options import UNITS
from tests.support.boundary_files import boundary_file
from tests.support.boundary_files import upper as upper_of
from tests.support.shared import once

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "sample_data"
ROUNDS = ("colombia_demo_2024", "colombia_demo_2025")
DOMAINS = ("zona", "departamento", "municipio")
BY = (("zona",), ("departamento",), ("departamento", "zona"), ("municipio",))
CHANGES_BY = (("zona",), ("departamento",))
CUTOFFS = ("1/3", "1/4", "2/5", "1/2")
RULES = ("small_base", "small_numerator", "all_or_none", "complementary")
SMALL = 10  # sampled persons: the demo's municipalities have 13 at least, so the hidden ones are chosen below
HIDDEN_DEPARTMENTS = {"27": "small_base", "44": "complementary"}
HIDDEN_INDICATORS = {"trabajo_infantil": "small_numerator"}  # in the departments below
HIDDEN_INDICATOR_DEPARTMENTS = ("05", "08", "11")
DISCLOSURE = Disclosure(
    name="sample",
    title={"es": "Reglas de la muestra", "en": "Rules of the sample"},
    source="",
    note="",
    persons=SMALL,
    households=3,
    numerator=SMALL,
    all_or_none=SMALL,
    complementary=True,
    profile_persons=None,
    profile_households=None,
)
ZONES = {"cabecera": {"es": "Cabecera", "en": "Municipal seat"},
         "rural": {"es": "Centros poblados y rural disperso", "en": "Small towns and scattered rural"}}  # fmt: skip


@cache
def profile(survey: str) -> DeprivationProfile:
    found = mpi.deprivation_profile(load_survey(survey), load_measure("colombia_ipm"), data=SAMPLE, domains=DOMAINS)
    assert isinstance(found, DeprivationProfile)
    return found


def hide(figures: Tidy) -> Publishable:
    """Rows hidden on purpose: two departments, every seventh municipality, an indicator in three departments."""
    table = figures.table
    hidden = np.full(len(table), -1, np.int64)

    def mark(rows: pa.ChunkedArray, rule: str) -> None:
        hidden[rows.to_numpy()] = RULES.index(rule)

    texts = {name: pc.fill_null(table[name].cast(pa.string()), "") for name in (*figures.domains, "indicator")}
    if "municipio" in figures.domains:
        codes = sorted(set(texts["municipio"].to_pylist()) - {""})
        mark(pc.is_in(texts["municipio"], pa.array(codes[::7])), "small_base")
    if "departamento" in figures.domains:
        for code, rule in HIDDEN_DEPARTMENTS.items():
            mark(pc.equal(texts["departamento"], code), rule)
        for indicator, rule in HIDDEN_INDICATORS.items():
            some = pc.is_in(texts["departamento"], pa.array(HIDDEN_INDICATOR_DEPARTMENTS))
            mark(pc.and_(some, pc.equal(texts["indicator"], indicator)), rule)
    return publishable(figures, hidden, RULES, DISCLOSURE.name)


def study(**changed: object) -> Study:
    measure = load_measure("colombia_ipm")
    made = Study(
        name="colombia_demo",
        title={
            "es": "Pobreza multidimensional en Colombia: datos de ejemplo",
            "en": "Multidimensional poverty in Colombia: sample data",
        },
        publisher={"es": "Oficina de ejemplo", "en": "Example office"},
        universe={"es": "Personas en hogares particulares", "en": "Persons in private households"},
        total={"es": "Total", "en": "Total"},
        note={
            "es": "Datos sintéticos: no dicen nada de Colombia.",
            "en": "Synthetic data: they say nothing of Colombia.",
        },
        edition="1",
        status="provisional",
        released=datetime.date(2026, 4, 15),
        citation={},
        licence="CC BY 4.0",
        measure=measure,
        surveys=tuple(load_survey(name) for name in ROUNDS),
        data=None,
        by=BY,
        changes_by=CHANGES_BY,
        cutoffs=tuple(measure.cutoff(k) for k in CUTOFFS),
        units=UNITS,
        level=0.95,
        variance="design",
        df="domain",
        rounds=None,
        harmonised=False,
        adjust="none",
        reliability=load_reliability("dane"),
        disclosure=DISCLOSURE,
        languages=("es", "en"),
        labels={"zona": ZONES},
        maps=(),
        outputs=("report", "workbook"),
    )
    return replace(made, **changed)


def round_of(survey: str, estimates: mpi.Estimates) -> Round:
    found = profile(survey)
    return Round(
        survey=load_survey(survey),
        period=found.period,
        counts=found.counts,
        persons=int(found.cells.persons.sum()),
        households=int(found.cells.households.sum()),
        population=estimates.row("H", k="1/3")["population"],
        strata=len(found.sample.strata),
        psus=int(found.sample.psus.sum()),
        census=False,
        errors_from={"en": errors_from(estimates), "es": errors_from(estimates, "es")},
        breaks=found.breaks,
        notices=found.notices,
    )


def made(surveys: tuple[str, ...], by: tuple[tuple[str, ...], ...], cutoffs: tuple[str, ...]) -> Publication:
    measure = load_measure("colombia_ipm")
    of_rounds = {
        (survey, unit): mpi.estimate(profile(survey), measure, by=by, k=list(cutoffs), unit=unit)
        for survey in surveys
        for unit in UNITS
    }
    changes = None
    if len(surveys) > 1:
        wanted = [(), *(names for names in by if names in CHANGES_BY)]
        parts = [
            hide(mpi.change([profile(survey) for survey in surveys], measure, by=wanted, k=list(cutoffs), unit=unit))
            for unit in UNITS
        ]
        changes = stacked(parts)
    rounds = tuple(round_of(survey, of_rounds[survey, "persons"]) for survey in surveys)
    notices = tuple(dict.fromkeys(notice for one in rounds for notice in one.notices))
    known_cutoffs = tuple(measure.cutoff(k) for k in cutoffs)
    return Publication(
        study=study(
            by=by,
            changes_by=tuple(names for names in by if names in CHANGES_BY),
            cutoffs=known_cutoffs,
            surveys=tuple(one.survey for one in rounds),
        ),
        measure=measure,
        rounds=rounds,
        figures=stacked([hide(one) for one in of_rounds.values()]),
        changes=changes,
        names=names_of_areas(),
        notices=notices,
    )


def _features(file: str) -> list[dict[str, Any]]:
    """The features of a boundary file; of municipalities those alone that the sample reaches."""
    found = json.loads((SAMPLE / "boundaries" / file).read_text(encoding="utf-8"))["features"]
    reached = {code for department in DEPARTMENTS for code in municipality_codes(department)}
    kept = [one for one in found if one["properties"].get("mpio_code", "05001") in reached]
    assert kept
    return kept


def names_of_areas() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {"departamento": {}, "municipio": {}}
    for feature in _features("colombia_municipios.geojson"):
        said = feature["properties"]
        names["municipio"][said["mpio_code"]] = said["mpio_name"]
        names["departamento"][said["dpto_code"]] = said["dpto_name"]
    return names


@cache
def drawn_map(domain: Literal["departamento", "municipio"]) -> DrawnMap:
    """A map of the sample boundaries, projected; with the departments on top if it is of municipalities."""
    import pyproj
    import shapely

    short = {"departamento": "dpto", "municipio": "mpio"}[domain]
    file = f"colombia_{domain}s.geojson"
    features = sorted(_features(file), key=lambda feature: feature["properties"][f"{short}_code"])
    shapes = np.array([shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features], np.object_)
    to = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:9377", always_xy=True)
    shapes = shapely.transform(shapes, to.transform, interleaved=False)
    codes = tuple(feature["properties"][f"{short}_code"] for feature in features)
    above = [feature["properties"]["dpto_code"] for feature in features]
    upper = sorted(set(above)) if domain == "municipio" else []
    titles = names_of_areas()
    areas = Areas(
        domain=domain,
        codes=codes,
        names=tuple(titles[domain][code] for code in codes),
        shapes=shapes,
        crs="EPSG:9377",
        metres=True,
        upper=np.array([upper.index(code) if upper else -1 for code in above], np.int64),
        upper_codes=tuple(upper),
        upper_names=tuple(titles["departamento"][code] for code in upper),
        upper_shapes=np.array([shapely.union_all(shapes[np.array(above) == code]) for code in upper], np.object_)
        if upper
        else None,
        vintage={"": "2025"},
        source={"": "mpi.synthetic"},
        licence={"": "CC0"},
    )
    boundaries = boundary_file(f"boundaries/{file}", f"{short}_code", name=f"{short}_name", vintage={"": "2025"})
    spec = MapSpec(
        domain=domain,
        boundaries=boundaries,
        upper=upper_of("dpto_code", "dpto_name", "departamento") if upper else None,
        projection="EPSG:9377",
    )
    return DrawnMap(
        spec,
        areas,
        Join(
            domain=domain,
            boundaries=file,
            matched=len(codes),
            only_figures=(),
            only_boundaries=(),
            padded=0,
            names_differ=(),
        ),
    )


@once
def colombia() -> Publication:
    """Two rounds, four cutoffs, zona, departamento, both crossed, 300 municipios; two maps."""
    maps = (drawn_map("departamento"), drawn_map("municipio"))
    found = made(ROUNDS, BY, CUTOFFS)
    last = mpi.estimate(profile(ROUNDS[-1]), found.measure, by=BY, k=list(CUTOFFS))
    return replace(
        found,
        maps=maps,
        study=replace(found.study, maps=tuple(one.spec for one in maps)),
        comparisons=comparisons_of(found.study, last, found.figures, maps, found.period),
    )


@once
def single_round() -> Publication:
    """One round, one domain, one cutoff, no map."""
    return made(ROUNDS[1:], (("zona",),), CUTOFFS[:1])


@once
def census() -> Publication:
    """One round without sampling errors: nothing of what a sample has is known."""
    return census_by(("zona",), ("departamento",))


@cache
def census_by(*by: tuple[str, ...]) -> Publication:
    """The same by other domains."""
    found = made(ROUNDS[1:], by, CUTOFFS[:2])
    table = found.figures.table
    for name in ("se", "ci_low", "ci_high", "cv", "log_cv", "df", "deff", "n_eff", "psus"):
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.nulls(len(table), table.schema.field(name).type))
    judged = pc.is_in(table["standing"].cast(pa.string()), pa.array(["shown", "caution", "review"]))
    standing = pc.if_else(judged, "unjudged", table["standing"].cast(pa.string())).dictionary_encode()
    table = table.set_column(table.column_names.index("standing"), "standing", standing)
    one = replace(
        found.rounds[0],
        strata=None,
        psus=None,
        census=True,
        errors_from={"en": "census: no sampling error", "es": "censo: sin error de muestreo"},
    )
    return replace(
        found,
        figures=replace(found.figures, table=table.unify_dictionaries().combine_chunks()),
        rounds=(one,),
        study=replace(found.study, reliability=None),
    )


@cache
def two_rounds() -> Publication:
    """Two rounds with their changes, zona and departamento, two cutoffs, no map."""
    return made(ROUNDS, BY[:2], CUTOFFS[:2])


HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", '"><img src=x onerror=alert(1)>', "Ñandú & Cía. {{7*7}}")


def hostile(made_of: Callable[[], Publication] = colombia) -> Publication:
    """The publication with names that try to be code."""
    found = made_of()
    names = {
        domain: {code: HOSTILE[i % len(HOSTILE)] for i, code in enumerate(sorted(known))}
        for domain, known in found.names.items()
    }
    said = {"es": HOSTILE[2], "en": HOSTILE[0]}
    notices = (*found.notices, Notice("MPI-N000", HOSTILE[0]))
    return replace(found, names=names, study=replace(found.study, universe=said), notices=notices)
