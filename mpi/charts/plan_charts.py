"""What the table of charts says of those of plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mpi.charts import findings
from mpi.charts.chart import Caption, Chart, Need, Shown, Subject
from mpi.charts.plans import parts_shown, plan_costs_chart, plan_effects, plan_parts_chart, priced
from mpi.claims.numbers import Number, signed
from mpi.claims.plans import effect_text, plan_finding
from mpi.language import Phrase, joined, phrase, translated
from mpi.policies.parts import WHOLE
from mpi.policies.published import COST, LIFTED
from mpi.publication.plans import PlanShown, plans_shown
from mpi.vocabulary.options import Titles

EFFECTS = translated("Headcount ratio before and after each plan, %")
PARTS = translated("What each action adds to the change of the headcount ratio, percentage points")
COSTS = translated("Cost of each plan against the households that it lifts")
NOT_IMPACT = translated("Accounting, not impact")
FEWEST_PRICED = 2


def _plans(subject: Subject) -> list[PlanShown]:
    return plans_shown(subject.edition)


def _style(subject: Subject) -> Any:  # a `Style`
    return subject.edition.publication.style


def _subtitle(subject: Subject, what: Titles) -> str:
    language = subject.edition.language
    return findings.subtitle(subject, f"{what[language]}. {NOT_IMPACT[language]}")


def _caption(subject: Subject, what: Titles, told: Sequence[Phrase]) -> Caption:
    """The title, and what there is to say of each plan."""
    edition = subject.edition
    sentence = phrase("{plans}. Accounting, not impact.", plans=joined(told, "; "))
    return Caption(f"{edition.titled(what)}, {edition.period}", edition.say(sentence))


def _of_effects(subject: Subject) -> Caption:
    told = [
        phrase("{title}: {text}", title=one.title, text=effect_text(one.claim)) for one in plans_shown(subject.edition)
    ]
    return _caption(subject, EFFECTS, told)


def _of_parts(subject: Subject) -> Caption:
    told = []
    for one in plans_shown(subject.edition):
        own = [(text, figure) for plan, text, figure in parts_shown([one]) if figure.value is not None and plan is one]
        if own:
            text, figure = max(own, key=lambda part: abs(part[1].value or 0.0))
            size = signed("H", figure.value or 0.0)
            told.append(phrase("{title}: most by “{action}”, {size}", title=one.title, action=text, size=size))
    return _caption(subject, PARTS, told)


def _of_costs(subject: Subject) -> Caption:
    edition = subject.edition
    told = [
        phrase(
            "{title}: {cost} ({currency}), households lifted: {lifted}",
            title=one.title,
            cost=Number(one.figure(COST, action=WHOLE).value),
            currency=edition.titled(one.spec.currency),
            lifted=Number(one.figure(LIFTED, action=WHOLE).value),
        )
        for one in priced(plans_shown(edition))
    ]
    return _caption(subject, COSTS, told)


def _largest(subject: Subject) -> Phrase | None:
    """The plan that lowers incidence most."""
    own = [(one, one.figure("H", "change").value) for one in plans_shown(subject.edition)]
    known = [(one, value) for one, value in own if value is not None and value < 0]
    if not known:
        return None
    best, value = min(known, key=lambda pair: pair[1])
    return plan_finding(best.title, value, len(own))


NEEDS: dict[str, Need] = {"plans": _plans, "style": _style}


def _first(subject: Subject) -> Sequence[PlanShown]:
    return plans_shown(subject.edition)


PLAN_CHARTS: tuple[Chart, ...] = (
    Chart(
        name="plans",
        draw=plan_effects,
        finding=_largest,
        subtitle=lambda subject: _subtitle(subject, EFFECTS),
        needs=NEEDS,
        shown=Shown(place="plans", id="f-plans", table="", caption=_of_effects),
        exists=lambda subject: bool(_first(subject)),
    ),
    Chart(
        name="plans.parts",
        draw=plan_parts_chart,
        finding=lambda subject: None,
        subtitle=lambda subject: _subtitle(subject, PARTS),
        needs=NEEDS,
        shown=Shown(place="plans", id="f-plans-parts", table="", caption=_of_parts),
        exists=lambda subject: bool(parts_shown(_first(subject))),
    ),
    Chart(
        name="plans.costs",
        draw=plan_costs_chart,
        finding=lambda subject: None,
        subtitle=lambda subject: _subtitle(subject, COSTS),
        needs=NEEDS,
        shown=Shown(place="plans", id="f-plans-costs", table="", caption=_of_costs),
        exists=lambda subject: len(priced(_first(subject))) >= FEWEST_PRICED,
    ),
)
