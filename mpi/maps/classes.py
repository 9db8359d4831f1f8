"""Classes of a choropleth: where their breaks lie, and which class a value belongs to.

One rule for values on a break, everywhere: a class holds lower < x <= upper, the first one its lower end too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.study import Scheme
from mpi.wording import Form

FloatArray = NDArray[np.float64]
PERCENT = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
STEP = {"percent": 0.001, "index": 0.001, "number": 1.0}  # the last digit that a legend shows
MOST_VALUES = 3_000  # of Fisher-Jenks, whose time grows with the square: 0.2 s


def class_of(values: FloatArray, breaks: FloatArray) -> NDArray[np.int64]:
    """The class of each value, from 0; -1 where there is no value. What lies outside belongs to the nearest class.

    Examples
    --------
    >>> class_of(np.array([0.0, 0.2, 0.21, 1.0, np.nan]), np.array([0.0, 0.2, 0.4, 1.0]))
    array([ 0,  0,  1,  2, -1])
    """
    found = np.searchsorted(breaks[1:-1], values, side="left").astype(np.int64)
    return np.where(np.isnan(values), -1, found)


def class_breaks(
    values: FloatArray, form: Form, *, scheme: Scheme, classes: int, fixed: Sequence[float] | None = None
) -> FloatArray:
    """Breaks of the values of one layer, rounded to what a legend shows.

    Parameters
    ----------
    values : float64, any shape
        Of all areas at all cutoffs: breaks stay when the cutoff moves. NaN: no value.
    form : {"percent", "index", "number"}
    scheme : {"fixed", "quantiles", "fisher_jenks"}
    classes : int
        How many are wanted; fewer if there are fewer distinct values.
    fixed : sequence of float, optional
        Of the scheme `fixed`: in percent for shares. Left out: 0, 20, ..., 100 % for shares; other figures have no
        natural breaks and are classed by Fisher and Jenks.

    Returns
    -------
    float64, shape (number of classes + 1,)
        Ascending; every value lies within.

    References
    ----------
    Fisher (1958), Journal of the American Statistical Association 53; Jenks (1977), Optimal Data Classification.
    """
    known = np.sort(values[np.isfinite(values)].ravel())
    if not len(known):
        known = np.array([0.0, 1.0])
    if scheme == "fixed" and (fixed is not None or form == "percent"):
        return _covering(_fixed(form, fixed), known, form)
    inner = _quantiles(known, classes) if scheme == "quantiles" else _fisher_jenks(known, classes)
    step = STEP[form]
    low, high = np.floor(known[0] / step) * step, np.ceil(known[-1] / step) * step
    found = np.unique(np.round(np.concatenate([[low], _readable(inner, form), [high]]), 12))
    found = found[(found >= low) & (found <= high)]
    return found if len(found) > 1 else np.array([low, low + step])


def _fixed(form: Form, fixed: Sequence[float] | None) -> FloatArray:
    if fixed is None:
        return np.array(PERCENT) / 100
    return np.array(fixed, np.float64) / (100 if form == "percent" else 1)


def _covering(breaks: FloatArray, known: FloatArray, form: Form) -> FloatArray:
    """Breaks whose ends reach every value."""
    step = STEP[form]
    found = breaks.copy()
    if known[0] < found[0]:
        found[0] = np.floor(known[0] / step) * step
    if known[-1] > found[-1]:
        found[-1] = np.ceil(known[-1] / step) * step
    return found


def _readable(inner: FloatArray, form: Form) -> FloatArray:
    """Breaks as a legend writes them: shares and indices with their last digit, numbers with two digits that count."""
    step = np.full(len(inner), STEP[form])
    if form == "number":
        step = np.maximum(1.0, 10.0 ** (np.floor(np.log10(np.maximum(inner, 1.0))) - 1))
    found: FloatArray = np.round(inner / step) * step
    return found


def _quantiles(known: FloatArray, classes: int) -> FloatArray:
    found: FloatArray = np.quantile(known, np.arange(1, classes) / classes, method="inverted_cdf")
    return found


def _fisher_jenks(known: FloatArray, classes: int) -> FloatArray:
    """Upper ends of the classes, but for the last, that leave the least sum of squares within them."""
    if len(known) > MOST_VALUES:
        known = known[np.linspace(0, len(known) - 1, MOST_VALUES).round().astype(np.int64)]
    value, count = np.unique(known, return_counts=True)
    number = min(classes, len(value))
    total = np.concatenate([[0.0], np.cumsum(count)])
    first = np.concatenate([[0.0], np.cumsum(count * value)])
    second = np.concatenate([[0.0], np.cumsum(count * value**2)])

    def within(start: NDArray[np.int64], end: int) -> FloatArray:
        """Sum of squares of the values from each start to the end, without it."""
        mass = first[end] - first[start]
        squares: FloatArray = second[end] - second[start] - mass**2 / (total[end] - total[start])
        return squares

    best = np.array([0.0, *(within(np.zeros(1, np.int64), end)[0] for end in range(1, len(value) + 1))])
    cuts = []
    for k in range(2, number + 1):
        longer, cut = np.full(len(best), np.inf), np.zeros(len(best), np.int64)
        for end in range(k, len(value) + 1):
            starts = np.arange(k - 1, end)
            cost = best[starts] + within(starts, end)
            place = int(np.argmin(cost))
            longer[end], cut[end] = cost[place], starts[place]
        best = longer
        cuts.append(cut)
    ends, end = [], len(value)
    for cut in reversed(cuts):
        end = int(cut[end])
        ends.append(value[end - 1])
    return np.array(ends[::-1])
