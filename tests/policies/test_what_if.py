"""Plans against the slow twin: figures, paired errors, draws and their spread; what a plan refuses."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mpi
from mpi.errors import UsageError
from mpi.profile import DeprivationProfile
from mpi.specs.actions import Action, action_of
from mpi.specs.measure import Cutoff, Measure
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.plans import Condition, Step, and_, difference, expanded, linearised, not_, or_, variance
from tests.support.province import DESIGN, province
from tests.support.strategies import measure_of

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
WEIGHTS = {"health": {"a": HALF}, "living": {"b": QUARTER, "c": QUARTER}}
CUTOFF = Cutoff(HALF)
MEASURES: dict[str, Measure] = {
    "exclude": measure_of(WEIGHTS, [CUTOFF]),
    "deprived": measure_of(WEIGHTS, [CUTOFF], missing="deprived"),
    "not_deprived": measure_of(WEIGHTS, [CUTOFF], missing="not_deprived"),
    "reweight": measure_of(WEIGHTS, [CUTOFF], missing="reweight"),
    "combined": measure_of(
        {"health": {"a": HALF}, "living": {"b": Fraction(0), "c": Fraction(0)}},
        [CUTOFF],
        at_least={"living": 1},
        weights={"living": HALF},
    ),
}
CONDITIONS: dict[str, Condition] = {
    "poor": lambda h: h["poor"],
    "not poor": lambda h: not_(h["poor"]),
    "a and not c": lambda h: and_(h["a"], not_(h["c"])),
    "b or poor": lambda h: or_(h["b"], h["poor"]),
}
SHARES = [Fraction(0), Fraction(1, 3), HALF, Fraction(1)]


def profile_of(table: pa.Table, measure: Measure, **options: Any) -> DeprivationProfile:
    chosen: dict[str, Any] = {"weight": "w", "members": "members", "by": ["region", "zone"], **DESIGN, **options}
    return DeprivationProfile.from_flags(table, measure, **chosen)


def households(table: pa.Table) -> list[Household]:
    return [
        Household(
            flags=(row["a"], row["b"], row["c"]),
            weight=Fraction(row["w"]),
            members=row["members"],
            stratum=row["stratum"],
            psu=row["psu"],
            groups={"region": row["region"], "zone": row["zone"]},
        )
        for row in table.to_pylist()
    ]


def plan(seed: int) -> tuple[list[str], list[Step]]:
    """A random plan, as sentences and as the twin's steps."""
    rng = random.Random(seed)  # noqa: S311
    sentences, steps = [], []
    for _ in range(rng.randint(1, 4)):
        kind, indicator = rng.choice(["close", "reduce", "raise"]), rng.choice("abc")
        share = Fraction(1) if kind == "close" else rng.choice(SHARES)
        where = rng.choice([{}, {}, {"region": ["n"]}, {"region": ["n", "w"], "zone": ["r"]}])
        condition = rng.choice(["", "", *CONDITIONS])
        words = [kind, indicator] + ([] if kind == "close" else ["by", str(share)])
        words += ["in", *(f"{name}={','.join(codes)}" for name, codes in where.items())] if where else []
        words += ["if", condition] if condition else []
        sentences.append(" ".join(words))
        steps.append(Step(kind, indicator, share, where, CONDITIONS.get(condition)))
    return sentences, steps


def close(found: float | None, wanted: Fraction | None, what: object) -> None:
    if wanted is None:
        assert found is None, what
    else:
        assert found == pytest.approx(float(wanted), rel=1e-10, abs=1e-12), what


@pytest.mark.parametrize("missing", MEASURES)
@pytest.mark.parametrize("seed", range(3))
def test_figures_and_paired_errors_against_households_that_split(missing: str, seed: int) -> None:
    measure, table = MEASURES[missing], province(seed + 1, unknown=0.12)
    sentences, steps = plan(100 * seed + len(missing))
    so_far = seed % 2 == 1
    options: dict[str, Any] = {"state": "so_far" if so_far else "before", "statistics": ["H", "A", "M0", "poor"]}
    made = mpi.what_if(profile_of(table, measure), measure, sentences, by="region", **options)
    before = households(table)
    after = expanded(measure, CUTOFF, before, steps, so_far=so_far)
    rows = {(row["figure"], row["moment"], row["region"]): row for row in made.rows()}
    for region in (None, "n", "s", "w"):
        where = {} if region is None else {"region": region}
        for name in ("H", "A", "M0", "poor"):
            one, z = linearised(measure, CUTOFF, before, name, where)
            other, later = linearised(measure, CUTOFF, after, name, where)
            close(rows[name, "before", region]["estimate"], one, sentences)
            close(rows[name, "after", region]["estimate"], other, sentences)
            change = rows[name, "change", region]
            if one is None or other is None:
                assert change["estimate"] is None
                continue
            close(change["estimate"], other - one, sentences)
            if change["se"] is not None:
                wanted = math.sqrt(variance(difference(z, later)))
                assert change["se"] == pytest.approx(wanted, rel=1e-6, abs=1e-9), (sentences, name, region)


def test_the_paired_error_is_that_of_jackknife_replicates() -> None:
    """Replicates leave a PSU out of both moments at once: they know nothing of the linearised change."""
    measure, table = MEASURES["exclude"], province(5, unknown=0.05)
    sentences = ["reduce a by 1/2 in region=n,s if poor", "close b"]
    options: dict[str, Any] = {"by": "zone", "statistics": ["H", "M0", "A", "poor"]}
    made = [
        mpi.what_if(profile_of(table, measure), measure, sentences, variance=how, **options)
        for how in ("design", "jackknife")
    ]
    for one, other in at_least_one(zip(*(found.rows() for found in made), strict=True)):
        assert (one["figure"], one["moment"], one["zone"]) == (other["figure"], other["moment"], other["zone"])
        assert one["se"] == pytest.approx(other["se"], rel=0.06, abs=1e-12)


def test_the_paired_error_is_smaller_than_that_of_two_samples() -> None:
    measure = MEASURES["exclude"]
    made = mpi.what_if(profile_of(province(5), measure), measure, "reduce a by 1/3", statistics="H")
    before, after, change = made.rows()
    assert [row["moment"] for row in (before, after, change)] == ["before", "after", "change"]
    assert change["estimate"] == pytest.approx(after["estimate"] - before["estimate"], rel=1e-12)
    assert change["se"] < 0.5 * math.hypot(before["se"], after["se"])


def test_closing_one_deprivation_is_the_measure_without_it() -> None:
    """A closed deprivation is one that nobody has, by all figures of the data with that column set to 0."""
    measure, table = MEASURES["exclude"], province(9)
    closed = table.set_column(table.column_names.index("a"), "a", pa.array([False] * len(table)))
    made = mpi.what_if(profile_of(table, measure), measure, "close a", by="region", statistics=["H", "M0"])
    wanted = mpi.estimate(profile_of(closed, measure), measure, by="region")
    after = {(row["figure"], row["region"]): row for row in made.rows() if row["moment"] == "after"}
    for row in at_least_one(row for row in wanted.rows() if row["statistic"] in ("H", "M0")):
        own = after[row["statistic"], row["region"]]
        assert (own["estimate"], own["se"], own["ci_high"]) == pytest.approx(
            (row["estimate"], row["se"], row["ci_high"]), rel=1e-9
        )


def test_draws_are_reproducible_unbiased_and_spread_as_told() -> None:
    measure, table = MEASURES["exclude"], province(7).append_column("one", pa.array([1] * 160))
    profile = profile_of(table, measure, weight="one", members=None)  # equal weights: cells lose nothing of a draw
    sentences = ["reduce a by 1/3 if poor", "raise b by 1/4", "reduce c by 1/2"]

    def drawn(seed: int | None) -> dict[tuple[str, str], dict[str, Any]]:
        found = mpi.what_if(profile, measure, sentences, draw=seed, statistics=["H", "M0", "A"])
        return {(row["figure"], row["moment"]): row for row in found.rows()}

    assert drawn(3) == drawn(3) != drawn(4)
    expected = drawn(None)
    draws = [drawn(seed) for seed in range(120)]
    for name in ("H", "M0", "A"):
        values = np.array([one[name, "after"]["estimate"] for one in draws])
        wanted, spread = expected[name, "after"]["estimate"], expected[name, "after"]["spread"]
        assert values.mean() == pytest.approx(wanted, abs=4 * spread / math.sqrt(len(draws)))
        assert values.std(ddof=1) == pytest.approx(spread, rel=0.3)
        assert expected[name, "before"]["spread"] is None


def test_where_nothing_is_left_to_chance_draws_are_the_expectation() -> None:
    measure = MEASURES["exclude"]
    profile = profile_of(province(7), measure)
    one, other = (mpi.what_if(profile, measure, ["close a in zone=r", "raise b by 1 if c"], draw=d) for d in (None, 5))
    for own, drawn in at_least_one(zip(one.rows(), other.rows(), strict=True)):
        assert own["estimate"] == (None if drawn["estimate"] is None else pytest.approx(drawn["estimate"], rel=1e-12))
        assert own["spread"] in (None, 0.0)


def test_persons_apart_have_expectations_but_no_draws() -> None:
    measure = measure_of(WEIGHTS, [CUTOFF], identification="person")
    profile = profile_of(province(7), measure, members=None)
    assert {row["spread"] for row in mpi.what_if(profile, measure, "reduce a by 1/2").rows()} == {None}
    with pytest.raises(UsageError, match=r"MPI-E252 .* members of a household could not share the draw"):
        mpi.what_if(profile, measure, "reduce a by 1/2", draw=1)


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        (["open a"], "an action begins with close, reduce or raise"),
        (["close"], "an action begins with close, reduce or raise"),
        (["close a by 1/2"], "`close` has no share"),
        (["reduce a"], "the share is missing"),
        (["reduce a by 3/2"], "a share above 1"),
        (["reduce a by x"], "not a number such as 1/3"),
        (["close d"], "test has no indicator 'd'"),
        (["close a in country=1"], "the profile has no domain 'country'"),
        (["close a in region=x"], "region has no code 'x'"),
        (["close a in region"], "names no domain with its codes"),
        (["close a in region=n region=s"], "the domain 'region' is named twice"),
        (['close a in region="n'], "a quotation mark is not closed"),
        (["close a if rich"], "names 'rich', which the measure does not have"),
        (["close a if a = 1"], "has more than deprivations"),
        (["close a if (b"], r"the condition '\(b'"),
        ([], "no action is given"),
    ],
)
def test_actions_that_are_refused(sentences: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        mpi.what_if(profile_of(province(7), MEASURES["exclude"]), MEASURES["exclude"], sentences)


PAIR = ["close d in x=1", "close e if f"]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(UsageError) as told:
        mpi.what_if(profile_of(province(7), MEASURES["exclude"]), MEASURES["exclude"], PAIR)
    assert len(told.value.faults) == 4


def test_options_that_are_refused() -> None:
    measure = MEASURES["exclude"]
    profile = profile_of(province(7), measure)
    with pytest.raises(UsageError, match="a plan has no figure 'M1'"):
        mpi.what_if(profile, measure, "close a", statistics="M1")
    with pytest.raises(UsageError, match="a share outside of 0 to 1"):
        mpi.what_if(profile, measure, Action(kind="raise", indicator="a", share=Fraction(2)))


@pytest.mark.parametrize(
    "sentence", ["close a", "reduce a by 1/3 in region=n,s zone=r if poor and not b", "raise c by 1"]
)
def test_an_action_is_read_as_it_is_written(sentence: str) -> None:
    assert action_of(sentence).text == sentence
    assert action_of(action_of(sentence).text) == action_of(sentence)
    spaced = Action(kind="close", indicator="a", where=(("city", ("San José",)),))
    assert action_of(spaced.text) == spaced


def test_every_row_says_how_it_is_to_be_read_and_conditions_that_are_unknown_are_told() -> None:
    measure = MEASURES["exclude"]
    with pytest.warns(mpi.MpiWarning, match=r"MPI-N251 close a if b: its condition is unknown for [0-9.]+% of all"):
        made = mpi.what_if(profile_of(province(7, unknown=0.2), measure), measure, "close a if b")
    assert {row["reading"] for row in made.rows()} == {"accounting, not impact"}
    assert "MPI-N250" in {notice.code for notice in made.notices}
