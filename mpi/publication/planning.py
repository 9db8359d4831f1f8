"""The plans of a publication: computed for its last round, and protected together with its tables and analyses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mpi.disclosure.plans import protect_plans
from mpi.disclosure.publishable import Publishable, stacked
from mpi.estimates import Estimates, Request
from mpi.pipeline.estimating import rules_for
from mpi.policies.costs import Costs
from mpi.policies.published import Choice, plan_table, published
from mpi.profile import DeprivationProfile
from mpi.specs.study import Study


def plans_of(  # noqa: PLR0917
    study: Study,
    profile: DeprivationProfile,
    estimates: Sequence[Estimates],
    analyses: Mapping[str, Publishable],
    costs: Mapping[str, Costs],
    say: Callable[[str], None],
) -> tuple[Publishable | None, dict[str, Choice]]:
    """The plans of a study in one table, and what they chose.

    Parameters
    ----------
    study : Study
    profile : DeprivationProfile
        Of the last round.
    estimates : sequence of Estimates
        All that is published of that round.
    analyses : mapping of str to Publishable
        Of that round; what they hide, no plan shows.
    costs : mapping of str to Costs
        By the name of a plan.
    say : callable
        Takes the name of the stage.

    Raises
    ------
    UsageError, DataError
        As `mpi.policies.published.plan_table`.
    """
    if not study.plans:
        return None, {}
    say("planning")
    asked = Request(
        measure=study.measure,
        rules=rules_for(profile, study.reliability or "none"),
        unit=study.units[0],
        level=study.level,
        df=study.df,
        variance=study.variance,
        k=study.cutoffs[0],
    )
    made = [plan_table(profile, asked, one, costs.get(one.name)) for one in study.plans]
    seen = [(one.table, one.seen) for one in made]
    protected = protect_plans(estimates, list(analyses.values()), seen, study.disclosure)
    found = [published(one, own) for one, own in zip(made, protected, strict=True)]
    choices = {one.spec.name: choice for one, (_, choice) in zip(made, found, strict=True)}
    return stacked([table for table, _ in found]), choices
