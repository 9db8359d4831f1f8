"""The figures of a publication: from the profiles of its rounds to what may be published of them.

Comes in: profiles, and the boundaries of the maps. Goes out: all that a publication takes of the microdata, after
disclosure control. It holds no profile, so that whoever keeps it keeps nothing that the outputs do not show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

from mpi.analysis.score_distribution import bundles, co_deprivation, hide_small, score_distribution
from mpi.changes import Changes, changes_between
from mpi.disclosure import carried, protect, protect_changes
from mpi.disclosure.publishable import Publishable, PublishableProfile, stacked
from mpi.estimates import Estimates, Request
from mpi.estimates.error_sources import errors_from
from mpi.estimates.estimates import by_sets
from mpi.following.panel import Panel
from mpi.maps.areas import Areas
from mpi.pipeline.estimating import change, estimate, rules_for
from mpi.policies.costs import Costs
from mpi.policies.published import Choice
from mpi.profile import MISSING_LEVEL, DeprivationProfile
from mpi.publication.analysing import analyses_of
from mpi.publication.comparing import comparisons_of, tests_of
from mpi.publication.countries import Profiles, countries_of, study_of
from mpi.publication.measures import figures_by
from mpi.publication.model import Comparisons, Drawable, Round, Tests
from mpi.publication.panels import movements_of
from mpi.publication.planning import plans_of
from mpi.specs.study import Study
from mpi.targets.progress import progress_of
from mpi.targets.protecting import protect_progress
from mpi.vocabulary.options import Unit
from mpi.vocabulary.wording import LANGUAGES

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Computed:
    """What a publication takes of the microdata, after disclosure control; see `Publication` and `Gathered`.

    Attributes
    ----------
    wanted : mapping of str to sequence of str
        By the domain of each map, the codes that want a polygon.
    carried : mapping of str to (PublishableProfile or None, str)
        By the domain of each map that recomputes, what it may carry, or why not.
    others : mapping of str to Publishable
        By the name of each further measure, its figures of all rounds.
    countries : Publishable or None
        Of all countries of the study, if it has several.
    country_rounds : mapping of str to Round
        By the code of each country beside the study's own, the last round.
    """

    figures: Publishable
    changes: Publishable | None
    rounds: tuple[Round, ...]
    wanted: Mapping[str, Sequence[str]]
    carried: Mapping[str, tuple[PublishableProfile | None, str]]
    tests: Mapping[str, Tests]
    comparisons: Mapping[str, Comparisons]
    scores: pa.Table
    bundles: pa.Table
    co_deprivation: pa.Table
    analyses: Mapping[str, Publishable]
    progress: Publishable | None
    plans: Publishable | None
    choices: Mapping[str, Choice]
    movements: Mapping[str, Publishable]
    others: Mapping[str, Publishable] = field(default_factory=dict)
    countries: Publishable | None = None
    country_rounds: Mapping[str, Round] = field(default_factory=dict)


class Store(Protocol):
    """Where figures of earlier runs are, for a study whose inputs are known."""

    def found(self, study: Study) -> Computed | None:
        """Those that were computed from the same; None if there are none."""
        ...

    def keep(self, computed: Computed) -> None:
        """Keep them, if that can be done; whatever prevents it stops nothing."""
        ...


def compute(
    study: Study,
    profiles: Sequence[DeprivationProfile],
    boundaries: Sequence[Drawable],
    say: Say = lambda _: None,
    *,
    costs: Mapping[str, Costs] | None = None,
    places: Mapping[str, Mapping[str, float]] | None = None,
    panel: Panel | None = None,
    countries: Profiles | None = None,
) -> Computed:
    """The figures of a study.

    Parameters
    ----------
    study : Study
    profiles : sequence of DeprivationProfile
        Of the rounds, the oldest first.
    boundaries : sequence of Drawable
        Of its maps.
    say : callable
        Takes the name of each stage.
    costs : mapping of str to Costs, optional
        By the name of a plan what lifting a household costs.
    places : mapping of str to mapping of str to float, optional
        By indicator the places of each code.
    panel : Panel, optional
        That which the study follows.
    countries : mapping of str to sequence of DeprivationProfile, optional
        By the code of each country beside its own, the profiles of its rounds.

    Raises
    ------
    UsageError, DataError
        As the stages do.
    """
    say("estimating")
    estimates = tuple(tuple(_estimates(study, profile)) for profile in profiles)
    say("protecting")
    parts = [part for own in estimates for part in protect(own, study.disclosure)]
    changes = _changes(study, profiles, estimates, parts, say) if len(profiles) > 1 else None
    rounds = tuple(_round(study, profile, own[0]) for profile, own in zip(profiles, estimates, strict=True))
    last, latest = estimates[-1][0], profiles[-1]
    if study.analyses or study.derive:
        say("analysing")
    others = [(one, figures_by(study, profiles, one)) for one in study.measures]
    beside = [made for _, (own, _) in others for made in own]
    analyses = analyses_of(study, profiles, estimates[-1], parts, beside, places)
    plans, choices = plans_of(study, latest, estimates[-1], analyses, costs or {}, say)
    progress = _progress(study, profiles, parts, say)
    moved = _movements(study, panel, parts, say)
    beside_it, last_of = countries_of(study, countries or {}, parts)
    del estimates  # large ones are not held beside the whole table
    figures = stacked(parts.pop(0) for _ in range(len(parts)))
    scores, bundles_, pairs = _distributions(study, latest)
    return Computed(
        figures=figures,
        changes=changes,
        rounds=rounds,
        wanted={one.spec.domain: polygons_wanted(latest, one.spec.domain, one.areas) for one in boundaries},
        carried={
            one.spec.domain: carried(latest, study.measure, one.spec.domain, study.disclosure)
            for one in boundaries
            if one.spec.live
        },
        tests=tests_of(study, last, figures, latest.period),
        comparisons=comparisons_of(study, last, figures, boundaries, latest.period),
        scores=scores,
        bundles=bundles_,
        co_deprivation=pairs,
        analyses=analyses,
        progress=progress,
        plans=plans,
        choices=choices,
        movements=moved,
        others={one.name: figures for one, (_, figures) in others},
        countries=beside_it,
        country_rounds={
            one.code: _round(study_of(study, one), (countries or {})[one.code][-1], last_of[one.code])
            for one in study.other_countries
        },
    )


def _progress(
    study: Study, profiles: Sequence[DeprivationProfile], parts: Sequence[Publishable], say: Say
) -> Publishable | None:
    """Progress towards the targets of the study, without what rests on hidden figures."""
    if not study.targets:
        return None
    say("targets")
    rules = [rules_for(profile, study.reliability) for profile in profiles]
    asked = Request(
        measure=study.measure,
        rules=rules[-1],
        unit=study.units[0],
        level=study.level,
        df=study.df,
        variance=study.variance,
    )
    made = progress_of(profiles, study.targets, asked, rules, rounds=study.rounds, harmonised=study.harmonised)
    return protect_progress(made, parts)


def _movements(study: Study, panel: Panel | None, parts: Sequence[Publishable], say: Say) -> dict[str, Publishable]:
    """The tables of the panel, without what the rules hide in them or in the tables of its editions."""
    if panel is None:
        return {}
    say("protecting movements")
    return movements_of(study, panel, parts)


def _distributions(study: Study, profile: DeprivationProfile) -> list[pa.Table]:
    """How far units are from the cutoff, what they lack together; without what rests on too few."""
    unit, k, rules = study.units[0], study.cutoffs[0], study.disclosure
    made = [
        score_distribution(profile, study.measure, unit),
        bundles(profile, study.measure, k, unit=unit),
        co_deprivation(profile, study.measure, k, unit=unit),
    ]
    least = {"persons": rules.persons, "households": rules.households}
    return [hide_small(table, **least, cutoffs=study.cutoffs) for table in made]


def _estimates(study: Study, profile: DeprivationProfile) -> list[Estimates]:
    return [
        estimate(
            profile,
            study.measure,
            by=study.sets,
            k=study.cutoffs,
            unit=unit,
            level=study.level,
            df=study.df,
            variance=study.variance,
            reliability=study.reliability,
        )
        for unit in study.units
    ]


def _changes(
    study: Study,
    profiles: Sequence[DeprivationProfile],
    estimates: Sequence[Sequence[Estimates]],
    parts: Sequence[Publishable],
    say: Say,
) -> Publishable:
    """Changes between the rounds, hidden where either figure is."""
    say("comparing rounds")
    found = [
        _changed(study, profiles, unit, [of_round[number] for of_round in estimates])
        for number, unit in enumerate(study.units)
    ]
    return stacked([protect_changes(changes, parts) for changes in found])


def _changed(
    study: Study, profiles: Sequence[DeprivationProfile], unit: Unit, estimates: Sequence[Estimates]
) -> Changes:
    """Changes of one unit; from the estimates of the rounds, if those too have their errors from the design."""
    if study.variance == "design" and set(study.changes_by) <= set(study.sets):
        own = [by_sets(one, study.changes_by) for one in estimates]
        return changes_between(profiles, own, rounds=study.rounds, adjust=study.adjust)
    return change(
        profiles,
        study.measure,
        by=study.changes_by,
        k=study.cutoffs,
        unit=unit,
        level=study.level,
        df=study.df,
        rounds=study.rounds,
        harmonised=study.harmonised,
        adjust=study.adjust,
        reliability=study.reliability,
    )


def _round(study: Study, profile: DeprivationProfile, estimates: Estimates) -> Round:
    survey = next(survey for survey in study.surveys if survey.name == profile.survey)
    sample, cells = profile.sample, profile.cells
    told: dict[str, str] = {one: errors_from(estimates, one) for one in LANGUAGES}
    return Round(
        survey=survey,
        period=profile.period,
        counts=profile.counts,
        persons=int(cells.persons.sum()),
        households=int(cells.households.sum()),
        population=float(cells.person_weight.sum()),
        strata=len(sample.strata) if any(sample.strata) else None,
        psus=int(sample.psus.sum()) if survey.design.psu else None,
        census=sample.census,
        errors_from=told,
        breaks=profile.breaks,
        notices=profile.notices,
    )


def polygons_wanted(profile: DeprivationProfile, domain: str, areas: Areas) -> list[str]:
    """The codes of a domain that want a polygon; a declared one that nobody has is drawn if there is one."""
    place = profile.domain(domain)
    labels = profile.domains[place].labels
    met = np.bincount(profile.cells.domains[:, place], minlength=len(labels)) > 0
    return [
        code
        for code, there in zip(labels, met.tolist(), strict=True)
        if code != MISSING_LEVEL and (there or code in areas.codes)
    ]
