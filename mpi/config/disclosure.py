"""A disclosure rule set from its YAML file, with all its faults."""

from __future__ import annotations

from pathlib import Path

from mpi.config.composing import load
from mpi.config.locate import locate
from mpi.config.nodes import Node, Section
from mpi.disclosure import Disclosure
from mpi.errors import Place

KEYS = ("disclosure", "title", "source", "note", "persons", "households", "numerator", "all_or_none", "complementary",
        "profile")  # fmt: skip
REQUIRED = ("disclosure", "title", "persons", "households", "numerator", "all_or_none", "complementary")
MOST = 10_000


def load_disclosure(name: str | Path) -> Disclosure:
    """A disclosure rule set from a YAML file, or by the name of one that ships with the package.

    Parameters
    ----------
    name : str or Path
        Path of the file, or a name such as `standard`.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    return read_disclosure(load(locate(name, "disclosure")))


def read_disclosure(root: Node) -> Disclosure:
    """The rule set that a file's root node describes; raises ConfigError with every fault."""
    top = root.section("the rule set", KEYS, REQUIRED)
    name = top.read("disclosure", Node.identifier, "")
    title: dict[str, str] = top.read("title", Node.titles, {})
    source, note = top.read("source", Node.text, ""), top.read("note", Node.text, "")
    least = {key: _least(top, key) for key in ("persons", "households", "numerator", "all_or_none")}
    complementary = top.read("complementary", Node.yes, True)
    profile = top.get("profile")
    persons = households = None
    if profile is not None:
        part = profile.section("the rule set: profile", ("persons", "households"), ("persons", "households"))
        persons, households = _least(part, "persons"), _least(part, "households")
    root.faults.refuse()
    return Disclosure(name, title, source, note, **least, complementary=complementary, profile_persons=persons,
                      profile_households=households, place=Place(root.place.file))  # fmt: skip


def _least(part: Section, key: str) -> int:
    return part.read(key, lambda value, what: value.whole(what, 0, MOST), 0)
