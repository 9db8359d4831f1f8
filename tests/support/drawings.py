"""What pictures are tested on: two rounds of the synthetic survey after disclosure control, and readers of drawings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import mpi
from mpi import charts
from mpi.analysis.rank_robustness import rank_robustness
from mpi.analysis.score_distribution import bundles, co_deprivation, hide_small, score_distribution
from mpi.columns import arrow
from mpi.disclosure.publishable import STANDINGS, Publishable, publishable, stacked
from mpi.drawing.scene import Element, Scene

ROOT = Path(__file__).resolve().parent.parent.parent
HIDDEN = ("94", "97")  # departments that a test hides
CUTOFFS = ["1/3", "1/4", "2/5", "1/2"]
NASTY = {
    "25": "Un nombre larguísimo que nadie pondría a un departamento, ni siquiera en broma",
    "05": "<script>alert(1)</script>", "91": "$x^2$ & $y_1$", "08": "=cmd|' /C calc'!A0",
}  # fmt: skip
ZONES = {"cabecera": "Cabecera", "rural": "Centros poblados y rural disperso"}


@cache
def measure() -> mpi.Measure:
    return mpi.load_measure("colombia_ipm")


@cache
def profile(year: str) -> mpi.DeprivationProfile:
    survey = mpi.load_survey(f"colombia_demo_{year}")
    return mpi.deprivation_profile(survey, measure(), data=ROOT / "sample_data", domains=["zona", "departamento"])


def _hidden(table: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    codes = arrow.listed(table["departamento"])
    return np.array([0 if code in HIDDEN else -1 for code in codes], np.int64)


@cache
def figures() -> Publishable:
    parts = []
    for year in ("2024", "2025"):
        found = mpi.estimate(profile(year), measure(), by=["zona", "departamento"], k=CUTOFFS)
        parts.append(publishable(found, _hidden(found.table), ("small_base",), "test"))
    return stacked(parts)


@cache
def changes() -> Publishable:
    pair = [profile("2024"), profile("2025")]
    found = mpi.change(pair, measure(), by=["zona", "departamento"], rounds="independent")
    return publishable(found, _hidden(found.table), ("small_base",), "test")


@cache
def tables() -> dict[str, Any]:
    made = {
        "scores": score_distribution(profile("2025"), measure()),
        "bundles": bundles(profile("2025"), measure(), "1/3"),
        "pairs": co_deprivation(profile("2025"), measure(), "1/3"),
    }
    return {name: hide_small(table, persons=100, households=30) for name, table in made.items()}


CHARTS: dict[str, Callable[[Any], Any]] = {
    "series": lambda lang: charts.series(figures(), language=lang, breaks={"2025": "marco <b>"}),
    "series by zone": lambda lang: charts.series(figures(), statistic="M0", domain="zona", names=ZONES, language=lang),
    "panels": lambda lang: charts.series_panels(figures(), language=lang, breaks={"2025": "otro marco"}),
    "slopes": lambda lang: charts.slopes(figures(), domain="zona", changes=changes(), names=ZONES, language=lang),
    "censored": lambda lang: charts.censored_headcounts(figures(), measure(), language=lang),
    "censored, small": lambda lang: charts.censored_headcounts(
        figures(), measure(), where={"departamento": "88"}, periods=["2025"], language=lang
    ),
    "absolute": lambda lang: charts.contributions(
        figures(), measure(), domain="departamento", names=NASTY, language=lang
    ),
    "percent": lambda lang: charts.contributions(
        figures(), measure(), kind="percent", domain="departamento", names=NASTY, language=lang
    ),
    "ranked": lambda lang: charts.ranked(figures(), domain="departamento", names=NASTY, language=lang),
    "H and A": lambda lang: charts.incidence_intensity(figures(), domain="departamento", names=NASTY, language=lang),
    "forest": lambda lang: charts.changes_forest(changes(), domain="departamento", names=NASTY, language=lang),
    "forest of indicators": lambda lang: charts.changes_forest(
        changes(), statistic="censored_headcount", measure=measure(), language=lang
    ),
    "k curves": lambda lang: charts.k_curves(figures(), domain="zona", names=ZONES, language=lang),
    "ranks": lambda lang: charts.rank_heatmap(rank_robustness(figures(), domain="departamento"), language=lang),
    "scores": lambda lang: charts.score_bars(tables()["scores"], k="1/3", language=lang),
    "bundles": lambda lang: charts.bundle_matrix(tables()["bundles"], measure(), language=lang),
    "pairs": lambda lang: charts.co_deprivation_triangle(tables()["pairs"], measure(), language=lang),
    "redundancy": lambda lang: charts.co_deprivation_triangle(
        tables()["pairs"], measure(), value="redundancy", language=lang
    ),
    "heatmap": lambda lang: charts.indicator_heatmap(
        figures(), measure(), domain="departamento", names=NASTY, breaks=(0, 0.02, 0.05, 0.1, 0.2, 1), language=lang
    ),
    "sheet": lambda lang: charts.sheet(
        figures(),
        measure(),
        domain="departamento",
        code="97",
        name=NASTY["05"],
        upper=("zona", "rural"),
        upper_name=NASTY["25"],
        title=f"97  {NASTY['25']}",
        language=lang,
    ),
    "shapley": lambda lang: charts.shapley(figures(), domain="departamento", names=NASTY, language=lang),
}


def hidden_everywhere(standing: str, whole: Publishable | None = None) -> Publishable:
    """The same figures, or changes, with no number in any row."""
    whole = whole or figures()
    table = whole.table
    made = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            column = pc.if_else(pa.scalar(True), pa.scalar(None, column.type), column)
        made[name] = column
    place = STANDINGS.index(standing)
    made["standing"] = pa.DictionaryArray.from_arrays(pa.array(np.full(len(table), place), pa.int32()), list(STANDINGS))
    return Publishable(pa.table(made), whole.domains, (), "test")


def without_errors() -> Publishable:
    """The same figures as of a census: without sampling errors."""
    table = figures().table
    for name in ("se", "ci_low", "ci_high", "cv"):
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.nulls(len(table), pa.float64()))
    return Publishable(table, figures().domains, (), "test")


def by_id(drawing: Scene, gid: str) -> list[Any]:
    """The elements that are something, in the order of drawing."""
    return drawing.by_id(gid)


def at(one: Element) -> tuple[float, float]:
    """The figures that a point, a text or a line at its first point stands for."""
    assert one.data is not None
    x, y = one.data[0].tolist()
    return x, y


def across(one: Element) -> tuple[float, float]:
    """From where to where an element goes on the axis across."""
    assert one.data is not None
    return float(one.data[0, 0]), float(one.data[-1, 0])


def up(one: Element) -> tuple[float, float]:
    """From where to where an element goes on the axis upwards."""
    assert one.data is not None
    return float(one.data[0, 1]), float(one.data[-1, 1])


def texts(drawing: Scene, gid: str) -> list[str]:
    """What the texts under an id say, each in one line."""
    return [one.text.replace("\n", " ") for one in drawing.texts() if one.gid == gid]
