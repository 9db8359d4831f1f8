"""A measure bound to a survey's columns: what to read, what to compute in which order, and every misfit at once.

Inside a block raw columns are called `table.column`, variables by their name, domains `domain:name` and the parts of
the design `design:...`, so that none hides another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from mpi.errors import ConfigError, Fault, Notice, Place, listed, nearest
from mpi.measure import Measure, Nobody, rule_scope
from mpi.rules import Expression, Kind, Level, Name, Origin, Rule, check, names, order, renamed
from mpi.source import OpenedSurvey
from mpi.source.blocks import column_name
from mpi.survey import Derivation, TableName


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
    """

    needs: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    judgements: tuple[Judgement, ...]
    domains: tuple[tuple[str, Level], ...]
    weight: str | None
    members: str | None
    stratum: tuple[str, ...]
    psu: tuple[str, ...]
    levels: Mapping[str, Level] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def bind(
    measure: Measure, opened: OpenedSurvey, domains: Sequence[str] | None = None, *, everything: bool = False
) -> Plan:
    """The plan for a measure on an opened survey.

    Parameters
    ----------
    measure : Measure
    opened : OpenedSurvey
    domains : sequence of str, optional
        Domains of the survey; all of them if left out (optional ones only where their column exists).
    everything : bool
        Check every variable and domain of the survey, not only what is needed.

    Raises
    ------
    ConfigError
        With every misfit: columns, names, types, levels, labels.
    """
    binder = _Binder(measure, opened)
    binder.variables(everything)
    binder.design()
    chosen = binder.domains(domains)
    if binder.faults:
        raise ConfigError(*dict.fromkeys(binder.faults))
    return binder.plan(chosen)


class _Binder:
    def __init__(self, measure: Measure, opened: OpenedSurvey) -> None:
        self.measure, self.opened, self.survey = measure, opened, opened.survey
        self.faults: list[Fault] = []
        self.notices: list[Notice] = []
        self.raw = self.raw_columns()
        self.kinds: dict[str, Kind] = {}
        self.steps: dict[str, Step] = {}
        self.parts: dict[str, list[str]] = {}

    def raw_columns(self) -> dict[str, list[TableName]]:
        """For each raw column the tables that have it; a key belongs to the highest table."""
        found: dict[str, list[TableName]] = {}
        keys = {name: (*t.key, *t.household, *t.dwelling) for name, t in self.survey.tables.items()}
        for table in ("dwellings", "households", "persons"):
            for column in self.opened.columns.get(table, {}):
                if column in found and all(column in keys[cast(TableName, t)] for t in (*found[column], table)):
                    continue
                found.setdefault(column, []).append(cast(TableName, table))
        return found

    def kind_of(self, table: str, column: str) -> Kind:
        sort = self.opened.columns[table][column]
        level: Level = "person" if table == "persons" else "household"
        return Kind("unsure" if sort in ("empty", "other") else sort, level)  # type: ignore[arg-type]  # a Sort

    def fault(self, code: str, place: Place | None, text: str, remedy: str = "") -> None:
        self.faults.append(Fault(code, place, text, remedy))

    def column(self, name: str, place: Place, user: str, table: TableName | None = None) -> str | None:
        """The block's name of a raw column, or None with a fault."""
        tables = self.opened.tables_with(name) if table is not None else self.raw.get(name, [])
        if table is not None and table not in tables:
            self.fault("MPI-D010", place, f"the table {table} has no column {name!r}, which {user} reads",
                       nearest(name, self.opened.columns.get(table, {})))  # fmt: skip
            return None
        if not tables:
            known = [*self.raw, *self.survey.variables]
            self.fault("MPI-D010", place, f"no table has the column {name!r}, which {user} reads", nearest(name, known))
            return None
        if table is None and len(tables) > 1:
            self.fault("MPI-S009", place, f"column {name!r}, which {user} reads, stands in {listed(tables)}",
                       f"say which: {{column: {name}, table: {tables[0]}}}")  # fmt: skip
            return None
        chosen = table or tables[0]
        if self.opened.columns[chosen][name] == "other":
            self.fault("MPI-D012", place, f"column {name!r}, which {user} reads, is neither number, text nor yes/no")
            return None
        full = column_name(chosen, name)
        self.kinds[full] = self.kind_of(chosen, name)
        return full

    def local(self, rule: Rule, own: str, user: str) -> Rule | None:
        """A survey's rule with its raw columns under their names in the block; None with faults."""
        found: dict[str, str] = {}
        good = True
        for name, at in names(rule.expression).items():
            place = rule.origin.at(at)
            variable = name in self.survey.variables and name != own
            if variable and name in self.raw and not self.is_identity(name):
                self.fault(
                    "MPI-R015", place, f"{name!r} is both a variable and a column", "give the variable another name"
                )
                good = False
            elif not variable:
                full = self.column(name, place, user)
                good = good and full is not None
                found[name] = full or name
        return Rule(rule.text, renamed(rule.expression, found), rule.origin) if good else None

    def is_identity(self, name: str) -> bool:
        derivation = self.survey.variables[name]
        return (derivation.rule is not None and isinstance(derivation.rule.expression, Name)
                and derivation.rule.expression.name == name) or derivation.column == name  # fmt: skip

    def variables(self, everything: bool) -> None:
        """The survey's variables that the measure needs, checked against the measure's contract."""
        local: dict[str, Rule] = {}
        failed: set[str] = set()
        wanted = list(self.survey.variables) if everything else []
        wanted += [name for name in self.needed() if name not in wanted]
        for name, derivation in self.survey.variables.items():
            if derivation.rule is not None and name in self.reached(wanted):
                rule = self.local(derivation.rule, name, f"the variable {name}")
                if rule is None:
                    failed.add(name)
                else:
                    local[name] = rule
        ordered, rings = order(local, [name for name in wanted if name in local])
        for ring in rings:
            self.faults.append(local[ring[0]].origin.fault("MPI-R014", 0, f"a ring of variables: {' -> '.join(ring)}"))
            failed |= set(ring)
        for name in self.reached(wanted):
            derivation = self.survey.variables[name]
            if derivation.column is not None:
                self.coded(name, derivation, f"the variable {name}", as_code=derivation.width is not None)
        for name in ordered:
            if name not in failed:
                self.ruled(name, local[name])
        for name in self.needed():
            if name not in failed:
                self.contract(name)
        if not self.faults:
            self.derived()

    def reached(self, wanted: Iterable[str]) -> list[str]:
        """The survey's variables that `wanted` lead to."""
        found: dict[str, None] = {}
        queue = [name for name in wanted if name in self.survey.variables]
        while queue:
            name = queue.pop(0)
            if name in found:
                continue
            found[name] = None
            rule = self.survey.variables[name].rule
            queue += [n for n in (names(rule.expression) if rule else ()) if n in self.survey.variables and n != name]
        return list(found)

    def needed(self) -> list[str]:
        """The measure's variables that its indicators lead to."""
        found: dict[str, None] = {}
        queue = [n for i in self.measure.indicators for r in (i.eligible, i.deprived) if r for n in names(r.expression)]
        while queue:
            name = queue.pop(0)
            if name in self.measure.derived:
                queue += [n for n in names(self.measure.derived[name].expression)]
            else:
                found[name] = None
        return list(found)

    def coded(
        self, name: str, derivation: Derivation, user: str, as_code: bool, target: str | None = None
    ) -> Kind | None:
        """A step for a variable or domain that is one column."""
        place = derivation.place or Place(self.survey.name)
        full = self.column(derivation.column or "", place, user, derivation.table)
        if full is None:
            return None
        kind = self.kinds[full]
        level = cast(Level, kind.level)
        if derivation.codes is not None:
            kind = Kind("text", level, frozenset(derivation.codes.values()))
        elif as_code:
            kind = Kind("text", level)
        target = target or name
        origin = Origin(place.file, place.line, place.column)
        self.steps[target] = Step(target, level, Name(full), origin, derivation.codes, as_code, derivation.width or 0)
        self.kinds[target] = kind
        return kind

    def ruled(self, name: str, rule: Rule, target: str | None = None, as_code: bool = False) -> Kind | None:
        """A step for a variable, domain or part of the design that is a rule."""
        kind, found = check(rule.expression, self.kinds, rule.origin, persons=self.survey.has_persons)
        self.faults += found
        if found:
            return None
        target = target or name
        level = kind.level or "household"
        self.steps[target] = Step(target, level, rule.expression, rule.origin, None, as_code)
        self.kinds[target] = Kind(kind.type, level, kind.labels)
        return kind

    def contract(self, name: str) -> None:
        """Compare a variable of the survey with what the measure declares."""
        declared = self.measure.variables[name]
        derivation = self.survey.variables.get(name)
        if derivation is None:
            remedy = nearest(name, self.survey.variables) or "add it under `variables:`"
            text = f"the survey {self.survey.name} does not supply {name!r}, which {self.measure.name} reads"
            self.fault("MPI-S010", self.survey.place, text, remedy)
            return
        kind = self.kinds.get(name)
        if kind is None:
            return
        place = derivation.rule.origin.at(0) if derivation.rule else derivation.place
        if kind.type not in (declared.kind.type, "unsure"):
            self.fault("MPI-S011", place, f"{name!r} is a {kind.type} here; {self.measure.name} declares a "
                       f"{declared.kind.type}", "compare or recode it: no value is converted silently")  # fmt: skip
        if declared.kind.level == "household" and kind.level == "person":
            self.fault("MPI-S012", place, f"{name!r} differs between the members of a household here; "
                       f"{self.measure.name} declares it for the household",
                       "take it from a household table, or use an aggregate")  # fmt: skip
        if declared.kind.labels is None or kind.type != "text":
            return
        strange = sorted((kind.labels or frozenset()) - declared.kind.labels)
        if strange:
            self.fault("MPI-S013", place, f"{name!r} can be {listed(strange)} here; {self.measure.name} declares "
                       f"{listed(sorted(declared.kind.labels))}")  # fmt: skip
        elif kind.labels is None:
            step = self.steps[name]
            self.steps[name] = Step(step.name, step.level, step.expression, step.origin, step.codes, step.as_code,
                                    step.width, declared.kind.labels)  # fmt: skip

    def derived(self) -> None:
        """Steps for what the measure derives, with the levels that the survey's variables really have."""
        measure = self.measure
        actual = {name: measure.variables[name] for name in measure.variables}
        kinds, _ = rule_scope(actual, measure.derived)
        wanted = [n for i in measure.indicators for r in (i.eligible, i.deprived) if r for n in names(r.expression)]
        ordered, _ = order(measure.derived, wanted)
        scope = {name: self.kinds.get(name, kind) for name, kind in kinds.items() if name not in measure.derived}
        for name in ordered:
            rule = measure.derived[name]
            kind, found = check(rule.expression, scope, rule.origin, persons=self.survey.has_persons)
            self.faults += found
            scope[name] = Kind(kind.type, kind.level or "household", kind.labels)
            self.steps[name] = Step(name, scope[name].level or "household", rule.expression, rule.origin)
        for indicator in measure.indicators:
            for used in (indicator.eligible, indicator.deprived):
                if used is not None:
                    self.faults += check(used.expression, scope, used.origin, persons=self.survey.has_persons)[1]

    def design(self) -> None:
        """Steps for the weight, the strata, the PSUs and the number of members."""
        design = self.survey.design
        if design.weight is not None:
            self.one("design:weight", design.weight, "the weight", "number")
        if self.survey.members is not None:
            self.one("design:members", self.survey.members, "the number of members", "number")
        for key, derivations in (("stratum", design.stratum), ("psu", design.psu)):
            self.parts[key] = []
            for i, derivation in enumerate(derivations):
                target = f"design:{key}{i}"
                self.parts[key].append(target)
                self.grouping(key, derivation, target, f"the {key}")

    def one(self, target: str, rule: Rule, user: str, wanted: str) -> None:
        own = self.local(rule, "", user)
        kind = self.ruled(target, own) if own is not None else None
        if kind is not None and kind.type not in (wanted, "unsure"):
            self.fault("MPI-D012", rule.origin.at(0), f"{user} is a {kind.type}, not a {wanted}")

    def grouping(self, name: str, derivation: Derivation, target: str, user: str) -> Kind | None:
        """A step for a domain or a part of the design: codes as texts."""
        if derivation.rule is None:
            return self.coded(name, derivation, user, as_code=True, target=target)
        rule = self.local(derivation.rule, "", user)
        if rule is None:
            return None
        for needed in names(rule.expression):
            if needed in self.survey.variables and needed not in self.steps:
                self.extra(needed)
        return self.ruled(name, rule, target, as_code=True)

    def extra(self, name: str) -> None:
        """A variable of the survey that only a domain or the design needs."""
        for needed in reversed(self.reached([name])):
            derivation = self.survey.variables[needed]
            if needed in self.steps:
                continue
            if derivation.column is not None:
                self.coded(needed, derivation, f"the variable {needed}", as_code=derivation.width is not None)
            elif derivation.rule is not None:
                rule = self.local(derivation.rule, needed, f"the variable {needed}")
                if rule is not None:
                    self.ruled(needed, rule)

    def domains(self, wanted: Sequence[str] | None) -> list[tuple[str, Level]]:
        """Steps for the domains."""
        known = self.survey.domains
        for name in wanted or ():
            if name not in known:
                remedy = nearest(name, known) or f"the survey has {', '.join(known) or 'none'}"
                self.fault("MPI-E002", None, f"the survey {self.survey.name} has no domain {name!r}", remedy)
        chosen: list[tuple[str, Level]] = []
        for name in known if wanted is None else wanted:
            derivation = known.get(name)
            if derivation is None or self.absent(name, derivation, asked=wanted is not None):
                continue
            kind = self.grouping(name, derivation, f"domain:{name}", f"the domain {name}")
            if kind is not None:
                chosen.append((name, kind.level or "household"))
        return chosen

    def absent(self, name: str, derivation: Derivation, asked: bool) -> bool:
        """Whether an optional domain's columns are not in these files."""
        if not derivation.optional or asked:
            return False
        read = (
            [derivation.column]
            if derivation.column
            else list(names(derivation.rule.expression))
            if derivation.rule
            else []
        )
        lacking = [c for c in read if c is not None and c not in self.raw and c not in self.survey.variables]
        if lacking:
            self.notices.append(Notice("MPI-N002", f"no domain {name!r}: the files have no column {listed(lacking)}"))
        return bool(lacking)

    def plan(self, domains: list[tuple[str, Level]]) -> Plan:
        needs: dict[str, dict[str, None]] = {}
        for step in self.steps.values():
            for name in names(step.expression):
                if "." in name:
                    table, column = name.split(".", 1)
                    needs.setdefault(table, {})[column] = None
        judgements = tuple(Judgement(i.name, i.deprived, i.eligible, i.nobody) for i in self.measure.indicators)
        return Plan(
            {table: tuple(columns) for table, columns in needs.items()}, tuple(self.steps.values()), judgements,
            tuple(domains), "design:weight" if self.survey.design.weight is not None else None,
            "design:members" if self.survey.members is not None else None, tuple(self.parts["stratum"]),
            tuple(self.parts["psu"]), {name: step.level for name, step in self.steps.items()}, tuple(self.notices),
        )  # fmt: skip
