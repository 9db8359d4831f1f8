"""A survey from its YAML file, with all its faults; `like:` takes everything from another survey and changes parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from mpi.config.composing import load
from mpi.config.locate import locate
from mpi.config.nodes import Faults, Node, Section
from mpi.config.survey_tables import check_tables, read_tables
from mpi.errors import ConfigError, Place
from mpi.survey import TABLES, Derivation, Design, PsuCodes, Survey
from mpi.variance import SinglePsu

KEYS = ("survey", "like", "title", "source", "note", "period", "tables", "design", "missing_codes", "aliases",
        "variables", "domains", "members")  # fmt: skip
REQUIRED = ("survey", "period", "tables", "design", "variables")
DERIVATION = ("column", "table", "codes", "width", "optional", "rule", "title", "note")
DESIGN = ("weight", "stratum", "psu", "psu_codes", "single_psu", "census")
NONE = "none"
MAX_LAYERS = 5
MAX_WIDTH = 40
# Columns of results, of profiles and of scored units.
RESERVED = (
    "measure", "survey", "period", "unit", "k", "statistic", "dimension", "indicator", "estimate", "se", "ci_low",
    "ci_high", "cv", "df", "deff", "n", "n_poor", "psus", "population", "reliability", "note", "pattern", "unknown",
    "persons", "households", "stratum", "psu", "weight", "person_weight", "score", "score_value", "poor",
    "censored_score",
)  # fmt: skip


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
        root = load(path)
        found.append(root)
        seen.append(path.resolve())
        like = _like(root)
        if like is None:
            return found[::-1]
        name = like.identifier("like") or ""
        root.faults.refuse()
        try:
            path = locate(name, "surveys", beside=path.parent)
        except ConfigError as error:
            like.wrong("MPI-S001", error.faults[0].text, error.faults[0].remedy)
            root.faults.refuse()
        if path.resolve() in seen:
            like.wrong("MPI-S001", "`like:` goes round in a ring", "let one of them stand by itself")
        elif len(seen) == MAX_LAYERS:
            like.wrong("MPI-S001", f"`like:` goes more than {MAX_LAYERS} files deep", "write out one of them")
        root.faults.refuse()


def _like(root: Node) -> Node | None:
    return next((value for key, _, value in root.pairs("the survey") if key == "like" and not value.is_null), None)


def read_survey(layers: list[Node]) -> Survey:
    """The survey that the root nodes describe, later ones over earlier ones; raises ConfigError with every fault."""
    root = layers[-1]
    sections = [layer.section("the survey", KEYS) for layer in layers]
    top = Section(root, "the survey", {key: value for section in sections for key, value in section.found.items()})
    for key in REQUIRED:
        if key not in top and root.is_mapping:
            root.wrong("MPI-C009", f"the survey: the key {key!r} is missing", f"add `{key}:`")
    name, period = top.read("survey", Node.identifier, ""), top.read("period", Node.text, "")
    title: dict[str, str] = top.read("title", Node.titles, {})
    source, note = top.read("source", Node.text, ""), top.read("note", Node.text, "")
    tables = read_tables(sections)
    design = _design(sections, top)
    variables, domains = _derivations("variables", sections), _derivations("domains", sections)
    _check_domains(domains, root.faults)
    members = top.read("members", Node.rule, None)
    if "tables" in top:
        check_tables(tables, members, root)
    missing = {key: value.texts(f"missing_codes: {key}") for key, _, value in _merged("missing_codes", sections)}
    aliases = {key: value.texts(f"aliases: {key}") for key, _, value in _merged("aliases", sections)}
    Faults(fault for layer in reversed(layers) for fault in layer.faults).refuse()
    return Survey(name, title, source, period, tables, design, variables, domains, missing, aliases, members, note,
                  Place(root.place.file))  # fmt: skip


def _merged(key: str, sections: list[Section]) -> Iterator[tuple[str, Node, Node]]:
    """The pairs of a mapping over all layers, later ones over earlier ones, in their first order."""
    found: dict[str, tuple[Node, Node]] = {}
    for section in sections:
        node = section.get(key)
        for name, name_node, value in node.pairs(key) if node is not None else ():
            found[name] = (name_node, value)
    for name, (name_node, value) in found.items():
        yield name, name_node, value


def _derivations(key: str, sections: list[Section]) -> dict[str, Derivation]:
    found: dict[str, Derivation] = {}
    for name, name_node, value in _merged(key, sections):
        if name_node.identifier(f"a name in {key}") is not None:
            found[name] = _derivation(name, value, domain=key == "domains")
    return found


def _derivation(name: str, node: Node, *, domain: bool) -> Derivation:
    if not node.is_mapping:
        return Derivation(name, rule=node.rule(name), place=node.place)
    part = node.section(name, DERIVATION)
    if ("rule" in part) == ("column" in part):
        node.wrong("MPI-S006", f"{name}: give either a `rule` or a `column`", "a rule may be one column's name")
    for key in ("codes", "table", "width"):
        if key in part and "column" not in part:
            part.found[key].wrong("MPI-S006", f"{name}: `{key}` goes with `column`", "leave one of them out")
    if "optional" in part and not domain:
        part.found["optional"].wrong("MPI-S006", f"{name}: only a domain can be optional", "leave it out")
    part.read("note", Node.text, "")
    return Derivation(
        name, part.read("rule", Node.rule, None), part.read("column", Node.text, None),
        part.choice("table", TABLES), part.read("codes", _codes, None),
        part.read("width", lambda value, what: value.whole(what, 1, MAX_WIDTH), None),
        part.read("optional", Node.yes, False), part.read("title", Node.titles, {}), node.place,
    )  # fmt: skip


def _codes(node: Node, what: str) -> dict[str, str] | None:
    if node.is_mapping and not node.content:
        node.wrong("MPI-S006", f"{what}: the list of codes is empty", "write {1: first, 2: second}")
    pairs = ((code, value.text(what)) for code, _, value in node.pairs(what))
    return {code: label for code, label in pairs if label is not None}


def _check_domains(domains: Mapping[str, Derivation], faults: Faults) -> None:
    for name, domain in domains.items():
        if name in RESERVED:
            text = f"a domain cannot be called {name!r}: results have a column of that name"
            faults.add("MPI-S007", domain.place, text, "choose another name")


def _design(sections: list[Section], top: Section) -> Design:
    found: dict[str, Node] = {}
    place = top.node.place
    for section in sections:
        node = section.get("design")
        if node is not None:
            place = node.place
            found |= node.section("design", DESIGN, nullable=("stratum", "psu")).found
    part = Section(top.node, "design", found)
    if top.get("design") is not None and "weight" not in part:
        remedy = "name the column of the expansion factor, or write `weight: none` for an unweighted analysis"
        top.node.faults.add("MPI-S008", place, "design: the weight is missing", remedy)
    weight = part.get("weight")
    rule = None if weight is None or weight.says(NONE) else weight.rule("design: weight")
    psu_codes: PsuCodes = part.choice("psu_codes", get_args(PsuCodes)) or "nested"
    single_psu: SinglePsu = part.choice("single_psu", get_args(SinglePsu)) or "fail"
    return Design(rule, _parts("stratum", part), _parts("psu", part), psu_codes, single_psu,
                  part.read("census", Node.yes, False), place)  # fmt: skip


def _parts(key: str, part: Section) -> tuple[Derivation, ...]:
    node = part.get(key)
    if node is None:
        return ()
    if node.is_mapping:
        return (_derivation(key, node, domain=False),)
    return tuple(Derivation(key, rule=item.rule(f"design: {key}"), place=item.place) for item in node.items(key))
