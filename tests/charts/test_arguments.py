"""Charts refuse wrong arguments in words too, whatever a notebook hands them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mpi import charts
from mpi.analysis.rank_robustness import rank_robustness
from mpi.drawing import canvas
from mpi.errors import MpiError, UsageError
from mpi.estimates import Estimates
from mpi.vocabulary.wording import mark_meanings
from tests.support.analyses import shown
from tests.support.drawings import changes, figures, measure, tables

WRONG: dict[str, object] = {
    "None": None, "int": 7, "nan": float("nan"), "text": "x", "empty text": "", "bytes": b"x", "list": [],
    "list of texts": ["x"], "dict": {1: "x"}, "object": object(), "frame": pd.DataFrame({"x": [1]}),
}  # fmt: skip


def calls(folder: Path) -> dict[str, tuple[Callable[..., object], dict[str, Any]]]:
    """Each chart with arguments that it takes."""
    one = {"figures": figures(), "measure": measure()}
    by = {"domain": "zona"}
    ranks = rank_robustness(figures(), domain="zona")
    return {
        "series": (charts.series, {"figures": figures()}),
        "series_panels": (charts.series_panels, {"figures": figures()}),
        "slopes": (charts.slopes, {"figures": figures(), **by}),
        "censored_headcounts": (charts.censored_headcounts, one),
        "contributions": (charts.contributions, {**one, **by}),
        "ranked": (charts.ranked, {"figures": figures(), **by}),
        "incidence_intensity": (charts.incidence_intensity, {"figures": figures(), **by}),
        "changes_forest": (charts.changes_forest, {"changes": changes(), **by}),
        "k_curves": (charts.k_curves, {"figures": figures(), **by}),
        "rank_heatmap": (charts.rank_heatmap, {"ranks": ranks}),
        "score_bars": (charts.score_bars, {"table": tables()["scores"], "k": "1/3"}),
        "bundle_matrix": (charts.bundle_matrix, {"table": tables()["bundles"], "measure": measure()}),
        "co_deprivation_triangle": (charts.co_deprivation_triangle, {"table": tables()["pairs"], "measure": measure()}),
        "indicator_heatmap": (charts.indicator_heatmap, {**one, **by}),
        "sheet": (charts.sheet, {**one, **by, "code": "rural"}),
        "shapley": (charts.shapley, {"figures": figures(), **by}),
        "analysis_chart": (charts.analysis_chart, {"analysis": shown("bands")}),
        "redundancy_table": (charts.redundancy_table, {"analysis": shown("redundancy")}),
        "overlap_sets": (charts.overlap_sets, {"analysis": shown("overlap")}),
        "explained": (
            charts.explained,
            {"drawing": charts.ranked(figures(), domain="zona"), "meanings": mark_meanings(None, "en")},
        ),
    }


NAMES = ("series", "series_panels", "slopes", "censored_headcounts", "contributions", "ranked", "incidence_intensity",
         "changes_forest", "k_curves", "rank_heatmap", "score_bars", "bundle_matrix", "co_deprivation_triangle",
         "indicator_heatmap", "sheet", "shapley", "analysis_chart", "overlap_sets", "redundancy_table",
         "explained")  # fmt: skip


def test_every_chart_is_tried() -> None:
    own = set(charts.__all__) - {"CHARTS", "picture", "svg_text"}
    assert own == set(NAMES)
    # Of parts of a publication that nothing else makes.
    inner = {"plan_costs_chart", "plan_effects", "plan_parts_chart", "published_series", "transition_matrix"}
    assert {chart.draw.__name__ for chart in charts.CHARTS} <= own | inner


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_argument_of_a_chart_is_refused_in_words_or_means_something(name: str, tmp_path: Path) -> None:
    function, given = calls(tmp_path)[name]
    function(**given)
    signature = inspect.signature(function).parameters.values()
    parameters = [one.name for one in signature if one.kind is not inspect.Parameter.VAR_KEYWORD]
    assert parameters
    for parameter in parameters:
        for what, value in WRONG.items():
            try:
                function(**{**given, parameter: value})
            except MpiError as error:
                assert str(error).startswith("MPI-"), (parameter, what)
            except Exception as error:  # noqa: BLE001  whatever it is, it is not ours
                pytest.fail(f"{name}({parameter}={what}): {type(error).__name__}: {error}")


def test_estimates_that_no_rule_protected_are_refused_by_name() -> None:
    class Found(Estimates):
        def __init__(self) -> None: ...

    with pytest.raises(UsageError, match="MPI-U110 ranked: 'figures' is a Found, not a Publishable"):
        charts.ranked(Found(), domain="zona")  # type: ignore[arg-type]


@pytest.mark.parametrize("drawing", [None, 7, "x", [], [None], object()])
def test_what_is_no_drawing_is_not_saved(drawing: Any) -> None:
    for form in canvas.FORMATS:
        with pytest.raises(UsageError, match=r"MPI-U110 a .* is not a drawing"):
            canvas.picture(drawing, form)
    with pytest.raises(UsageError, match="MPI-U110"):
        canvas.svg_text(drawing, title="t", ids="x")
