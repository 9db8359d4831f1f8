"""A crosswalk from its YAML: the file that leads from codes of one time to those of another."""

from __future__ import annotations

from mpi.config.data_files import read_dialect, read_path
from mpi.config.keys import crosswalks as keys
from mpi.config.nodes import Node, within
from mpi.language import phrase
from mpi.specs.crosswalks import CodePart, Crosswalk, Lines
from mpi.specs.data_files import Dialect
from mpi.vocabulary.options import OTHERS


def read_crosswalk(node: Node, what: str) -> Crosswalk:
    """Where the file is, which columns hold the codes, and what becomes of others; adds every fault."""
    part = node.section(what, keys.CROSSWALK)
    return Crosswalk(
        path=part.read("path", read_path, None) or "",
        source=part.read("from", _code, ()),
        target=part.read("to", _code, ()),
        keep=part.choice("others", OTHERS) == "keep",
        vintage=part.read("vintage", Node.titles, {}),
        dialect=part.read("csv", read_dialect, Dialect()),
        place=node.place,
    )


def read_lines(node: Node, what: str) -> Lines:
    """Where a file of numbers by code is, and which columns hold them; adds every fault."""
    part = node.section(what, keys.LINES)
    return Lines(
        path=part.read("path", read_path, None) or "",
        source=part.read("from", _code, ()),
        value=part.read("value", Node.text, ""),
        dialect=part.read("csv", read_dialect, Dialect()),
        place=node.place,
    )


def _code(node: Node, what: str) -> tuple[CodePart, ...]:
    """A column; or a mapping of one with its width, or of several, each with its own."""
    if not node.is_mapping:
        column = node.text(what)
        return () if column is None else (CodePart(column, 0),)
    part = node.section(what, keys.CODE)
    if ("column" in part) == ("columns" in part):
        text = phrase("{what}: give either a `column` or `columns`", what=what)
        node.wrong("MPI-C005", text, phrase("write {{column: dpto, width: 2}}"))
        return ()
    if "columns" not in part:
        return (CodePart(part.read("column", Node.text, ""), part.read("width", within(keys.WIDTH), 0)),)
    if "width" in part:
        text = phrase("{what}: each of `columns` has its own width", what=what)
        part.found["width"].wrong("MPI-C005", text, phrase("leave it out here"))
    items = [item.section(what, keys.CODE_PART) for item in part.found["columns"].items(what)]
    return tuple(
        CodePart(item.read("column", Node.text, ""), item.read("width", within(keys.WIDTH), 1)) for item in items
    )
