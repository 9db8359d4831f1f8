"""Indicator 1.2.2 of the Sustainable Development Goals: its five series in one table.

The proportion and the intensity of the official measure, of persons and of households; and the proportion of children
in poverty by a measure of children, which is a second measure on the same units.

References
----------
United Nations, SDG indicator metadata 1.2.2 (2023).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.analysis.second_measure import others_of, second_of
from mpi.columns import arrow
from mpi.columns.values import Text
from mpi.errors import Fault, UsageError
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure, cutoffs_of
from mpi.vocabulary.options import UNITS
from mpi.vocabulary.sdg import CHILDREN, OF_CHILDREN, series_of

CSMP = OF_CHILDREN["H", "persons"]


def sdg(profile: DeprivationProfile, request: Request) -> Derived:
    """The series of indicator 1.2.2, each with its errors, at one cutoff.

    Parameters
    ----------
    profile : DeprivationProfile
        With the measures of children beside its own.
    request : Request
        Persons and households are both counted, whatever its unit.

    Returns
    -------
    Derived
        Columns `series` and `figure`: `H` and `A` of `SD_MDP_MUHC`, `SD_MDP_ANDI` (persons), `SD_MDP_MUHHC`,
        `SD_MDP_ANDIHH` (households; of a measure that judges households), and `SD_MDP_CSMP`: of a measure of children
        itself, or of each second measure, which must be one.

    Raises
    ------
    UsageError
        If a second measure is not of children, or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    own = request.measure
    _check(request.others)
    others = others_of(profile, replace(request, unit="persons"), "sdg") if request.others else ()
    cutoffs = cutoffs_of(own, request.k)[:1]
    series = series_of(own.kind)
    parts = []
    for unit in UNITS:
        names = {statistic: name for (statistic, counted), name in series.items() if counted == unit}
        if names and (unit == "persons" or own.identification == "household"):
            asked = replace(request, unit=unit, k=cutoffs)
            parts.append(answer(profile, asked, partial(_own, series=names)))
    for other in others:
        asked = replace(request, unit="persons", k=cutoffs)
        made = answer(profile, asked, partial(_beside, other=other, profile=profile))
        name = arrow.array_of(Text(np.zeros(len(made), np.int64), (other.name,)))
        place = made.table.column_names.index("measure")
        parts.append(replace(made, table=made.table.set_column(place, "measure", name)))
    table = pa.concat_tables([one.table for one in parts]).unify_dictionaries().combine_chunks()
    notices = tuple(dict.fromkeys(notice for one in parts for notice in one.notices))
    return replace(parts[0], table=table, notices=notices)


def _check(others: tuple[Measure, ...]) -> None:
    for other in others:
        if other.kind != CHILDREN:
            text = phrase("the second measure {name} is not one of children, which {series} is of", name=other.name,
                          series=CSMP)  # fmt: skip
            remedy = phrase("name one that says `kind: children`, or leave it out")
            raise UsageError(Fault("MPI-E215", other.place, text, remedy))


def _own(patterns: Patterns, series: Mapping[str, str]) -> Plan:
    """The proportion and the intensity of the poor by the measure itself."""
    plan, poor, k = Plan(), patterns.poor[0], patterns.cutoffs[0].text
    for statistic, name in series.items():
        keys = {"series": name, "figure": statistic, "k": k}
        if statistic == "H":
            plan.figure(keys, poor & patterns.included, patterns.included, k=0)
        else:
            plan.figure(keys, patterns.scored.score * poor, poor, kind="ratio", k=0, counts_units=False)
    return plan


def _beside(patterns: Patterns, other: Measure, profile: DeprivationProfile) -> Plan:
    """The proportion of the poor by a second measure, among those whom it is about."""
    plan, second = Plan(), second_of(other, profile.marks, patterns.scored)
    keys = {"series": CSMP, "figure": "H", "k": second.cutoff.text}
    plan.figure(keys, second.poor & second.judged, second.judged)
    return plan
