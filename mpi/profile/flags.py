"""Units from ready-made deprivations: one column of 0, 1 and null an indicator, one row a unit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Text, Truth, word_for
from mpi.errors import DataError, Fault, UsageError, counted
from mpi.language import phrase
from mpi.profile.flag_columns import Columns
from mpi.profile.labels import MISSING_LEVEL
from mpi.profile.sample import Declared, Replication
from mpi.profile.units import SMALLER, TOO_LARGE, Units, too_large
from mpi.specs.measure import Measure
from mpi.vocabulary.options import (
    FPC_KINDS,
    REPLICATE_KINDS,
    ROUNDS,
    SINGLE_PSU,
    FpcKind,
    Level,
    ReplicateKind,
    Rounds,
    SinglePsu,
)

FLAGS = phrase("write 1 for deprived, 0 for not deprived, and null for unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagDesign:
    """The columns of a table of flags that tell its design; see `DeprivationProfile.from_flags`.

    Raises
    ------
    UsageError
        If they contradict one another.
    """

    weight: str | None = None
    stratum: str | None = None
    psu: str | None = None
    members: str | None = None
    single_psu: SinglePsu = "fail"
    fpc: tuple[FpcKind, str] | None = None
    ssu: str | None = None
    ssu_fpc: tuple[FpcKind, str] | None = None
    collapse: Mapping[str, str] = field(default_factory=dict)
    collapse_order: str | None = None
    collapse_within: str | None = None
    replicates: tuple[str, ...] = ()
    replication: Replication | None = None
    replicates_are: ReplicateKind | None = None
    calibration: tuple[str, ...] = ()
    design_weight: str | None = None
    census: bool = False
    rounds: Rounds | None = None

    def __post_init__(self) -> None:
        """Refuse the first contradiction."""
        sampled = any(
            (
                self.stratum,
                self.psu,
                self.fpc,
                self.ssu,
                self.ssu_fpc,
                self.calibration,
                self.collapse,
                self.collapse_order,
            )
        )
        ordered, mapped = self.collapse_order is not None, bool(self.collapse)
        number = self.replication.replicates if self.replication else 0
        for wrong, text in (
            (self.single_psu not in SINGLE_PSU, phrase("single_psu is one of {names}", names=", ".join(SINGLE_PSU))),
            (
                self.rounds is not None and self.rounds not in ROUNDS,
                phrase("rounds is one of {names}", names=", ".join(ROUNDS)),
            ),
            (
                self.census and (sampled or self.replicates),
                phrase("a census has no sampling design: leave its columns out"),
            ),
            (
                self.replicates and sampled,
                phrase(
                    "replicate weights carry the design: leave stratum, psu, fpc, ssu, calibration and collapse out"
                ),
            ),
            (
                bool(self.replicates) != (self.replication is not None),
                phrase("`replicates` and `replication` go together"),
            ),
            (
                len(self.replicates) != number,
                phrase(
                    "there are {columns} columns for {replicates} replicates",
                    columns=len(self.replicates),
                    replicates=number,
                ),
            ),
            (
                self.replicates and self.replicates_are not in REPLICATE_KINDS,
                phrase("say with `replicates_are` whether the columns hold combined weights or factors"),
            ),
            (
                any(kind and kind[0] not in FPC_KINDS for kind in (self.fpc, self.ssu_fpc)),
                phrase("say of a finite population correction whether it is a count or a fraction: ('count', column)"),
            ),
            (self.ssu_fpc and not (self.fpc and self.psu), phrase("`ssu_fpc` needs `psu` and `fpc`, the first stage")),
            (self.ssu and not self.ssu_fpc, phrase("`ssu` is of use with `ssu_fpc` only")),
            ((ordered or mapped) and self.single_psu != "collapse", 'collapsing needs `single_psu="collapse"`'),
            (
                self.single_psu == "collapse" and ordered == mapped,
                phrase('`single_psu="collapse"` needs `collapse` or `collapse_order`, and not both'),
            ),
            (self.collapse_within is not None and not ordered, "`collapse_within` needs `collapse_order`"),
            (
                bool(self.calibration) != (self.design_weight is not None),
                phrase("`calibration` and `design_weight` go together"),
            ),
            (self.calibration and self.weight is None, phrase("`calibration` needs `weight`, the calibrated one")),
        ):
            if wrong:
                raise UsageError(Fault("MPI-U111", None, text))

    @property
    def numbered(self) -> bool:
        """Whether rows stand for PSUs or second-stage units that have no codes."""
        return bool(self.calibration and self.psu is None) or bool(self.ssu_fpc and self.ssu is None)

    def declared(self, measure: Measure) -> Declared:
        """The design that the columns make."""
        household = self.members is not None or measure.identification == "household"
        level: Level = "household" if household else "person"
        return Declared(
            single_psu=self.single_psu,
            census=self.census,
            weighted=self.weight is not None,
            fpc=self.fpc[0] if self.fpc else None,
            ssu_fpc=self.ssu_fpc[0] if self.ssu_fpc else None,
            collapse=tuple(self.collapse.items()),
            replication=self.replication,
            calibration=level if self.calibration else None,
            rounds=self.rounds,
        )


def units_of_flags(frame: object, measure: Measure, design: FlagDesign, *, by: Mapping[str, Sequence[str]]) -> Units:
    """The units of a frame, by columns with the levels that each may have; see `DeprivationProfile.from_flags`."""
    columns = Columns(arrow.read_frame(frame))
    n = columns.table.num_rows
    if not n:
        columns.fault("MPI-D002", phrase("the table has no row"), phrase("give one row for each unit that was judged"))
    pattern, unknown = _patterns(columns, measure)
    weights = columns.weight(design.weight, phrase("the weight")) if design.weight is not None else _same(1.0, n)
    size = columns.size(design.members) if design.members is not None else None
    domains = tuple((name, measure.level, columns.group(name, levels)) for name, levels in by.items())
    stratum, psu, ssu, order, within = (
        None if name is None else columns.design(name)
        for name in (design.stratum, design.psu, design.ssu, design.collapse_order, design.collapse_within)
    )
    fpc, ssu_fpc = (
        None if own is None else columns.filled(own[1], phrase("a finite population correction"))
        for own in (design.fpc, design.ssu_fpc)
    )
    if design.calibration and psu is None:
        psu = _row_numbers(n)
    if design.ssu_fpc is not None and ssu is None:
        ssu = _row_numbers(n)
    calibration = [columns.filled(name, phrase("a calibration variable")) for name in design.calibration]
    before = (
        columns.weight(design.design_weight, phrase("the design weight")) if design.design_weight is not None else None
    )
    replicates = columns.replicates(design.replicates, weights, factors=design.replicates_are == "factors")
    if not columns.faults and any(
        too_large(one, None if size is None else size.astype(np.int64))
        for one in (weights, before, replicates)
        if one is not None
    ):
        columns.fault(
            "MPI-D040", phrase("a weight, times members or factors, {too_large}", too_large=TOO_LARGE), SMALLER
        )
    if columns.faults:
        raise DataError(*columns.faults)
    one = _same(1, n)
    if size is None:
        persons, of_persons = one, (weights, before, replicates)
    else:
        persons = size.astype(np.int64)
        of_persons = (
            weights * size,
            None if before is None else before * size,
            None if replicates is None else replicates * size[:, None],
        )
    return Units(
        domains=domains,
        stratum=stratum,
        psu=psu,
        pattern=pattern,
        unknown=unknown,
        persons=persons,
        households=one,
        person_weight=of_persons[0],
        household_weight=weights,
        ssu=ssu,
        fpc=fpc,
        ssu_fpc=ssu_fpc,
        order=order,
        within=within,
        calibration=np.column_stack(calibration) if calibration else None,
        design_person_weight=of_persons[1],
        design_household_weight=before,
        person_replicates=of_persons[2],
        household_replicates=replicates,
    )


def named_in(columns: str | Sequence[str] | None) -> tuple[str, ...]:
    """The names of one column, of several, or of none."""
    return (columns,) if isinstance(columns, str) else tuple(columns or ())


def levels_by(by: str | Sequence[str] | Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each column to group by the levels that it is declared to have; none where the data tell them.

    Raises
    ------
    UsageError
        If a level is the word for those without one.
    """
    if not isinstance(by, Mapping):
        return {name: () for name in named_in(by)}
    found = {name: tuple(dict.fromkeys(levels)) for name, levels in by.items()}
    faults = [
        Fault(
            "MPI-U195",
            None,
            phrase(
                "by: {missing_level!r} among the levels of {name!r}, the word for those without",
                missing_level=MISSING_LEVEL,
                name=name,
            ),
            phrase("leave it out: rows with a null have it by themselves"),
        )
        for name, levels in found.items()
        if MISSING_LEVEL in levels
    ]
    if faults:
        raise UsageError(*faults)
    return found


def _same(value: float, n: int) -> NDArray[Any]:
    """A column of one value, which takes no memory; shape (n,)."""
    return np.broadcast_to(np.array(value), n)


def _row_numbers(n: int) -> Text:
    return Text(np.arange(n), tuple(map(str, range(n))))


def flags_fingerprint(measure: Measure) -> str:
    """A short hash of the indicators' names: ready-made deprivations have no rules to hash."""
    return hashlib.sha256("|".join(["flags", *measure.names]).encode()).hexdigest()[:16]


def _patterns(columns: Columns, measure: Measure) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Patterns and unknowns of the rows, uint64 of shape (n,) each."""
    n = columns.table.num_rows
    word = word_for(len(measure.names))
    pattern, unknown = np.zeros(n, word), np.zeros(n, word)
    holes = False
    for j, name in enumerate(measure.names):
        values = columns.read(name, phrase("an indicator of {name}", name=measure.name))
        if values is None:
            continue
        if isinstance(values, Text):
            columns.fault("MPI-D012", phrase("column {name!r} holds texts, not 0 and 1", name=name), FLAGS)
            continue
        flag = values.true if isinstance(values, Truth) else values.values
        if not _zero_or_one(flag):
            rows = counted(int(((flag != 0) & (flag != 1)).sum()), "row")
            columns.fault(
                "MPI-D023",
                phrase("column {name!r} holds something other than 0, 1 and null in {rows}", name=name, rows=rows),
                FLAGS,
            )
            continue
        pattern |= flag.astype(word) << word(j)
        if values.known is not None:
            holes = True
            unknown |= (~values.known).astype(word) << word(j)
    if not holes:
        return pattern.astype(np.uint64), np.broadcast_to(np.uint64(0), n)
    pattern &= ~unknown
    return pattern.astype(np.uint64), unknown.astype(np.uint64)


def _zero_or_one(flag: NDArray[Any]) -> bool:
    if flag.dtype.kind == "f":
        return bool(((flag == 0) | (flag == 1)).all())
    return bool(flag.min(initial=0) >= 0 and flag.max(initial=0) <= 1)
