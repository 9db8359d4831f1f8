"""The estimates of two rounds side by side: the same domains, statistics and cutoffs at the same places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.arrow import text_column
from mpi.columns.values import Floats, Text, where_known
from mpi.estimates import Estimates
from mpi.profile import levels
from mpi.vocabulary.options import RELIABILITY_LEVELS


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Figures:
    """One set of g domains, with s statistics, in two rounds; NaN where a round has no estimate.

    Attributes
    ----------
    labels : sequence of tuple of str, length g
        Levels of each domain, those of both rounds.
    before, after, variance_before, variance_after : float64, shape (g, s)
    df_before, df_after : int64, shape (g, s)
        0 where a round has none.
    reliability : int64, shape (g, s)
        The worse of both, into `mpi.specs.reliability.LEVELS`; -1 if not judged.
    flat : bool, shape (g, s)
        Where a sample has a standard error of 0, as it does not vary.
    sampled : bool
        Whether a round is a sample.
    """

    labels: Sequence[tuple[str, ...]]
    before: Floats
    after: Floats
    variance_before: Floats
    variance_after: Floats
    df_before: NDArray[np.int64]
    df_after: NDArray[np.int64]
    reliability: NDArray[np.int64]
    flat: NDArray[np.bool_]
    sampled: bool


def figures(first: Estimates, last: Estimates, number: int) -> Figures:
    """The figures of two rounds in one set of domains.

    Parameters
    ----------
    first, last : Estimates
        Whole, of one measure, with the same cutoffs and sets of domains.
    number : int
        Of the set.
    """
    own = [first.basis.labels(number), last.basis.labels(number)]
    names = len(first.basis.sets[number])
    labels = list(dict.fromkeys([*own[0], *own[1]]))
    if names:
        ranks = []
        for i in range(names):
            texts = tuple(dict.fromkeys(label[i] for label in labels))
            ranks.append({text: place for place, text in enumerate(levels(Text(np.arange(len(texts)), texts))[0])})
        labels.sort(key=lambda label: [rank[text] for rank, text in zip(ranks, label, strict=True)])
    place = {label: i for i, label in enumerate(labels)}
    shape = (len(labels), len(first.basis.table.statistics))
    arrays = []
    for estimates, mine in zip((first, last), own, strict=True):
        at = [place[label] for label in mine]
        arrays.append([_spread(column, at, shape) for column in _columns(estimates, number)])
    (y1, se1, df1, r1), (y2, se2, df2, r2) = arrays
    # With a census and a sample, the error is that of the sample; with two censuses there is no sampling error.
    flat = (se1 == 0) | (se2 == 0)
    censuses = [estimates.basis.profile.sample.census for estimates in (first, last)]
    if censuses.count(True) == 1:
        se1, se2 = (np.zeros_like(se) if census else se for se, census in zip((se1, se2), censuses, strict=True))
    worse = np.maximum(np.nan_to_num(r1, nan=-1), np.nan_to_num(r2, nan=-1)).astype(np.int64)
    whole = [np.nan_to_num(df).astype(np.int64) for df in (df1, df2)]
    return Figures(
        labels=labels,
        before=y1,
        after=y2,
        variance_before=se1**2,
        variance_after=se2**2,
        df_before=whole[0],
        df_after=whole[1],
        reliability=worse,
        flat=flat,
        sampled=not all(censuses),
    )


def _columns(estimates: Estimates, number: int) -> list[Floats]:
    """Estimate, standard error, degrees of freedom and reliability of a set's rows, NaN for null."""
    basis = estimates.basis
    offsets = basis.offsets
    part = estimates.table.slice(int(offsets[number]), int(offsets[number + 1] - offsets[number]))
    found = [np.array(part[name].to_numpy(), np.float64) for name in ("estimate", "se", "df")]
    levels = text_column(part, "reliability")
    severity = np.array([RELIABILITY_LEVELS.index(label) for label in levels.labels] or [0], np.float64)
    found.append(np.where(where_known(levels), severity[levels.codes], np.nan))
    return found


def _spread(values: Floats, at: Sequence[int], shape: tuple[int, int]) -> Floats:
    spread = np.full(shape, np.nan)
    spread[at] = values.reshape(len(at), shape[1])
    return spread
