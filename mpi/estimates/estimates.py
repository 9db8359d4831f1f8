"""The result of an estimation: one tidy Arrow table, one row an estimate, and the covariance of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from mpi.errors.arguments import public
from mpi.estimates.covariance import Covariance, covariance
from mpi.estimates.tidy import AFTER, BEFORE, Placed


@dataclass(frozen=True, slots=True, eq=False)
class Estimates(Placed):
    """Estimates as a tidy table; supports Arrow, so pandas, polars and DuckDB read it directly.

    There is no arithmetic on estimates: a difference needs the covariance, which the numbers alone do not have.

    Attributes
    ----------
    table : pyarrow.Table
        Columns `measure, survey, period, unit, k, statistic, dimension, indicator`, one column for each domain (null:
        all of it), `estimate, se, ci_low, ci_high, cv, log_cv, df, deff, n_eff, n, n_poor, psus, population,
        reliability, reliability_rule, note`.
        What is undefined is null, with the reason in `note`; never NaN, never 0.
    domains : tuple of str
        The domain columns.
    notices : tuple of Notice
    basis, places
        What the estimates are computed from, and the position of each row in it.
    """

    def __repr__(self) -> str:
        rows = self.only("H").rows()[:10]
        lines = [f"Estimates: {len(self):,} rows, domains: {', '.join(self.domains) or 'none'}; H of the first groups:"]
        for row in rows:
            where = ", ".join(f"{d}={row[d]}" for d in self.domains if row[d] is not None) or "all"
            shown = "null" if row["estimate"] is None else f"{row['estimate']:.4f}"
            error = "" if row["se"] is None else f" (se {row['se']:.4f})"
            lines.append(f"  {where}, k={row['k']}: {shown}{error}")
        return "\n".join(lines)

    @public
    def covariance(self) -> Covariance:
        """The covariance matrix of all these estimates, for contrasts, Wald tests and differences.

        Take a selection with `only` or `take` first: the matrix has a row and a column for each estimate.

        Raises
        ------
        UsageError
            If there are too many estimates for one matrix, or the survey is a census.
        """
        return covariance(self)


def by_sets(estimates: Estimates, sets: Sequence[tuple[str, ...]]) -> Estimates:
    """The total and some sets of domains of a whole table, as if no others had been asked for.

    Parameters
    ----------
    estimates : Estimates
    sets : sequence of tuple of str
        Of those that were estimated.
    """
    own, basis = list(dict.fromkeys([(), *sets])), estimates.basis
    numbers, offsets = [basis.sets.index(names) for names in own], basis.offsets
    domains = tuple(dict.fromkeys(name for names in own for name in names))
    parts = [estimates.table.slice(int(offsets[i]), int(offsets[i + 1] - offsets[i])) for i in numbers]
    table = pa.concat_tables(parts).select([*BEFORE, *domains, *AFTER]).combine_chunks()
    narrowed = replace(basis, sets=own, groups=[basis.groups[number] for number in numbers])
    return replace(estimates, table=table, domains=domains, basis=narrowed, places=np.arange(table.num_rows))
