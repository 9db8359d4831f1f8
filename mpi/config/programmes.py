"""The programmes of a survey: who receives each, and whom it is for, from its YAML file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mpi.config.derivations import derivation
from mpi.config.keys.surveys import PROGRAMME, RESERVED_MARKS
from mpi.config.nodes import Node
from mpi.errors import Faults
from mpi.language import phrase
from mpi.specs.survey import Derivation, Programme


def read_programmes(pairs: Iterable[tuple[str, Node, Node]]) -> dict[str, Programme]:
    """The programmes of the layers of a survey, by name.

    Parameters
    ----------
    pairs : iterable of (str, Node, Node)
        Names with their nodes, and what is said of each.
    """
    found: dict[str, Programme] = {}
    taken: dict[str, Node] = {}
    for name, name_node, value in pairs:
        if name_node.identifier(phrase("a name in {key}", key="programmes")) is None:
            continue
        name_node.unlike("programmes", taken)
        found[name] = _programme(name, value)
    return found


def _programme(name: str, node: Node) -> Programme:
    what = phrase("programme {name}", name=name)
    said = {key for key, _, _ in node.pairs(what)} if node.is_mapping else set()
    if not said & {"receives", "for"}:
        own = derivation(name, node)
        return Programme(receives=own, title=own.title)
    section = node.section(what, PROGRAMME)
    receives, target = section.get("receives"), section.get("for")
    return Programme(
        receives=Derivation(name=name, place=node.place) if receives is None else derivation(name, receives),
        target=None if target is None else derivation(what, target),
        title=section.read("title", Node.titles, {}),
    )


def check_programmes(programmes: Mapping[str, Programme], domains: Mapping[str, Derivation], faults: Faults) -> None:
    """Add the faults of programmes that cannot be told from domains of the survey."""
    for name, programme in programmes.items():
        if name in domains:
            text = phrase("{name!r} is a programme and a domain", name=name)
            faults.add("MPI-S007", programme.receives.place, text, phrase("give the programme another name"))
        if name in RESERVED_MARKS:
            text = phrase("a programme cannot be called {name!r}: profiles have that word for children", name=name)
            faults.add("MPI-S007", programme.receives.place, text, phrase("choose another name"))
