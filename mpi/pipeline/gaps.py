"""How far below its cutoff each unit of a block is, by indicator; contradictions with rules are counted and refused.

The gap is (z - y) / (z - b), for an achievement y, a cutoff z and a bound b: positive exactly where z and y differ in
the direction of b, since the difference of two floats is 0 only if they are equal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mpi.columns.kleene import as_truth
from mpi.columns.values import Floats, Mask, Number, where_known
from mpi.errors.findings import Wrong
from mpi.language import phrase
from mpi.pipeline.binding import Distance, Judgement, Plan
from mpi.pipeline.judging import Judged, note_overflows, seen_by
from mpi.pipeline.universe import inside_of
from mpi.rules import Frame, Overflow, Rule, evaluate
from mpi.specs.indicators import Gap
from mpi.vocabulary.options import Level


class _About(NamedTuple):
    """Whose gap it is, in which block, of which units."""

    judgement: Judgement
    frame: Frame
    level: Level


def gaps_of(plan: Plan, frame: Frame, judged: Judged, level: Level) -> Floats | None:
    """The gaps of the units of a block, to which the plan's columns were added.

    Parameters
    ----------
    plan : Plan
    frame : Frame
        Takes the contradictions.
    judged : Judged
        The verdicts on its n units.
    level : {"household", "person"}
        Of the units.

    Returns
    -------
    float64, shape (n, gaps of the measure), or None
        In [0, 1]; 0 where the indicator is not deprived, or it is not known. None of a measure without gaps.
    """
    if not plan.distances:
        return None
    found = np.zeros((len(judged.pattern), len(plan.distances)))
    for column, one in enumerate(plan.distances):
        found[:, column] = _gap(plan, one, frame, judged, level)
    return found


def _gap(plan: Plan, one: Distance, frame: Frame, judged: Judged, level: Level) -> Floats:
    """The gap of one indicator; shape (n,)."""
    judgement, gap = plan.judgements[one.place], one.gap
    y, z, b = (_number(judgement, rule, frame, level) for rule in (gap.achievement, gap.cutoff, gap.bound))
    someone, sure = _someone(judgement, frame, level)
    if gap.nobody is not None:
        instead = _number(judgement, gap.nobody, frame, level)
        y = (np.where(someone, y[0], instead[0]), np.where(someone, y[1], instead[1]) & sure)
        someone, sure = np.ones_like(someone), np.ones_like(sure)
    bit, inside = np.uint64(one.place), inside_of(plan, frame, level)
    deprived = ((judged.pattern >> bit) & np.uint64(1)).astype(np.bool_)
    settled = ((judged.unknown >> bit) & np.uint64(1)) == 0
    if inside is not None:
        settled = settled & inside
    deprived, known = deprived & settled, y[1] & z[1] & b[1]
    with np.errstate(all="ignore"):
        below, whole = z[0] - y[0], z[0] - b[0]
        found = np.where(whole != 0, below / whole, 0.0)
    short = known & (np.sign(below) == np.sign(whole)) & (below != 0)
    _contradictions(_About(judgement, frame, level), gap, _Judged(
        deprived=deprived, spared=settled & ~deprived & someone & sure, known=known, short=short,
        without=settled & known & (whole == 0), beyond=found > 1,
    ))  # fmt: skip
    return np.where(deprived & short, np.clip(found, 0.0, 1.0), 0.0)


class _Judged(NamedTuple):
    """What the rule and the gap say of each unit; bool, shape (n,) each.

    Attributes
    ----------
    deprived, spared : bool
        By the rule: deprived; not deprived, and somebody is eligible.
    known : bool
        Achievement, cutoff and bound.
    short, without, beyond : bool
        By the gap: short of the cutoff; the bound is the cutoff; beyond the bound.
    """

    deprived: Mask
    spared: Mask
    known: Mask
    short: Mask
    without: Mask
    beyond: Mask


def _contradictions(about: _About, gap: Gap, of: _Judged) -> None:
    """Note the units of whom the rule and the gap say what cannot both be."""
    _note(
        about,
        gap.achievement,
        of.deprived & ~of.known,
        phrase(" deprived by the rule whose achievement is not known"),
        phrase("write an achievement that is known wherever the rule `deprived` is, or leave `gap:` out"),
    )
    _note(
        about,
        gap.bound,
        of.without,
        phrase(" whose bound is the cutoff"),
        phrase("give `bound:` a value that no cutoff has"),
    )
    _note(
        about,
        gap.cutoff,
        of.deprived & of.known & ~of.without & ~of.short,
        phrase(" deprived by the rule with an achievement at the cutoff or better"),
        phrase("write the cutoff that the rule `deprived` has: those deprived are strictly below it"),
    )
    _note(
        about,
        gap.cutoff,
        of.spared & of.short,
        phrase(" not deprived by the rule with an achievement worse than the cutoff"),
        phrase("write the achievement and the cutoff that the rule `deprived` compares"),
    )
    _note(
        about, gap.bound, of.deprived & of.short & of.beyond,
        phrase(" deprived by the rule with an achievement beyond the bound"),
        phrase("give `bound:` the worst value that there is, or write GREATEST or LEAST around the achievement"),
    )  # fmt: skip


def _number(judgement: Judgement, rule: Rule, frame: Frame, level: Level) -> tuple[Floats, Mask]:
    """The numbers of a rule, and where they are known; shape (n,) each."""
    met: list[Overflow] = []
    values = evaluate(rule.expression, frame, level, seen_by(judgement, level), met)
    note_overflows(frame, judgement.name, rule.origin.at(0), level, met)
    known = where_known(values)
    if not isinstance(values, Number):  # nothing but unknowns
        return np.zeros(len(values)), np.zeros(len(values), np.bool_)
    return np.where(known, values.values, 0).astype(np.float64), known


def _someone(judgement: Judgement, frame: Frame, level: Level) -> tuple[Mask, Mask]:
    """Whether a unit has somebody whom the indicator is about, and whether that is known; shape (n,) each."""
    about = judgement.anyone if level == "household" or judgement.eligible is None else judgement.eligible.expression
    if about is None:
        return np.ones(frame.rows(level), np.bool_), np.ones(frame.rows(level), np.bool_)
    truth = as_truth(evaluate(about, frame, level))
    known = where_known(truth)
    return truth.true & known, known


def _note(about: _About, rule: Rule, rows: Mask, tail: str, remedy: str) -> None:
    """Note how many units contradict the rule of their indicator, and in what."""
    if number := int(np.count_nonzero(rows)):
        head, place = phrase("the gap of {name} is refused:", name=about.judgement.name), rule.origin.at(0)
        wrong = Wrong(code="MPI-D147", place=place, head=head, noun=about.level, tail=tail, remedy=remedy)
        about.frame.note(wrong, number)
