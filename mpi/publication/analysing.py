"""The analyses of a publication: those of one round, rankings, derived figures and the change in parts, protected.

Comes in: the profiles of a study, its estimates and its protected tables. Goes out: publishable tables by name.
Rankings are of the groups that a report may rank: their figures are shown, and precise enough. A change
in parts is hidden where any figure of the group is hidden in either round.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from mpi.analysis.analysing import ANALYSES
from mpi.analysis.bundles import bundles
from mpi.analysis.decomposition import decompose_change
from mpi.analysis.ranked import no_ranking, ranked
from mpi.analysis.titles import ANALYSIS_TITLES, DERIVED
from mpi.claims.numbers import Title
from mpi.claims.ranking import RANKED
from mpi.columns import arrow
from mpi.columns.values import Ints, Text
from mpi.disclosure import protect_analyses
from mpi.disclosure.changing import HIDDEN_ROUND, RULES, SHOWN
from mpi.disclosure.figures import read
from mpi.disclosure.protecting import told
from mpi.disclosure.publishable import Publishable, publishable
from mpi.errors import Fault, UsageError
from mpi.estimates import Estimates, Request
from mpi.estimates.derived import Derived
from mpi.estimates.deriving import check_expressions, derive_of
from mpi.estimates.expressions import expression
from mpi.language import phrase
from mpi.pipeline.estimating import rules_for
from mpi.policies.supplied import supplied
from mpi.profile import DeprivationProfile
from mpi.specs.analyses import AnalysisSpec, DerivedSpec
from mpi.specs.study import Study
from mpi.vocabulary.options import RANKINGS

DECOMPOSITION = "decomposition"
TWO = 2
Group = frozenset[tuple[str, str]]


def analyses_of(  # noqa: PLR0917
    study: Study,
    profiles: Sequence[DeprivationProfile],
    estimates: Sequence[Estimates],
    parts: Sequence[Publishable],
    beside: Sequence[Estimates] = (),
    places: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, Publishable]:
    """The analyses of a study by name.

    Parameters
    ----------
    study : Study
    profiles : sequence of DeprivationProfile
        Of the rounds, the oldest first.
    estimates : sequence of Estimates
        Of the last round, of each unit.
    parts : sequence of Publishable
        The protected tables of all rounds, in order, of each unit.
    beside : sequence of Estimates
        Of the last round by further measures: what their tables hide, no analysis shows.

    places : mapping of str to mapping of str to float, optional
        By indicator the places of each code, of `supply`.

    Raises
    ------
    UsageError, DataError
        As the analyses do.
    """
    last = profiles[-1]
    request = Request(
        measure=study.measure,
        rules=rules_for(last, study.reliability or "none"),
        unit=study.units[0],
        level=study.level,
        df=study.df,
        variance=study.variance,
        adjust=study.adjust,
    )
    plain = [one for one in study.analyses if one.name not in (*RANKINGS, DECOMPOSITION)]
    made = [_one(study, last, request, one, places or {}) for one in plain]
    names: list[str] = [one.name for one in plain]
    pinned: dict[str, Collection[Group]] = {}
    if study.derive:
        made.append(_derived(study, last, request))
        names.append(DERIVED)
        pinned = {one.name: _pinned(one) for one in study.derive}
    protected = protect_analyses(estimates, made, study.disclosure, reading={"expression": pinned}, beside=beside)
    found = dict(zip(names, protected, strict=True))
    for spec in study.analyses:
        if spec.name in RANKINGS:
            found[spec.name] = _ranked(study, last, request, spec, parts)
        elif spec.name == DECOMPOSITION:
            found[spec.name] = _decomposed(study, profiles, spec, parts)
    order = (*(one.name for one in study.analyses), DERIVED)
    return {name: _named(name, found[name]) for name in order if name in found}


def _named(analysis: str, figures: Publishable) -> Publishable:
    """The figures of an analysis, whose notice of hidden ones says of which they are; others are of the study."""
    title = Title(ANALYSIS_TITLES[analysis])
    notices = tuple(
        replace(one, text=phrase("{analysis}: {notice}", analysis=title, notice=one.text))
        if one.code == "MPI-N020"
        else one
        for one in figures.notices
    )
    return replace(figures, notices=notices)


def check_derived(study: Study) -> None:
    """Refuse derived figures that cannot be computed, before anything is read.

    Raises
    ------
    UsageError
    """
    tables: set[frozenset[str]] = {frozenset(names) for names in study.by} | {frozenset()}
    check_expressions(study.measure, {one.name: one.expression for one in study.derive})
    for one in study.derive:
        for group in _pinned(one):
            names = frozenset(name for name, _ in group)
            if names not in tables:
                text = phrase(
                    "derive: {name} reads a group of {domains}, and the study has no table by it",
                    name=one.name,
                    domains=":".join(sorted(names)),
                )
                raise UsageError(
                    Fault("MPI-C171", study.place, text, phrase("add it to `by` of the study, or remove it"))
                )


def _one(
    study: Study,
    profile: DeprivationProfile,
    request: Request,
    spec: AnalysisSpec,
    places: Mapping[str, Mapping[str, float]],
) -> Derived:
    asked = replace(
        request, by=spec.by, k=spec.k or None, powers=spec.powers, others=spec.others, inclusion=spec.inclusion
    )
    if spec.name == "bundles":
        rules = study.disclosure
        return bundles(profile, asked, persons=rules.persons, households=rules.households)
    if spec.name == "supply":
        return supplied(profile, replace(asked, k=study.cutoffs[0]), spec.offers, places)
    return ANALYSES[spec.name].make(profile, asked)


def _derived(study: Study, profile: DeprivationProfile, request: Request) -> Derived:
    """The derived figures: their names in the column `expression`, how they are written in `figure`."""
    found = derive_of(
        profile, replace(request, by=study.by, k=study.cutoffs), {one.name: one.expression for one in study.derive}
    )
    forms = {one.name: f"{DERIVED}_{one.form}" for one in study.derive}
    names = found.table["figure"].to_pylist()
    kinds = tuple(dict.fromkeys(forms.values()))
    written = Text(np.array([kinds.index(forms[name]) for name in names], np.int64), kinds)
    place, table = found.table.column_names.index("figure"), found.table
    table = table.set_column(place, "expression", table["figure"])
    return replace(found, table=table.add_column(place, "figure", arrow.array_of(written)))


def _pinned(one: DerivedSpec) -> set[Group]:
    """The groups that an expression names; of all units the empty one."""
    found = [reference.domain for reference in expression(one.name, one.expression).references()]
    return {frozenset(domain) for domain in found if domain is not None}


def _ranked(
    study: Study, profile: DeprivationProfile, request: Request, spec: AnalysisSpec, parts: Sequence[Publishable]
) -> Publishable:
    """A ranking of the groups whose figures of the last round may be ranked."""
    (domain,) = spec.by[0]
    statistic = spec.ranking.statistic or ("H" if spec.name == "dominance" else "M0")
    at = {"period": profile.period, "unit": request.unit, "k": study.cutoffs[0].text}
    own = read(parts[-len(study.units)]).groups(statistic, (domain,), **at)
    groups = [codes[0] for codes, figure in own.items() if figure.known and figure.standing in RANKED]
    made = ranked(profile, request, spec, groups) if len(groups) >= TWO else no_ranking(profile, request, spec)
    return publishable(made, np.full(len(made), SHOWN, np.int64), RULES, study.disclosure.name)


def _decomposed(
    study: Study, profiles: Sequence[DeprivationProfile], spec: AnalysisSpec, parts: Sequence[Publishable]
) -> Publishable:
    """The change between the last two rounds in parts."""
    found = decompose_change(
        profiles[-TWO:],
        study.measure,
        by=spec.by,
        k=spec.k or study.cutoffs[0],
        unit=study.units[0],
        level=study.level,
        df=study.df,
        rounds=study.rounds,
        harmonised=study.harmonised,
        adjust=study.adjust,
        reliability=study.reliability or "none",
    )
    hidden = _hidden(parts[-TWO * len(study.units) :], study.units[0])
    return told(publishable(found, _of_groups(found, hidden), RULES, study.disclosure.name))


def _hidden(parts: Sequence[Publishable], unit: str) -> set[Group]:
    """The groups of which the rules hide a figure in a round."""
    found: set[Group] = set()
    for part in parts:
        by_rule = np.array([rule is not None and rule != "precision" for rule in part.table["hidden_by"].to_pylist()])
        for row in part.table.select(["unit", *part.domains]).filter(pa.array(by_rule, pa.bool_())).to_pylist():
            if row.pop("unit") == unit:
                found.add(frozenset((name, code) for name, code in row.items() if code is not None))
    return found


def _of_groups(found: Derived, hidden: Collection[Group]) -> Ints:
    """The rule of each row: that of its group."""
    columns: Mapping[str, list[str | None]] = {name: found.table[name].to_pylist() for name in found.domains}
    rule = np.full(len(found), SHOWN, np.int64)
    for i in range(len(found)):
        group = frozenset((name, code) for name, column in columns.items() if (code := column[i]) is not None)
        if group in hidden:
            rule[i] = HIDDEN_ROUND
    return rule
