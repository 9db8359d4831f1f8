"""The job in polars, lazily, by its streaming engine.

There are three versions. `sorted` declares to polars that both files ascend by household, so that it uses its sorted
group-by. It places the files side by side instead of joining them, and checks that the households agree; it must not be
used on a shuffled file. `bits` packs a person's conditions into one word, and schooling with the number of adults into
one sum, for a hash group-by. `any` follows the documentation: one aggregate for each condition.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import polars as pl

from benchmarks.census.rivals import BASE, BIT, CUTOFFS, INDICATORS, WEIGHTS, program

c = pl.col
AGE, ADULT, URBAN = c("age"), c("age") >= 15, c("zone") == 1
PLACE = ["municipality", "zone"]
ANY = {
    "illiteracy": ADULT & (c("literate") != 1),
    "absence": AGE.is_between(6, 16) & (c("attends") != 1),
    "delay": AGE.is_between(7, 17) & (c("schooling") < AGE - 7),
    "early_care": (AGE <= 5) & ((c("insured") != 1) | c("care").is_in([3, 6, 7])),
    "child_work": AGE.is_between(12, 17) & (c("activity") == 1),
    "long_search": (AGE >= 12) & (c("activity") == 2) & (c("weeks") >= 52),
    "informality": ADULT & (c("activity") == 1) & (c("pension") != 1),
    "no_insurance": (AGE > 5) & (c("insured") != 1),
    "no_treatment": c("treated") != 1,
}
HOUSING = {
    "water_source": pl.when(URBAN).then(c("water") > 3).otherwise(c("water") > 5),
    "sewerage": pl.when(URBAN).then(c("sewage") > 2).otherwise(c("sewage") > 4),
    "floors": c("floor") == 6,
    "outer_walls": pl.when(URBAN).then(c("walls").is_in([6, 7, 8])).otherwise(c("walls").is_in([7, 8])),
}
CROWDING = pl.when(URBAN).then(c("members") >= 3 * c("rooms")).otherwise(c("members") > 3 * c("rooms"))
ONE_ADULT = 1 << 16  # above any sum of years of schooling


def word(flags: dict[str, pl.Expr]) -> pl.Expr:
    """One bit for each flag, in its place; null is false."""
    bits = [pl.when(e).then(pl.lit(1 << BIT[n], pl.UInt16)).otherwise(pl.lit(0, pl.UInt16)) for n, e in flags.items()]
    whole = bits[0]
    for bit in bits[1:]:
        whole = whole | bit
    return whole


def with_any(persons: pl.LazyFrame) -> pl.LazyFrame:
    """Households folded by one aggregate a condition."""
    flags = [condition.any().alias(name) for name, condition in ANY.items()]
    mean = c("schooling").filter(ADULT).mean().alias("mean")
    folded = persons.group_by("household").agg(*flags, mean, members=pl.len().cast(pl.Int16))
    poorly = {"attainment": (c("mean") < 9).fill_null(True)}
    return folded.select("household", "members", people=word({**poorly, **{name: c(name) for name in ANY}}))


def with_bits(persons: pl.LazyFrame) -> pl.LazyFrame:
    """Households folded by one OR of words and one sum."""
    years = pl.when(ADULT).then(c("schooling").cast(pl.Int64) + ONE_ADULT).otherwise(0)
    packed = persons.select("household", people=word(ANY), years=years)
    folded = packed.group_by("household").agg(
        c("people").bitwise_or(), c("years").sum(), members=pl.len().cast(pl.Int16)
    )
    adults = c("years") // ONE_ADULT
    poorly = word({"attainment": (adults == 0) | (c("years") % ONE_ADULT < 9 * adults)})
    return folded.select("household", "members", people=c("people") | poorly)


def units(folder: Path, how: str) -> pl.LazyFrame:
    """Municipality, zone, members and pattern of each household, and whether the two files are out of step."""
    persons, households = (pl.scan_parquet(folder / f"{name}*.parquet") for name in ("persons", "households"))
    houses = households.select("household", *PLACE, "rooms", dwelling=word(HOUSING))
    if how == "sorted":
        folded = with_any(persons.set_sorted("household")).rename({"household": "of"})
        joined = pl.concat([folded, houses], how="horizontal")
        astray = c("of").ne_missing(c("household"))
    else:
        folded = with_any(persons) if how == "any" else with_bits(persons)
        joined = folded.join(houses, on="household")
        astray = pl.lit(False)
    pattern = c("people") | c("dwelling") | word({"crowding": CROWDING})
    return joined.select(*PLACE, "members", pattern=pattern, astray=astray)


def write_flags(folder: Path, output: Path) -> None:
    """Write the deprivations of every household as ready-made columns of 0 and 1."""
    flags = [((c("pattern") & (1 << j)) != 0).cast(pl.Int8).alias(name) for name, j in BIT.items()]
    units(folder, "bits").select(*PLACE, "members", *flags).sort(PLACE).sink_parquet(output)


def figures(folder: Path, output: Path, how: str) -> None:
    """Write the figures of all domains and of the country."""
    flags = {name: (c("pattern") & (1 << j)) != 0 for name, j in BIT.items()}
    score = pl.sum_horizontal([c(name).cast(pl.Int16) * weight for name, weight in WEIGHTS.items()])
    poor = {k: c("score") * of >= BASE * part for k, (part, of) in CUTOFFS.items()}
    cells = units(folder, how).group_by(*PLACE, "pattern").agg(c("members").cast(pl.Int64).sum(), c("astray").any())
    scored = cells.with_columns(**flags).with_columns(score=score).with_columns(**poor)

    def people(which: pl.Expr, name: str) -> pl.Expr:
        return (c("members") * which).sum().alias(name)

    sums = [c("members").sum(), c("astray").any(), *(people(c(name), name) for name in INDICATORS)]
    for k in CUTOFFS:
        sums += [people(c(k), k), people(c(k) * c("score"), f"{k} score")]
        sums += [people(c(k) & c(name), f"{k} {name}") for name in INDICATORS]
    domains = scored.group_by(*PLACE).agg(*sums).collect(engine="streaming")
    if domains["astray"].any():
        raise SystemExit("the two files do not hold the same households in the same order")
    numbers = [name for name in domains.columns if name not in PLACE]
    country = domains.select(pl.lit(None, domains.schema[name]).alias(name) for name in PLACE).head(1)
    whole = pl.concat([country.hstack(domains.select(c(numbers).sum())), domains.cast({"astray": pl.UInt32})])
    tidy(whole).write_parquet(output)


def tidy(sums: pl.DataFrame) -> pl.DataFrame:
    """One row for each domain and statistic."""
    rates: list[tuple[str | None, str, str | None, pl.Expr]] = [
        (None, "uncensored_headcount", name, c(name) / c("members")) for name in INDICATORS
    ]
    for k in CUTOFFS:
        intensity = pl.when(c(k) > 0).then(c(f"{k} score") / (c(k) * BASE))
        rates += [
            (k, "poor", None, c(k).cast(pl.Float64)),
            (k, "H", None, c(k) / c("members")),
            (k, "A", None, intensity),
            (k, "M0", None, c(f"{k} score") / (c("members") * BASE)),
        ]
        rates += [(k, "censored_headcount", name, c(f"{k} {name}") / c("members")) for name in INDICATORS]
    meaning = pl.DataFrame(
        [(str(j), *names) for j, (*names, _) in enumerate(rates)],
        schema={"rate": pl.String, "k": pl.String, "statistic": pl.String, "indicator": pl.String},
        orient="row",
    )
    wide = sums.select(*PLACE, *(rate.alias(str(j)) for j, (*_, rate) in enumerate(rates)))
    return wide.unpivot(index=PLACE, variable_name="rate", value_name="estimate").join(meaning, on="rate").drop("rate")


if __name__ == "__main__":
    program(figures, ["sorted", "bits", "any"])
