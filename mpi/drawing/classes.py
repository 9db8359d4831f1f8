"""Classes of a map: the breaks, and the class of each value.

Comes in: values of one statistic. Goes out: breaks in the unit of the values, rounded to what a legend prints (a
percentage with 1 digit, an index with 3, a whole number) before any value is classed. One rule for values on a break,
everywhere, also in the page's own script: the first class is closed, the others hold lower < x <= upper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.errors import ConfigError, Fault
from mpi.language import phrase
from mpi.vocabulary.options import MOST_CLASSES, Scheme
from mpi.vocabulary.statistics import DEFINITIONS, Form

DIGITS: Mapping[Form, int] = {"percent": 3, "index": 3, "number": 0}  # of a value in its own unit, as printed
STEPS = (1.0, 2.0, 5.0, 10.0)


def class_of(values: Floats, breaks: Floats) -> NDArray[np.int64]:
    """The class of each value, from 0; -1 where there is no value.

    Parameters
    ----------
    values : float64, any shape
    breaks : float64, shape (classes + 1,)
        Ascending; values beyond the ends belong to the end classes.

    Examples
    --------
    >>> class_of(np.array([0.0, 0.2, 0.21, 1.0, np.nan]), np.array([0.0, 0.2, 0.4, 1.0]))
    array([ 0,  0,  1,  2, -1])
    """
    found = np.searchsorted(breaks[1:-1], values, side="left").astype(np.int64)
    return np.where(np.isnan(values), -1, found)


def breaks_for(
    values: Floats,
    statistic: str,
    form: Form,
    *,
    scheme: Scheme = "fixed",
    classes: int = 5,
    stated: Mapping[str, Sequence[float]] | None = None,
) -> tuple[Scheme, Floats]:
    """How the classes of a statistic were made, and their breaks.

    Breaks that depend on values are computed at the official cutoff, so that the map shown first has the classes of its
    legend; the end classes are wide enough for all cutoffs. If breaks changed with k, colours would mislead.

    Parameters
    ----------
    values : float64, shape (c, n)
        At every cutoff, the official one first; NaN where there is none.
    statistic : str
        Or any other name, whose classes are made as those of A and M0.
    scheme : {"fixed", "quantiles", "fisher_jenks"}
        fixed: equal classes of the whole range for H, of the range of the values for A and M0. Headcounts of indicators
        lie close together, far below those of other indicators: they get natural breaks (Fisher-Jenks) of their own
        values at all cutoffs. Numbers of units are far too uneven and get quantiles.
    classes : int
        How many; fewer where there are fewer distinct values.
    stated : mapping of str to sequence of float
        Breaks by statistic, in percent for shares. A class is added where values are beyond them.

    Raises
    ------
    ConfigError
        If stated breaks do not ascend.
    """
    own = _stated(statistic, form, stated or {})
    digits, classes = DIGITS[form], min(classes, MOST_CLASSES)
    known = _upwards(values[~np.isnan(values)], digits)
    first = _upwards(values[:1][~np.isnan(values[:1])], digits)
    first = first if len(first) else known
    everywhere = known
    if len(known):  # the smallest is rounded down, so that the first class holds it
        known = np.append(known, -_upwards(-values[~np.isnan(values)], digits).max())
    if own is not None:
        return "fixed", _widened(own, known, form)
    known_as = DEFINITIONS.get(statistic)
    headcount = known_as is not None and known_as.headcount
    of_indicator = known_as is not None and headcount and "whole" not in known_as.of
    if scheme == "fixed" and headcount and not of_indicator:
        return "fixed", np.round(np.linspace(0, 1, classes + 1), digits)
    if not len(known):
        return scheme, np.array([0.0, 1.0])
    if scheme == "fixed" and of_indicator:
        return "fisher_jenks", _closed(fisher_jenks(everywhere, classes), known)
    if scheme == "fixed" and form != "number":
        return "fixed", equal_steps(float(known.min()), float(known.max()), classes, digits)
    if scheme == "fisher_jenks":
        return scheme, _closed(fisher_jenks(first, classes), known)
    return "quantiles", _closed(quantiles(first, classes), known)


def _stated(statistic: str, form: Form, stated: Mapping[str, Sequence[float]]) -> Floats | None:
    if statistic not in stated:
        return None
    breaks = np.array(stated[statistic], np.float64) / (100 if form == "percent" else 1)
    breaks = np.round(breaks, DIGITS[form])
    if len(breaks) < 2 or not np.isfinite(breaks).all() or (np.diff(breaks) <= 0).any():  # noqa: PLR2004  one class
        text = phrase(
            "breaks of {name} are not at least two numbers that ascend, as printed with the digits of {name}",
            name=statistic,
        )
        raise ConfigError(Fault("MPI-G020", None, text, phrase("write them as [0, 20, 40, 60, 80, 100]")))
    return breaks


def _upwards(values: Floats, digits: int) -> Floats:
    """Values with the printed digits, rounded up: the class of the rounded value is the class of the exact value."""
    size = float(10**digits)
    found: Floats = np.ceil(np.round(values * size, 6)) / size
    return found


def _widened(breaks: Floats, known: Floats, form: Form) -> Floats:
    """Breaks with one more class at each end that values exceed; with a wider end class if colours run out."""
    if not len(known):
        return breaks
    low, high = float(known.min()), float(known.max())
    below = [min(0.0, low)] if low < breaks[0] else []
    above = [1.0 if form == "percent" and high <= 1 else high] if high > breaks[-1] else []
    if len(below) + len(breaks) - 1 + len(above) > MOST_CLASSES:
        inner = breaks[(1 if below else 0) : (-1 if above else None)]
        return np.concatenate([below, inner, above])
    return np.concatenate([below, breaks, above])


def _closed(uppers: Floats, values: Floats) -> Floats:
    """Breaks of classes with these upper ends, from the smallest value to the largest; one class if they are one."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([min(0.0, low), high if high > 0 else 1.0])
    inner = uppers[:-1]
    return np.unique(np.concatenate([[low], inner[(inner > low) & (inner < high)], [high]]))


def quantiles(values: Floats, classes: int) -> Floats:
    """The upper ends of classes that hold equally many values, as far as equal values allow.

    Examples
    --------
    >>> quantiles(np.array([1.0, 2, 3, 4, 5, 6]), 3)
    array([2., 4., 6.])
    """
    ordered = np.sort(values)
    last = -(-np.arange(1, classes + 1) * len(ordered) // classes) - 1
    return np.unique(ordered[last])


BLOCK = 2**15  # sums that are compared at once: a few such arrays stay in the cache of a processor


def fisher_jenks(values: Floats, classes: int) -> Floats:
    """The upper ends of the classes whose values differ least from their means; exact.

    References
    ----------
    Fisher (1958), Journal of the American Statistical Association 53(284), 789-798.

    Examples
    --------
    >>> fisher_jenks(np.array([1.0, 1.1, 5.0, 5.2, 9.0]), 3)
    array([1.1, 5.2, 9. ])
    """
    distinct, times = np.unique(values, return_counts=True)
    n, classes = len(distinct), min(classes, len(distinct))
    centred = distinct - np.average(distinct, weights=times)  # so that squares cancel less
    weight, total, square = (np.concatenate([[0.0], np.cumsum(times * centred**power)]) for power in (0, 1, 2))

    def spread(first: NDArray[np.int64], end: NDArray[np.int64]) -> Floats:
        """Sums of squared deviations in distinct[first:end]; infinite where there are none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mean_part = (total[end] - total[first]) ** 2 / (weight[end] - weight[first])
        return np.where(first < end, square[end] - square[first] - mean_part, np.inf)

    # Of the first `end` values in `used` + 1 classes: the least sum, and where the last class begins.
    least = np.full((classes, n + 1), np.inf)
    least[0, 1:] = spread(np.zeros(1, np.int64), np.arange(1, n + 1))
    start = np.zeros((classes, n + 1), np.int64)
    step = max(1, BLOCK // n)
    for low in range(1, n + 1, step):
        some = np.arange(low, min(low + step, n + 1))
        apart = spread(np.arange(some[-1])[:, None], some)
        for used in range(1, classes):
            costs = least[used - 1, : some[-1], None] + apart
            start[used, some] = costs.argmin(axis=0)
            least[used, some] = costs[start[used, some], np.arange(len(some))]
    ends, end = [], n
    for used in range(classes - 1, -1, -1):
        ends.append(end)
        end = int(start[used, end])
    uppers: Floats = distinct[np.array(ends[::-1]) - 1]
    return uppers


def equal_steps(low: float, high: float, classes: int, digits: int) -> Floats:
    """Breaks at round numbers with equal steps that cover low to high; about as many classes as requested.

    Examples
    --------
    >>> equal_steps(0.031, 0.437, 5, 3)
    array([0. , 0.1, 0.2, 0.3, 0.4, 0.5])
    """
    power = 10.0 ** np.floor(np.log10(max((high - low) / classes, 10.0**-digits)))
    found = []
    for step in (scale * power for scale in STEPS):
        first, last = np.floor(np.round(low / step, 9)), np.ceil(np.round(high / step, 9))
        last = max(last, first + 1)
        found.append((abs(last - first - classes), -step, np.arange(first, last + 1) * step))
    fit = [one for one in found if len(one[2]) - 1 <= MOST_CLASSES]
    breaks: Floats = np.round(min(fit, key=lambda one: one[:2])[2], digits)
    return breaks
