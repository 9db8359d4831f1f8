"""What a pass over the microdata does, decided before the first row is read.

Inside a block raw columns are called `table.column`, variables by their name, domains `domain:name` and the parts of
the design `design:...`, so that none hides another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from mpi.columns.code_texts import CodeTexts
from mpi.columns.values import LARGEST_EXACT
from mpi.errors import Notice
from mpi.errors.findings import Wrong
from mpi.profile.marks import Mark, MarkGroup
from mpi.rules import Call, Expression, Name, Origin, Rule, shared
from mpi.specs.crosswalks import Crosswalk
from mpi.specs.indicators import Gap, Indicator
from mpi.vocabulary.options import Level, Nobody, TableName

UNIVERSE = "measure:universe"  # the column of a block that says who is in the measure's universe


@dataclass(frozen=True, slots=True, kw_only=True)
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
    yes : frozenset of str, or None
        The labels that make a truth: these are true, the others false.
    as_code : bool
        Numbers become texts, padded with zeros to `width`.
    declared : frozenset of str, or None
        The labels that the column may have.
    parts : tuple of (Name, int)
        The columns whose codes follow one another, each with its width; `expression` is then the first.
    exact : float
        Codes that are stored as decimal numbers are told apart up to here.
    texts : CodeTexts
        The texts of codes so far.
    crosswalk : Crosswalk or None
        What the codes become.
    lines : mapping of str to float, or None
        The numbers that the codes stand for.
    """

    name: str
    level: Level
    expression: Expression
    origin: Origin
    codes: Mapping[str, str] | None = None
    yes: frozenset[str] | None = None
    as_code: bool = False
    width: int = 0
    declared: frozenset[str] | None = None
    parts: tuple[tuple[Name, int], ...] = ()
    exact: float = LARGEST_EXACT
    texts: CodeTexts = field(default_factory=CodeTexts, repr=False, compare=False)
    crosswalk: Crosswalk | None = None
    lines: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one indicator is judged.

    Attributes
    ----------
    name : str
    deprived : Rule
    eligible : Rule or None
        Whom it is about; None for everybody.
    anyone : Expression or None
        Whether a household has such a member.
    nobody : str or None
        What is said of those that have none.
    """

    name: str
    deprived: Rule
    eligible: Rule | None
    anyone: Expression | None
    nobody: Nobody | None


@dataclass(frozen=True, slots=True)
class Distance:
    """How an indicator's gap is measured: the place of its judgement, and its rules."""

    place: int
    gap: Gap


def distances_of(indicators: Sequence[Indicator], pool: dict[Expression, Expression]) -> tuple[Distance, ...]:
    """How the gaps of indicators are measured, of those that have one; parts of rules as in `judgement_of`."""

    def pooled(gap: Gap) -> Gap:
        own = {field.name: getattr(gap, field.name) for field in fields(gap)}
        return Gap(**{n: r and replace(r, expression=shared(r.expression, pool)) for n, r in own.items()})

    gaps = enumerate(one.cardinal for one in indicators)
    return tuple(Distance(place, pooled(gap)) for place, gap in gaps if gap is not None)


def judgement_of(indicator: Indicator, pool: dict[Expression, Expression] | None = None) -> Judgement:
    """How an indicator is judged; parts of its rules that are equal to one in the pool are that one."""
    pool = {} if pool is None else pool
    deprived = replace(indicator.deprived, expression=shared(indicator.deprived.expression, pool))
    eligible = indicator.eligible
    if eligible is not None:
        eligible = replace(eligible, expression=shared(eligible.expression, pool))
    anyone = None if eligible is None else shared(Call("ANY", (eligible.expression,)), pool)
    return Judgement(indicator.name, deprived, eligible, anyone, indicator.nobody)


def of_state(rule: Rule, pool: dict[Expression, Expression]) -> Judgement:
    """How a condition of classes is judged: as an indicator that is about everybody."""
    return Judgement(rule.text, replace(rule, expression=shared(rule.expression, pool)), None, None, None)


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """One calibration variable: the block's column; for codes, the labels that become a dummy each."""

    column: str
    level: Level
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReplicateColumns:
    """The columns of replicate weights, in their order, and their table."""

    table: TableName
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignColumns:
    """The block's columns that hold the design; empty or None for what it does not have.

    Attributes
    ----------
    weight, members : str or None
        The weight, and the number of members where there are no persons.
    person_weight : str or None
        That of persons, where `weight` is of households alone.
    stratum, psu, ssu : tuple of str
        The columns that together name them; without `ssu` a second-stage unit is a household.
    fpc, ssu_fpc : str or None
        Finite population corrections of the first and second stage.
    order, within : tuple of str
        One column each, where strata are collapsed by an ordering.
    design_weight : str or None
        The weight before calibration.
    auxiliaries : tuple of Auxiliary
        The calibration variables.
    replicates : ReplicateColumns or None
    """

    weight: str | None = None
    person_weight: str | None = None
    members: str | None = None
    stratum: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    ssu: tuple[str, ...] = ()
    fpc: str | None = None
    ssu_fpc: str | None = None
    order: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    design_weight: str | None = None
    auxiliaries: tuple[Auxiliary, ...] = ()
    replicates: ReplicateColumns | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Another measure by which the units are judged.

    Attributes
    ----------
    level : {"household", "person"}
        At which it is judged; where that is the level of the first measure, its judgements are the plan's last ones.
    judgements : tuple of Judgement
    marks : tuple of Mark
        What they become, in their order; they follow those of `Plan.marks`.
    """

    level: Level
    judgements: tuple[Judgement, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a pass over the microdata does.

    Attributes
    ----------
    needs : mapping of str to tuple of str
        For each table the columns to read.
    steps : tuple of Step
        In the order of computation.
    judgements : tuple of Judgement
        The indicators in bit order, then the measure's states, then the indicators of others that are judged alike.
    domains : tuple of (str, level)
        Their columns are called `domain:name`.
    design : DesignColumns
    notices : tuple of Notice
        What was left out.
    universe : level or None
        Of the column `UNIVERSE`, which says who is inside; None where everybody is.
    distances : tuple of Distance
        The gaps, in the order of `amounts_of`.
    doubled : tuple of (str, str, Wrong)
        Columns of two tables that have one name and must agree, under their names in a block; the fault if not.
    marks : tuple of MarkGroup
        The domains that are no groups, but truths of units.
    beside : tuple of Beside
        Other measures.
    """

    needs: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    judgements: tuple[Judgement, ...]
    domains: tuple[tuple[str, Level], ...]
    design: DesignColumns
    notices: tuple[Notice, ...] = ()
    universe: Level | None = None
    distances: tuple[Distance, ...] = ()
    doubled: tuple[tuple[str, str, Wrong], ...] = ()
    marks: tuple[MarkGroup, ...] = ()
    beside: tuple[Beside, ...] = ()
