"""The basis of a claim: the units, the cutoff, the design of the sample, and the rules that judge figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mpi.vocabulary.options import Variance

Way: TypeAlias = Variance | Literal["census", "replicates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the sampling errors are estimated, and from what of the design.

    Attributes
    ----------
    way : str
        `design`: linearised; `replicates`: the survey's own replicate weights; others: replicates made of the PSUs.
    strata, clustered : bool
        Whether the design declares strata, and primary sampling units other than households.
    fpc, calibrated : bool
        Whether a finite population correction, and the calibration of the weights, are taken into account.
    note : mapping of str to str
        The survey's own note, by language.
    """

    way: Way
    strata: bool = True
    clustered: bool = True
    fpc: bool = False
    calibrated: bool = False
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The basis of figures.

    Attributes
    ----------
    unit : {"persons", "households"}
    period, k : str
    level : float
        Of the confidence intervals.
    sampling : Sampling
    judged : bool
        Whether rules of precision judge the figures.
    official : bool
        Whether an act makes the measure at its own cutoff the official one, as the study declares.
    """

    unit: str
    period: str
    k: str
    level: float
    sampling: Sampling
    judged: bool
    official: bool = False

    @property
    def census(self) -> bool:
        """Whether there are no sampling errors."""
        return self.sampling.way == "census"
