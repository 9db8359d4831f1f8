"""Places offered, of the analysis `supply` of a study: a table for each indicator, from its YAML file."""

from __future__ import annotations

from mpi.config.data_files import read_path
from mpi.config.keys.studies import OFFER
from mpi.config.nodes import Node, Section
from mpi.language import phrase
from mpi.specs.analyses import OfferSpec
from mpi.specs.measure import Measure
from mpi.vocabulary.options import DEMANDS, Demand

SUPPLY, PLACES = "supply", "places"


def read_offers(section: Section, measure: Measure | None) -> tuple[OfferSpec, ...]:
    """The tables of places by indicator; none without the key."""
    node, found = section.get(PLACES), list[OfferSpec]()
    for name, key, value in [] if node is None else list(node.pairs(PLACES)):
        if measure is not None and name not in measure.names:
            text = phrase("places: the measure has no indicator {name!r}", name=name)
            key.wrong("MPI-C171", text, phrase("write one of {names}", names=", ".join(measure.names)))
        offer = _offer(value, name)
        if offer is not None:
            found.append(offer)
    if node is not None and node.is_mapping and not node.content:
        node.wrong("MPI-C009", phrase("places: no indicator is named"), phrase("give it a table, or leave the key out"))
    return tuple(found)


def _offer(node: Node, indicator: str) -> OfferSpec | None:
    what = phrase("{what}: {name}", what=PLACES, name=indicator)
    if not node.is_mapping:
        path = read_path(node, what)
        return None if path is None else OfferSpec(indicator=indicator, table=path)
    part = node.section(what, OFFER)
    path = None if (own := part.get("table")) is None else read_path(own, what)
    demand: Demand | None = part.choice("demand", DEMANDS) if "demand" in part else "poor_and_deprived"
    code, column = part.read("code", Node.text, ""), part.read("places", Node.text, "")
    if path is None or demand is None:
        return None
    return OfferSpec(indicator=indicator, table=path, code=code, column=column, demand=demand)


def check_supply(node: Node, section: Section | None, by: tuple[tuple[str, ...], ...]) -> None:
    """Places are compared by one domain, with a table for one indicator or more."""
    if section is None or PLACES not in section:
        text = phrase("analyses: supply does not say which places are offered")
        node.wrong("MPI-C171", text, phrase("write `places: {{INDICATOR: TABLE.csv}}`"))
    if section is None or "by" not in section:
        text = phrase("analyses: supply does not say of which domain the codes of the places are")
        node.wrong("MPI-C171", text, phrase("write {{analysis: supply, by: [DOMAIN]}}"))
    elif by and (len(by) > 1 or len(by[0]) > 1):
        text = phrase("analyses: supply compares the groups of one domain")
        section.found["by"].wrong("MPI-C171", text, phrase("name one domain, not a crossing"))
