"""What a value of a config file looks like, and the keys of a mapping: declared once.

The readers take from here which keys there are, which must be there and which may be null; the manual and the JSON
Schemas say the same from the same tables. What depends on more than one value (weights that add up to 1, names that
exist) the readers alone say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A text, number or yes and no as written; a pattern that it begins and ends with, in the form of JSON Schema."""

    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name of letters, digits and underscores."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A condition or value in the rule language."""


@dataclass(frozen=True, slots=True)
class Titles:
    """A text, or one for each language."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """A yes or no."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date, year-month-day."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year of four digits, perhaps with decimals, or two years: 2030, 2030.5, 2030/31."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number from 0: a decimal, a fraction or a percentage; `forms` are further patterns of its text."""

    above: int | None = None
    below: int | None = None
    least: int | None = None
    most: int | None = None
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; a single word stands for a list of one, but where it is `strict`."""

    item: Shape
    least: int = 0
    strict: bool = False


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping whose keys the author chooses: names, where it says so, and none of those in `never`.

    Its values may be null where it says `null`.
    """

    value: Shape
    least: int = 0
    names: bool = False
    null: bool = False
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergedMap(MapOf):
    """A mapping that is merged, entry by entry, with that of the file that its file is `like`; null drops an entry."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several shapes."""

    shapes: tuple[Shape, ...]


def _lists(shape: Shape) -> tuple[ListOf, ...]:
    """The lists that a value of a shape may be."""
    several = shape.shapes if isinstance(shape, AnyOf) else (shape,)
    return tuple(one for one in several if isinstance(one, ListOf))


Told = Literal["", "lack", "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a mapping; `key` makes one.

    Attributes
    ----------
    name : str
    shape : Shape
    text : str
        What it means, a `template`; the manual prints it, and editors show it, without its links.
    required, nullable : bool
    told : {"", "lack", "empty"}
        What the reader says in words of its own: that the key lacks, or that its list is empty.
    examples : tuple
        Values as JSON has them.
    """

    name: str
    shape: Shape
    text: str
    required: bool = False
    nullable: bool = False
    told: Told = ""
    examples: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A mapping with known keys; `keys` makes one.

    Attributes
    ----------
    name : str
        Of the definition in a schema.
    title : str
        What it is, a `template`.
    keys : tuple of Key
    layered : bool
        Whether a key that is required may stand in the file that this one is `like`.
    drops : bool
        Whether it is merged with that of this file key by key, where null leaves out what the other file says.
    others : Shape or None
        What stands under keys that the author chooses; None: there are none.
    one_of : tuple of str
        Keys of which exactly one is there.
    apart : tuple of (str, str)
        Pairs of keys that exclude one another.
    needs : mapping of str to str
        Keys that a key cannot be without.
    names, required, nullable, filled : tuple of str
        All keys; those whose lack is always reported in the same words; those that may be null; those whose list has
        at least an item.
    """

    name: str
    title: str
    keys: tuple[Key, ...]
    layered: bool = False
    drops: bool = False
    others: Shape | None = None
    one_of: tuple[str, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    required: tuple[str, ...] = field(init=False, repr=False, compare=False)
    nullable: tuple[str, ...] = field(init=False, repr=False, compare=False)
    filled: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the keys once, as each mapping of a config asks for them."""
        chosen = {
            "names": self.keys,
            "required": [key for key in self.keys if key.required and key.told != "lack"],
            "nullable": [key for key in self.keys if key.nullable],
            "filled": [key for key in self.keys if key.told != "empty" and any(one.least for one in _lists(key.shape))],
        }
        for name, some in chosen.items():
            object.__setattr__(self, name, tuple(key.name for key in some))

    def without(self, names: Iterable[str], name: str, title: str) -> Keys:
        """The same mapping without some keys."""
        left = set(names)
        kept = tuple(key for key in self.keys if key.name not in left)
        apart = tuple(pair for pair in self.apart if not left & set(pair))
        return keys(name, title, kept, one_of=self.one_of, apart=apart)


def key(
    name: str,
    shape: Shape,
    text: str,
    *,
    required: bool = False,
    nullable: bool = False,
    told: Told = "",
    examples: tuple[object, ...] = (),
) -> Key:
    """A key with its shape and meaning; see `Key`."""
    return Key(name=name, shape=shape, text=text, required=required, nullable=nullable, told=told, examples=examples)


def keys(
    name: str,
    title: str,
    of: tuple[Key, ...],
    *,
    layered: bool = False,
    drops: bool = False,
    others: Shape | None = None,
    one_of: tuple[str, ...] = (),
    apart: tuple[tuple[str, str], ...] = (),
    needs: Mapping[str, str] | None = None,
) -> Keys:
    """A table of keys; see `Keys`."""
    return Keys(
        name=name, title=title, keys=of, layered=layered, drops=drops, others=others, one_of=one_of, apart=apart,
        needs=needs or {},
    )  # fmt: skip


Shape: TypeAlias = (
    Text | Identifier | RuleText | Titles | YesNo | Date | Year | OneOf | Number | Whole | ListOf | MapOf | AnyOf | Keys
)
