"""What notebooks show: small tables, every text escaped, without colours; and short texts elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mpi
from mpi.errors import Notice
from mpi.notebook import html_table
from tests.support import village
from tests.support.loops import at_least_one

SAMPLE = Path(__file__).parent.parent / "sample_data"
NASTY = "<script>\"&'"


class Texts(HTMLParser):
    """The cells of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def objects() -> dict[str, Any]:
    """One of each kind that a function returns."""
    measure, survey = village.measure(), village.survey()
    profile = mpi.deprivation_profile(survey, measure, village.tables())
    frame = pd.DataFrame({"schooling": [1, 0], "w": [2.0, 1.0], "s": ["a", "b"]})
    estimates = mpi.estimate(profile, measure, by="region", k=["1/3", "1/2"])
    return {
        "Measure": measure,
        "Survey": survey,
        "Microdata": mpi.survey(frame, weight="w", stratum=["s"]),
        "DeprivationProfile": profile,
        "Estimates": estimates,
        "Changes": mpi.change([profile, replace(profile, period="2027")], measure, by="region", rounds="independent"),
        "Derived": mpi.derive(profile, measure, {"gap": "H[region=01] - H"}),
        "Derived of an analysis": mpi.analyse(profile, measure, "bands", by="region"),
        "Robustness": mpi.robustness(profile, measure, by="region", k=["1/2"]),
        "Dominance": mpi.dominance(profile, measure, by="region"),
        "Description": mpi.describe(SAMPLE / "uruguay_2018" / "ECH.parquet"),
    }


def test_every_object_has_a_short_text_and_a_small_table(objects: dict[str, Any]) -> None:
    for name, one in at_least_one(list(objects.items())):
        kind = name.split()[0]
        assert repr(one).startswith(kind) and len(repr(one)) < 900, name
        page = one._repr_html_()
        found = Texts(page)
        assert found.tags[0] == "table" and "script" not in found.tags, name
        assert len(page) < 40_000, name
        assert not re.search(r"color|class=|<style|https?:", page), name  # it follows the notebook's theme


def test_a_measure_shows_its_indicators_and_exact_weights(objects: dict[str, Any]) -> None:
    texts = Texts(objects["Measure"]._repr_html_()).texts
    for indicator in at_least_one(objects["Measure"].indicators):
        assert str(indicator.weight) in texts and indicator.deprived.text in texts


def test_a_profile_shows_its_units_design_and_domains(objects: dict[str, Any]) -> None:
    profile = objects["DeprivationProfile"]
    texts = Texts(profile._repr_html_()).texts
    assert f"{int(profile.cells.persons.sum()):,}" in texts
    assert f"{len(profile.sample.strata):,}, {int(profile.sample.psus.sum()):,}" in texts
    assert {f"domain {one.name}" for one in profile.domains} <= set(texts)


def test_a_survey_shows_its_tables_and_design(objects: dict[str, Any]) -> None:
    texts = Texts(objects["Survey"]._repr_html_()).texts
    assert {"table persons", "table households", "weight", "stratum", "psu", "domain region"} <= set(texts)
    assert {"w", "s"} <= set(Texts(objects["Microdata"]._repr_html_()).texts)


def test_texts_are_escaped() -> None:
    page = html_table(NASTY, [NASTY], [[NASTY]], notes=[NASTY], more=3)
    found = Texts(page)
    assert found.texts.count(NASTY) == 4 and found.tags.count("script") == 0
    nasty = replace(village.measure(), name=NASTY)
    assert "<script" not in nasty._repr_html_()
    profile = mpi.deprivation_profile(village.survey(), village.measure(), village.tables())
    assert "<script" not in replace(profile, notices=(Notice("MPI-N006", NASTY),), survey=NASTY)._repr_html_()
    assert "<script" not in mpi.survey(pd.DataFrame({NASTY: [1.0]}), weight=NASTY)._repr_html_()
