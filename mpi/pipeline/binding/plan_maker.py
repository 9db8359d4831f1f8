"""The steps of a plan as they are collected: each variable and domain becomes one, each misfit a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from mpi.columns.values import LARGEST_EXACT
from mpi.errors import Fault, Faults, Notice, Place, joined, listed, nearest, phrase
from mpi.pipeline.binding.columns import Columns, true_labels, which_table
from mpi.pipeline.binding.plan import Step
from mpi.rules import Expression, Kind, Name, Origin, Rule, check, names, order, renamed
from mpi.source import OpenedSurvey, labelled
from mpi.specs.children import CHILDREN
from mpi.specs.measure import Measure, read_by_rules, rule_scope, variables_of
from mpi.specs.survey import Derivation, as_read_by
from mpi.vocabulary.options import Level

# Misfits of a text where another type is wanted.
OF_TYPES = ("MPI-S011", "MPI-D012", "MPI-D014", "MPI-R007", "MPI-R013")


class Binder:
    """Collects steps in the order of computation.

    Attributes
    ----------
    kinds : dict of str to Kind
        Type and level of every column of the block so far, raw ones included.
    steps : dict of str to Step
    also : mapping of str to Rule
        Rules over the measure's variables that give numbers of a unit, by the name of their column in a block.
    met : dict of str to bool
        The survey's variables that were looked at, and whether they are good.
    """

    def __init__(
        self, measure: Measure, opened: OpenedSurvey, *, children: bool = False, also: Mapping[str, Rule] | None = None
    ) -> None:
        opened = replace(opened, survey=as_read_by(opened.survey, measure.name))
        self.measure, self.survey, self.children, self.also = measure, opened.survey, children, also or {}
        self.faults = Faults()
        self.notices: list[Notice] = []
        self.columns = Columns(opened, self.faults)
        self.kinds = self.columns.kinds
        self.steps: dict[str, Step] = {}
        self.scope: Mapping[str, Kind] = {}
        self.met: dict[str, bool] = {}

    def needed(self) -> list[str]:
        """The measure's variables that its indicators, and the other rules, lead to."""
        return variables_of(self.measure, children=self.children, also=tuple(self.also.values()))

    def variable(self, name: str, path: tuple[str, ...] = ()) -> bool:
        """Steps for a variable of the survey and for those that it reads; False after a fault."""
        if name in self.met:
            return self.met[name]
        if name in path:
            ring = " -> ".join([*path[path.index(name) :], name])
            self.faults.add(
                "MPI-R014",
                self.survey.variables[name].place,
                phrase("circular definition of variables: {ring}", ring=ring),
                phrase("define one of them with columns only"),
            )
            return False
        derivation = self.survey.variables[name]
        user = phrase("the variable {name}", name=name)
        if derivation.rule is None:
            own = self.measure.variables.get(name)
            truth = own is not None and own.kind.type == "truth"
            lines, coded = derivation.lines, derivation.width is not None
            kind = self.coded(name, derivation, user, as_code=coded or lines is not None, truth=truth)
            if kind is not None and lines is not None:
                kind = self.kinds[name] = Kind("number", kind.level)
                self.steps[name] = replace(self.steps[name], lines=lines.numbers)
        else:
            rule = self.over_columns(derivation.rule, user, (*path, name))
            kind = (
                None
                if rule is None
                else self.ruled(name, rule, as_code=derivation.width is not None, width=derivation.width or 0)
            )
        self.met[name] = kind is not None
        return kind is not None

    def over_columns(self, rule: Rule, user: str, path: tuple[str, ...] = ()) -> Rule | None:
        """A survey's rule with raw columns under their names in the block; None after a fault.

        `path` holds the variable that the rule defines last: its own name in its rule is a raw column.
        """
        raw: dict[str, str] = {}
        good = True
        for name, at in names(rule.expression).items():
            place = rule.origin.at(at)
            if name not in self.survey.variables or name == (path[-1] if path else None):
                full = self.columns.find(name, place, user, way=partial(self._which, rule, name))
                good = good and full is not None
                raw[name] = full or name
                continue
            if name in self.columns.tables and not self.is_identity(name):
                text = phrase("{name!r} is both a variable and a column", name=name)
                self.faults.add("MPI-R015", place, text, phrase("give the variable another name"))
                good = False
            good = self.variable(name, path) and good
        return Rule(rule.text, renamed(rule.expression, raw), rule.origin) if good else None

    def _which(self, rule: Rule, name: str, table: str) -> str:
        """How to say that a column of a rule is of a table: alone, or as a variable that the rule then reads."""
        said = which_table(name, table)
        if rule.expression == Name(name):
            return phrase("say which: {said}", said=said)
        if name not in self.survey.variables:
            return phrase("say which, under `variables:`: `{name}: {said}`", name=name, said=said)
        own = next(f"{name}_{i}" for i in range(1, 1000) if f"{name}_{i}" not in self.survey.variables)
        return phrase("say which, under `variables:`: `{own}: {said}`, and read {own} here", own=own, said=said)

    def is_identity(self, name: str) -> bool:
        """Whether a variable is the column of its own name, so that either may be meant."""
        derivation = self.survey.variables[name]
        if derivation.rule is None:
            return derivation.column == name
        return derivation.rule.expression == Name(name)

    def coded(
        self, target: str, derivation: Derivation, user: str, *, as_code: bool, truth: bool = False
    ) -> Kind | None:
        """A step for a variable or domain that is one column, or the codes of several.

        Codes whose labels all say yes or no are a `truth` where the measure declares one.
        """
        if derivation.columns:
            return self.composed(target, derivation, user)
        opened, own = self.columns.opened, list[Fault]()
        derivation = labelled(derivation, opened.everything, opened.physical, own)
        self.faults.extend(own)
        full = None if own else self.columns.of_codes(derivation, user)
        if full is None:
            return None
        raw = self.kinds[full]
        kind = raw
        yes = true_labels(derivation.codes) if truth and derivation.codes is not None else None
        if yes is not None:
            kind = replace(raw, type="truth", labels=None)
        elif derivation.codes is not None:
            kind = replace(raw, type="text", labels=frozenset(derivation.codes.values()))
        elif as_code:
            kind = replace(raw, type="text")
        place = derivation.place or Place(self.survey.name)
        origin = Origin(place.file, place.line, place.column)
        exact = self.exact_below(Name(full))
        self.steps[target] = Step(
            name=target,
            level=kind.level or "household",
            expression=Name(full),
            origin=origin,
            codes=derivation.codes,
            yes=yes,
            as_code=as_code,
            width=derivation.width or 0,
            exact=exact,
        )
        self.kinds[target] = kind
        return kind

    def composed(self, target: str, derivation: Derivation, user: str) -> Kind | None:
        """A step for codes that are made up of several columns."""
        found = [
            self.columns.find(part.column, derivation.place, user, part.table or derivation.table)
            for part in derivation.columns
        ]
        full = [name for name in found if name is not None]
        if len(full) < len(found):
            return None
        level: Level = "person" if any(self.kinds[name].level == "person" for name in full) else "household"
        labels = None if derivation.codes is None else frozenset(derivation.codes.values())
        place = derivation.place or Place(self.survey.name)
        parts = tuple((Name(name), part.width) for name, part in zip(full, derivation.columns, strict=True))
        self.steps[target] = Step(
            name=target,
            level=level,
            expression=parts[0][0],
            origin=Origin(place.file, place.line, place.column),
            codes=derivation.codes,
            as_code=True,
            parts=parts,
            exact=min(self.exact_below(part) for part, _ in parts),
        )
        self.kinds[target] = Kind("text", level, labels)
        return self.kinds[target]

    def ruled(self, target: str, rule: Rule, *, as_code: bool = False, width: int = 0) -> Kind | None:
        """A step for a variable, domain or part of the design that is a rule; with a width, codes of whole numbers."""
        kind, found = check(rule.expression, self.kinds, rule.origin, persons=self.survey.has_persons)
        self.faults.extend(found)
        if found:
            return None
        kind = replace(kind, level=kind.level or "household")
        if width:
            kind = replace(kind, type="text", labels=None)
        self.steps[target] = Step(
            name=target,
            level=kind.level or "household",
            expression=rule.expression,
            origin=rule.origin,
            as_code=as_code,
            width=width,
            exact=self.exact_below(rule.expression),
        )
        self.kinds[target] = kind
        return kind

    def exact_below(self, expression: Expression) -> float:
        """From which whole number on codes that are one column cannot be told from their neighbours."""
        table, dot, column = expression.name.partition(".") if isinstance(expression, Name) else ("", "", "")
        return self.columns.opened.exact_below(table, column) if dot else LARGEST_EXACT

    def contract(self, name: str) -> None:
        """Compare a variable of the survey with what the measure declares."""
        declared, of = self.measure.variables[name].kind, self.measure.name
        derivation = self.survey.variables.get(name)
        if derivation is None:
            remedy = nearest(name, self.survey.variables) or phrase("add it under `variables:`")
            text = phrase(
                "the survey {name} does not supply {name2!r}, which {of} reads",
                name=self.survey.name,
                name2=name,
                of=of,
            )
            self.faults.add("MPI-S010", self.survey.place, text, remedy)
            return
        if not self.met[name]:
            return
        kind = self.kinds[name]
        place = derivation.place
        if kind.type not in (declared.type, "unsure"):
            text = phrase(
                "{name!r} is a {type} here; {of} declares a {type2}",
                name=name,
                type=kind.type,
                of=of,
                type2=declared.type,
            )
            remedy = phrase("compare or recode it: no value is converted silently")
            if declared.type == "truth":
                remedy = phrase(
                    "compare it, such as `{name}: COLUMN = 1`, or write `{name}: {{column: COLUMN, codes: {{1: yes, "
                    "2: no}}}}` with every code",
                    name=name,
                )
            self.faults.add("MPI-S011", place, text, remedy)
        if declared.level == "household" and kind.level == "person":
            text = phrase(
                "{name!r} differs between the members of a household here; {of} declares it for the household",
                name=name,
                of=of,
            )
            self.faults.add("MPI-S012", place, text, phrase("take it from a household table, or use an aggregate"))
        if declared.labels is None or kind.type != "text":
            return
        if kind.labels is None:
            self.steps[name] = replace(self.steps[name], declared=declared.labels)
        elif strange := sorted(kind.labels - declared.labels):
            text = phrase(
                "{name!r} can be {names} here; {of} declares {names2}",
                name=name,
                names=listed(strange),
                of=of,
                names2=listed(sorted(declared.labels)),
            )
            remedy = nearest(strange[0], declared.labels) or phrase(
                "write labels that the measure declares, or declare it there"
            )
            self.faults.add("MPI-S013", place, text, remedy)

    def derived(self) -> dict[str, Kind]:
        """Steps for what the measure derives, with the levels that the survey's variables really have; all kinds."""
        kinds, _ = rule_scope(self.measure.variables, self.measure.derived)
        read = read_by_rules(self.measure, children=self.children, also=tuple(self.also.values()))
        ordered, _ = order(self.measure.derived, read)
        scope = {name: self.kinds.get(name, kind) for name, kind in kinds.items() if name not in self.measure.derived}
        for name in ordered:
            rule = self.measure.derived[name]
            if name in self.steps:
                text = phrase("{name!r} is a variable of the survey {name2} too", name=name, name2=self.survey.name)
                self.faults.append(
                    rule.origin.fault("MPI-R015", 0, text, phrase("give the survey's variable another name"))
                )
            kind, found = check(rule.expression, scope, rule.origin, persons=self.survey.has_persons)
            self.faults.extend(found)
            scope[name] = replace(kind, level=kind.level or "household")
            self.steps[name] = Step(
                name=name, level=kind.level or "household", expression=rule.expression, origin=rule.origin
            )
        self.scope = scope
        rules = [rule for one in self.measure.indicators for rule in one.rules]
        for rule in (*rules, *self.measure.states):
            self.faults.extend(check(rule.expression, scope, rule.origin, persons=self.survey.has_persons)[1])
        return scope

    def number(self, target: str, derivation: Derivation | None, user: str) -> str | None:
        """A step for a rule or column that must give numbers."""
        if derivation is None:
            return None
        if derivation.rule is None:
            kind, place = self.coded(target, derivation, user, as_code=False), derivation.place
        else:
            own, place = self.over_columns(derivation.rule, user), derivation.rule.origin.at(0)
            kind = None if own is None else self.ruled(target, own)
        if kind is not None and kind.type not in ("number", "unsure"):
            text = phrase(
                "{user} is a text, not a number" if kind.type == "text" else "{user} is a truth, not a number",
                user=user,
            )
            self.faults.add("MPI-D012", place, text, phrase("store it as numbers, with a point for decimals"))
        return target

    def grouping(self, target: str, derivation: Derivation, user: str) -> Kind | None:
        """A step for a domain or a part of the design: codes as texts."""
        if derivation.rule is None:
            return self.coded(target, derivation, user, as_code=True)
        rule = self.over_columns(derivation.rule, user)
        return None if rule is None else self.ruled(target, rule, as_code=True, width=derivation.width or 0)

    def domains(self, wanted: Sequence[str] | None) -> tuple[tuple[str, Level], ...]:
        """Steps for the domains: their names and levels."""
        known = self.survey.domains
        chosen: list[tuple[str, Level]] = []
        for name in dict.fromkeys(known if wanted is None else wanted):
            if name not in known and name == CHILDREN:  # a word, where the measure says who they are
                lack = phrase("the measure {name} does not say who is a child", name=self.measure.name)
                self.faults.add("MPI-E213", None, lack, phrase("write `children: {{child: age < 18}}` in the measure"))
            elif name not in known:
                lacks = phrase("declare it under `domains:`")
                has = phrase("the survey has {names}", names=joined(known, ", ")) if known else lacks
                remedy = nearest(name, known) or has
                self.faults.add(
                    "MPI-E002",
                    None,
                    phrase("the survey {name} has no domain {name2!r}", name=self.survey.name, name2=name),
                    remedy,
                )
            elif wanted is not None or not self.absent(known[name]):
                target = f"domain:{name}"
                kind = self.grouping(target, known[name], phrase("the domain {name}", name=name))
                if kind is not None:
                    self.steps[target] = replace(self.steps[target], crosswalk=known[name].crosswalk)
                    chosen.append((name, kind.level or "household"))
        return tuple(chosen)

    def absent(self, domain: Derivation) -> bool:
        """Whether a domain is optional and its columns are not in these files."""
        read = [part.column for part in domain.columns] or [domain.column or ""]
        if domain.rule is not None:
            read = list(names(domain.rule.expression))
        lacking = [c for c in read if c not in self.columns.tables and c not in self.survey.variables]
        if not domain.optional or not lacking:
            return False
        text = phrase("no domain {name!r}: the files have no column {names}", name=domain.name, names=listed(lacking))
        self.notices.append(Notice("MPI-N002", text))
        return True

    def refuse(self) -> None:
        """Raise every misfit; where types do not fit, with what keeps columns of text from being numbers."""
        if any(fault.code in OF_TYPES for fault in self.faults):
            self.faults += dict.fromkeys(self.columns.nearly)
        self.faults.refuse()

    def needs(self) -> dict[str, tuple[str, ...]]:
        """For each table the raw columns that the steps read."""
        found: dict[str, dict[str, None]] = {}
        read = [name for step in self.steps.values() for name in names(step.expression)]
        read += [part.name for step in self.steps.values() for part, _ in step.parts]
        for name in [*read, *(name for pair in self.columns.doubled for name in pair)]:
            table, dot, column = name.partition(".")
            if dot:
                found.setdefault(table, {})[column] = None
        return {table: tuple(columns) for table, columns in found.items()}
