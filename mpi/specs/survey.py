"""A survey: where a measure's variables are found in files, and how the sample was drawn.

Specs only: `mpi.config` reads and checks them, `mpi.source` opens the files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from mpi.errors import Place, counted, listed
from mpi.files.digests import ConfigFile
from mpi.notebook import html_table
from mpi.rules import Rule
from mpi.specs.crosswalks import CodePart, Crosswalk, Lines
from mpi.specs.data_files import Dialect, Layout, Query
from mpi.vocabulary.options import (
    FpcKind,
    Level,
    PsuCodes,
    ReplicateKind,
    ReplicateMethod,
    Rounds,
    SinglePsu,
    TableName,
    Titles,
    Unit,
)

STAR = "*"  # stands for the number, in a name of replicate weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the survey.

    Attributes
    ----------
    path : str or None
        A file name or pattern below the data folder; None where the households are rows of the persons' file.
    key : tuple of str
        The columns that identify a row.
    household, dwelling : tuple of str
        The columns of this table that hold the key of its household, or of its dwelling, in that table's order.
    columns : tuple of str
        For households inside the persons' file: the columns that belong to the household.
    where : Rule or None
        Which of its rows belong to the survey's universe.
    of : {"persons", "households"} or None
        For a module, a further table of a level: the table whose rows it describes.
    reference : tuple of str
        For a module of many rows a person or household: the columns that hold the key of that.
    aggregates : mapping of str to Rule
        For such a module: the aggregates of the rows of each person or household.
    composed : mapping of str to tuple of CodePart
        Columns of its keys that are made up of several.
    layout : Layout
        What is said of its files.
    query : Query or None
        What gives its rows, instead of files.
    """

    name: str
    path: str | None
    key: tuple[str, ...]
    household: tuple[str, ...] = ()
    dwelling: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    dialect: Dialect = field(default_factory=Dialect)
    place: Place | None = field(default=None, compare=False)
    where: Rule | None = None
    of: Unit | None = None
    reference: tuple[str, ...] = ()
    aggregates: Mapping[str, Rule] = field(default_factory=dict)
    composed: Mapping[str, tuple[CodePart, ...]] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    query: Query | None = None

    @property
    def apart(self) -> bool:
        """Whether it has files or a query of its own: the households may be rows of the persons' file."""
        return self.path is not None or self.query is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a variable or domain comes from raw columns: a rule, or one column with a list of codes, or several.

    Attributes
    ----------
    rule : Rule or None
        A rule over raw columns and other variables of the survey.
    column, table : str or None
        One column, and its table where more than one has it.
    codes : mapping of str to str, or None
        From code, as text, to label; any other code in the data is an error.
    labelled : bool
        The codes are those that the files label; they are filled in when the files are opened.
    width : int or None
        Numbers become text, padded with zeros to this width.
    columns : tuple of CodePart
        Several columns whose codes follow one another.
    optional : bool
        The column may be absent from a file (domains only).
    crosswalk : Crosswalk or None
        What its codes become (domains only).
    lines : Lines or None
        The numbers that its codes stand for (variables only).
    """

    name: str
    rule: Rule | None = None
    column: str | None = None
    table: str | None = None
    codes: Mapping[str, str] | None = None
    width: int | None = None
    optional: bool = False
    title: Titles = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)
    columns: tuple[CodePart, ...] = ()
    crosswalk: Crosswalk | None = None
    lines: Lines | None = None
    labelled: bool = False

    @property
    def written(self) -> str:
        """Its rule, or its column."""
        return self.column or "" if self.rule is None else self.rule.text


@dataclass(frozen=True, slots=True)
class Fpc:
    """A finite population correction: units in the population, or the fraction of them that was drawn."""

    kind: FpcKind
    number: Derivation


@dataclass(frozen=True, slots=True)
class SecondStage:
    """The second stage of a sample.

    Attributes
    ----------
    unit : tuple of Derivation
        The parts that together name a second-stage unit inside its PSU; empty: every household is one.
    fpc : Fpc
        Of the units of each PSU.
    """

    unit: tuple[Derivation, ...]
    fpc: Fpc


@dataclass(frozen=True, slots=True)
class Collapse:
    """With which stratum one of a single PSU is merged: by a map, or by an order of the strata.

    Attributes
    ----------
    joins : tuple of (str, str)
        A stratum and the one that it joins.
    order, within : Derivation or None
        The place of a household's stratum in the order, and the region that its stratum keeps to.
    """

    joins: tuple[tuple[str, str], ...] = ()
    order: Derivation | None = None
    within: Derivation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """Where replicate weights are found and how they were made.

    Attributes
    ----------
    columns : tuple of str
        Their names; or, if `pattern`, one name with a star for the number.
    table : str or None
        Their table, where more than one has such columns.
    weights : {"combined", "factors"}
        Whole weights, or factors on the weight.
    scale : float or None
        As declared or as it follows from the method; None where it waits for the number of replicates.
    rscales : tuple of float
        One for each replicate, or one for all.
    """

    method: ReplicateMethod
    columns: tuple[str, ...]
    weights: ReplicateKind
    pattern: bool = False
    table: TableName | None = None
    mse: bool = False
    rho: float = 0.0
    scale: float | None = None
    rscales: tuple[float, ...] = (1.0,)
    df: int | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme of which the survey says who receives it.

    Attributes
    ----------
    receives : Derivation
        A truth of the household, or of the person.
    target : Derivation or None
        Whom the programme is for; None: everybody.
    title : mapping of str to str
    """

    receives: Derivation
    target: Derivation | None = None
    title: Titles = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The variables to which the weights were calibrated, with the weights before.

    Attributes
    ----------
    level : {"household", "person"}
    design_weight : Derivation
    variables : tuple of Derivation
        Numbers, or codes with a list, which become one dummy each.
    """

    level: Level
    design_weight: Derivation
    variables: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How the sample was drawn.

    Attributes
    ----------
    weight : Derivation or None
        The expansion factor of a household or person; None if the survey declares `weight: none`.
    person_weight : Derivation or None
        That of a person, where it is not that of the household; `weight` is then of households alone.
    stratum, psu : tuple of Derivation
        The parts that together name the stratum and the primary sampling unit; empty if there is none, so that each
        household is its own PSU.
    psu_codes : str
        `nested`: PSU codes restart in each stratum; `unique`: a code in two strata is an error.
    single_psu : str
        What a stratum with one PSU adds to a variance; `fail` refuses it, `collapse` merges it with another stratum.
    census : bool
        Every unit was enumerated: no sampling error.
    fpc : Fpc or None
        Finite population correction of the first stage.
    second_stage : SecondStage or None
        Only together with `fpc`.
    collapse : Collapse or None
        For `single_psu: collapse`.
    rounds : str or None
        How this round's sample relates to the others of its series.
    replicates : Replicates or None
        The variance comes from them; stratum, PSU and the rest are then not used.
    calibration : Calibration or None
        None: weights are taken as fixed.
    """

    weight: Derivation | None
    person_weight: Derivation | None = None
    stratum: tuple[Derivation, ...] = ()
    psu: tuple[Derivation, ...] = ()
    psu_codes: PsuCodes = "nested"
    single_psu: SinglePsu = "fail"
    census: bool = False
    fpc: Fpc | None = None
    second_stage: SecondStage | None = None
    collapse: Collapse | None = None
    rounds: Rounds | None = None
    replicates: Replicates | None = None
    calibration: Calibration | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A household survey or census in its files.

    Attributes
    ----------
    tables : mapping of str to Table
        `persons`, `households`, or both, `dwellings`, and `replicates` for replicate weights in a separate file.
    missing_codes : mapping of str to tuple of str
        For a column, the codes (as text) that mean that the answer is unknown.
    aliases : mapping of str to tuple of str
        For a column, other names that it has in some files.
    variables, domains : mapping of str to Derivation
        What the measure reads; the groups for which figures are wanted.
    members : Derivation or None
        Number of persons of a household where there is no table of persons.
    time : float or None
        Middle of the fieldwork as a decimal year.
    breaks : mapping of str to titles
        For a period from which figures are not comparable with earlier ones, the published reason.
    reliability : str
        Name or path of the set of publication rules; empty if none is chosen.
    modules : mapping of str to Table
        Further tables of persons or households, joined by key.
    programmes : mapping of str to Programme
        Of which it says who receives them.
    variables_for : mapping of str to mapping of str to Derivation
        By the name of a measure, what it reads in place of the variables of the same names.
    """

    name: str
    title: Titles
    source: Titles
    period: str
    tables: Mapping[TableName, Table]
    design: Design
    variables: Mapping[str, Derivation]
    domains: Mapping[str, Derivation]
    missing_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: Derivation | None = None
    note: Titles = field(default_factory=dict)
    time: float | None = None
    breaks: Mapping[str, Titles] = field(default_factory=dict)
    reliability: str = ""
    place: Place | None = field(default=None, compare=False)
    files: tuple[ConfigFile, ...] = field(default=(), compare=False, repr=False)
    modules: Mapping[str, Table] = field(default_factory=dict)
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    variables_for: Mapping[str, Mapping[str, Derivation]] = field(default_factory=dict)

    def __repr__(self) -> str:
        parts = {"tables": self.every_table, "domains": self.domains}
        told = "; ".join(f"{what}: {', '.join(names) or 'none'}" for what, names in parts.items())
        return f"Survey({self.name!r}, {self.period!r}: {told}; {counted(len(self.variables), 'variable')})"

    def _repr_html_(self) -> str:
        design = self.design
        codes = {"stratum": design.stratum, "psu": design.psu}
        rows = [
            *((f"table {name}", one.path or "", ", ".join(one.key)) for name, one in self.every_table.items()),
            ("weight", "none" if design.weight is None else design.weight.written, ""),
            *((name, " + ".join(part.written for part in parts), "") for name, parts in codes.items() if parts),
            *((f"domain {name}", one.written, listed(levels(one), 6)) for name, one in self.domains.items()),
            *((f"programme {name}", one.receives.written, "") for name, one in self.programmes.items()),
            *((f"variable {name}", one.written, listed(levels(one), 6)) for name, one in self.variables.items()),
        ]
        return html_table(f"Survey: {self.name} {self.period}", ("what", "rule", "codes"), rows)

    @property
    def levels(self) -> dict[str, tuple[str, ...]]:
        """For each domain with a list of codes the labels that a unit can have, each once."""
        found: dict[str, tuple[str, ...]] = {}
        for name, domain in self.domains.items():
            found[name] = levels(domain, self.missing_codes.get(domain.column or "", ()))
        return found

    @property
    def every_table(self) -> dict[str, Table]:
        """The tables and the modules."""
        return {name: table for own in (self.tables, self.modules) for name, table in own.items()}

    @property
    def crosswalks(self) -> dict[str, Crosswalk]:
        """What the codes of domains become, by the domain."""
        return {name: own.crosswalk for name, own in self.domains.items() if own.crosswalk is not None}

    @property
    def lines(self) -> dict[str, Lines]:
        """The files of numbers by code, by the variable."""
        return {name: own.lines for name, own in self.variables.items() if own.lines is not None}

    @property
    def has_persons(self) -> bool:
        """Whether there is a table with one row a person."""
        return "persons" in self.tables


def as_read_by(survey: Survey, measure: str) -> Survey:
    """The survey with the variables that a measure reads, by its name."""
    own = survey.variables_for.get(measure, {})
    return replace(survey, variables={**survey.variables, **own}, variables_for={}) if own else survey


def levels(derivation: Derivation, unknown: Collection[str] = ()) -> tuple[str, ...]:
    """The labels of a list of codes, each once, without those of unknown answers; none of a rule."""
    labels = (label for code, label in (derivation.codes or {}).items() if code not in unknown)
    return tuple(dict.fromkeys(labels))
