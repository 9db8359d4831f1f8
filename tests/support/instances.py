"""YAML nodes as the values that an editor sees, those of YAML 1.2; and files in which one value is another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from mpi.config.composing import compose
from mpi.config.nodes import NULLS, Node, Pairs
from mpi.errors import Faults

INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
Path = tuple[str, ...]


def instance(node: Node, known: Mapping[int, object] | None = None) -> object:
    """The value of a node by the core schema of YAML 1.2; of nodes that are known by their id, that very object."""
    if known is not None and id(node) in known:
        return known[id(node)]
    if isinstance(node.content, Pairs):
        return {str(key.content): instance(value, known) for key, value in node.content}
    if isinstance(node.content, list):
        return [instance(item, known) for item in node.content]
    text = node.content
    if node.style:
        return text
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def instances(node: Node) -> dict[int, object]:
    """The values of a node and of all below it, by the ids of the nodes; a value holds those below it."""
    found: dict[int, object] = {}
    below = node.content if node.is_list else []
    for one in [value for _, value in node.content] if isinstance(node.content, Pairs) else below:
        assert isinstance(one, Node)
        found |= instances(one)
    return found | {id(node): instance(node, found)}


def paths(node: Node, path: Path = ()) -> Iterator[Path]:
    """The way to every value below a node."""
    if isinstance(node.content, Pairs):
        inner = [(str(key.content), value) for key, value in node.content]
    else:
        inner = [(str(number), item) for number, item in enumerate(node.content)] if node.is_list else []
    for name, value in inner:
        yield (*path, name)
        yield from paths(value, (*path, name))


def value_of(text: str) -> Node:
    """The node of a value as it is written."""
    content = compose(f"x: {text}", "x.yaml").content
    assert isinstance(content, Pairs)
    return content[0][1]


def changed(node: Node, path: Path, new: Node | None) -> Node:
    """A tree in which the value at a path is another, or is left out (None); it shares all else, faults too."""
    name, *further = path

    def inner(item: Node) -> list[Node]:
        if further:
            return [changed(item, tuple(further), new)]
        return [] if new is None else [reporting(replace(new, place=item.place), node.faults)]

    if isinstance(node.content, Pairs):
        pairs = Pairs()
        for key, value in node.content:
            pairs.extend((key, one) for one in (inner(value) if key.content == name else [value]))
        return replace(node, content=pairs)
    assert isinstance(node.content, list)
    items = [inner(item) if str(number) == name else [item] for number, item in enumerate(node.content)]
    return replace(node, content=[one for some in items for one in some])


def reporting(node: Node, faults: Faults) -> Node:
    """A copy of a tree that tells its faults elsewhere."""
    if isinstance(node.content, Pairs):
        content: str | Pairs | list[Node] = Pairs(
            (replace(key, faults=faults), reporting(value, faults)) for key, value in node.content
        )
    else:
        content = [reporting(item, faults) for item in node.content] if node.is_list else node.content
    return replace(node, content=content, faults=faults)
