"""Steps for the marks of a profile: who receives each programme, and what a measure says of children.

Comes in: the binder of a measure and a survey, with the names of what the profile is to keep. Goes out: domains, each
a whole number whose digits are the truths of several marks; `mpi.profile.marks` makes bits of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mpi.errors import Fault
from mpi.language import phrase
from mpi.pipeline.binding.plan import Step
from mpi.pipeline.binding.plan_maker import Binder
from mpi.profile.marks import DIGIT, FALSE, HIGHEST, MOST_TOGETHER, PROGRAMME, TARGET, TRUE, Mark, MarkGroup, rule_hash
from mpi.rules import Expression, Kind, Literal, Name, Origin, check
from mpi.rules.syntax import Arithmetic, Case, Not
from mpi.specs.children import CHILDREN, child_marks
from mpi.specs.measure import Measure
from mpi.specs.survey import Derivation, Programme, Survey
from mpi.vocabulary.options import LEVELS, Level


def with_children(measure: Measure, survey: Survey, wanted: Sequence[str] | None) -> bool:
    """Whether a pass keeps what the measure says of children: if it is asked for, by a word that is no domain."""
    return wanted is not None and CHILDREN in wanted and CHILDREN not in survey.domains and measure.children is not None


def without_marks(binder: Binder, wanted: Sequence[str]) -> list[str]:
    """The names that are domains."""
    marks = {*binder.survey.programmes, *([CHILDREN] if binder.children else [])}
    return [name for name in wanted if name not in marks]


def mark_steps(
    binder: Binder, wanted: Sequence[str] | None
) -> tuple[tuple[tuple[str, Level], ...], tuple[MarkGroup, ...]]:
    """Domains of the marks with their levels, and the marks of each.

    Parameters
    ----------
    binder : Binder
        Gets the steps, and the faults.
    wanted : sequence of str or None
        Names of programmes and `children`, among others; None: all programmes.
    """
    survey, found = binder.survey, list[tuple[Mark, Expression]]()
    for name, programme in survey.programmes.items():
        if wanted is None or name in wanted:
            found += _programme(binder, name, programme)
    if binder.children and not binder.faults:
        found += _children(binder)
    most = HIGHEST + 1 - len(binder.measure.indicators) - len(binder.measure.states)
    if len(found) > most:
        text = phrase(
            "a profile of {name} has room for {most} programmes and facts of children, and these are {number}",
            name=binder.measure.name, most=most, number=len(found),
        )  # fmt: skip
        remedy = phrase("name fewer programmes, or fewer indicators under `children:` of the measure")
        binder.faults.add("MPI-M004", None, text, remedy)
        return (), ()
    groups = list(_grouped(found))
    for level, group, expression in groups:
        target = f"domain:{group.domain}"
        origin = Origin(group.domain)
        binder.steps[target] = Step(name=target, level=level, expression=expression, origin=origin, as_code=True)
    return tuple((group.domain, level) for level, group, _ in groups), tuple(group for _, group, _ in groups)


def _grouped(found: Sequence[tuple[Mark, Expression]]) -> Iterator[tuple[Level, MarkGroup, Expression]]:
    """Marks of one level in numbers of a size that stays exact."""
    for level in LEVELS:
        own = [(mark, truth) for mark, truth in found if mark.level == level]
        for first in range(0, len(own), MOST_TOGETHER):
            some = own[first : first + MOST_TOGETHER]
            group = MarkGroup(f"marks-{level}-{first}", tuple(mark for mark, _ in some))
            yield level, group, numbered([truth for _, truth in some])


def numbered(truths: Sequence[Expression]) -> Expression:
    """A number with a digit for each truth: 0 unknown, 1 false, 2 true."""
    whole: Expression | None = None
    for i, truth in enumerate(truths):
        unit = 1 << (DIGIT * i)
        branches = ((truth, Literal(TRUE * unit)), (Not(truth), Literal(FALSE * unit)))
        digit = Case(branches, Literal(0))
        whole = digit if whole is None else Arithmetic("+", whole, digit)
    assert whole is not None  # noqa: S101  of one mark at least
    return whole


def _programme(binder: Binder, name: str, programme: Programme) -> list[tuple[Mark, Expression]]:
    """The marks of a programme: who receives it, and whom it is for; nothing after a fault."""
    parts = {f"{PROGRAMME}{name}": (phrase("the programme {name}", name=name), programme.receives)}
    if programme.target is not None:
        parts[f"{TARGET}{name}"] = (phrase("the target of the programme {name}", name=name), programme.target)
    found = list[tuple[Mark, Expression]]()
    for mark, (user, derivation) in parts.items():
        target = f"mark:{mark}"
        kind = _truth(binder, target, derivation, user)
        if kind is not None:
            found.append((Mark(mark, kind.level or "household", ""), Name(target)))
    return found


def _truth(binder: Binder, target: str, derivation: Derivation, user: str) -> Kind | None:
    """A step for a truth; None after a fault."""
    if derivation.rule is None:
        kind = binder.coded(target, derivation, user, as_code=False, truth=True)
    else:
        rule = binder.over_columns(derivation.rule, user)
        kind = None if rule is None else binder.ruled(target, rule)
    if kind is None or kind.type in ("truth", "unsure"):
        return kind
    text = phrase("{user} does not say yes or no", user=user)
    remedy = phrase("write who it is as a comparison, such as `COLUMN = 1`, or give `codes: {{1: yes, 2: no}}`")
    binder.faults.append(Fault("MPI-D014", derivation.place, text, remedy))
    return None


def _children(binder: Binder) -> list[tuple[Mark, Expression]]:
    """The marks of children; nothing after a fault."""
    found = list[tuple[Mark, Expression]]()
    for name, rule in child_marks(binder.measure.children, binder.measure.indicators).items():
        kind, faults = check(
            rule.expression, binder.scope, rule.origin, persons=binder.survey.has_persons, expected="truth"
        )
        binder.faults.extend(faults)
        if not faults:
            level = kind.level or "household"
            found.append((Mark(name, level, rule_hash(rule.expression)), rule.expression))
    return found
