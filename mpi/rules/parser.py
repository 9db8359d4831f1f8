"""Text of a rule to its tree: a precedence-climbing parser with bounded depth.

A parser library was weighed: its import and the building of its tables cost 0.05 s at each start, a third of what
a small survey's whole run may take, and its messages would be rewritten here anyway.

    expression = and {OR and}                 and  = not {AND not}           not = NOT not | comparison
    comparison = sum [(= <> < <= > >=) sum | [NOT] IN (literal, ...) | [NOT] BETWEEN sum AND sum | IS [NOT] NULL]
    sum = product {(+ -) product}             product = sign {(* /) sign}    sign = - sign | atom
    atom = number | 'text' | TRUE | FALSE | NULL | name | "name" | ( expression ) | CASE ... END | function(...)
"""

from __future__ import annotations

from typing import Any

from mpi.errors import nearest
from mpi.language import Phrase, number_phrase, phrase, template
from mpi.rules.functions import FUNCTIONS
from mpi.rules.syntax import (
    Arithmetic,
    Between,
    Call,
    Case,
    Comparison,
    Expression,
    In,
    IsNull,
    Junction,
    Literal,
    Name,
    Negative,
    Not,
    Origin,
    children,
)
from mpi.rules.tokens import SHORTER, RuleSyntaxError, Token, tokens

MAX_DEPTH = 50
MAX_HEIGHT = 100
SPLIT = phrase("split it with derived variables")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
STATA = {
    "inlist": template("write x IN (1, 2)"),
    "inrange": template("write x BETWEEN 1 AND 5"),
    "missing": template("write x IS NULL; here a missing value is unknown, not larger than every number"),
    "mi": template("write x IS NULL; here a missing value is unknown, not larger than every number"),
    "cond": template("write CASE WHEN ... THEN ... ELSE ... END"),
    "if": template("write CASE WHEN ... THEN ... ELSE ... END"),
    "ifelse": template("write CASE WHEN ... THEN ... ELSE ... END"),
    "iif": template("write CASE WHEN ... THEN ... ELSE ... END"),
    "avg": template("write MEAN(x)"),
    "average": template("write MEAN(x)"),
    "isnull": template("write x IS NULL"),
    "is_na": template("write x IS NULL"),
    "isna": template("write x IS NULL"),
    "nvl": template("write COALESCE(x, 0)"),
    "sumif": template("write SUM(CASE WHEN ... THEN x ELSE 0 END)"),
    "countif": template("write COUNT_IF(condition)"),
}


def parse(text: str, origin: Origin) -> Expression:
    """The tree of a rule.

    Raises
    ------
    RuleSyntaxError
        With the fault, its position and a remedy.
    """
    parser = _Parser(tokens(text, origin), origin)
    expression = parser.expression(0)
    parser.finish()
    _bound_height(expression, origin)
    return expression


def _bound_height(expression: Expression, origin: Origin) -> None:
    """Refuse a tree that those who walk it recursively could not."""
    level = [expression]
    for _ in range(MAX_HEIGHT + 1):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    text = phrase("more than {most} operations nested or in a row", most=MAX_HEIGHT)
    raise RuleSyntaxError(origin, "MPI-R005", level[0].at, text, SPLIT)


class _Parser:
    def __init__(self, words: list[Token], origin: Origin) -> None:
        self.words, self.origin, self.position = words, origin, 0

    @property
    def word(self) -> Token:
        return self.words[self.position]

    def fail(self, code: str, at: int, text: str, remedy: str = "") -> RuleSyntaxError:
        return RuleSyntaxError(self.origin, code, at, text, remedy)

    def advance(self) -> Token:
        word = self.word
        self.position += 1
        return word

    def accept(self, *texts: str) -> Token | None:
        if self.word.kind in ("operator", "keyword") and self.word.text in texts:
            return self.advance()
        return None

    def expect(self, text: str, missing: Phrase) -> Token:
        found = self.accept(text)
        if found is None:
            fault = phrase("{missing}, before {what}", missing=missing, what=self.shown())
            raise self.fail("MPI-R001", self.word.at, fault)
        return found

    def shown(self) -> str:
        return phrase("the end of the rule") if self.word.kind == "end" else repr(self.word.text)

    def finish(self) -> None:
        if self.word.kind == "end":
            return
        remedy = phrase("write BETWEEN ... AND ... for a range") if self.word.text in COMPARISONS else ""
        if self.word.text == ",":
            remedy = phrase("a number has a decimal point and no thousands separator: 2.5")
        raise self.fail("MPI-R001", self.word.at, phrase("{word} does not fit here", word=self.shown()), remedy)

    def expression(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            text = phrase("more than {most} levels deep", most=MAX_DEPTH)
            raise self.fail("MPI-R005", self.word.at, text, SPLIT)
        return self.junction("OR", depth)

    def junction(self, operator: str, depth: int) -> Expression:
        at = self.word.at
        operands = [self.junction("AND", depth) if operator == "OR" else self.negation(depth)]
        while self.accept(operator):
            operands.append(self.junction("AND", depth) if operator == "OR" else self.negation(depth))
        return operands[0] if len(operands) == 1 else Junction(operator, tuple(operands), at)

    def negation(self, depth: int) -> Expression:
        at, count = self.word.at, 0
        while self.accept("NOT"):
            count += 1
        operand = self.comparison(depth)
        for _ in range(_repeated(count)):
            operand = Not(operand, at)
        return operand

    def comparison(self, depth: int) -> Expression:
        left = self.chain(("+", "-"), depth)
        operator = self.accept(*COMPARISONS)
        if operator:
            return Comparison(operator.text, left, self.chain(("+", "-"), depth), operator.at)
        if found := self.accept("IS"):
            negated = self.accept("NOT") is not None
            self.expect("NULL", phrase("NULL is missing after IS"))
            return IsNull(left, negated, found.at)
        at, negated = self.word.at, self.accept("NOT") is not None
        if self.accept("IN"):
            return In(left, self.items(depth), negated, at)
        if self.accept("BETWEEN"):
            low = self.chain(("+", "-"), depth)
            self.expect("AND", phrase("AND is missing after BETWEEN"))
            return Between(left, low, self.chain(("+", "-"), depth), negated, at)
        if negated:
            text = phrase("IN or BETWEEN is missing after NOT, before {what}", what=self.shown())
            raise self.fail("MPI-R001", self.word.at, text)
        return left

    def items(self, depth: int) -> tuple[Literal, ...]:
        self.expect("(", phrase("( is missing after IN"))
        found: list[Literal] = []
        while True:
            at, item = self.word.at, _literal(self.chain(("+", "-"), depth + 1))
            if item is None or isinstance(item.value, bool):
                text = phrase("a list after IN has only numbers or texts")
                raise self.fail("MPI-R001", at, text, phrase("join other conditions with OR"))
            if item.value is None:
                raise self.fail("MPI-R011", at, phrase("NULL cannot be in a list"), phrase("add OR x IS NULL"))
            found.append(item)
            if not self.accept(","):
                break
        self.expect(")", phrase(") is missing at the end of the list"))
        return tuple(found)

    def chain(self, operators: tuple[str, ...], depth: int) -> Expression:
        products = operators == ("+", "-")
        left = self.chain(("*", "/"), depth) if products else self.sign(depth)
        while operator := self.accept(*operators):
            right = self.chain(("*", "/"), depth) if products else self.sign(depth)
            left = Arithmetic(operator.text, left, right, operator.at)
        return left

    def sign(self, depth: int) -> Expression:
        at, count = self.word.at, 0
        while self.accept("-"):
            count += 1
        operand = self.atom(depth)
        for _ in range(_repeated(count)):
            operand = Negative(operand, at)
        return operand

    def atom(self, depth: int) -> Expression:
        word = self.advance()
        match word.kind:
            case "number":
                return Literal(self.number(word), word.at)
            case "text":
                return Literal(word.text, word.at)
            case "quoted":
                return Name(word.text, word.at)
            case "name":
                return self.call(word, depth) if self.accept("(") else Name(word.text, word.at)
        if word.kind == "keyword" and word.text in ("TRUE", "FALSE", "NULL"):
            return Literal({"TRUE": True, "FALSE": False, "NULL": None}[word.text], word.at)
        if word.kind == "keyword" and word.text == "CASE":
            return self.case(word, depth + 1)
        if word.kind == "operator" and word.text == "(":
            inside = self.expression(depth + 1)
            self.expect(")", phrase(") is missing to close the parenthesis"))
            return inside
        self.position -= 1
        text = phrase("a value is missing before {what}", what=self.shown())
        raise self.fail("MPI-R001", word.at, text, self.habit(word))

    def habit(self, word: Token) -> str:
        if word.kind == "keyword":
            return phrase(
                '{word} is a word of the rule language; a column with that name is written "{word}"', word=word.text
            )
        return ""

    def number(self, word: Token) -> int | float:
        if word.text.isdigit():
            value = int(word.text)
            if value >= 2**63:
                raise self.fail("MPI-R005", word.at, phrase("an integer of more than 63 bits"), SHORTER)
            return value
        return float(word.text)

    def case(self, word: Token, depth: int) -> Expression:
        branches: list[tuple[Expression, Expression]] = []
        while self.accept("WHEN"):
            condition = self.expression(depth)
            self.expect("THEN", phrase("THEN is missing in CASE"))
            branches.append((condition, self.expression(depth)))
        if not branches:
            remedy = phrase("write CASE WHEN x = 1 THEN ... ELSE ... END")
            raise self.fail("MPI-R001", self.word.at, phrase("CASE needs WHEN"), remedy)
        otherwise = self.expression(depth) if self.accept("ELSE") else None
        self.expect("END", phrase("END is missing at the end of CASE"))
        return Case(tuple(branches), otherwise, word.at)

    def call(self, word: Token, depth: int) -> Expression:
        function = word.text.upper()
        if function not in FUNCTIONS:
            habit = STATA.get(word.text.lower())
            remedy = phrase(habit) if habit else nearest(function, FUNCTIONS)
            remedy = remedy or phrase("the functions are {names}", names=", ".join(FUNCTIONS))
            raise self.fail("MPI-R004", word.at, phrase("there is no function {name}", name=word.text), remedy)
        arguments: list[Expression] = []
        least, most = FUNCTIONS[function].arguments
        starred = not most and self.accept("*")
        if not starred and not (self.word.kind == "operator" and self.word.text == ")"):
            arguments.append(self.expression(depth + 1))
            while self.accept(","):
                arguments.append(self.expression(depth + 1))
        self.expect(")", phrase(") is missing to close {function}(", function=function))
        if not least <= len(arguments) <= most:
            given: dict[str, Any] = {"function": function, "least": least, "given": len(arguments)}
            if most > least:
                text = phrase("{function} takes {least} to {most} arguments, not {given}", most=most, **given)
            else:
                text = number_phrase(
                    most,
                    "{function} takes {number} argument, not {given}",
                    "{function} takes {number} arguments, not {given}",
                    **given,
                )
            remedy = phrase("to count the members that meet a condition write COUNT_IF(condition)") if not most else ""
            raise self.fail("MPI-R004", word.at, text, remedy)
        return Call(function, tuple(arguments), word.at)


def _repeated(count: int) -> int:
    """How many of many equal signs to keep: one or two are equivalent, and the operand's type is still checked."""
    return 0 if count == 0 else 2 - count % 2


def _literal(node: Expression) -> Literal | None:
    """The literal that a node is, with its minus; None for others."""
    match node:
        case Negative(Literal(bool())):
            return None
        case Negative(Literal(int() | float() as value)):
            return Literal(-value, node.at)
    return node if isinstance(node, Literal) else None
