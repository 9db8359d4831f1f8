"""Files that are `like` another: the chain of files, and their values one over the other.

A mapping whose table of keys says `drops` is merged key by key, and null leaves out what the other file says. Every
other value takes the place of that of the other file as a whole. A list that begins with `...` goes on from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mpi.config.composing import load
from mpi.config.keys.shapes import Keys, MergedMap, Shape
from mpi.config.kinds import refuse_other_kinds
from mpi.config.locate import SORTS, locate
from mpi.config.nodes import Node, Pairs
from mpi.errors import ConfigError, Faults
from mpi.language import phrase

MAX_LAYERS = 5
GOES_ON = "..."


def layers_of(root: Node, kind: str) -> list[Node]:
    """The file of a root node and those that it is `like`, the most basic first.

    Parameters
    ----------
    root : Node
    kind : {"measure", "survey"}

    Raises
    ------
    ConfigError
        If one of the files is not there, is of another kind, or the chain is circular or long.
    """
    found = [root]
    seen: list[Path] = []
    while (like := _like(root)) is not None:
        path = Path(root.place.file)
        seen.append(path.resolve())
        name = like.identifier("like") or ""
        root.faults.refuse()
        try:
            path = locate(name, SORTS[kind], beside=path.parent)
        except ConfigError as error:
            _wrong(like, kind, error.faults[0].text, error.faults[0].remedy)
            root.faults.refuse()
        if path.resolve() in seen:
            _wrong(like, kind, phrase("`like:` is circular"), phrase("write one of them without `like:`"))
        elif len(seen) == MAX_LAYERS:
            text = phrase("`like:` chains more than {max_layers} files", max_layers=MAX_LAYERS)
            _wrong(like, kind, text, phrase("write one of them in full"))
        root.faults.refuse()
        root = load(path)
        refuse_other_kinds(root, kind)
        found.append(root)
    return found[::-1]


def _like(root: Node) -> Node | None:
    pairs = root.content if isinstance(root.content, Pairs) else ()
    return next((value for key, value in pairs if key.content == "like" and not value.is_null), None)


def _wrong(node: Node, kind: str, text: str, remedy: str) -> None:
    node.wrong("MPI-M010" if kind == "measure" else "MPI-S001", text, remedy)


def layered(table: Keys, layers: Sequence[Node], kind: str) -> Node:
    """The values of several files as those of one, later ones over earlier ones; each keeps its place.

    Parameters
    ----------
    table : Keys
        Of the root of each file.
    layers : sequence of Node
        The most basic first; the faults of all are reported at the last.
    kind : {"measure", "survey"}
    """
    faults = layers[-1].faults
    made = _bound(layers[0], faults)
    for layer in layers[1:]:
        made = replace(_over(table, made, _bound(layer, faults), kind), file=layer.file)
    return made


def refuse(faults: Faults, layers: Sequence[Node]) -> None:
    """Raise the faults of several files, if there are any: those of the file itself first."""
    rank = {layer.place.file: number for number, layer in enumerate(reversed(layers))}
    Faults(sorted(faults, key=lambda one: 0 if one.place is None else rank.get(one.place.file, 0))).refuse()


def _bound(node: Node, faults: Faults) -> Node:
    """The same values, whose faults are reported together with those of another file."""
    content = node.content
    if isinstance(content, Pairs):
        pairs = Pairs((_bound(key, faults), _bound(value, faults)) for key, value in content)
        return replace(node, content=pairs, faults=faults)
    if isinstance(content, str):
        return replace(node, faults=faults)
    return replace(node, content=[_bound(item, faults) for item in content], faults=faults)


def _over(shape: Shape, base: Node, own: Node, kind: str) -> Node:
    """A value over that of the file that its own is like."""
    if goes_on(own):
        return continued(base, own, kind)
    if (
        base.is_mapping
        and own.is_mapping
        and (isinstance(shape, MergedMap) or (isinstance(shape, Keys) and shape.drops))
    ):
        return _merged(shape, base, own, kind)
    return own


def _merged(shape: Keys | MergedMap, base: Node, own: Node, kind: str) -> Node:
    keys = {key.name: key for key in shape.keys} if isinstance(shape, Keys) else {}
    found: dict[str, tuple[Node, Node]] = {name: (key, value) for name, key, value in base.pairs("like")}
    repeated = Pairs()
    given: set[str] = set()
    for key, value in own.content if isinstance(own.content, Pairs) else ():
        name = key.content if isinstance(key.content, str) else ""
        if name in given or not name:  # the reader reports it
            repeated.append((key, value))
            continue
        given.add(name)
        before = found.get(name)
        known = keys.get(name)
        inner = shape.value if isinstance(shape, MergedMap) else None if known is None else known.shape
        if value.is_null and before is not None:
            del found[name]
        elif value.is_null and (isinstance(shape, MergedMap) or (known is not None and not known.required)):
            text = phrase("{name!r} is null, and the file that this one is like has none", name=name[:40])
            key.wrong("MPI-M010", text, phrase("remove it, or write the name as that file does"))
        elif before is None or inner is None:
            found[name] = (key, value)
        else:
            found[name] = (key, _over(inner, before[1], value, kind))
    found.pop("like", None)
    return replace(own, content=Pairs([*found.values(), *repeated]))


def goes_on(node: Node) -> bool:
    """Whether a value is a list that begins with `...`."""
    return node.is_list and bool(node.content) and node.content[0].says(GOES_ON)  # type: ignore[union-attr]  # a node


def continued(base: Node | None, own: Node, kind: str) -> Node:
    """A list that begins with `...`: the items of the other file's list, then its own that are new; adds a fault."""
    items = own.items(GOES_ON)[1:]
    if base is None or not (base.is_list or base.style or isinstance(base.content, str)):
        text = phrase("`...` stands for the list of the file that this one is like, and there is none")
        _wrong(own, kind, text, phrase("remove `...`, and write the whole list"))
        return replace(own, content=items)
    held = base.items(GOES_ON)
    known = {item.content for item in held if isinstance(item.content, str)}
    new = [item for item in items if not isinstance(item.content, str) or item.content not in known]
    return replace(own, content=[*held, *new])
