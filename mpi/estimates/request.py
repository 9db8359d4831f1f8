"""What estimates and all that rests on them are asked for: the options of `mpi.estimate`, in one object.

Public functions list them as arguments, for their readers; below these one object carries them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from mpi.specs.measure import K, Measure
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import Adjust, DegreesOfFreedom, Inclusion, Unit, Variance

By: TypeAlias = Sequence[str | Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options of estimates, of figures derived from them, and of analyses; see `mpi.estimate`.

    Attributes
    ----------
    measure : Measure
    rules : Reliability
        Of precision, already read; they fill the column `reliability`.
    by, k, unit, level, df, variance, replicates, seed
        As the arguments of `mpi.estimate`.
    adjust : {"none", "holm", "bh"}
        Correction of the p-values of derived figures; estimates have none.
    powers : tuple of Fraction
        Of M-alpha and M-gamma; those of `POWERS` if it is empty.
    others : tuple of Measure
        Of agreement and destitution, the second measure or several.
    inclusion : {"refuse", "report"}
        What becomes of destitute who are not poor.
    """

    measure: Measure
    rules: Reliability
    by: str | By = ()
    k: K | Sequence[K] | None = None
    unit: Unit = "persons"
    level: float = 0.95
    df: DegreesOfFreedom = "domain"
    variance: Variance = "design"
    replicates: int = 500
    seed: int = 0
    adjust: Adjust = "none"
    powers: tuple[Fraction, ...] = ()
    others: tuple[Measure, ...] = ()
    inclusion: Inclusion = "refuse"
