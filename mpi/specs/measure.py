"""A measure: the definition of the deprivations, with exact weights and cutoffs, independent of any data.

Specs only: `mpi.config` reads and checks them, `mpi.counting` computes with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from mpi.errors import Fault, Place, UsageError, counted
from mpi.errors.arguments import JUDGED, public
from mpi.files.digests import ConfigFile
from mpi.language import phrase
from mpi.notebook import html_table
from mpi.rules import Kind, Rule, check, names, order
from mpi.specs import variants
from mpi.specs.children import Children, child_marks
from mpi.specs.classes import PovertyClass, states_of
from mpi.specs.cutoffs import cutoff_value, in_range
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.lines import FoundLine, RelativeLine, names_of, rule_of
from mpi.vocabulary.options import Level, MeasureKind, MeasureStatus, Missing, Titles
from mpi.vocabulary.wording import title_in

MAX_INDICATORS = 64


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A poverty cutoff: poor are those whose deprivation score is at least (or, if strict, above) k.

    Attributes
    ----------
    k : Fraction
        In (0, 1].
    strict : bool
        True for `>`, False for `>=` (Alkire and Foster 2011).
    name : str
        The measure's word for it, empty if it has none.
    """

    k: Fraction
    strict: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse a number that is not an exact share."""
        if not isinstance(self.k, Fraction) or not 0 < self.k <= 1:
            text = phrase(
                "a cutoff's k is a Fraction in (0, 1], not a {name} outside of it", name=type(self.k).__name__
            )
            raise UsageError(
                Fault("MPI-E001", None, text, phrase("take measure.cutoff('1/3'), or Cutoff(Fraction(1, 3))"))
            )

    @property
    def text(self) -> str:
        """The exact cutoff as results print it: `1/3`, or `>2/5` if it is strict."""
        return f">{self.k}" if self.strict else str(self.k)


K: TypeAlias = Annotated[str | Fraction | Cutoff, JUDGED]


@dataclass(frozen=True, slots=True)
class Variable:
    """A harmonised variable that the rules read and a survey must supply."""

    name: str
    kind: Kind
    title: Titles
    note: Titles = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A multidimensional poverty measure of the Alkire-Foster family.

    Attributes
    ----------
    indicators : tuple of Indicator
        At most 64, in the order of the file; their place is their bit in a pattern.
    cutoffs : tuple of Cutoff
        At least one; the first is the one that its own figures are at.
    missing : str
        What becomes of a unit whose score is not known: `exclude` (it leaves every figure, and is counted),
        `reweight` (its other indicators take over the weight inside the dimension), `deprived`, `not_deprived`.
    universe : Rule or None
        Whom the measure is about; None for everybody. Nobody outside is missing, left out or counted.
    income_poor : Rule or None
        Whom income calls poor.
    classes : tuple of PovertyClass
        Of which each unit is in exactly one.
    children : Children or None
        Who is a child, and which deprivations are their own.
    lines : tuple of RelativeLine
        Income lines that the incomes themselves decide.
    found_lines : tuple of FoundLine
        What they are in a survey; empty before its incomes were read.
    beside : tuple of Measure
        Others by which a pass judges the same units, see `mpi.deprivation_profile`; of no figure of this one.
    variables, derived : mapping of str to Variable, to Rule
        What a survey must supply, and what the measure derives from it.
    status : str
        `official`, `reconstruction`, `template`, `draft`, or empty: nothing is said. What is not official says so in
        every output, see `mpi.specs.standing`.
    kind, country, edition, years : str
        For the catalogue: what it is about, the ISO 3166-1 code of its country (empty: none), its edition, and the
        years that it is or was in use.
    deepens : str
        The measure in which it lies: whoever is deprived or poor by it must be so by that one; empty: none.

    References
    ----------
    Alkire and Foster (2011), Journal of Public Economics 95(7-8), 476-487.
    """

    name: str
    title: Titles
    source: Titles
    identification: Level
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    cutoffs: tuple[Cutoff, ...]
    missing: Missing
    variables: Mapping[str, Variable]
    derived: Mapping[str, Rule] = field(default_factory=dict)
    universe: Rule | None = None
    income_poor: Rule | None = None
    classes: tuple[PovertyClass, ...] = ()
    children: Children | None = None
    lines: tuple[RelativeLine, ...] = ()
    found_lines: tuple[FoundLine, ...] = field(default=(), compare=False, repr=False)
    beside: tuple[Measure, ...] = field(default=(), compare=False, repr=False)
    note: Titles = field(default_factory=dict)
    status: MeasureStatus | Literal[""] = ""
    kind: MeasureKind | Literal[""] = ""
    country: str = ""
    edition: str = ""
    years: str = ""
    deepens: str = ""
    place: Place | None = field(default=None, compare=False)
    files: tuple[ConfigFile, ...] = field(default=(), compare=False, repr=False)

    def __repr__(self) -> str:
        parts = f"{counted(len(self.indicators), 'indicator')} in {counted(len(self.dimensions), 'dimension')}"
        cutoffs = ", ".join(cutoff.text for cutoff in self.cutoffs)
        return f"Measure({self.name!r}: {parts}, k = {cutoffs}; identified by {self.identification})"

    def _repr_html_(self) -> str:
        rows = [
            (
                title_in(dimension.title, "en", dimension.name) if indicator.name == dimension.indicators[0] else "",
                title_in(indicator.title, "en", indicator.name),
                str(indicator.weight or (dimension.weight if dimension.at_least else indicator.weight)),
                indicator.deprived.text,
            )
            for dimension in self.dimensions
            for indicator in self.indicators
            if indicator.dimension == dimension.name
        ]
        heads = ("dimension", "indicator", "weight", "deprived")
        return html_table(repr(self), heads, rows, numbers=("weight",), notes=[f"missing: {self.missing}"])

    @property
    def level(self) -> Level:
        """The level at which deprivation is judged."""
        return self.identification

    @property
    def names(self) -> tuple[str, ...]:
        """The indicators' names in bit order."""
        return tuple(indicator.name for indicator in self.indicators)

    @property
    def states(self) -> tuple[Rule, ...]:
        """The conditions on variables that classes and the income crossing read, in bit order after the indicators."""
        return states_of(self.income_poor, self.classes)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        """The indicators' exact weights in bit order."""
        return tuple(indicator.weight for indicator in self.indicators)

    def cutoff(self, k: str | Fraction | Cutoff) -> Cutoff:
        """A cutoff from its name in the measure or from its text.

        Parameters
        ----------
        k : str, Fraction or Cutoff
            A name of the measure, `1/3`, `0.25`, `33%`, `4 of 15`, `2 dimensions`; `>` before it for a strict one.

        Raises
        ------
        UsageError
            If it is none of these, or outside (0, 1].
        """
        if isinstance(k, Cutoff):
            return k
        for own in self.cutoffs:
            if isinstance(k, str) and own.name and k == own.name:
                return own
        try:
            if isinstance(k, Fraction):
                return Cutoff(in_range(k, str(k)))
            if not isinstance(k, str):
                raise ValueError(_no_text(k))
            text = k.strip()
            strict = text.startswith(">") and not text.startswith(">=")
            return Cutoff(
                cutoff_value(text.removeprefix(">").removeprefix("="), self.dimensions, self.indicators), strict
            )
        except ValueError as error:
            named = [cutoff.name for cutoff in self.cutoffs if cutoff.name]
            remedy = phrase(", or name a cutoff of the measure: {names}", names=", ".join(named)) if named else ""
            raise UsageError(
                Fault("MPI-E001", None, error.args[0], phrase("write 1/3, 0.25 or 33%{remedy}", remedy=remedy))
            ) from None

    @public
    def with_cutoff(self, k: K | Sequence[K], *, name: str = "") -> Measure:
        """The measure at another cutoff, or at several; the first is the one that its own figures are at.

        Parameters
        ----------
        k : str, Fraction, Cutoff or sequence of them
            As `cutoff` takes them.
        name : str
            Of the new measure; its own with an asterisk if left out, so that no figure is taken for an official one.

        Raises
        ------
        UsageError
            If one is not a cutoff, or there is none.
        """
        return replace(self._variant(self.dimensions, self.indicators, name), cutoffs=tuple(cutoffs_of(self, k)))

    @public
    def with_weights(self, weights: Mapping[str, str | int | Fraction], *, name: str = "") -> Measure:
        """The measure with other weights.

        Parameters
        ----------
        weights : mapping of str to str, int or Fraction
            Of indicators or of whole dimensions, exact shares of the score: `{"educacion": "2/5"}`. Inside a dimension
            that is named, and among all that are not, weights keep their proportions; they add up to 1.
        name : str
            Of the new measure; its own with an asterisk if left out, so that no figure is taken for an official one.

        Raises
        ------
        UsageError
            If a name is not known, a weight is not an exact share, or nothing is left for the others.
        """
        return self._variant(*variants.weighted(self.dimensions, self.indicators, weights), name)

    @public
    def without(self, names: str | Sequence[str], *, name: str = "") -> Measure:
        """The measure without some indicators or dimensions.

        The other indicators of a dimension take over the weight, in their proportions; if none is left, the other
        dimensions do. The cutoffs stay.

        Parameters
        ----------
        names : str or sequence of str
            Of indicators or dimensions.
        name : str
            Of the new measure; its own with an asterisk if left out, so that no figure is taken for an official one.

        Raises
        ------
        UsageError
            If a name is not known, or no indicator of the score would be left.
        """
        return self._variant(
            *variants.narrowed(self.dimensions, self.indicators, [names] if isinstance(names, str) else names), name
        )

    def _variant(self, dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...], name: str) -> Measure:
        own = name or f"{self.name.removesuffix('*')}*"
        status = "" if self.status == "official" else self.status
        return replace(self, name=own, status=status, dimensions=dimensions, indicators=indicators, files=())


def _no_text(k: object) -> str:
    """What a cutoff is that is neither text nor fraction; a number with its value, of others it may be data."""
    value = f"={k!r}" if isinstance(k, int | float) else ""
    return phrase(
        "k{value} is a {name}; write it as a text such as '1/3', so that it is exact",
        value=value,
        name=type(k).__name__,
    )


def cutoffs_of(measure: Measure, k: K | Sequence[K] | None) -> list[Cutoff]:
    """The cutoffs asked for, each once; those of the measure if none is.

    Raises
    ------
    UsageError
        If one is not a cutoff, see `Measure.cutoff`, or the list is empty.
    """
    several = isinstance(k, Sequence) and not isinstance(k, str)
    asked = measure.cutoffs if k is None else list(k) if several else [k]  # type: ignore[arg-type]
    if not asked:
        raise UsageError(
            Fault("MPI-E001", None, phrase("k has no cutoff"), phrase("leave it out for those of the measure"))
        )
    return list({cutoff.text: cutoff for cutoff in map(measure.cutoff, asked)}.values())  # type: ignore[arg-type]


def rule_scope(variables: Mapping[str, Variable], derived: Mapping[str, Rule]) -> tuple[dict[str, Kind], list[Fault]]:
    """What the rules of a measure may read: its variables and what it derives from them.

    Returns
    -------
    dict of str to Kind
        By name; the derived ones after those that they read.
    list of Fault
        Rings and everything wrong in the derived variables' rules.
    """
    kinds: dict[str, Kind] = {name: variable.kind for name, variable in variables.items()}
    faults: list[Fault] = []
    ordered, cycles = order(derived, derived)
    for cycle in cycles:
        text = phrase("circular definition of derived variables: {names}", names=" -> ".join(cycle))
        remedy = phrase("define one of them without the other, from the measure's variables")
        faults.append(derived[cycle[0]].origin.fault("MPI-R014", 0, text, remedy))
        kinds |= dict.fromkeys(cycle, Kind("unsure"))
    for name in ordered:
        kinds[name], found = check(derived[name].expression, kinds, derived[name].origin)
        faults.extend(found)
    return kinds, faults


def with_lines(measure: Measure, found: Sequence[FoundLine] = ()) -> Measure:
    """The measure with its relative lines as variables: those that were found; unknown without them."""
    own = {one.name: one for one in found}
    rules = {line.name: rule_of(line, own.get(line.name)) for line in measure.lines}
    return replace(measure, derived={**measure.derived, **rules}, found_lines=tuple(found))


def read_by_rules(measure: Measure, *, children: bool = False, also: Sequence[Rule] = ()) -> list[str]:
    """Every name in rules of indicators, their gaps, universe and children, in conditions of classes, and in others."""
    rules: list[Rule | None] = [rule for one in measure.indicators for rule in one.rules]
    rules += [
        measure.universe,
        *measure.states,
        *(child_marks(measure.children, measure.indicators).values() if children else ()),
        *also,
    ]
    return [*(name for rule in rules if rule is not None for name in names(rule.expression)), *names_of(measure.lines)]


def variables_of(measure: Measure, *, children: bool = False, also: Sequence[Rule] = ()) -> list[str]:
    """The variables of a survey that a measure's rules lead to, with those of children if they are asked for."""
    read = read_by_rules(measure, children=children, also=also)
    ordered, _ = order(measure.derived, read)
    read += [name for derived in ordered for name in names(measure.derived[derived].expression)]
    own = {*measure.derived, *(line.name for line in measure.lines)}
    return [name for name in dict.fromkeys(read) if name not in own]
