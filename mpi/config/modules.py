"""The modules of a survey from its YAML: further tables of persons or households, and who may name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from mpi.config.data_files import read_dialect, read_path
from mpi.config.derivations import composed, read_key
from mpi.config.keys.surveys import MODULE
from mpi.config.layouts import read_layout
from mpi.config.nodes import Node, Section
from mpi.config.queries import read_query
from mpi.errors import Faults, nearest, phrase
from mpi.rules import Rule
from mpi.specs.crosswalks import CodePart
from mpi.specs.survey import Derivation, Table
from mpi.vocabulary.options import ALL_TABLES, TABLES, UNITS, TableName

REFERENCE = {"persons": "person", "households": "household"}


def read_modules(sections: list[Section]) -> dict[str, Table]:
    """The modules over all layers of a survey, beside `tables:` or in it; later layers over earlier ones key by key."""
    parts: dict[str, Section] = {}
    for section in sections:
        tables = section.get("tables")
        inside = [] if tables is None else [value for key, _, value in tables.pairs("tables") if key == "modules"]
        for node in [*inside, *([] if (own := section.get("modules")) is None else [own])]:
            for name, name_node, value in node.pairs("modules"):
                if name_node.identifier(phrase("a name in modules")) is None:
                    continue
                if name in ALL_TABLES:
                    name_node.wrong(
                        "MPI-S141",
                        phrase("a module cannot be called {name!r}: a table has that name", name=name),
                        phrase("give it another name"),
                    )
                    continue
                part = value.section(phrase("module {name}", name=name), MODULE)
                before = parts[name].found if name in parts else {}
                parts[name] = Section(part.node, part.what, before | part.found)
    return {name: _module(name, part) for name, part in parts.items()}


def _module(name: str, part: Section) -> Table:
    for key in MODULE.required:
        if key not in part:
            part.node.wrong(
                "MPI-C009",
                phrase("{what}: the key {key!r} is missing", what=part.what, key=key),
                phrase("add `{key}:`", key=key),
            )
    if "path" not in part and "sql" not in part:
        part.node.wrong(
            "MPI-C009",
            phrase("{what}: the key {key!r} is missing", what=part.what, key="path"),
            phrase("add `{key}:`", key="path"),
        )
    of = part.choice("of", UNITS) or "persons"
    own, other = REFERENCE[of], next(key for base, key in REFERENCE.items() if base != of)
    if other in part:
        part.found[other].wrong(
            "MPI-S141",
            phrase("{what}: it is of {of}, so it names the key of the {own}", what=part.what, of=of, own=own),
            phrase("write `{own}:` instead of `{other}:`", own=own, other=other),
        )
    reference: tuple[str, ...] = part.read(own, read_key, ())
    aggregates: dict[str, Rule] = part.read("aggregates", _aggregates, {})
    if aggregates and not reference:
        text = phrase(
            "{what}: `aggregates` summarise several rows for each {own}, so state which columns hold the {own}'s key",
            what=part.what,
            own=own,
        )
        part.node.wrong("MPI-S141", text, phrase("add `{own}: [...]`", own=own))
    if reference and not aggregates:
        text = phrase("{what}: with several rows for each {own}, only aggregates can be used", what=part.what, own=own)
        part.node.wrong(
            "MPI-S141",
            text,
            phrase("add `aggregates: {{births: COUNT()}}`, or leave it out if there is one row for each"),
        )
    return Table(
        name=name,
        path=part.read("path", read_path, None),
        key=part.read("key", read_key, ()),
        dialect=part.read("csv", read_dialect, Table(name="", path=None, key=()).dialect),
        place=part.node.place,
        where=part.read("where", Node.rule, None),
        of=of,
        reference=reference,
        aggregates=aggregates,
        composed=composed(part, ("key", own)),
        layout=read_layout(part),
        query=read_query(part),
    )


def _aggregates(node: Node, what: str) -> dict[str, Rule]:
    found = {
        name: (
            name_node.identifier(phrase("a name in {what}", what=what)),
            value.rule(phrase("{what}: {name}", what=what, name=name)),
        )
        for name, name_node, value in node.pairs(what)
    }
    return {name: rule for name, (good, rule) in found.items() if good is not None and rule is not None}


def check_modules(modules: Mapping[str, Table], tables: Mapping[TableName, Table], faults: Faults) -> None:
    """Add the faults of modules that do not fit the table that they are of."""
    for name, module in modules.items():
        base: TableName = module.of or "persons"
        if base not in tables:
            text = phrase("module {name}: the survey has no table of {base}", name=name, base=base)
            there = next((known for known in UNITS if known in tables), None)
            add = phrase("add it under `tables:`")
            way = add if there is None else phrase("add it under `tables:`, or write `of: {there}`", there=there)
            faults.add("MPI-S141", module.place, text, way)
            continue
        own, other = module.reference or module.key, tables[base].key
        if own and len(own) != len(other):
            where = REFERENCE[base] if module.reference else "key"
            text = phrase(
                "module {name}: `{where}` names {number} columns, the key of {base} has {number2}",
                name=name,
                where=where,
                number=len(own),
                base=base,
                number2=len(other),
            )
            if not module.reference and len(own) > len(other):
                remedy = phrase(
                    "name those that hold {names}, in this order; if there are several rows for each, write `{key}:` "
                    "and `aggregates:`",
                    names=", ".join(other),
                    key=REFERENCE[base],
                )
            else:
                remedy = phrase("name those that hold {names}, in this order", names=", ".join(other))
            faults.add("MPI-S005", module.place, text, remedy)


def check_names(parts: Iterable[object], modules: Mapping[str, Table], faults: Faults) -> None:
    """Add the faults of columns that are said to be of a table that the survey cannot have."""
    known = (*TABLES, *modules)
    for derivation in _derivations(parts):
        for table in (derivation.table, *(part.table for part in derivation.columns)):
            if table is not None and table not in known:
                text = phrase("{name}: table: {table!r} is not known", name=derivation.name, table=table)
                remedy = nearest(table, known) or phrase("write one of: {names}", names=", ".join(known))
                faults.add("MPI-C006", derivation.place, text, remedy)


def _derivations(value: object) -> Iterator[Derivation]:
    """Every derivation in a part of a survey."""
    if isinstance(value, Derivation):
        yield value
    elif isinstance(value, Mapping):
        yield from _derivations(list(value.values()))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _derivations(part)
    elif is_dataclass(value) and not isinstance(value, CodePart | Rule | type):
        yield from _derivations([getattr(value, field.name) for field in fields(value)])
