"""Reliability rule sets: the shipped ones at each of their limits, the logic of a set, and every fault of a file."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from mpi.config import load_reliability, shipped
from mpi.config.composing import compose
from mpi.config.reliability import read_reliability
from mpi.errors import ConfigError, DataError
from mpi.specs.reliability import METRICS, Floor, Reliability, judge
from mpi.vocabulary.options import STATISTIC_KINDS
from tests.support.bad_configs import Case, message
from tests.support.limits import cpu_seconds_below
from tests.test_docs import MANUAL, blocks

NULL = float("nan")
SETS = ("cepal_2020", "cepal_2023", "cepal_book", "dane", "dane_2008", "ine_chile", "nchs", "none")
# An estimate that every shipped set publishes; cases change one figure or two.
GOOD = {
    "estimate": 0.4, "se": 0.02, "cv": 0.05, "log_cv": 0.0546, "n": 1000.0, "n_eff": 500.0, "df": 60.0, "n_poor": 400.0,
    "deff": 2.0, "ci_width": 0.08, "ci_relative_width": 0.2, "kg_width": 0.08, "kg_relative_width": 0.2, "psus": 80.0, "population": 1e6, "units": 400.0,
}  # fmt: skip


def said(reliability: Reliability, kind: str = "proportion", **changed: float) -> tuple[str | None, str]:
    """Level (None: nobody judges) and name of the rule that decided, of one estimate."""
    metrics = {name: np.array([value], float) for name, value in (GOOD | changed).items()}
    found = judge(reliability, metrics, np.array([STATISTIC_KINDS.index(kind)]))
    level, fired = int(found.level[0]), int(found.fired[0])
    return (None if level < 0 else found.levels[level]), found.names[fired]


def own(text: str, floor: str = "floor: {df: 4, because: an example}\n") -> Reliability:
    return read_reliability(compose(text + floor, "own.yaml"))


def above(value: float) -> float:
    return math.nextafter(value, math.inf)


def below(value: float) -> float:
    return math.nextafter(value, -math.inf)


def test_the_sets_are_shipped_under_their_names() -> None:
    assert tuple(shipped("reliability")) == SETS
    for name in SETS:
        found = load_reliability(name)
        assert found.name == name and found.title
        assert name == "none" or (found.source and found.note and found.rules)
        assert all({"en", "es"} <= set(rule.says) for rule in found.rules)


def test_every_set_but_none_publishes_what_is_good() -> None:
    for name in SETS:
        expected = None if name == "none" else "publish"
        for kind in ("proportion", "ratio", "total", "share"):
            judged = name != "nchs" or kind == "proportion"
            assert said(load_reliability(name), kind)[0] == (expected if judged else None), (name, kind)


LIMITS: list[tuple[str, str, Mapping[str, float], str, str]] = [
    # dane: up to 7 %, 14 %, 20 %, above
    # dane: up to 10 %, up to 15 %, above
    ("dane", "proportion", {"cv": 0.10}, "publish", "high"),
    ("dane", "ratio", {"cv": above(0.10)}, "caution", "acceptable"),
    ("dane", "total", {"cv": 0.15}, "caution", "acceptable"),
    ("dane", "share", {"cv": above(0.15)}, "review", "low"),
    ("dane", "proportion", {"estimate": 0, "cv": NULL}, "review", "no_cv"),
    ("dane_2008", "proportion", {"cv": 0.07}, "publish", "precise"),
    ("dane_2008", "ratio", {"cv": above(0.07)}, "publish", "acceptable"),
    ("dane_2008", "total", {"cv": 0.14}, "publish", "acceptable"),
    ("dane_2008", "proportion", {"cv": above(0.14)}, "caution", "fair"),
    ("dane_2008", "share", {"cv": 0.20}, "caution", "fair"),
    ("dane_2008", "proportion", {"cv": above(0.20)}, "review", "imprecise"),
    ("dane_2008", "proportion", {"estimate": 0, "cv": NULL}, "review", "no_cv"),
    ("dane_2008", "proportion", {"n": 2, "df": 7}, "review", "floor_df"),
    # cepal_2020
    ("cepal_2020", "proportion", {"n": 100}, "publish", ""),
    ("cepal_2020", "proportion", {"n": 99}, "suppress", "few_units"),
    ("cepal_2020", "ratio", {"n_eff": 140}, "publish", ""),
    ("cepal_2020", "ratio", {"n_eff": below(140)}, "suppress", "few_effective"),
    ("cepal_2020", "total", {"n_poor": 50}, "publish", ""),
    ("cepal_2020", "total", {"n_poor": 49}, "suppress", "few_cases"),
    ("cepal_2020", "proportion", {"n_poor": NULL}, "publish", ""),
    ("cepal_2020", "proportion", {"log_cv": 0.175}, "publish", ""),
    ("cepal_2020", "proportion", {"log_cv": above(0.175)}, "suppress", "log_cv"),
    ("cepal_2020", "ratio", {"log_cv": 0.9}, "publish", ""),
    ("cepal_2020", "proportion", {"df": 9}, "publish", ""),
    ("cepal_2020", "proportion", {"df": 8}, "review", "few_df"),
    ("cepal_2020", "proportion", {"cv": below(0.2)}, "publish", ""),
    ("cepal_2020", "proportion", {"cv": 0.2}, "review", "cv"),
    ("cepal_2020", "share", {"cv": 0.2}, "review", "cv"),
    ("cepal_2020", "proportion", {"df": 8, "log_cv": 0.2}, "suppress", "log_cv"),
    # cepal_2023
    ("cepal_2023", "proportion", {"deff": 1}, "publish", ""),
    ("cepal_2023", "proportion", {"deff": below(1)}, "suppress", "deff"),
    ("cepal_2023", "ratio", {"deff": NULL}, "suppress", "undecided"),
    ("cepal_2023", "ratio", {"n_eff": 60}, "publish", ""),
    ("cepal_2023", "ratio", {"n_eff": below(60)}, "suppress", "few_effective"),
    ("cepal_2023", "total", {"df": 9}, "publish", ""),
    ("cepal_2023", "total", {"df": 8}, "suppress", "few_df"),
    ("cepal_2023", "proportion", {"n_poor": 50}, "publish", ""),
    ("cepal_2023", "proportion", {"n_poor": 49}, "caution", "few_cases"),
    ("cepal_2023", "proportion", {"n_poor": 30}, "caution", "few_cases"),
    ("cepal_2023", "proportion", {"n_poor": 29}, "suppress", "very_few_cases"),
    ("cepal_2023", "proportion", {"n_poor": NULL}, "publish", ""),
    ("cepal_2023", "proportion", {"log_cv": 0.175}, "publish", ""),
    ("cepal_2023", "proportion", {"log_cv": above(0.175)}, "suppress", "log_cv_below_half"),
    ("cepal_2023", "proportion", {"log_cv": above(0.175), "estimate": 0.5}, "caution", "log_cv_from_half"),
    ("cepal_2023", "proportion", {"log_cv": 0.2, "estimate": 0.5, "n_poor": 30}, "caution", "log_cv_from_half"),
    ("cepal_2023", "proportion", {"log_cv": 0.2, "estimate": 0.5, "n_poor": 29}, "suppress", "very_few_cases"),
    ("cepal_2023", "proportion", {"cv": 0.9}, "publish", ""),
    ("cepal_2023", "ratio", {"cv": 0.2}, "publish", ""),
    ("cepal_2023", "ratio", {"cv": above(0.2)}, "caution", "cv"),
    ("cepal_2023", "ratio", {"cv": 0.3, "n_poor": 30}, "caution", "cv"),
    ("cepal_2023", "ratio", {"cv": 0.3, "n_poor": 29}, "suppress", "very_few_cases"),
    ("cepal_2023", "share", {"cv": above(0.3)}, "suppress", "high_cv"),
    ("cepal_2023", "share", {"cv": 0.1, "n_poor": 49}, "caution", "few_cases"),
    # cepal_book
    ("cepal_book", "proportion", {"n": 153}, "publish", ""),
    ("cepal_book", "proportion", {"n": 152}, "review", "few_units"),
    ("cepal_book", "proportion", {"n_eff": 61}, "publish", ""),
    ("cepal_book", "proportion", {"n_eff": below(61)}, "review", "few_effective"),
    ("cepal_book", "proportion", {"n_poor": 40}, "publish", ""),
    ("cepal_book", "proportion", {"n_poor": 39}, "review", "few_cases"),
    ("cepal_book", "proportion", {"df": 14}, "publish", ""),
    ("cepal_book", "proportion", {"df": 13}, "review", "few_df"),
    ("cepal_book", "proportion", {"deff": 1}, "publish", ""),
    ("cepal_book", "proportion", {"deff": below(1)}, "review", "deff"),
    ("cepal_book", "proportion", {"log_cv": 0.175}, "publish", ""),
    ("cepal_book", "proportion", {"log_cv": above(0.175)}, "review", "log_cv"),
    ("cepal_book", "proportion", {"cv": 0.9}, "publish", ""),
    ("cepal_book", "ratio", {"cv": 0.2}, "publish", ""),
    ("cepal_book", "ratio", {"cv": above(0.2)}, "review", "cv"),
    # ine_chile: at p = 27/512 the limit min(p, 1 - p)^(2/3) / 9 is (9/64) / 9 = 1/64, exact in doubles
    ("ine_chile", "proportion", {"n": 60}, "publish", ""),
    ("ine_chile", "proportion", {"n": 59}, "suppress", "few_units"),
    ("ine_chile", "proportion", {"df": 9}, "publish", ""),
    ("ine_chile", "proportion", {"df": 8}, "suppress", "few_df"),
    ("ine_chile", "proportion", {"estimate": 27 / 512, "se": 1 / 64}, "publish", ""),
    ("ine_chile", "proportion", {"estimate": 27 / 512, "se": 1 / 64 + 1e-9}, "caution", "standard_error"),
    ("ine_chile", "proportion", {"estimate": 485 / 512, "se": 1 / 64}, "publish", ""),
    ("ine_chile", "proportion", {"estimate": 485 / 512, "se": 1 / 64 + 1e-9}, "caution", "standard_error"),
    ("ine_chile", "proportion", {"estimate": 0, "se": 0, "cv": NULL}, "review", "floor_error"),
    ("ine_chile", "proportion", {"estimate": 1, "se": 0}, "review", "everybody"),
    ("ine_chile", "proportion", {"cv": 0.9}, "publish", ""),
    ("ine_chile", "ratio", {"se": 0.9}, "publish", ""),
    ("ine_chile", "ratio", {"cv": 0.15}, "publish", ""),
    ("ine_chile", "ratio", {"cv": above(0.15)}, "caution", "cv"),
    ("ine_chile", "total", {"cv": 0.3}, "caution", "cv"),
    ("ine_chile", "total", {"cv": above(0.3)}, "suppress", "high_cv"),
    # nchs
    ("nchs", "proportion", {"n": 30}, "publish", ""),
    ("nchs", "proportion", {"n": 29}, "suppress", "few_units"),
    ("nchs", "proportion", {"n_eff": 30}, "publish", ""),
    ("nchs", "proportion", {"n_eff": below(30)}, "suppress", "few_units"),
    ("nchs", "proportion", {"n": 29, "n_eff": NULL}, "suppress", "few_units"),
    ("nchs", "proportion", {"kg_width": 0.30, "kg_relative_width": 0.75}, "suppress", "wide"),
    ("nchs", "proportion", {"kg_width": below(0.30), "kg_relative_width": 0.75}, "publish", ""),
    ("nchs", "proportion", {"estimate": 0.04, "kg_width": 0.05, "kg_relative_width": 1.31}, "publish", ""),
    ("nchs", "proportion", {"estimate": 0.04, "kg_width": above(0.05), "kg_relative_width": 1.31}, "suppress", "relatively_wide"),
    ("nchs", "proportion", {"estimate": 0.1, "kg_width": 0.13, "kg_relative_width": 1.30}, "publish", ""),
    ("nchs", "proportion", {"df": 8}, "publish", ""),
    ("nchs", "proportion", {"df": 7}, "review", "few_df"),
    ("nchs", "proportion", {"estimate": 0, "kg_width": 0.04, "kg_relative_width": NULL}, "review", "nobody_or_everybody"),
    ("nchs", "proportion", {"estimate": 0, "kg_width": 0.06, "n_eff": NULL, "kg_relative_width": NULL}, "review", "nobody_or_everybody"),
    ("nchs", "proportion", {"estimate": 1, "kg_width": 0.04, "kg_relative_width": 0.04}, "review", "nobody_or_everybody"),
    ("nchs", "proportion", {"estimate": 0.875, "kg_width": 0.1625, "kg_relative_width": 0.2}, "publish", ""),
    ("nchs", "proportion", {"estimate": 0.875, "kg_width": above(0.1625), "kg_relative_width": 0.2}, "caution", "complement"),
    ("nchs", "proportion", {"estimate": 0.99, "kg_width": 0.05, "kg_relative_width": 0.05}, "publish", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "changed", "level", "rule"), LIMITS)
def test_a_shipped_set_at_its_limits(name: str, kind: str, changed: Mapping[str, float], level: str, rule: str) -> None:
    assert said(load_reliability(name), kind, **changed) == (level, rule)


def test_every_rule_of_the_shipped_sets_is_met_by_a_case() -> None:
    met = {(name, rule) for name, _, _, _, rule in LIMITS}
    assert {(name, rule.name) for name in SETS for rule in load_reliability(name).rules} <= met


@pytest.mark.parametrize("name", [name for name in SETS if name != "none"])
def test_an_estimate_whose_errors_are_unknown_is_never_published(name: str) -> None:
    unknown = {metric: NULL for metric in METRICS if metric not in ("estimate", "n", "n_poor", "psus", "population")}
    assert said(load_reliability(name), **unknown)[0] in ("review", "suppress")


@pytest.mark.parametrize("name", SETS)
def test_a_null_estimate_and_a_change_get_no_verdict(name: str) -> None:
    assert said(load_reliability(name), estimate=NULL, n=1) == (None, "")
    assert said(load_reliability(name), "change", n=1) == (None, "")


OWN = """\
reliability: office
title: Rules of an office
rules:
  - {name: few_poor, when: n_poor < 25, level: suppress, says: {es: pocos casos, en: few poor}}
  - {name: imprecise, when: cv > 0.25, level: review, of: [ratio, total], says: CV above 25 %}
  - {name: narrow, when: ci_width < 0.01, level: publish, says: narrow}
  - {name: few_df, when: df < 5, level: caution, says: {es: pocos grados}}
"""


def test_the_first_rule_that_holds_decides() -> None:
    office = own(OWN)
    assert said(office, "ratio", n_poor=24, cv=0.3, df=4) == ("suppress", "few_poor")
    assert said(office, "ratio", n_poor=25, cv=0.3, df=4) == ("review", "imprecise")
    assert said(office, "ratio", n_poor=25, cv=0.25, df=4) == ("caution", "few_df")
    assert said(office, "ratio", n_poor=25, cv=0.25, df=4, ci_width=0.001) == ("publish", "narrow")
    assert said(office, "ratio", n_poor=25, cv=0.25, df=5) == ("publish", "")


def test_a_rule_is_about_its_kinds_or_about_all() -> None:
    office = own(OWN)
    assert said(office, "proportion", cv=0.3) == ("publish", "")
    assert said(office, "total", cv=0.3) == ("review", "imprecise")
    assert said(office, "change", n_poor=3) == ("suppress", "few_poor")
    assert office.rules[0].of == STATISTIC_KINDS


def test_an_unknown_condition_before_the_decision_makes_it_at_least_a_review() -> None:
    office = own(OWN)
    assert said(office, n_poor=NULL) == ("review", "undecided")
    assert said(office, n_poor=NULL, ci_width=0.001) == ("review", "undecided")
    assert said(office, n_poor=NULL, df=4) == ("review", "undecided")
    assert said(office, "ratio", n_poor=NULL, cv=0.3) == ("review", "imprecise")
    assert said(office, "ratio", n_poor=3, cv=NULL) == ("suppress", "few_poor")
    assert said(office, "proportion", cv=NULL) == ("publish", "")
    assert said(office, ci_width=0.001, deff=NULL) == ("publish", "narrow")
    assert said(office, df=math.inf) == ("review", "undecided")


def test_a_last_rule_that_always_holds_replaces_publish() -> None:
    office = own(OWN + "  - {name: otherwise, when: 'TRUE', level: caution, of: [share], says: otherwise}\n")
    assert said(office, "share") == ("caution", "otherwise")
    assert said(office, "total") == ("publish", "")


def test_a_set_says_what_is_undecided() -> None:
    mild = own(OWN.replace("rules:", "undecided: publish\nrules:"))
    assert said(mild, n_poor=NULL) == ("publish", "")
    assert said(mild, n_poor=NULL, df=4) == ("caution", "few_df")
    strict = own(OWN.replace("rules:", "undecided: suppress\nrules:"))
    assert said(strict, "ratio", n_poor=NULL, cv=0.3) == ("suppress", "undecided")


def test_the_reasons_are_found_by_what_fired() -> None:
    office = own(OWN)
    metrics = {name: np.full(5, value) for name, value in GOOD.items()}
    metrics["n_poor"] = np.array([3, 25, NULL, 30, 30])
    metrics["ci_width"] = np.array([1, 1, 1, 0.001, 1])
    metrics["df"] = np.array([9, 4, 9, 9, 9])
    found = judge(office, metrics, np.zeros(5, np.int64))
    assert [found.reasons[fired] for fired in found.fired] == [
        "office: few poor",
        "office: pocos grados",
        "office: a figure that the rules need is not known",
        "",
        "",
    ]
    assert found.reasons[1] == "office: CV above 25 %"
    assert (found.level.dtype, found.fired.dtype) == (np.int64, np.int64)


def test_a_set_without_rules_judges_nothing() -> None:
    assert said(load_reliability("none"), n=1) == (None, "")
    assert said(own("reliability: x\ntitle: X\nrules: []\n"), n=1) == (None, "")


FLOORS = {"cepal_2020": 9, "cepal_2023": 9, "cepal_book": 14, "dane": 8, "dane_2008": 8, "ine_chile": 9, "nchs": 8}


@pytest.mark.parametrize(("name", "df"), FLOORS.items())
def test_below_the_floor_nothing_is_better_than_review(name: str, df: int) -> None:
    rules, unseen = load_reliability(name), {"cv": 1e-9, "log_cv": 1e-9, "kg_width": 1e-9, "kg_relative_width": 1e-9}
    assert (rules.floor.df, rules.floor.units, rules.floor.loosened) == (df, 10, False)
    kinds = ("proportion",) if name == "nchs" else ("proportion", "ratio", "total", "share")
    for kind in kinds:
        assert said(rules, kind, **unseen, df=df, units=10)[0] == "publish"
        for low in ({"df": df - 1}, {"units": 9}, {"se": 0}, {"se": NULL}, {"df": NULL}, {"units": NULL}):
            assert said(rules, kind, **(unseen | low))[0] in ("review", "suppress"), (kind, low)


def test_a_lucky_cv_on_four_psus_is_no_acceptable_precision() -> None:
    assert said(load_reliability("dane"), estimate=0.79, se=0.09, cv=0.12, df=3) == ("review", "floor_df")
    assert said(load_reliability("dane"), estimate=0.79, se=0.09, cv=0.12, df=8) == ("caution", "acceptable")


def test_the_floor_tells_its_reason_and_keeps_a_rule_that_is_as_strict() -> None:
    dane = load_reliability("dane")
    metrics = {name: np.full(5, value) for name, value in GOOD.items()}
    metrics |= {
        "df": np.array([7, 60, 60, 7, 7]),
        "units": np.array([400, 9, 400, 9, 400]),
        "se": np.array([0.1, 0.1, 0, 0, 0.1]),
        "cv": np.array([0.05, 0.05, 0.05, 0.05, 0.2]),
    }
    found = judge(dane, metrics, np.zeros(5, np.int64))
    assert [found.reasons[fired].removeprefix("dane: ") for fired in found.fired] == [
        "fewer than 8 degrees of freedom",
        "fewer than 10 sampled units in the numerator or denominator",
        "no standard error above 0 is known",
        "no standard error above 0 is known",
        "low precision, CV above 15 %: a trend only",
    ]
    assert {found.levels[level] for level in found.level} == {"review"}
    assert [dane.says(found.names[fired])["es"] for fired in found.fired[:2]] == [
        "menos de 8 grados de libertad",
        "menos de 10 unidades de la muestra en el numerador o el denominador",
    ]
    assert dane.says("acceptable")["en"].startswith("acceptable")
    with pytest.raises(KeyError):
        dane.says("no_such_rule")


def test_a_set_can_tighten_the_floor_and_loosen_it_with_a_reason_alone() -> None:
    assert own(OWN, "").floor == Floor(8, 10)
    tighter = own(OWN, "floor: {df: 12, units: 30}\n")
    assert said(tighter, df=11) == ("review", "floor_df")
    assert said(tighter, units=29) == ("review", "floor_units")
    assert not tighter.floor.loosened
    looser = own(OWN, "floor: {df: 5, because: a pilot}\n")
    assert (looser.floor, looser.floor.loosened) == (Floor(5, 10, "a pilot"), True)
    with pytest.raises(ConfigError) as error:
        own(OWN, "floor: {df: 7, units: 0}\n")
    assert (
        str(error.value)
        == """\
MPI-C120 own.yaml:8:13: the floor of 7 degrees of freedom is lower than 8, and no reason is given
  write 8 or more, or give the reason: `because: ...`; every result will show it
MPI-C120 own.yaml:8:23: the floor of 0 sampled units is lower than 10, and no reason is given
  write 10 or more, or give the reason: `because: ...`; every result will show it"""
    )


def test_no_estimates_give_no_verdicts() -> None:
    found = judge(own(OWN), {name: np.zeros(0) for name in METRICS}, np.zeros(0, np.int64))
    assert found.level.shape == found.fired.shape == (0,)


def test_only_the_metrics_that_rules_read_are_needed_and_these_are() -> None:
    dane = load_reliability("dane_2008")
    few = {name: np.array([GOOD[name]]) for name in ("estimate", "cv", "se", "df", "units")}
    assert judge(dane, few, np.zeros(1, np.int64)).level.tolist() == [0]
    for name in few:
        rest = {other: values for other, values in few.items() if other != name}
        with pytest.raises(ValueError, match=f"the rules read '{name}', which is not among the metrics: "):
            judge(dane, rest, np.zeros(1, np.int64))
    with pytest.raises(ValueError, match=r"'cv' has shape \(2,\), the kinds \(1,\)"):
        judge(dane, {**few, "cv": np.zeros(2)}, np.zeros(1, np.int64))
    for wrong in (-1, 5):
        with pytest.raises(ValueError, match=f"codes of kinds lie from {wrong} to {wrong}, not from 0 to 4"):
            judge(dane, few, np.array([wrong]))


def test_arithmetic_that_overflows_is_refused_with_its_place() -> None:
    wide = own(OWN.replace("n_poor < 25", "population * population > 1"))
    with pytest.raises(DataError) as error:
        said(wide, population=1e200)
    expected = "MPI-D040 own.yaml:4:28: few_poor: a number becomes infinite\n  divide before you multiply"
    assert str(error.value) == expected


def test_verdicts_of_a_long_table_are_those_of_its_rows() -> None:
    rng = np.random.default_rng(20261123)
    rows = 140_000  # more than two blocks
    metrics = {
        name: np.where(rng.random(rows) < 0.1, NULL, rng.random(rows) * 2 * value) for name, value in GOOD.items()
    }
    kinds = rng.integers(0, len(STATISTIC_KINDS), rows)
    for name in SETS:
        reliability = load_reliability(name)
        found = judge(reliability, metrics, kinds)
        for row in (*range(0, rows, 9973), (1 << 16) - 1, 1 << 16, rows - 1):
            level = None if found.level[row] < 0 else found.levels[found.level[row]]
            alone = said(
                reliability, STATISTIC_KINDS[kinds[row]], **{metric: float(metrics[metric][row]) for metric in METRICS}
            )
            assert (level, found.names[found.fired[row]]) == alone


def test_a_million_estimates_take_less_than_a_second() -> None:
    rows = 1_000_000
    metrics = {name: np.full(rows, value) for name, value in GOOD.items()}
    with cpu_seconds_below(1):  # 0.04 s on two cores
        judge(load_reliability("cepal_2023"), metrics, np.zeros(rows, np.int64))


def test_a_user_s_own_file_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "office.yaml"
    path.write_text(OWN, encoding="utf-8")
    assert said(load_reliability(path), n_poor=3) == ("suppress", "few_poor")
    with pytest.raises(ConfigError) as error:
        load_reliability("cepal2020")
    assert str(error.value) == "MPI-C001 no reliability rule set is called 'cepal2020'\n  did you mean 'cepal_2020'?"


def test_the_set_of_the_manual_does_what_the_manual_says() -> None:
    texts = dict(blocks(MANUAL, "yaml"))
    office = read_reliability(compose(texts["office.yaml"], "office.yaml"))
    assert said(office, n_poor=24) == ("suppress", "few_poor")
    assert said(office, "ratio", cv=0.25) == ("caution", "imprecise")
    assert said(office, "change", cv=0.25) == ("publish", "")
    for metric in METRICS:
        assert f"`{metric}`" in MANUAL
    for name in SETS:
        assert f"`{name}`" in MANUAL


CASES = [
    Case("a misspelt metric", "n_poor < 25", "npoor < 25", """\
MPI-R006 own.yaml:4:28: there is no variable 'npoor'
  did you mean 'n_poor'?
"""),
    Case("a condition that is a number", "n_poor < 25", "n_poor", """\
MPI-R013 own.yaml:4:28: the rule gives a number, not a condition (true or false)
  compare it: ... = 1
"""),
    Case("a text where metrics are numbers", "n_poor < 25", "n_poor < '25'", """\
MPI-R007 own.yaml:4:35: 'n_poor', a number, is compared with a text ('25')
  write a text in quotes and a number without; no value is converted silently
"""),
    Case("bad syntax", "n_poor < 25", "n_poor == 25", """\
MPI-R002 own.yaml:4:35: '==' is not part of the rule language
  write a single =
"""),
    Case("members of a household", "n_poor < 25", "ANY(n_poor < 25)", f"""\
MPI-R010 own.yaml:4:28: ANY looks at members of a household, and a row here is an estimate
  use the metrics: {", ".join(METRICS)}
"""),
    Case("log_cv of others than proportions", "cv > 0.25, level: review", "log_cv > 0.25, level: review", """\
MPI-C021 own.yaml:5:29: log_cv exists only for proportions, and the rule also applies to ratio, total
  add `of: [proportion]`, and a rule on cv for others
"""),
    Case("a level that is not known", "level: suppress", "level: supress", """\
MPI-C006 own.yaml:4:48: a rule: level: 'supress' is not known
  did you mean 'suppress'?
"""),
    Case("a kind that is not known", "[ratio, total]", "[ratio, totals]", """\
MPI-C006 own.yaml:5:67: a rule: of: 'totals' is not known
  did you mean 'total'?
"""),
    Case("no kind", "[ratio, total]", "[]", """\
MPI-C009 own.yaml:5:59: a rule: `of` does not name a kind of statistic
  leave `of` out for all kinds
"""),
    Case("a name twice", "name: narrow", "name: few_poor", """\
MPI-C020 own.yaml:6:12: the rule 'few_poor' is repeated, first in line 4
  give each rule its own name
"""),
    Case("a name that is none", "name: narrow", "name: 2nd", """\
MPI-C008 own.yaml:6:12: a rule: name: '2nd' is not a name
  use letters, digits and underscores
"""),
    Case("a rule that says nothing", ", says: narrow", "", """\
MPI-C009 own.yaml:6:5: a rule: the key 'says' is missing
  add `says:`
"""),
    Case("a rule without a condition", "when: df < 5, ", "", """\
MPI-C009 own.yaml:7:5: a rule: the key 'when' is missing
  add `when:`
"""),
    Case("a key that is not known", "of: [ratio", "off: [ratio", """\
MPI-C003 own.yaml:5:55: a rule: the key 'off' is not known
  did you mean 'of'?
"""),
    Case("a key of the set that is not known", "title:", "titel:", """\
MPI-C009 own.yaml:1:1: the rule set: the key 'title' is missing
  add `title:`
MPI-C003 own.yaml:2:1: the rule set: the key 'titel' is not known
  did you mean 'title'?
"""),
    Case("undecided that is no level", "rules:", "undecided: null\nrules:", """\
MPI-C009 own.yaml:3:1: the rule set: the key 'undecided' is empty
  give it a value, or leave the key out
"""),
    Case("undecided that is not known", "rules:", "undecided: perhaps\nrules:", """\
MPI-C006 own.yaml:3:12: the rule set: undecided: 'perhaps' is not known
  write one of: publish, caution, review, suppress
"""),
    Case("a rule that is a text", "  - {name: narrow, when: ci_width < 0.01, level: publish, says: narrow}", "  - narrow", """\
MPI-C005 own.yaml:6:5: a rule is a mapping, not 'narrow'
  write `key: value` lines, or {key: value}
"""),
    Case("kinds in a mapping", "[ratio, total]", "{ratio: yes}", """\
MPI-C005 own.yaml:5:59: of is a list, not a mapping
  write [a, b]
"""),
    Case("words that are a list", "says: narrow", "says: [narrow]", """\
MPI-C005 own.yaml:6:65: a rule: says is a text, not a list
  write one value; put a text of signs in quotes
"""),
    Case("a condition that is null", "n_poor < 25", "'NULL'", """\
MPI-R013 own.yaml:4:29: the rule gives NULL, not a condition (true or false)
  write a condition (true or false): x = 1, TRUE or FALSE
"""),
    Case("a set without a name", "reliability: office", "reliability: our office", """\
MPI-C008 own.yaml:1:14: the rule set: reliability: 'our office' is not a name
  use letters, digits and underscores
"""),
    Case("several faults", "n_poor < 25", "cvv > 1", """\
MPI-R006 own.yaml:4:28: there is no variable 'cvv'
  did you mean 'cv'?
MPI-C006 own.yaml:6:50: a rule: level: 'published' is not known
  did you mean 'publish'?
""", also=[("level: publish", "level: published")]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_is_told_with_its_place_and_remedy(case: Case) -> None:
    assert message(case, OWN, "own.yaml", read_reliability) == case.expected


def test_rules_that_are_no_list_are_refused() -> None:
    with pytest.raises(ConfigError) as error:
        own("reliability: x\ntitle: X\nrules: {a: 1}\n")
    expected = "MPI-C005 own.yaml:3:8: rules is a list, not a mapping\n  write one `- {name: ..., when: ..., ...}` for each rule"
    assert str(error.value) == expected
