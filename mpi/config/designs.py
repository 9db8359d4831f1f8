"""The sampling design of a survey from its YAML: keys that fit one another, with a remedy for each that does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mpi.config.derivations import derivation, number, parts
from mpi.config.keys import designs as keys
from mpi.config.nodes import Node, Section
from mpi.config.replicating import read_replicates
from mpi.language import phrase
from mpi.specs.survey import Calibration, Collapse, Derivation, Design, Fpc, SecondStage
from mpi.vocabulary.options import FPC_KINDS, LEVELS, PSU_CODES, ROUNDS, SINGLE_PSU, PsuCodes, Rounds, SinglePsu


def read_design(sections: list[Section], top: Section) -> Design:
    """The design over all layers of a survey, later layers over earlier ones key by key; adds every fault."""
    found: dict[str, Node] = {}
    place = top.node.place
    for section in sections:
        node = section.get("design")
        if node is not None:
            place = node.place
            found |= node.section("design", keys.DESIGN).found
    part = Section(top.node, "design", found)
    if top.get("design") is not None and "weight" not in part:
        remedy = phrase("name the column of the expansion factor, or write `weight: none` for an unweighted analysis")
        top.node.faults.add("MPI-S008", place, phrase("design: the weight is missing"), remedy)
    weight, person_weight = _weights(part)
    design = Design(
        weight=weight,
        person_weight=person_weight,
        stratum=_parts(part, "stratum"),
        psu=_parts(part, "psu"),
        psu_codes=cast(PsuCodes, part.choice("psu_codes", PSU_CODES) or "nested"),
        single_psu=cast(SinglePsu, part.choice("single_psu", SINGLE_PSU) or "fail"),
        census=part.read("census", Node.yes, False),
        fpc=part.read("fpc", _fpc, None),
        second_stage=part.read("second_stage", _second_stage, None),
        collapse=part.read("collapse", _collapse, None),
        rounds=cast("Rounds | None", part.choice("rounds", ROUNDS)),
        replicates=part.read("replicates", read_replicates, None),
        calibration=part.read("calibration", _calibration, None),
        place=place,
    )
    _check(design, part)
    has_persons = _has_table(sections, "persons")
    _check_calibration(design, part, has_persons=has_persons)
    _check_units(design, part, has_persons=has_persons)
    if _has_table(sections, "replicates") and "replicates" not in part and top.get("design") is not None:
        text = phrase("design: the survey has a table of replicates, and its design does not say how they were made")
        top.node.faults.add(
            "MPI-S019", place, text, phrase("add `replicates:`, or write `replicates: null` to leave them unused")
        )
    return design


def _weights(part: Section) -> tuple[Derivation | None, Derivation | None]:
    """The weight of households, and that of persons where it is another one."""
    node, what = part.get("weight"), "design: weight"
    if node is None or node.says(keys.NONE):
        return None, None
    if not node.is_mapping or not any(key in keys.WEIGHTS.names for key, _, _ in node.pairs(what)):
        return number(node, what), None
    both = node.section(what, keys.WEIGHTS)
    return both.read("households", number, None), both.read("persons", number, None)


def _parts(part: Section, key: str) -> tuple[Derivation, ...]:
    node = part.get(key)
    return () if node is None else parts(key, node)


def _fpc(node: Node, what: str) -> Fpc | None:
    part = node.section(what, keys.FPC)
    if node.is_mapping and len(part.found) != 1:
        text = phrase(
            "{what}: state `count`, the number of units in the population, or `fraction`, the sampled share of them",
            what=what,
        )
        node.wrong("MPI-S016", text, phrase("write {{count: COLUMN}} or {{fraction: COLUMN}}"))
    rules = {kind: part.read(kind, number, None) for kind in FPC_KINDS}
    return next((Fpc(kind, rule) for kind, rule in rules.items() if rule is not None), None)


def _second_stage(node: Node, what: str) -> SecondStage | None:
    part = node.section(what, keys.SECOND_STAGE)
    unit, fpc = _parts(part, "unit"), part.read("fpc", _fpc, None)
    if node.is_mapping and "fpc" not in part:
        text = phrase("{what}: it has an effect only with the number of units in each PSU", what=what)
        node.wrong("MPI-S017", text, phrase("give `fpc: {{count: COLUMN}}`, or leave the second stage out"))
    return None if fpc is None else SecondStage(unit, fpc)


def _collapse(node: Node, what: str) -> Collapse | None:
    pairs = list(node.pairs(what))
    if any(key in keys.ORDERING.names for key, _, _ in pairs):
        part = node.section(what, keys.ORDERING)
        order, within = (part.read(key, _one, None) for key in keys.ORDERING.names)
        return Collapse(order=order, within=within)
    joins = {code: (value, value.text(phrase("{what}: {code}", what=what, code=code))) for code, _, value in pairs}
    if node.is_mapping and not joins:
        node.wrong(
            "MPI-S018",
            phrase("{what}: the mapping names no stratum", what=what),
            phrase("write {{a stratum: the one that it joins}}"),
        )
    targets = {code: target for code, (_, target) in joins.items() if target is not None}
    for code, (value, target) in joins.items():
        if target is not None and (ring := _ring(code, targets)):
            text = phrase("{what}: stratum {code!r} joins itself", what=what, code=ring[0])
            if len(ring) > 2:  # noqa: PLR2004
                text = phrase("{text}: {names}", text=text, names=" -> ".join(ring))
            value.wrong("MPI-S018", text, phrase("join each one to a stratum that stays"))
    return Collapse(tuple(targets.items()))


def _one(node: Node, what: str) -> Derivation:
    return derivation(what, node)


def _ring(start: str, targets: Mapping[str, str]) -> list[str]:
    """The way from a stratum back to itself, told once: from the first of its members in the map."""
    way = [start]
    while (target := targets.get(way[-1])) is not None and target not in way:
        way.append(target)
    if target != start or min(way, key=list(targets).index) != start:
        return []
    return [*way, start]


def _calibration(node: Node, what: str) -> Calibration | None:
    part = node.section(what, keys.CALIBRATION)
    level, weight = part.choice("level", LEVELS), part.read("design_weight", number, None)
    listed = part.get("variables")
    nodes = (
        []
        if listed is None
        else [listed]
        if listed.is_mapping
        else listed.items(phrase("{what}: variables", what=what))
    )
    if listed is not None and listed.is_list and not nodes:
        listed.wrong(
            "MPI-S020", phrase("{what}: there are no variables", what=what), phrase("name them, and 1 for the constant")
        )
    variables = tuple(derivation(phrase("{what}: variables", what=what), item) for item in nodes)
    return None if level is None or weight is None else Calibration(level, weight, variables)


def _check(design: Design, part: Section) -> None:
    """Add the faults of keys that do not fit one another."""

    def wrong(key: str, code: str, text: str, remedy: str) -> None:
        part.found[key].wrong(code, phrase("design: {text}", text=text), remedy)

    if design.census and design.fpc is not None:
        wrong("fpc", "MPI-S016", phrase("a census has no sample to correct"), phrase("leave out `fpc` or `census`"))
    if design.census and design.replicates is not None:
        wrong(
            "replicates",
            "MPI-S019",
            phrase("a census has no sampling error"),
            phrase("leave out `replicates` or `census`"),
        )
    if part.get("second_stage") is not None:
        if part.get("fpc") is None:
            wrong(
                "second_stage",
                "MPI-S017",
                phrase("a second stage needs the correction of the first, `fpc`"),
                phrase("add `fpc: {{count: COLUMN}}`, or leave the second stage out"),
            )
        if part.get("psu") is None:
            wrong(
                "second_stage",
                "MPI-S017",
                phrase("a second stage needs the units of the first, `psu`"),
                phrase("name the column of the PSU, or leave the second stage out"),
            )
    if part.get("collapse") is None:
        if design.single_psu == "collapse":
            wrong(
                "single_psu",
                "MPI-S018",
                phrase("`single_psu: collapse` needs to know which strata to merge"),
                phrase('add `collapse: {{"31": "32"}}`, or `collapse: {{order: COLUMN}}`'),
            )
    elif design.single_psu != "collapse":
        wrong(
            "collapse",
            "MPI-S018",
            phrase("`collapse` can only be used with `single_psu: collapse`"),
            phrase("write it, or leave `collapse` out"),
        )
    elif part.get("stratum") is None:
        wrong(
            "collapse", "MPI-S018", phrase("there are no strata to merge"), phrase("name the column of the `stratum`")
        )
    weightless = part.get("weight") is not None and part.found["weight"].says(keys.NONE)
    if weightless and design.replicates is not None:
        wrong(
            "replicates",
            "MPI-S019",
            phrase("replicate weights need the weight they are replicates of"),
            phrase("name the `weight`"),
        )


def _check_calibration(design: Design, part: Section, *, has_persons: bool) -> None:
    node = part.get("calibration")
    if node is None or not node.is_mapping:
        return
    if design.census:
        node.wrong(
            "MPI-S020", phrase("design: the weights of a census are not calibrated"), phrase("leave out one of them")
        )
    weight = part.get("weight")
    if weight is not None and weight.says(keys.NONE):
        node.wrong("MPI-S020", phrase("design: there are no weights that were calibrated"), phrase("name the `weight`"))
    if design.calibration is not None and design.calibration.level == "person" and not has_persons:
        node.wrong(
            "MPI-S020",
            phrase("design: calibration by person needs a table of persons"),
            phrase("write `level: household`"),
        )


def _check_units(design: Design, part: Section, *, has_persons: bool) -> None:
    """Add the faults of a weight of persons beside that of households."""
    if design.person_weight is None:
        return
    node = part.found["weight"]
    if not has_persons:
        text = phrase("design: a weight of persons needs a table of persons")
        node.wrong("MPI-S142", text, phrase("name only the weight of households: `weight: COLUMN`"))
    if design.calibration is not None:
        text = phrase("design: with a calibration there is only one weight, of households or of persons")
        node.wrong("MPI-S142", text, phrase("name one of them, `weight: COLUMN`, or leave `calibration` out"))
    if design.replicates is not None and design.replicates.weights == "combined":
        text = phrase("design: complete replicate weights are replicates of only one weight")
        remedy = phrase("name that one, `weight: COLUMN`, or write `weights: factors` if they are factors of both")
        node.wrong("MPI-S142", text, remedy)


def _has_table(sections: list[Section], name: str) -> bool:
    found = (section.get("tables") for section in sections)
    return any(key == name for tables in found if tables is not None for key, _, _ in tables.pairs("tables"))
