"""What a report is made of: sections of blocks. They hold texts, never markup; the template gives them their form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from mpi.drawing.canvas import Drawing

Align = Literal["text", "number"]


def table_id(names: tuple[str, ...]) -> str:
    """The id of the table of a domain or a crossing."""
    return "t-" + "-".join(re.sub(r"\W", "_", name) for name in names)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: plain, a note below something, or a warning, by its `tone`.

    Attributes
    ----------
    verbatim : bool
        Quoted as a file has it, in whatever language that is.
    """

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: Literal["plain", "note", "warning"] = "plain"
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section, of level 3 or 4."""

    kind: ClassVar[str] = "heading"
    text: str
    id: str
    level: int = 3


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `language` of its items if it is not the report's."""

    kind: ClassVar[str] = "items"
    items: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with what they mean or hold.

    Attributes
    ----------
    code : bool
        It is to be copied letter by letter.
    verbatim : bool
        Quoted as a file has it, in whatever language that is.
    """

    kind: ClassVar[str] = "terms"
    terms: tuple[tuple[str, str], ...]
    code: bool = False
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    header : bool
        It names its row.
    rows : int
        Rows that it spans.
    standing : str
        Of the figure in it.
    """

    text: str
    header: bool = False
    rows: int = 1
    standing: str = "shown"
    code: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column; neighbours with the same `group` have a common heading above them."""

    title: str
    align: Align = "number"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; a `strong` one is a total, one with a `part` alone a heading inside the table."""

    cells: tuple[Cell, ...]
    strong: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its number, caption and notes.

    Attributes
    ----------
    number : int
        Given when the report is put together.
    legend : tuple of (str, str)
        Marks that occur in it, with their meanings.
    """

    kind: ClassVar[str] = "table"
    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    number: int = 0

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Headings over neighbouring columns, and how many they cover; empty if no column has one."""
        groups: list[tuple[str, int]] = []
        for column in self.columns:
            if groups and column.group and groups[-1][0] == column.group:
                groups[-1] = (column.group, groups[-1][1] + 1)
            else:
                groups.append((column.group, 1))
        return tuple(groups) if any(column.group for column in self.columns) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphic:
    """A picture with a sentence about what it shows, which is its text alternative.

    Attributes
    ----------
    svg : str
        An `<svg>` element of our own making, without styles or scripts.
    slim : str
        The same for the screen of a telephone.
    drawing : Drawing
        The same, for files that hold no SVG.
    table : str
        Id of the table with its figures; empty if the report has none.
    link, link_text : str
        A file beside the report, such as the interactive map.
    narrow : bool
        It needs only a part of the width.
    """

    kind: ClassVar[str] = "figure"
    id: str
    title: str
    svg: str
    slim: str
    drawing: Drawing
    sentence: str
    table: str = ""
    link: str = ""
    link_text: str = ""
    narrow: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """One of the figures at the top: what it is, its value, its interval, what became of it."""

    title: str
    value: str
    unit: str
    interval: str
    change: str
    standing: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures at the top."""

    kind: ClassVar[str] = "key_figures"
    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator as it is defined.

    Attributes
    ----------
    terms : tuple of (str, str)
        In words.
    written : tuple of (str, str)
        As the configuration has it.
    """

    kind: ClassVar[str] = "definition"
    id: str
    title: str
    weight: str
    terms: tuple[tuple[str, str], ...]
    written: tuple[tuple[str, str], ...]


Block: TypeAlias = Paragraph | Heading | Items | Terms | Table | Graphic | KeyFigures | Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first screen.

    Attributes
    ----------
    lead : str
        The sentence that comes first.
    exact : str
        The figure in it that is rounded, to the last unit.
    caveats : tuple of Paragraph
        Of the intervals in it.
    notes : tuple of Paragraph
        What else a reader must know before believing it.
    """

    lead: str
    exact: str
    caveats: tuple[Paragraph, ...]
    notes: tuple[Paragraph, ...]
    figures: KeyFigures
    picture: Graphic | None


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section.

    Attributes
    ----------
    source : str
        Of its figures, where it is not that of all others.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    source: str = ""


def section(id: str, title: str, blocks: Sequence[Block | None]) -> Section:
    """A section of the blocks that there are."""
    return Section(id, title, tuple(block for block in blocks if block is not None))
