"""YAML as nodes with places: mappings that report unknown and repeated keys, scalars read by the kind that is wanted.

Every reading method adds a fault and returns None where the file is wrong, so that one pass reports everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from mpi.errors import ConfigError, Fault, Place, nearest
from mpi.exact import fraction
from mpi.rules import Origin, Rule, parse
from mpi.rules.tokens import RuleSyntaxError

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
CORE = "tag:yaml.org,2002:"
T = TypeVar("T")


class Faults(list[Fault]):
    """The faults found so far."""

    def add(self, code: str, place: Place | None, text: str, remedy: str = "") -> None:
        """Add one fault."""
        self.append(Fault(code, place, text, remedy))

    def refuse(self) -> None:
        """Raise them all, if there are any, in the order of the file."""
        if self:
            ordered = sorted(self, key=lambda f: (f.place.line or 0, f.place.column or 0) if f.place else (0, 0))
            raise ConfigError(*dict.fromkeys(ordered))


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file."""

    raw: Any
    file: str
    faults: Faults

    @property
    def place(self) -> Place:
        """File, line and column of the value."""
        mark = self.raw.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping `{key: value}`."""
        return type(self.raw).__name__ == "MappingNode"

    @property
    def is_list(self) -> bool:
        """Whether the value is a list `[...]`."""
        return type(self.raw).__name__ == "SequenceNode"

    @property
    def is_null(self) -> bool:
        """Whether the value is null or left out."""
        return (not self.is_mapping and not self.is_list) and (
            self.raw.style is None and self.raw.value in ("", "~", "null", "Null", "NULL")
        )

    def wrong(self, code: str, text: str, remedy: str = "") -> None:
        """Report a fault at this value."""
        self.faults.add(code, self.place, text, remedy)

    def child(self, raw: Any) -> Node:
        """A value below this one."""
        return Node(raw, self.file, self.faults)

    def text(self, what: str) -> str | None:
        """A text, exactly as written."""
        if self.is_mapping or self.is_list or self.is_null:
            self.wrong("MPI-C005", f"{what} is a text, not {self.sort}")
            return None
        return str(self.raw.value)

    @property
    def sort(self) -> str:
        """The kind of value, in words."""
        if self.is_mapping:
            return "a mapping"
        if self.is_list:
            return "a list"
        return "empty" if self.is_null else f"{self.raw.value[:40]!r}"

    def choice(self, what: str, options: Sequence[str]) -> str | None:
        """One of a few words."""
        text = self.text(what)
        if text is None or text in options:
            return text
        remedy = nearest(text, options) or f"write one of: {', '.join(options)}"
        self.wrong("MPI-C006", f"{what}: {text[:40]!r} is not known", remedy)
        return None

    def yes(self, what: str) -> bool:
        """A yes or no."""
        word = self.choice(what, ("yes", "no", "true", "false"))
        return word in ("yes", "true")

    def fraction(self, what: str) -> Fraction | None:
        """An exact number."""
        text = self.text(what)
        if text is None:
            return None
        try:
            return fraction(text)
        except ValueError as error:
            self.wrong("MPI-C007", f"{what}: {text[:40]!r} is {error}", "write 1/3, 0.05 or 33%")
            return None

    def whole(self, what: str, least: int, most: int) -> int | None:
        """A whole number in a range."""
        text = self.text(what)
        if text is None:
            return None
        if text.isdigit() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        self.wrong("MPI-C007", f"{what}: {text[:40]!r} is not a whole number from {least} to {most}")
        return None

    def identifier(self, what: str) -> str | None:
        """A name of letters, digits and underscores, not starting with a digit."""
        text = self.text(what)
        if text is not None and not text.isidentifier():
            self.wrong("MPI-C008", f"{what}: {text[:40]!r} is not a name", "use letters, digits and underscores")
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
            self.faults.append(error.fault)
            return None

    def origin(self, text: str) -> Origin:
        """Where a rule's first character stands; without column if the text was folded or escaped."""
        start, end, style = self.raw.start_mark, self.raw.end_mark, self.raw.style
        quoted = style in ("'", '"')
        one_line = start.line == end.line and end.column - start.column == len(text) + 2 * quoted
        column = start.column + 1 + quoted if one_line else None
        return Origin(self.file, start.line + 1, column)

    def items(self, what: str) -> list[Node]:
        """The values of a list; a single value stands for a list of one."""
        if self.is_list:
            return [self.child(raw) for raw in self.raw.value]
        if self.is_mapping or self.is_null:
            self.wrong("MPI-C005", f"{what} is a list, not {self.sort}")
            return []
        return [self]

    def texts(self, what: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(text for item in self.items(what) if (text := item.text(what)) is not None)

    def titles(self, what: str) -> dict[str, str]:
        """A title in one or more languages; a plain text is a title in every language."""
        if not self.is_mapping:
            text = self.text(what)
            return {} if text is None else {"": text}
        found = ((key, value.text(what)) for key, _, value in self.pairs(what))
        return {key: text for key, text in found if text is not None}

    def pairs(self, what: str) -> Iterator[tuple[str, Node, Node]]:
        """The keys (as text, with their node) and values of a mapping; repeated keys are faults."""
        if not self.is_mapping:
            self.wrong("MPI-C005", f"{what} is a mapping `key: value`, not {self.sort}")
            return
        seen: dict[str, Place] = {}
        for raw_key, raw_value in self.raw.value:
            key = self.child(raw_key)
            name = key.text(f"a key of {what}")
            if name is None:
                continue
            if name in seen:
                key.wrong("MPI-C004", f"{what}: the key {name!r} stands here again, first in line {seen[name].line}")
                continue
            seen[name] = key.place
            yield name, key, self.child(raw_value)

    def section(self, what: str, keys: Sequence[str], required: Sequence[str] = ()) -> Section:
        """A mapping with known keys; unknown ones and missing ones are faults."""
        found: dict[str, Node] = {}
        for name, key, value in self.pairs(what):
            if name in keys:
                found[name] = value
            else:
                remedy = nearest(name, keys) or f"known are: {', '.join(keys)}"
                key.wrong("MPI-C003", f"{what}: the key {name!r} is not known", remedy)
        if self.is_mapping:
            for name in required:
                if name not in found:
                    self.wrong("MPI-C009", f"{what}: the key {name!r} is missing")
        return Section(self, what, found)


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

    def read(self, key: str, reader: Callable[[Node, str], T], default: T) -> T:
        """The value of a key as `reader` understands it, else the default."""
        node = self.get(key)
        return default if node is None else reader(node, f"{self.what}: {key}")


def load(path: Path) -> Node:
    """The root of a YAML file, with nothing resolved.

    Raises
    ------
    ConfigError
        If the file cannot be read, is too large, uses anchors or tags, or is not YAML.
    """
    name = str(path)
    try:
        size = path.stat().st_size
        if not path.is_file() or size > MAX_BYTES:
            raise ConfigError(Fault("MPI-C002", Place(name), f"{size:,} bytes is too large for a config file"))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"cannot be read ({error.strerror})"
        raise ConfigError(Fault("MPI-C002", Place(name), f"the file {reason}")) from None
    return compose(text, name)


def compose(text: str, name: str) -> Node:
    """The root node of a YAML text; see `load`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        raw = YAML(pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark is not None else Place(name)
        raise ConfigError(Fault("MPI-C002", place, f"not YAML: {error.problem}")) from None
    except (YAMLError, RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else "characters that YAML does not allow"
        raise ConfigError(Fault("MPI-C002", Place(name), f"not YAML: {reason}")) from None
    if raw is None:
        raise ConfigError(Fault("MPI-C002", Place(name), "the file is empty"))
    faults = Faults()
    _inspect(Node(raw, name, faults), 0)
    faults.refuse()
    return Node(raw, name, faults)


def _inspect(node: Node, depth: int) -> None:
    if node.raw.anchor is not None:
        node.wrong("MPI-C002", "anchors and aliases (& and *) are not allowed", "write the value out")
        return
    if not str(node.raw.tag).startswith(CORE):
        node.wrong("MPI-C002", f"the tag {node.raw.tag!r} is not allowed", "leave it out")
    if depth > MAX_DEPTH:
        node.wrong("MPI-C002", f"nested more than {MAX_DEPTH} levels deep")
        return
    if node.is_mapping:
        for raw_key, raw_value in node.raw.value:
            _inspect(node.child(raw_key), depth + 1)
            _inspect(node.child(raw_value), depth + 1)
    elif node.is_list:
        for raw in node.raw.value:
            _inspect(node.child(raw), depth + 1)
