"""Coverage of 95 % intervals over samples from a known population; writes COVERAGE.md beside itself.

`python -m benchmarks.coverage [samples]` draws two rounds in the same PSUs of an invented country, puts every sample
through the engine, and counts how often the intervals hold the truth: ours, and those that others would give.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import mpi
from mpi.inference.intervals import logit_interval, t_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MEASURE = mpi.load_measure("global_mpi")
UNITS, BASE, ATTAINED = np.array([3, 3, 3, 3, 1, 1, 1, 1, 1, 1]), 18, 6  # k = 1/3
SEED, SAMPLES, REPLICATED, BOOTSTRAP, TAKEN = 2024, 2_000, 300, 200, 16
# Two strata a region, with PSUs drawn in each; poverty of the region. The last is small.
REGIONS = ("north", "east", "west", "south", "islands")
DRAWN = np.array([14, 14, 12, 12, 14, 14, 18, 18, 3, 3])
POVERTY = np.repeat([-0.25, -0.1, 0.0, 0.45, 0.35], 2) + np.tile([-0.2, 0.25], 5)
PSUS = np.array([280, 200, 240, 160, 200, 160, 220, 200, 42, 36])  # of the population
MINORITY_PSUS, MINORITY = 0.25, 0.4  # the group lives in some PSUs only, and is less than half of these
THRESHOLDS = np.array([1.75, 2.65, 1.6, 2.45, 1.05, 1.15, 1.35, 2.05, 1.25, 1.55])
ROUNDS = (2023.0, 2025.0)
# Domains in the order of the page, and their place among ours.
DOMAINS = {"country": ("", ""), "south, 36 PSUs": ("region", "south"), "islands, 6 PSUs": ("region", "islands"),
           "minority, across strata": ("minority", "1")}  # fmt: skip
STATISTICS = ("H", "A", "M0")
CHANGED = ("H", "M0")


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Households, sorted by PSU: of each the PSU, members, group and deprivations."""

    first: Ints
    stratum: Ints
    size: Ints
    members: Ints
    minority: Ints
    flags: NDArray[np.int8]

    def truth(self) -> Floats:
        """H, A and M0 of the domains, by hand; shape (domains, 3)."""
        region = REGIONS_OF[self.stratum][np.repeat(np.arange(len(self.size)), self.size)]
        score = self.flags @ UNITS
        poor = score >= ATTAINED
        found = []
        for column, label in DOMAINS.values():
            inside = {
                "": np.ones(len(score), np.bool_),
                "minority": self.minority == 1,
                "region": region == (REGIONS.index(label) if column == "region" else -1),
            }[column]
            weight = self.members * inside
            persons, h, m = weight.sum(), weight @ poor, weight @ (poor * score) / BASE
            found.append((h / persons, m / h, m / persons))
        return np.array(found)


REGIONS_OF = np.repeat(np.arange(len(REGIONS)), 2)


@cache
def populations() -> tuple[Population, Population]:
    """Both rounds: the same PSUs, whose poverty is nearly the same, and other answers."""
    rng = np.random.default_rng(SEED)
    stratum = np.repeat(np.arange(len(DRAWN)), PSUS)
    size = rng.integers(60, 160, len(stratum))
    place = np.repeat(np.arange(len(stratum)), size)
    share = np.where(rng.random(len(stratum)) < MINORITY_PSUS, MINORITY, 0.0)
    minority = (rng.random(len(place)) < share[place]).astype(np.int64)
    effect = rng.normal(0, 0.6, len(stratum))
    made = []
    for shift in (0.0, -0.12):
        own = POVERTY[stratum] + effect + rng.normal(shift, 0.2, len(stratum))
        latent = own[place] + 0.5 * minority + rng.normal(size=len(place))
        members = 1 + rng.poisson(np.clip(2.2 + 0.5 * latent, 0.5, 5))
        noise = rng.normal(size=(len(place), len(THRESHOLDS)))
        flags = (0.85 * latent[:, None] + noise > THRESHOLDS).astype(np.int8)
        made.append(Population(np.cumsum(size) - size, stratum, size, members, minority, flags))
    return made[0], made[1]


def draw(rng: np.random.Generator, population: Population, psus: Ints) -> pa.Table:
    """A sample of 16 households in each of the PSUs drawn; a PSU drawn twice counts as two."""
    size = population.size[psus]
    rank = np.argsort(rng.random((len(psus), int(size.max()))) + (np.arange(size.max()) >= size[:, None]), axis=1)
    rows = (population.first[psus][:, None] + rank[:, :TAKEN]).ravel()
    stratum = population.stratum[psus]
    total = np.bincount(population.stratum, population.size)
    # Proportional to size, then equal numbers: the same weight in a stratum.
    weight = total / (DRAWN * TAKEN)
    place = np.repeat(np.arange(len(psus)), TAKEN)
    table = {
        "region": pa.DictionaryArray.from_arrays(pa.array(REGIONS_OF[stratum][place].astype(np.int32)), REGIONS),
        "minority": population.minority[rows],
        "stratum": stratum[place],
        "psu": place,
        "members": population.members[rows],
        "weight": weight[stratum][place],
    }
    return pa.table(table | {name: population.flags[rows, j] for j, name in enumerate(MEASURE.names)})


def draw_psus(rng: np.random.Generator, population: Population) -> Ints:
    """PSUs drawn with replacement, with probabilities proportional to size, in each stratum."""
    drawn = []
    for h, number in enumerate(DRAWN.tolist()):
        own = np.flatnonzero(population.stratum == h)
        share = population.size[own] / population.size[own].sum()
        drawn.append(own[rng.choice(len(own), number, p=share)])
    return np.concatenate(drawn)


def profile_of(table: pa.Table, year: float, **options: str) -> mpi.DeprivationProfile:
    return mpi.DeprivationProfile.from_flags(
        table,
        MEASURE,
        weight="weight",
        by=["region", "minority"],
        stratum="stratum",
        psu="psu",
        members="members",
        period=str(year),
        time=year,
        **options,
    )


class Reader:
    """Numbers of one tidy table at the places of our domains and statistics; places are found once."""

    def __init__(self, found: mpi.Estimates | mpi.Changes, statistics: Sequence[str]) -> None:
        change = "change" in found.table.column_names
        place = {}
        for i, row in enumerate(found.rows()):
            if row["statistic"] in statistics and row["k"] == "1/3" and (not change or row["change"] == "absolute"):
                place[row["statistic"], row["region"] or "", row["minority"] or ""] = i
        self.length = len(found)
        self.places = np.array(
            [
                [place[s, label if name == "region" else "", label if name == "minority" else ""] for s in statistics]
                for name, label in DOMAINS.values()
            ]
        )

    def read(self, found: mpi.Estimates | mpi.Changes, *names: str) -> list[Floats]:
        """Columns, shape (domains, statistics) each; NaN for null."""
        assert len(found) == self.length
        columns = [np.array(found.table[name].to_numpy(zero_copy_only=False), np.float64) for name in names]
        return [column[self.places] for column in columns]


@cache
def readers() -> dict[str, Reader]:
    """Of levels and of changes; all samples have the same rows."""
    rng = np.random.default_rng(0)
    before, after = populations()
    psus = draw_psus(rng, before)
    one, two = (
        profile_of(draw(rng, population, psus), year) for population, year in zip((before, after), ROUNDS, strict=True)
    )
    return {
        "levels": Reader(mpi.estimate(one, MEASURE, by=["region", "minority"], k="1/3"), STATISTICS),
        "changes": Reader(
            mpi.change([one, two], MEASURE, by=["region", "minority"], k="1/3", rounds="same_psu"), CHANGED
        ),
    }


Found = dict[str, NDArray[np.float64]]


def stacked(low: Floats, high: Floats, estimate: Floats, se: Floats, df: Floats) -> Floats:
    return np.stack([low, high, estimate, se, df], axis=-1)


def levels_of(profile: mpi.DeprivationProfile, variance: str = "design") -> Floats:
    found = mpi.estimate(profile, MEASURE, by=["region", "minority"], k="1/3", variance=variance, replicates=BOOTSTRAP)
    low, high, estimate, se, df = readers()["levels"].read(found, "ci_low", "ci_high", "estimate", "se", "df")
    return stacked(low, high, estimate, se, df)


def one_sample(number: int, *, replicated: bool) -> Found:
    """The intervals of one sample, by name; float64 of shape (domains, statistics, 5): low, high, estimate, se, df."""
    rng = np.random.default_rng([SEED, number])
    before, after = populations()
    psus = draw_psus(rng, before)
    first, second = draw(rng, before, psus), draw(rng, after, psus)
    one = profile_of(first, ROUNDS[0])
    ours = levels_of(one)
    _, _, estimate, se, df = np.moveaxis(ours, -1, 0)
    whole = np.full(df.shape, float(DRAWN.sum() - len(DRAWN)))
    normal = np.full(df.shape, np.inf)
    found = {
        "ours": ours,
        "symmetric": stacked(*t_interval(estimate, se, df), estimate, se, df),
        "design_df": stacked(*logit_interval(estimate, se, whole), estimate, se, whole),
        "normal": stacked(*t_interval(estimate, se, normal), estimate, se, normal),
        "filtered": filtered(first),
    }
    two = profile_of(second, ROUNDS[1])
    for relation in ("same_psu", "independent"):
        changes = mpi.change([one, two], MEASURE, by=["region", "minority"], k="1/3", rounds=relation)
        found[relation] = stacked(*readers()["changes"].read(changes, "ci_low", "ci_high", "estimate", "se", "df"))
    _, _, moved, moved_se, _ = np.moveaxis(found["same_psu"], -1, 0)
    found["change_normal"] = stacked(*t_interval(moved, moved_se, np.inf), moved, moved_se, normal[:, :2])
    if replicated:
        found |= {name: levels_of(one, name) for name in ("jackknife", "bootstrap")}
        _, _, estimate, se, _ = np.moveaxis(found["jackknife"], -1, 0)
        found["jackknife_design"] = stacked(*logit_interval(estimate, se, whole), estimate, se, whole)
    return found


def filtered(table: pa.Table) -> Floats:
    """The minority from a file that has lost all others: its PSUs are taken for the design, single ones add nothing."""
    own = table.filter(pa.array(table["minority"].to_numpy() == 1))
    found = mpi.estimate(profile_of(own, ROUNDS[0], single_psu="certainty"), MEASURE, k="1/3")
    all_domains = np.full((len(DOMAINS), len(STATISTICS), 5), np.nan)
    for s, statistic in enumerate(STATISTICS):
        row = found.row(statistic, k="1/3")
        all_domains[-1, s] = [row[name] for name in ("ci_low", "ci_high", "estimate", "se", "df")]
    return all_domains


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One kind of interval over all samples, shape (domains, statistics) each."""

    samples: int
    coverage: Floats
    below: Floats
    above: Floats
    width: Floats
    se_over_sd: Floats
    df: Floats
    given: Floats


def measured(found: Floats, truth: Floats) -> Measured:
    """Coverage among the samples that have an interval; `found` has shape (samples, domains, statistics, 5)."""
    low, high, estimate, se, df = np.moveaxis(found, -1, 0)
    given = np.isfinite(low) & np.isfinite(high)
    number = np.maximum(given.sum(axis=0), 1)
    below, above = (truth < low).sum(axis=0) / number, (truth > high).sum(axis=0) / number
    with np.errstate(invalid="ignore", divide="ignore"):
        width = np.where(given, high - low, 0).sum(axis=0) / number
        ratio = np.where(given, se, 0).sum(axis=0) / number / np.where(given, estimate, np.nan).std(axis=0, ddof=1)
        if not given.all():
            ratio = np.where(given.all(axis=0), ratio, _ratio(se, estimate, given))
    return Measured(
        len(found),
        1 - below - above,
        below,
        above,
        width,
        ratio,
        np.where(given, df, 0).sum(axis=0) / number,
        given.mean(axis=0),
    )


def _ratio(se: Floats, estimate: Floats, given: NDArray[np.bool_]) -> Floats:
    out = np.full(given.shape[1:], np.nan)
    for d, s in np.ndindex(out.shape):
        own = given[:, d, s]
        if own.sum() > 1:
            out[d, s] = se[own, d, s].mean() / estimate[own, d, s].std(ddof=1)
    return out


def _job(number: int) -> Found:
    return one_sample(number, replicated=number < REPLICATED)


def simulated(samples: int) -> dict[str, Floats]:
    """The intervals of all samples, by name; shape (samples, domains, statistics, 5)."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        all_found = list(pool.imap(_job, range(samples), chunksize=10))
    names = all_found[0].keys()
    return {name: np.array([found[name] for found in all_found if name in found]) for name in names}


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def share_of(one: Measured, d: int, s: int) -> str:
    """Coverage in percent, with its simulation error."""
    p, number = one.coverage[d, s], one.samples * one.given[d, s]
    return f"{percent(p)} ± {percent(float(np.sqrt(p * (1 - p) / number)))}" if number else "none"


def full_rows(one: Measured, truth: Floats, statistics: Sequence[str]) -> list[list[str]]:
    """All that was measured of one kind of interval, a row for each domain and statistic."""
    return [
        [
            name,
            statistic,
            f"{truth[d, s]:.4f}",
            share_of(one, d, s),
            percent(one.below[d, s]),
            percent(one.above[d, s]),
            f"{one.width[d, s]:.4f}",
            f"{one.se_over_sd[d, s]:.2f}",
            f"{one.df[d, s]:.1f}",
        ]
        for d, name in enumerate(DOMAINS)
        for s, statistic in enumerate(statistics)
    ]


def beside(kinds: Sequence[Measured], statistics: Sequence[str], only: Sequence[str]) -> list[list[str]]:
    """Coverage and width of several kinds of interval, a row for each domain and statistic."""
    found = []
    for d, name in enumerate(DOMAINS):
        for s, statistic in enumerate(statistics):
            if statistic in only:
                own = [f"{share_of(one, d, s)} ({one.width[d, s]:.3f})" if one.given[d, s] else "" for one in kinds]
                found.append([name, statistic, *own])
    return found


FULL = ("domain", "statistic", "truth", "coverage, %", "truth below, %", "truth above, %", "mean width",
        "mean SE / SD", "mean df")  # fmt: skip


def page(found: dict[str, Floats], truth: Floats, moved: Floats, seconds: float) -> str:
    """COVERAGE.md."""
    kinds = {name: measured(one, moved if one.shape[2] == len(CHANGED) else truth) for name, one in found.items()}
    few = {
        f"few_{name}": measured(found[name][:REPLICATED], truth)
        for name in ("ours", "jackknife", "bootstrap", "jackknife_design")
    }
    samples, before = kinds["ours"].samples, populations()[0]
    missing = [name for name, one in kinds.items() if ((one.given > 0) & (one.given < 1)).any()]
    without = (
        f"Some samples have no interval ({', '.join(missing)}); coverage is computed from the others."
        if missing
        else "Every sample has all its intervals."
    )
    replicate_head = ("domain", "statistic", "linearised", "jackknife JKn", "bootstrap of Rao and Wu")
    return PAGE.format(
        samples=f"{samples:,}",
        households=f"{len(before.members):,}",
        psus=f"{PSUS.sum():,}",
        strata=len(PSUS),
        drawn=DRAWN.sum(),
        taken=TAKEN,
        sample=f"{DRAWN.sum() * TAKEN:,}",
        m0=f"{truth[0, 2]:.3f}",
        without=without,
        error=percent(float(np.sqrt(0.05 * 0.95 / samples))),
        minutes=f"{seconds / 60:.1f}",
        levels=table(FULL, full_rows(kinds["ours"], truth, STATISTICS)),
        changes=table(FULL, full_rows(kinds["same_psu"], moved, CHANGED)),
        relations=table(
            ("domain", "change of", "same PSUs, t", "wrongly independent, t", "same PSUs, normal"),
            beside([kinds[name] for name in ("same_psu", "independent", "change_normal")], CHANGED, CHANGED),
        ),
        choices=table(
            (
                "domain",
                "statistic",
                "logit, t, df of the domain",
                "symmetric, t, df of the domain",
                "logit, t, df of the whole design",
                "symmetric, normal",
                "from a file of the domain alone",
            ),
            beside(
                [kinds[name] for name in ("ours", "symmetric", "design_df", "normal", "filtered")],
                STATISTICS,
                ("H", "M0"),
            ),
        ),
        conclusions=conclusions(kinds, few),
        few=min(REPLICATED, samples),
        bootstrap=BOOTSTRAP,
        replicated=table(
            (*replicate_head, "jackknife, df of the design"), beside(list(few.values()), STATISTICS, STATISTICS)
        ),
        ratios=table(
            replicate_head,
            [
                [name, statistic, *(f"{one.se_over_sd[d, s]:.2f}" for one in list(few.values())[:3])]
                for d, name in enumerate(DOMAINS)
                for s, statistic in enumerate(STATISTICS)
            ],
        ),
    )


PAGE = """# Do the 95 % intervals contain the true value in 95 % of samples?

Written by `python -m benchmarks.coverage` ({minutes} minutes on two cores, with a fixed seed). Do not edit.

The population is an invented country of {households} households in {psus} PSUs and {strata} strata. Households in
one PSU are similar: the PSU effect has standard deviation 0.6, the household effect 1. Household size increases
with poverty. The measure has 10 indicators of the global MPI, k = 1/3 and M0 = {m0}. From this population {samples}
samples are drawn: {drawn} PSUs with replacement and proportional to size, with {taken} households in each, {sample}
in total. The second round interviews other households in the same PSUs. Each sample is processed by `from_flags`,
`estimate` and `change`. There are four domains: the country; a large region; a small region with 2 strata of 3
PSUs; and a minority that lives in a quarter of the PSUs, across all strata.

"±" is the simulation error of the coverage, {error} points at 95 %. "Truth below" and "truth above" are the shares
of samples whose whole interval is above, or below, the true value. "SE / SD" is the mean standard error divided by
the standard deviation of the estimates over the samples. {without}

## Conclusions

{conclusions}

## Levels

{levels}

## Changes between two rounds in the same PSUs

{changes}

## Results of other methods

Coverage in percent, mean width in brackets. R's `confint` without `df=` gives the symmetric normal interval. mpitbR
uses the df of the whole design, and the normal distribution for changes.

{choices}

{relations}

## Replicates

The first {few} samples; the bootstrap with {bootstrap} replicates. Coverage in percent, mean width in brackets:

{replicated}

Mean standard error over the standard deviation of the estimates:

{ratios}
"""

CONCLUSIONS = """- **Country and large region**: intervals contain H and M0 in {range_large} % of samples; standard
  errors are within {off_large} % of the true standard deviation.
- **Six PSUs**: coverage is {small_H} % for H and {small_M0} % for M0, but intervals are {times_small} times as wide
  as those of the large region and of little use. For A it is only {small_A} %: its standard error is
  {ratio_small_A} of the true standard deviation, because A depends on few poor households in 6 PSUs. No interval
  method solves this; rules on the df and the number of cases are needed.
- **Other quantiles**, M0 in six PSUs: the normal quantile covers {normal_small} %, the df of the whole design
  {design_small} %, and t with the domain's df but without the logit {symmetric_small} %. For the country there is
  hardly any difference.
- **A file with only the minority** covers its M0 in {filtered} % of samples, the whole design in {minority} %. The
  standard errors are {filtered_narrower} % smaller because PSUs were lost. The more PSUs have no member, the larger
  the difference.
- **Changes**: shared PSUs must be declared. If the rounds are treated as independent, the interval of the country's
  M0 is {wider} times as wide and covers {independent} %, so a real decrease is not detected. The correct intervals
  cover {range_changes} %.
- **Replicates** give the same standard errors as linearisation; for A they are larger and closer to the true
  standard deviation. With the df of R (the rank of all replicates minus 1), the jackknife covers M0 in 6 PSUs in
  {jackknife_design_small} %. For replicates that `mpi` makes, it uses the domain's df: {jackknife_small} %."""


def conclusions(kinds: dict[str, Measured], few: dict[str, Measured]) -> str:
    """Conclusions from the tables, with their numbers."""
    ours, same, independent = kinds["ours"], kinds["same_psu"], kinds["independent"]
    country, large, small, minority, H, A, M0 = 0, 1, 2, 3, 0, 1, 2
    alone = kinds["filtered"].se_over_sd[minority, M0] / ours.se_over_sd[minority, M0]
    both = ours.coverage[: large + 1][:, [H, M0]]
    return CONCLUSIONS.format(
        range_large=f"{percent(both.min())} to {percent(both.max())}",
        off_large=f"{100 * np.abs(ours.se_over_sd[: large + 1][:, [H, M0]] - 1).max():.0f}",
        small_H=percent(ours.coverage[small, H]),
        small_M0=percent(ours.coverage[small, M0]),
        times_small=f"{ours.width[small, M0] / ours.width[large, M0]:.1f}",
        small_A=percent(ours.coverage[small, A]),
        ratio_small_A=f"{ours.se_over_sd[small, A]:.2f}",
        normal_small=percent(kinds["normal"].coverage[small, M0]),
        design_small=percent(kinds["design_df"].coverage[small, M0]),
        symmetric_small=percent(kinds["symmetric"].coverage[small, M0]),
        filtered=percent(kinds["filtered"].coverage[minority, M0]),
        minority=percent(ours.coverage[minority, M0]),
        filtered_narrower=f"{100 * (1 - alone):.0f}",
        wider=f"{independent.width[country, 1] / same.width[country, 1]:.2f}",
        independent=percent(independent.coverage[country, 1]),
        range_changes=f"{percent(same.coverage.min())} to {percent(same.coverage.max())}",
        jackknife_small=percent(few["few_jackknife"].coverage[small, M0]),
        jackknife_design_small=percent(few["few_jackknife_design"].coverage[small, M0]),
    )


def main(samples: int) -> None:
    """Simulate, and write the page."""
    began = time.monotonic()
    before, after = populations()
    truth = before.truth()
    moved = (after.truth() - truth)[:, [STATISTICS.index(name) for name in CHANGED]]
    found = simulated(samples)
    text = page(found, truth, moved, time.monotonic() - began)
    Path(__file__).with_name("COVERAGE.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # two processes, two cores
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
