"""The tables of a survey from its YAML file: keys that fit one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mpi.config.data_files import read_dialect, read_path
from mpi.config.derivations import composed, read_key
from mpi.config.keys import surveys as keys
from mpi.config.layouts import read_layout
from mpi.config.nodes import Node, Section
from mpi.config.queries import read_query
from mpi.language import phrase
from mpi.specs.data_files import Dialect
from mpi.specs.survey import Derivation, Design, Table
from mpi.vocabulary.options import ALL_TABLES, TABLES, TableName

INSIDE = "households: {from: persons, key: [...], columns: [...]}"


def read_tables(sections: list[Section]) -> dict[TableName, Table]:
    """The tables over all layers of a survey, later layers over earlier ones key by key; adds every fault."""
    parts: dict[TableName, Section] = {}
    for section in sections:
        node = section.get("tables")
        own = {} if node is None else node.section("tables", keys.TABLES).found
        for name in ALL_TABLES:
            if name in own:
                table = own[name].section(
                    phrase("table {name}", name=name), keys.REPLICATE_TABLE if name == "replicates" else keys.TABLE
                )
                before = parts[name].found if name in parts else {}
                parts[name] = Section(table.node, table.what, before | table.found)
    return {name: _table(name, part) for name, part in parts.items()}


def _table(name: TableName, part: Section) -> Table:
    inside = part.choice("from", keys.FROM) is not None
    if "key" not in part:
        part.node.wrong(
            "MPI-S002",
            phrase("table {name}: the key 'key' is missing", name=name),
            phrase("list the columns that identify a row"),
        )
    elif (key := part.get("key")) is not None and key.is_list and not key.content:
        key.wrong(
            "MPI-S002",
            phrase("table {name}: its key names no column", name=name),
            phrase("list the columns that identify a row"),
        )
    if not {"path", "from", "sql"} & set(part.found):
        part.node.wrong(
            "MPI-S002", phrase("table {name}: the key 'path' is missing", name=name), phrase("name a file or a pattern")
        )
    if inside and name != "households":
        part.node.wrong(
            "MPI-S002",
            phrase("table {name}: only households can be inside the persons' file", name=name),
            phrase("give a `path`"),
        )
    if inside and "path" in part:
        part.found["path"].wrong(
            "MPI-S002",
            phrase("table {name}: give either `from: persons` or `path`", name=name),
            phrase("leave one out"),
        )
    if "columns" in part and not inside:
        part.found["columns"].wrong(
            "MPI-S002",
            phrase("table {name}: `columns` can only be used with `from: persons`", name=name),
            phrase("leave it out"),
        )
    if inside and part.get("where") is not None:
        text = phrase("table {name}: its rows are those of the persons' file, which has the condition", name=name)
        part.found["where"].wrong("MPI-S002", text, phrase("write this `where:` under `persons:`"))
    return Table(
        name=name,
        path=part.read("path", read_path, None),
        key=part.read("key", read_key, ()),
        household=part.read("household", read_key, ()),
        dwelling=part.read("dwelling", read_key, ()),
        columns=part.read("columns", Node.texts, ()),
        dialect=part.read("csv", read_dialect, Dialect()),
        place=part.node.place,
        where=part.read("where", Node.rule, None),
        composed=composed(part, ("key", "household", "dwelling")),
        layout=read_layout(part),
        query=read_query(part),
    )


def check_tables(tables: Mapping[TableName, Table], members: Derivation | None, design: Design, root: Node) -> None:
    """Add the faults of tables that do not fit one another, the design, or the replicate weights."""
    if design.calibration is not None and any(table.where is not None for table in tables.values()):
        text = phrase("the weights are calibrated, so the rows outside `where:` are needed for their errors")
        root.wrong("MPI-S140", text, phrase("make it a domain and estimate by it, or remove `calibration:`"))
    _check_replicates(tables, design, root)
    persons, households, dwellings = (tables.get(name) for name in TABLES)
    if persons is None and households is None:
        root.wrong(
            "MPI-S002", phrase("a survey needs a table of persons or of households"), phrase("add one under `tables:`")
        )
        return
    if households is None:
        remedy = phrase("for a file of persons that repeats the household's answers write {inside}", inside=INSIDE)
        root.wrong("MPI-S002", phrase("the table of households is missing"), remedy)
        return
    if persons is None and not households.apart:
        root.wrong(
            "MPI-S002",
            phrase("households: {{from: persons}} needs a table of persons"),
            phrase("add it under `tables:`"),
        )
    elif persons is None and members is None:
        root.wrong(
            "MPI-S004",
            phrase("without a table of persons the survey must say how many members a household has"),
            phrase("add `members: COLUMN`"),
        )
    if persons is not None and members is not None:
        root.wrong(
            "MPI-S004", phrase("`members` is only for a survey without a table of persons"), phrase("leave it out")
        )
    if dwellings is not None and not households.apart:
        root.wrong(
            "MPI-S002",
            phrase("a table of dwellings needs households in a file of their own"),
            phrase("give households a `path`, or put the dwelling's columns into the persons' file"),
        )
    for table, other, own in ((persons, households, "household"), (households, dwellings, "dwelling")):
        if table is None or other is None:
            continue
        reference = cast(tuple[str, ...], getattr(table, own)) or other.key
        if len(reference) != len(other.key):
            root.faults.add(
                "MPI-S005",
                table.place,
                phrase(
                    "table {name}: `{own}` names {number} columns, the key of {name2} has {number2}",
                    name=table.name,
                    own=own,
                    number=len(reference),
                    name2=other.name,
                    number2=len(other.key),
                ),
                phrase("name one for each"),
            )
        elif own == "household" and not set(reference) <= set(table.key):
            key = ", ".join([*reference, *(column for column in table.key if column not in reference)])
            text = phrase(
                "table {name}: its key must hold the key of the household ({names})",
                name=table.name,
                names=", ".join(reference),
            )
            remedy = phrase(
                "write `key: [{key}]`, with `household: [...]` if those columns have other names there", key=key
            )
            root.faults.add("MPI-S005", table.place, text, remedy)


def _check_replicates(tables: Mapping[TableName, Table], design: Design, root: Node) -> None:
    table, replicates, households = tables.get("replicates"), design.replicates, tables.get("households")
    if replicates is not None and replicates.table is not None and replicates.table not in tables:
        text = phrase("design: replicates: table: the survey has no table of {table}", table=replicates.table)
        root.faults.add("MPI-S019", replicates.place, text, phrase("add it under `tables:`"))
    if table is not None and table.key and households is not None and len(table.key) != len(households.key):
        text = phrase(
            "table replicates: its key names {number} columns, that of households has {number2}",
            number=len(table.key),
            number2=len(households.key),
        )
        root.faults.add(
            "MPI-S005", table.place, text, phrase("name the columns that hold the household's key, in the same order")
        )
