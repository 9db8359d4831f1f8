"""Variances of changes between rounds that share PSUs, from one joint sample of both.

Both rounds are one profile in which the round is a domain, strata and PSUs of equal codes being the same. A change is
then a difference between two domains, with z = a2 z2 - a1 z1 in each PSU.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.changes.figures import Figures
from mpi.changes.rounds import FIRST, ROUND, together
from mpi.columns.values import Floats, not_none
from mpi.errors import DataError, Fault
from mpi.estimates import basis_of
from mpi.estimates.basis import Basis
from mpi.estimates.covariance import replicate_values
from mpi.estimates.linearising import linearised, ratio_points, stages_of
from mpi.estimates.quantities import INCLUDED, Statistic, of_kind, proportion_bases
from mpi.estimates.replicated import Replicates
from mpi.estimates.rows import Rows, cell_sums, domain_sums
from mpi.inference.variance import degrees_of_freedom, linearised_variance, replicate_variance
from mpi.language import joined, phrase
from mpi.profile import DeprivationProfile

Variances: TypeAlias = tuple[Floats, NDArray[np.int64]]
BLOCK = 8_000_000


def joint_variance_of(
    before: DeprivationProfile, after: DeprivationProfile, first: Basis, last: Basis
) -> Callable[[int, Figures], Variances]:
    """How to get the variances of the changes of each set of domains.

    Parameters
    ----------
    before, after : DeprivationProfile
    first, last : Basis
        Of their estimates.

    Returns
    -------
    callable
        From the number of a set and its figures to the variances of y2 - y1 and of y2 - (y2 / y1) y1, shape (g, s, 2),
        and degrees of freedom, shape (g, s).

    Raises
    ------
    DataError
        If the designs cannot share PSUs: there are none, or they correct for a second stage, or are calibrated.
    """
    replicated = [basis.replicates for basis in (first, last)]
    if all(one is not None for one in replicated):
        return _Replicated(first, last).variances
    check_joint(before, after)
    return _Joint(first, _basis(before, after, first)).variances


def check_joint(before: DeprivationProfile, after: DeprivationProfile) -> None:
    """Refuse rounds whose PSUs cannot be taken as one sample.

    Raises
    ------
    DataError
        With the reason.
    """
    samples = [before.sample, after.sample]
    designs = [replace(sample.declared, rounds=None) for sample in samples]
    replicated = [sample.declared.replication is not None for sample in samples]
    reasons = {
        phrase("one of them has replicate weights and the other has not"): replicated[0] != replicated[1],
        phrase("their replicate weights cannot be joined here"): all(replicated),
        phrase("a profile keeps no PSUs"): not all(sample.clustered for sample in samples),
        phrase("a design corrects for a second stage"): any(sample.declared.ssu_fpc is not None for sample in samples),
        phrase("weights are calibrated"): any(sample.declared.calibration is not None for sample in samples),
        phrase("their designs differ ({designs})", designs=joined([sample.described for sample in samples], " / ")): (
            designs[0] != designs[1]
        ),
    }
    for reason, holds in reasons.items():
        if holds:
            text = phrase("the covariance of the rounds is not known: {reason}", reason=reason)
            remedy = phrase("leave that out of both designs, or declare the rounds independent if they are")
            if "no PSUs" in reason:
                remedy = phrase("declare `psu:` (the household's key for a panel of households)")
            elif "differ" in reason:
                remedy = phrase("describe both rounds alike, or declare them independent if they are")
            raise DataError(Fault("MPI-D070", None, text, remedy))


def check_replicates(one: Replicates, other: Replicates) -> None:
    """Refuse replicates of two rounds that do not go together.

    Raises
    ------
    DataError
        With what differs.
    """
    if (one.scale, one.mse) == (other.scale, other.mse) and np.array_equal(one.rscales, other.rscales):
        return
    what = (
        phrase("{one} and {other} of them", one=one.number, other=other.number)
        if one.number != other.number
        else phrase("their `scale`, `rscales` or `mse` differ")
    )
    text = phrase("the covariance of the rounds is not known: their replicates do not go together ({what})", what=what)
    remedy = phrase("declare the rounds independent if their samples are")
    raise DataError(Fault("MPI-D070", None, text, remedy))


def _basis(before: DeprivationProfile, after: DeprivationProfile, like: Basis) -> Basis:
    domains = list(dict.fromkeys(name for names in like.sets for name in names))
    sets = [(), *((ROUND, *names) for names in like.sets)]
    return basis_of(
        together(before, after, domains),
        like.measure,
        sets=sets,
        cutoffs=like.cutoffs,
        unit=like.unit,
        level=like.level,
        rule=like.rule,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Joint:
    """Linearised variances from the joint sample."""

    first: Basis
    basis: Basis

    def variances(self, number: int, own: Figures) -> Variances:
        """Of a set of domains."""
        basis, statistics = self.basis, self.basis.table.statistics
        rows = basis.rows((ROUND, *self.first.sets[number]))
        rounds, place = self.places(number + 1, own)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(own.before > 0, own.after / own.before, np.nan)
        found = np.full((*own.before.shape, 2), np.nan)
        share = np.array([s.kind == "share" for s in statistics])
        for block in self.blocks(np.flatnonzero(~share), len(rows.starts)):
            chosen = [statistics[s] for s in block]
            z = linearised(rows, basis.table, chosen, ratio_points(rows, basis.table, chosen))
            keys = (place[rows.domain], rows.stratum, rows.psu)
            found[:, block] = self.combined(keys, z, rounds[rows.domain], slope[:, block], own.before.shape[0])
        for block in self.blocks(np.flatnonzero(share), len(own.labels) * 2 * len(basis.profile.sample.psu_labels)):
            chosen = [statistics[s] for s in block]
            found[:, block] = self.shares(rows, chosen, rounds, place, slope[:, block])
        return found, self.freedom(rows, place, own)

    def blocks(self, places: NDArray[np.int64], rows: int) -> list[NDArray[np.int64]]:
        """Statistics that are computed together."""
        width = max(1, BLOCK // max(1, rows))
        return [places[first : first + width] for first in range(0, len(places), width)]

    def places(self, number: int, own: Figures) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Round, 0 or 1, of each joint domain, and its place among the figures' domains; shape (G,) each."""
        labels = self.basis.labels(number)
        at = {label: i for i, label in enumerate(own.labels)}
        rounds = np.array([int(label[0] != FIRST) for label in labels], np.int64)
        return rounds, np.array([at[label[1:]] for label in labels], np.int64)

    def combined(
        self,
        keys: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
        z: Floats,
        second: NDArray[np.int64],
        slope: Floats,
        domains: int,
    ) -> Floats:
        """Variances of z2 - z1 and of z2 - slope z1; shape (domains, s, 2)."""
        domain, stratum, psu = keys
        order = np.lexsort((psu, domain))
        domain, stratum, psu, second = (values[order] for values in (domain, stratum, psu, second))
        z = z[order]
        starts = np.flatnonzero((np.diff(domain, prepend=-1) != 0) | (np.diff(psu, prepend=-1) != 0))
        found = []
        for factor in (np.ones_like(slope), np.nan_to_num(slope)):
            signed = np.where(second[:, None] == 1, z, -factor[domain] * z)
            total = np.add.reduceat(signed, starts, axis=0)
            found.append(
                linearised_variance(
                    domain[starts], stratum[starts], total, domains=domains, stages=stages_of(self.basis.profile.sample)
                )
            )
        return np.stack(found, axis=-1)

    def shares(
        self,
        rows: Rows,
        chosen: Sequence[Statistic],
        rounds: NDArray[np.int64],
        place: NDArray[np.int64],
        slope: Floats,
    ) -> Floats:
        """The same for shares of a domain in its round: every PSU of the round counts; shape (g, s, 2)."""
        basis = self.basis
        every = basis.rows((ROUND,))
        table, y, x = basis.table, [s.y for s in chosen], [s.x for s in chosen]
        overall = domain_sums(every, table, x)
        sums = cell_sums(every, table, x, every.starts)
        own, totals = cell_sums(rows, table, y, rows.starts), domain_sums(rows, table, y)
        psus = len(basis.profile.sample.psu_labels)
        z = np.zeros((rows.domains * psus, len(chosen)))
        for domain in range(rows.domains):
            of_round = every.domain == rounds[domain]
            below = overall[rounds[domain]]
            below = np.where(below > 0, below, 1.0)
            z[domain * psus + every.psu[of_round]] = -totals[domain] / below**2 * sums[of_round]
        below = overall[rounds[rows.domain]]
        z[rows.domain * psus + rows.psu] += own / np.where(below > 0, below, 1.0)
        keys = (
            np.repeat(place, psus),
            np.tile(basis.profile.sample.psu_stratum, rows.domains),
            np.tile(np.arange(psus), rows.domains),
        )
        return self.combined(keys, z, np.repeat(rounds, psus), slope, slope.shape[0])

    def freedom(self, rows: Rows, place: NDArray[np.int64], own: Figures) -> NDArray[np.int64]:
        """Degrees of freedom by the rule, over PSUs with a member in either round; shape (g, s)."""
        table = self.basis.table
        bases, base = proportion_bases(table)
        of_own = np.stack([self._freedom(rows, place, len(own.labels), column) for column in bases], axis=1)
        of_all = self._freedom(self.basis.whole, np.zeros(1, np.int64), 1, INCLUDED)
        return np.where(of_kind(table, "share"), of_all, of_own[:, base])

    def _freedom(self, rows: Rows, place: NDArray[np.int64], domains: int, column: int) -> NDArray[np.int64]:
        basis = self.basis
        about = basis.table.values(column) > 0
        present = np.add.reduceat(rows.count * about[rows.which], rows.starts) > 0
        psus = len(basis.profile.sample.psu_labels)
        pair = np.unique(place[rows.domain[present]] * psus + rows.psu[present])
        domain, psu = np.divmod(pair, psus)
        return degrees_of_freedom(
            domain,
            basis.profile.sample.psu_stratum[psu],
            np.ones_like(domain),
            domains=domains,
            psus=basis.profile.sample.psus,
            rule=basis.rule,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Replicated:
    """Variances from replicate weights whose replicates correspond in both rounds."""

    first: Basis
    last: Basis

    def variances(self, number: int, own: Figures) -> Variances:
        """Of a set of domains."""
        one, other = not_none(self.first.replicates), not_none(self.last.replicates)
        check_replicates(one, other)
        values = [self.values(basis, number, own) for basis in (self.first, self.last)]
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(own.before > 0, own.after / own.before, np.nan)
        found = []
        for factor in (np.ones_like(slope), slope):
            change, full = values[1] - factor[..., None] * values[0], own.after - factor * own.before
            found.append(replicate_variance(change, full, scale=one.scale, rscales=one.rscales, mse=one.mse)[0])
        # Those of a domain in the round that has fewer; where a round has no estimate they do not matter.
        return np.stack(found, axis=-1), np.minimum(own.df_before, own.df_after)

    def values(self, basis: Basis, number: int, own: Figures) -> Floats:
        """Replicate estimates of a set, in the order of the figures' domains; shape (g, s, R)."""
        at = {label: i for i, label in enumerate(own.labels)}
        offsets = basis.offsets
        found = np.full((*own.before.shape, not_none(basis.replicates).number), np.nan)
        mine = replicate_values(basis, np.arange(offsets[number], offsets[number + 1]))
        places = [at[label] for label in basis.labels(number)]
        found[places] = mine.reshape(len(places), own.before.shape[1], -1)
        return found
