"""The analyses by name, and how one is made: a table that the command line, Python and publications share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from mpi.analysis.agreement import agreement
from mpi.analysis.bands import bands
from mpi.analysis.bundles import bundles
from mpi.analysis.children import children
from mpi.analysis.classes import classes, crossing
from mpi.analysis.coverage import coverage, programmes
from mpi.analysis.destitution import destitution
from mpi.analysis.gaps import gaps
from mpi.analysis.inequality import inequality
from mpi.analysis.numbers import numbers
from mpi.analysis.overlap import overlap
from mpi.analysis.redundancy import redundancy
from mpi.analysis.sdg import sdg
from mpi.errors import Fault, UsageError, nearest
from mpi.errors.arguments import public
from mpi.estimates import By, Request
from mpi.estimates.contrasts import check_adjust
from mpi.estimates.derived import Derived
from mpi.language import phrase, translated
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.profile import DeprivationProfile
from mpi.specs.children import CHILDREN
from mpi.specs.exact import fraction
from mpi.specs.measure import K, Measure
from mpi.specs.microdata import Microdata
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import OF_TWO, Adjust, DegreesOfFreedom, Inclusion, Titles, Unit, Variance

Reads = Literal["", "programmes", "children"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An analysis that can be asked for by name.

    Attributes
    ----------
    make : callable
        From a profile and a request to its table.
    title : mapping of str to str
        By language.
    reads : {"", "programmes", "children"}
        Which marks of the profile it reads.
    powers : bool
        Whether it has figures by the power of gaps or scores.
    """

    make: Callable[[DeprivationProfile, Request], Derived]
    title: Titles
    reads: Reads = ""
    powers: bool = False


# In the order of `mpi.vocabulary.options.ANALYSES`. `mpi.publication.analyses` says how publications show each.
ANALYSES: Mapping[str, Analysis] = {
    "bands": Analysis(make=bands, title=translated("Vulnerable, poor and severely poor")),
    "numbers": Analysis(make=numbers, title=translated("Numbers of persons deprived, and rates among the poor")),
    "redundancy": Analysis(make=redundancy, title=translated("Redundancy and association of deprivations")),
    "bundles": Analysis(make=bundles, title=translated("Deprivations that the poor have together")),
    "overlap": Analysis(make=overlap, title=translated("Overlap of dimensions")),
    "classes": Analysis(make=classes, title=translated("Classes of the measure")),
    "crossing": Analysis(make=crossing, title=translated("Multidimensional and income poverty")),
    "inequality": Analysis(make=inequality, title=translated("Inequality among the poor"), powers=True),
    "gaps": Analysis(make=gaps, title=translated("Poverty gaps"), powers=True),
    "coverage": Analysis(make=coverage, title=translated("Who is reached by programmes"), reads="programmes"),
    "programmes": Analysis(make=programmes, title=translated("Overlap of programmes"), reads="programmes"),
    "children": Analysis(make=children, title=translated("Children"), reads="children"),
    "agreement": Analysis(make=agreement, title=translated("Agreement of two measures")),
    "destitution": Analysis(make=destitution, title=translated("Destitution")),
}


# Those that commands and Python make alone: in a publication they are an output.
ALONE: Mapping[str, Analysis] = {"sdg": Analysis(make=sdg, title=translated("Indicator 1.2.2 of the goals"))}
KNOWN: Mapping[str, Analysis] = {**ANALYSES, **ALONE}
MOST_POWER = 100  # of a gap or a score: above it, little is left of any below 1
RANKINGS: Mapping[str, str] = {
    "robustness": "mpi.robustness",
    "dominance": "mpi.dominance",
    "weights": "mpi.weight_draws",
    "orders": "mpi.weight_orders",
}  # which are made by domains, not for them


def check_analysis(name: str) -> None:
    """Refuse an analysis that there is not.

    Raises
    ------
    UsageError
    """
    if name not in KNOWN:
        text = phrase("there is no analysis {name!r}", name=name)
        remedy = nearest(name, list(KNOWN)) or phrase("write one of {names}", names=", ".join(KNOWN))
        if name in RANKINGS:
            remedy = phrase("`mpi rank {name}` makes it, in Python {function}", name=name, function=RANKINGS[name])
        raise UsageError(Fault("MPI-E213", None, text, remedy))


def checked_others(name: str, other: Measure | Sequence[Measure] | None) -> tuple[Measure, ...]:
    """The second measures; none may be named for an analysis that is about one.

    Raises
    ------
    UsageError
    """
    others = () if other is None else (other,) if isinstance(other, Measure) else tuple(other)
    if others and name not in (*OF_TWO, *ALONE):
        text = phrase("the analysis {name} is about one measure", name=name)
        remedy = phrase("leave the second out; {names} have one", names=", ".join((*OF_TWO, *ALONE)))
        raise UsageError(Fault("MPI-E215", None, text, remedy))
    return others


def marks_for(names: Iterable[str], own: Iterable[str], measure: Measure) -> tuple[str, ...]:
    """What a profile has to keep beside domains for some analyses of a measure, of a survey with these programmes."""
    reads = {ANALYSES[name].reads for name in names if name in ANALYSES}
    children = [CHILDREN] if CHILDREN in reads and measure.children is not None else []
    return (*(own if "programmes" in reads else ()), *children)


@public
def analyse(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    name: str,
    *,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
    adjust: Adjust = "none",
    powers: str | Sequence[str] | None = None,
    reliability: str | Path | Reliability | None = None,
    other: Measure | Sequence[Measure] | None = None,
    inclusion: Inclusion = "refuse",
) -> Derived:
    """One of the analyses that reports of the field contain, as a tidy table with sampling errors.

    Parameters
    ----------
    profile, measure
        As for `mpi.estimate`.
    name : str
        `bands` (vulnerable, poor, severe), `numbers` (of persons deprived, rates among the poor), `redundancy` (joint
        and conditional rates, R0, Cramer's V), `bundles` (exact sets of deprivations of the poor), `overlap`
        (number of dimensions, sets), `classes` of the measure,
        `crossing` (with income poverty), `inequality` (among the poor), `gaps` (M-alpha, how far below the cutoffs
        the poor are), `coverage` of programmes, `programmes` (their overlap), `children`; with a second measure
        `agreement` (who is poor by both, by one alone, by neither) and `destitution`; `sdg` (the series of indicator
        1.2.2, of persons and households, and of children by a second measure).
    by, k, unit, level, df, variance, replicates, seed, reliability
        As for `mpi.estimate`.
    adjust : {"none", "holm", "bh"}
        Correction of the p-values of figures that are formulas over others, for their number.
    powers : str or sequence of str, optional
        Of M-alpha and M-gamma, from 0, exactly as written: `"1/2"`; 0, 1 and 2 if left out.
    other : Measure or sequence of Measure, optional
        Of `agreement`, `destitution` and `sdg`: the second measure, or several, which the profile holds (`beside` of
        `mpi.deprivation_profile`).
    inclusion : {"refuse", "report"}
        Of `destitution`: what becomes of destitute who are not poor.

    Returns
    -------
    Derived
        Columns that say what a figure is, domains, and the figures with errors; see the page "Analyses" of the manual.

    Raises
    ------
    UsageError
        If there is no such analysis, the measure is too small for it, or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    check_analysis(name)
    check_adjust(adjust)
    others = checked_others(name, other)
    own = profile.programmes if isinstance(profile, Microdata) else ()
    made = profile_for(profile, measure, by, marks=marks_for([name], own, measure), beside=others)
    request = Request(
        measure=measure,
        rules=rules_for(made, reliability),
        by=by,
        k=k,
        unit=unit,
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
        adjust=adjust,
        powers=_powers(name, powers),
        others=others,
        inclusion=inclusion,
    )
    return KNOWN[name].make(made, request)


def _powers(name: str, asked: str | Sequence[str] | None) -> tuple[Fraction, ...]:
    """The powers that are asked for, each once; none if none are.

    Raises
    ------
    UsageError
        If one is no number from 0, or the analysis has none.
    """
    if asked is None:
        return ()
    if not KNOWN[name].powers:
        text = phrase("the analysis {name} has no powers", name=name)
        of = ", ".join(one for one, own in ANALYSES.items() if own.powers)
        raise UsageError(Fault("MPI-E213", None, text, phrase("leave them out; {names} have them", names=of)))
    found: dict[Fraction, None] = {}
    for one in (asked,) if isinstance(asked, str) else asked:
        try:
            power = fraction(str(one))
        except ValueError as error:
            text = phrase("the power {one!r} is {fault}", one=str(one)[:40], fault=error.args[0])
            raise UsageError(Fault("MPI-E213", None, text, phrase("write a number from 0, such as 1/2 or 3"))) from None
        if power > MOST_POWER:
            text = phrase("the power {one} is above {most}", one=str(one), most=MOST_POWER)
            raise UsageError(Fault("MPI-E213", None, text, phrase("write a number from 0, such as 1/2 or 3")))
        found[power] = None
    if not found:
        raise UsageError(Fault("MPI-E213", None, phrase("powers names none"), phrase("leave it out for 0, 1 and 2")))
    return tuple(found)
