"""A survey from its YAML file, with all its faults; `like:` takes everything from another survey and changes parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from mpi.config.locate import locate
from mpi.config.nodes import Faults, Node, Section, load
from mpi.errors import ConfigError, Place
from mpi.rules import Rule
from mpi.survey import TABLES, Derivation, Design, Dialect, PsuCodes, SinglePsu, Survey, Table, TableName

KEYS = ("survey", "like", "title", "source", "note", "period", "tables", "design", "missing_codes", "aliases",
        "variables", "domains", "members")  # fmt: skip
REQUIRED = ("survey", "period", "tables", "design", "variables")
MERGED = ("tables", "design", "missing_codes", "aliases", "variables", "domains")
TABLE = ("path", "key", "household", "dwelling", "csv", "from", "columns")
DERIVATION = ("column", "table", "codes", "width", "optional", "rule", "title", "note")
DESIGN = ("weight", "stratum", "psu", "psu_codes", "single_psu", "census")
MAX_LAYERS = 5
RESERVED = frozenset(
    ["measure", "survey", "period", "unit", "k", "statistic", "dimension", "indicator", "estimate", "se", "ci_low", "ci_high", "cv", "df", "deff", "n", "n_poor", "psus", "population", "reliability", "note", "pattern", "unknown", "persons", "households", "stratum", "psu", "weight", "score", "poor"]
)


def load_survey(name: str | Path) -> Survey:
    """A survey from a YAML file, or by the name of one that ships with the package.

    Parameters
    ----------
    name : str or Path
        Path of the file, or a name such as `colombia_ecv_2025`.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    return read_survey(_layers(locate(name, "surveys")))


def _layers(path: Path) -> list[Node]:
    """The file and those it is `like`, the most basic first."""
    found: list[Node] = []
    seen: list[Path] = []
    while True:
        if path.resolve() in seen or len(seen) == MAX_LAYERS:
            found[-1].wrong("MPI-S001", f"`like:` goes round in a ring or more than {MAX_LAYERS} files deep")
            found[-1].faults.refuse()
        seen.append(path.resolve())
        root = load(path)
        found.append(root)
        like = next((value for key, _, value in root.pairs("the survey") if key == "like"), None)
        root.faults.clear()
        if like is None:
            return found[::-1]
        name = like.identifier("like") or ""
        root.faults.refuse()
        try:
            path = locate(name, "surveys", beside=path.parent)
        except ConfigError as error:
            like.wrong("MPI-S001", error.faults[0].text, error.faults[0].remedy)
            root.faults.refuse()


def read_survey(layers: list[Node]) -> Survey:
    """The survey that the root nodes describe, later ones over earlier ones; raises ConfigError with every fault."""
    faults = Faults()
    roots = [Node(root.raw, root.file, faults) for root in layers]
    sections = [root.section("the survey", KEYS) for root in roots]
    top = Section(roots[-1], "the survey", {k: v for s in sections for k, v in s.found.items()})
    for key in REQUIRED:
        if key not in top:
            roots[-1].wrong("MPI-C009", f"the survey: the key {key!r} is missing")
    tables = _tables(sections, faults)
    variables = _derivations("variables", sections)
    domains = _derivations("domains", sections)
    _check_domains(domains, faults)
    survey_name = top.read("survey", lambda n, w: n.identifier(w), None)
    design = _design(sections, roots[-1])
    members = top.read("members", Node.rule, None)
    _check_tables(tables, members, roots[-1])
    missing = {name: value.texts(f"missing_codes: {name}") for name, _, value in _merged("missing_codes", sections)}
    aliases = {name: value.texts(f"aliases: {name}") for name, _, value in _merged("aliases", sections)}
    faults.refuse()
    return Survey(
        name=survey_name or "", title=top.read("title", Node.titles, {}),
        source=top.read("source", Node.text, None) or "", period=top.read("period", Node.text, None) or "",
        tables=tables, design=design, variables=variables, domains=domains, missing_codes=missing, aliases=aliases,
        members=members, note=top.read("note", Node.text, None) or "", place=Place(roots[-1].file),
    )  # fmt: skip


def _merged(key: str, sections: Iterable[Section]) -> Iterator[tuple[str, Node, Node]]:
    """The pairs of a mapping over all layers, later ones over earlier ones, in their first order."""
    found: dict[str, tuple[Node, Node]] = {}
    for section in sections:
        node = section.get(key)
        for name, name_node, value in node.pairs(key) if node is not None else ():
            found[name] = (name_node, value)
    for name, (name_node, value) in found.items():
        yield name, name_node, value


def _tables(sections: list[Section], faults: Faults) -> dict[TableName, Table]:
    parts: dict[str, Section] = {}
    for section in sections:
        node = section.get("tables")
        own = node.section("tables", TABLES) if node is not None else None
        for name, value in own.found.items() if own is not None else ():
            table = value.section(f"table {name}", TABLE)
            before = parts[name].found if name in parts else {}
            parts[name] = Section(table.node, table.what, {**before, **table.found})
    return {cast(TableName, name): _table(cast(TableName, name), part) for name, part in parts.items()}


def _table(name: TableName, part: Section) -> Table:
    inside = part.read("from", lambda n, w: n.choice(w, ("persons",)), None)
    if "key" not in part:
        part.node.wrong(
            "MPI-S002", f"table {name}: the key {'key'!r} is missing", "list the columns that identify a row"
        )
    if inside is None and "path" not in part:
        part.node.wrong("MPI-S002", f"table {name}: the key {'path'!r} is missing", "name a file or a pattern")
    if inside is not None and name != "households":
        part.node.wrong("MPI-S002", f"table {name}: only households can lie inside the persons' file")
    if inside is not None and "path" in part:
        part.found["path"].wrong("MPI-S002", f"table {name}: give either `from: persons` or `path`")
    if "columns" in part and inside is None:
        part.found["columns"].wrong("MPI-S002", f"table {name}: `columns` goes with `from: persons`")
    path = part.read("path", Node.text, None)
    if path is not None and (path.startswith(("/", "\\")) or ":" in path or ".." in PurePosixPath(path).parts):
        part.found["path"].wrong("MPI-S003", f"table {name}: the path leaves the data folder",
                                 "write it relative to the folder given as --data")  # fmt: skip
    csv = part.get("csv")
    dialect = Dialect()
    if csv is not None:
        keys = csv.section(f"table {name}: csv", ("delimiter", "decimal", "encoding"))
        dialect = Dialect(*(keys.read(key, Node.text, None) for key in ("delimiter", "decimal", "encoding")))
    return Table(
        name, path, part.read("key", Node.texts, ()), part.read("household", Node.texts, ()),
        part.read("dwelling", Node.texts, ()), part.read("columns", Node.texts, ()), dialect, part.node.place,
    )  # fmt: skip


def _check_tables(tables: Mapping[TableName, Table], members: Rule | None, root: Node) -> None:
    if not tables.keys() & {"persons", "households"}:
        root.wrong("MPI-S002", "a survey needs a table of persons or of households")
        return
    persons, households, dwellings = (tables.get(name) for name in TABLES)
    if persons is not None and households is None:
        root.wrong("MPI-S002", "the table of households is missing",
                   "for a file of persons that repeats the household's answers write "
                   "households: {from: persons, key: [...], columns: [...]}")  # fmt: skip
    if persons is None and members is None and households is not None:
        root.wrong("MPI-S004", "without a table of persons the survey must say how many members a household has",
                   "add `members: COLUMN`")  # fmt: skip
    if persons is not None and members is not None:
        root.wrong("MPI-S004", "`members` is only for a survey without a table of persons", "leave it out")
    if households is not None and households.path is None and persons is None:
        root.wrong("MPI-S002", "households: {from: persons} needs a table of persons")
    for table, other, own in ((persons, households, "household"), (households, dwellings, "dwelling")):
        if table is None or other is None:
            continue
        reference = getattr(table, own) or other.key
        if len(reference) != len(other.key):
            root.faults.add("MPI-S005", table.place, f"table {table.name}: `{own}` names {len(reference)} columns, "
                            f"the key of {other.name} has {len(other.key)}")  # fmt: skip
        if own == "household" and not set(reference) <= set(table.key):
            root.faults.add("MPI-S005", table.place, f"table {table.name}: its key must hold the key of the household "
                            f"({', '.join(reference)})", "or name those columns as `household: [...]`")  # fmt: skip


def _derivations(key: str, sections: list[Section]) -> dict[str, Derivation]:
    found: dict[str, Derivation] = {}
    for name, name_node, value in _merged(key, sections):
        if name_node.identifier(f"a name in {key}") is not None:
            found[name] = _derivation(name, value, key == "domains")
    return found


def _derivation(name: str, node: Node, domain: bool) -> Derivation:
    if not node.is_mapping:
        return Derivation(name, rule=node.rule(name), place=node.place)
    part = node.section(name, DERIVATION)
    if ("rule" in part) == ("column" in part):
        node.wrong("MPI-S006", f"{name}: give either a `rule` or a `column`")
    for key in ("codes", "table", "width"):
        if key in part and "column" not in part:
            part.found[key].wrong("MPI-S006", f"{name}: `{key}` goes with `column`")
    if "optional" in part and not domain:
        part.found["optional"].wrong("MPI-S006", f"{name}: only a domain can be optional")
    codes_node = part.get("codes")
    codes = None
    if codes_node is not None:
        pairs = ((code, value.text(f"{name}: codes")) for code, _, value in codes_node.pairs(f"{name}: codes"))
        codes = {code: label for code, label in pairs if label is not None}
    return Derivation(
        name, part.read("rule", Node.rule, None), part.read("column", Node.text, None),
        cast("TableName | None", part.read("table", lambda n, w: n.choice(w, TABLES), None)), codes,
        part.read("width", lambda n, w: n.whole(w, 1, 40), None), part.read("optional", Node.yes, False),
        part.read("title", Node.titles, {}), node.place,
    )  # fmt: skip


def _check_domains(domains: Mapping[str, Derivation], faults: Faults) -> None:
    for name, domain in domains.items():
        if name in RESERVED:
            faults.add("MPI-S007", domain.place, f"a domain cannot be called {name!r}: results have a column of that name",
                       "choose another name")  # fmt: skip


def _design(sections: list[Section], root: Node) -> Design:
    found: dict[str, Node] = {}
    place = root.place
    for section in sections:
        node = section.get("design")
        if node is not None:
            place = node.place
            found |= node.section("design", DESIGN).found
    part = Section(root, "design", found)
    if "design" in {key for section in sections for key in section.found} and "weight" not in part:
        root.faults.add("MPI-S008", place, "design: the weight is missing",
                        "name the column of the expansion factor, or write `weight: none` for an unweighted analysis")  # fmt: skip
    weight = part.get("weight")
    rule = None
    if weight is not None and not (weight.raw.value == "none"):
        rule = weight.rule("design: weight")
    elif "weight" in part and weight is None:
        found["weight"].wrong(
            "MPI-S008", "design: the weight is empty", "write `weight: none` for an unweighted analysis"
        )
    return Design(
        rule, _parts("stratum", part), _parts("psu", part),
        cast(PsuCodes, part.read("psu_codes", lambda n, w: n.choice(w, ("nested", "unique")), None) or "nested"),
        cast(SinglePsu, part.read(
            "single_psu", lambda n, w: n.choice(w, ("fail", "certainty", "centered", "scaled")), None) or "fail"),
        part.read("census", Node.yes, False), place,
    )  # fmt: skip


def _parts(key: str, part: Section) -> tuple[Derivation, ...]:
    node = part.get(key)
    if node is None:
        return ()
    if node.is_mapping:
        return (_derivation(key, node, False),)
    return tuple(Derivation(key, rule=item.rule(f"design: {key}"), place=item.place) for item in node.items(key))
