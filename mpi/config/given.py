"""A config as a caller gives it: a path, a name, an open file, a text of several lines, or a dict; as its root node."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Protocol, TypeAlias

from mpi.config.composing import check_size, compose, decoded, load
from mpi.config.locate import Sort, locate
from mpi.config.nodes import Node
from mpi.config.plain import plain_node
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import JUDGED
from mpi.language import phrase


class Readable(Protocol):
    """What is open for reading: a file, `io.StringIO`."""

    def read(self) -> str | bytes:
        """All that is left of it."""
        ...


Config: TypeAlias = Annotated[str | Path | Mapping[str, object] | Readable, JUDGED]


def root_of(config: object, sort: Sort, name: str) -> Node:
    """The root node of a config.

    Parameters
    ----------
    config : str, Path, mapping or open file
        A text of more than one line is YAML itself; one of a single line is a path, or the name of a shipped config.
    sort : str
        What is looked for.
    name : str
        What messages call what has no file: `measure`.

    Raises
    ------
    ConfigError
        If it cannot be found or read.
    UsageError
        If it is something else.
    """
    if isinstance(config, Mapping):
        return plain_node(config, name)
    if isinstance(config, str) and "\n" in config:
        return _of_text(config, name)
    if isinstance(config, str | Path):
        return load(locate(config, sort))
    read = getattr(config, "read", None)
    if callable(read):
        return _of_text(read(), name)
    text = phrase("the {name} is a {kind}, not a config", name=name, kind=type(config).__name__)
    remedy = phrase("give a path, the name of one that is shipped, a dict, YAML as a text, or an open file")
    raise UsageError(Fault("MPI-U110", None, text, remedy))


def _of_text(content: object, name: str) -> Node:
    raw = content.encode() if isinstance(content, str) else bytes(content) if isinstance(content, bytes) else b""
    check_size(len(raw), name)
    return compose(decoded(raw, name), name)
