"""Calibrated variances of thousands of domains: a domain's own values are few, and its residuals are not written out.

Residuals of a domain's statistic are z = s - D a: s, its linearised totals, is 0 but in its PSUs, while D, totals of
the calibration variables (and of the population, for shares), is the same for all. Then V(z) = V(s) - 2 a'C(D, s) +
a'C(D, D) a, with covariances C between PSUs. Where that cancels, the caller writes the residuals out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, not_none, stable_order
from mpi.estimates.calibrated import Calibrated
from mpi.estimates.quantities import Quantities, Statistic
from mpi.estimates.rows import Rows, cell_sums
from mpi.inference.variance import Stages, linearised_variance

CANCELS = 1e-4  # of both parts of a variance: what is left of them has lost 4 of 16 digits


def variance_of_domains(
    calibration: Calibrated,
    rows: Rows,
    table: Quantities,
    chosen: Sequence[Statistic],
    own: Floats,
    *,
    ratio: Floats,
    divisor: Floats,
    stages: Stages,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Variances between PSUs of the residuals of s statistics in g domains, and where they can be relied on.

    Parameters
    ----------
    calibration : Calibrated
        Of a sample with PSUs.
    rows : Rows
        By domain and PSU.
    chosen : sequence of Statistic, length s
        Either all shares or none.
    own : float64, shape (r, s)
        Linearised totals of the rows; of shares those of the domain alone.
    ratio, divisor : float64, shape (g, s)
        As in `Points`.
    stages : Stages
        Without single PSUs that are centred.

    Returns
    -------
    variance : float64, shape (g, s)
    sure : bool, shape (g, s)
        False where little is left of the variance: the residuals of a total that was calibrated to are 0.

    References
    ----------
    Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, chapter 6.6.
    """
    share = chosen[0].kind == "share"
    columns = list(dict.fromkeys(column for s in chosen for column in (s.y, s.x)))
    place = {column: i for i, column in enumerate(columns)}
    y, x = (np.array([place[getattr(s, part)] for s in chosen], np.int64) for part in ("y", "x"))
    everyone = _of_whole(calibration, table, columns) if share else None
    dense = calibration.totals if everyone is None else np.hstack([calibration.totals, everyone[1]])
    centred = _centred(dense, stages)
    within = dense.T @ centred
    variance = linearised_variance(rows.domain, rows.stratum, own, domains=rows.domains, stages=stages)
    sure = np.ones(variance.shape, np.bool_)
    first = np.searchsorted(rows.domain, np.arange(rows.domains + 1))
    variables, size = calibration.variables, calibration.totals.shape[1]
    for g, (cells, sums) in enumerate(_by_code(calibration, rows, table, columns)):
        crossed = variables[cells].T @ sums
        other = crossed[:, x] if everyone is None else everyone[0][:, x]
        slopes = np.zeros((dense.shape[1], len(chosen)))
        slopes[:size] = calibration.inverse @ ((crossed[:, y] - ratio[g] * other) / divisor[g])
        if share:
            slopes[size + x, np.arange(len(chosen))] = ratio[g] / divisor[g]
        run = slice(first[g], first[g + 1])
        regressed = np.einsum("ks,ks->s", slopes, within @ slopes)
        most = variance[g] + regressed
        variance[g] = most - 2 * np.einsum("ks,ks->s", slopes, centred[rows.psu[run]].T @ own[run])
        sure[g] = variance[g] >= CANCELS * most
    return variance, sure


def _of_whole(calibration: Calibrated, table: Quantities, columns: Sequence[int]) -> tuple[Floats, Floats]:
    """Of the total: sums of quantities times calibration variables, shape (p, q), and totals by PSU, shape (P, q)."""
    whole = calibration.whole
    ((cells, sums),) = _by_code(calibration, whole, table, columns)
    totals = np.zeros((len(calibration.totals), len(columns)))
    totals[whole.unit] = cell_sums(whole, table, columns, whole.starts)
    return calibration.variables[cells].T @ sums, totals


def _by_code(
    calibration: Calibrated, rows: Rows, table: Quantities, columns: Sequence[int]
) -> list[tuple[NDArray[np.int64], Floats]]:
    """For each domain the rows of the calibration variables that it meets, with design-weighted sums over its cells."""
    number = len(calibration.variables)
    key = rows.cell_domain * number + calibration.code[rows.order]
    order = stable_order(key)
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    domain, code = np.divmod(key[order][starts], number)
    which, weight = rows.which[order], calibration.design_weight[rows.order][order]
    sums = np.empty((len(starts), len(columns)))
    for i, column in enumerate(columns):
        sums[:, i] = np.add.reduceat(table.values(column)[which] * weight, starts)
    edges = np.searchsorted(domain, np.arange(rows.domains + 1)).tolist()
    return [(code[a:b], sums[a:b]) for a, b in pairwise(edges)]


def _centred(dense: Floats, stages: Stages) -> Floats:
    """Totals of all PSUs less the mean of their stratum, times the stratum's factor; shape (P, k)."""
    stratum, psus = not_none(stages.psu_stratum), np.maximum(stages.psus, 1)[:, None]
    sums = np.zeros((stages.psus.size, dense.shape[1]))
    np.add.at(sums, stratum, dense)
    centred: Floats = (dense - (sums / psus)[stratum]) * stages.factor[stratum, None]
    return centred
