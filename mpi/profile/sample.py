"""The sampling design as drawn: what it declares, its strata, PSUs and second-stage units, whatever becomes of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mpi.variance import SinglePsu

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FpcKind = Literal["count", "fraction"]
CalibrationLevel = Literal["household", "person"]
ReplicateMethod = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "SDR", "other"]
Rounds = Literal["independent", "same_psu", "rotating", "panel"]


@dataclass(frozen=True, slots=True)
class Replication:
    """How replicate weights were made, so that V = scale * sum over r of rscales_r * (theta_r - centre)^2.

    Attributes
    ----------
    method : str
    replicates : int
        Their number R.
    scale : float
    rscales : tuple of float, length R
        One factor a replicate.
    mse : bool
        Centre: the estimate with the full weights, otherwise the mean of the replicates.
    df : int or None
        Degrees of freedom that the producer states; None: the rank of the replicate weights less 1.
    """

    method: ReplicateMethod
    replicates: int
    scale: float
    rscales: tuple[float, ...]
    mse: bool = False
    df: int | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What the survey's design says of itself, before any unit is read.

    Attributes
    ----------
    single_psu : str
        What a stratum with a single PSU adds to a variance; `collapse`: it is merged with another.
    census, weighted : bool
        Whether there is no sampling; whether there are expansion factors.
    fpc, ssu_fpc : {"count", "fraction"} or None
        What the numbers of the finite population corrections of the first and second stage are; None: no correction.
    collapse : tuple of (str, str)
        For `single_psu: collapse` by an explicit map: a stratum and the one that it joins.
    replication : Replication or None
        The variance comes from replicate weights.
    calibration : {"household", "person"} or None
        Level of the calibration variables; None: weights are taken as fixed.
    rounds : {"independent", "same_psu", "rotating", "panel"} or None
        How this round's sample relates to the others of its series; None: not said.
    """

    single_psu: SinglePsu = "fail"
    census: bool = False
    weighted: bool = True
    fpc: FpcKind | None = None
    ssu_fpc: FpcKind | None = None
    collapse: tuple[tuple[str, str], ...] = ()
    replication: Replication | None = None
    calibration: CalibrationLevel | None = None
    rounds: Rounds | None = None


def _no_numbers() -> Floats:
    return np.zeros(0)


def _no_codes() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The sampling design as drawn, whatever becomes of the rows.

    Arrays and tuples of what a design does not have are empty.

    Attributes
    ----------
    strata : tuple of str, length H
        Codes of the strata, ascending; one empty code if there are none.
    psus : int64, shape (H,)
        Number of PSUs drawn in each stratum.
    psu_stratum : int64, shape (P,)
        Stratum of each PSU, ascending; empty if every household is its own PSU.
    psu_labels : tuple of str, length P
        Codes of the PSUs; empty likewise.
    declared : Declared
    fpc : float64, shape (H,)
        PSUs of each stratum in the population, or the fraction of them that was drawn, by `declared.fpc`.
    ssu_psu : int64, shape (S,)
        PSU of each second-stage unit, ascending; empty unless `declared.ssu_fpc` is set.
    ssu_labels : tuple of str, length S
    ssu_fpc : float64, shape (P,)
        Second-stage units of each PSU in the population, or the fraction of them that was drawn.
    stratum_order, stratum_within : tuple of str, length H
        For `single_psu: collapse` by an ordering: each stratum's place in the order, and the region that it keeps to.
    calibration : float64, shape (b, p)
        The distinct rows of the calibration variables; `Cells.calibration` points into them.
    replicate_df : int or None
        Rank of the replicate weights less 1, unless the producer stated it.
    """

    strata: tuple[str, ...]
    psus: Ints
    psu_stratum: Ints
    psu_labels: tuple[str, ...]
    declared: Declared = Declared()
    fpc: Floats = field(default_factory=_no_numbers)
    ssu_psu: Ints = field(default_factory=_no_codes)
    ssu_labels: tuple[str, ...] = ()
    ssu_fpc: Floats = field(default_factory=_no_numbers)
    stratum_order: tuple[str, ...] = ()
    stratum_within: tuple[str, ...] = ()
    calibration: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    replicate_df: int | None = None

    @property
    def clustered(self) -> bool:
        """Whether PSUs are kept by name; otherwise every household is its own PSU."""
        return bool(self.psu_labels)

    @property
    def census(self) -> bool:
        """Whether every unit was enumerated."""
        return self.declared.census

    @property
    def weighted(self) -> bool:
        """Whether there are expansion factors."""
        return self.declared.weighted

    @property
    def single_psu(self) -> SinglePsu:
        """What a stratum with a single PSU adds to a variance."""
        return self.declared.single_psu

    @property
    def sampling_fractions(self) -> Floats | None:
        """Share of each stratum's PSUs that was drawn, shape (H,); None without a correction."""
        return _fractions(self.declared.fpc, self.psus, self.fpc)

    @property
    def ssus(self) -> Ints:
        """Number of second-stage units drawn in each PSU, shape (P,)."""
        return np.bincount(self.ssu_psu, minlength=len(self.psu_labels)).astype(np.int64)

    @property
    def ssu_fractions(self) -> Floats | None:
        """Share of each PSU's second-stage units that was drawn, shape (P,); None without a second stage."""
        return _fractions(self.declared.ssu_fpc, self.ssus, self.ssu_fpc)


def _fractions(kind: FpcKind | None, drawn: Ints, value: Floats) -> Floats | None:
    if kind is None:
        return None
    return value if kind == "fraction" else drawn / value
