"""A survey from its YAML file, with all its faults; `like:` takes everything from another survey and changes parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mpi.config.derivations import derivation, number
from mpi.config.designs import read_design
from mpi.config.given import Config, root_of
from mpi.config.keys.surveys import SURVEY, YEARS
from mpi.config.kinds import refuse_other_kinds
from mpi.config.layering import continued, goes_on, layers_of
from mpi.config.modules import check_modules, check_names, read_modules
from mpi.config.nodes import Node, Section
from mpi.config.programmes import check_programmes, read_programmes
from mpi.config.survey_tables import check_tables, read_tables
from mpi.errors import Faults, Place
from mpi.errors.arguments import public
from mpi.language import phrase
from mpi.specs.survey import Derivation, Survey

# Columns of results, of profiles and of scored units.
RESERVED = (
    "measure", "survey", "period", "unit", "k", "statistic", "dimension", "indicator", "estimate", "se", "ci_low",
    "ci_high", "cv", "df", "deff", "n", "n_poor", "psus", "population", "reliability", "reliability_rule", "note",
    "pattern", "unknown", "persons", "households", "stratum", "psu", "weight", "person_weight", "score", "score_value",
    "poor", "censored_score", "standing", "hidden_by", "change", "span", "from", "to", "years", "before", "after",
)  # fmt: skip


@public
def load_survey(name: Config) -> Survey:
    """A survey from a YAML file, by the name of one that ships with the package, or from what a file would hold.

    Parameters
    ----------
    name : str, Path, mapping or open file
        Path of the file, or a name such as `colombia_ecv_2025`; or the contents: a dict with the keys of such a file,
        a text of several lines, an open file. `mpi.survey` makes one of a frame.

    Raises
    ------
    ConfigError
        With every fault, each as file:line:column, or as the place in the dict: `survey["design"]`.
    """
    root = root_of(name, "surveys", "survey")
    refuse_other_kinds(root, "survey")
    layers = layers_of(root, "survey")
    return replace(read_survey(layers), files=tuple(file for layer in layers for file in layer.files))


def read_survey(layers: list[Node]) -> Survey:
    """The survey that the root nodes describe, later ones over earlier ones; raises ConfigError with every fault."""
    root = layers[-1]
    sections = [layer.section(phrase("the survey"), SURVEY) for layer in layers]
    top = Section(
        root, phrase("the survey"), {key: value for section in sections for key, value in section.found.items()}
    )
    for key in SURVEY.required:
        if key not in top and root.is_mapping:
            root.wrong(
                "MPI-C009", phrase("the survey: the key {key!r} is missing", key=key), phrase("add `{key}:`", key=key)
            )
    name, period = top.read("survey", Node.identifier, ""), top.read("period", Node.text, "")
    title: dict[str, str] = top.read("title", Node.titles, {})
    source: dict[str, str] = top.read("source", Node.titles, {})
    note: dict[str, str] = top.read("note", Node.titles, {})
    tables = read_tables(sections)
    design = read_design(sections, top)
    variables, domains = _derivations("variables", sections), _derivations("domains", sections)
    variables_for = _variables_for(sections)
    programmes = read_programmes(_merged("programmes", sections))
    _check_domains(domains, root.faults)
    check_programmes(programmes, domains, root.faults)
    members = top.read("members", number, None)
    modules = read_modules(sections)
    check_modules(modules, tables, root.faults)
    check_names([variables, variables_for, domains, programmes, design, members], modules, root.faults)
    if "tables" in top:
        check_tables(tables, members, design, root)
    if design.replicates is None:
        tables.pop("replicates", None)  # not used, so not opened
    missing = {
        key: value.texts(phrase("missing_codes: {key}", key=key))
        for key, _, value in _merged("missing_codes", sections)
    }
    aliases = {key: value.texts(phrase("aliases: {key}", key=key)) for key, _, value in _merged("aliases", sections)}
    breaks = {
        period: value.titles(phrase("breaks: {period}", period=period))
        for period, _, value in _merged("breaks", sections)
    }
    time, reliability = top.read("time", _year, None), top.read("reliability", Node.text, "")
    Faults(fault for layer in reversed(layers) for fault in layer.faults).refuse()
    return Survey(
        name=name,
        title=title,
        source=source,
        period=period,
        tables=tables,
        design=design,
        variables=variables,
        domains=domains,
        missing_codes=missing,
        aliases=aliases,
        members=members,
        note=note,
        time=time,
        breaks=breaks,
        reliability=reliability,
        place=Place(root.place.file),
        modules=modules,
        programmes=programmes,
        variables_for=variables_for,
    )


def _year(node: Node, what: str) -> float | None:
    year = node.fraction(what)
    if year is not None and not YEARS[0] <= year < YEARS[1]:
        node.wrong(
            "MPI-C007",
            phrase("{what}: {content!s} is not a year of our time", what=what, content=node.content),
            phrase("write a decimal year such as 2018.5"),
        )
        return None
    return None if year is None else float(year)


def _merged(key: str, sections: list[Section]) -> Iterator[tuple[str, Node, Node]]:
    """The pairs of a mapping over all layers, later ones over earlier ones, in their first order."""
    found: dict[str, tuple[Node, Node]] = {}
    for section in sections:
        node = section.get(key)
        for name, name_node, value in node.pairs(key) if node is not None else ():
            before = found.get(name)
            if goes_on(value):
                value = continued(None if before is None else before[1], value, "survey")  # noqa: PLW2901
            found[name] = (name_node, value)
    for name, (name_node, value) in found.items():
        yield name, name_node, value


def _derivations(key: str, sections: list[Section]) -> dict[str, Derivation]:
    found: dict[str, Derivation] = {}
    taken: dict[str, Node] = {}
    for name, name_node, value in _merged(key, sections):
        if name_node.identifier(phrase("a name in {key}", key=key)) is not None:
            name_node.unlike(key, taken)
            found[name] = derivation(name, value, domain=key == "domains")
    return found


def _variables_for(sections: list[Section]) -> dict[str, dict[str, Derivation]]:
    """By measure the variables that it reads in place of those of the same names."""
    found: dict[str, dict[str, Derivation]] = {}
    for measure, _, node in _merged("variables_for", sections):
        what = phrase("{what}: {name}", what="variables_for", name=measure)
        own, taken = found.setdefault(measure, {}), dict[str, Node]()
        for name, key, value in node.pairs(what):
            if key.identifier(phrase("a name in {key}", key=what)) is None:
                continue
            key.unlike(what, taken)
            own[name] = derivation(name, value)
            if own[name].lines is not None:
                text = phrase("{what}: {name} takes its numbers from a file", what=what, name=name)
                remedy = phrase("give it another name under `variables:`, and write that name here")
                value.wrong("MPI-S006", text, remedy)
    return found


def _check_domains(domains: Mapping[str, Derivation], faults: Faults) -> None:
    for name, domain in domains.items():
        if name in RESERVED:
            text = phrase("a domain cannot be called {name!r}: results have a column of that name", name=name)
            faults.add("MPI-S007", domain.place, text, phrase("choose another name"))
