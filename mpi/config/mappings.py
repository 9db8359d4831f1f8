"""The mapping of a published table from its YAML file, with all its faults."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from mpi.config.composing import load
from mpi.config.data_files import read_dialect
from mpi.config.keys import published as keys
from mpi.config.locate import locate
from mpi.config.nodes import Node, Section, within
from mpi.errors import ConfigError, Fault, Place
from mpi.errors.arguments import public
from mpi.files.digests import ConfigFile
from mpi.language import phrase
from mpi.specs.data_files import Dialect
from mpi.specs.published import Published, Reading, Values
from mpi.specs.texts import Texts
from mpi.vocabulary.options import NUMBER_FORMS, Titles
from mpi.vocabulary.statistics import STATISTICS

T = TypeVar("T")
UNSTATED = Dialect()
NO_TITLES = Texts({}, None)
FEWEST_BREAKS = 3


@public
def load_mapping(path: str | Path, *, of: Sequence[str] = ("statistic",)) -> Published:
    """The mapping of a published table from a YAML file.

    Parameters
    ----------
    path : str or Path
        A file, or the name of published figures that ship with the package, such as `colombia_ipm`.
    of : sequence of str
        Keys that it must have besides `mapping` and `values`: who compares must know the statistic, a map may do
        without.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    file = locate(path, "published") if Path(path).suffix == "" else Path(path)
    return read_mapping(load(file), of, folder=file.parent)


def load_series(path: str | Path) -> Published:
    """The mapping of published figures that names its table, for a study.

    Raises
    ------
    ConfigError
        With every fault of the file; or if it names no table, or one that is not there.
    """
    found = load_mapping(path)
    if found.table is None or not found.table.is_file():
        place = Place(found.files[0].path.name if found.files else str(path))
        text = phrase("the mapping {name} names no table", name=found.name)
        if found.table is not None:
            told = found.table.name
            text = phrase("the table of the mapping {name} is not there: {table}", name=found.name, table=told)
        raise ConfigError(Fault("MPI-C175", place, text, phrase("write `table: FILE`, beside the mapping")))
    content = found.table.read_bytes()
    table = ConfigFile(found.table, content.decode("utf-8", "replace"), hashlib.sha256(content).hexdigest())
    return replace(found, files=(*found.files, table))


def read_mapping(root: Node, of: Sequence[str] = ("statistic",), folder: Path | None = None) -> Published:
    """The mapping that a file's root node describes; raises ConfigError with every fault."""
    what = phrase("the mapping")
    top = root.section(what, keys.MAPPING)
    table = top.read("table", Node.text, "")
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
        **{name: top.read(name, Node.titles, NO_TITLES) for name in keys.TITLES},
        level=top.read("level", _level, Fraction(95, 100)),
        census=top.read("census", Node.yes, False),
        edition=top.read("edition", Node.titles, NO_TITLES),
        breaks=_series_breaks(top.get("breaks")),
        measure=top.read("measure", Node.text, ""),
        table=(folder or Path()) / table if table else None,
        dialect=top.read("csv", read_dialect, UNSTATED),
        files=() if root.file is None else (root.file,),
    )
    for name in of:
        if name not in top and root.is_mapping:
            text = phrase("{what}: the key {name!r} is missing", what=what, name=name)
            root.wrong("MPI-C009", text, phrase("add `{name}:`", name=name))
    root.faults.refuse()
    return found


def _series_breaks(node: Node | None) -> Mapping[str, Titles]:
    what = phrase("the mapping: {key}", key="breaks")
    return {} if node is None else {period: value.titles(what) for period, _, value in node.pairs(what)}


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


def _level(node: Node, what: str) -> Fraction | None:
    level = node.fraction(what)
    if level is not None and not 0 < level < 1:
        node.wrong("MPI-C007", phrase("the mapping: `level` is not between 0 and 1"), phrase("write 0.95 for 95 %"))
    return level


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
    codes, none, width = part.get("codes"), part.get("none"), part.read("width", within(keys.WIDTH), 0)
    if ("width" in part) != ("pad" in part):
        node.wrong(
            "MPI-C005",
            phrase("{what}: `width` and `pad` go together", what=what),
            phrase("write {{width: 5, pad: yes}}"),
        )
    pairs = [] if codes is None else [(key, value.text(what)) for key, _, value in codes.pairs(what)]
    return Reading(
        column=part.read("column", Node.text, ""),
        codes={key: text for key, text in pairs if text is not None},
        none=() if none is None else none.texts(what) if none.is_list else tuple(filter(None, [none.text(what)])),
        others=part.read("others", Node.text, ""),
        width=width if part.read("pad", Node.yes, False) else 0,
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
    return Values(
        **columns,
        keys=_words(part),
        domains=_domains(part),
        title=part.read("title", Node.titles, {}),
        form=part.choice("form", NUMBER_FORMS),
        breaks=part.read("breaks", _breaks, ()),
    )


def _breaks(node: Node, what: str) -> tuple[float, ...]:
    numbers = tuple(float(number) for item in node.items(what) if (number := item.fraction(what)) is not None)
    if len(numbers) < FEWEST_BREAKS or any(b <= a for a, b in pairwise(numbers)):
        text = phrase("{what}: these are not three or more ascending numbers", what=what)
        node.wrong("MPI-C040", text, phrase("write [0, 20, 40, 60, 80, 100]"))
    return numbers
