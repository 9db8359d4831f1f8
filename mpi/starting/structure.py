"""What the columns of a file are to each other: candidates for keys, weight, PSU and strata, which a person judges.

A key is exact: no two rows share it. Weight, PSU and strata are guessed from names that offices use and from nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from mpi.errors import folded
from mpi.starting.columns import Coded

FIRST = 4096  # rows on which most pairs of columns are found not to be a key
MOST = 5  # candidates of a kind
MOST_KEYS = 24  # columns that are tried in keys of several
LARGEST_NUMBER = 99  # of a person in a household
LARGE = 10  # a median weight above this is one that expands
FEWEST_PSUS = 10
FEWEST_ROWS = 1.2  # of a unit, on average
NUMBERED = 0.9  # share of units without a gap in their numbers; members may have left
WEIGHT = re.compile(
    r"(^|_)(fex|fexp|w|wt|wgt)([_\d]|$)|factor|expan|peso|weight|ponder|hv005|pesoan|^fe_|^exp[rpc]?$|^facexp"
)
PSU = re.compile(r"(^|_)(upm|psu|upa|ea)(_|\d|$)|cluster|conglom|segmento|hv001|hv021")
STRATUM = re.compile(r"estrat|strat|hv022|hv023")
ID = re.compile(
    r"(^|_)(id|ident|folio|llave|clave|key|codigo|serial|num|nro|hhid|hh|caseid|cuest)(_|\d|$)|^id|id$|hogar|"
    r"vivien|house|person|director|secuen|orden|numero|nper|hv002|hvidx"
)


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that together identify each row.

    Attributes
    ----------
    columns : tuple of str
    unit : tuple of str
        Where the last column numbers the rows of a unit from 1 on, the columns that identify the unit, such as the
        household of a person; else none.
    rows : float
        Rows of a unit on average.
    """

    columns: tuple[str, ...]
    unit: tuple[str, ...] = ()
    rows: float = 1.0


@dataclass(frozen=True, slots=True)
class Structure:
    """Candidates, the likeliest first, by the names of their columns.

    Attributes
    ----------
    keys : tuple of Key
    weights, psus, strata : tuple of str
    of_unit : tuple of str
        Columns that hold one value for each unit of the first key with units, such as the answers of a household.
    """

    keys: tuple[Key, ...]
    weights: tuple[str, ...]
    psus: tuple[str, ...]
    strata: tuple[str, ...]
    of_unit: tuple[str, ...] = ()

    @property
    def identifying(self) -> frozenset[str]:
        """The columns whose values identify somebody."""
        return frozenset(chain.from_iterable(key.columns for key in self.keys))


def priority(name: str) -> int:
    """How soon a column is kept for the search where not all columns fit into memory; 0 is first."""
    said = folded(name)
    return 0 if any(hint.search(said) for hint in (ID, WEIGHT, PSU, STRATUM)) else 1


def structure(columns: Mapping[str, Coded]) -> Structure:
    """The candidates among columns of equal length."""
    keys = _keys(columns)
    units = [key.unit for key in keys if key.unit] or [key.columns for key in keys[:1]]
    unit = _combined([columns[name].codes for name in units[0]]) if units else None
    taken = {name for key in keys for name in key.columns}
    weights = _weights(columns, unit, taken)
    psus = _psus(columns, unit, taken | {*weights})
    strata = _strata(columns, psus, taken | {*weights, *psus})
    of_unit: tuple[str, ...] = ()
    if unit is not None and any(key.unit for key in keys):
        of_unit = tuple(name for name, one in columns.items() if name not in units[0] and _nested(unit, one.codes))
    return Structure(keys, weights, psus, strata, of_unit)


def _keys(columns: Mapping[str, Coded]) -> tuple[Key, ...]:
    whole = {name: one for name, one in columns.items() if one.complete and not one.decimal and len(one.levels) > 1}
    rows = next((one.codes.size for one in whole.values()), 0)
    single = [name for name, one in whole.items() if len(one.levels) == rows]
    named = [name for name in single if ID.search(folded(name))] or single
    found = [Key((name,)) for name in named[:MOST]]
    tried = [name for name in whole if name not in single]
    likely = {*sorted(tried, key=lambda name: not ID.search(folded(name)))[:MOST_KEYS]}
    tried = [name for name in whole if name in likely]  # in the order of the file
    lasts = [name for name in tried if _numbers(whole[name])]
    alone: list[Key] = []
    for size in (1, 2):
        of_size = [_numbered(whole, first, last) for first in combinations(tried, size) for last in lasts
                   if last not in first and _apart(found, first, last)]  # fmt: skip
        ranked = sorted(_largest(filter(None, of_size)), key=lambda key: _strangeness(key.columns))[:MOST]
        found += [key for key in ranked if key.unit]
        alone = alone or [key for key in ranked if not key.unit and _strangeness(key.columns) == 0]
        if any(key.unit for key in found):
            break
    return tuple(found or alone)


def _largest(keys: Iterable[Key]) -> list[Key]:
    """Of keys of the same columns, the one whose units are the largest: households before numbers in a dwelling."""
    found: dict[frozenset[str], Key] = {}
    for key in keys:
        own = frozenset(key.columns)
        if own not in found or key.rows > found[own].rows:
            found[own] = key
    return [*found.values()]


def _strangeness(names: Iterable[str]) -> int:
    """How many names are not those of keys."""
    return sum(not ID.search(folded(name)) for name in names)


def _numbers(column: Coded) -> bool:
    """Whether a column can number the members of a unit: whole numbers from 1 on."""
    levels = column.levels
    return column.integers and float(levels[0]) == 1 and float(levels[-1]) <= LARGEST_NUMBER


def _apart(found: Sequence[Key], first: Sequence[str], last: str) -> bool:
    """Whether columns hold no key that was found already."""
    return not any({*key.columns} <= {*first, last} for key in found)


def _numbered(columns: Mapping[str, Coded], first: tuple[str, ...], last: str) -> Key | None:
    """The key of some columns and one that numbers the rows of their combinations from 1 on; None if it is none."""
    numbers = columns[last]
    if not _is_key([columns[name].codes[:FIRST] for name in (*first, last)]):
        return None
    unit = _combined([columns[name].codes for name in first])
    if not _is_key([unit, numbers.codes]):
        return None
    sizes = np.bincount(unit)
    if sizes.mean() < FEWEST_ROWS:
        return Key((*first, last))
    largest = np.zeros(sizes.size, np.float64)
    np.maximum.at(largest, unit, np.asarray(numbers.levels, np.float64)[numbers.codes])
    return Key((*first, last), first, float(sizes.mean())) if (largest == sizes).mean() >= NUMBERED else None


def _combined(columns: Sequence[NDArray[np.integer]]) -> NDArray[np.int64]:
    """The combinations of several columns as numbers from 0 on."""
    made = np.zeros(columns[0].size, np.int64)
    for codes in columns:
        made = np.unique(made * (int(codes.max(initial=0)) + 2) + codes + 1, return_inverse=True)[1]
    return made


def _is_key(columns: Sequence[NDArray[np.integer]]) -> bool:
    made = _combined(columns)
    return bool(made.size) and int(made.max()) + 1 == made.size


def _nested(inner: NDArray[np.integer], outer: NDArray[np.integer]) -> bool:
    """Whether each inner unit lies in one outer unit."""
    pairs = _combined([inner, outer])
    return int(pairs.max(initial=-1)) == int(np.unique(inner).size) - 1


def _weights(columns: Mapping[str, Coded], unit: NDArray[np.int64] | None, taken: set[str]) -> tuple[str, ...]:
    scores = {}
    for name, one in columns.items():
        levels = one.levels
        if not isinstance(levels, np.ndarray) or not levels.size or name in taken or float(levels[0]) < 0:
            continue
        named = bool(WEIGHT.search(folded(name)))
        if not named and (not one.complete or not one.decimal or float(levels[0]) == 0):
            continue
        large = float(np.median(levels)) > LARGE
        score = 3 * named + one.decimal + large + (unit is not None and _nested(unit, one.codes))
        if score >= 3 and len(levels) > 1:  # noqa: PLR2004  its name says so, or all of its values
            scores[name] = score
    return _best(scores)


def _psus(columns: Mapping[str, Coded], unit: NDArray[np.int64] | None, taken: set[str]) -> tuple[str, ...]:
    """Columns named so; if there is none, those of many codes in which the units, such as households, are nested."""
    able = {name: one for name, one in columns.items() if _groups(one) and name not in taken}
    nested = {name for name, one in able.items() if unit is not None and _nested(unit, one.codes)}
    many = {name for name, one in able.items() if len(one.levels) >= FEWEST_PSUS}
    named = [name for name in able if PSU.search(folded(name))]
    if named:
        return _best({name: (name in nested) + (name in many) for name in named})
    others = [name for name in able if name in nested & many and not ID.search(folded(name))]
    return _best({name: len(able[name].levels) for name in others})


def _strata(columns: Mapping[str, Coded], psus: Sequence[str], taken: set[str]) -> tuple[str, ...]:
    """Columns named so; if there is none, those of fewer codes in which the likeliest PSU is nested."""
    able = {name: one for name, one in columns.items() if _groups(one) and name not in taken}
    first = columns[psus[0]] if psus else None
    nested = {
        name
        for name, one in able.items()
        if first is not None and len(one.levels) < len(first.levels) and _nested(first.codes, one.codes)
    }
    named = [name for name in able if STRATUM.search(folded(name))]
    if named:
        return _best({name: int(name in nested) for name in named})
    return _best({name: len(able[name].levels) for name in nested})


def _groups(column: Coded) -> bool:
    """Whether a column can divide the rows into groups."""
    return column.complete and not column.decimal and len(column.levels) > 1


def _best(scores: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(scores, key=lambda name: -scores[name])[:MOST])
