"""The rows of a list before anybody is ranked: what `mpi.score` gives, and what follows from each pattern."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Number, Text, Values
from mpi.lifting import Lifter
from mpi.listing.words import verdict_in_words
from mpi.pipeline.binding import bind
from mpi.pipeline.scoring import ScoredBlock, key_values, scored_block
from mpi.rules import Frame, Rule
from mpi.source import OpenedSurvey, blocks, unchanged
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import Level

TIE_BREAK = "list:tie_break"  # the column of a block
TOGETHER, APART = " + ", "; "  # between the indicators of a set, and between sets
TEXTS = ("distance", "minimal_sets", "lifts_alone", "sinks_alone", "words")
NUMBERS = ("fewest", "minimal_sets_number")
OWN = ("tie_break", *TEXTS, *NUMBERS, "distance_value", "rank", "rank_in_area", "selected", "class_size")


@dataclass(eq=False, slots=True, kw_only=True)
class Verdicts:
    """What is said of each distinct pattern, computed once.

    Attributes
    ----------
    places : dict of (int, int) to int
        Of the patterns met so far, by what is deprived and what unknown.
    texts, numbers : dict of str to list
        By column, one per pattern; None where it does not apply or is not known.
    distances : list of float
    """

    language: str
    most_sets: int
    places: dict[tuple[int, int], int] = field(default_factory=dict)
    texts: dict[str, list[str | None]] = field(default_factory=lambda: {name: [] for name in TEXTS})
    numbers: dict[str, list[int | None]] = field(default_factory=lambda: {name: [] for name in NUMBERS})
    distances: list[float] = field(default_factory=list)

    def of(self, block: ScoredBlock, measure: Measure, cutoff: Cutoff) -> NDArray[np.int64]:
        """The place of each unit's pattern."""
        lifter = Lifter(measure, block.scored, cutoff)
        pairs = zip(block.patterns.pattern.tolist(), block.patterns.unknown.tolist(), strict=True)
        own = np.empty(len(block.patterns.pattern), np.int64)
        for row, pair in enumerate(pairs):
            if pair not in self.places:
                self.places[pair] = len(self.places)
                self._add(lifter, row)
            own[row] = self.places[pair]
        return own[block.patterns.which]

    def _add(self, lifter: Lifter, row: int) -> None:
        names = lifter.measure.names
        lifting, sinking, distance = lifter.lifting(row), lifter.sinking(row), lifter.distance(row)
        sets = () if lifting is None else lifting.sets(self.most_sets)
        number: int | None = None if distance is None else 0
        if lifting is not None:
            number = lifting.number() if sets is None else len(sets)
        nothing = None if distance is None else ""
        told = {
            "distance": None if distance is None else str(distance),
            "minimal_sets": None if sets is None else nothing,
            "lifts_alone": nothing,
            "sinks_alone": nothing,
            "words": verdict_in_words(lifter, row, sets, self.language),
        }
        if sets:
            told["minimal_sets"] = APART.join(TOGETHER.join(names[j] for j in one) for one in sets)
        if lifting is not None:
            alone = [part.indicators for part in lifting.parts if part.units >= lifting.excess and part.needed == 1]
            told["lifts_alone"] = APART.join(names[j] for j in sorted(j for own in alone for j in own))
        if sinking:
            told["sinks_alone"] = APART.join(names[j] for j in sinking)
        for name, text in told.items():
            self.texts[name].append(text)
        self.numbers["fewest"].append(None if lifting is None else lifting.fewest)
        self.numbers["minimal_sets_number"].append(number)
        self.distances.append(np.nan if distance is None else float(distance))

    def columns(self, place: NDArray[np.int64]) -> dict[str, pa.Array]:
        """The columns of rows whose patterns have these places."""
        made: dict[str, pa.Array] = {"distance": _texts(self.texts["distance"], place)}
        distances = np.array(self.distances, np.float64)[place] if len(place) else np.zeros(0)
        made["distance_value"] = arrow.numbers(distances, ~np.isnan(distances))
        for name in NUMBERS:
            own = self.numbers[name]
            values = np.array([0 if one is None else min(one, np.iinfo(np.int64).max) for one in own], np.int64)
            known = np.array([one is not None for one in own], np.bool_)
            made[name] = arrow.numbers(values[place], known[place])
        return made | {name: _texts(self.texts[name], place) for name in TEXTS[1:]}


def _texts(own: list[str | None], place: NDArray[np.int64]) -> pa.Array:
    labels = tuple(dict.fromkeys(text for text in own if text is not None)) or ("",)
    codes = {label: code for code, label in enumerate(labels)}
    chosen = np.array([0 if text is None else codes[text] for text in own], np.int64)
    known = np.array([text is not None for text in own], np.bool_)
    return arrow.array_of(Text(chosen[place], labels, known[place]))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a list, in the order of the files.

    Attributes
    ----------
    table : Table
        As `mpi.score` gives it, with the columns of the verdicts.
    keys : tuple of str
        Names of the key columns, in their order.
    tie_break : float64, shape (rows,)
        NaN where it is not known, or nothing breaks ties.
    """

    table: pa.Table
    keys: tuple[str, ...]
    tie_break: NDArray[np.float64]


def rows_of(opened: OpenedSurvey, measure: Measure, cutoff: Cutoff, tie_break: Rule | None, verdicts: Verdicts) -> Rows:
    """Read the microdata once.

    Raises
    ------
    ConfigError, DataError
        As `mpi.score`; if the tie-break does not fit the measure or the survey.
    """
    also = {} if tie_break is None else {TIE_BREAK: tie_break}
    names: list[str] = []
    with unchanged(opened.states):
        plan = bind(measure, opened, also=also)

        def made(frame: Frame) -> tuple[pa.Table, NDArray[np.int64], NDArray[np.float64]]:
            block = scored_block(opened.survey, measure, plan, [cutoff], frame, own=OWN)
            names[:] = [name for name, _ in key_values(opened.survey, frame, measure.level)]
            ties = np.full(frame.rows(measure.level), np.nan)
            if also:
                own: Level = "household" if TIE_BREAK in frame.households else "person"
                values = frame.households[TIE_BREAK] if own == "household" else frame.persons[TIE_BREAK]
                ties = _floats(frame.lift((values, own), measure.level), len(ties))
            place = verdicts.of(block, measure, cutoff)
            if block.inside is not None:
                place, ties = place[block.inside], ties[block.inside]
            return block.table(), place, ties

        parts = list(blocks(opened, plan.needs, made))
    table = pa.concat_tables([one for one, _, _ in parts]).unify_dictionaries().combine_chunks()
    place = np.concatenate([one for _, one, _ in parts])
    for name, column in verdicts.columns(place).items():
        table = table.append_column(name, column)
    return Rows(table, tuple(names), np.concatenate([one for _, _, one in parts]))


def _floats(values: Values, rows: int) -> NDArray[np.float64]:
    """Numbers, NaN where unknown; a constant in every row."""
    if not isinstance(values, Number):  # bind asks for numbers; what else comes is unknown everywhere
        return np.full(rows, np.nan)
    found = values.values.astype(np.float64)
    return np.broadcast_to(found if values.known is None else np.where(values.known, found, np.nan), (rows,))
