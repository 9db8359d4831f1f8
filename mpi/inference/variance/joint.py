"""Covariances of many linearised statistics at once, of the same sample, between PSUs and within them.

In come totals of all linearised variables by PSU or second-stage unit of the whole design; out goes one symmetric
matrix, or its diagonal. All is a sum of products of a centred matrix with itself, so no variance is ever negative.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, Ints
from mpi.inference.variance.groups import Part, parts_of
from mpi.inference.variance.stages import SE_NOISE, Stages

# Values that are centred at once (32 MB): enough rows for a fast product, whatever their number.
BLOCK_VALUES = 2**22
# Numbers of households represented by weights may exceed the drawn number only by rounding.
EFFECTIVE_NOISE = 1e-9


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Grouped:
    """Rows in groups (strata, or PSUs at the second stage) with the number drawn and factor of each, shape (H,).

    `effective` is the number of units that each row counts for, shape (r,): 1, or 1 / concentration. `centre_single`,
    shape (H, m), is where groups with one unit drawn are centred; None: at their own value.
    """

    group: Ints
    z: Floats
    drawn: Ints
    factor: Floats
    effective: Floats
    centre_single: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some rows whose products with themselves add up to the covariance, shape (k, m).

    `size`, shape (m,), is what centring took away from the sums of squares.
    """

    rows: Floats
    size: Floats


def joint_covariance(
    stratum: Ints,
    z: Floats,
    *,
    stages: Stages,
    concentration: Floats | None = None,
    scale: float | Floats = 1.0,
    met: NDArray[np.bool_] | None = None,
) -> Floats:
    """Covariance matrix between PSUs of totals of linearised variables over the whole design.

    V = sum over strata h of (1 - f_h) n_h / (n_h - 1) * sum over PSUs i of (z_hi - zbar_h)(z_hi - zbar_h)^T; PSUs that
    have no row count as z = 0. Single PSUs follow the option of the design, as in `linearised_variance`, where all
    strata of the design are present: "scaled" scales by all of them.

    Parameters
    ----------
    stratum : int64, shape (r,)
        Stratum of each PSU that has members; in any order, leaner when ascending.
    z : float64, shape (r, m)
        PSU totals of m linearised variables; one that is NaN makes its row and column NaN.
    stages : Stages
        The whole design.
    concentration : float64, shape (r,), optional
        For designs where each household is a PSU: a row groups households of one stratum that differ in their weight
        alone, z is their sum, and `concentration` their sum of squared weights over the square of their sum of weights.
    scale : float or float64, shape (m,)
        Size of each statistic, as in `linearised_variance`. A variable whose standard error is below 1e-12 of it, or of
        the root of its sum of squares, gets a row and column of 0.
    met : bool, shape (H, m), optional
        The strata that hold a unit of each variable's domain; all of the design if left out. For the option "centered":
        its mean is over their PSUs, and other strata add nothing.

    Returns
    -------
    float64, shape (m, m)
        Symmetric; NaN where all strata are single under "scaled".

    Raises
    ------
    ValueError
        When a stratum has a single PSU with option "fail" or "collapse", or more rows than PSUs.

    References
    ----------
    Saerndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, 5.4; R survey 4.1-1, `onestrat`.

    Examples
    --------
    >>> z = np.array([[1.0, 0], [3.0, 2.0]])  # two of the stratum's three PSUs have members
    >>> joint_covariance(np.array([0, 0]), z, stages=Stages(psus=np.array([3])))
    array([[7., 5.],
           [5., 4.]])
    """
    grouped = _of_psus(stratum, z, stages, concentration, met)
    return _matrix(grouped, scale) * stages.scaling


def joint_variance(
    stratum: Ints,
    z: Floats,
    *,
    stages: Stages,
    concentration: Floats | None = None,
    scale: float | Floats = 1.0,
    met: NDArray[np.bool_] | None = None,
) -> Floats:
    """Diagonal of `joint_covariance`, float64 of shape (m,), without the work of m by m; with its arguments."""
    grouped = _of_psus(stratum, z, stages, concentration, met)
    return _diagonal(grouped, scale) * stages.scaling


def joint_second_stage(psu: Ints, z: Floats, *, stages: Stages, scale: float | Floats = 1.0) -> Floats:
    """Covariance matrix within PSUs of totals of linearised variables, to be added to `joint_covariance`.

    Parameters
    ----------
    psu : int64, shape (r,)
        PSU of each second-stage unit that has members; in any order, leaner when ascending.
    z : float64, shape (r, m)
        Totals over the unit.
    stages : Stages
        The whole design, with its second stage.
    scale
        As in `joint_covariance`.

    Returns
    -------
    float64, shape (m, m)

    Raises
    ------
    ValueError
        As `second_stage_variance`.
    """
    return _matrix(_of_ssus(psu, z, stages), scale)


def joint_second_stage_variance(psu: Ints, z: Floats, *, stages: Stages, scale: float | Floats = 1.0) -> Floats:
    """Diagonal of `joint_second_stage`, float64 of shape (m,), without the work of m by m; with its arguments."""
    return _diagonal(_of_ssus(psu, z, stages), scale)


def _of_psus(
    stratum: Ints, z: Floats, stages: Stages, concentration: Floats | None, met: NDArray[np.bool_] | None
) -> _Grouped:
    factor, centre = stages.factor, None
    if stages.single_psu == "centered" and stages.singles.size:
        part = np.broadcast_to(stages.psus[:, None] > 0, (stages.psus.size, z.shape[1])) if met is None else met
        centre = part * (z.sum(axis=0) / np.maximum(stages.psus @ part, 1))
    if concentration is None:
        return _Grouped(
            group=stratum, z=z, drawn=stages.psus, factor=factor, effective=np.ones(stratum.size), centre_single=centre
        )
    if not (concentration > 0).all():
        raise ValueError("concentrations are above 0: give rows without weight a concentration of 1, or leave them out")
    return _Grouped(
        group=stratum, z=z, drawn=stages.psus, factor=factor, effective=1 / concentration, centre_single=centre
    )


def _of_ssus(psu: Ints, z: Floats, stages: Stages) -> _Grouped:
    factor = stages.ssu_factor
    ssus: Ints = np.zeros(0, np.int64) if stages.ssus is None else stages.ssus
    return _Grouped(group=psu, z=z, drawn=ssus, factor=factor, effective=np.ones(psu.size))


def _matrix(grouped: _Grouped, scale: float | Floats) -> Floats:
    m = grouped.z.shape[1]
    covariance, size = np.zeros((m, m)), np.zeros(m)
    for block in _blocks(grouped):
        covariance += block.rows.T @ block.rows  # of a matrix with itself: half the work, and exactly symmetric
        size += block.size
    noise = _noise(np.diagonal(covariance), size, scale)
    covariance[noise, :] = 0
    covariance[:, noise] = 0
    return covariance


def _diagonal(grouped: _Grouped, scale: float | Floats) -> Floats:
    variance, size = np.zeros((2, grouped.z.shape[1]))
    for block in _blocks(grouped):
        variance += np.einsum("ij,ij->j", block.rows, block.rows)
        size += block.size
    return np.where(_noise(variance, size, scale), 0, variance)


def _noise(variance: Floats, size: Floats, scale: float | Floats) -> NDArray[np.bool_]:
    """Whether each variance, shape (m,), is rounding beside the scale or what centring took away."""
    small = (SE_NOISE * np.asarray(scale)) ** 2
    found: NDArray[np.bool_] = (variance < small) | (variance <= SE_NOISE**2 * (variance + size))
    return found


def _blocks(grouped: _Grouped) -> Iterator[_Block]:
    """All rows of the design, centred and multiplied by the root of their factor, in blocks.

    With n units in a group of total t, centred at c, and rows of e effective units each: the sum over its units of
    (z_k - c)(z_k - c)^T is the sum over rows of (z - e c)(z - e c)^T / e, and n less the sum of e times c c^T.
    """
    m = grouped.z.shape[1]
    step = max(BLOCK_VALUES // max(m, 1), 1)
    absent = (grouped.drawn == 1) & (grouped.factor > 0)
    zero = np.zeros_like(grouped.group)
    for part in parts_of(zero, grouped.group, grouped.drawn, m, values=BLOCK_VALUES):
        absent[part.stratum] = False
        effective = grouped.effective[part.rows]
        counted = _counted(part, effective)
        factor = grouped.factor[part.stratum]
        centre = _centre(part, grouped)
        size = factor @ (part.drawn * centre**2)
        of_row = np.repeat(np.arange(part.size.size), part.size)
        root = np.sqrt(factor[of_row] / effective)[:, None]
        for first in range(0, effective.size, step):  # a group may be far larger than a block
            here = slice(first, first + step)
            rows = centre[of_row[here]]
            rows *= -effective[here, None]
            rows += grouped.z[part.rows][here]
            rows *= root[here]
            yield _Block(rows, size if first == 0 else np.zeros(m))
        rest = factor * np.maximum(part.drawn[:, 0] - counted, 0)
        if (rest > 0).any():
            yield _Block(np.sqrt(rest[rest > 0])[:, None] * centre[rest > 0], np.zeros(m))
    if grouped.centre_single is not None and absent.any():
        yield _Block(np.sqrt(grouped.factor[absent])[:, None] * grouped.centre_single[absent], np.zeros(m))


def _centre(part: Part, grouped: _Grouped) -> Floats:
    """Mean over the units of each group, absent ones as 0, or where single ones are centred; shape (groups, m)."""
    centre = part.sums(grouped.z[part.rows]) / part.drawn
    if grouped.centre_single is not None:
        single = part.drawn[:, 0] == 1
        centre[single] = grouped.centre_single[part.stratum[single]]
    return centre


def _counted(part: Part, effective: Floats) -> Floats:
    """Effective units of each group, shape (groups,), never more than were drawn but for rounding."""
    counted = part.sums(effective[:, None])[:, 0]
    excess = np.flatnonzero(counted > part.drawn[:, 0] * (1 + EFFECTIVE_NOISE))
    if excess.size:
        i = excess[0]
        raise ValueError(
            f"stratum {part.stratum[i]} has rows of {counted[i]:.6g} effective units but {part.drawn[i, 0]} PSUs; a "
            "concentration is the sum of squared weights over the squared sum, so at least 1 / households"
        )
    return counted
