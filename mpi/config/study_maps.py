"""The maps of a study from its YAML: boundaries, projection, classes, insets; adds every fault."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

from mpi.config.crosswalks import read_crosswalk
from mpi.config.keys import maps as keys
from mpi.config.nodes import Node, Section, within
from mpi.language import phrase
from mpi.specs.study import AreaCode, BoundaryFile, InsetSpec, MapSpec, Upper
from mpi.vocabulary.options import MAP_FORMATS, SCHEMES, UNMATCHED, USUAL_MAP_FORMATS, MapFormat


def read_maps(node: Node | None) -> tuple[MapSpec, ...]:
    """The map of each domain."""
    if node is None:
        return ()
    return tuple(_map(domain, value) for domain, _, value in node.pairs("maps"))


def _map(domain: str, node: Node) -> MapSpec:
    what = phrase("the map of {domain}", domain=domain)
    return map_of(domain, node.section(what, keys.MAP), what)


def map_of(domain: str, part: Section, what: str) -> MapSpec:
    """A map from its keys."""
    place = part.get("boundaries")
    boundaries = (
        BoundaryFile(path="", code=AreaCode(("",)))
        if place is None
        else _boundaries(place, phrase("{what}: boundaries", what=what))
    )
    upper = part.get("upper")
    tolerance = part.read("tolerance", Node.fraction, None)
    return MapSpec(
        domain=domain,
        boundaries=boundaries,
        upper=None if upper is None else _upper(upper, phrase("{what}: upper", what=what)),
        projection=part.read("projection", Node.text, None),
        tolerance=None if tolerance is None else float(tolerance),
        scheme=part.choice("scheme", SCHEMES) or "fixed",
        classes=part.read("classes", within(keys.CLASSES), 5),
        breaks=part.read("breaks", _breaks, {}),
        insets=part.read("insets", _insets, ()),
        capitals=part.read("capitals", Node.texts, ()),
        unmatched=part.choice("unmatched", UNMATCHED) or "refuse",
        live=part.read("live", Node.yes, True),
        formats=part.read("formats", _formats, USUAL_MAP_FORMATS),
    )


def _boundaries(node: Node, what: str) -> BoundaryFile:
    part = node.section(what, keys.BOUNDARIES)
    code = part.read("code", _code, AreaCode(("",)))
    for key, known in (("width", code.width), ("pad", code.pad)):
        if key in part and known:
            part.found[key].wrong(
                "MPI-C005",
                phrase("{what}: `code` says the `{key}` too", what=what, key=key),
                phrase("leave one of them out"),
            )
    code = replace(
        code,
        width=code.width or part.read("width", within(keys.WIDTH), None),
        pad=code.pad or part.read("pad", Node.yes, False),
    )
    return BoundaryFile(
        path=part.read("path", Node.text, ""),
        code=code,
        layer=part.read("layer", Node.text, None),
        name=part.read("name", Node.text, None),
        crs=part.read("crs", Node.text, None),
        vintage=part.read("vintage", Node.titles, {}),
        source=part.read("source", Node.titles, {}),
        licence=part.read("licence", Node.titles, {}),
        place=node.place,
        merge=part.choice("parts", keys.PARTS) is not None,
        only=part.read("only", Node.rule, None),
        crosswalk=part.read("crosswalk", read_crosswalk, None),
    )


def _code(node: Node, what: str) -> AreaCode | None:
    """A column; or a mapping of one with its width, or of several, each with its own."""
    if not node.is_mapping:
        column = node.text(what)
        return None if column is None else AreaCode((column,))
    part = node.section(what, keys.CODE)
    if ("column" in part) == ("columns" in part):
        node.wrong(
            "MPI-C005",
            phrase("{what}: give either a `column` or `columns`", what=what),
            phrase("write {{column: dpto, width: 2, pad: yes}}"),
        )
        return None
    if "columns" not in part:
        return AreaCode(
            (part.read("column", Node.text, ""),),
            (),
            part.read("width", within(keys.WIDTH), None),
            part.read("pad", Node.yes, False),
        )
    for key in ("width", "pad"):
        if key in part:
            part.found[key].wrong(
                "MPI-C005",
                phrase("{what}: each of `columns` has its own width", what=what),
                phrase("leave it out here"),
            )
    items = [
        item.section(phrase("{what}: columns", what=what), keys.CODE_PART)
        for item in part.found["columns"].items(phrase("{what}: columns", what=what))
    ]
    widths = tuple(item.read("width", within(keys.WIDTH), 1) for item in items)
    return AreaCode(tuple(item.read("column", Node.text, "") for item in items), widths, sum(widths), True)


def _upper(node: Node, what: str) -> Upper:
    part = node.section(what, keys.UPPER)
    return Upper(
        part.read("code", _code, AreaCode(("",))),
        part.read("name", Node.text, None),
        part.read("domain", Node.text, None),
    )


def _breaks(node: Node, what: str) -> Mapping[str, tuple[float, ...]]:
    found = {}
    for statistic, _, value in node.pairs(what):
        numbers = [
            number
            for item in value.items(phrase("{what}: {statistic}", what=what, statistic=statistic))
            if (number := item.fraction(phrase("{what}: {statistic}", what=what, statistic=statistic))) is not None
        ]
        if len(numbers) < keys.FEWEST_CLASSES + 1 or any(b <= a for a, b in itertools.pairwise(numbers)):
            text = phrase(
                "{what}: the breaks of {statistic} are not three or more ascending numbers",
                what=what,
                statistic=statistic,
            )
            value.wrong("MPI-C040", text, phrase("write [0, 20, 40, 60, 80, 100]"))
        found[statistic] = tuple(float(number) for number in numbers)
    return found


def _insets(node: Node, what: str) -> tuple[InsetSpec, ...]:
    found = []
    for item in node.items(what):
        part = item.section(what, keys.INSET)
        codes = part.get("codes")
        found.append(InsetSpec(part.read("title", Node.titles, {}), codes.texts(what) if codes is not None else ()))
    return tuple(found)


def _formats(node: Node, what: str) -> tuple[MapFormat, ...]:
    chosen = [item.choice(what, MAP_FORMATS) for item in node.items(what)]
    return tuple(dict.fromkeys(one for one in chosen if one is not None))
