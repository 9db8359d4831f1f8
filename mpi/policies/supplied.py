"""Places against demand as an analysis of a study: for each indicator demand, supply, what lacks and the ratio.

Comes in: a profile, tables of places by code, one for each indicator. Goes out: a tidy table by the groups of one
domain, whose errors are those of demand: places are taken as known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mpi.analysis.asked import Formula, Patterns, Plan, answer, formula_row
from mpi.columns.values import Floats
from mpi.estimates import Estimates, Request
from mpi.estimates.derived import Derived, Row
from mpi.language import template
from mpi.policies.supplying import NO_ROW, unmet
from mpi.profile import MISSING_LEVEL, DeprivationProfile
from mpi.specs.analyses import OfferSpec

KNOWN = template("a number of places, without a sampling error")
SUPPLY, LACKING, RATIO = "supply", "places_lacking", "supply_ratio"


def supplied(
    profile: DeprivationProfile, request: Request, specs: Sequence[OfferSpec], places: Mapping[str, Mapping[str, float]]
) -> Derived:
    """Demand, supply, demand less supply and supply over demand of each group, by indicator.

    Parameters
    ----------
    profile : DeprivationProfile
    request : Request
        By one domain, at one cutoff.
    specs : sequence of OfferSpec
    places : mapping of str to mapping of str to float
        By indicator the places of each code. A code without a row has no supply that is known.

    Returns
    -------
    Derived
        `figure` is `poor_and_deprived` or `deprived` (demand), `supply`, `places_lacking` (demand less supply: above 0
        places lack) or `supply_ratio`. Of all units together there is demand alone.

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    made = answer(
        profile, request, lambda patterns: _plan(patterns, specs), further=lambda own, _: _further(own, specs, places)
    )
    (by,) = made.domains
    codes = {code for code in made.table[by].unique().to_pylist() if code not in (None, MISSING_LEVEL)}
    notices = [one for spec in specs for one in unmet(codes, places[spec.indicator], by)]
    return replace(made, table=_noted(made.table), notices=tuple(dict.fromkeys((*made.notices, *notices))))


def _plan(patterns: Patterns, specs: Sequence[OfferSpec]) -> Plan:
    """Those who need a place of each kind: one figure an indicator, in their order."""
    plan, included = Plan(), patterns.included
    names = patterns.measure.names
    for spec in specs:
        deprived = patterns.scored.deprived[:, names.index(spec.indicator)] & included
        keys = {"figure": spec.demand, "indicator": spec.indicator}
        if spec.demand == "deprived":
            plan.figure({**keys, "k": None}, deprived, included, kind="total")
        else:
            keys["k"] = patterns.cutoffs[0].text
            plan.figure(keys, deprived & patterns.poor[0], included, kind="total", k=0)
    return plan


def _further(estimates: Estimates, specs: Sequence[OfferSpec], places: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """Supply, what lacks, and the ratio, in the groups of the domain."""
    rows = []
    for number, names in enumerate(estimates.basis.sets):
        if not names:
            continue
        codes = [label[0] for label in estimates.basis.labels(number)]
        for i, spec in enumerate(specs):
            own = np.array([places[spec.indicator].get(code, np.nan) for code in codes], np.float64)
            rows += [formula_row(estimates, one, number) for one in _formulas(i, spec, estimates, own)]
    return rows


def _formulas(place: int, spec: OfferSpec, estimates: Estimates, own: Floats) -> list[Formula]:
    k = None if spec.demand == "deprived" else estimates.basis.cutoffs[0].text
    keys = {"indicator": spec.indicator, "k": k}
    return [
        Formula(keys={"figure": SUPPLY, **keys}, reads=[place], value=lambda need: 0.0 * need + own),
        Formula(keys={"figure": LACKING, **keys}, reads=[place], value=lambda need: need - own),
        Formula(keys={"figure": RATIO, **keys}, reads=[place], value=lambda need: own / need),
    ]


def _noted(table: pa.Table) -> pa.Table:
    """Supply without an error, which it has not, and the reason where it is not known."""
    figure = np.array(table["figure"].to_pylist())
    unknown = ~np.isfinite(np.array(table["estimate"].to_numpy(), np.float64))
    supply = figure == SUPPLY
    without = {key for key, none in zip(_rows(table, supply), unknown[supply].tolist(), strict=True) if none}
    of_supply = np.isin(figure, (SUPPLY, LACKING, RATIO))
    note = table["note"].to_pylist()
    for place, key in zip(np.flatnonzero(of_supply).tolist(), _rows(table, of_supply), strict=True):
        note[place] = NO_ROW if key in without else KNOWN if supply[place] else note[place]
    made = {name: table[name] for name in table.column_names}
    for name in ("se", "ci_low", "ci_high", "cv", "t", "df", "p", "p_adjusted"):
        made[name] = pc.if_else(pa.array(supply), None, made[name])
    made["note"] = pa.array(note, pa.string()).dictionary_encode()
    return pa.table(made).unify_dictionaries().combine_chunks()


def _rows(table: pa.Table, which: NDArray[np.bool_]) -> list[tuple[object, ...]]:
    """Indicator and code of some rows."""
    names = [name for name in table.column_names[: table.column_names.index("estimate")] if name not in ("figure", "k")]
    return [tuple(row.values()) for row in table.select(names).filter(pa.array(which)).to_pylist()]
