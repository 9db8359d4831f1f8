"""What a pass over the microdata does, decided before the first row is read.

Inside a block raw columns are called `table.column`, variables by their name, domains `domain:name` and the parts of
the design `design:...`, so that none hides another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mpi.errors import Notice
from mpi.measure import Nobody
from mpi.rules import Expression, Level, Origin, Rule


@dataclass(frozen=True, slots=True)
class Step:
    """One column to compute in a block: by a rule, or from one column's codes.

    Attributes
    ----------
    name : str
        What the column is called in the block.
    level : {"person", "household"}
    expression : Expression
        The rule; for codes, the name of the raw column.
    codes : mapping of str to str, or None
        From code to label.
    as_code : bool
        Numbers become texts, padded with zeros to `width`.
    declared : frozenset of str, or None
        The labels that the column may have.
    """

    name: str
    level: Level
    expression: Expression
    origin: Origin
    codes: Mapping[str, str] | None = None
    as_code: bool = False
    width: int = 0
    declared: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one indicator is judged."""

    name: str
    deprived: Rule
    eligible: Rule | None
    nobody: Nobody | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a pass over the microdata does.

    Attributes
    ----------
    needs : mapping of str to tuple of str
        For each table the columns to read.
    steps : tuple of Step
        In the order of computation.
    judgements : tuple of Judgement
        The indicators in bit order.
    domains : tuple of (str, level)
        Their columns are called `domain:name`.
    weight, members : str or None
        The block's column of the weight, and of the number of members where there are no persons.
    stratum, psu : tuple of str
        The block's columns that together name them.
    notices : tuple of Notice
        What was left out.
    """

    needs: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    judgements: tuple[Judgement, ...]
    domains: tuple[tuple[str, Level], ...]
    weight: str | None
    members: str | None
    stratum: tuple[str, ...]
    psu: tuple[str, ...]
    notices: tuple[Notice, ...] = ()
