"""Files of data in a survey's YAML: paths that stay in the data folder, and how CSV is written."""

from __future__ import annotations

from pathlib import PurePosixPath

from mpi.config.keys import data_files as keys
from mpi.config.nodes import Node, Section
from mpi.files.stores import REMEDY, fault_in, is_address
from mpi.language import phrase
from mpi.specs.data_files import Dialect

BLANKS, APOSTROPHES = " \u00a0\u2007\u2009\u202f", "'\u2019"


def read_path(node: Node, what: str) -> str | None:
    """A file or pattern that stays in the data folder, or the address of one in a store."""
    if node.is_list:
        remedy = phrase(
            "write a pattern such as 'persons_*.csv'; declare files with other columns of the same rows as `modules:`"
        )
        node.wrong("MPI-C005", phrase("{what} is a text, not a list", what=what), remedy)
        return None
    path = node.text(what)
    if path is None:
        return None
    if is_address(path):
        if (wrong := fault_in(path)) is not None:
            node.wrong("MPI-S144", phrase("{what}: {fault}", what=what, fault=wrong), REMEDY)
            return None
        return path
    if path.startswith(("/", "\\", "~")) or ":" in path or ".." in PurePosixPath(path.replace("\\", "/")).parts:
        node.wrong(
            "MPI-S003",
            phrase("{what} is outside the data folder", what=what),
            phrase("write it relative to the folder given as --data"),
        )
    return path


def read_dialect(node: Node, what: str) -> Dialect:
    """How a CSV file is written."""
    part = node.section(what, keys.DIALECT)
    delimiter = part.read("delimiter", Node.text, None)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n' or ord(delimiter) > 127):  # noqa: PLR2004  ASCII
        part.found["delimiter"].wrong(
            "MPI-S014",
            phrase("{what}: the delimiter is one character, not {delimiter!r}", what=what, delimiter=delimiter[:10]),
            phrase('write ";" or "\\t" in double quotes'),
        )
        delimiter = None
    encoding = part.read("encoding", Node.text, None)
    if encoding is not None and not is_encoding(encoding):
        part.found["encoding"].wrong(
            "MPI-S014",
            phrase("{what}: there is no encoding {encoding!r}", what=what, encoding=encoding[:40]),
            phrase("write utf-8, cp1252 or latin-1"),
        )
    decimal, thousands = _signs(part)
    columns: dict[str, Dialect] = part.read("columns", _of_columns, {})
    return Dialect(
        delimiter=delimiter,
        decimal=decimal,
        encoding=encoding,
        thousands=thousands,
        missing=part.read("missing", Node.texts, ()),
        columns=columns,
    )


def _of_columns(node: Node, what: str) -> dict[str, Dialect]:
    """The signs of single columns."""
    found = {
        name: _signs(value.section(phrase("{what}: {name}", what=what, name=name), keys.SIGNS))
        for name, _, value in node.pairs(what)
    }
    return {name: Dialect(decimal=decimal, thousands=thousands) for name, (decimal, thousands) in found.items()}


def _signs(part: Section) -> tuple[str | None, str | None]:
    """The decimal sign, and the one between thousands: a blank of any width is a blank."""
    decimal = part.choice("decimal", keys.DECIMALS)
    node = part.get("thousands")
    written = None if node is None else node.text(phrase("{what}: thousands", what=part.what))
    if node is None or written is None:
        return decimal, None
    thousands = " " if written and written in BLANKS else "'" if written and written in APOSTROPHES else written
    if thousands not in (".", ",", " ", "'") or thousands == decimal:
        node.wrong(
            "MPI-S014",
            phrase(
                "{what}: {sign!r} cannot separate both thousands and decimals"
                if thousands == decimal
                else "{what}: {sign!r} cannot separate thousands",
                what=part.what,
                sign=written[:10],
            ),
            phrase('write ".", ",", " " or "\'" in quotes'),
        )
        return decimal, None
    return decimal, thousands


def is_encoding(name: str) -> bool:
    """Whether there is an encoding of this name."""
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return True
