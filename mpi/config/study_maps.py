"""The maps of a study from its YAML: boundaries, projection, classes, insets; adds every fault."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from mpi.config.nodes import Node
from mpi.study import MAP_FORMATS, SCHEMES, BoundaryFile, InsetSpec, MapFormat, MapSpec, Upper

KEYS = ("boundaries", "upper", "projection", "tolerance", "scheme", "classes", "breaks", "insets", "unmatched", "live",
        "formats")  # fmt: skip
BOUNDARY_KEYS = ("path", "layer", "code", "name", "width", "pad", "crs", "vintage", "source", "licence")
FEWEST_CLASSES, MOST_CLASSES, WIDEST = 2, 9, 40
USUAL: tuple[MapFormat, ...] = ("gpkg", "parquet", "csv")


def read_maps(node: Node | None) -> tuple[MapSpec, ...]:
    """The map of each domain."""
    if node is None:
        return ()
    return tuple(_map(domain, value) for domain, _, value in node.pairs("maps"))


def _map(domain: str, node: Node) -> MapSpec:
    what = f"the map of {domain}"
    part = node.section(what, KEYS, ("boundaries",))
    place = part.get("boundaries")
    boundaries = BoundaryFile("", "") if place is None else _boundaries(place, f"{what}: boundaries")
    upper = part.get("upper")
    tolerance = part.read("tolerance", Node.fraction, None)
    return MapSpec(
        domain, boundaries,
        None if upper is None else _upper(upper, f"{what}: upper"),
        part.read("projection", Node.text, None),
        None if tolerance is None else float(tolerance),
        part.choice("scheme", SCHEMES) or "fixed",
        part.read("classes", lambda value, own: value.whole(own, FEWEST_CLASSES, MOST_CLASSES), 5),
        part.read("breaks", _breaks, {}),
        part.read("insets", _insets, ()),
        part.choice("unmatched", ("refuse", "allow")) or "refuse",
        part.read("live", Node.yes, True),
        part.read("formats", _formats, USUAL),
    )  # fmt: skip


def _boundaries(node: Node, what: str) -> BoundaryFile:
    part = node.section(what, BOUNDARY_KEYS, ("path", "code"))
    return BoundaryFile(
        part.read("path", Node.text, ""), part.read("code", Node.text, ""), part.read("layer", Node.text, None),
        part.read("name", Node.text, None), part.read("width", lambda value, own: value.whole(own, 1, WIDEST), None),
        part.read("pad", Node.yes, False), part.read("crs", Node.text, None), part.read("vintage", Node.text, ""),
        part.read("source", Node.text, ""), part.read("licence", Node.text, ""), node.place,
    )  # fmt: skip


def _upper(node: Node, what: str) -> Upper:
    part = node.section(what, ("code", "name", "domain"), ("code",))
    return Upper(part.read("code", Node.text, ""), part.read("name", Node.text, None),
                 part.read("domain", Node.text, None))  # fmt: skip


def _breaks(node: Node, what: str) -> Mapping[str, tuple[float, ...]]:
    found = {}
    for statistic, _, value in node.pairs(what):
        numbers = [number for item in value.items(f"{what}: {statistic}")
                   if (number := item.fraction(f"{what}: {statistic}")) is not None]  # fmt: skip
        if len(numbers) < FEWEST_CLASSES + 1 or any(b <= a for a, b in itertools.pairwise(numbers)):
            text = f"{what}: the breaks of {statistic} are not three or more ascending numbers"
            value.wrong("MPI-C040", text, "write [0, 20, 40, 60, 80, 100]")
        found[statistic] = tuple(float(number) for number in numbers)
    return found


def _insets(node: Node, what: str) -> tuple[InsetSpec, ...]:
    found = []
    for item in node.items(what):
        part = item.section(what, ("title", "codes"), ("title", "codes"))
        codes = part.get("codes")
        found.append(InsetSpec(part.read("title", Node.titles, {}), codes.texts(what) if codes is not None else ()))
    return tuple(found)


def _formats(node: Node, what: str) -> tuple[MapFormat, ...]:
    chosen = [item.choice(what, MAP_FORMATS) for item in node.items(what)]
    return tuple(dict.fromkeys(one for one in chosen if one is not None))
