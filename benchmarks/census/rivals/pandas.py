"""The job in pandas: narrow numpy columns, words folded by `reduceat` (`bits`), or `groupby(...).any()` (`groupby`).

The columns are read as Arrow's types, which keeps them as narrow as they are stored; numpy's default would turn every
column with a null into float64.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.census.rivals import BASE, BIT, CUTOFFS, HOUSEHOLDS, INDICATORS, PERSONS, WEIGHTS, program

Array = NDArray[np.generic]
Columns = dict[str, NDArray[np.int64]]
ONE_ADULT = 1 << 16  # above any sum of years of schooling


def read(folder: Path, name: str, columns: tuple[str, ...]) -> Columns:
    """Columns as numpy arrays; a question not asked is 0, which is not the code of any answer."""
    frame = pd.read_parquet(folder / f"{name}.parquet", columns=list(columns), dtype_backend="pyarrow")
    known = {name: column.fillna(0) if column.hasnans else column for name, column in frame.items()}
    return {name: column.to_numpy(frame.dtypes[name].numpy_dtype) for name, column in known.items()}


def conditions(p: Columns) -> dict[str, NDArray[np.bool_]]:
    """Each person's conditions of the indicators that one member decides."""
    age = p["age"]
    return {
        "illiteracy": (age >= 15) & (p["literate"] == 2),
        "absence": (age >= 6) & (age <= 16) & (p["attends"] == 2),
        "delay": (age >= 7) & (age <= 17) & (p["schooling"] < age - 7),
        "early_care": (age <= 5) & ((p["insured"] != 1) | np.isin(p["care"], [3, 6, 7])),
        "child_work": (age >= 12) & (age <= 17) & (p["activity"] == 1),
        "long_search": (age >= 12) & (p["activity"] == 2) & (p["weeks"] >= 52),
        "informality": (age >= 15) & (p["activity"] == 1) & (p["pension"] == 2),
        "no_insurance": (age > 5) & (p["insured"] != 1),
        "no_treatment": p["treated"] == 2,
    }


def word(flags: dict[str, NDArray[np.bool_]]) -> NDArray[np.uint16]:
    """One bit for each flag, in its place."""
    whole = np.zeros(len(next(iter(flags.values()))), np.uint16)
    for name, flag in flags.items():
        whole |= flag.astype(np.uint16) << np.uint16(BIT[name])
    return whole


def with_bits(p: Columns) -> tuple[Array, NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64]]:
    """Households folded by one OR of words and one sum: their numbers, words, packed years of schooling, members."""
    household, people = p["household"], word(conditions(p))
    years = np.where(p["age"] >= 15, p["schooling"] + np.int32(ONE_ADULT), np.int32(0))
    if (household[1:] >= household[:-1]).all():
        start = np.flatnonzero(np.concatenate([[True], household[1:] != household[:-1]]))
        members = np.diff(start, append=len(household))
        return household[start], np.bitwise_or.reduceat(people, start), np.add.reduceat(years, start), members
    code, found = pd.factorize(household)
    folded = np.zeros(len(found), np.uint16)
    np.bitwise_or.at(folded, code, people)
    return found, folded, np.bincount(code, years).astype(np.int64), np.bincount(code)


def with_groupby(p: Columns) -> tuple[Array, NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64]]:
    """As `with_bits`, one aggregate a condition."""
    flags, adult = conditions(p), p["age"] >= 15
    years = np.where(adult, p["schooling"] + np.int32(ONE_ADULT), np.int32(0))
    persons = pd.DataFrame({**flags, "years": years, "household": p["household"]}, copy=False)
    grouped = persons.groupby("household", sort=False)
    whether = grouped[list(flags)].any()
    people = word({name: whether[name].to_numpy() for name in flags})
    return whether.index.to_numpy(), people, grouped["years"].sum().to_numpy(), grouped.size().to_numpy()


def patterns(folder: Path, how: str) -> tuple[Columns, NDArray[np.uint16], NDArray[np.int64]]:
    """The households' columns, patterns and members."""
    fold = with_bits if how == "bits" else with_groupby
    household, people, years, members = fold(read(folder, "persons", PERSONS))
    h = read(folder, "households", HOUSEHOLDS)
    if not np.array_equal(household, h["household"]):
        at = pd.Index(household).get_indexer(h["household"])
        people, years, members = people[at], years[at], members[at]
    urban, adults = h["zone"] == 1, years // ONE_ADULT
    flags = {
        "attainment": (adults == 0) | (years % ONE_ADULT < 9 * adults),
        "water_source": np.where(urban, h["water"] > 3, h["water"] > 5),
        "sewerage": np.where(urban, h["sewage"] > 2, h["sewage"] > 4),
        "floors": h["floor"] == 6,
        "outer_walls": np.where(urban, h["walls"] >= 6, h["walls"] >= 7),
        "crowding": np.where(urban, members >= 3 * h["rooms"], members > 3 * h["rooms"]),
    }
    return h, people | word(flags), members


def figures(folder: Path, output: Path, how: str) -> None:
    """Write the figures of all domains and of the country."""
    h, pattern, members = patterns(folder, how)
    key = h["municipality"].astype(np.int64) << 20 | h["zone"].astype(np.int64) << 16 | pattern
    cells = pd.Series(members).groupby(key).sum()  # ascending by key, so by place
    key, number = cells.index.to_numpy(), cells.to_numpy()
    place = key >> 16
    first = np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]]))
    deprived = key[:, None] >> np.arange(len(INDICATORS)) & 1
    score = deprived @ np.array(list(WEIGHTS.values()))
    index = pd.MultiIndex.from_arrays([place[first] >> 4, place[first] & 15], names=["municipality", "zone"])

    def sums(values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Totals of the country, then of each place."""
        of_places = np.add.reduceat(values, first)
        return np.concatenate([of_places.sum(0, keepdims=True), of_places])

    everyone = sums(number)
    rates: list[tuple[str | None, str, str | None, Array]] = []

    def headcounts(k: str | None, statistic: str, counted: NDArray[np.int64]) -> None:
        shares = sums(counted[:, None] * deprived) / everyone[:, None]
        rates.extend((k, statistic, name, shares[:, j]) for j, name in enumerate(INDICATORS))

    headcounts(None, "uncensored_headcount", number)
    for k, (part, of) in CUTOFFS.items():
        poor = number * (score * of >= BASE * part)
        people, scored = sums(poor), sums(poor * score)
        intensity = np.divide(scored, people * BASE, out=np.full(len(people), np.nan), where=people > 0)
        rates += [
            (k, "poor", None, people),
            (k, "H", None, people / everyone),
            (k, "A", None, intensity),
            (k, "M0", None, scored / (everyone * BASE)),
        ]
        headcounts(k, "censored_headcount", poor)
    write(index, rates, output)


def write(index: pd.MultiIndex, rates: list[tuple[str | None, str, str | None, Array]], output: Path) -> None:
    """One row for each domain and statistic."""
    places = index.to_frame(index=False).astype("Int32")
    places = pd.concat([pd.DataFrame([[pd.NA, pd.NA]], columns=places.columns, dtype="Int32"), places])
    of, which = np.tile(np.arange(len(places)), len(rates)), np.repeat(np.arange(len(rates)), len(places))
    table = places.take(of).reset_index(drop=True)
    for at, name in enumerate(("k", "statistic", "indicator")):
        table[name] = pd.Categorical([rate[at] for rate in rates]).take(which)
    table["estimate"] = np.concatenate([rate[3] for rate in rates])
    table.to_parquet(output)


if __name__ == "__main__":
    program(figures, ["bits", "groupby"])
