"""Single values of a study's file: its date, level, degrees of freedom, names of codes, the act behind it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction

from mpi.config.keys.studies import DF, NOT_OFFICIAL, OFFICIAL
from mpi.config.nodes import Node, within
from mpi.language import phrase
from mpi.vocabulary.options import DEGREES_OF_FREEDOM, DegreesOfFreedom, Titles


def date(node: Node, what: str) -> datetime.date | None:
    """A date, as year-month-day."""
    text = node.text(what)
    try:
        return None if text is None else datetime.date.fromisoformat(text)
    except ValueError:
        node.wrong(
            "MPI-C007",
            phrase("{what}: this is not a date", what=what),
            phrase("write year-month-day, such as 2026-04-14"),
        )
        return None


def official(node: Node, what: str) -> Titles | None:
    """The act that makes the figures official; none where the file says `no`."""
    if node.content in NOT_OFFICIAL:
        return {}
    if not node.is_mapping:
        node.wrong(
            "MPI-C160",
            phrase("{what}: the act that makes the figures official is not named", what=what),
            phrase("write official: {{act: Decree 123 of 2020}}, or remove the key"),
        )
        return None
    section = node.section(what, OFFICIAL)
    act: Titles = section.read("act", Node.titles, {})
    return act


def level(node: Node, what: str) -> Fraction | None:
    """A confidence level."""
    level = node.fraction(what)
    if level is not None and not 0 < level < 1:
        node.wrong(
            "MPI-C007",
            phrase("{what}: {content!s} is not between 0 and 1", what=what, content=node.content),
            phrase("write 0.95 or 95%"),
        )
        return None
    return level


def df(node: Node, what: str) -> DegreesOfFreedom | None:
    """A rule for degrees of freedom, or their number."""
    for word in DEGREES_OF_FREEDOM:
        if node.says(word):
            return word
    return within(DF)(node, what)


def labels(node: Node, what: str) -> Mapping[str, Mapping[str, Titles]]:
    """Names of codes, by domain."""
    return {
        domain: {
            code: name.titles(phrase("{what}: {domain}", what=what, domain=domain))
            for code, _, name in value.pairs(phrase("{what}: {domain}", what=what, domain=domain))
        }
        for domain, _, value in node.pairs(what)
    }
