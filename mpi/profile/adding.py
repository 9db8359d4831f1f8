"""Profiles made from blocks of units, and added: cells with equal keys become one, designs become their union."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, listed
from mpi.measure import Measure
from mpi.profile.model import MISSING_LEVEL, Cells, DeprivationProfile, Domain, Sample
from mpi.rules import Level
from mpi.survey import SinglePsu
from mpi.values import Text

COUNTS = ("persons", "households")
SUMS = ("person_weight", "household_weight", "person_squares", "household_squares")


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """One block of units, before they are added up: one row a household, or a person, or a group of persons.

    Attributes
    ----------
    domains : tuple of (str, level, Text)
        Name, level and code of each domain.
    stratum, psu : Text or None
        None where the design has none.
    own_psu : bool
        Every row is a PSU of its own (households without PSU in the design).
    pattern, unknown : uint64, shape (n,)
    persons, households : int64, shape (n,)
        How many of them the row stands for.
    person_weight, household_weight : float64, shape (n,)
        Weight of all persons, and of all households, of the row.
    """

    domains: tuple[tuple[str, Level, Text], ...]
    stratum: Text | None
    psu: Text | None
    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]
    persons: NDArray[np.int64]
    households: NDArray[np.int64]
    person_weight: NDArray[np.float64]
    household_weight: NDArray[np.float64]


def build(
    units: Units, measure: Measure, fingerprint: str, *, survey: str, period: str, single_psu: SinglePsu = "fail",
    census: bool = False, weighted: bool = True, counts: Mapping[str, int] | None = None,
) -> DeprivationProfile:  # fmt: skip
    """The profile of one block of units.

    Parameters
    ----------
    units : Units
        n rows.
    measure : Measure
        For the names.
    fingerprint : str
        Of the deprivation rules.
    """
    n = len(units.pattern)
    domains, codes = [], np.zeros((n, len(units.domains)), np.int64)
    for place, (name, level, text) in enumerate(units.domains):
        labels, codes[:, place] = levels(text)
        domains.append(Domain(name, level, labels))
    strata, stratum = (
        levels(units.stratum) if units.stratum is not None and not census else (("",), np.zeros(n, np.int64))
    )
    psu = np.zeros(n, np.int64)
    psu_stratum, psu_labels = np.zeros(0, np.int64), ()
    if census:
        drawn = np.zeros(1, np.int64)
    elif units.psu is None:
        drawn = np.bincount(stratum, minlength=len(strata)).astype(np.int64)
    else:
        psu, psu_stratum, psu_labels = _psus(stratum, units.psu)
        drawn = np.bincount(psu_stratum, minlength=len(strata)).astype(np.int64)
    sample = Sample(strata, drawn, psu_stratum, psu_labels, single_psu, census, weighted)
    positive = (units.person_weight > 0) | (units.household_weight > 0)
    cells = Cells(
        codes, stratum, psu, units.pattern, units.unknown, units.persons * positive, units.households * positive,
        units.person_weight, units.household_weight, units.person_weight**2, units.household_weight**2,
    )  # fmt: skip
    return DeprivationProfile(
        measure.name, survey, period, measure.names, measure.identification, fingerprint, tuple(domains), sample,
        grouped(cells), dict(counts or {}),
    )  # fmt: skip


def levels(text: Text) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Labels in ascending order, only those that occur, and each row's code; unknown is a level of its own, last."""
    codes, labels = text.codes, text.labels
    if text.known is not None and not text.known.all():
        codes, labels = np.where(text.known, codes, len(labels)), (*labels, MISSING_LEVEL)
    present = np.flatnonzero(np.bincount(codes, minlength=len(labels)))
    ranked = sorted(present, key=lambda code: (labels[code] == MISSING_LEVEL, labels[code]))
    mapping = np.zeros(max(1, len(labels)), np.int64)
    mapping[ranked] = np.arange(len(ranked))
    return tuple(labels[code] for code in ranked), mapping[codes]


def _psus(stratum: NDArray[np.int64], psu: Text) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[str, ...]]:
    labels, codes = levels(psu)
    pair = stratum * max(1, len(labels)) + codes
    distinct, which = np.unique(pair, return_inverse=True)
    names = tuple(labels[code] for code in distinct % max(1, len(labels)))
    return which.astype(np.int64), distinct // max(1, len(labels)), names


def grouped(cells: Cells) -> Cells:
    """Cells with equal keys added up, sorted by their keys."""
    if not len(cells):
        return cells
    keys = [*cells.domains.T, cells.stratum, cells.psu, cells.pattern, cells.unknown]
    code = _joint_code(keys)
    order = np.argsort(code, kind="stable")
    code = code[order]
    first = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
    head = order[first]

    def added(name: str) -> NDArray[np.int64]:
        total: NDArray[np.int64] = np.add.reduceat(getattr(cells, name)[order], first)
        return total

    return Cells(
        cells.domains[head], cells.stratum[head], cells.psu[head], cells.pattern[head], cells.unknown[head],
        *(added(name) for name in COUNTS), *(added(name) for name in SUMS),  # type: ignore[arg-type]  # floats
    )  # fmt: skip


def _joint_code(keys: Sequence[NDArray[np.int64] | NDArray[np.uint64]]) -> NDArray[np.int64]:
    """One integer a row, ordered like the keys from first to last."""
    code = np.zeros(len(keys[0]), np.int64)
    size = 1
    for key in keys:
        top = int(key.max()) + 1
        if top == 1:
            continue
        if top > 2**31:
            distinct, inverse = np.unique(key, return_inverse=True)
            key, top = inverse.astype(np.int64), len(distinct)
        if size * top >= 2**62:
            distinct, inverse = np.unique(code, return_inverse=True)
            code, size = inverse.astype(np.int64), len(distinct)
        code = code * top + key.astype(np.int64)
        size *= top
    return code


def merge(profiles: Sequence[DeprivationProfile]) -> DeprivationProfile:
    """The profile of all households of several profiles together.

    Parameters
    ----------
    profiles : sequence of DeprivationProfile
        Of disjoint households of one survey, with the same measure, domains and design.

    Raises
    ------
    DataError
        If they differ in what they hold.
    """
    first = profiles[0]
    if len(profiles) == 1:
        return first
    for other in profiles[1:]:
        _comparable(first, other)
    domains = tuple(
        Domain(domain.name, domain.level, _union(p.domains[i].labels for p in profiles))
        for i, domain in enumerate(first.domains)
    )
    sample, recoded = _merge_samples([p.sample for p in profiles])
    parts = [_recode(p, domains, codes) for p, codes in zip(profiles, recoded, strict=True)]
    cells = Cells(*(np.concatenate([getattr(part, name) for part in parts]) for name in Cells.__dataclass_fields__))
    counts = {key: sum(p.counts.get(key, 0) for p in profiles) for p in profiles for key in p.counts}
    notices = tuple(dict.fromkeys(notice for p in profiles for notice in p.notices))
    return replace(first, domains=domains, sample=sample, cells=grouped(cells), counts=counts, notices=notices)


def _comparable(a: DeprivationProfile, b: DeprivationProfile) -> None:
    shape = [(d.name, d.level) for d in a.domains], [(d.name, d.level) for d in b.domains]
    differences = [
        what
        for what, same in {
            "measure": a.fingerprint == b.fingerprint and a.indicators == b.indicators,
            "survey": (a.survey, a.period) == (b.survey, b.period),
            "domains": shape[0] == shape[1],
            "design": (a.sample.census, a.sample.clustered, a.sample.weighted, a.sample.single_psu)
            == (b.sample.census, b.sample.clustered, b.sample.weighted, b.sample.single_psu),
        }.items()
        if not same
    ]
    if differences:
        text = f"profiles of different {listed(differences)} do not add"
        raise DataError(Fault("MPI-D050", None, text, "to compare two rounds, estimate each and compare the estimates"))


def _union(labels: Iterable[Sequence[str]]) -> tuple[str, ...]:
    found = set().union(*labels)
    return tuple(sorted(found, key=lambda label: (label == MISSING_LEVEL, label)))


def _places(labels: Sequence[str], among: Sequence[str]) -> NDArray[np.int64]:
    place = {label: i for i, label in enumerate(among)}
    return np.array([place[label] for label in labels] or [0], np.int64)


def _merge_samples(samples: Sequence[Sample]) -> tuple[Sample, list[tuple[NDArray[np.int64], NDArray[np.int64]]]]:
    """The common design, and for each sample the new codes of its strata and PSUs."""
    strata = _union(sample.strata for sample in samples)
    moved = [_places(sample.strata, strata) for sample in samples]
    if not samples[0].clustered:
        drawn = reduce(np.add, (np.bincount(to, s.psus, len(strata)) for to, s in zip(moved, samples, strict=True)))
        sample = replace(samples[0], strata=strata, psus=drawn.astype(np.int64))
        return sample, [(to, np.zeros(1, np.int64)) for to in moved]
    pairs = [
        list(zip(to[s.psu_stratum].tolist(), s.psu_labels, strict=True)) for to, s in zip(moved, samples, strict=True)
    ]
    distinct = sorted(set().union(*pairs))
    place = {pair: i for i, pair in enumerate(distinct)}
    stratum = np.array([pair[0] for pair in distinct], np.int64)
    sample = replace(
        samples[0], strata=strata, psus=np.bincount(stratum, minlength=len(strata)).astype(np.int64),
        psu_stratum=stratum, psu_labels=tuple(pair[1] for pair in distinct),
    )  # fmt: skip
    return sample, [(to, np.array([place[p] for p in own], np.int64)) for to, own in zip(moved, pairs, strict=True)]


def _recode(
    profile: DeprivationProfile, domains: tuple[Domain, ...], codes: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Cells:
    cells = profile.cells
    columns = [
        _places(own.labels, new.labels)[cells.domains[:, i]]
        for i, (own, new) in enumerate(zip(profile.domains, domains, strict=True))
    ]
    stacked = np.column_stack(columns) if columns else cells.domains
    return replace(cells, domains=stacked, stratum=codes[0][cells.stratum], psu=codes[1][cells.psu])
