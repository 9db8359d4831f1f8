"""`mpi.progress`: progress towards targets for callers who name their rule set and their table of targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpi.changes import in_order
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.estimates import Request
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from mpi.specs.microdata import Microdata
from mpi.specs.reliability import Reliability
from mpi.specs.targets import Target
from mpi.targets.progress import progress_of
from mpi.targets.reading import targets_of
from mpi.targets.table import Progress
from mpi.vocabulary.options import DegreesOfFreedom, Rounds, Unit, Variance

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@public
def progress(
    profiles: DeprivationProfile | Microdata | Sequence[DeprivationProfile | Microdata],
    measure: Measure,
    targets: str
    | Path
    | pd.DataFrame
    | pl.DataFrame
    | pa.Table
    | Mapping[str, Sequence[Any]]
    | Sequence[Mapping[str, Any]]
    | Sequence[Target],
    *,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
    rounds: Rounds | None = None,
    harmonised: bool = False,
    reliability: str | Path | Reliability | None = None,
) -> Progress:
    """How far figures are from their targets, and whether they are on the way, with a tested verdict.

    A verdict is `met` if the figure is beyond the target significantly (one-sided t at 5 %); otherwise, before the
    target year, `on_track` or `off_track` if it is significantly better or worse than the path from the baseline to the
    target; from the target year on `off_track` if it is significantly worse than the target; else `cannot_tell`.
    Registers and censuses have no sampling error: the sign decides.

    Parameters
    ----------
    profiles : DeprivationProfile, Microdata, or sequence of them
        One round or several, in any order; the last is judged, and baselines are estimates of the earlier ones.
    measure : Measure
        As for `mpi.change`.
    targets : str, Path, frame, mapping of columns, or sequence of rows
        A table: a file (CSV, XLSX, ODS, Parquet), a frame, or rows. Columns: `statistic` or `indicator`; `value` or
        `halve`; `year`; and, where wanted, `dimension, k, unit, domain, code, direction, path, baseline,
        baseline_year, baseline_value, source`.
    unit : {"persons", "households"}
        Of targets that name none.
    level : float
        Of the confidence intervals; the tests are at 5 % whatever it is.
    df, variance, replicates, seed, reliability
        As for `mpi.estimate`.
    rounds, harmonised
        As for `mpi.change`: the error of a path from a round is that of both rounds together.

    Returns
    -------
    Progress
        One row for each target and group; see the page "From a target to a board" of the manual.

    Raises
    ------
    UsageError
        If a target is of a group or round that there is not, or as `mpi.change`.
    DataError
        If the table has faults, all of them with line and column; or as `mpi.change`.

    References
    ----------
    Alkire, Nogales, Quinn and Suppa (2023), Journal of Development Economics 165, 103150; target 1.2 of the SDGs.

    Examples
    --------
    >>> mpi.progress(profiles, measure, [{"statistic": "H", "value": "8%", "year": 2030}])  # doctest: +SKIP
    """
    given = [profiles] if isinstance(profiles, DeprivationProfile | Microdata) else list(profiles)
    if not given:
        text = phrase("targets are compared with the figures of one round or more")
        raise UsageError(Fault("MPI-E012", None, text, phrase("give their profiles")))
    asked = targets_of(targets, measure)
    by = [one.domains for one in asked if one.domains]
    made = [profile_for(one, measure, by) for one in given]
    ordered = in_order(made) if len(made) > 1 else made
    rules = [rules_for(profile, reliability) for profile in ordered]
    request = Request(
        measure=measure,
        rules=rules[-1],
        unit=unit,
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
    )
    return progress_of(ordered, asked, request, rules, rounds=rounds, harmonised=harmonised)
