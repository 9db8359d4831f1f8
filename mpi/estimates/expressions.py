"""Expressions over estimates: `H[1/5] - H[1/3]`, `H[zona=2] / H[zona=1]`, `log(M0[total])`.

A text becomes a tree of which each leaf is a number or a reference: a statistic, with its cutoff, its indicator or
dimension, and its domain where they are not those of the row. Only smooth functions are offered, since an error by the
delta method needs a derivative.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from mpi.errors import Fault, UsageError, nearest
from mpi.estimates.slopes import Sloped, constant, exp, log, sqrt
from mpi.language import phrase
from mpi.vocabulary.statistics import STATISTICS

FUNCTIONS: Mapping[str, Callable[..., Sloped]] = {"exp": exp, "log": log, "sqrt": sqrt}
MOST = 2_000  # characters
DEEPEST = 50  # parentheses
_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<number>\d+\.?\d*|\.\d+)
      | (?P<name>[^\W\d]\w*)
      | \[(?P<inside>(?:"[^"]*"|[^\]"])*)\]
      | (?P<operator>\*\*|[-+*/^()])""",
    re.VERBOSE,
)
_ARGUMENT = re.compile(r'(?:"[^"]*"|[^,"])+')


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure that an expression reads.

    Attributes
    ----------
    statistic : str
    what : tuple of str
        Texts in brackets without `=`: a cutoff, an indicator, a dimension; which of them it is, the measure says.
    domain : tuple of (str, str), or None
        Names and codes of a domain that is named; empty for the total; None for that of the row.
    at : int
        Position in the text.
    """

    statistic: str
    what: tuple[str, ...]
    domain: tuple[tuple[str, str], ...] | None
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or function and what it works on."""

    name: str
    parts: tuple[Tree, ...]


Tree: TypeAlias = "Fraction | Reference | Operation"


@dataclass(frozen=True, slots=True)
class Expression:
    """A derived figure: its name, its text, and the tree of the text."""

    name: str
    text: str
    tree: Tree

    def references(self) -> Iterator[Reference]:
        """The figures that it reads, in the order of the text."""
        todo = [self.tree]
        while todo:
            one = todo.pop(0)
            if isinstance(one, Reference):
                yield one
            elif isinstance(one, Operation):
                todo = [*one.parts, *todo]

    def value(self, read: Callable[[Reference], Sloped]) -> Sloped:
        """Its value and slopes, from those of the figures that it reads."""
        like = read(next(self.references()))
        return _value(self.tree, read, like)


def _value(tree: Tree, read: Callable[[Reference], Sloped], like: Sloped) -> Sloped:
    if isinstance(tree, Fraction):
        return constant(float(tree), like)
    if isinstance(tree, Reference):
        return read(tree)
    parts = [_value(part, read, like) for part in tree.parts]
    if tree.name == "^" and isinstance(power := tree.parts[1], Fraction):
        return parts[0] ** float(power)
    return (FUNCTIONS if tree.name in FUNCTIONS else _OPERATORS)[tree.name](*parts)


_OPERATORS: Mapping[str, Callable[..., Sloped]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow,
    "negative": operator.neg,
}  # fmt: skip


def expression(name: str, text: str) -> Expression:
    """Read an expression.

    Parameters
    ----------
    name : str
        What the figure is called: an identifier, no name of a statistic.
    text : str
        Numbers, figures (`H`, `M0[1/5]`, `censored_headcount[water, 1/3]`, `H[zona=1]`, `H[total]`), `+ - * / ^`,
        parentheses, `log`, `exp`, `sqrt`.

    Raises
    ------
    UsageError
        With the position of what cannot be read.

    Examples
    --------
    >>> [one.what for one in expression("band", "H[1/5] - H[1/3]").references()]
    [('1/5',), ('1/3',)]
    """
    if not name.isidentifier() or name in STATISTICS:
        wrong = phrase("a derived figure cannot be called {name!r}", name=name)
        remedy = phrase("give it a name of letters, digits and _ that no statistic has")
        raise UsageError(Fault("MPI-E040", None, wrong, remedy))
    if len(text) > MOST:
        wrong = phrase("{name}: an expression of {length:,} characters is too long", name=name, length=len(text))
        raise UsageError(Fault("MPI-E040", None, wrong, phrase("write it in several, of {most:,} at most", most=MOST)))
    reader = _Reader(name, text)
    made = Expression(name, text, reader.whole())
    if next(made.references(), None) is None:
        raise reader.wrong(0, phrase("it reads no figure"), phrase("name a statistic, such as {name}", name="H[1/3]"))
    return made


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Reader:
    """Reads one expression from left to right, by the usual precedence of operators."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.tokens = list(self._tokens())
        self.next = self.depth = 0

    def wrong(self, at: int, what: str, remedy: str = "") -> UsageError:
        """A fault at a position of the text, from 0."""
        text = phrase("{name}: {text}, character {at}: {what}", name=self.name, text=self.text, at=at + 1, what=what)
        return UsageError(Fault("MPI-E040", None, text, remedy))

    def _tokens(self) -> Iterator[_Token]:
        at = 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None:
                sign = self.text[at]
                remedy = phrase("write + - * / ^, parentheses, log, exp, sqrt and figures such as H[1/3]")
                if sign == "[":
                    raise self.wrong(at, phrase("the bracket is not closed"), phrase("close it with ]"))
                raise self.wrong(at, phrase("{sign!r} is no part of an expression", sign=sign), remedy)
            if match.lastgroup != "blank":
                kind = str(match.lastgroup)
                yield _Token(kind, match[kind], at)
            at = match.end()
        yield _Token("end", "", len(self.text))

    def _take(self, *operators: str) -> _Token | None:
        """The next token, if it is one of these operators."""
        token = self.tokens[self.next]
        if token.kind != "operator" or token.text not in operators:
            return None
        self.next += 1
        return token

    def whole(self) -> Tree:
        found = self._sum()
        rest = self.tokens[self.next]
        if rest.kind != "end":
            what = phrase("{sign!r} was not expected", sign=rest.text or self.text[rest.at])
            raise self.wrong(rest.at, what, phrase("put an operator between two figures, and close parentheses"))
        return found

    def _sum(self) -> Tree:
        found = self._product()
        while (token := self._take("+", "-")) is not None:
            found = Operation(token.text, (found, self._product()))
        return found

    def _product(self) -> Tree:
        found = self._signed()
        while (token := self._take("*", "/")) is not None:
            found = Operation(token.text, (found, self._signed()))
        return found

    def _signed(self) -> Tree:
        if self._take("-") is not None:
            return Operation("negative", (self._nested(self._signed),))
        return self._power()

    def _power(self) -> Tree:
        base = self._one()
        if self._take("^", "**") is None:
            return base
        return Operation("^", (base, self._nested(self._signed)))

    def _nested(self, read: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            what = phrase("more than {most} levels of parentheses and signs", most=DEEPEST)
            raise self.wrong(self.tokens[self.next].at, what, phrase("write it in several expressions"))
        found = read()
        self.depth -= 1
        return found

    def _one(self) -> Tree:
        token = self.tokens[self.next]
        if self._take("(") is not None:
            return self._closed()
        self.next += 1
        if token.kind == "number":
            return Fraction(token.text)
        if token.kind != "name":
            what = phrase("a number or figure is missing")
            raise self.wrong(token.at, what, phrase("name a statistic, such as {name}", name="H[1/3]"))
        if token.text in FUNCTIONS:
            if self._take("(") is None:
                what = phrase("{name} is a function", name=token.text)
                raise self.wrong(
                    token.at, what, phrase("write what it is of in parentheses: {name}(H)", name=token.text)
                )
            return Operation(token.text, (self._closed(),))
        return self._reference(token)

    def _closed(self) -> Tree:
        begin = self.tokens[self.next - 1].at
        found = self._nested(self._sum)
        if self._take(")") is None:
            raise self.wrong(begin, phrase("the parenthesis is not closed"), phrase("close it with )"))
        return found

    def _reference(self, token: _Token) -> Reference:
        if token.text not in STATISTICS:
            what = phrase("there is no statistic {name!r}", name=token.text)
            remedy = nearest(token.text, [*STATISTICS, *FUNCTIONS])
            raise self.wrong(token.at, what, remedy or phrase("write one of {names}", names=", ".join(STATISTICS)))
        inside = self.tokens[self.next]
        if inside.kind != "inside":
            return Reference(token.text, (), None, token.at)
        self.next += 1
        arguments = [part.strip() for part in _ARGUMENT.findall(inside.text)]
        domain: list[tuple[str, str]] = []
        texts: list[str] = []
        for part in arguments:
            name, equals, code = part.partition("=")
            if equals and name.strip() not in ("", ">"):
                domain.append((name.strip(), code.strip().strip('"')))
            elif part:
                texts.append(part.strip('"'))
        total = "total" in texts
        if total and domain:
            remedy = phrase("write the one or the other")
            raise self.wrong(inside.at, phrase("both the total and a domain are named"), remedy)
        pinned = () if total else tuple(domain) or None
        return Reference(token.text, tuple(one for one in texts if one != "total"), pinned, token.at)


def domains_read(expressions: Mapping[str, str]) -> list[str]:
    """The domains that expressions name in brackets, which a profile must have beside those of the rows."""
    read = [expression(name, text) for name, text in expressions.items()]
    return [name for one in read for figure in one.references() for name, _ in figure.domain or ()]
