"""Publication rules as tables show them: the level and the rule of each row, from that row's own figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from scipy import stats

import mpi
from mpi.errors import ConfigError
from mpi.estimates import Estimates
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from tests.support.hamlet import SURVEY, write_hamlet
from tests.support.province import MEASURE, profile, province

SETS = ("cepal_2020", "cepal_2023", "cepal_book", "dane", "dane_2008", "ine_chile", "nchs", "none")
PROPORTIONS = ("H", "censored_headcount", "uncensored_headcount")
SHARES = ("population_share", "poor_share", "M0_share")
QUALITY = ("excluded", "unknown")  # how much is left out or unknown: no figure to publish
Verdict = tuple[str | None, str]


def whole(**options: Any) -> Estimates:
    return estimate(profile(province(unknown=0.05)), MEASURE, by=["region", "zone", "region:zone"], **options)


def of_the_whole(row: Mapping[str, Any]) -> bool:
    """Whether the row is the share of the whole population in itself, which is 1 whatever the sample."""
    return row["statistic"] in SHARES and row["region"] is None and row["zone"] is None


def by_dane(row: Mapping[str, Any]) -> Verdict:
    cv = row["cv"]
    if cv is None:
        return "review", "dane: the coefficient of variation is not known"
    if cv <= 0.10:
        return "publish", ""
    if cv <= 0.15:
        return "caution", "dane: acceptable precision, CV above 10 and up to 15 %"
    return "review", "dane: low precision, CV above 15 %: a trend only"


def floored(judged: Any, rules: str, least_df: int) -> Any:
    """The verdict of a rule set on a row and its units, raised by the floor below all sets."""

    def verdict(row: Mapping[str, Any], units: int) -> Verdict:
        level, said = judged(row)
        if level not in ("publish", "caution"):
            return level, said
        if not row["se"]:
            return "review", f"{rules}: no standard error above 0 is known"
        if row["df"] < least_df:
            return "review", f"{rules}: fewer than {least_df} degrees of freedom"
        if units < 10:
            return "review", f"{rules}: fewer than 10 sampled units in the numerator or denominator"
        return level, said

    return verdict


def by_cepal_2020(row: Mapping[str, Any]) -> Verdict:
    """Where a figure that an earlier rule needs is unknown, the estimate gets at least `review`."""
    unsure = row["n_eff"] is None or row["df"] is None
    if row["n"] < 100:
        return "suppress", "cepal_2020: fewer than 100 units in the sample"
    if row["n_eff"] is not None and row["n_eff"] < 140:
        return "suppress", "cepal_2020: effective sample size below 140"
    if row["n_poor"] is not None and row["n_poor"] < 50:
        return "suppress", "cepal_2020: fewer than 50 cases"
    if row["statistic"] in PROPORTIONS:
        unsure |= row["log_cv"] is None
        if row["log_cv"] is not None and row["log_cv"] > 0.175:
            return "suppress", "cepal_2020: logarithmic CV above 17.5 %"
    if row["df"] is not None and row["df"] < 9:
        return "review", "cepal_2020: fewer than 9 degrees of freedom"
    if row["cv"] is not None and row["cv"] >= 0.2:
        return "review", "cepal_2020: CV of 20 % or more"
    if unsure or row["cv"] is None:
        return "review", "cepal_2020: a figure that the rules need is not known"
    return "publish", ""


def korn_graubard_width(row: Mapping[str, Any]) -> float:
    p, n, df = row["estimate"], row["n"], row["df"]
    size = float(n)
    if row["se"]:
        correction = (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, df)) ** 2
        size = min(size, p * (1 - p) / row["se"] ** 2 * correction)
    low = stats.beta.ppf(0.025, size * p, size * (1 - p) + 1) if p > 0 else 0.0
    high = stats.beta.ppf(0.975, size * p + 1, size * (1 - p)) if p < 1 else 1.0
    return float(high - low)


def by_nchs(row: Mapping[str, Any]) -> Verdict:
    """The rules are about proportions alone; a design effect that is unknown raises what would be published."""
    if row["statistic"] not in PROPORTIONS:
        return None, ""
    if not row["se"]:
        return "review", ""
    width, p = korn_graubard_width(row), row["estimate"]
    if row["n"] < 30 or (row["n_eff"] is not None and row["n_eff"] < 30):
        return "suppress", "few_units"
    if width >= 0.30:
        return "suppress", "wide"
    if width > 0.05 and p > 0 and width / p > 1.30:
        return "suppress", "relatively_wide"
    if row["df"] < 8 or p in (0, 1):
        return "review", ""
    if width > 0.05 and width / (1 - p) > 1.30:
        return "review" if row["n_eff"] is None else "caution", ""
    return "review" if row["n_eff"] is None else "publish", ""


def resting_on(table: list[dict[str, Any]], row: Mapping[str, Any]) -> int:
    """Sampled persons in the numerator or denominator of a row, the fewer; counted again household by household."""
    if row["statistic"] not in ("censored_headcount", "uncensored_headcount", "poor_and_deprived"):
        return int(row["n"]) if row["n_poor"] is None else min(row["n"], row["n_poor"])
    count = 0
    for one in table:
        inside = all(row[name] in (None, one[name]) for name in ("region", "zone"))
        if not inside or None in (one["a"], one["b"], one["c"]) or not one[row["indicator"]]:
            continue
        poor = one["a"] * 2 + one["b"] + one["c"] >= 2
        if poor or row["statistic"] == "uncensored_headcount":
            count += one.get("members") or 1
    return count


@pytest.mark.parametrize(
    ("name", "judged"), [("dane", floored(by_dane, "dane", 8)), ("cepal_2020", floored(by_cepal_2020, "cepal_2020", 9))]
)
def test_the_level_and_the_note_of_each_row_follow_from_its_figures(name: str, judged: Any) -> None:
    seen, rows, wholes = set(), [], 0
    tables = [province(seed, c=[i % 40 > 0 for i in range(160)]) for seed in (1, 2, 3, 4)]
    for table, options in ((province(unknown=0.05), {}), (pa.concat_tables(tables), {"psu": None, "members": None})):
        made = profile(table, **options)
        plain, found = (estimate(made, MEASURE, by=["region", "zone"], reliability=one) for one in ("none", name))
        households = (table.drop_columns(["members"]) if options else table).to_pylist()
        units = [resting_on(households, row) for row in found.rows()]
        rows += list(zip(found.rows(), plain.rows(), units, strict=True))
    for row, bare, number in rows:
        if row["estimate"] is None or row["statistic"] in QUALITY or of_the_whole(row):
            assert row["reliability"] is None
            assert row["note"] == bare["note"]
            wholes += of_the_whole(row)
            continue
        level, said = judged(row, number)
        assert row["reliability"] == level, row
        assert (row["note"] or "") == "; ".join(text for text in (bare["note"], said) if text), row
        seen.add(level)
    assert len(seen) >= 3
    assert wholes


def test_widths_that_no_column_shows_are_judged_too() -> None:
    found = whole(reliability="nchs").rows()
    seen = set()
    for row in found:
        if row["estimate"] is None or row["statistic"] in QUALITY:
            assert row["reliability"] is None
            continue
        assert row["reliability"] == by_nchs(row)[0], row
        seen.add(row["reliability"])
    assert seen >= {None, "publish", "suppress"}


def test_measures_of_precision_follow_from_the_figures_beside_them() -> None:
    """CEPAL's formulas: the effective size is n over the design effect; the logarithmic CV that of the smaller side."""
    seen = set()
    for row in whole().rows():
        p, se, deff = row["estimate"], row["se"], row["deff"]
        wanted = {
            "n_eff": row["n"] / deff if deff else None,
            "cv": se / p if se and p else None,
            "log_cv": (
                se / (min(p, 1 - p) * -math.log(min(p, 1 - p)))
                if se and row["statistic"] in PROPORTIONS + QUALITY and 0 < p < 1
                else None
            ),
        }
        assert {name for name in wanted if row[name] is None} == {name for name in wanted if wanted[name] is None}, row
        for name, value in wanted.items():
            assert value is None or row[name] == pytest.approx(value, rel=1e-12), (name, row)
        seen |= {name for name, value in wanted.items() if value is not None and not 0.9 < value < 1.1}
        seen |= {"deff"} if deff and not 0.9 < deff < 1.1 else set()
    assert seen == {"n_eff", "cv", "log_cv", "deff"}


@pytest.mark.parametrize("name", SETS)
def test_rules_change_no_figure(name: str) -> None:
    plain, found = whole(reliability="none").table, whole(reliability=name).table
    judged = ["reliability", "reliability_rule", "note"]
    assert plain.drop_columns(judged).equals(found.drop_columns(judged))
    levels = found["reliability"].to_pylist()
    assert (set(levels) == {None}) == (name == "none")


def test_without_rules_nobody_judges() -> None:
    assert set(whole().table["reliability"].to_pylist()) == {None}


def test_the_rules_of_the_survey_are_the_default_and_none_switches_them_off() -> None:
    made = replace(profile(province()), reliability="dane")
    own, asked, off, other = (
        estimate(made, MEASURE, by="region", **options)
        for options in ({}, {"reliability": "dane"}, {"reliability": "none"}, {"reliability": "cepal_2020"})
    )
    assert own.table.equals(asked.table)
    assert set(own.table["reliability"].to_pylist()) > {None}
    assert set(off.table["reliability"].to_pylist()) == {None}
    assert not other.table["reliability"].equals(own.table["reliability"])


def test_the_rules_that_a_survey_names_reach_its_profile_and_its_file(tmp_path: Path) -> None:
    write_hamlet(tmp_path, survey=SURVEY + "reliability: dane\n")
    measure = mpi.load_measure(str(tmp_path / "village.yaml"))
    made = mpi.deprivation_profile(mpi.load_survey(str(tmp_path / "village_2026.yaml")), measure, tmp_path)
    made.write(tmp_path / "made.parquet")
    for one in (made, DeprivationProfile.read(tmp_path / "made.parquet")):
        assert one.reliability == "dane"
        row = mpi.estimate(one, measure).row("H", k="1/3")
        assert (row["reliability"], row["note"]) == ("review", "dane: low precision, CV above 15 %: a trend only")


def test_a_census_is_not_judged() -> None:
    made = profile(province(), stratum=None, psu=None, weight=None, census=True)
    rows = estimate(made, MEASURE, by="region", reliability="cepal_2023").rows()
    assert len(rows) > 50
    assert {row["reliability"] for row in rows} == {None}
    assert {row["note"] for row in rows if row["estimate"] is not None} == {"census: no sampling error"}


def test_an_office_brings_its_own_rules(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(
        """\
reliability: ours
title: Ours
floor: {df: 0, units: 1, because: a pilot}
rules:
  - {name: few, when: psus < 6, level: suppress, of: [proportion], says: too few PSUs}
  - {name: wide, when: ci_width > 0.2, level: caution, of: [proportion, ratio], says: a wide interval}
""",
        encoding="utf-8",
    )
    shipped, again = whole(reliability=path), whole(reliability=mpi.load_reliability(path))
    assert shipped.table.equals(again.table)
    text = (
        "ours lowers the floor below which nothing is better than review to 0 degrees of freedom and 1 sampled "
        "units: a pilot"
    )
    assert [notice.text for notice in shipped.notices if notice.code == "MPI-N120"] == [text]
    assert not [notice for notice in whole(reliability="dane").notices if notice.code == "MPI-N120"]
    seen = set()
    for row in shipped.rows():
        if row["estimate"] is None or row["statistic"] in QUALITY:
            continue
        proportion = row["statistic"] in PROPORTIONS
        ratio = row["statistic"] in ("A", "M0", "absolute_contribution", "percentage_contribution")
        if not (proportion or ratio):
            assert row["reliability"] is None
        elif proportion and row["psus"] < 6:
            assert (row["reliability"], row["note"].split("; ")[-1]) == ("suppress", "ours: too few PSUs")
        elif row["ci_low"] is not None and row["ci_high"] - row["ci_low"] > 0.2:
            assert (row["reliability"], row["note"]) == ("caution", "ours: a wide interval")
        else:
            assert row["reliability"] == ("publish" if row["ci_low"] is not None else "review")
        seen.add(row["reliability"])
    assert seen >= {None, "caution", "publish"}


def test_degrees_of_freedom_that_are_asked_for_loosen_no_rule() -> None:
    made = profile(province())
    plain, asked = (
        estimate(made, MEASURE, by="region:zone", reliability="cepal_2020", df=df) for df in ("domain", 500)
    )
    assert asked.table["reliability"].equals(plain.table["reliability"])
    assert asked.row("H", region="n", zone="u")["df"] == 500


def test_the_name_of_the_rule_stands_beside_the_level() -> None:
    rules, seen = mpi.load_reliability("dane"), set()
    for row in [*whole(reliability=rules).rows(), *whole(reliability=rules, k="1").rows()]:  # hardly anybody at k = 1
        name = row["reliability_rule"]
        assert (row["reliability"] is None) == (name is None)
        if name is not None and row["reliability"] != "publish":
            assert row["note"].endswith(f"dane: {rules.says(name)['en']}")
            seen.add(name)
    assert seen >= {"low", "floor_df", "no_cv"}


def test_rules_that_there_are_not_are_refused() -> None:
    with pytest.raises(ConfigError, match="MPI-C001") as caught:
        whole(reliability="dan")
    assert "did you mean 'dane'?" in str(caught.value)
