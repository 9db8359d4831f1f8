"""The design as drawn, on plain arrays: PSUs of each stratum, sampling fractions, second-stage units of each PSU.

In come counts and fractions; out go the factor that each stratum or PSU puts before its sum of squared deviations, and
what single PSUs add. Sums over rows are left to the modules beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mpi.columns.values import Floats, Ints
from mpi.vocabulary.options import SinglePsu

# A standard error below this share of its scale is rounding: equal totals leave about 1e-16 of their size.
SE_NOISE = 1e-12
LISTED = 5


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stages:
    """How many units were drawn at each stage of the whole design, and out of how many.

    Attributes
    ----------
    psus : int64, shape (H,)
        Number of PSUs drawn in each stratum of the whole design; 0 for a stratum that is not in it.
    single_psu : SinglePsu
        What a stratum adds of which one PSU was drawn, out of several: "certainty" 0; "centered" (1 - f_h) times the
        square of its distance from the mean over the PSUs of the strata that a domain meets; "scaled" the mean of the
        others of these strata.
        "fail" and "collapse" (strata are merged before they come here) allow no such stratum.
    fractions : float64, shape (H,), optional
        Share f_h of each stratum's PSUs that was drawn; left out for a design with replacement, as if f_h were 0. A
        stratum with f_h = 1 adds nothing, also when it has one PSU, and is not a single one.
    psu_stratum : int64, shape (P,), optional
        Stratum of each PSU.
    ssus : int64, shape (P,), optional
        Number of second-stage units drawn in each PSU.
    ssu_fractions : float64, shape (P,), optional
        Share f_hi of each PSU's second-stage units that was drawn.

    Raises
    ------
    ValueError
        When a fraction is not between 0 and 1, an array has another length than its units, or a second stage comes
        without the fractions of the first.
    """

    psus: Ints
    single_psu: SinglePsu = "fail"
    fractions: Floats | None = None
    psu_stratum: Ints | None = None
    ssus: Ints | None = None
    ssu_fractions: Floats | None = None

    def __post_init__(self) -> None:
        _check_fractions("strata", self.fractions, self.psus)
        if self.ssus is None and self.ssu_fractions is None:
            return
        if self.ssus is None or self.ssu_fractions is None or self.fractions is None or self.psu_stratum is None:
            raise ValueError(
                "a second stage needs the fractions of the first, the stratum of each PSU, and the number and fraction "
                "of its second-stage units"
            )
        _check_fractions("PSUs", self.ssu_fractions, self.ssus)
        if self.psu_stratum.shape != self.ssus.shape:
            raise ValueError(f"{self.psu_stratum.size} PSUs have a stratum, {self.ssus.size} second-stage units")

    @property
    def singles(self) -> Ints:
        """Indices of the strata of which one PSU was drawn, out of several."""
        return single_psu_strata(self.psus, self.fractions)

    @property
    def factor(self) -> Floats:
        """Factor of each stratum's squared deviations, shape (H,): (1 - f_h) n_h / (n_h - 1).

        Raises
        ------
        ValueError
            When a stratum has a single PSU with `single_psu` "fail" or "collapse".
        """
        singles = self.singles
        if self.single_psu in ("fail", "collapse") and singles.size:
            raise ValueError(
                f"{singles.size} of {self.psus.size} strata have one PSU (indices {_listed(singles)}), so variance has "
                "no estimate there; merge them, or give single_psu certainty, centered or scaled"
            )
        alone = 1.0 if self.single_psu == "centered" else 0.0
        return _left_out(self.fractions, self.psus) * _spread(self.psus, alone)

    @property
    def ssu_factor(self) -> Floats:
        """Factor of each PSU's squared deviations, shape (P,): f_h (1 - f_hi) m_hi / (m_hi - 1).

        Raises
        ------
        ValueError
            When there is no second stage, or a PSU of an incomplete stage has one second-stage unit out of several
            and `single_psu` is not "certainty".
        """
        if self.ssus is None or self.psu_stratum is None or self.fractions is None:
            raise ValueError("the design has no second stage: give ssus and ssu_fractions")
        outer = self.fractions[self.psu_stratum] * _left_out(self.ssu_fractions, self.ssus)
        single = np.flatnonzero((self.ssus == 1) & (outer > 0))
        if single.size and self.single_psu != "certainty":
            raise ValueError(
                f"{single.size} of {self.ssus.size} PSUs have one second-stage unit, drawn out of several (indices "
                f"{_listed(single)}), so variance within them has no estimate; give single_psu certainty to add 0"
            )
        return outer * _spread(self.ssus, 0.0)

    @property
    def scaling(self) -> float:
        """L / (L - L_single) over the strata of the whole design for option "scaled", otherwise 1."""
        if self.single_psu != "scaled":
            return 1.0
        return float(scaling(np.array([np.count_nonzero(self.psus)]), np.array([self.singles.size]))[0])


def single_psu_strata(psus: Ints, fractions: Floats | None = None) -> Ints:
    """Indices of the strata of which one PSU was drawn, out of several.

    Parameters
    ----------
    psus : int64, shape (H,)
        Number of PSUs drawn in each stratum of the whole design.
    fractions : float64, shape (H,), optional
        Share of the stratum's PSUs that was drawn; where it is 1, the PSU is certain and not a single one.

    Returns
    -------
    int64, shape (number of such strata,)

    Examples
    --------
    >>> single_psu_strata(np.array([4, 1, 2, 1]))
    array([1, 3])
    >>> single_psu_strata(np.array([4, 1, 2, 1]), np.array([0.1, 1, 1, 0.5]))
    array([3])
    """
    return np.flatnonzero((psus == 1) & (_left_out(fractions, psus) > 0))


def scaling(strata: Ints | Floats, singles: Ints | Floats) -> Floats:
    """L / (L - L_single), the factor of option "scaled"; NaN where all strata are single, 1 where L is 0.

    Parameters
    ----------
    strata, singles : int64 or float64, shape (n,)
        Numbers of strata that are present, L, and those of them with a single PSU, L_single.

    Returns
    -------
    float64, shape (n,)
    """
    others = strata - singles
    return np.where(others > 0, strata / np.maximum(others, 1), np.where(strata > 0, np.nan, 1.0))


def without_noise(variance: Floats, scale: float | Floats) -> Floats:
    """The variances, 0 where the standard error is below 1e-12 of the scale; of their shape."""
    return np.where(variance < (SE_NOISE * np.asarray(scale)) ** 2, 0, variance)


def _left_out(fractions: Floats | None, drawn: Ints) -> Floats:
    """1 - f, the share that was not drawn; 1 without fractions. Shape (n,)."""
    return np.ones(drawn.size) if fractions is None else 1 - fractions


def _spread(drawn: Ints, alone: float) -> Floats:
    """Factor n / (n - 1), and `alone` where n is 1; shape (n,)."""
    return np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), alone)


def _check_fractions(units: str, fractions: Floats | None, drawn: Ints) -> None:
    if fractions is None:
        return
    if fractions.shape != drawn.shape:
        raise ValueError(f"{fractions.size} sampling fractions for {drawn.size} {units}")
    wrong = np.flatnonzero(~((fractions >= 0) & (fractions <= 1)))
    if wrong.size:
        raise ValueError(
            f"{wrong.size} of {drawn.size} {units} have a sampling fraction that is not between 0 and 1 (indices "
            f"{_listed(wrong)})"
        )


def _listed(indices: Ints) -> str:
    return ", ".join(str(h) for h in indices[:LISTED])
