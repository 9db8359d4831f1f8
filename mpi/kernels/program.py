"""Rules as programs of the kernels: what persons say, folded into words a household, then each indicator's verdict.

What the kernels do not do (texts, sums that round, whole numbers of 64 bits, a household's value in a rule of persons)
is computed by numpy, as `mpi.rules.evaluate` does, and comes in as a column. Whatever is compiled has the same value,
to the last bit, as `mpi.rules` gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mpi.columns.values import Number, Text, Truth, Values
from mpi.kernels import operations
from mpi.kernels.codes import Kind, Op
from mpi.kernels.operations import KINDS, NULL, Condition, Constant, Numbers, Unfit, Value, negated
from mpi.kernels.registers import ONES, Builder, Code
from mpi.rules import Expression
from mpi.rules.checking import joint_level
from mpi.rules.functions import is_aggregate
from mpi.rules.syntax import (
    Arithmetic,
    Between,
    Call,
    Case,
    Comparison,
    In,
    IsNull,
    Junction,
    Literal,
    Name,
    Negative,
    Not,
    children,
)
from mpi.vocabulary.options import Level

SIZES, JOINED, COUNTED, SUMMED = "sizes", "joined", "counted", "summed"  # columns that the persons' program gives
MOST_MEMBERS = 255  # of a household: numbers of members are bytes
WORD = 64


class Asked(NamedTuple):
    """What numpy computes for a program: an expression at a level, with the members that its aggregates see."""

    expression: Expression
    level: Level
    eligible: Expression | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one indicator is judged: the rule, whom it is about, whether there is anybody, and what is said if not."""

    deprived: Expression
    eligible: Expression | None
    anyone: Expression | None
    nobody: str | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Program:
    """The verdicts of a measure as instructions.

    Attributes
    ----------
    persons, households : Code
    joined, added : list of int
        Registers of the persons' words that a household combines bit by bit, and of those that it adds up: first the
        numbers of persons, eight to a word, then sums.
    counts : int
        How many words of numbers there are.
    results : list of int
        Registers of the households' words: the pattern, and the unknown if any verdict can be.
    """

    persons: Code
    households: Code
    joined: list[int]
    added: list[int]
    counts: int
    results: list[int]


@dataclass(slots=True, eq=False, kw_only=True)
class Compiler:
    """Compiles the verdicts of a measure for columns of certain types.

    Attributes
    ----------
    definitions : mapping of str to (level, Expression)
        Variables by their rules.
    level_of : callable
        The level of a column.
    fetch : callable
        The values of what is asked for, in a block of the kind to come.
    partly : set of Asked
        What may be unknown, though all of it is known in that block.
    """

    definitions: Mapping[str, tuple[Level, Expression]]
    level_of: Callable[[str], Level]
    fetch: Callable[[Asked], Values]
    partly: set[Asked]
    persons: Builder = field(default_factory=Builder)
    households: Builder = field(default_factory=Builder)
    bits: list[int] = field(default_factory=list)
    planes: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    met: dict[Hashable, tuple[Value, Any]] = field(default_factory=dict)

    def program(self, verdicts: Sequence[Verdict]) -> Program:
        """The program of some verdicts, at most 64.

        Raises
        ------
        Unfit
            If one cannot be computed.
        """
        households, persons = self.households, self.persons
        pattern: list[int] = []
        unknown: list[int] = []
        total = True
        for j, one in enumerate(verdicts):
            found = self._verdict(one)
            households.pack(pattern, found.true, j)
            open_ = operations.none(households) if found.total else self._unknown(households, found)
            households.pack(unknown, open_, j)
            total = total and found.total
        results = [households.word(planes) for planes in ([pattern] if total else [pattern, unknown])]
        joined = [persons.word(self.planes[i : i + 8]) for i in range(0, len(self.planes), 8)]
        added = [persons.word(self.counts[i : i + 8]) for i in range(0, len(self.counts), 8)] + self.sums
        return Program(
            persons=persons.finished([*joined, *added]),
            households=households.finished(results),
            joined=joined,
            added=added,
            counts=len(added) - len(self.sums),
            results=results,
        )

    def _verdict(self, one: Verdict) -> Condition:
        verdict = self._condition(one.deprived, "household", one.eligible)
        if one.anyone is None:
            return verdict
        someone, b = self._condition(one.anyone, "household", None), self.households
        zero = operations.none(b)
        other = (
            Condition(zero, zero, False) if one.nobody == "unknown" else operations.fixed(b, one.nobody == "deprived")
        )

        def chosen(v: int, o: int) -> int:
            parts = [(someone.true, v), (someone.false, o), (v, o)]
            first, second, both = (b.emit(Op.AND, a=x, b=y, gives=Kind.MASK) for x, y in parts)
            either = b.emit(Op.OR, a=first, b=second, gives=Kind.MASK)
            return b.emit(Op.OR, a=either, b=both, gives=Kind.MASK)

        total = someone.total and verdict.total and other.total
        return Condition(chosen(verdict.true, other.true), chosen(verdict.false, other.false), total)

    # Values.

    def _value(self, node: Expression, level: Level, eligible: Expression | None) -> Value:
        key = id(node), level, id(eligible)
        if key not in self.met:  # with the nodes, so that their identity stays theirs
            self.met[key] = self._compiled(node, level, eligible), (node, eligible)
        return self.met[key][0]

    def _compiled(self, node: Expression, level: Level, eligible: Expression | None) -> Value:
        if isinstance(node, Literal):
            if isinstance(node.value, str):
                raise Unfit
            return Constant(node.value)
        if self._level(node) != level:  # a household's value in a rule of persons, or constants alone
            return self._asked(node, level, eligible)
        if isinstance(node, Name) and node.name not in self.definitions:
            return self._asked(node, level, None)
        try:
            return self._made(node, level, eligible)
        except Unfit:
            return self._asked(node, level, eligible)

    def _level(self, node: Expression) -> Level | None:
        if isinstance(node, Name):
            return self.definitions[node.name][0] if node.name in self.definitions else self.level_of(node.name)
        return "household" if is_aggregate(node) else joint_level(self._level(part) for part in children(node))

    def _asked(self, node: Expression, level: Level, eligible: Expression | None) -> Value:
        """A column that is computed by numpy, or stands in the block."""
        asked, b = Asked(node, level, eligible), self._builder(level)
        values = self.fetch(asked)
        partly = values.known is not None or asked in self.partly
        known = b.input(asked, "known", Kind.MASK, partly=True) if partly else ONES
        match values:
            case Text():
                raise Unfit
            case Number():
                kind = KINDS[values.values.dtype]
                return Numbers(b.input(asked, "values", kind, partly=partly), kind, known)
            case Truth():
                true = b.input(asked, "true", Kind.MASK, partly=partly)
                return Condition(true, b.emit(Op.AND_NOT, a=known, b=true, gives=Kind.MASK), not partly)

    def _made(self, node: Expression, level: Level, eligible: Expression | None) -> Value:
        b = self._builder(level)

        def value(part: Expression) -> Value:
            return self._value(part, level, eligible)

        match node:
            case Name():
                rule = self.definitions[node.name][1]
                if self._level(rule) != level:  # of a household, or a constant, for each person
                    raise Unfit
                return self._value(rule, level, None)
            case Negative():
                return operations.arithmetic(b, "-", Constant(0), value(node.operand))
            case Arithmetic():
                return operations.arithmetic(b, node.operator, value(node.left), value(node.right))
            case Case():
                branches = [(operations.truth(b, value(a)), value(c)) for a, c in node.branches]
                return operations.first_true(b, branches, NULL if node.otherwise is None else value(node.otherwise))
            case Call() if is_aggregate(node):
                return self._aggregate(node, eligible)
            case Call():
                return operations.function(b, node.function, [value(part) for part in node.arguments])
        return self._decided(b, node, value)

    def _decided(self, b: Builder, node: Expression, value: Callable[[Expression], Value]) -> Condition:
        """A condition that its parts decide."""
        match node:
            case Not():
                return negated(operations.truth(b, value(node.operand)))
            case Junction():
                return operations.junction(b, node.operator, [operations.truth(b, value(one)) for one in node.operands])
            case Comparison():
                return operations.compare(b, node.operator, value(node.left), value(node.right))
            case In():
                found = operations.contains(b, value(node.operand), [item.value for item in node.items])
                return negated(found) if node.negated else found
            case Between():
                found = operations.between(b, value(node.operand), value(node.low), value(node.high))
                return negated(found) if node.negated else found
            case IsNull():
                known = operations.where_known(b, value(node.operand))
                false = b.emit(Op.NOT, a=known, gives=Kind.MASK)
                return Condition(known, false, True) if node.negated else Condition(false, known, True)
        raise Unfit

    def _builder(self, level: Level) -> Builder:
        return self.persons if level == "person" else self.households

    def _condition(self, node: Expression, level: Level, eligible: Expression | None) -> Condition:
        return operations.truth(self._builder(level), self._value(node, level, eligible))

    # What households make of their members.

    def _aggregate(self, node: Call, eligible: Expression | None) -> Value:
        member = None if eligible is None else self._condition(eligible, "person", None)
        b = self.persons
        match node.function:
            case "COUNT":
                return self._sizes() if member is None else self._number_met(member)
            case "COUNT_IF":
                return self._number_met(self._seen(node, member))
            case "ANY":
                return self._some(self._seen(node, member))
            case "ALL":
                met = negated(self._condition(node.arguments[0], "person", None))
                return negated(self._some(met if member is None else operations.junction(b, "AND", [member, met])))
            case "SUM" | "MEAN":
                return self._summed(node, member)
        raise Unfit

    def _seen(self, node: Call, member: Condition | None) -> Condition:
        condition = self._condition(node.arguments[0], "person", None)
        return condition if member is None else operations.junction(self.persons, "AND", [member, condition])

    def _sizes(self) -> Numbers:
        return Numbers(self.households.input(SIZES, "values", Kind.INT16), Kind.INT16)

    def _any(self, mask: int) -> int:
        """The mask of the households that have a person of a mask."""
        if mask not in self.bits:
            self.persons.pack(self.planes, mask, len(self.bits))
            self.bits.append(mask)
        word, bit = divmod(self.bits.index(mask), WORD)
        words = self.households.input((JOINED, word), "values", Kind.INT64)
        return self.households.emit(Op.BIT, a=words, gives=Kind.MASK, n=bit)

    def _number(self, mask: int) -> int:
        """The number of persons of a mask in each household, which is a byte."""
        if mask not in self.counts:
            self.counts.append(mask)
        word, byte = divmod(self.counts.index(mask), 8)
        words = self.households.input((COUNTED, word), "values", Kind.INT64)
        return self.households.emit(Op.BYTE, a=words, gives=Kind.INT16, n=byte)

    def _unknown(self, b: Builder, condition: Condition) -> int:
        return b.emit(Op.NEITHER, a=condition.true, b=condition.false, gives=Kind.MASK)

    def _some(self, met: Condition) -> Condition:
        """Whether any member meets a condition: unknown if none does and one is unknown."""
        b = self.households
        true = self._any(met.true)
        if met.total:
            return Condition(true, b.emit(Op.NOT, a=true, gives=Kind.MASK), True)
        unknown = self._any(self._unknown(self.persons, met))
        return Condition(true, b.emit(Op.NEITHER, a=true, b=unknown, gives=Kind.MASK), False)

    def _number_met(self, met: Condition) -> Numbers:
        known = ONES if met.total else self._nobody(self._unknown(self.persons, met))
        return Numbers(self._number(met.true), Kind.INT16, known)

    def _nobody(self, mask: int) -> int:
        return self.households.emit(Op.NOT, a=self._any(mask), gives=Kind.MASK)

    def _summed(self, node: Call, member: Condition | None) -> Numbers:
        """SUM and MEAN of whole numbers of up to 32 bits, which cannot leave 64 in a household."""
        p, b = self.persons, self.households
        value = self._value(node.arguments[0], "person", None)
        if not isinstance(value, Numbers) or value.kind > Kind.INT32:
            raise Unfit
        inside = ONES if member is None else member.true
        counted = operations.both(p, inside, value.known)
        masked = p.emit(Op.MASKED, value.kind, value.register, g=counted, gives=Kind.INT64)
        if masked not in self.sums:
            self.sums.append(masked)
        total = b.input((SUMMED, self.sums.index(masked)), "values", Kind.INT64)
        known = ONES
        if value.known != ONES:
            known = self._nobody(p.emit(Op.AND_NOT, a=inside, b=value.known, gives=Kind.MASK))
        if member is not None and not member.total:
            known = operations.both(b, known, self._nobody(self._unknown(p, member)))
        if node.function == "SUM":
            return Numbers(total, Kind.INT64, known)
        number = self._sizes().register if member is None else self._number(inside)
        mean, some = b.emit_two(Op.MEAN, 0, total, number, gives=Kind.DOUBLE)
        return Numbers(mean, Kind.DOUBLE, known if member is None else operations.both(b, some, known))
