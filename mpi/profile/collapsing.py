"""Strata with a single PSU merged with others before variances are estimated: by an explicit map, or by an ordering.

Never by values of what is measured: the merged strata would be chosen for their small variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Ints
from mpi.errors import DataError, Fault, listed
from mpi.errors.findings import named
from mpi.language import number_phrase, phrase
from mpi.profile.cells import grouped
from mpi.profile.labels import rank_of
from mpi.profile.model import DeprivationProfile
from mpi.profile.sample import Sample

Merged = list[list[int]]  # strata, by their codes, that become one


def collapsed(profile: DeprivationProfile) -> DeprivationProfile:
    """The profile with the strata merged as its design says, where it says `single_psu: collapse`.

    A map merges exactly what it says. In an ordering strata are gone through inside their region: one that has a
    single PSU, after what has joined it, joins the next one, and the last joins the one before.

    Returns
    -------
    DeprivationProfile
        Merged strata are called by their parts ("31+32"), their PSUs by stratum and code ("31/7"). `single_psu` is
        `fail`, the other counts of the design are those of the merged strata.

    Raises
    ------
    DataError
        If the map names a stratum that was not drawn, or goes in a ring; if strata with one PSU remain.

    References
    ----------
    Wolter (2007), Introduction to Variance Estimation, section 2.5.

    Notes
    -----
    Of a stratum h with n_h of N_h PSUs, fractions f_h = n_h / N_h merge to the sum of n_h over the sum of n_h / f_h.
    """
    sample = profile.sample
    if sample.single_psu != "collapse":
        return profile
    declared = replace(sample.declared, single_psu="fail", collapse=())
    if sample.census or declared.replication is not None:
        return replace(profile, sample=replace(sample, declared=declared))
    merged = _by_map(sample) if sample.declared.collapse else _by_order(sample)
    _check_singles(sample, merged, np.bincount(profile.cells.stratum, profile.cells.persons, len(sample.strata)))
    names = ["+".join(sample.strata[h] for h in part) for part in merged]
    ranked = sorted(range(len(merged)), key=lambda g: rank_of(names[g]))
    stratum = np.zeros(len(sample.strata), np.int64)
    for place, g in enumerate(ranked):
        stratum[merged[g]] = place
    parts = [merged[g] for g in ranked]
    own, psu, ssu = _moved(sample, parts, stratum)
    own = replace(own, strata=tuple(names[g] for g in ranked), declared=declared, stratum_order=(), stratum_within=())
    cells = profile.cells
    cells = replace(
        cells, stratum=stratum[cells.stratum], psu=psu[cells.psu], ssu=None if cells.ssu is None else ssu[cells.ssu]
    )
    return replace(profile, sample=own, cells=grouped(cells))


def _moved(sample: Sample, parts: Merged, stratum: Ints) -> tuple[Sample, Ints, Ints]:
    """The sample in its new strata, and the new codes of PSUs and of second-stage units; shapes (P,), (S,)."""
    psus = np.array([sample.psus[part].sum() for part in parts], np.int64)
    own = replace(sample, psus=psus, fpc=_corrections(sample, parts))
    if not sample.clustered:
        return own, np.zeros(1, np.int64), np.zeros(0, np.int64)
    whole = {part[0] for part in parts if len(part) == 1}
    places = list(zip(sample.psu_stratum.tolist(), sample.psu_labels, strict=True))
    labels = [label if h in whole else f"{sample.strata[h]}/{label}" for h, label in places]
    order = sorted(range(len(labels)), key=lambda i: (stratum[places[i][0]], rank_of(labels[i])))
    psu, ssu = np.zeros(len(labels), np.int64), np.zeros(len(sample.ssu_psu), np.int64)
    psu[order] = np.arange(len(order))
    within = np.argsort(psu[sample.ssu_psu], kind="stable")
    ssu[within] = np.arange(len(within))
    own = replace(
        own,
        psu_stratum=stratum[sample.psu_stratum[order]],
        psu_labels=tuple(labels[i] for i in order),
        ssu_psu=psu[sample.ssu_psu][within],
        ssu_labels=tuple(sample.ssu_labels[i] for i in within.tolist()),
        ssu_fpc=sample.ssu_fpc[order] if len(sample.ssu_fpc) else sample.ssu_fpc,
    )
    return own, psu, ssu


def _corrections(sample: Sample, parts: Merged) -> NDArray[np.float64]:
    if sample.declared.fpc is None:
        return sample.fpc
    if sample.declared.fpc == "count":
        return np.array([sample.fpc[part].sum() for part in parts])
    drawn, number = sample.psus, sample.psus / sample.fpc
    # A stratum that stays as it is keeps its fraction to the last bit.
    return np.array([sample.fpc[p[0]] if len(p) == 1 else drawn[p].sum() / number[p].sum() for p in parts])


def _by_map(sample: Sample) -> Merged:
    """The strata that a map makes one, chains followed."""
    target = dict(sample.declared.collapse)
    named = dict.fromkeys([*target, *target.values()])
    if strange := sorted((code for code in named if code not in sample.strata), key=rank_of):
        text = phrase(
            "the map of collapsed strata names {names}, of which the sample has no stratum", names=listed(strange)
        )
        raise DataError(
            Fault("MPI-D063", None, text, phrase("write the codes as they are in the data, or leave them out"))
        )
    found: dict[str, list[int]] = {}
    for h, code in enumerate(sample.strata):
        end, passed = code, {code}
        while target.get(end, end) != end:
            end = target[end]
            if end in passed:
                text = phrase(
                    "the map of collapsed strata is circular: {names}", names=listed(sorted(passed, key=rank_of))
                )
                raise DataError(Fault("MPI-D063", None, text, phrase("make each of them end in a stratum that stays")))
            passed.add(end)
        found.setdefault(end, []).append(h)
    return list(found.values())


def _by_order(sample: Sample) -> Merged:
    """The strata that an ordering makes one."""
    if not sample.stratum_order:
        return [[h] for h in range(len(sample.strata))]
    regions: dict[str, list[int]] = {}
    for h in sorted(range(len(sample.strata)), key=lambda h: (rank_of(sample.stratum_order[h]), h)):
        regions.setdefault(sample.stratum_within[h], []).append(h)
    return [part for strata in regions.values() for part in _joined_in_order(strata, sample.psus)]


def _joined_in_order(strata: Sequence[int], psus: Ints) -> Merged:
    made: Merged = []
    waiting: list[int] = []
    for h in strata:
        waiting.append(h)
        if psus[waiting].sum() > 1:
            made.append(waiting)
            waiting = []
    if waiting and made:
        made[-1] += waiting
    elif waiting:
        made.append(waiting)
    return made


def _check_singles(sample: Sample, merged: Merged, persons: NDArray[Any]) -> None:
    """Refuse strata whose one PSU was left alone."""
    left = [part for part in merged if sample.psus[part].sum() == 1]
    alone = ["+".join(sample.strata[h] for h in part) for part in left]
    if alone:
        names = named(alone, [int(persons[part].sum()) for part in left])
        text = number_phrase(
            len(alone),
            "{number:,} stratum is left with one PSU after collapsing ({names})",
            "{number:,} strata are left with one PSU after collapsing ({names})",
            names=names,
        )
        remedy = phrase("name in the map a stratum for each to join, or widen the region of the ordering")
        raise DataError(Fault("MPI-D039", None, text, remedy))
