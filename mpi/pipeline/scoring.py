"""One row a unit: its keys, domains, flags, deprivation score, whether it is poor, weights. No figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Floats, Ints, Mask, Text, Values, not_none, repeat
from mpi.counting import DistinctPatterns, Scores, distinct_patterns, scores
from mpi.errors import ConfigError, Fault, listed
from mpi.errors.arguments import public
from mpi.language import phrase
from mpi.pipeline.binding import Plan, bind
from mpi.pipeline.design import Weights
from mpi.pipeline.passing import Data, opened
from mpi.pipeline.units import domain_codes, judged_block
from mpi.pipeline.universe import inside_of
from mpi.rules import Frame
from mpi.source import blocks, column_name, unchanged
from mpi.specs.measure import Cutoff, K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.specs.survey import Survey
from mpi.vocabulary.options import Level

Named = list[tuple[str, pa.Array]]


@public
def score(
    survey: Survey | Microdata, measure: Measure, data: Data | None = None, *, k: K | Sequence[K] | None = None
) -> pa.Table:
    """One row a unit: keys, domains, every flag, the deprivation score, who is poor, weights.

    Units without a member in the measure's universe have no row; persons and their weight are those inside.

    Parameters
    ----------
    survey, measure, data
        As for `deprivation_profile`.
    k : str, Fraction or sequence, optional
        Cutoffs; those of the measure if left out. The columns `poor` and `censored_score` belong to the first, those
        of others carry the cutoff's name (`poor_severe`) or fraction (`poor_1_2`).

    Returns
    -------
    pyarrow.Table
        Units are households under household identification, else persons, in the order of the blocks. Flags are
        true, false or null (unknown); `score` (text, exact), `score_value` (float64) and `poor` are null where the
        measure leaves the unit out.
    """
    ready = opened(survey, measure, data)
    cutoffs = cutoffs_of(measure, k)
    with unchanged(ready.states):
        plan = bind(measure, ready)
        parts = blocks(
            ready, plan.needs, lambda frame: scored_block(ready.survey, measure, plan, cutoffs, frame).table()
        )
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


@dataclass(frozen=True, slots=True, eq=False)
class ScoredBlock:
    """The units of one block.

    Attributes
    ----------
    columns : mapping of str to Array
        As `score` gives them.
    patterns : DistinctPatterns
        Their p distinct patterns, and that of each unit.
    scored : Scores
        Of the patterns.
    inside : Mask or None
        False for those outside the measure's universe, who have no row.
    """

    columns: Mapping[str, pa.Array]
    patterns: DistinctPatterns
    scored: Scores
    inside: Mask | None

    def table(self, more: Mapping[str, pa.Array] | None = None) -> pa.Table:
        """The rows of those inside, with more columns after the others."""
        table = arrow.table({**self.columns, **(more or {})})
        return table if self.inside is None else table.filter(pa.array(self.inside))


def scored_block(
    survey: Survey, measure: Measure, plan: Plan, cutoffs: Sequence[Cutoff], frame: Frame, *, own: Sequence[str] = ()
) -> ScoredBlock:
    """The units of one block; no column may be called as one of `own`, which whoever asks adds."""
    judged, weights = judged_block(survey, measure, plan, frame)
    columns = [(name, arrow.array_of(values)) for name, values in key_values(survey, frame, measure.level)]
    columns += [
        (name, arrow.array_of(frame.lift((domain_codes(survey, frame, name), level), measure.level)))
        for name, level in plan.domains
        if level == "household" or measure.level == "person"
    ]
    columns += [(name, arrow.array_of(verdict)) for name, verdict in zip(measure.names, judged.verdicts, strict=False)]
    distinct = distinct_patterns(judged.pattern, judged.unknown)
    scored = scores(measure, distinct.pattern, distinct.unknown)
    columns += _score_columns(scored, distinct.which, cutoffs)
    if measure.level == "household":
        members, of_members = _members(weights, plan, frame)
        columns += [
            ("persons", arrow.numbers(members)),
            ("weight", arrow.numbers(weights.households)),
            ("person_weight", arrow.numbers(of_members)),
        ]
    else:
        columns.append(("weight", arrow.numbers(weights.each)))
    _refuse_doubles([*(name for name, _ in columns), *own], survey)
    return ScoredBlock(dict(columns), distinct, scored, inside_of(plan, frame, measure.level))


def _members(weights: Weights, plan: Plan, frame: Frame) -> tuple[Ints, Floats]:
    """Number and weight of each household's members, of those in the measure's universe alone."""
    if plan.universe != "person":
        return weights.sizes, weights.of_members
    inside = not_none(inside_of(plan, frame, "person"))
    sizes: Ints = np.add.reduceat(inside.astype(np.int64), frame.starts)
    return sizes, np.add.reduceat(weights.each * inside, frame.starts)


def key_values(survey: Survey, frame: Frame, level: Level) -> list[tuple[str, Values]]:
    """The key columns of a unit."""
    households = survey.tables["households"].key
    found = [(c, frame.households[column_name("households", c)]) for c in households]
    if level == "household":
        return found
    persons = survey.tables["persons"]
    own = [c for c in persons.key if c not in (persons.household or households)]
    return [(c, repeat(values, frame.sizes)) for c, values in found] + [
        (c, frame.persons[column_name("persons", c)]) for c in own
    ]


def _refuse_doubles(names: Sequence[str], survey: Survey) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        text = phrase(
            "two columns of the result would be called {names}: a key, domain, indicator or cutoff",
            names=listed(doubled),
        )
        raise ConfigError(Fault("MPI-S015", survey.place, text, phrase("rename the domain or the indicator")))


def _score_columns(found: Scores, which: NDArray[Any], cutoffs: Sequence[Cutoff]) -> Named:
    texts = found.text()
    labels = tuple(dict.fromkeys(text for text in texts if text is not None)) or ("",)
    place = {label: i for i, label in enumerate(labels)}
    codes = np.array([0 if text is None else place[text] for text in texts], np.int64)
    known: Mask | None = None if found.included.all() else found.included[which]
    columns = [
        ("score", arrow.array_of(Text(codes[which], labels, known))),
        ("score_value", arrow.numbers(found.score[which], known)),
    ]
    for number, cutoff in enumerate(cutoffs):
        suffix = f"_{cutoff.name or _in_a_name(cutoff)}" if number else ""
        poor = found.poor(cutoff)
        censored = np.where(poor, found.score, 0.0)
        columns += [
            (f"poor{suffix}", arrow.numbers(poor[which], known)),
            (f"censored_score{suffix}", arrow.numbers(censored[which], known)),
        ]
    return columns


def _in_a_name(cutoff: Cutoff) -> str:
    return f"{'above_' if cutoff.strict else ''}{cutoff.k.numerator}_{cutoff.k.denominator}"
