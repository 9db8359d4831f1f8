"""What a caller says of a table and its boundaries, in the form that files of mappings and boundaries have.

Comes in: arguments of a call or of the command. Goes out: a `Published` and a `MapFile`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mpi.config.boundaries import is_shapes, load_boundaries
from mpi.config.keys.published import COLUMNS
from mpi.config.mappings import load_mapping
from mpi.errors import Fault, Place, UsageError, listed, nearest
from mpi.language import LANGUAGES, phrase, template
from mpi.specs.published import Published, Reading, Values
from mpi.specs.study import AreaCode, BoundaryFile, MapFile, MapSpec, Upper
from mpi.vocabulary.options import NUMBER_FORMS, NumberForm, Scheme, Titles

OF_VALUE = (*COLUMNS[1:], "title", "form", "breaks")
WRITTEN = {
    **dict.fromkeys(COLUMNS[1:], template("write the name of a column")),
    "title": template("write a text, or texts by language"),
    "form": template("write percent, proportion, number or index"),
    "breaks": template("write ascending numbers, such as [0, 20, 40, 60, 80, 100]"),
}
Said = str | Mapping[str, str]  # a text for all languages, or one by language
ValueKeys = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a caller says beside the table and the boundaries; what is left out is that of the files.

    Attributes
    ----------
    code : str
        Column of the table with the code of the area.
    values : mapping of str to mapping of str to object
        Columns of numbers, each with what is said of it: `title`, `form`, `breaks`, `se`, `cv`, `low`, `high`.
    form : str or None
        Of the columns that do not say theirs.
    only : mapping of str to tuple of str
        Rows that are read: words by column.
    title, source, licence, note : mapping of str to str
    period : str
    level : float or None
        Of the intervals.
    census : bool
        Whether everybody was counted.
    area_code, area_name, upper_code, upper_name : str
        Columns of a file of shapes.
    layer, crs, projection : str
        Of a file of shapes.
    width : int or None
        Characters of a code, in the table and in a file of shapes.
    pad : bool
        Whether shorter codes get leading zeros.
    decimal, thousands : str
        Signs in the numbers of the table; empty where the table shows them.
    """

    code: str = ""
    values: Mapping[str, ValueKeys] = field(default_factory=dict)
    form: NumberForm | None = None
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: Titles = field(default_factory=dict)
    source: Titles = field(default_factory=dict)
    licence: Titles = field(default_factory=dict)
    note: Titles = field(default_factory=dict)
    period: str = ""
    level: float | None = None
    census: bool = False
    area_code: str = ""
    area_name: str = ""
    upper_code: str = ""
    upper_name: str = ""
    layer: str = ""
    crs: str = ""
    projection: str = ""
    scheme: Scheme | None = None
    classes: int | None = None
    width: int | None = None
    pad: bool = False
    decimal: str = ""
    thousands: str = ""


def titles(said: Said) -> Titles:
    """A text by language."""
    return ({"": said} if said else {}) if isinstance(said, str) else dict(said)


def boundaries_of(boundaries: str | Path, given: Given, mapping_code: str) -> MapFile:
    """How boundaries are read and drawn.

    Parameters
    ----------
    boundaries : str or Path
        A file of shapes, a YAML file about one, or the name of one that is shipped.
    given : Given
    mapping_code : str
        Column of the table with the codes: that of the file of shapes, too, unless another is given.

    Raises
    ------
    ConfigError
        If a YAML file is faulty, or there is no such name.
    UsageError
        If something is said of a file of shapes, and none is named.
    """
    if not is_shapes(boundaries):
        said = [
            name
            for name in ("area_code", "area_name", "upper_code", "upper_name", "layer", "crs")
            if getattr(given, name)
        ]
        if said:
            text = phrase(
                "{names} of a file of shapes, but none is named", names=listed([_option(one) for one in said])
            )
            raise UsageError(
                Fault("MPI-G223", Place(str(boundaries)), text, phrase("write it into the file of boundaries"))
            )
        found = load_boundaries(boundaries)
        return replace(found, spec=_drawn(found.spec, given))
    path = Path(boundaries)
    if not path.is_file():
        text = phrase("there is no such file")
        raise UsageError(Fault("MPI-G001", Place(str(path)), text, phrase("name a file of polygons that is there")))
    upper = Upper(AreaCode((given.upper_code,)), given.upper_name or None) if given.upper_code else None
    file = BoundaryFile(
        path=str(path),
        code=AreaCode((given.area_code or mapping_code,), (), given.width, given.pad),
        layer=given.layer or None,
        name=given.area_name or None,
        crs=given.crs or None,
        merge=True,
    )
    spec = MapSpec(domain="area", boundaries=file, upper=upper, unmatched="allow", live=False)
    return MapFile(spec=_drawn(spec, given), folder=Path())


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _drawn(spec: MapSpec, given: Given) -> MapSpec:
    """How it is drawn, as the caller says."""
    told = {"projection": given.projection, "scheme": given.scheme, "classes": given.classes}
    return replace(spec, **{name: value for name, value in told.items() if value})  # type: ignore[arg-type]  # of the same names


def mapping_of(mapping: str | Path | Published | None, given: Given, there: Sequence[str], place: Place) -> Published:
    """How the table is read: as the mapping says, and as the caller says beside it.

    Parameters
    ----------
    mapping : str, Path, Published or None
    given : Given
    there : sequence of str
        Columns of the table, for messages.
    place : Place

    Raises
    ------
    ConfigError
        If the mapping is faulty.
    UsageError
        If columns are not named.
    """
    base = _base(mapping)
    values = tuple(_values(name, keys, place) for name, keys in given.values.items()) or base.values
    if given.form is not None:
        values = tuple(one if one.form is not None else replace(one, form=given.form) for one in values)
    if not values:
        text = phrase("no column of numbers is named")
        raise UsageError(
            Fault("MPI-G220", place, text, phrase("add --value COLUMN; there are {names}", names=listed(there, 20)))
        )
    keys = {**base.keys, **({"period": Reading(constant=given.period)} if given.period else {})}
    said = {
        name: own for name in ("title", "source", "licence", "note", "only", "census") if (own := getattr(given, name))
    }
    if given.level is not None:
        said["level"] = given.level
    if given.decimal or given.thousands:
        said["dialect"] = replace(
            base.dialect, decimal=given.decimal or None, thousands=given.thousands or None, columns={}
        )
    return replace(base, keys=keys, values=values, **said)


def _fits(key: str, value: object) -> bool:
    if key == "title":
        return isinstance(value, str | Mapping)
    if key == "form":
        return value in NUMBER_FORMS
    if key == "breaks":
        return isinstance(value, list | tuple) and all(isinstance(one, int | float) for one in value)
    return isinstance(value, str)


def _base(mapping: str | Path | Published | None) -> Published:
    if mapping is None:
        return Published(name="", keys={}, domains={}, values=())
    return mapping if isinstance(mapping, Published) else load_mapping(mapping, of=())


def _values(name: str, keys: ValueKeys, place: Place) -> Values:
    """A column of numbers with what is said of it.

    Raises
    ------
    UsageError
        If something else is said, or not as it must be.
    """
    for key, value in keys.items():
        if key not in OF_VALUE:
            text = phrase("{column}: {key!r} is not known", column=name, key=key)
            remedy = nearest(key, OF_VALUE) or phrase("there are {names}", names=", ".join(OF_VALUE))
            raise UsageError(Fault("MPI-G220", place, text, remedy))
        if not _fits(key, value):
            text = phrase("{column}: {value!r} is no {key}", column=name, value=value, key=key)
            raise UsageError(Fault("MPI-G220", place, text, phrase(WRITTEN[key])))
    told = dict(keys)
    told["title"] = titles(told.get("title", ""))  # type: ignore[arg-type]  # looked at above
    told["breaks"] = tuple(float(one) for one in told.get("breaks", ()))  # type: ignore[attr-defined]
    return Values(column=name, **told)  # type: ignore[arg-type]


def area_domain(mapping: Published, given: Given, place: Place) -> tuple[str, Reading]:
    """The domain whose codes are those of the areas, and how they are read.

    Raises
    ------
    UsageError
        If it is not said which column has them.
    """
    read = {name: one for name, one in mapping.domains.items() if one.column}
    found = [(name, one) for name, one in read.items() if given.code in ("", one.column)]
    if len(found) == 1:
        return found[0]
    if not given.code:
        known = listed([one.column for one in read.values()])
        remedy = phrase("add --code COLUMN: one of {names}", names=known) if known else phrase("add --code COLUMN")
        text = phrase("it is not said which column has the codes of the areas")
        raise UsageError(Fault("MPI-G223", place, text, remedy))
    return "area", Reading(column=given.code)


def padded(reading: Reading, given: Given, width: int | None, place: Place) -> Reading:
    """How codes are read, with their leading zeros where the caller asks for them.

    Raises
    ------
    UsageError
        If it is not known how many characters a code has.
    """
    if not given.pad:
        return reading
    wide = given.width or width
    if not wide:
        text = phrase("--pad, but it is not said how many characters a code has")
        raise UsageError(Fault("MPI-G223", place, text, phrase("add --width N")))
    return replace(reading, width=wide)


def check_languages(languages: Sequence[str]) -> None:
    """Refuse languages that there are not; raises UsageError."""
    strange = [one for one in languages if one not in LANGUAGES]
    if strange or not languages:
        text = phrase("{languages} are no languages of a map", languages=", ".join(strange) or "[]")
        remedy = phrase("give some of {names}", names=", ".join(LANGUAGES))
        raise UsageError(Fault("MPI-U110", None, text, remedy))
