"""YAML nodes as the values that an editor sees, those of YAML 1.2; and files in which one value is another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mpi.config.composing import compose
from mpi.config.nodes import NULLS, Node, Pairs
from mpi.errors import Faults

INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
Path = tuple[str, ...]


def instance(node: Node) -> object:
    """The value of a node by the core schema of YAML 1.2."""
    if isinstance(node.content, Pairs):
        return {str(key.content): instance(value) for key, value in node.content}
    if isinstance(node.content, list):
        return [instance(item) for item in node.content]
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


def changed(node: Node, path: Path, new: Node | None, faults: Faults) -> Node:
    """A copy of a tree in which the value at a path is another, or is left out (None); with a new list of faults."""

    def inner(item: Node, name: str) -> Node | None:
        if not path or name != path[0]:
            return changed(item, (), None, faults)
        if len(path) > 1:
            return changed(item, path[1:], new, faults)
        return None if new is None else changed(replace(new, place=item.place), (), None, faults)

    if isinstance(node.content, Pairs):
        pairs = [(key, inner(value, str(key.content))) for key, value in node.content]
        kept = Pairs((replace(key, faults=faults), value) for key, value in pairs if value is not None)
        return replace(node, content=kept, faults=faults)
    if isinstance(node.content, list):
        items = [inner(item, str(number)) for number, item in enumerate(node.content)]
        return replace(node, content=[item for item in items if item is not None], faults=faults)
    return replace(node, faults=faults)


def with_key(node: Node, path: Path, name: str, faults: Faults) -> Node:
    """A copy of a tree in which the mapping at a path has one key more."""
    at = node
    for step in path:
        found = at.content
        at = dict((str(key.content), value) for key, value in found)[step] if isinstance(found, Pairs) else at
    assert isinstance(at.content, Pairs)
    more = replace(at, content=Pairs([*at.content, (value_of(name), value_of("x"))]))
    return changed(node, path, more, faults) if path else changed(more, (), None, faults)
