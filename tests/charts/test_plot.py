"""Charts and maps straight from estimates: the charts of publications, which say that nothing was protected."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import mpi
from mpi import disclosure
from mpi.disclosure.unprotected import UNPROTECTED
from mpi.drawing.canvas import Drawing
from mpi.errors import MpiError, MpiWarning
from tests.support import village
from tests.support.loops import at_least_one

MEASURE = mpi.measure({"health": {"a": 1, "b": 1}, "school": {"c": 2}}, k="1/2", title={"en": "Short"})


@cache
def profile(period: str = "2030") -> mpi.DeprivationProfile:
    rng = np.random.default_rng(int(period))
    flags = rng.random((3000, 3)) < 0.3
    data = pd.DataFrame(flags, columns=list("abc")).assign(
        area=np.array([f"0{i}" for i in range(1, 7)])[np.arange(3000) % 6], w=1.0
    )
    return mpi.deprivation_profile(mpi.survey(data, weight="w", domains="area", name="demo", period=period), MEASURE)


@cache
def estimates(period: str = "2030") -> mpi.Estimates:
    return mpi.estimate(profile(period), MEASURE, by="area")


@cache
def squares() -> gpd.GeoDataFrame:
    shapes = [shapely.box(-70 + i, 5, -69 + i, 6) for i in range(6)]
    return gpd.GeoDataFrame({"area": [f"0{i}" for i in range(1, 7)], "name": list("ABCDEF")}, geometry=shapes, crs=4326)


PLOTS: dict[str, Callable[..., Drawing]] = {
    "ranked": lambda **o: mpi.plot.ranked(estimates(), domain="area", **o),
    "indicators": lambda **o: mpi.plot.indicators(estimates(), MEASURE, **o),
    "contributions": lambda **o: mpi.plot.contributions(estimates(), MEASURE, domain="area", **o),
    "heatmap": lambda **o: mpi.plot.heatmap(estimates(), MEASURE, domain="area", **o),
    "incidence_intensity": lambda **o: mpi.plot.incidence_intensity(estimates(), domain="area", **o),
    "k_curves": lambda **o: mpi.plot.k_curves(mpi.estimate(profile(), MEASURE, k=["1/4", "1/2", "3/4"]), **o),
    "series": lambda **o: mpi.plot.series([estimates(), estimates("2031")], **o),
    "slopes": lambda **o: mpi.plot.slopes([estimates(), estimates("2031")], domain="area", **o),
    "shapley": lambda **o: mpi.plot.shapley([estimates(), estimates("2031")], **o),
    "changes": lambda **o: mpi.plot.changes(
        mpi.change([profile(), profile("2031")], MEASURE, by="area", rounds="independent"), domain="area", **o
    ),
    "scores": lambda **o: mpi.plot.scores(profile(), MEASURE, **o),
    "bundles": lambda **o: mpi.plot.bundles(profile(), MEASURE, **o),
    "co_deprivation": lambda **o: mpi.plot.co_deprivation(profile(), MEASURE, **o),
}


def test_every_plot_is_tried() -> None:
    assert PLOTS.keys() == set(mpi.plot.__all__)


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_stands_alone_and_says_that_nothing_was_protected(name: str, tmp_path: Path) -> None:
    for language in ("en", "es", "pt"):
        text = PLOTS[name](language=language)._repr_svg_()
        assert UNPROTECTED[language] in text  # type: ignore[index]
        assert "demo" in text or name == "changes"
    for ending in ("svg", "png", "pdf"):
        PLOTS[name]().save(tmp_path / f"x.{ending}")
    assert len(list(tmp_path.iterdir())) == 3


def test_protected_figures_are_drawn_without_that_line() -> None:
    (own,) = disclosure.protect([estimates()], mpi.load_disclosure("standard"))
    assert UNPROTECTED["en"] not in mpi.plot.ranked(own, domain="area")._repr_svg_()
    (none,) = disclosure.protect([estimates()], mpi.load_disclosure("none"))
    assert UNPROTECTED["en"] in mpi.plot.ranked(none, domain="area")._repr_svg_()


def test_a_plot_shows_the_figures() -> None:
    text = mpi.plot.ranked(estimates(), domain="area", names={"01": "Northwest"})._repr_svg_()
    assert "Northwest" in text
    assert "demo \u00b7 2030 \u00b7 k = 1/2" in text
    both = mpi.plot.series([estimates(), estimates("2031")])._repr_svg_()
    assert "demo \u00b7 2030, 2031 \u00b7 k = 1/2" in both


def test_what_the_reliability_rules_suppress_is_not_drawn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MpiWarning)
        profile = mpi.deprivation_profile(village.survey(), village.measure(), village.tables())
        judged = mpi.estimate(profile, village.measure(), by="region", reliability="cepal_2020")
    own = disclosure.unprotected.unprotected(judged)
    hidden = [row for row in own.rows() if row["standing"] == "hidden"]
    assert hidden
    assert {row["estimate"] for row in hidden} == {None}


def test_a_map_is_drawn_from_a_geodataframe() -> None:
    map_ = mpi.map(estimates(), squares(), area_name="name")
    assert [layer.name for layer in map_.layers] == ["H", "A", "M0"]
    for code, value in zip(map_.areas.codes, map_.layers[0].estimate[0], strict=True):
        assert value == pytest.approx(estimates().value("H", area=code), rel=1e-12)
    rows = [estimates().row("H", area=code) for code in map_.areas.codes]
    np.testing.assert_allclose(map_.layers[0].ci_low[0], [row["ci_low"] for row in rows], rtol=1e-12)
    assert UNPROTECTED["es"] in map_.page()
    assert map_.inputs == ()


def test_a_map_gives_its_areas_with_their_figures_back_as_a_geodataframe() -> None:
    frame = mpi.map(estimates(), squares(), area_name="name", statistics=["H", "M0"]).to_geopandas()
    parts = [f"{name}{part}" for name in ("H", "M0") for part in ("", "_low", "_high")]
    assert list(frame.columns) == ["code", "name", *parts, "geometry"]
    assert frame.crs is not None
    for _, row in frame.iterrows():
        wanted = estimates().row("M0", area=row["code"])
        assert row["M0"] == pytest.approx(wanted["estimate"], rel=1e-12)
        assert row["M0_high"] == pytest.approx(wanted["ci_high"], rel=1e-12)
        assert row["geometry"].area > 0
    assert len(frame) == len(squares())


def test_a_map_of_a_file_is_the_same(tmp_path: Path) -> None:
    squares().to_file(tmp_path / "areas.geojson", driver="GeoJSON")
    filed = mpi.map(estimates(), tmp_path / "areas.geojson", area_name="name", statistics="H")
    own = mpi.map(estimates(), squares(), area_name="name", statistics=["H"])
    assert [filed.areas.codes, filed.areas.names] == [own.areas.codes, own.areas.names]
    np.testing.assert_array_equal(filed.layers[0].estimate, own.layers[0].estimate)


def test_a_map_is_saved_and_shown_in_a_notebook(tmp_path: Path) -> None:
    map_ = mpi.map(estimates(), squares(), statistics="H", languages=["en", "es"], title="By hand")
    for ending in ("html", "svg", "png", "pdf"):
        map_.save(tmp_path / f"map.{ending}")
    assert (tmp_path / "map.html").read_text("utf-8") == map_.page()
    assert UNPROTECTED["en"] in (tmp_path / "map.svg").read_text("utf-8")
    assert map_._repr_html_().startswith('<iframe srcdoc="&lt;!doctype html')
    with pytest.raises(MpiError, match=r"map\.html"):
        map_.save(tmp_path / "map.html")
    map_.save(tmp_path / "map.html", overwrite=True)


def two() -> mpi.Estimates:
    data = pd.DataFrame({"a": [0, 1], "b": [1, 0], "c": [0, 0], "w": 1.0, "area": ["01", "02"], "sex": ["f", "m"]})
    return mpi.estimate(mpi.survey(data, weight="w"), MEASURE, by=["area", "sex"])


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: mpi.plot.ranked(5, domain="area"), "MPI-U110 a int has no figures to draw"),  # type: ignore[arg-type]
    (lambda: mpi.plot.ranked([], domain="area"), "MPI-U110 a list has no figures to draw"),
    (lambda: mpi.plot.ranked(estimates(), domain="zone"), "the figures have no domain 'zone'"),
    (lambda: mpi.plot.scores(profile(), MEASURE, k="2"), "MPI-E001"),
    (lambda: mpi.map(two(), squares()), "MPI-G223 it is not said which domain has the codes of the areas"),
    (lambda: mpi.map(mpi.estimate(profile(), MEASURE), squares()), "MPI-G223 the figures are of no domain"),
    (lambda: mpi.map(estimates(), squares(), domain="zone"), "MPI-E004 the figures have no domain 'zone'"),
    (lambda: mpi.map(estimates(), squares(), k="1/3"), "MPI-E004 the figures have no k '1/3'"),
    (lambda: mpi.map(estimates().only("H"), squares(), statistics="M0"), "MPI-E004 there are no figures by 'area' to draw"),
    (lambda: mpi.map(estimates(), 5), "MPI-U110 boundaries are a int, neither a file nor a GeoDataFrame"),
    (lambda: mpi.map(estimates(), squares().rename(columns={"area": "code2"})), "area"),
    (lambda: mpi.map(estimates(), squares().iloc[:0]), "MPI-"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "said"), WRONG)
def test_wrong_figures_and_boundaries_are_refused(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(MpiError) as raised:
        call()
    assert said in str(raised.value)


def test_the_star_hides_no_name_of_python() -> None:
    assert "map" not in mpi.__all__
    assert {"map", "plot", "measure"} <= set(dir(mpi))
    assert at_least_one(mpi.plot.__all__)
