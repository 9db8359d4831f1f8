"""The job in DuckDB's SQL: conditions packed into one word and one sum (`bits`), or one `bool_or` each (`bool`)."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.census.rivals import BASE, BIT, CUTOFFS, INDICATORS, WEIGHTS, program

ANY = {
    "illiteracy": "age >= 15 AND literate <> 1",
    "absence": "age BETWEEN 6 AND 16 AND attends <> 1",
    "delay": "age BETWEEN 7 AND 17 AND schooling < age - 7",
    "early_care": "age <= 5 AND (insured <> 1 OR care IN (3, 6, 7))",
    "child_work": "age BETWEEN 12 AND 17 AND activity = 1",
    "long_search": "age >= 12 AND activity = 2 AND weeks >= 52",
    "informality": "age >= 15 AND activity = 1 AND pension <> 1",
    "no_insurance": "age > 5 AND insured <> 1",
    "no_treatment": "treated <> 1",
}
HOUSEHOLD = {
    "water_source": "CASE WHEN zone = 1 THEN water > 3 ELSE water > 5 END",
    "sewerage": "CASE WHEN zone = 1 THEN sewage > 2 ELSE sewage > 4 END",
    "floors": "floor = 6",
    "outer_walls": "CASE WHEN zone = 1 THEN walls IN (6, 7, 8) ELSE walls IN (7, 8) END",
    "crowding": "CASE WHEN zone = 1 THEN members >= 3 * rooms ELSE members > 3 * rooms END",
    "attainment": "poorly_schooled",
}


def word(flags: dict[str, str]) -> str:
    """One bit for each flag, in its place; null is false."""
    return " | ".join(f"CASE WHEN {e} THEN {1 << BIT[n]} ELSE 0 END::USMALLINT" for n, e in flags.items())


def with_bits(persons: str) -> str:
    """Households folded by one OR of words and one sum, which holds years of schooling, adults and members."""
    years = "CASE WHEN age >= 15 THEN schooling::INTEGER * 65536 + 257 ELSE 1 END"
    folded = (
        f"SELECT household, bit_or({word(ANY)}) AS people, sum({years})::BIGINT AS years FROM {persons} GROUP BY ALL"
    )
    adults = "(years >> 8 & 255)"
    return f"""SELECT household, people, years & 255 AS members,
                      {adults} = 0 OR years >> 16 < 9 * {adults} AS poorly_schooled FROM ({folded})"""


def with_bool(persons: str) -> str:
    """Households folded by one aggregate a condition."""
    flags = ", ".join(f"bool_or({condition}) AS {name}" for name, condition in ANY.items())
    folded = f"""SELECT household, {flags}, count(*) AS members, avg(schooling) FILTER (age >= 15) AS mean
                 FROM {persons} GROUP BY ALL"""
    return f"""SELECT household, {word({name: name for name in ANY})} AS people, members,
                      coalesce(mean < 9, true) AS poorly_schooled FROM ({folded})"""


def cells(folder: Path, how: str) -> str:
    """Query of the number of persons by municipality, zone and pattern, with the pattern's score."""
    persons, households = (f"read_parquet('{folder}/{name}*.parquet')" for name in ("persons", "households"))
    folded = with_bits(persons) if how == "bits" else with_bool(persons)
    score = " + ".join(f"(pattern >> {BIT[name]} & 1) * {weight}" for name, weight in WEIGHTS.items())
    return f"""SELECT *, {score} AS score FROM (
                 SELECT municipality, zone, people | {word(HOUSEHOLD)} AS pattern, sum(members)::BIGINT AS members
                 FROM ({folded}) JOIN {households} USING (household) GROUP BY ALL)"""


def figures(folder: Path, output: Path, how: str) -> None:
    """Write the figures of all domains and of the country."""
    poor = {k: f"score * {of} >= {BASE * part}" for k, (part, of) in CUTOFFS.items()}
    deprived = {name: f"(pattern >> {j} & 1)" for name, j in BIT.items()}
    sums = [f'sum(members * {flag}) AS "{name}"' for name, flag in deprived.items()]
    rates: list[tuple[str, str, str, str]] = [
        ("NULL", "uncensored_headcount", f"'{name}'", f'"{name}" / everyone') for name in INDICATORS
    ]
    for k, condition in poor.items():
        sums += [
            f'sum(members) FILTER ({condition}) AS "{k}"',
            f'sum(members * score) FILTER ({condition}) AS "{k} score"',
        ]
        sums += [f'sum(members * {flag}) FILTER ({condition}) AS "{k} {name}"' for name, flag in deprived.items()]
        rates += [
            (f"'{k}'", "poor", "NULL", f'coalesce("{k}", 0)'),
            (f"'{k}'", "H", "NULL", f'coalesce("{k}", 0) / everyone'),
            (f"'{k}'", "A", "NULL", f'"{k} score" / ("{k}" * {BASE})'),
            (f"'{k}'", "M0", "NULL", f'coalesce("{k} score", 0) / (everyone * {BASE})'),
        ]
        rates += [
            (f"'{k}'", "censored_headcount", f"'{name}'", f'coalesce("{k} {name}", 0) / everyone')
            for name in INDICATORS
        ]
    columns = {"k": 0, "statistic": 1, "indicator": 2}
    lists = [f"unnest([{', '.join(rate[at] for rate in rates)}]) AS {name}" for name, at in columns.items() if at != 1]
    lists.append("unnest([" + ", ".join(f"'{rate[1]}'" for rate in rates) + "]) AS statistic")
    lists.append("unnest([" + ", ".join(f"({rate[3]})::DOUBLE" for rate in rates) + "]) AS estimate")
    query = f"""WITH cells AS MATERIALIZED ({cells(folder, how)}),
        sums AS (SELECT municipality, zone, sum(members) AS everyone, {", ".join(sums)} FROM cells
                 GROUP BY GROUPING SETS ((municipality, zone), ()))
        SELECT municipality, zone, {", ".join(lists)} FROM sums"""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET preserve_insertion_order = false")
        connection.execute(f"COPY ({query}) TO '{output}' (FORMAT parquet)")


if __name__ == "__main__":
    program(figures, ["bits", "bool"])
