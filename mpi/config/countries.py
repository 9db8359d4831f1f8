"""The countries of a study: measure, surveys and tables of each, with every fault where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mpi.config.keys.countries import COUNTRY
from mpi.config.nodes import Node, Section
from mpi.config.reliability import load_reliability
from mpi.errors import listed, nearest
from mpi.language import phrase
from mpi.specs.countries import CountrySpec
from mpi.specs.measure import Measure
from mpi.specs.reliability import Reliability
from mpi.specs.study import COUNTRY_DOMAIN, MapSpec
from mpi.specs.survey import Survey
from mpi.vocabulary.options import Titles

Sets = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What the study says of itself: the country that it is of, and what holds for those that say nothing else.

    Attributes
    ----------
    measure : Measure or None
        None if it could not be read.
    surveys : sequence of Survey
    by : tuple of tuple of str
        Its tables.
    own_rules : Reliability or None
        Of its own figures.
    rules : Reliability or None
        Named by the study for all countries.
    """

    measure: Measure | None
    surveys: Sequence[Survey]
    by: Sets
    own_rules: Reliability | None
    rules: Reliability | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read that a country names."""

    measure: Callable[[Node | None], Measure | None]
    surveys: Callable[[Node | None], list[Survey]]


def read_countries(node: Node | None, home: Home, reading: Reading) -> tuple[CountrySpec, ...]:
    """The countries of a study, in the order of the file.

    Parameters
    ----------
    node : Node or None
    home : Home
    reading : Reading
    """
    if node is None:
        return ()
    found: list[tuple[Node, CountrySpec]] = []
    homes: list[str] = []
    pairs = list(node.pairs("countries"))
    if len(pairs) == 1:
        text = phrase("countries: one country has nothing to stand beside")
        node.wrong("MPI-C005", text, phrase("name two or more, or leave the key out"))
    for code, key, value in pairs:
        what = phrase("country {code}", code=code)
        section = value.section(what, COUNTRY)
        if "surveys" not in section:
            homes.append(code)
        one = _country(code, section, home, reading)
        if one is not None:
            found.append((key, one))
    _check_home(node, homes)
    _check_names(found, homes)
    return tuple(one for _, one in found)


def split_maps(maps: Sequence[MapSpec], *, countries: bool) -> tuple[tuple[MapSpec, ...], MapSpec | None]:
    """The maps of domains, and that of the countries of a study that has some."""
    drawn = [one for one in maps if countries and one.domain == COUNTRY_DOMAIN]
    return tuple(one for one in maps if one not in drawn), drawn[0] if drawn else None


def _country(code: str, section: Section, home: Home, reading: Reading) -> CountrySpec | None:
    title: Titles = section.read("title", Node.titles, {})
    own = "surveys" not in section
    surveys = list(home.surveys) if own else reading.surveys(section.get("surveys"))
    measure = reading.measure(section.get("measure")) if "measure" in section else home.measure
    if own and "measure" in section:
        text = phrase("country {code}: its surveys are those of the study, and so is its measure", code=code)
        section.found["measure"].wrong("MPI-C177", text, phrase("leave `measure` out of it"))
    node = section.get("by")
    by = () if node is None else tuple(tuple(text.split(":")) for text in node.texts("by") or ())
    if node is not None:
        _check_by(code, node, by, surveys, home.by if own else None)
    if measure is None or not surveys:
        return None
    rules = home.own_rules if own else home.rules
    if rules is None and not own and surveys[-1].reliability:
        rules = load_reliability(surveys[-1].reliability)
    return CountrySpec(
        code=code, title=title, measure=measure, surveys=tuple(surveys), by=by, reliability=rules, own=own
    )


def _check_by(code: str, node: Node, by: Sets, surveys: Sequence[Survey], tables: Sets | None) -> None:
    """Whether the tables of a country can be made: of the study's own those that it has already."""
    for name in dict.fromkeys(name for names in by for name in names):
        if name == COUNTRY_DOMAIN:
            text = phrase("country {code}: a domain that is called {name!r} cannot be told from the countries",
                          code=code, name=name)  # fmt: skip
            node.wrong("MPI-C177", text, phrase("leave it out, or give the domain another name in the survey"))
        elif lacking := [survey.name for survey in surveys if name not in survey.domains]:
            known = list(dict.fromkeys(one for survey in surveys for one in survey.domains))
            key = phrase("country {code}", code=code)
            text = phrase("{key}: {name!r} is not a domain of {names}", key=key, name=name, names=listed(lacking))
            remedy = nearest(name, known) or phrase("there are {names}", names=listed(known, 20))
            node.wrong("MPI-C042", text, remedy)
    held = None if tables is None else {frozenset(names) for names in tables}
    if held is not None and (lacks := [":".join(names) for names in by if frozenset(names) not in held]):
        text = phrase("country {code}: the study has no table by {names}", code=code, names=listed(lacks))
        node.wrong("MPI-C177", text, phrase("add it to `by:` of the study, or leave it out here"))


def _check_home(node: Node, homes: Sequence[str]) -> None:
    """Exactly one country is that of the study's own surveys."""
    if not homes:
        text = phrase("countries: none of them is the one that the study's own `surveys:` are of")
        node.wrong("MPI-C177", text, phrase("leave `surveys` out of that country"))
    elif len(homes) > 1:
        text = phrase("countries: {names} name no surveys, and only one can be that of the study's own",
                      names=listed(list(homes)))  # fmt: skip
        node.wrong("MPI-C177", text, phrase("add `surveys` to all but one"))


def _check_names(found: Sequence[tuple[Node, CountrySpec]], homes: Sequence[str]) -> None:
    """Figures of countries are told apart by the names of their measures and surveys."""
    measures: dict[str, Measure] = {}
    surveys: dict[str, str] = {}
    for key, one in found:
        if measures.setdefault(one.measure.name, one.measure) != one.measure:
            text = phrase("two measures are called {name!r}, so their figures could not be told apart",
                          name=one.measure.name)  # fmt: skip
            key.wrong("MPI-C177", text, phrase("give one of them another name"))
        for survey in one.surveys:
            if surveys.setdefault(survey.name, one.code) != one.code and len(homes) < 2:  # noqa: PLR2004  told already
                text = phrase("countries: {one} and {other} both have the survey {name}",
                              one=surveys[survey.name], other=one.code, name=survey.name)  # fmt: skip
                key.wrong("MPI-C177", text, phrase("name the surveys of that country"))


def titles_of(countries: Sequence[CountrySpec]) -> Mapping[str, Titles]:
    """What each country is called, by its code."""
    return {one.code: one.title for one in countries if one.title}
