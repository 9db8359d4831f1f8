"""The sample as drawn: made from a block of units, united over blocks, checked once it is whole.

Codes of strata, PSUs, second-stage units and rows of calibration variables are given here; cells only carry them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, Ints, Text
from mpi.errors import DataError, Fault, counted, listed
from mpi.language import phrase, template
from mpi.profile.labels import joint_code, levels, places, rank_of, union
from mpi.profile.sample import Declared, Sample, psu_names, rank_less_one
from mpi.profile.units import Units

SEVERAL = "\0several"  # stands for the text of a stratum whose rows have several


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Codes of the parts of a sample: of each row of a block, or of each part of a block in the union.

    Attributes
    ----------
    stratum, psu : int64
    ssu, calibration : int64 or None
        None where the design has none.
    """

    stratum: Ints
    psu: Ints
    ssu: Ints | None = None
    calibration: Ints | None = None


def drawn(units: Units, declared: Declared) -> tuple[Sample, Codes]:
    """The sample of one block of n units, and the codes of its rows; see `adding.tabulated`."""
    n = len(units.pattern)
    check_units(units, declared)
    if declared.census:
        return _without_psus(
            Declared(single_psu=declared.single_psu, census=True, weighted=declared.weighted, rounds=declared.rounds), n
        )
    if declared.replication is not None:
        return _replicated(units, declared, n)
    strata: tuple[str, ...] = ("",)
    stratum, psu = np.zeros(n, np.int64), np.zeros(n, np.int64)
    psu_stratum, psu_labels = np.zeros(0, np.int64), tuple[str, ...]()
    if units.stratum is not None:
        strata, stratum = levels(units.stratum)
    if units.psu is not None:
        psu, psu_stratum, psu_labels = _nested(stratum, units.psu)
    within = stratum if units.psu is None else psu_stratum
    number = np.bincount(within, minlength=len(strata)).astype(np.int64)
    sample, ssu, calibration = (
        Sample(strata=strata, psus=number, psu_stratum=psu_stratum, psu_labels=psu_labels, declared=declared),
        None,
        None,
    )
    if units.fpc is not None:
        sample = replace(sample, fpc=_one_each(units.fpc, stratum, len(strata)))
    if units.ssu is not None and units.ssu_fpc is not None:
        ssu, ssu_psu, ssu_labels = _nested(psu, units.ssu)
        ssu_fpc = _one_each(units.ssu_fpc, psu, len(psu_labels))
        sample = replace(sample, ssu_psu=ssu_psu, ssu_labels=ssu_labels, ssu_fpc=ssu_fpc)
    if units.order is not None and declared.single_psu == "collapse":
        order = _one_text_each(_pairs(stratum, units.order), strata)
        regions = [] if units.within is None else _pairs(stratum, units.within)
        within_ = _one_text_each(regions, strata) if regions else ("",) * len(strata)
        sample = replace(sample, stratum_order=order, stratum_within=within_)
    if units.calibration is not None:
        distinct, calibration = _distinct_rows(units.calibration)
        sample = replace(sample, calibration=distinct)
    return sample, Codes(stratum, psu, ssu, calibration)


def united(samples: Sequence[Sample]) -> tuple[Sample, list[Codes]]:
    """The common design of several samples of one kind, and the new codes of the parts of each."""
    first = samples[0]
    strata = union(sample.strata for sample in samples)
    to_stratum = [places(sample.strata, strata) for sample in samples]
    to_psu = [np.zeros(1, np.int64)] * len(samples)
    to_ssu: list[Ints | None] = [None] * len(samples)
    to_row: list[Ints | None] = [None] * len(samples)
    if first.clustered:
        nests = [to[s.psu_stratum] for to, s in zip(to_stratum, samples, strict=True)]
        psu_stratum, psu_labels, to_psu = _united_nests(nests, [s.psu_labels for s in samples])
        psus = np.bincount(psu_stratum, minlength=len(strata)).astype(np.int64)
        sample = replace(first, strata=strata, psus=psus, psu_stratum=psu_stratum, psu_labels=psu_labels)
    else:
        pairs = zip(to_stratum, samples, strict=True)
        psus = reduce(np.add, (np.bincount(to, s.psus, len(strata)) for to, s in pairs)).astype(np.int64)
        sample = replace(first, strata=strata, psus=psus)
    if first.declared.fpc is not None:
        fpc = np.concatenate([s.fpc for s in samples])
        sample = replace(sample, fpc=_one_each(fpc, np.concatenate(to_stratum), len(strata)))
    if first.declared.ssu_fpc is not None:
        fpc = np.concatenate([s.ssu_fpc for s in samples])
        nests = [to[s.ssu_psu] for to, s in zip(to_psu, samples, strict=True)]
        ssu_psu, ssu_labels, found = _united_nests(nests, [s.ssu_labels for s in samples])
        sample = replace(
            sample,
            ssu_psu=ssu_psu,
            ssu_labels=ssu_labels,
            ssu_fpc=_one_each(fpc, np.concatenate(to_psu), len(psu_labels)),
        )
        to_ssu = list(found)
    if first.stratum_order:
        sample = replace(
            sample,
            stratum_order=_united_texts(to_stratum, [s.stratum_order for s in samples], strata),
            stratum_within=_united_texts(to_stratum, [s.stratum_within for s in samples], strata),
        )
    if first.declared.calibration is not None:
        distinct, which = _distinct_rows(np.concatenate([s.calibration for s in samples]))
        ends = np.cumsum([len(s.calibration) for s in samples])
        sample, to_row = replace(sample, calibration=distinct), list(np.split(which, ends[:-1]))
    if first.declared.replication is not None:
        sample = _united_replicates(sample, samples)
    return sample, [Codes(*codes) for codes in zip(to_stratum, to_psu, to_ssu, to_row, strict=True)]


def checked_sample(sample: Sample) -> Sample:
    """The whole sample, with the degrees of freedom of its replicates; refuses what `check_drawn` does."""
    check_drawn(sample)
    if sample.replicate_df is None and sample.gram is not None:
        return replace(sample, replicate_df=rank_less_one(sample.gram))
    return sample


def check_drawn(sample: Sample) -> None:
    """Refuse more units drawn than there are.

    Raises
    ------
    DataError
        If there are fewer PSUs in a stratum of the population, or second-stage units in a PSU of it, than were drawn.
    """
    faults = []
    if sample.declared.fpc == "count":
        faults += _exceeded(
            sample.psus > sample.fpc,
            sample.strata,
            "stratum",
            template("there are fewer PSUs in the population than were drawn in {strata}")
            if sample.unit == "PSU"
            else template("there are fewer households in the population than were drawn in {strata}"),
        )
    if sample.declared.ssu_fpc == "count":
        faults += _exceeded(
            sample.ssus > sample.ssu_fpc,
            psu_names(sample),
            "PSU",
            template("there are fewer second-stage units in the population than were drawn in {strata}"),
        )
    if faults:
        raise DataError(*faults)


def check_units(units: Units, declared: Declared) -> None:
    """Refuse units that do not have what the design declares, or have what it does not: a fault of the caller."""
    if declared.census:
        return
    for name, columns in {
        "replication": (units.person_replicates, units.household_replicates),
        "fpc": (units.fpc,),
        "ssu_fpc": (units.ssu, units.ssu_fpc),
        "calibration": (units.calibration, units.design_person_weight, units.design_household_weight),
    }.items():
        stated = getattr(declared, name) is not None
        if any((column is not None) != stated for column in columns):
            raise ValueError(
                f"units and design do not agree: `{name}` is declared {'and' if stated else 'not, but'} "
                f"the units have {'not all' if stated else 'some'} of its columns"
            )
        if name == "replication" and stated:
            _check_replicates(units, declared)
            return
    if units.psu is None and units.calibration is not None:
        raise ValueError("units with calibration variables need PSUs: give households as PSUs where there are none")
    if units.ssu is not None and (units.psu is None or units.fpc is None):
        raise ValueError("a second stage needs PSUs and the finite population correction of the first")
    if units.calibration is not None and not np.isfinite(units.calibration).all():
        raise ValueError("calibration variables must be finite numbers")


def _check_replicates(units: Units, declared: Declared) -> None:
    number = declared.replication.replicates if declared.replication else 0
    for matrix in (units.person_replicates, units.household_replicates):
        if matrix is None or matrix.shape != (len(units.pattern), number):
            raise ValueError(f"units need a matrix of {number} replicate weights, one row a unit")


def _without_psus(declared: Declared, n: int) -> tuple[Sample, Codes]:
    zeros = np.zeros(n, np.int64)
    return Sample(
        strata=("",), psus=np.zeros(1, np.int64), psu_stratum=np.zeros(0, np.int64), psu_labels=(), declared=declared
    ), Codes(zeros, zeros)


def _replicated(units: Units, declared: Declared, n: int) -> tuple[Sample, Codes]:
    """One stratum and no PSU: the replicate weights carry the design, and the calibration."""
    replication, weights = declared.replication, units.household_replicates
    own = Declared(
        single_psu=declared.single_psu,
        census=False,
        weighted=declared.weighted,
        replication=replication,
        rounds=declared.rounds,
    )
    sample, codes = _without_psus(own, n)
    if replication is None or replication.df is not None or weights is None:
        return replace(sample, replicate_df=replication.df if replication else None), codes
    return replace(sample, gram=weights.T @ weights), codes


def _united_replicates(sample: Sample, samples: Sequence[Sample]) -> Sample:
    """The Gram matrix of all units, with the rank that it has if that of a part was known; or what is stated."""
    grams = [s.gram for s in samples if s.gram is not None]
    if len(grams) < len(samples):  # the producer states the degrees of freedom, of all in the same words
        return sample
    gram, known = reduce(np.add, grams), any(s.replicate_df is not None for s in samples)
    return replace(sample, gram=gram, replicate_df=rank_less_one(gram) if known else None)


def _nested(outer: Ints, text: Text) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Units nested in others, PSUs in strata: the unit of each row, the outer one of each unit, its label."""
    labels, codes = levels(text)
    distinct, which = np.unique(outer * len(labels) + codes, return_inverse=True)
    of_outer, of_label = np.divmod(distinct, max(1, len(labels)))
    return which, of_outer, tuple(labels[code] for code in of_label.tolist())


def _united_nests(
    outers: Sequence[Ints], labels: Sequence[tuple[str, ...]]
) -> tuple[Ints, tuple[str, ...], list[Ints]]:
    """Nested units of several samples as one list: the outer unit of each, its label, the new codes for each sample."""
    pairs = [list(zip(outer.tolist(), own, strict=True)) for outer, own in zip(outers, labels, strict=True)]
    distinct = sorted(set().union(*pairs), key=lambda pair: (pair[0], rank_of(pair[1])))
    place = {pair: i for i, pair in enumerate(distinct)}
    outer = np.array([pair[0] for pair in distinct], np.int64)
    return outer, tuple(pair[1] for pair in distinct), [np.array([place[p] for p in own], np.int64) for own in pairs]


def _distinct_rows(rows: Floats) -> tuple[Floats, Ints]:
    """The distinct rows of a matrix, ascending, and which of them each row is."""
    keys = [np.unique(column, return_inverse=True)[1] for column in (rows + 0.0).T]  # -0 is 0
    if not len(rows) or not keys:
        return rows[:1] + 0.0, np.zeros(len(rows), np.int64)
    _, first, which = np.unique(joint_code(keys), return_index=True, return_inverse=True)
    return rows[first] + 0.0, which


def _one_each(values: Floats, group: Ints, groups: int) -> Floats:
    """The value of each group, NaN where its rows do not share one; shape (groups,). `check_shared` refuses it."""
    found = np.full(groups, np.nan)
    found[group] = values
    found[group[values != found[group]]] = np.nan  # also where both are NaN
    return found


def _pairs(stratum: Ints, text: Text) -> list[tuple[int, str]]:
    labels, codes = levels(text)
    distinct = np.unique(stratum * len(labels) + codes)
    return [(int(pair) // len(labels), labels[int(pair) % len(labels)]) for pair in distinct]


def _united_texts(
    to_stratum: Sequence[Ints], texts: Sequence[tuple[str, ...]], strata: Sequence[str]
) -> tuple[str, ...]:
    pairs = (zip(to.tolist(), own, strict=True) for to, own in zip(to_stratum, texts, strict=True))
    return _one_text_each([pair for some in pairs for pair in some], strata)


def _one_text_each(pairs: Iterable[tuple[int, str]], strata: Sequence[str]) -> tuple[str, ...]:
    """The text of each stratum, or the mark of several, which `check_shared` refuses."""
    found: dict[int, str] = {}
    for stratum, text in pairs:
        if found.setdefault(stratum, text) != text:
            found[stratum] = SEVERAL
    return tuple(found[h] for h in range(len(strata)))


def check_shared(sample: Sample) -> None:
    """Refuse what the rows of a stratum, or of a PSU, do not share though they have to, and what no sample can have.

    Raises
    ------
    DataError
        With the strata and PSUs of all blocks.
    """
    faults = []
    for kind, values, names, noun in (
        (sample.declared.fpc, sample.fpc, sample.strata, "stratum"),
        (sample.declared.ssu_fpc, sample.ssu_fpc, psu_names(sample), "PSU"),
    ):
        if kind is None or not len(values):
            continue
        differs = np.isnan(values)
        wrong = ~differs & (~(values > 0) | np.isinf(values) | ((values > 1) if kind == "fraction" else False))
        if differs.any():
            which = _named(np.flatnonzero(differs), names, noun)
            text = phrase("the finite population correction differs, or is unknown, inside {which}", which=which)
            remedy = phrase(
                "give all rows of a PSU the same number"
                if noun == "PSU"
                else "give all rows of a stratum the same number"
            )
            faults.append(Fault("MPI-D060", None, text, remedy))
        if wrong.any():
            text = phrase(
                "the finite population correction is a fraction that is not above 0 and up to 1 in {named}"
                if kind == "fraction"
                else "the finite population correction is a count that is not above 0 in {named}",
                named=_named(np.flatnonzero(wrong), names, noun),
            )
            remedy = phrase("declare numbers of units in the population as `count`, sampled shares as `fraction`")
            faults.append(Fault("MPI-D061", None, text, remedy))
    for texts, differing in (
        (sample.stratum_order, template("the place in the order of strata differs inside {strata}")),
        (sample.stratum_within, template("the region differs inside {strata}")),
    ):
        several = [h for h, text in enumerate(texts) if text == SEVERAL]
        if several:
            text = phrase(differing, strata=_named(several, sample.strata, "stratum"))
            faults.append(Fault("MPI-D062", None, text, phrase("give all rows of a stratum the same code")))
    if faults:
        raise DataError(*faults)


def _exceeded(wrong: NDArray[np.bool_], names: Sequence[str], noun: str, told: str) -> list[Fault]:
    if not wrong.any():
        return []
    text = phrase(told, strata=_named(np.flatnonzero(wrong), names, noun))
    return [
        Fault(
            "MPI-D061", None, text, phrase("give the number in the population, or declare sampled shares as `fraction`")
        )
    ]


def _named(which: Sequence[int] | NDArray[Any], names: Sequence[str], noun: str) -> str:
    """How many strata, and which; of PSUs, which may be households, their number."""
    found = [names[int(i)] for i in which]
    if noun == "PSU":
        return counted(len(found), noun)
    return phrase("{units} ({names})", units=counted(len(found), noun), names=listed(found))
