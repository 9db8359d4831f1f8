"""The mapping of a published table from its YAML file, with all its faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from mpi.config.composing import load
from mpi.config.keys import published as keys
from mpi.config.nodes import Node, Section, within
from mpi.errors.arguments import public
from mpi.language import phrase
from mpi.specs.published import Published, Reading, Values
from mpi.vocabulary.statistics import STATISTICS

T = TypeVar("T")


@public
def load_mapping(path: str | Path) -> Published:
    """The mapping of a published table from a YAML file.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    root = load(Path(path))
    what = phrase("the mapping")
    top = root.section(what, keys.MAPPING)
    found = Published(
        name=top.read("mapping", Node.identifier, ""),
        only=_only(top.get("only")),
        keys=_words(top),
        domains=_domains(top),
        values=_values(top.get("values")),
        factors=_by_statistic(top, "factor", _factor),
        decimals=_by_statistic(top, "decimals", within(keys.DECIMALS)),
        sheet=top.read("sheet", Node.text, ""),
        header=top.read("header", within(keys.HEADER), 1),
    )
    root.faults.refuse()
    return found


def _by_statistic(top: Section, key: str, reader: Callable[[Node, str], T | None]) -> Mapping[str, T]:
    """One value for all statistics (under an empty text), or one for each."""
    node = top.get(key)
    if node is None:
        return {}
    what = phrase("the mapping: {key}", key=key)
    pairs = [(name, value) for name, _, value in node.pairs(what)] if node.is_mapping else [("", node)]
    found = ((name, reader(value, what)) for name, value in pairs)
    return {name: value for name, value in found if value is not None}


def _factor(node: Node, what: str) -> Fraction | None:
    factor = node.fraction(what)
    if factor is not None and factor <= 0:
        text = phrase("the mapping: `factor` is not above 0")
        node.wrong("MPI-C007", text, phrase("write 0.01 for percentages, 1 for proportions"))
    return factor


def _only(node: Node | None) -> Mapping[str, tuple[str, ...]]:
    if node is None:
        return {}
    what = phrase("the mapping: only")
    return {
        name: value.texts(what) if value.is_list else tuple(filter(None, [value.text(what)]))
        for name, _, value in node.pairs(what)
    }


def _words(part: Section) -> Mapping[str, Reading]:
    found = {name: reading for name in keys.WORDS if (reading := _reading(part.get(name), name)) is not None}
    statistic = found.get("statistic")
    node = part.get("statistic")
    if statistic is not None and node is not None:
        named = (statistic.constant, statistic.others, *statistic.codes.values())
        for word in filter(None, named):
            if word not in STATISTICS:
                text = phrase("the mapping: {word!r} is no statistic", word=word)
                node.wrong("MPI-C006", text, phrase("write one of: {options}", options=", ".join(STATISTICS)))
    return found


def _domains(part: Section) -> Mapping[str, Reading]:
    node = part.get("domains")
    if node is None:
        return {}
    found = {name: _reading(value, name) for name, _, value in node.pairs(phrase("the mapping: domains"))}
    return {name: reading for name, reading in found.items() if reading is not None}


def _reading(node: Node | None, name: str) -> Reading | None:
    """A plain word is a constant; a mapping names a column."""
    if node is None:
        return None
    what = phrase("the mapping: {key}", key=name)
    if not node.is_mapping:
        return Reading(constant=node.text(what) or "")
    part = node.section(what, keys.READING)
    codes, none = part.get("codes"), part.get("none")
    pairs = [] if codes is None else [(key, value.text(what)) for key, _, value in codes.pairs(what)]
    return Reading(
        column=part.read("column", Node.text, ""),
        codes={key: text for key, text in pairs if text is not None},
        none=() if none is None else none.texts(what) if none.is_list else tuple(filter(None, [none.text(what)])),
        others=part.read("others", Node.text, ""),
    )


def _values(node: Node | None) -> tuple[Values, ...]:
    """One column, or a list of columns with what is fixed for each."""
    if node is None:
        return ()
    what = phrase("the mapping: values")
    if not node.is_list:
        return (_of_values(node, what),)
    return tuple(_of_values(item, what) for item in node.items(what))


def _of_values(node: Node, what: str) -> Values:
    if not node.is_mapping:
        return Values(column=node.text(what) or "")
    part = node.section(what, keys.VALUES)
    columns = {name: part.read(name, Node.text, "") for name in keys.COLUMNS}
    return Values(**columns, keys=_words(part), domains=_domains(part))
