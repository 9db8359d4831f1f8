"""How far below its cutoff an achievement is, from an indicator's `gap:`: rules that give numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from mpi.config.keys.measures import GAP, ORDINAL
from mpi.config.nodes import Node, Section
from mpi.errors import Faults
from mpi.language import phrase
from mpi.rules import Kind, check
from mpi.rules import Literal as Constant
from mpi.specs.indicators import Gap, Indicator
from mpi.vocabulary.options import Level


def read_gap(name: str, section: Section) -> Gap | Literal["ordinal"] | None:
    """The gap of an indicator as written; None without one, and after a fault."""
    node = section.get("gap")
    if node is None:
        return None
    if not node.is_mapping:
        return "ordinal" if node.choice("gap", (ORDINAL,)) else None
    own = node.section(phrase("gap of {name}", name=name), GAP)
    achievement, cutoff, bound, nobody = (
        own.read(key, Node.rule, None) for key in ("achievement", "cutoff", "bound", "nobody")
    )
    if achievement is None or cutoff is None or bound is None:
        return None
    return Gap(achievement=achievement, cutoff=cutoff, bound=bound, nobody=nobody)


def check_gaps(indicators: Sequence[Indicator], kinds: Mapping[str, Kind], level: Level, faults: Faults) -> None:
    """Add what is wrong in the gaps of indicators to the faults of the file."""
    for one in indicators:
        gap = one.cardinal
        if gap is None:
            continue
        for rule in gap.rules:
            faults.extend(check(rule.expression, kinds, rule.origin, level=level, expected="number")[1])
        if isinstance(gap.cutoff.expression, Constant) and gap.cutoff.expression == gap.bound.expression:
            text = phrase("the gap of {name!r} has its bound at the cutoff, so nobody can be below it", name=one.name)
            remedy = phrase("give `bound:` the worst achievement that there is")
            faults.append(gap.bound.origin.fault("MPI-M012", 0, text, remedy))
        if one.nobody == "deprived" and gap.nobody is None:
            text = phrase(
                "{name!r} calls units without anybody eligible deprived, and its gap does not say how far",
                name=one.name,
            )
            remedy = phrase("write `nobody:` under `gap:`, the achievement that they count with, such as the bound")
            faults.append(gap.achievement.origin.fault("MPI-M012", 0, text, remedy))
        if gap.nobody is not None and one.nobody != "deprived":
            text = phrase(
                "the gap of {name!r} says `nobody:`, and no unit without anybody eligible is deprived", name=one.name
            )
            faults.append(gap.nobody.origin.fault("MPI-M012", 0, text, phrase("remove it")))
