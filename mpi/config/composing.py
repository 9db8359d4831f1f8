"""A YAML file to nodes, event by event; anchors, tags, second documents and deep nesting are refused.

Nothing is resolved or converted, so `no`, `010` and `12:30` stay what was written.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mpi.config.nodes import Node, Pairs
from mpi.errors import ConfigError, Fault, Faults, Place, phrase
from mpi.errors.logs import tell
from mpi.errors.resources import said_by_system
from mpi.files.digests import ConfigFile

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
IN_FLOW = phrase(
    "inside {{ }} and [ ] put a text, such as a rule, with a comma, quote, colon or bracket in double quotes"
)
RIGHTS = phrase("get permission to read it (chmod u+r), or copy it to a folder of yours")
QUOTED = phrase("put the whole text in double quotes")
# What to write for a complaint of the YAML reader that holds these words; the first that fits.
REMEDIES = (
    ("'\\t'", phrase("indent with blanks, not tabs")),
    ("got '<stream end>'", phrase("a {{ or [ is not closed: close it")),
    ("but found '<stream end>'", phrase("a {{ or [ is not closed: close it")),
    ("got '}'", phrase("a [ is closed by }}: close it with ]")),
    ("got ']'", phrase("a {{ is closed by ]: close it with }}")),
    ("expected ',' or", IN_FLOW),
    ("could not find expected ':'", phrase("write each line as `key: value`, with a blank after the colon")),
    ("mapping values", phrase("put a text with a colon in double quotes; `key: value` has a blank after the colon")),
    ("unexpected end of stream", phrase("a quote is not closed: close it")),
    ("cannot start any token", QUOTED),
    ("alphabetic or numeric character", QUOTED),
    ("a comment or a line break", QUOTED),
    ("chomping or indentation", QUOTED),
    ("unknown escape", phrase("write a backslash twice, or use single quotes")),
    ("but found '<scalar>'", QUOTED),
    ("expected <block end>", phrase("indent the keys of one mapping alike")),
    ("entries are not allowed here", phrase("write a list below its key, as `- a` lines, or as [a, b]")),
)  # fmt: skip


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
        if not path.is_file():
            raise _refused(Place(name), phrase("this is not a regular file"), phrase("give the path of a YAML file"))
        check_size(size, name)
        raw = path.read_bytes()
    except OSError as error:
        text = phrase("the file cannot be read ({reason})", reason=said_by_system(error))
        remedy = phrase("give the path of a file that exists") if isinstance(error, FileNotFoundError) else RIGHTS
        raise _refused(Place(name), text, remedy) from None
    content = decoded(raw, name)
    tell("config", phrase("{file} read", file=name), detail=True)
    file = ConfigFile(path, raw.decode("utf-8"), hashlib.sha256(raw).hexdigest())
    return replace(compose(content, name), file=file)


def check_size(size: int, name: str) -> None:
    """Refuse what has too many bytes to be a config."""
    if size > MAX_BYTES:
        text = phrase(
            "{size:,} bytes are too many for a config file: at most {max_bytes:,}", size=size, max_bytes=MAX_BYTES
        )
        raise _refused(Place(name), text, phrase("name the config itself: this looks like a file of data"))


def decoded(raw: bytes, name: str) -> str:
    """The bytes of a config as text, with line ends of one kind."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise _refused(Place(name), phrase("the file is not UTF-8 text"), phrase("save it as UTF-8")) from None


def compose(text: str, name: str) -> Node:
    """The root node of a YAML text; see `load`."""
    faults = Faults()
    composer = _Composer(name, faults)
    for event in _events(text, name):
        composer.take(event)
    faults.refuse()
    if composer.root is None:
        raise _refused(Place(name), phrase("the file is empty"), phrase("write `key: value` lines"))
    return composer.root


def _events(text: str, name: str) -> Iterator[Any]:  # PyYAML's events carry no types
    import yaml

    try:
        yield from _parsed(text)
    except yaml.MarkedYAMLError as error:
        place = Place(name) if error.problem_mark is None else _place(name, error.problem_mark)
        raise _refused(
            place, phrase("not YAML: {problem}", problem=error.problem), _remedy(str(error.problem))
        ) from None
    except (yaml.YAMLError, ValueError):
        text = phrase("not YAML: there are characters that YAML does not allow")
        raise _refused(Place(name), text, phrase("save the file as plain UTF-8 text")) from None


def _parsed(text: str) -> Iterable[Any]:
    """The events of libyaml; where it refuses the text or is not there, of the slow reader, which says better why."""
    import yaml

    if hasattr(yaml, "CSafeLoader"):
        with contextlib.suppress(yaml.YAMLError):
            return list(yaml.parse(text, Loader=yaml.CSafeLoader))
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
    return events


def _remedy(problem: str) -> str:
    return next((remedy for words, remedy in REMEDIES if words in problem), QUOTED)


def _place(name: str, mark: Any) -> Place:  # PyYAML's marks carry no types
    return Place(name, mark.line + 1, mark.column + 1)


def _refused(place: Place, text: str, remedy: str) -> ConfigError:
    return ConfigError(Fault("MPI-C002", place, text, remedy))


class _Composer:
    """Builds nodes from events; `open` holds the collections that have not ended, each with what it holds so far."""

    def __init__(self, name: str, faults: Faults) -> None:
        self.name, self.faults = name, faults
        self.root: Node | None = None
        self.open: list[tuple[Any, list[Node]]] = []
        self.documents = 0

    def take(self, event: Any) -> None:
        """Go one event further."""
        place = _place(self.name, event.start_mark)
        match type(event).__name__:
            case "DocumentStartEvent":
                self.documents += 1
                if self.documents > 1:
                    raise _refused(
                        place, phrase("a second document (---) starts here"), phrase("keep one document a file")
                    )
            case "AliasEvent":
                self.faults.add(
                    "MPI-C002",
                    place,
                    phrase("anchors and aliases (& and *) are not allowed"),
                    phrase("write the value out"),
                )
            case "ScalarEvent":
                self.check(event, place)
                self.add(
                    Node(
                        content=event.value,
                        place=place,
                        end=self.end(event),
                        style=event.style or "",
                        faults=self.faults,
                    )
                )
            case "MappingStartEvent" | "SequenceStartEvent":
                self.check(event, place)
                self.open.append((event, []))
                if len(self.open) > MAX_DEPTH:
                    raise _refused(
                        place,
                        phrase("nested more than {most} levels deep", most=MAX_DEPTH),
                        phrase("reduce the nesting: no key of a config needs so many levels"),
                    )
            case "SequenceEndEvent":
                start, values = self.open.pop()
                self.add(
                    Node(
                        content=values,
                        place=_place(self.name, start.start_mark),
                        end=self.end(event),
                        style="",
                        faults=self.faults,
                    )
                )
            case "MappingEndEvent":
                start, values = self.open.pop()
                pairs = Pairs(zip(values[::2], values[1::2], strict=False))  # uneven after a refused alias
                self.add(
                    Node(
                        content=pairs,
                        place=_place(self.name, start.start_mark),
                        end=self.end(event),
                        style="",
                        faults=self.faults,
                    )
                )

    def check(self, event: Any, place: Place) -> None:
        """Report anchors and tags."""
        if event.anchor is not None:
            self.faults.add(
                "MPI-C002",
                place,
                phrase("anchors and aliases (& and *) are not allowed"),
                phrase("write the value out"),
            )
        if event.tag is not None:
            self.faults.add(
                "MPI-C002",
                place,
                phrase("the tag {value!r} is not allowed", value=str(event.tag)),
                phrase("leave it out"),
            )

    def end(self, event: Any) -> Place:
        """Where an event ends."""
        return _place(self.name, event.end_mark)

    def add(self, node: Node) -> None:
        """Put a finished node where it belongs."""
        if self.open:
            self.open[-1][1].append(node)
        else:
            self.root = node
