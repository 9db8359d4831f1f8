"""Contrasts of estimates with their t intervals and tests, and what cannot be tested.

In come contrasts, their variances and degrees of freedom; out goes a table. Covariances are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Floats, Text
from mpi.errors import Fault, UsageError
from mpi.inference.distributions import student_two_sided_p
from mpi.inference.intervals import t_interval
from mpi.inference.multiple_tests import benjamini_hochberg, holm
from mpi.language import phrase
from mpi.vocabulary.options import Adjust

ADJUSTMENTS: Mapping[str, Callable[[Floats], Floats]] = {
    "none": lambda p: p, "holm": holm, "bh": benjamini_hochberg,
}  # fmt: skip
UNTESTED = ("", "an estimate is undefined", "an estimate has no standard error: its `note` says why",
            "an estimate has a standard error of 0: no test", "no degrees of freedom: no test",
            "the difference does not vary: no test")  # fmt: skip


def check_adjust(adjust: str) -> None:
    """Refuse a correction of p-values that there is not."""
    if adjust not in ADJUSTMENTS:
        text = phrase("there is no correction of p-values {adjust!r}", adjust=adjust)
        raise UsageError(Fault("MPI-E011", None, text, phrase("write {names}", names=", ".join(ADJUSTMENTS))))


def contrast_table(
    estimate: Floats, variance: Floats, df: NDArray[np.int64], *, level: float, adjust: Adjust, flat: NDArray[np.bool_]
) -> pa.Table:
    """Contrasts with their t intervals and tests; see `Covariance.contrast`. All of shape (c,).

    `flat` are those that involve an estimate whose standard error is 0 since its sample does not vary.
    """
    se = np.sqrt(np.maximum(variance, 0))
    low, high, t, p = (np.full(len(se), np.nan) for _ in range(4))
    hindrances = [~np.isfinite(estimate), ~np.isfinite(se), flat, df <= 0, se == 0]
    reason = np.select(hindrances, range(1, len(UNTESTED)), 0).astype(np.int64)
    usable = reason == 0
    low[usable], high[usable] = t_interval(estimate[usable], se[usable], df[usable], level)
    t[usable] = estimate[usable] / se[usable]
    p[usable] = student_two_sided_p(t[usable], df[usable])
    figures = {"estimate": estimate, "se": se, "ci_low": low, "ci_high": high, "t": t}
    made = {name: _floats(values) for name, values in figures.items()}
    made |= {"df": arrow.numbers(df), "p": _floats(p), "p_adjusted": _floats(ADJUSTMENTS[adjust](p))}
    made["note"] = arrow.array_of(Text(reason, UNTESTED, reason > 0))
    return arrow.table(made)


def _floats(values: Floats) -> pa.Array:
    known = np.isfinite(values)
    return arrow.numbers(np.where(known, values, 0.0), None if known.all() else known)
