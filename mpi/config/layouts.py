"""What the survey says of the files of a table besides their path: encoding, sheet, member, places of columns."""

from __future__ import annotations

from mpi.config.data_files import is_encoding, read_path
from mpi.config.keys import data_files as keys
from mpi.config.nodes import Node, Section, within
from mpi.language import phrase
from mpi.specs.data_files import Layout

PAIR = 2  # the first place of a column, and its width


def read_layout(part: Section) -> Layout:
    """What a table says of its files; adds every fault."""
    encoding = part.read("encoding", Node.text, None)
    if encoding is not None and not is_encoding(encoding):
        part.found["encoding"].wrong(
            "MPI-S014",
            phrase("{what}: there is no encoding {encoding!r}", what=part.what, encoding=encoding[:40]),
            phrase("write utf-8, cp1252 or latin-1"),
        )
    node = part.get("fixed")
    places: dict[str, tuple[int, int]] = {}
    if node is not None and node.is_mapping:
        what = phrase("{what}: fixed", what=part.what)
        places = {
            name: _place(value, phrase("{what}: {name}", what=what, name=name)) for name, _, value in node.pairs(what)
        }
        if not places:
            node.wrong("MPI-S014", phrase("{what}: there is no column", what=what), phrase("write {{NAME: [1, 2]}}"))
    return Layout(
        encoding=encoding,
        sheet=part.read("sheet", Node.text, None),
        header=part.read("header", within(keys.ROWS), None),
        member=part.read("member", Node.text, None),
        fixed=places,
        dictionary=None if places or node is None or node.is_mapping else part.read("fixed", read_path, None),
    )


def _place(node: Node, what: str) -> tuple[int, int]:
    numbers = [item.whole(what, keys.PLACES.least, keys.PLACES.most) for item in node.items(what)]
    if len(numbers) != PAIR:
        node.wrong("MPI-S014", phrase("{what} is not [start, width]", what=what), phrase("write both, such as [12, 2]"))
        return 1, 1
    return numbers[0] or 1, numbers[1] or 1
