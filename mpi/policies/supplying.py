"""Supply against demand by area: places offered, from a table by code, against the poor who are deprived.

Comes in: a profile and a table with a code and a number of places in each row. Goes out: demand with its error, the gap
and the ratio, by area. An area without a row has no supply that is known: null, not 0. Places have no error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow as pa

from mpi.analysis.numbers import numbers
from mpi.errors import DataError, Fault, Notice, Place, UsageError, counted, listed, nearest
from mpi.errors.arguments import JUDGED, public
from mpi.estimates import Request, Tidy
from mpi.estimates.tidy import refuse_columns
from mpi.language import phrase, template
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.profile import MISSING_LEVEL, DeprivationProfile
from mpi.source.small_numbers import doubtful, numbers_of
from mpi.source.small_tables import small_table
from mpi.specs.measure import K, Measure
from mpi.specs.microdata import Microdata
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import DEMANDS, DegreesOfFreedom, Demand, Unit, Variance

POOR_AND_DEPRIVED: Demand = "poor_and_deprived"
NO_ROW = template("no row in the table of places")
TABLE = phrase("the table of places")


@dataclass(frozen=True, slots=True, eq=False)
class SupplyDemand(Tidy):
    """Places against demand, one row an area; supports Arrow, so pandas, polars and DuckDB read it directly.

    Attributes
    ----------
    table : pyarrow.Table
        `measure, survey, period, unit, k, indicator, demand` (which demand it is), the domain, `supply` (null without a
        row), `estimate` (demand) with `se, ci_low, ci_high, cv, df, n, reliability`; `gap` (demand less supply; above 0
        places lack) with `gap_low, gap_high`; `ratio` (supply over demand) with `ratio_se`; `note`.
    domains : tuple of str
        The domain.
    unplaced : tuple of (str, float)
        Codes of the table that no area has, with their places.
    notices : tuple of Notice
    """

    unplaced: tuple[tuple[str, float], ...]

    def __repr__(self) -> str:
        return f"SupplyDemand: {len(self):,} rows, domains: {', '.join(self.domains)}; unplaced: {len(self.unplaced):,}"

    @property
    def _named_by(self) -> str:
        return "demand"

    def _check_name(self, name: str) -> None:
        check_demand(name)


@public
def supply_demand(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    supply: Annotated[object, JUDGED],
    *,
    by: str,
    indicator: str,
    code: str = "",
    places: str = "",
    demand: Demand = POOR_AND_DEPRIVED,
    k: K | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    reliability: str | Path | Reliability | None = None,
) -> SupplyDemand:
    """Places offered against the poor who are deprived in an indicator, by area.

    Parameters
    ----------
    profile, measure
        As for `mpi.estimate`.
    supply : str, Path or frame
        A CSV, Parquet or XLSX file, or a frame that speaks Arrow; one row a code.
    by : str
        The domain of the areas.
    indicator : str
        In which they are deprived.
    code, places : str
        Columns of the table: codes as the domain has them, with their zeros; numbers. The domain's name, or the first
        column, and the only other column, if left out.
    demand : {"poor_and_deprived", "deprived"}
        Who needs a place.
    k : str, Fraction or Cutoff, optional
        Of the poor; the measure's first cutoff if left out.
    unit, level, df, variance, reliability
        As for `mpi.estimate`. A place is one for each of the unit.

    Returns
    -------
    SupplyDemand
        The gap and its interval are those of demand less a number that is taken as known.

    Raises
    ------
    UsageError
        If there is no such indicator, demand, column or file; or as `mpi.estimate`.
    DataError
        If a code comes twice, or a number of places is none or below 0; with every fault.
    """
    if indicator not in measure.names:
        text = phrase("the measure {name} has no indicator {indicator!r}", name=measure.name, indicator=indicator)
        remedy = nearest(indicator, measure.names) or phrase("write one of {names}", names=", ".join(measure.names))
        raise UsageError(Fault("MPI-E213", None, text, remedy))
    check_demand(demand)
    refuse_columns((by,), _schema("").names)
    offered = offers(supply, code, places, by)
    made = profile_for(profile, measure, by)
    asked = Request(
        measure=measure, rules=rules_for(made, reliability), by=[by],
        k=measure.cutoff(measure.cutoffs[0] if k is None else k), unit=unit, level=level, df=df, variance=variance,
    )  # fmt: skip
    found = numbers(made, asked)
    rows = [row for row in found if row["figure"] == demand and row["indicator"] == indicator and row[by] is not None]
    told = [_row(row, by, offered.get(row[by]), demand, asked) for row in rows if row[by] != MISSING_LEVEL]
    unplaced = tuple((one, number) for one, number in offered.items() if one not in {row[by] for row in rows})
    table = pa.Table.from_pylist(told, schema=_schema(by))
    return SupplyDemand(table, (by,), (*found.notices, *unmet({str(row[by]) for row in told}, offered, by)), unplaced)


def check_demand(demand: str) -> None:
    """Refuse a demand that there is not.

    Raises
    ------
    UsageError
    """
    if demand not in DEMANDS:
        text = phrase("there is no demand {name!r}", name=demand)
        raise UsageError(Fault("MPI-E213", None, text, phrase("write {names}", names=", ".join(DEMANDS))))


def _row(row: Mapping[str, object], by: str, offered: float | None, demand: str, asked: Request) -> dict[str, object]:
    """Demand, supply, gap and ratio of an area."""
    need, low, high, se = (row[name] for name in ("estimate", "ci_low", "ci_high", "se"))
    made = {name: row.get(name) for name in ("measure", "survey", "period", "unit", "indicator", by, "estimate", "se",
                                             "ci_low", "ci_high", "cv", "df", "n", "reliability")}  # fmt: skip
    made |= {"k": row["k"] or asked.measure.cutoff(asked.k).text if demand == POOR_AND_DEPRIVED else None}  # type: ignore[arg-type]
    made |= {"demand": demand, "supply": offered, "note": row["note"] if offered is not None else NO_ROW}
    if offered is None:
        return made
    if isinstance(need, float):
        made["gap"] = need - offered
        made["gap_low"] = low - offered if isinstance(low, float) else None
        made["gap_high"] = high - offered if isinstance(high, float) else None
        if need > 0:
            made["ratio"] = offered / need
            made["ratio_se"] = offered * se / need**2 if isinstance(se, float) else None
    return made


def _schema(by: str) -> pa.Schema:
    word = pa.dictionary(pa.int32(), pa.string())
    texts_ = ("measure", "survey", "period", "unit", "k", "indicator", "demand", by)
    numbers_ = ("supply", "estimate", "se", "ci_low", "ci_high", "gap", "gap_low", "gap_high", "ratio", "ratio_se",
                "cv", "df")  # fmt: skip
    fields = [(name, word) for name in texts_] + [(name, pa.float64()) for name in numbers_]
    return pa.schema([*fields, ("n", pa.int64()), ("reliability", word), ("note", word)])


def unmet(codes: Collection[str], offered: Mapping[str, float], by: str) -> list[Notice]:
    """What the areas of a domain and the rows of a table of places do not have of each other."""
    told = []
    unplaced = [(one, number) for one, number in offered.items() if one not in codes]
    if lacking := sum(code not in offered for code in codes):
        text = phrase(
            "{number} of {all} areas of {by} have no row in the table of places: their supply is not known",
            number=lacking, all=len(codes), by=by,
        )  # fmt: skip
        told.append(Notice("MPI-N180", text))
    if unplaced:
        text = phrase(
            "{rows} of the table of places are of no area of {by}, with {places:,.0f} places: {names}",
            rows=counted(len(unplaced), "row"), by=by, places=sum(number for _, number in unplaced),
            names=listed([one for one, _ in unplaced]),
        )  # fmt: skip
        told.append(Notice("MPI-N180", text))
    return told


def offers(supply: object, code: str, places: str, by: str) -> dict[str, float]:
    """The places of each code of a table.

    Raises
    ------
    UsageError
        If a column or the file is not there.
    DataError
        With every fault of the rows.
    """
    table = small_table(supply, TABLE)
    columns, place = table.columns, Place(table.name)
    own, number = _named(columns, place, code, places, by)
    codes, read, faults = columns[own], numbers_of(columns[number]), []
    values = [one if one is not None and np.isfinite(one) and one >= 0 else None for one in map(_float, read.exact)]
    if read.sign:
        faults.append(doubtful(number, read, place))
    if twice := [one for one, times in Counter(codes).items() if times > 1]:
        text = phrase("codes come twice in {table}: {names}", table=TABLE, names=listed(twice))
        faults.append(Fault("MPI-D148", place, text, phrase("add up their rows, so that each code has one")))
    if wrong := [one for one, value in zip(codes, values, strict=True) if value is None]:
        text = phrase("{table} has no number of places, or one below 0, for {names}", table=TABLE, names=listed(wrong))
        remedy = phrase("write numbers from 0, with a point for decimals, or remove the row if it is not known")
        faults.append(Fault("MPI-D148", place, text, remedy))
    if "" in codes:
        text = phrase("{rows} of {table} have no code", rows=counted(codes.count(""), "row"), table=TABLE)
        faults.append(Fault("MPI-D148", place, text, phrase("write the code of the area, or remove the row")))
    if faults:
        raise DataError(*faults)
    return {one: value for one, value in zip(codes, values, strict=True) if value is not None}


def _named(columns: Mapping[str, Sequence[str]], place: Place, code: str, places: str, by: str) -> tuple[str, str]:
    """The names of the columns of codes and of places."""
    if len(columns) <= 1:
        text = phrase("{table} has fewer than two columns", table=TABLE)
        raise UsageError(Fault("MPI-D010", place, text, phrase("give it a column of codes and a column of places")))
    own = code or (by if by in columns else next(iter(columns), ""))
    others = [name for name in columns if name != own]
    number = places or (others[0] if len(others) == 1 else "")
    for name, said in ((own, "code"), (number, "places")):
        if name not in columns:
            text = phrase("{table} has no column {name!r}", table=TABLE, name=name)
            if not name:
                text = phrase("{table} has several columns, and which are the places is not said", table=TABLE)
            remedy = nearest(name, list(columns)) or phrase(
                "name it by `{said}`; there are {names}", said=said, names=listed(list(columns))
            )
            raise UsageError(Fault("MPI-D010", place, text, remedy))
    return own, number


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def one_cutoff(cutoffs: Sequence[str]) -> str | None:
    """The cutoff of a command that takes one.

    Raises
    ------
    UsageError
        If there are several.
    """
    if len(cutoffs) > 1:
        text = phrase("places are compared at one cutoff, and {number} are given", number=len(cutoffs))
        raise UsageError(Fault("MPI-E001", None, text, phrase("keep one --k")))
    return cutoffs[0] if cutoffs else None
