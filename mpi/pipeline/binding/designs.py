"""The sampling design bound to the columns of an opened survey: its weights, units, corrections and replicates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mpi.errors import Notice, listed, nearest
from mpi.language import phrase
from mpi.pipeline.binding.plan import Auxiliary, DesignColumns, ReplicateColumns
from mpi.pipeline.binding.plan_maker import Binder
from mpi.specs.survey import STAR, Calibration, Derivation, Design, Replicates
from mpi.vocabulary.options import TableName

UNUSED = ("stratum", "psu", "fpc", "second_stage", "single_psu", "collapse", "calibration")
REPLICATE_TABLES: tuple[TableName, ...] = ("persons", "households", "replicates")


def bind_design(binder: Binder) -> DesignColumns:
    """Steps for the weights, the number of members and the design: their names in the block.

    With replicate weights the strata, PSUs and corrections are not used, which a notice says.
    """
    design = binder.survey.design
    weight = binder.number("design:weight", design.weight, phrase("the weight"))
    person_weight = binder.number("design:person_weight", design.person_weight, phrase("the weight of persons"))
    if design.weight is not None and design.person_weight is not None:
        told = phrase(
            "persons are counted with the weight {persons}, households with {households}",
            persons=design.person_weight.written,
            households=design.weight.written,
        )
        binder.notices.append(Notice("MPI-N144", told, design.place))
    members = binder.number("design:members", binder.survey.members, phrase("the number of members"))
    if design.replicates is not None:
        if unused := [key for key in UNUSED if getattr(design, key) not in ((), None, "fail")]:
            text = phrase(
                "the variance comes from replicate weights: {names} of the design are not used", names=listed(unused)
            )
            binder.notices.append(Notice("MPI-N009", text, design.replicates.place))
        replicates = _replicates(binder, design.replicates)
        return DesignColumns(weight=weight, person_weight=person_weight, members=members, replicates=replicates)
    stratum, psu = _groups(binder, "stratum", design.stratum), _groups(binder, "psu", design.psu)
    ssu, fpc, ssu_fpc = _corrections(binder, design)
    order, within = _ordering(binder, design)
    design_weight, auxiliaries = _calibration(binder, design.calibration)
    return DesignColumns(
        weight=weight,
        person_weight=person_weight,
        members=members,
        stratum=stratum,
        psu=psu,
        ssu=ssu,
        fpc=fpc,
        ssu_fpc=ssu_fpc,
        order=order,
        within=within,
        design_weight=design_weight,
        auxiliaries=auxiliaries,
    )


def _groups(binder: Binder, key: str, derivations: Sequence[Derivation], user: str = "") -> tuple[str, ...]:
    targets = tuple(f"design:{key}{i}" for i in range(len(derivations)))
    for target, derivation in zip(targets, derivations, strict=True):
        binder.grouping(target, derivation, user or f"the {key}")
    return targets


def _corrections(binder: Binder, design: Design) -> tuple[tuple[str, ...], str | None, str | None]:
    """Second-stage units, and the corrections of both stages."""
    first = None if design.fpc is None else design.fpc.number
    fpc, stage = binder.number("design:fpc", first, phrase("the fpc")), design.second_stage
    if stage is None:
        return (), fpc, None
    units = _groups(binder, "ssu", stage.unit, phrase("the second-stage unit"))
    return units, fpc, binder.number("design:ssu_fpc", stage.fpc.number, phrase("the fpc of the second stage"))


def _ordering(binder: Binder, design: Design) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The order of the strata, and the region that they keep to."""
    collapse = design.collapse
    if collapse is None:
        return (), ()
    order = _groups(binder, "order", [collapse.order] if collapse.order else [], phrase("the order of the strata"))
    return order, _groups(
        binder, "within", [collapse.within] if collapse.within else [], phrase("the region of the strata")
    )


def _calibration(binder: Binder, calibration: Calibration | None) -> tuple[str | None, tuple[Auxiliary, ...]]:
    if calibration is None:
        return None, ()
    weight = binder.number("design:design_weight", calibration.design_weight, phrase("the design weight"))
    found = [_auxiliary(binder, i, item, calibration) for i, item in enumerate(calibration.variables)]
    return weight, tuple(auxiliary for auxiliary in found if auxiliary is not None)


def _auxiliary(binder: Binder, number: int, derivation: Derivation, calibration: Calibration) -> Auxiliary | None:
    target, user = f"design:calibration{number}", phrase("calibration variable {number}", number=number + 1)
    if derivation.rule is None:
        kind = binder.coded(target, derivation, user, as_code=derivation.width is not None)
    else:
        rule = binder.over_columns(derivation.rule, user)
        kind = None if rule is None else binder.ruled(target, rule)
    if kind is None:
        return None
    if kind.level == "person" and calibration.level == "household":
        text = phrase(
            "{user} differs between the members of a household, and the calibration is of households", user=user
        )
        binder.faults.add(
            "MPI-S020", derivation.place, text, phrase("use an aggregate such as COUNT_IF, or `level: person`")
        )
    if kind.type == "text" and not kind.labels:
        text = phrase("{user} is a text without a list of codes, so its dummies are not known", user=user)
        remedy = phrase("name a variable with `codes: {{1: man, 2: woman}}`, or write a number")
        binder.faults.add("MPI-S020", derivation.place, text, remedy)
    labels = tuple(sorted(kind.labels)) if kind.type == "text" and kind.labels else None
    return Auxiliary(target, kind.level or "household", labels)


def _replicates(binder: Binder, replicates: Replicates) -> ReplicateColumns | None:
    """The table and the columns of the replicate weights; None after a fault."""
    held = binder.columns.opened.columns
    among = [replicates.table] if replicates.table is not None else [t for t in REPLICATE_TABLES if t in held]
    name = replicates.columns[0]
    found = {table: _matching(binder, replicates, list(held.get(table, {}))) for table in among}
    having = [table for table, columns in found.items() if any(column in held.get(table, {}) for column in columns)]
    if not having:
        known = [column for table in among for column in held.get(table, {})]
        remedy = nearest(name, known) or phrase("name them under `columns:` of the replicates as the file does")
        starred = phrase("{name!r} with a number for the star", name=name)
        text = phrase(
            "the table {table} has no column {column}, a replicate weight"
            if replicates.table
            else "no table has a column {column}, a replicate weight",
            table=replicates.table,
            column=starred if replicates.pattern else repr(name),
        )
        binder.faults.add("MPI-D010", replicates.place, text, remedy)
        return None
    if len(having) > 1:
        text = phrase("replicate weights are in {names}", names=listed(having))
        binder.faults.add("MPI-S009", replicates.place, text, phrase("say which: `table: {having}`", having=having[0]))
        return None
    table, columns = having[0], found[having[0]]
    lacking = [column for column in columns if column not in held[table]]
    strange = [column for column in columns if held[table].get(column, "number") not in ("number", "empty")]
    refusals = [fault for c in columns if c in held[table] and (fault := binder.columns.opened.refusal(table, c))]
    binder.faults += dict.fromkeys(refusals)
    if strange:
        nearly = [fault for c in strange if (fault := binder.columns.opened.nearly(table, c))]
        binder.columns.nearly += nearly
    if lacking:
        text = phrase("the table {table} has no column {names}, replicate weights", table=table, names=listed(lacking))
        remedy = phrase("name under `columns:` those that there are, or copy the file again")
        binder.faults.add("MPI-D010", replicates.place, text, remedy)
    if strange:
        text = phrase("replicate weights are numbers, and not so in {names}", names=listed(strange))
        binder.faults.add(
            "MPI-D012", replicates.place, text, phrase("store them as numbers, with a point for decimals")
        )
    if len(columns) == 1:
        text = phrase("one replicate gives no variance")
        remedy = phrase("write under `columns:` a pattern that fits two or more, or list them by name")
        binder.faults.add("MPI-S019", replicates.place, text, remedy)
    elif len(replicates.rscales) not in (1, len(columns)):
        text = phrase(
            "there are {number} `rscales`, and {number2} replicates in the table {table}",
            number=len(replicates.rscales),
            number2=len(columns),
            table=table,
        )
        binder.faults.add("MPI-S019", replicates.place, text, phrase("give one for each, or one number for all"))
    return ReplicateColumns(table, columns)


def _matching(binder: Binder, replicates: Replicates, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that are wanted of a table: as listed, or those of the pattern by their numbers."""
    if not replicates.pattern:
        return replicates.columns
    head, tail = map(re.escape, replicates.columns[0].split(STAR))
    numbered = [
        (int(found[1]), column)
        for column in columns
        if (found := re.fullmatch(rf"{head}(\d{{1,9}}){tail}", column, re.ASCII))
    ]
    numbered.sort()
    numbers = [number for number, _ in numbered]
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        text = phrase(
            "the numbers of the replicates {columns!r} have gaps or are repeated", columns=replicates.columns[0]
        )
        remedy = phrase("number them in the file without gaps, or list them by name: `columns: [w1, w2]`")
        binder.faults.add("MPI-S019", replicates.place, text, remedy)
    return tuple(column for _, column in numbered)
