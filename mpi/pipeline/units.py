"""One block of complete households: verdicts and weights, then its units as rows to add up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, Mask, Text, text_of, where_known, where_label
from mpi.errors.findings import Wrong
from mpi.language import phrase
from mpi.pipeline.beside import own_bits, with_words, words_of
from mpi.pipeline.binding import Plan
from mpi.pipeline.design import Weights, auxiliaries_of, design_weights_of, drawn_of, replicates_of, weights_of
from mpi.pipeline.gaps import gaps_of
from mpi.pipeline.judging import Judged, compute, judge
from mpi.pipeline.preparing import Prepared
from mpi.pipeline.relative import below_of, sums_of
from mpi.pipeline.universe import inside_of, within
from mpi.profile import MISSING_LEVEL, Units
from mpi.rules import Frame
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from mpi.vocabulary.options import Level


def judged_block(survey: Survey, measure: Measure, plan: Plan, frame: Frame) -> tuple[Judged, Weights]:
    """Verdicts and weights of one block, to which the plan's columns are added."""
    compute(plan, frame)
    judged = judge(plan, frame, measure.level)
    return judged, weights_of(plan.design, frame, measure.identification, survey.design.place)


def units_of(prepared: Prepared, frame: Frame, judged: Judged, weights: Weights) -> Units:
    """One row a household; or a person, each with its own domain, the household counted with its first person inside.

    Who is outside the measure's universe is a row without weight, of nobody: its PSU was drawn all the same.
    """
    survey, plan, identification = prepared.opened.survey, prepared.plan, prepared.measure.identification
    row: Level = "person" if prepared.by_person else "household"
    drawn = drawn_of(survey, plan.design, frame, household_is_psu=prepared.declared.household_psus)
    pattern, unknown = judged.pattern, judged.unknown
    persons, heads = weights.counted, np.ones(len(frame.sizes), np.int64)
    amounts = gaps_of(plan, frame, judged, identification)
    inside = inside_of(plan, frame, row)
    pieces = words_of(prepared, frame, judged) if plan.beside else []
    if pieces:
        own = np.uint64((1 << own_bits(prepared)) - 1)
        pattern, unknown = pattern & own, unknown & own
    if prepared.by_person:
        drawn = drawn.of_persons(frame.sizes)
        persons, heads = np.ones(frame.length, np.int64), _heads(frame, inside)
        if identification == "household":
            pattern, unknown = (np.repeat(word, frame.sizes) for word in (pattern, unknown))
            amounts = None if amounts is None else np.repeat(amounts, frame.sizes, axis=0)
    if pieces:
        pattern, unknown = with_words(prepared, frame, pieces, (pattern, unknown))
    person_weight, household_weight = _by_row(weights, row, heads)
    before = _some(design_weights_of(plan.design, frame, identification, survey.design.place), row, heads)
    replicates = _replicate_weights(prepared, frame, weights)
    repeated = _some(replicates, row, heads)
    lines: dict[str, Any] = {}
    if prepared.measure.lines and not prepared.declared.census:
        sums, area = sums_of(prepared.measure, plan, frame, row, weights, households=household_weight)
        lines = {"line_sums": sums, "line_area": area}
        if replicates is not None:
            lines["line_replicates"] = below_of(prepared.measure, plan, frame, row, replicates)
    units = Units(
        domains=tuple(
            (name, level, text_of(frame.lift((domain_codes(survey, frame, name), level), row)))
            for name, level in plan.domains
        ),
        stratum=drawn.stratum,
        psu=drawn.psu,
        pattern=pattern,
        unknown=unknown,
        persons=persons,
        households=heads,
        person_weight=person_weight,
        household_weight=household_weight,
        ssu=drawn.ssu,
        fpc=drawn.fpc,
        ssu_fpc=drawn.ssu_fpc,
        order=drawn.order,
        within=drawn.within,
        calibration=auxiliaries_of(plan.design.auxiliaries, frame, row, survey.design.place),
        design_person_weight=before[0],
        design_household_weight=before[1],
        person_replicates=repeated[0],
        household_replicates=repeated[1],
        amounts=amounts,
        **lines,
    )
    return units if inside is None else within(units, inside)


def domain_codes(survey: Survey, frame: Frame, name: str) -> Text:
    """A domain's codes in a block; those that are the word for no code are noted."""
    column = f"domain:{name}"
    text = text_of(frame.households[column] if column in frame.households else frame.persons[column])
    if MISSING_LEVEL not in text.labels:
        return text
    head = phrase(
        "{name}: the code {missing_level!r}, the word for those without one, is in",
        name=name,
        missing_level=MISSING_LEVEL,
    )
    remedy = phrase(
        "declare it for the column under `missing_codes:` if it means so, or give it another label by `codes:`"
    )
    wrong = Wrong(code="MPI-D133", place=survey.domains[name].place, head=head, noun="row", remedy=remedy)
    frame.note(wrong, int(np.count_nonzero(where_label(text, {MISSING_LEVEL}) & where_known(text))))
    return text


def _heads(frame: Frame, inside: Mask | None) -> NDArray[np.int64]:
    """1 for the first person of each household, of those inside, 0 for the others."""
    heads = np.zeros(frame.length, np.int64)
    if inside is None:
        heads[frame.starts] = 1
        return heads
    rows = np.flatnonzero(inside)
    household = np.repeat(np.arange(len(frame.sizes)), frame.sizes)[rows]
    heads[rows[np.diff(household, prepend=-1) > 0]] = 1
    return heads


def _replicate_weights(prepared: Prepared, frame: Frame, weights: Weights) -> Weights | None:
    how = prepared.opened.survey.design.replicates
    if prepared.replicates is None or how is None:
        return None
    factors = how.weights == "factors"
    return replicates_of(
        prepared.replicates, frame, weights, prepared.measure.identification, how.place, factors=factors
    )


def _by_row(weights: Weights, row: Level, heads: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Weight of the persons, and of the households, of each row of the units."""
    if row == "household":
        return weights.of_members, weights.households
    return weights.each, weights.at(heads)


def _some(weights: Weights | None, row: Level, heads: NDArray[np.int64]) -> tuple[Floats, Floats] | tuple[None, None]:
    return (None, None) if weights is None else _by_row(weights, row, heads)
