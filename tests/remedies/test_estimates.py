"""Every remedy of a message about estimates, changes, tests, protection and stored profiles, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.analysis.analysing import analyse
from mpi.analysis.decomposition import decompose_change
from mpi.analysis.dominance import dominance
from mpi.analysis.robustness import robustness
from mpi.analysis.weight_draws import weight_draws
from mpi.analysis.weight_orders import weight_orders
from mpi.classifying import check_classes
from mpi.config import load_disclosure, load_measure
from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.disclosure import protect, protect_changes
from mpi.estimates import Estimates
from mpi.pipeline.estimating import change, derive, estimate
from mpi.pipeline.passing import deprivation_profile
from mpi.policies.cheapest import cheapest_plan
from mpi.policies.costs import plan_costs
from mpi.policies.parts import plan_parts
from mpi.policies.what_if import what_if
from mpi.profile import DeprivationProfile
from mpi.profile.model import merge
from mpi.specs.actions import Action
from mpi.specs.measure import Cutoff, Measure
from tests.changes.test_changing import replicated, rounds
from tests.profile.test_flags import TWO, flags
from tests.support import hamlet, village
from tests.support.province import MEASURE, profile, province
from tests.support.remedies import Doing, Row, follow
from tests.support.strategies import equal_measure, measure_of

N = 160
MORE: Mapping[str, Any] = {"f": [0.5] * N, "house": list(range(N)), "one": [1.0] * N}
LONELY = ["alone"] * 8 + [f"h{i // 40}" for i in range(8, N)]


def asked(made: DeprivationProfile | None = None, measure: Any = MEASURE, **options: Any) -> Doing:
    """Estimates of the province."""
    return lambda folder: estimate(made or profile(province(**MORE)), measure, **options)


def found(**options: Any) -> Estimates:
    return estimate(profile(province(**MORE)), MEASURE, **options)


def of(function: Callable[..., object], *arguments: Any, **options: Any) -> Doing:
    return lambda folder: function(*arguments, **options)


def designed(**options: Any) -> DeprivationProfile:
    return profile(province(**MORE, lonely=LONELY), **options)


def with_classes(*rules: str, more: str = "") -> Measure:
    text = "missing: exclude\nclasses:\n" + "".join(f'  c{i}: "{rule}"\n' for i, rule in enumerate(rules)) + more
    return village.measure(("missing: exclude\n", text))


def classes(*rules: str, more: str = "") -> Doing:
    """Classes of the village, written and proved."""
    return lambda folder: check_classes(with_classes(*rules, more=more))


def lined(lines: str, income: str = "rooms < line") -> Doing:
    """The village with relative lines."""
    text = f"missing: exclude\nlines: {{{lines}}}\nincome_poor: {income}\n"
    return lambda folder: village.measure(("missing: exclude\n", text))


LINE = "line: {income: rooms, relative: 0.6}"
BY_ROOMS = "income_poor: rooms < 2\n"
TWO_CLASSES = with_classes("deprived_walls", "NOT deprived_walls", more=BY_ROOMS)


def many_scores() -> tuple[DeprivationProfile, Measure]:
    """All sets of ten deprivations, of which no two weigh the same."""
    weights = {f"i{place}": Fraction(2**place, 1023) for place in range(10)}
    flags = {name: [bool(number >> place & 1) for number in range(1024)] for place, name in enumerate(weights)}
    table = pa.table({**flags, "region": ["n", "s"] * 512})
    measure = measure_of({"all": weights}, [Cutoff(Fraction(1, 3))])
    return DeprivationProfile.from_flags(table, measure, weight=None, by="region"), measure


def priced(*codes: str) -> list[dict[str, str]]:
    """Costs of two indicators in some regions."""
    return [{"region": code, "a": "1", "b": "2"} for code in codes]


def unsure(missing: Any) -> Doing:
    """Parts of a plan that closes one of two deprivations of a dimension, the other unknown for many."""
    own = measure_of(
        {"x": {"a": Fraction(1, 2)}, "y": {"b": Fraction(0), "c": Fraction(0)}},
        [Cutoff(Fraction(1, 2))],
        missing=missing,
        at_least={"y": 1},
        weights={"y": Fraction(1, 2)},
    )
    made = DeprivationProfile.from_flags(province(unknown=0.3), own, weight="w")
    return of(plan_parts, made, own, "close b")


def by_persons(draw: int | None) -> Doing:
    own = replace(MEASURE, identification="person")
    made = DeprivationProfile.from_flags(province(), own, weight="w")
    return of(what_if, made, own, "close a", draw=draw)


def classified(name: str) -> Doing:
    return of(analyse, village.profile(village.tables(60), by=TWO_CLASSES), TWO_CLASSES, name)


MANY = [f"rooms < {i}" for i in range(2, 70)]
NO_PSU, STAGES = (
    {"psu": None, "stratum": None},
    {"fpc": ("fraction", "f"), "ssu": "house", "ssu_fpc": ("fraction", "f")},
)
CALIBRATED = {"calibration": ["one"], "design_weight": "w"}
BY = found(by="region")
HEADS = BY.only("H")
# Of the households of one region all are poor, so that its headcount has no error.
FLAT = estimate(
    profile(
        province(
            region=["flat"] * 40 + ["n"] * 60 + ["s"] * 60,
            a=[True] * 40 + [i % 3 == 0 for i in range(120)],
            b=[True] * 40 + [i % 2 == 0 for i in range(120)],
            c=[True] * 40 + [i % 5 == 0 for i in range(120)],
        )
    ),
    MEASURE,
    by="region",
).only("H")
FLAT = FLAT.take(np.flatnonzero(np.array([region is not None for region in FLAT.table["region"].to_pylist()])))
RELATIONS = ("independent", "same_psu", "rotating", "panel")
UNLIKE = rounds(province(1), province(2), single_psu="scaled")[1]
RULES = load_disclosure("standard")
YEAR = estimate(profile(province(2), period="2031"), MEASURE)
TWO_ROUNDS = rounds(province(1), province(2))
DERIVED = derive(profile(province()), MEASURE, {"one": "H - A"})
CHANGED = change(TWO_ROUNDS, MEASURE, rounds="independent")


def surveyed(domain: str, domains: str | None = None) -> object:
    """A profile of the village by a domain, of those that its survey declares."""
    text = village.SURVEY
    if domains is not None:
        text = text[: text.index("domains:")] + domains
    own = read_survey([compose(text, "village_2026.yaml")])
    return deprivation_profile(own, village.measure(), village.tables(), domains=[domain])


def made(folder: Path) -> object:
    profile(province()).write(folder / "x.parquet")
    return DeprivationProfile.read(folder / "x.parquet")


def cut(folder: Path) -> object:
    made(folder)
    (folder / "x.parquet").write_bytes((folder / "x.parquet").read_bytes()[:-100])
    return DeprivationProfile.read(folder / "x.parquet")


def foreign(folder: Path) -> object:
    pq.write_table(province(), folder / "x.parquet")
    return DeprivationProfile.read(folder / "x.parquet")


def derived(*texts: str, name: str = "one") -> Doing:
    """A derivation by region, of each expression in turn."""
    return of(
        derive, profile(province()), MEASURE, {f"{name}{i or ''}": text for i, text in enumerate(texts)}, by="region"
    )


WAYS = ("domain", "design", "stata")
ROWS = [
    Row("MPI-E001", "leave it out", asked(k=[]), [asked()]),
    Row("MPI-E001", "Cutoff(Fraction(1, 3))", of(Cutoff, 0.3), [of(MEASURE.cutoff, "1/3"), of(Cutoff, Fraction(1, 3))]),
    Row("MPI-E001", "or name a cutoff of the measure: poor, severe", lambda folder: load_measure(hamlet.write_hamlet(folder) / "village.yaml").cutoff("severre9"),
        [lambda folder, k=k: load_measure(hamlet.write_hamlet(folder) / "village.yaml").cutoff(k) for k in ("poor", "severe", "1/3", "0.05", "33%")]),  # type: ignore[misc]
    Row("MPI-E001", "write 1/3, 0.25 or 33%", asked(k="half"), [asked(k=k) for k in ("1/3", "0.25", "33%")]),
    Row("MPI-E002", "did you mean 'region'?", asked(by="regoin"), [asked(by="region")]),
    Row("MPI-E002", "the profile has region", asked(by="x"), [asked(by="region"), asked(by="zone")]),
    Row("MPI-E002", "write region", asked(by="region:region"), [asked(by="region")]),
    Row("MPI-E002", "give the domain another name", asked(profile(province(k=["a"] * N), by=["k"]), by="k"), [asked(profile(province(kind=["a"] * N), by=["kind"]), by="kind")]),
    Row("MPI-E003", "there are n, s, w", of(profile(province()).filter, region="x"), [of(profile(province()).filter, region=code) for code in "nsw"]),
    Row("MPI-E004", "for a figure write .only('H'), for a column .to_pandas()['H']", lambda _: BY["H"], [lambda _: BY.only("H"), lambda _: BY.to_pandas()["estimate"]]),  # type: ignore[call-overload]
    Row("MPI-E004", "did you mean 'H'?", of(BY.only, "h"), [of(BY.only, "H")]),
    Row("MPI-E004", "there are ", of(BY.only, "H", zonne9="x"), [of(BY.only, "H", region="n")]),
    Row("MPI-E004", "name the cutoff k, the indicator or the domain", of(found(by="region", k=["1/2", "1"]).row, "H", region="n"), [of(found(by="region", k=["1/2", "1"]).row, "H", region="n", k="1")]),
    Row("MPI-E004", "take np.flatnonzero(...)", of(BY.take, [0, 999_999]), [of(BY.take, np.flatnonzero(np.array(BY.table["estimate"].to_pylist(), float) > 0))]),
    Row("MPI-E004", "take some of them with `only`", of(BY.take([0, 0]).wide, "region"), [of(BY.only("H").wide, "region")]),
    Row("MPI-E005", "make the profile again with this measure", asked(flags(), equal_measure(3)), [asked(flags(equal_measure(3), {"c": [1, 0, 1, 0]}), equal_measure(3)), asked(flags(), TWO)]),
    Row("MPI-E006", "write 0.95", asked(level=95), [asked(level=0.95)]),
    Row("MPI-E007", "count persons or households", asked(unit="person"), [asked(unit="persons"), asked(unit="households")]),
    Row("MPI-E007", "use unit=persons", asked(flags(replace(TWO, identification="person"), members=None), replace(TWO, identification="person"), unit="households"),
        [asked(flags(replace(TWO, identification="person"), members=None), replace(TWO, identification="person"), unit="persons")]),
    Row("MPI-E007", "use unit=persons", asked(village.profile(village.tables()), village.measure(), by="sex", unit="households"), [asked(village.profile(village.tables()), village.measure(), by="sex", unit="persons")]),
    Row("MPI-E008", "or a whole number from 1", asked(df="korn"), [*[asked(df=way) for way in WAYS], asked(df=1)]),
    Row("MPI-E009", "write design, jackknife, bootstrap", asked(variance="brr"), [asked(variance=way, replicates=20) for way in ("design", "jackknife", "bootstrap")]),
    Row("MPI-E009", "declare the household's key as `psu:`", asked(designed(psu=None), variance="jackknife"), [asked(designed(psu="house"), variance="jackknife")]),
    Row("MPI-E009", 'use variance="design"', asked(designed(**STAGES), variance="jackknife"), [asked(designed(**STAGES), variance="design")]),
    Row("MPI-E009", 'use variance="design"', asked(designed(fpc=("fraction", "one")), variance="jackknife"), [asked(designed(fpc=("fraction", "one")), variance="design")]),
    Row("MPI-E009", "to certainty or collapse", asked(designed(stratum="lonely", single_psu="centered"), variance="jackknife"),
        [asked(designed(stratum="lonely", single_psu="certainty"), variance="jackknife"), asked(designed(stratum="lonely", single_psu="collapse", collapse={"alone": "h1"}), variance="jackknife")]),
    Row("MPI-E009", "take 500 or more", asked(variance="bootstrap", replicates=1), [asked(variance="bootstrap", replicates=500)]),
    Row("MPI-E009", "take at most", asked(variance="bootstrap", replicates=10**9), [asked(variance="bootstrap", replicates=1000)]),
    Row("MPI-E009", "take any number from 0", asked(variance="bootstrap", replicates=20, seed=-1), [asked(variance="bootstrap", replicates=20, seed=0)]),
    Row("MPI-E003", "there are n, s, w", derived("H[region=1]"), [derived("H[region=n]")]),
    Row("MPI-E004", "did you mean 'one'?", of(DERIVED.only, "ome"), [of(DERIVED.only, "one")]),
    Row("MPI-E040", 'write "band: H[1/5] - H[1/3]"', derived(), [of(derive, profile(province()), MEASURE, {"band": "H[1/5] - H[1/3]"})]),
    Row("MPI-E040", "a name of letters, digits and _ that no statistic has", derived("H", name="H"), [derived("H", name="h_2")]),
    Row("MPI-E040", "write it in several, of 2,000 at most", derived("H + " * 1000 + "H"), [derived("H + " * 400 + "H", "H + " * 400 + "H")]),
    Row("MPI-E040", "write it in several expressions", derived("-" * 60 + "H"), [derived("-" * 40 + "H", "-" * 20 + "H")]),
    Row("MPI-E040", "name a statistic, such as H[1/3]", derived("1 + 2"), [derived("H[1/3]")]),
    Row("MPI-E040", "name a statistic, such as H[1/3]", derived("1 + "), [derived("1 + H[1/3]")]),
    Row("MPI-E040", "write + - * / ^, parentheses, log, exp, sqrt and figures", derived("H & A"), [derived("-(H + A - 1) * H / A ^ 2", "log(H)", "exp(H)", "sqrt(H[1/3])")]),
    Row("MPI-E040", "close it with ]", derived("H[1/3"), [derived("H[1/3]")]),
    Row("MPI-E040", "close it with )", derived("(H - A"), [derived("(H - A)")]),
    Row("MPI-E040", "put an operator between two figures, and close parentheses", derived("(H) A)"), [derived("(H) - A", "((H) - A)")]),
    Row("MPI-E040", "write what it is of in parentheses: log(H)", derived("log H"), [derived("log(H)")]),
    Row("MPI-E040", "did you mean 'M0'?", derived("M00"), [derived("M0")]),
    Row("MPI-E040", "write one of H, A, M0", derived("poverty"), [derived("H", "A", "M0")]),
    Row("MPI-E040", "write the one or the other", derived("H[total, region=n]"), [derived("H[total]", "H[region=n]")]),
    Row("MPI-E040", "name it in brackets: censored_headcount[a]", derived("censored_headcount"), [derived("censored_headcount[a]")]),
    Row("MPI-E040", "did you mean 'health'?", derived("absolute_contribution[helth]"), [derived("absolute_contribution[health]")]),
    Row("MPI-E040", "name it in brackets: absolute_contribution[a]", derived("absolute_contribution[zzz]"), [derived("absolute_contribution[a]")]),
    Row("MPI-E040", "name a cutoff, and of some statistics one indicator", derived("censored_headcount[a, b]"), [derived("censored_headcount[a, 1/2]")]),
    Row("MPI-E040", "leave it out", derived("population_share[1/3]"), [derived("population_share")]),
    Row("MPI-E040", "a dimension that is a sum has no headcount of its own: name an indicator", derived("censored_headcount[living]"), [derived("censored_headcount[b]")]),
    Row("MPI-E012", "give the profiles of two rounds", of(decompose_change, TWO_ROUNDS[:1], MEASURE, rounds="independent"), [of(decompose_change, TWO_ROUNDS, MEASURE, rounds="independent")]),
    Row("MPI-E004", "write H, M0", of(robustness, profile(province()), MEASURE, by="region", statistic="A"), [of(robustness, profile(province()), MEASURE, by="region", statistic=name) for name in ("H", "M0")]),
    Row("MPI-E210", "estimate by another domain", of(robustness, profile(province(region=["one"] * 160)), MEASURE, by="region"), [of(robustness, profile(province(region=["one"] * 160)), MEASURE, by="zone")]),
    Row("MPI-E210", "estimate by another domain", of(weight_draws, profile(province(region=["one"] * 160)), MEASURE, by="region"), [of(weight_draws, profile(province(region=["one"] * 160)), MEASURE, by="zone")]),
    Row("MPI-E211", "take 10,000", of(weight_draws, profile(province()), MEASURE, by="region", draws=0), [of(weight_draws, profile(province()), MEASURE, by="region", draws=10_000)]),
    Row("MPI-E009", "take any number from 0", of(weight_draws, profile(province()), MEASURE, by="region", seed=-1), [of(weight_draws, profile(province()), MEASURE, by="region", seed=0)]),
    Row("MPI-E001", "give a narrower range of cutoffs", of(dominance, *many_scores(), by="region"), [of(dominance, *many_scores(), by="region", lowest="9/10")]),
    Row("MPI-E001", "leave dominance out: all groups are alike", of(dominance, profile(province(a=[0] * 160, b=[0] * 160, c=[0] * 160)), MEASURE, by="region"), [of(estimate, profile(province(a=[0] * 160, b=[0] * 160, c=[0] * 160)), MEASURE, by="region")]),
    Row("MPI-E001", "give another range of cutoffs", of(dominance, profile(province()), MEASURE, by="region", lowest="4/5", highest="9/10"), [of(dominance, profile(province()), MEASURE, by="region", lowest="1/2", highest="9/10"), of(dominance, profile(province()), MEASURE, by="region")]),
    Row("MPI-E005", "write exclude, reweight, deprived, not_deprived", of(robustness, profile(province()), MEASURE, by="region", missing=["zz"]), [of(robustness, profile(province()), MEASURE, by="region", missing=["exclude", "reweight", "deprived", "not_deprived"])]),
    Row("MPI-E213", "draw weights of a measure with `missing: exclude` and without `combine`", of(weight_draws, profile(province()), replace(MEASURE, missing="reweight"), by="region"), [of(weight_draws, profile(province()), replace(MEASURE, missing="exclude"), by="region")]),
    Row("MPI-E211", "leave pieces out, or give 0 for draws alone, or more", of(weight_orders, profile(province()), MEASURE, by="region", pieces=-1), [of(weight_orders, profile(province()), MEASURE, by="region", pieces=pieces) for pieces in (None, 0, 9)]),
    Row("MPI-E213", "write one of indicators, dimensions", of(weight_orders, profile(province()), MEASURE, by="region", over="zz"), [of(weight_orders, profile(province()), MEASURE, by="region", over=one) for one in ("indicators", "dimensions")]),
    Row("MPI-E213", "write one of l2, l1, linf", of(weight_orders, profile(province()), MEASURE, by="region", norm="zz"), [of(weight_orders, profile(province()), MEASURE, by="region", norm=one) for one in ("l2", "l1", "linf")]),
    Row("MPI-E213", "`mpi rank robustness` makes it, in Python mpi.robustness", of(analyse, profile(province()), MEASURE, "robustness", by="region"), [of(robustness, profile(province()), MEASURE, by="region")]),
    Row("MPI-E213", "`mpi rank dominance` makes it, in Python mpi.dominance", of(analyse, profile(province()), MEASURE, "dominance", by="region"), [of(dominance, profile(province()), MEASURE, by="region")]),
    Row("MPI-E213", "`mpi rank weights` makes it, in Python mpi.weight_draws", of(analyse, profile(province()), MEASURE, "weights", by="region"), [of(weight_draws, profile(province()), MEASURE, by="region")]),
    Row("MPI-E213", "`mpi rank orders` makes it, in Python mpi.weight_orders", of(analyse, profile(province()), MEASURE, "orders", by="region"), [of(weight_orders, profile(province()), MEASURE, by="region")]),
    Row("MPI-E213", "did you mean 'overlap'?", of(analyse, profile(province()), MEASURE, "overlapp"), [of(analyse, profile(province()), MEASURE, "overlap")]),
    Row("MPI-E213", "write one of bands, numbers, redundancy, bundles, overlap, classes, crossing, inequality, gaps", of(analyse, profile(province()), MEASURE, "zzz"),
        [of(analyse, profile(province()), MEASURE, name) for name in ("bands", "numbers", "redundancy", "overlap", "inequality")]),
    Row("MPI-M013", "write 0.6 for 60 %", lined("line: {income: rooms, relative: 0}"), [lined(LINE)]),
    Row("MPI-M013", "write median, or a share such as 0.4", lined("line: {income: rooms, relative: 0.6, of: 1}"), [lined(f"line: {{income: rooms, relative: 0.6, of: {of}}}") for of in ("median", "0.4")]),
    Row("MPI-M013", "write rooms < line, and join conditions by AND and OR in classes", lined(LINE, "rooms < line / 2"), [lined(LINE)]),
    Row("MPI-M013", "write the same `by:` for all, or leave it out", lined(f"{LINE[:-1]}, by: area}}, other: {{income: rooms, relative: 0.5, by: wall}}"), [lined(f"{LINE[:-1]}, by: area}}, other: {{income: rooms, relative: 0.5{by}}}") for by in ("", ", by: area")]),
    Row("MPI-R015", "give one of them another name", lined("rooms: {income: rooms, relative: 0.6}", "rooms < 2"), [lined(LINE)]),
    Row("MPI-M011", "add a class for everybody else, or leave `classes:` out", classes("poor"), [classes("poor", "NOT poor"), of(village.measure)]),
    Row("MPI-M011", "add a class, or widen one, so that it has one", classes("score > 0", "score > 0 AND score < 0"), [classes("score > 0", "score = 0"), classes("score >= 0", "score < 0")]),
    Row("MPI-M011", "exclude it from one of them: ... AND NOT ...", classes("score > 0", "score < 1"), [classes("score > 0 AND NOT score < 1", "score < 1")]),
    Row("MPI-M011", "read fewer indicators and conditions in classes", classes(*[f"ANY(age = years + {i})" for i in range(22)]), [classes("ANY(age = years)", "NOT ANY(age = years)")]),
    Row("MPI-M011", "compare the score with a number, `score >= 1/2`", classes("score > rooms", "NOT score > rooms"), [classes("score >= 1/2", "NOT score >= 1/2"), classes("CASE WHEN poor THEN rooms > 1 ELSE FALSE END", "NOT CASE WHEN poor THEN rooms > 1 ELSE FALSE END")]),
    Row("MPI-M011", "say with `income_poor:` whom income calls poor", classes("income_poor", "NOT income_poor"), [classes("income_poor", "NOT income_poor", more=BY_ROOMS)]),
    Row("MPI-M011", "write one of deprived_attendance", classes("deprived_water", "NOT deprived_water"), [classes("deprived_walls", "NOT deprived_walls")]),
    Row("MPI-M011", "give the variable another name", lambda folder: village.measure(("missing: exclude\n", "missing: exclude\nclasses: {a: poor, b: NOT poor}\n"), ("wall: text", "wall: text, poor: truth")), [classes("poor", "NOT poor")]),
    Row("MPI-M004", "derive variables that several conditions share", classes(*MANY), [classes("rooms < 2", "NOT rooms < 2")]),
    Row("MPI-E213", "declare them under `classes:` in the measure", of(analyse, village.profile(village.tables(60)), village.measure(), "classes"), [classified("classes")]),
    Row("MPI-E213", "write `income_poor: income < line` in the measure", of(analyse, village.profile(village.tables(60)), village.measure(), "crossing"), [classified("crossing")]),
    Row("MPI-E213", "make the profile from microdata: mpi.survey(frame)", lambda folder: analyse(DeprivationProfile.from_flags(pa.table({**{name: [1, 0, 1] for name in TWO_CLASSES.names}, "w": [1.0, 2.0, 1.0]}), TWO_CLASSES, weight="w"), TWO_CLASSES, "crossing"), [classified("crossing")]),
    Row("MPI-E213", "take the measure with all indicators of its classes", of(analyse, village.profile(village.tables(60), by=TWO_CLASSES), TWO_CLASSES.without("walls"), "classes"), [classified("classes")]),
    Row("MPI-E213", "give it two indicators or more", of(analyse, profile(province()), MEASURE.without(["b", "c"]), "redundancy"), [of(analyse, profile(province()), MEASURE.without("c"), "redundancy")]),
    Row("MPI-E250", "write for example `close water`", of(what_if, profile(province()), MEASURE, []), [of(what_if, profile(province()), MEASURE, ["close a"])]),
    Row("MPI-E250", "write for example `reduce water by 1/2 in zone=1 if poor`", of(what_if, profile(province()), MEASURE, "less a"), [of(what_if, profile(province()), MEASURE, "reduce a by 1/2 in zone=u if poor")]),
    Row("MPI-E250", "there are a, b, c", of(what_if, profile(province()), MEASURE, "close zzz"), [of(what_if, profile(province()), MEASURE, f"close {one}") for one in "abc"]),
    Row("MPI-E250", "give a Fraction such as Fraction(1, 2)", of(what_if, profile(province()), MEASURE, Action(kind="reduce", indicator="a", share=Fraction(2))), [of(what_if, profile(province()), MEASURE, Action(kind="reduce", indicator="a", share=Fraction(1, 2)))]),
    Row("MPI-E250", "write one of before, so_far", of(what_if, profile(province()), MEASURE, "close a", state="zz"), [of(what_if, profile(province()), MEASURE, "close a", state=one) for one in ("before", "so_far")]),
    Row("MPI-E250", "make the profile by it, with `--by country`", of(what_if, profile(province()), MEASURE, "close a in country=1"), [of(what_if, profile(province(country=["1", "2"] * 80), by=["region", "zone", "country"]), MEASURE, "close a in country=1")]),
    Row("MPI-E250", "did you mean 'zone'?", of(what_if, profile(province()), MEASURE, "close a in zonee=u"), [of(what_if, profile(province()), MEASURE, "close a in zone=u")]),
    Row("MPI-E250", "there are n, s, w", of(what_if, profile(province()), MEASURE, "close a in region=99"), [of(what_if, profile(province()), MEASURE, "close a in region=n,s,w")]),
    Row("MPI-E251", "there are a, b, c, poor", of(what_if, profile(province()), MEASURE, "close a if zzz"), [of(what_if, profile(province()), MEASURE, f"close a if {one}") for one in ("a", "b", "c", "poor")]),
    Row("MPI-E251", "a profile knows nothing else of a household: take a domain instead, as in `in zone=1`", of(what_if, profile(province()), MEASURE, "close a if zone = 1"), [of(what_if, profile(province()), MEASURE, "close a in zone=u")]),
    Row("MPI-E252", "leave the draw out: the expectation is exact", by_persons(1), [by_persons(None)]),
    Row("MPI-E251", "did you mean 'poor'?", of(what_if, profile(province()), MEASURE, "close a if poorr"), [of(what_if, profile(province()), MEASURE, "close a if poor")]),
    Row("MPI-E004", "there are H, A, M0, poor, censored_headcount, poor_and_deprived, uncensored_headcount, deprived", of(what_if, profile(province()), MEASURE, "close a", statistics="zzz"), [of(what_if, profile(province()), MEASURE, "close a", statistics=["H", "A", "M0", "poor", "censored_headcount", "poor_and_deprived", "uncensored_headcount", "deprived"])]),
    Row("MPI-E250", "take a measure with `missing: deprived` or `not_deprived`", unsure("exclude"), [unsure("deprived"), unsure("not_deprived")]),
    Row("MPI-E253", "add a row for each; 0 where it costs nothing", of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], priced("n", "s")), [of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], priced("n", "s", "w"))]),
    Row("MPI-E253", "add it, with the cost of lifting one household", of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], {"a": 1}), [of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], {"a": 1, "b": 2})]),
    Row("MPI-E253", "keep the one whose areas differ", of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], [{"region": "n", "zone": "u", "a": "1", "b": "1"}]), [of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], priced("n", "s", "w"))]),
    Row("MPI-E253", "keep one", of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], priced("n", "s", "w", "w")), [of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], priced("n", "s", "w"))]),
    Row("MPI-E253", "there are a, b, c", of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], [{"indicator": "zz", "cost": "1"}]), [of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], [{"indicator": "a", "cost": "1"}, {"indicator": "b", "cost": "1"}])]),
    Row("MPI-E253", "give it the columns indicator, cost", of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], [{"x": "1"}]), [of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], [{"indicator": "a", "cost": "1"}, {"indicator": "b", "cost": "1"}])]),
    Row("MPI-E253", "write digits with a decimal point", of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], {"a": "1,5", "b": 1}), [of(plan_costs, profile(province()), MEASURE, ["close a", "close b"], {"a": "1.5", "b": 1})]),
    Row("MPI-E253", "leave the costs out: the figures without them say how many more are poor; or give an action that closes or reduces", of(plan_costs, profile(province()), MEASURE, "raise a by 1/2", {"a": 3, "b": 1, "c": 2}), [of(what_if, profile(province()), MEASURE, "raise a by 1/2"), of(plan_costs, profile(province()), MEASURE, "close a", {"a": 3, "b": 1, "c": 2}), of(plan_costs, profile(province()), MEASURE, "reduce a by 1/2", {"a": 3, "b": 1, "c": 2})]),
    Row("MPI-D131", "write thousands without a sign (1250), and three decimals with a fourth (1.2500)", of(plan_costs, profile(province()), MEASURE, ["close a"], [{"a": "1.250"}]), [of(plan_costs, profile(province()), MEASURE, ["close a"], [{"a": "1250"}]), of(plan_costs, profile(province()), MEASURE, ["close a"], [{"a": "1.2500"}])]),
    Row("MPI-E254", "name some of them: indicators=[...]", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, indicators=[]), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, indicators=["a"])]),
    Row("MPI-E253", "name the column as a domain that they are by, or make them by moon", of(plan_costs, profile(province()), MEASURE, "close a", [{"moon": "n", "indicator": "a", "cost": "1"}, {"moon": "s", "indicator": "a", "cost": "1"}]), [of(plan_costs, profile(province()), MEASURE, "close a", [{"region": code, "indicator": "a", "cost": "1"} for code in "nsw"])]),
    Row("MPI-E254", "write a proportion, such as 8% or 0.08", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target=8), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="8%"), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target=0.08)]),
    Row("MPI-E254", "write 1/2 or 50%", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, bounds={"a": "2"}), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, bounds={"a": "1/2"}), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, bounds={"a": "50%"})]),
    Row("MPI-E254", "write 4 for quarters, 1 for all or nothing", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, steps=0), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, steps=4), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, steps=1)]),
    Row("MPI-E254", "there are a, b, c", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, bounds={"zzz": 1}), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, bounds={"a": 1, "b": 1, "c": 1})]),
    Row("MPI-E254", "name the domain that levels are by, or give one bound", of(cheapest_plan, profile(province()), MEASURE, {"a": 3}, budget=1, bounds={"a": {"n": 1}}), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3}, budget=1, bounds={"a": {"n": 1}}, domain="region"), of(cheapest_plan, profile(province()), MEASURE, {"a": 3}, budget=1, bounds={"a": 1})]),
    Row("MPI-E254", "there are n, s, w", of(cheapest_plan, profile(province()), MEASURE, {"a": 3}, budget=1, bounds={"a": {"zzz": 1}}, domain="region"), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3}, budget=1, bounds={"a": {"n": 1, "s": 1, "w": 1}}, domain="region")]),
    Row("MPI-E254", 'write {"water": "1/2"}', of(cheapest_plan, profile(province()), MEASURE, {"a": 3}, budget=1, bounds=7), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3}, budget=1, bounds={"a": "1/2"})]),
    Row("MPI-E254", "write the lowest first", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1e9, bounds={"a": ("1/2", "1/4")}), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1e9, bounds={"a": ("1/4", "1/2")})]),
    Row("MPI-E254", "give one of them", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, k=None), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="40%")]),
    Row("MPI-E254", "write what may be spent, in the currency of the costs", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=-1.0), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1.0)]),
    Row("MPI-E254", "write one of H, M0, poor", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, statistic="A"), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, statistic="H"), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, statistic="M0"), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, statistic="poor")]),
    Row("MPI-E254", "choose levels by a domain of households", of(cheapest_plan, village.profile(village.tables(60)), village.measure(), {"walls": 1}, budget=1, domain="sex"), [of(cheapest_plan, village.profile(village.tables(60)), village.measure(), {"walls": 1}, budget=1, domain="region")]),
    Row("MPI-E254", "write 1/10 or 10%", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="x"), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="1/10"), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="10%")]),
    Row("MPI-E254", "raise the budget, or lower the bounds", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, bounds={"a": ("1/2", 1)}), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1e9, bounds={"a": ("1/2", 1)}), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, budget=1, bounds={"a": (0, 1)})]),
    Row("MPI-E254", "raise the target or the bounds, or close more indicators", of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="10%", indicators=["b"], bounds={"b": "1/2"}), [of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="45%", indicators=["b"], bounds={"b": "1/2"}), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="45%", indicators=["b"]), of(cheapest_plan, profile(province()), MEASURE, {"a": 3, "b": 1, "c": 2}, target="10%", indicators=["a", "b", "c"])]),
    Row("MPI-E010", "compare the figures directly", lambda folder: estimate(profile(province(), stratum=None, psu=None, weight=None, census=True), MEASURE).covariance(),
        [lambda folder: estimate(profile(province(), stratum=None, psu=None, weight=None, census=True), MEASURE, by="region").rows()]),
    Row("MPI-E010", '`only("M0")` or `take(rows)`', of(BY.take(np.zeros(0, np.int64)).covariance), [of(BY.only("M0").covariance), of(BY.take([0, 1]).covariance)]),
    Row("MPI-E011", "write none, holm, bh", of(HEADS.covariance().differences, adjust="bonferroni"), [of(HEADS.covariance().differences, adjust=way) for way in ("none", "holm", "bh")]),
    Row("MPI-E011", "one finite coefficient for each estimate", of(HEADS.covariance().contrast, [1.0]), [of(HEADS.covariance().contrast, [1.0, -1.0, 0.0, 0.0])]),
    Row("MPI-E011", "one finite coefficient for each estimate", of(HEADS.covariance().contrast, "x"), [of(HEADS.covariance().contrast, [1.0, -1.0, 0.0, 0.0])]),
    Row("MPI-E011", "select others with `only` and `take`", of(HEADS.take([0]).covariance().wald), [of(HEADS.take([1, 2]).covariance().wald)]),
    Row("MPI-E011", "test fewer contrasts, or give df= a number", of(found(by="region", df=1).only("H").covariance().wald, adjusted=True),
        [of(found(by="region", df=1).only("H").covariance().wald, [1.0, -1.0, 0.0, 0.0], adjusted=True), of(found(by="region", df=9).only("H").covariance().wald, adjusted=True)]),
    Row("MPI-E011", "estimate with `by=`, and select statistics", of(found().only("H").covariance().differences), [of(HEADS.covariance().differences)]),
    Row("MPI-E011", "did you mean 'n'?", of(HEADS.covariance().differences, against={"region": "N"}), [of(HEADS.covariance().differences, against={"region": "n"})]),
    Row("MPI-E011", "keep its row in the selection", of(found(by="region").only("H", region="n").covariance().differences, against={}), [of(HEADS.covariance().differences, against={})]),
    Row("MPI-E004", "did you mean 'region'?", of(HEADS.covariance().differences, against={"regoin": "n"}), [of(HEADS.covariance().differences, against={"region": "n"})]),
    Row("MPI-E015", "by=", of(profile(province(**MORE), **CALIBRATED).filter, region="n"), [asked(profile(province(**MORE), **CALIBRATED), by="region")]),
    Row("MPI-D041", "look at the variables that its rule reads", asked(profile(province(a=[None] * N))), [asked()]),
    Row("MPI-E001", "leave it out for all", asked(statistics=[]), [asked()]),
    Row("MPI-E002", "make the profile with the domain 'region'", asked(profile(province(), by=()), by="region"), [asked(by="region")]),
    Row("MPI-E002", "the survey has region, area_code, sex", lambda folder: surveyed("zz9"), [lambda folder, name=name: surveyed(name) for name in ("region", "area_code", "sex")]),  # type: ignore[misc]
    Row("MPI-E002", "declare it under `domains:`", lambda folder: surveyed("region", ""), [lambda folder: surveyed("region", "domains:\n  region: region\n")]),
    Row("MPI-E003", "did you mean 'n'?", of(profile(province()).filter, region="N"), [of(profile(province()).filter, region="n")]),
    Row("MPI-E004", "estimate by it: by=...", of(found().only("H", k="1/2").covariance().differences, against={"region": "n"}), [of(HEADS.covariance().differences, against={"region": "n"})]),
    Row("MPI-E011", "see their `note`, and select others", of(FLAT.covariance().wald), [of(FLAT.take([1, 2]).covariance().wald)]),
    Row("MPI-E012", "give their profiles", of(change, rounds(province()), MEASURE, rounds="panel"), [of(change, rounds(province(1), province(2)), MEASURE, rounds="panel")]),
    Row("MPI-E012", "give different rounds, or their `time:`", of(change, rounds(province(1), province(2), times=(2018.0, 2018.0)), MEASURE, rounds="panel"),
        [of(change, rounds(province(1), province(2), times=times), MEASURE, rounds="panel") for times in ((2018.0, 2019.0), (2018.0, 2018.5))]),
    Row("MPI-E013", "write `rounds:` in their designs, or give it here: independent, same_psu, rotating, panel", of(change, rounds(province(1), province(2)), MEASURE),
        [of(change, rounds(province(1), province(2), rounds=how), MEASURE) for how in RELATIONS] + [of(change, rounds(province(1), province(2)), MEASURE, rounds=how) for how in RELATIONS]),
    Row("MPI-E013", "write independent, same_psu, rotating, panel", of(change, rounds(province(1), province(2)), MEASURE, rounds="same"),
        [of(change, rounds(province(1), province(2)), MEASURE, rounds=how) for how in RELATIONS]),
    Row("MPI-D070", "declare `psu:`", of(change, rounds(province(1), province(2), psu=None), MEASURE, rounds="panel"), [of(change, rounds(province(1, **MORE), province(2, **MORE), psu="house", stratum=None), MEASURE, rounds="panel")]),
    Row("MPI-D070", "leave that out of both designs, or declare the rounds independent", of(change, rounds(province(1, **MORE), province(2, **MORE), **CALIBRATED), MEASURE, rounds="panel"),
        [of(change, rounds(province(1), province(2)), MEASURE, rounds="panel"), of(change, rounds(province(1, **MORE), province(2, **MORE), **CALIBRATED), MEASURE, rounds="independent")]),
    Row("MPI-D070", "describe both rounds alike, or declare them independent", of(change, [rounds(province(1))[0], UNLIKE], MEASURE, rounds="panel"),
        [of(change, rounds(province(1), province(2)), MEASURE, rounds="panel"), of(change, [rounds(province(1))[0], UNLIKE], MEASURE, rounds="independent")]),
    Row("MPI-D070", "declare the rounds independent if their samples are", of(change, [replicated(1, 2)[0], replicated(1, 2, number=6)[1]], MEASURE, rounds="panel"),
        [of(change, [replicated(1, 2)[0], replicated(1, 2, number=6)[1]], MEASURE, rounds="independent")]),
    Row("MPI-E030", "call protect once for each round", of(protect, [found(), YEAR], RULES), [lambda folder: [protect([one], RULES) for one in (found(), YEAR)]]),
    Row("MPI-E031", "call protect on the estimates of each round first", of(protect_changes, CHANGED, []), [of(protect_changes, CHANGED, [protect([estimate(one, MEASURE)], RULES)[0] for one in TWO_ROUNDS])]),
    Row("MPI-U111", "give one or more", of(merge, []), [of(merge, [profile(province())])]),
    Row("MPI-D001", "look at its name, or make one", lambda folder: DeprivationProfile.read(folder / "x.parquet"), [made]),
    Row("MPI-D051", "make one with `mpi profile`", foreign, [made]),
    Row("MPI-D051", "make it again with `mpi profile`", cut, [made]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_figures_asked_for_as_the_remedy_says_are_given(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
