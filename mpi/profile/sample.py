"""The sampling design as drawn: what it declares, its strata, PSUs and second-stage units, whatever becomes of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mpi.columns.values import Floats, Ints
from mpi.errors import Fault, UsageError, counted, joined
from mpi.errors.arguments import public
from mpi.language import noun, phrase
from mpi.vocabulary.options import REPLICATE_METHODS, FpcKind, Level, ReplicateMethod, Rounds, SinglePsu

# A column of replicate weights adds nothing to the rank if this share of its length is left without the others; as
# in R's `qr`.
RANK_TOLERANCE = 1e-5
MOST_REPLICATES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
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
    household_psus : bool
        Whether the PSUs that are kept by name are households, as the design names none and rows of one are apart.
    """

    single_psu: SinglePsu = "fail"
    census: bool = False
    weighted: bool = True
    fpc: FpcKind | None = None
    ssu_fpc: FpcKind | None = None
    collapse: tuple[tuple[str, str], ...] = ()
    replication: Replication | None = None
    calibration: Level | None = None
    rounds: Rounds | None = None
    household_psus: bool = False


def _no_numbers() -> Floats:
    return np.zeros(0)


def _no_codes() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
    numbered : bool
        PSUs or second-stage units are called by the numbers of a table's rows, so that profiles of two tables do not
        add.
    gram : float64, shape (R, R), or None
        Products of the household replicate weights, added over the units, from which `replicate_df` follows when
        profiles are added; none where the producer states it.
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
    numbered: bool = False
    gram: Floats | None = None

    @property
    def clustered(self) -> bool:
        """Whether PSUs are kept by name; otherwise every household is its own PSU."""
        return bool(self.psu_labels)

    @property
    def unit(self) -> str:
        """What was drawn: PSUs of the design, or households."""
        return "PSU" if self.clustered and not self.declared.household_psus else "household"

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
    def described(self) -> str:
        """The kind of design in some words, as messages tell it."""
        declared, made = self.declared, self.declared.replication
        weights = phrase("weights") if declared.weighted else phrase("no weights")
        if declared.census:
            return phrase("census")
        if made is not None:
            return phrase(
                "{replicates} replicates of {method}, {weights}",
                replicates=made.replicates,
                method=made.method,
                weights=weights,
            )
        parts: list[str] = [
            phrase("PSUs") if self.unit == "PSU" else phrase("no PSUs"),
            weights,
            f"single_psu: {declared.single_psu}",
        ]
        parts += [f"{name}: {kind}" for name, kind in (("fpc", declared.fpc), ("ssu_fpc", declared.ssu_fpc)) if kind]
        parts += [phrase("strata in an order")] if self.stratum_order else []
        if declared.calibration:
            parts.append(
                phrase(
                    "{variables} of {units}",
                    variables=counted(self.calibration.shape[1], "calibration variable"),
                    units=noun(declared.calibration, 2),
                )
            )
        return joined(parts, ", ")

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


def psu_names(sample: Sample) -> list[str]:
    """The PSUs as messages call them: stratum and code, or the code alone where there are no strata."""
    strata = sample.strata
    places = zip(sample.psu_stratum.tolist(), sample.psu_labels, strict=True)
    return [f"{strata[h]}/{label}" if strata[h] else label for h, label in places]


@public
def replication(
    method: ReplicateMethod,
    replicates: int,
    *,
    rho: float | None = None,
    scale: float | None = None,
    rscales: Sequence[float] | None = None,
    mse: bool = False,
    df: int | None = None,
) -> Replication:
    """How replicate weights were made, with the factors that belong to the method.

    Parameters
    ----------
    method : {"JK1", "JKn", "BRR", "Fay", "bootstrap", "SDR", "other"}
    replicates : int
        Their number R, at least 2.
    rho : float, optional
        For Fay's method, in [0, 1): the weights were multiplied by rho or 2 - rho.
    scale : float, optional
        Instead of the method's own; `other` has none.
    rscales : sequence of float, length R, optional
        One factor a replicate instead of 1; JKn has none of its own: (n_h - 1) / n_h of the replicate's stratum.
    mse : bool
        Deviations are taken from the estimate with the full weights, not from the mean of the replicates.
    df : int, optional
        Degrees of freedom that the producer states.

    Raises
    ------
    UsageError
        If a factor is missing or is not one.

    References
    ----------
    Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5. Fay and Train (1995) for SDR.

    Examples
    --------
    >>> replication("Fay", 80, rho=0.5).scale
    0.05
    """
    if method not in REPLICATE_METHODS:
        raise _wrong(
            phrase(
                "the method of replication is one of {names}, not {method!r}",
                names=", ".join(REPLICATE_METHODS),
                method=method,
            )
        )
    if not 2 <= replicates <= MOST_REPLICATES:  # noqa: PLR2004  one replicate has no spread
        raise _wrong(
            phrase(
                "replicate weights need at least 2 replicates, and at most {most_replicates:,}, not {replicates}",
                most_replicates=MOST_REPLICATES,
                replicates=replicates,
            )
        )
    if (rho is not None) != (method == "Fay"):
        raise _wrong(
            phrase("`rho` is missing for Fay")
            if rho is None
            else phrase("`rho` belongs to Fay, not to {method}", method=method)
        )
    if rho is not None and not 0 <= rho < 1:
        raise _wrong(phrase("`rho` is at least 0 and below 1, not {rho}", rho=rho))
    if method == "JKn" and rscales is None:
        raise _wrong(phrase("JKn needs `rscales`: (n_h - 1) / n_h of the stratum of each replicate"))
    if scale is None:
        scale = _scale(method, replicates, rho or 0.0)
    if not 0 < scale < float("inf"):
        raise _wrong(phrase("the `scale` of replicates is above 0, not {scale}", scale=scale))
    factors = (1.0,) * replicates if rscales is None else tuple(float(factor) for factor in rscales)
    if len(factors) != replicates:
        raise _wrong(
            phrase(
                "there are {number} `rscales` for {replicates} replicates", number=len(factors), replicates=replicates
            )
        )
    if not all(0 <= factor < float("inf") for factor in factors):
        raise _wrong(phrase("`rscales` are numbers of at least 0"))
    if df is not None and df < 1:
        raise _wrong(phrase("the degrees of freedom of replicates are at least 1, not {df}", df=df))
    return Replication(method=method, replicates=replicates, scale=float(scale), rscales=factors, mse=mse, df=df)


def _wrong(text: str) -> UsageError:
    return UsageError(Fault("MPI-U111", None, text))


def _scale(method: ReplicateMethod, replicates: int, rho: float) -> float:
    if method == "other":
        raise _wrong(phrase("the method `other` needs `scale`"))
    scales = {
        "JK1": (replicates - 1) / replicates,
        "JKn": 1.0,
        "BRR": 1 / replicates,
        "Fay": 1 / (replicates * (1 - rho) ** 2),
        "bootstrap": 1 / (replicates - 1),
        "SDR": 4 / replicates,
    }
    return scales[method]


def rank_less_one(gram: Floats) -> int:
    """Degrees of freedom of replicate weights: the rank of their matrix W, less 1.

    Parameters
    ----------
    gram : float64, shape (R, R)
        W'W.

    Notes
    -----
    Columns are scaled to length 1, as R judges each by its own length. The eigenvalues of W'W are then the squares of
    the singular values of W, so that the tolerance is squared; rounding leaves about R times 1e-16 of a zero.

    References
    ----------
    Lumley, R package survey, `degf.svyrep.design`.

    Examples
    --------
    >>> rank_less_one(np.array([[2.0, 0.0, 2.0], [0.0, 5.0, 0.0], [2.0, 0.0, 2.0]]))
    1
    """
    length = np.sqrt(np.diag(gram))
    scaled = gram / np.where(length > 0, length, 1.0)
    values = np.linalg.eigvalsh(scaled / np.where(length > 0, length, 1.0)[:, None])
    return max(0, int(np.count_nonzero(values > RANK_TOLERANCE**2)) - 1)
