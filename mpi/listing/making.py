"""A list of units for targeting, from the microdata: one row a unit, with what would lift it out, its rank, its quota.

The list is personal data. It is an object of its own, so that nothing prints or publishes it by chance: what a screen
shows of it are counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.errors import Notice, counted
from mpi.errors.arguments import JUDGED, public
from mpi.language import phrase
from mpi.lifting import MOST_SETS
from mpi.listing.anonymity import USUAL, Anonymity, anonymity_of, class_sizes
from mpi.listing.areas import areas_of, notices_of
from mpi.listing.asking import check_asked, check_columns, check_words, tie_break_of
from mpi.listing.ranking import Filled, Ranked, filled, ranked
from mpi.listing.units import Rows, Verdicts, rows_of
from mpi.notebook import html_table
from mpi.pipeline.passing import Data, opened
from mpi.specs.measure import K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.specs.survey import Survey
from mpi.vocabulary.options import ListRows, Ties

if TYPE_CHECKING:
    import pandas as pd

WHOLE = ""  # the area of a quota that is for all


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TargetList:
    """Units with what a programme asks of them, and what became of its quotas.

    Attributes
    ----------
    table : Table
        One row a unit, by rank; the columns are described on the page "Lists" of the manual.
    areas : Table
        By area: `area`, `units`, `poor`, `not_known`, `quota`, `selected`, `unfilled`, `left_at_tie`.
    anonymity : Anonymity or None
        None where no quasi-identifiers were named.
    measure, survey, period, cutoff, tie_break : str
        What the list rests on.
    notices : tuple of Notice
    """

    table: pa.Table = field(repr=False)
    areas: pa.Table = field(repr=False)
    anonymity: Anonymity | None
    measure: str
    survey: str
    period: str
    cutoff: str
    tie_break: str
    notices: tuple[Notice, ...] = ()

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def to_pandas(self) -> pd.DataFrame:
        """The list as a frame: personal data."""
        return self.table.to_pandas()

    def _repr_html_(self) -> str:
        heads = [name for name in self.areas.column_names if self.areas[name].null_count < self.areas.num_rows]
        most = 20
        rows = [
            ["" if row[name] is None else str(row[name]) for name in heads]
            for row in self.areas.slice(0, most).to_pylist()
        ]
        caption = phrase(
            "{rows}: {measure}, {survey} {period}, k {k}",
            rows=counted(len(self), "row"),
            measure=self.measure,
            survey=self.survey,
            period=self.period,
            k=self.cutoff,
        )
        more = max(0, self.areas.num_rows - most)
        return html_table(caption, heads, rows, numbers=heads[1:], more=more, notes=[str(one) for one in self.notices])


@public
def target_list(
    survey: Survey | Microdata,
    measure: Measure,
    data: Data | None = None,
    *,
    k: K | None = None,
    area: str = "",
    quotas: Annotated[int | Mapping[str, int] | None, JUDGED] = None,
    ties: Ties = "key",
    tie_break: str | None = None,
    rows: ListRows = "all",
    quasi: Sequence[str] = (),
    anonymity: int = USUAL,
    most_sets: int = MOST_SETS,
    language: str = "en",
) -> TargetList:
    """Units with their distance to the cutoff, all minimal sets of deprivations that keep them poor, rank and quota.

    Ranks are by score, the highest first; then by the tie-break, the highest first; then by key. A set of deprivations
    lifts a unit out if what remains is not poor; it is minimal if no proper subset lifts. All of it is accounting on
    the data as they are: it says nothing of what a programme would achieve.

    Parameters
    ----------
    survey, measure, data
        As for `mpi.score`.
    k : str or Fraction, optional
        The cutoff; the measure's first if left out.
    area : str
        A domain of the survey, by which there are quotas and ranks.
    quotas : int or mapping of str to int, optional
        How many units are selected: in each area, by its code; an int for every area, or for all without `area`. Only
        the poor are selected.
    ties : {"key", "all_or_none"}
        What becomes of units that are tied where a quota ends: the key decides, or all or none of them are selected.
    tie_break : str, optional
        A rule over the measure's variables that gives a number of a unit; `""` for none. If left out: the number of
        children under 18, where the measure has a variable `age`.
    rows : {"all", "poor", "selected"}
        Which units the list has.
    quasi : sequence of str
        Columns of the list that others may know of a unit: the list gets the size of each row's class.
    anonymity : int
        k of the k-anonymity: how many units a class should have.
    most_sets : int
        A unit with more minimal sets has their number, not the sets.
    language : str
        Of the column `words`.

    Returns
    -------
    TargetList
        Personal data: no publication takes it.

    Raises
    ------
    UsageError
        If an option, an area, a quota or a column does not exist or fit; with every such fault.
    ConfigError, DataError
        As `mpi.score`.

    References
    ----------
    Alkire et al. (2015), chapter 5; the definitions are on the page "Lists" of the manual.
    """
    cutoff = cutoffs_of(measure, k)[0]
    check_words(ties=ties, rows=rows, language=language, anonymity=anonymity, most_sets=most_sets)
    ready = opened(survey, measure, data)
    rule = tie_break_of(ready.survey, measure, tie_break)
    check_asked(ready.survey, measure, area=area, quotas=quotas, quasi=quasi)
    found = rows_of(ready, measure, cutoff, rule, Verdicts(language=language, most_sets=most_sets))
    check_columns(found.table, area=area, quasi=quasi)
    asked = Asked(area=area, quotas=quotas, ties=ties, rows=rows, quasi=tuple(quasi), anonymity=anonymity)
    made = _made(found, asked)
    return TargetList(
        **made,
        measure=measure.name,
        survey=ready.survey.name,
        period=ready.survey.period,
        cutoff=cutoff.text,
        tie_break="" if rule is None else rule.text,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who is to be selected, and what is to be known of the list; see `target_list`."""

    area: str
    quotas: int | Mapping[str, int] | None
    ties: Ties
    rows: ListRows
    quasi: tuple[str, ...]
    anonymity: int


def _made(found: Rows, asked: Asked) -> dict[str, Any]:
    """The tables of a list and what is known of it."""
    area = asked.area
    labels, codes = _codes(found.table[area]) if area else ([WHOLE], np.zeros(found.table.num_rows, np.int64))
    wanted = _wanted(asked.quotas, labels)
    labels = [*labels, *(name for name in wanted if name not in labels)]
    poor = np.array(found.table["poor"].fill_null(False))
    known = np.array(found.table["poor"].is_valid())
    order = ranked(_depth(found.table), found.tie_break, [_places(found.table[name]) for name in found.keys], codes)
    quotas = np.array([wanted.get(label, -1) for label in labels], np.int64)
    chosen = filled(order, poor, codes, quotas, asked.ties)
    table = _with_ranks(found, order, chosen if wanted else None, codes if area else None)
    kept = {"all": np.ones(len(poor), np.bool_), "poor": poor, "selected": chosen.selected}[asked.rows]
    table = arrow.taken(table, order.order[kept[order.order]])
    judged = None
    if asked.quasi:
        sizes = class_sizes(table, asked.quasi)
        table = table.append_column("class_size", arrow.numbers(sizes))
        judged = anonymity_of(sizes, asked.quasi, asked.anonymity)
    areas = areas_of(labels, codes, poor, known, chosen)
    notices = tuple(notices_of(areas, judged, by_area=bool(area and wanted)))
    return {"table": table, "areas": areas, "anonymity": judged, "notices": notices}


def _with_ranks(found: Rows, order: Ranked, chosen: Filled | None, codes: NDArray[np.int64] | None) -> pa.Table:
    table = found.table
    if not np.isnan(found.tie_break).all():
        table = table.append_column("tie_break", arrow.numbers(found.tie_break, ~np.isnan(found.tie_break)))
    table = table.append_column("rank", arrow.numbers(order.rank, order.rank > 0))
    if codes is not None:
        table = table.append_column("rank_in_area", arrow.numbers(order.rank_in_area, order.rank_in_area > 0))
    if chosen is not None:
        table = table.append_column("selected", arrow.numbers(chosen.selected))
    return table


def _wanted(quotas: int | Mapping[str, int] | None, labels: Sequence[str]) -> dict[str, int]:
    if quotas is None:
        return {}
    if isinstance(quotas, Mapping):
        return {name: int(number) for name, number in quotas.items()}
    return {label: int(quotas) for label in labels}


def _depth(table: pa.Table) -> NDArray[np.int64]:
    """The order of the exact scores, -1 where there is none."""
    labels, codes = _codes(table["score"])
    order = sorted(range(len(labels)), key=lambda code: Fraction(labels[code]))
    place = np.empty(len(labels) + 1, np.int64)
    place[order] = np.arange(len(labels))
    place[-1] = -1
    return place[codes]


def _codes(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int64]]:
    """Labels that occur, ascending, and codes into them; -1 where null."""
    whole = column.combine_chunks()
    whole = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    raw = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    labels = whole.dictionary.to_pylist()
    met = np.unique(raw[raw >= 0]).tolist()
    order = sorted(met, key=lambda code: labels[code])
    place = np.full(len(labels) + 1, -1, np.int64)
    place[order] = np.arange(len(order))
    return [labels[code] for code in order], place[raw]


def _places(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """The order of the values of a key."""
    if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
        return _codes(column)[1]
    return np.unique(column.to_numpy(), return_inverse=True)[1].astype(np.int64)
