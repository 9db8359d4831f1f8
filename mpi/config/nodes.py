"""YAML as nodes with places: mappings that report unknown and repeated keys, scalars read by the kind that is wanted.

Every reading method adds a fault and returns None where the file is wrong, so that one pass reports everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar
from unicodedata import normalize

from mpi.config.keys.shapes import Keys, Whole
from mpi.config.lookalikes import disguise, look
from mpi.errors import Fault, Faults, Place, nearest, phrase
from mpi.files.digests import ConfigFile
from mpi.rules import Origin, Rule, parse
from mpi.rules.tokens import RuleSyntaxError
from mpi.specs.exact import fraction
from mpi.specs.texts import Texts

MAX_DIGITS = 9
SHOWN = 40  # characters of a value that a message quotes
IN_PAIRS = phrase("close each parenthesis; put a rule with a comma inside [ ] or {{ }} in double quotes")
NULLS = ("", "~", "null", "Null", "NULL")
YES_OR_NO = ("yes", "no", "true", "false")
T = TypeVar("T")
Choice = TypeVar("Choice", bound=str)


class Pairs(list["tuple[Node, Node]"]):
    """Keys and values of a mapping, in the order of the file, repeated keys included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value of a YAML file.

    Attributes
    ----------
    content : str, Pairs or list of Node
        The text of a scalar as written; a mapping; a list.
    place, end : Place
        Where it starts, and the place after its last character.
    style : str
        The quote or block sign of a scalar; empty for a plain one.
    faults : Faults
        Where wrong values are reported.
    file : ConfigFile or None
        Of the root: the file as it was read.
    """

    content: str | Pairs | list[Node]
    place: Place
    end: Place
    style: str
    faults: Faults
    file: ConfigFile | None = None

    @property
    def files(self) -> tuple[ConfigFile, ...]:
        """The file that this is the root of, if it comes from one."""
        return () if self.file is None else (self.file,)

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping `{key: value}`."""
        return isinstance(self.content, Pairs)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list `[...]`."""
        return isinstance(self.content, list) and not self.is_mapping

    @property
    def is_null(self) -> bool:
        """Whether the value is null or left out."""
        return not self.style and self.content in NULLS

    @property
    def is_quoted(self) -> bool:
        """Whether the value is a text in quotes."""
        return self.style in ("'", '"')

    @property
    def sort(self) -> str:
        """The kind of value, in words."""
        if isinstance(self.content, str):
            return phrase("empty") if self.is_null else f"{self.content[:SHOWN]!r}"
        return phrase("a mapping") if self.is_mapping else phrase("a list")

    def wrong(self, code: str, text: str, remedy: str = "") -> None:
        """Report a fault at this value."""
        self.faults.add(code, self.place, text, remedy)

    def says(self, word: str) -> bool:
        """Whether the value is this word."""
        return self.content == word

    def written(self) -> str | None:
        """A text as written, but for accents that are signs of their own: they are made one with their letter (NFC)."""
        if isinstance(self.content, str) and not self.is_null:
            return self.content if self.content.isascii() else normalize("NFC", self.content)
        return None

    def text(self, what: str) -> str | None:
        """The text as `written`; anything else is a fault."""
        written = self.written()
        if written is not None:
            return written
        text = phrase("{what} is a text, not {given}", what=what, given=self.sort)
        self.wrong("MPI-C005", text, phrase("write one value; put a text of signs in quotes"))
        return None

    def choice(self, what: str, options: Sequence[Choice]) -> Choice | None:
        """One of a few words."""
        text = self.text(what)
        for option in options:
            if text == option:
                return option
        if text is not None:
            remedy = nearest(text, options) or phrase("write one of: {options}", options=", ".join(options))
            self.wrong("MPI-C006", phrase("{what}: {value!r} is not known", what=what, value=text[:SHOWN]), remedy)
        return None

    def yes(self, what: str) -> bool:
        """A yes or no."""
        return self.choice(what, YES_OR_NO) in ("yes", "true")

    def fraction(self, what: str) -> Fraction | None:
        """An exact number."""
        text = self.text(what)
        if text is None:
            return None
        try:
            return fraction(text)
        except ValueError as error:
            fault = phrase("{what}: {value!r} is {fault}", what=what, value=text[:SHOWN], fault=error.args[0])
            self.wrong("MPI-C007", fault, phrase("write 1/3, 0.05 or 33%"))
            return None

    def whole(self, what: str, least: int, most: int) -> int | None:
        """A whole number in a range."""
        text = self.text(what)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and least <= int(text) <= most:
            return int(text)
        given = text[:SHOWN]
        fault = phrase(
            "{what}: {value!r} is not a whole number from {least} to {most}",
            what=what,
            value=given,
            least=least,
            most=most,
        )
        self.wrong("MPI-C007", fault, phrase("write one from {least} to {most}", least=least, most=most))
        return None

    def identifier(self, what: str) -> str | None:
        """A name of letters, digits and underscores, not starting with a digit, whose letters are what they look."""
        text = self.text(what)
        if text is not None and not text.isidentifier():
            fault = phrase("{what}: {name!r} is not a name", what=what, name=text[:SHOWN])
            self.wrong("MPI-C008", fault, phrase("use letters, digits and underscores"))
            return None
        if text is not None and (disguised := disguise(text)):
            fault = phrase("{what}: {name!r} has {letters}", what=what, name=text[:SHOWN], letters=disguised)
            self.wrong("MPI-C008", fault, phrase("write the name again, in one script"))
            return None
        return text

    def rule(self, what: str) -> Rule | None:
        """A rule of the rule language."""
        text = self.text(what)
        if text is None:
            return None
        origin = self.origin(text)
        try:
            return Rule(text, parse(text, origin), origin)
        except RuleSyntaxError as error:
            fault, uneven = error.fault, text.count("(") != text.count(")")
            split = fault.code == "MPI-R001" and not fault.remedy and uneven and not self.is_quoted
            self.faults.append(Fault("MPI-R001", fault.place, fault.text, IN_PAIRS) if split else fault)
            return None

    def origin(self, text: str) -> Origin:
        """Where a rule's first character stands; without column if the text was folded or escaped."""
        line, column = self.place.line, self.place.column or 0
        one_line = self.end == Place(self.place.file, line, column + len(text) + 2 * self.is_quoted)
        return Origin(self.place.file, line, column + self.is_quoted if one_line else None)

    def items(self, what: str) -> list[Node]:
        """The values of a list; a single value stands for a list of one."""
        if isinstance(self.content, list) and not isinstance(self.content, Pairs):
            return self.content
        if self.is_mapping or self.is_null:
            text = phrase("{what} is a list, not {given}", what=what, given=self.sort)
            self.wrong("MPI-C005", text, phrase("write [a, b]"))
            return []
        return [self]

    def texts(self, what: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(text for item in self.items(what) if (text := item.text(what)) is not None)

    def titles(self, what: str) -> Texts:
        """A title in one or more languages; a plain text is a title in every language."""
        if not self.is_mapping:
            text = self.text(what)
            return Texts({} if text is None else {"": text}, self.place)
        found = ((key, value.text(what)) for key, _, value in self.pairs(what))
        return Texts({key: text for key, text in found if text is not None}, self.place)

    def pairs(self, what: str) -> Iterator[tuple[str, Node, Node]]:
        """The keys (as text, with their node) and values of a mapping; repeated keys are faults."""
        if not isinstance(self.content, Pairs):
            text = phrase("{what} is a mapping, not {given}", what=what, given=self.sort)
            self.wrong("MPI-C005", text, phrase("write `key: value` lines, or {{key: value}}"))
            return
        seen: dict[str, Node] = {}
        for key, value in self.content:
            name = key.written()
            if name is None:
                key.text(phrase("a key of {what}", what=what))
                continue
            if name in seen:
                line = seen[name].place.line
                if key.content == seen[name].content:
                    again = phrase("{what}: the key {name!r} is repeated", what=what, name=name)
                    if line is not None:
                        again = phrase(
                            "{what}: the key {name!r} is repeated, first in line {line}",
                            what=what,
                            name=name,
                            line=line,
                        )
                    key.wrong("MPI-C004", again, phrase("keep one of them"))
                else:
                    key.unlike(what, {look(name): seen[name]})
                continue
            seen[name] = key
            yield name, key, value

    def unlike(self, what: str, taken: dict[str, Node]) -> None:
        """Report a name that looks like another of its kind; takes it among those by their look."""
        first = taken.setdefault(look(str(self.content)), self)
        if first.content != self.content:
            text = phrase("{what}: another name looks like {name!r}, in other characters", what=what, name=self.content)
            if first.place.line is not None:
                text = phrase(
                    "{what}: the name {name!r} looks like that in line {line}, in other characters",
                    what=what,
                    name=self.content,
                    line=first.place.line,
                )
            self.wrong("MPI-C004", text, phrase("give one of them another name"))

    def named(self, what: str, noun: str, taken: dict[str, Node]) -> Iterator[tuple[str, Node, Node]]:
        """The keys and values of a mapping whose keys are names of one kind; names that look the same are faults.

        Parameters
        ----------
        what, noun : str
            The mapping, and what a name stands for: "an indicator".
        taken : dict of str to Node
            The names of this kind in mappings read before, by their look; takes these, too.
        """
        for name, key, value in self.pairs(what):
            if key.identifier(noun) is not None:
                key.unlike(what, taken)
            yield name, key, value

    def section(
        self, what: str, keys: Keys | Sequence[str], *, nullable: Sequence[str] = (), whole: bool = False
    ) -> Section:
        """A mapping with known keys; unknown, missing and empty ones are faults, but for those that may be null.

        Keys that a config chooses itself, such as its indicators, are given by their names, with those that may be
        null. A list without an item is an answer (none), except under the keys `filled`, where it is empty, too.
        Of files that may be `like` others, keys can be missing unless the mapping is `whole`, put together from all.
        """
        required: Sequence[str] = ()
        filled: Sequence[str] = ()
        if isinstance(keys, Keys):
            required = () if keys.layered and not whole else keys.required
            nullable, filled, keys = keys.nullable, keys.filled, keys.names
        found: dict[str, Node] = {}
        for name, key, value in self.pairs(what):
            if name not in keys:
                remedy = nearest(name, keys) or phrase("the keys are: {keys}", keys=", ".join(keys))
                if value.is_null and not name.isidentifier():  # `2)` of {deprived: a IN (1, 2)}
                    remedy = phrase("inside {{ }} put a text with a comma in double quotes")
                key.wrong("MPI-C003", phrase("{what}: the key {name!r} is not known", what=what, name=name), remedy)
                continue
            if (value.is_null and name not in nullable) or (name in filled and value.content == []):
                value_or_none = phrase("give it a value, or leave the key out")
                remedy = phrase("give it a value") if name in required else value_or_none
                key.wrong("MPI-C009", phrase("{what}: the key {name!r} is empty", what=what, name=name), remedy)
            found[name] = value
        if self.is_mapping:
            for name in required:
                if name not in found:
                    text = phrase("{what}: the key {name!r} is missing", what=what, name=name)
                    self.wrong("MPI-C009", text, phrase("add `{name}:`", name=name))
        return Section(self, what, found)


def within(range_: Whole) -> Callable[[Node, str], int | None]:
    """What reads a whole number of a declared range."""
    return lambda node, what: node.whole(what, range_.least, range_.most)


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping whose keys are known to be good."""

    node: Node
    what: str
    found: dict[str, Node]

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def get(self, key: str) -> Node | None:
        """The value of a key, if it stands there and is not null."""
        node = self.found.get(key)
        return None if node is None or node.is_null else node

    def read(self, key: str, reader: Callable[[Node, str], T | None], default: T) -> T:
        """The value of a key as `reader` understands it; the default where it is left out or wrong."""
        node = self.get(key)
        value = None if node is None else reader(node, phrase("{what}: {key}", what=self.what, key=key))
        return default if value is None else value

    def choice(self, key: str, options: Sequence[Choice]) -> Choice | None:
        """The value of a key that is one of a few words."""
        node = self.get(key)
        return None if node is None else node.choice(phrase("{what}: {key}", what=self.what, key=key), options)
