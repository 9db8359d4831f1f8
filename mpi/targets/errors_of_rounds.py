"""Errors of functions of one figure in two rounds: of independent samples, of one joint sample, or of replicates.

What a function reads of the later round alone has the error and the degrees of freedom of that round's own design.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from mpi.changes.joint import check_joint, check_replicates
from mpi.changes.rounds import FIRST, ROUND, SECOND, together
from mpi.columns.values import Floats, Ints, Mask, not_none
from mpi.estimates import Estimates, Request, estimates_of
from mpi.estimates.combining import Terms
from mpi.estimates.covariance import replicate_values
from mpi.estimates.estimating import sets_of
from mpi.inference.variance import replicate_variance
from mpi.profile import DeprivationProfile
from mpi.specs.targets import Target
from mpi.vocabulary.options import Rounds

Label = tuple[str, ...]


class Spread(NamedTuple):
    """The error of c functions.

    Attributes
    ----------
    se : float64, shape (c,)
        NaN where there is none.
    df : int64, shape (c,)
    exact : bool, shape (c,)
        Whether nothing that is read has a sampling error: registers and censuses, and numbers that are given.
    flat : bool, shape (c,)
        Whether a figure that is read does not vary in its sample.
    """

    se: Floats
    df: Ints
    exact: Mask
    flat: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The estimates of a round; of a joint sample with what its labels begin with."""

    estimates: Estimates
    prefix: Label = ()

    @property
    def census(self) -> bool:
        """Whether it has no sampling error."""
        return self.estimates.basis.profile.sample.census

    def first_places(self, names: Label) -> Mapping[Label, int]:
        """The first place of each group of a set of domains."""
        basis = self.estimates.basis
        wanted = frozenset((*([ROUND] if self.prefix else []), *names))
        number = next(n for n, own in enumerate(basis.sets) if frozenset(own) == wanted)
        own, size = basis.sets[number], len(basis.table.statistics)
        order, rest = [own.index(name) for name in names], [own.index(ROUND)] if self.prefix else []
        return {
            tuple(label[j] for j in order): int(basis.offsets[number]) + g * size
            for g, label in enumerate(basis.labels(number))
            if tuple(label[j] for j in rest) == self.prefix
        }

    def statistic(self, target: Target) -> int | None:
        """The place of a target's statistic among those of a group; None if the measure has none."""
        basis = self.estimates.basis
        cutoffs = [cutoff.text for cutoff in basis.cutoffs]
        for place, one in enumerate(basis.table.statistics):
            k = None if one.k is None else cutoffs[one.k]
            part = one.indicator == target.indicator if target.indicator else (
                one.indicator is None and (one.dimension or "") == target.dimension
            )  # fmt: skip
            if one.name == target.statistic and part and k in (None, target.k):
                return place
        return None

    def places(self, target: Target, labels: Sequence[Label]) -> Ints:
        """The places of a target's figure in some groups; -1 where the round has no such group."""
        first, own = self.first_places(target.domains), not_none(self.statistic(target))
        return np.array([first[label] + own if label in first else -1 for label in labels], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two rounds, of whose figures functions are made; `joint` is the one sample of both, if there is one.

    Attributes
    ----------
    before, after : Sample
        Each by its own design; without a round before functions are of the later one alone.
    joint : pair of Sample or None
        Both in one sample.
    replicated : bool
        Whether the replicates of both go together.
    """

    before: Sample | None
    after: Sample
    joint: tuple[Sample, Sample] | None = None
    replicated: bool = False

    def places(self, target: Target, labels: Sequence[Label]) -> Ints:
        """The places of a target's figure before and after, then in the joint sample; -1: none; shape (c, 4)."""
        samples = (self.before, self.after, *(self.joint or (None, None)))
        none = np.full(len(labels), -1, np.int64)
        return np.stack([none if one is None else one.places(target, labels) for one in samples], axis=1)

    def spread(self, places: Ints, slopes: Floats) -> Spread:
        """The errors of functions of the figures before and after, slopes of shape (c, 2)."""
        first, last = (Part(self.before, places[:, :1], slopes[:, :1]), Part(self.after, places[:, 1:2], slopes[:, 1:]))
        if not np.nan_to_num(slopes[:, 0]).any():
            return _of_parts([last])
        if self.replicated:
            return self._replicated([first, last])
        if self.joint is None:
            return _of_parts([first, last])
        return _of_parts([Part(self.joint[0], places[:, 2:], slopes)])

    def _replicated(self, parts: Sequence[Part]) -> Spread:
        apart = _of_parts(parts)
        terms = [Terms(not_none(one.sample).estimates, one.places) for one in parts]
        combined = np.zeros((len(apart.se), not_none(terms[0].estimates.basis.replicates).number))
        full, df = np.zeros(len(apart.se)), []
        for one, own in zip(terms, parts, strict=True):
            at, slope = own.places[:, 0], np.nan_to_num(own.slopes[:, 0])
            known = at >= 0
            if known.any():
                combined[known] += slope[known, None] * replicate_values(one.estimates.basis, at[known])
            full += slope * np.nan_to_num(one.values[:, 0])
            df.append(np.nan_to_num(one.column("df")[:, 0]).astype(np.int64))
        how = not_none(terms[1].estimates.basis.replicates)
        variance = replicate_variance(combined, full, scale=how.scale, rscales=how.rscales, mse=how.mse)[0]
        se = np.where(np.isfinite(apart.se), np.sqrt(np.maximum(variance, 0)), np.nan)
        return apart._replace(se=se, df=np.minimum(*df))


class Part(NamedTuple):
    """What functions read of one sample: places and slopes, shape (c, m)."""

    sample: Sample | None
    places: Ints
    slopes: Floats


def pair_of(
    rounds: tuple[DeprivationProfile, DeprivationProfile],
    samples: tuple[Sample, Sample],
    request: Request,
    statistics: Sequence[str],
    how: Rounds,
) -> Pair:
    """Two rounds by how their samples relate.

    Raises
    ------
    DataError
        If they share PSUs, and their designs cannot be taken as one.
    """
    before, after = rounds
    pair = Pair(*samples)
    # A census has no error that could go together with another.
    if how == "independent" or before.sample.census or after.sample.census:
        return pair
    if all(one.sample.declared.replication is not None for one in rounds) and request.variance == "design":
        first, last = (not_none(one.estimates.basis.replicates) for one in samples)
        check_replicates(first, last)
        return replace(pair, replicated=True)
    check_joint(before, after)
    sets = sets_of(before, request.by, request.unit)
    both = together(before, after, list(dict.fromkeys(name for names in sets for name in names)))
    asked = replace(request, by=[(ROUND,), *((ROUND, *names) for names in sets)])
    found = estimates_of(both, asked, statistics=statistics)
    return replace(pair, joint=(Sample(found, (FIRST,)), Sample(found, (SECOND,))))


def _of_parts(parts: Sequence[Part]) -> Spread:
    """The errors of functions of figures of independent samples."""
    number = len(parts[0].slopes)
    variance, df = np.zeros(number), np.zeros(number, np.int64)
    unsure, flat, exact = (np.full(number, start, np.bool_) for start in (False, False, True))
    for sample, places, slopes in parts:
        if sample is None or sample.census:
            continue
        terms = Terms(sample.estimates, places)
        read: Mask = ~(slopes == 0)
        se = terms.column("se")
        exact &= ~read.any(axis=1)
        unsure |= (read & ~np.isfinite(se)).any(axis=1) | ~np.isfinite(slopes).all(axis=1)
        flat |= (read & (se == 0)).any(axis=1)
        variance += terms.variance(slopes)
        df += terms.freedom(read & (places >= 0))
    se = np.where(unsure | exact, np.nan, np.sqrt(np.maximum(variance, 0)))
    return Spread(se, df, exact, flat)
