"""Areas of a map from its boundary file: codes checked, shapes made fit, joined to the codes of the figures.

Comes in: what the study says of a map, and the codes that figures have. Goes out: `Areas`, the report of the join,
and what a reader should know. All faults of a file are told together, as far as they do not hide one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.errors import ConfigError, DataError, Fault, MpiError, Notice, Place, counted, listed
from mpi.maps import geometry
from mpi.maps.areas import Areas, Inset
from mpi.maps.boundaries import Boundaries, need_packages, read_boundaries
from mpi.maps.join import Join, joined
from mpi.study import BoundaryFile, MapSpec

if TYPE_CHECKING:
    from pyproj import CRS


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of a column as texts, and how many of them got leading zeros."""

    texts: tuple[str, ...]
    padded: int


def load_areas(
    spec: MapSpec, folder: Path, codes: Sequence[str] | None, labels: Mapping[str, str] | None = None
) -> tuple[Areas, Join, tuple[Notice, ...]]:
    """The areas of a map, how the codes of the figures fitted, and what a reader should know.

    Parameters
    ----------
    spec : MapSpec
    folder : Path
        Where relative paths of boundary files start.
    codes : sequence of str or None
        Codes that the figures have in the domain of the map; None while they are not known: see `fitted`.
    labels : mapping of str to str
        Names of these codes, where the data or the study give one: compared, never joined on.

    Raises
    ------
    ConfigError
        If a projection, a tolerance or an inset cannot be used.
    DataError
        If the file, its codes or its shapes cannot be used, or codes of the figures have no polygon.
    UsageError
        If a package is missing.
    """
    need_packages()
    file = spec.boundaries
    place = Place(file.path)
    stated = None if file.crs is None else geometry.crs_of(file.crs, file.place)
    target = None if spec.projection is None else geometry.crs_of(spec.projection, file.place)
    upper = () if spec.upper is None else (spec.upper.code, spec.upper.name)
    wanted = [name for name in (file.code, file.name, *upper) if name is not None]
    raw = read_boundaries(file, folder, wanted)
    notices = list(raw.notices)
    faults: list[Fault] = []
    own = _codes(raw, file, faults)
    source = _source(raw, stated, place, faults, notices)
    shapes = _sound(raw.shapes, own, place, faults, notices)
    if source is not None and not faults:
        misplaced = geometry.misplaced(shapes, source, target or source)
        if misplaced:
            faults.append(Fault("MPI-G013", place, misplaced, "look at `crs:`, `projection:` and the order of x and y"))
    if faults or source is None:
        raise DataError(*faults)
    order = np.array(sorted(range(len(shapes)), key=lambda place: own.texts[place]), np.int64)
    names = _names(raw, file.name, order)
    texts = tuple(own.texts[place] for place in order)
    join = joined(
        spec.domain, Path(file.path).name, codes or (), dict(zip(texts, names, strict=True)), padded=own.padded,
        labels=labels,
    )  # fmt: skip
    if codes is not None:
        _check_join(join, codes, texts, spec)
    insets = _insets(spec, texts)
    crs = target or source
    shapes = _moved(shapes[order], source, crs, place)
    broken = geometry.broken_borders(shapes)
    if len(broken):
        some = listed([texts[int(i)] for i in broken])
        text = f"the borders of {counted(len(broken), 'area')} overlap their neighbours', or do not meet them: {some}"
        notices.append(Notice("MPI-N033", f"{text}; they stay so on the map", place))
    shapes = _simplified(shapes, spec, crs, insets)
    if not geometry.in_metres(crs):
        text = "the map is not in metres: it gets no scale bar, and far from the equator its shapes are stretched"
        notices.append(Notice("MPI-N034", f"{text}; set `projection:`", place))
    of, upper_codes, upper_names = _upper(raw, spec, order)
    named = labels or {}
    areas = Areas(
        domain=spec.domain,
        codes=texts,
        names=tuple(name or named.get(code, code) for code, name in zip(texts, names, strict=True)),
        shapes=shapes,
        crs=geometry.crs_name(crs),
        metres=geometry.in_metres(crs),
        upper=of,
        upper_codes=upper_codes,
        upper_names=upper_names,
        upper_shapes=geometry.united(shapes, of, len(upper_codes), clean=not len(broken)) if upper_codes else None,
        insets=insets,
        vintage=file.vintage,
        source=file.source,
        licence=file.licence,
    )
    return areas, join, tuple(notices)


def _codes(raw: Boundaries, file: BoundaryFile, faults: list[Fault]) -> Codes:
    """The codes as texts; rows without one get an empty text, and all that is wrong with them is a fault."""
    place = Place(raw.file)
    column = raw.columns[file.code]
    sort = arrow.sort_of(column.type)
    numbers = sort == "number"
    texts = _texts(column)
    if numbers and (file.width is None or not file.pad):
        text = f"column {file.code!r} holds numbers, which lose leading zeros"
        remedy = "say how long a code is and that zeros are missing: `code: {column: ..., width: 5, pad: yes}`"
        faults.append(Fault("MPI-G005", place, text, remedy))
    elif sort not in ("number", "text", "empty"):
        text = f"column {file.code!r} holds neither texts nor numbers alone"
        faults.append(Fault("MPI-G005", place, text, "write every code as a text, or take another column"))
    padded = 0
    if file.pad and file.width is not None:
        short = [text.isascii() and text.isdigit() and len(text) < file.width for text in texts]
        texts = [text.zfill(file.width) if add else text for text, add in zip(texts, short, strict=True)]
        padded = sum(short)
    empty = sum(not text for text in texts)
    if empty:
        text = f"{counted(empty, 'area')} without a code in column {file.code!r}"
        faults.append(Fault("MPI-G007", place, text, "give each a code, or leave them out of the file"))
    if file.width is not None and (sort in ("text", "empty") or (numbers and file.pad)):
        wrong = sorted({text for text in texts if text and len(text) != file.width})
        if wrong:
            text = f"{counted(len(wrong), 'code')} not of {file.width} characters: {listed(wrong)}"
            remedy = "look at `width:`; where leading zeros are missing, set `pad: yes`"
            faults.append(Fault("MPI-G008", place, text, remedy))
    twice = sorted(text for text, times in Counter(texts).items() if text and times > 1)
    if twice:
        text = f"{counted(len(twice), 'code')} on more than one row: {listed(twice)}"
        faults.append(
            Fault("MPI-G009", place, text, "merge the parts of an area into one shape, or take another column")
        )
    return Codes(tuple(texts), padded)


def _texts(column: pa.ChunkedArray) -> list[str]:
    """A column as texts without blanks around them; whole numbers without a decimal point; nulls empty."""
    found = []
    for value in column.to_pylist():
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # noqa: PLW2901  a Shapefile keeps whole numbers as floats
        found.append("" if value is None else str(value).strip())
    return found


def _source(
    raw: Boundaries, stated: CRS | None, place: Place, faults: list[Fault], notices: list[Notice]
) -> CRS | None:
    """What the coordinates of the file are; what the study says goes first."""
    try:
        own = None if raw.crs is None else geometry.crs_of(raw.crs, place)
    except MpiError as error:
        if stated is None:
            faults.extend(error.faults)
        return stated
    if stated is None and own is None:
        text = "this file does not say what its coordinates are"
        faults.append(Fault("MPI-G011", place, text, "write `crs:` beside the file, such as EPSG:4326 for degrees"))
    elif stated is not None and own is not None and not stated.equals(own, ignore_axis_order=True):
        text = f"the file says its coordinates are {own.name}; the study says {stated.name}, which is used"
        notices.append(Notice("MPI-N031", text, place))
    return stated or own


def _sound(
    shapes: geometry.Shapes, codes: Codes, place: Place, faults: list[Fault], notices: list[Notice]
) -> geometry.Shapes:
    """Valid polygons; what has no shape, or another kind of shape, is a fault."""
    import shapely

    kinds = shapely.get_type_id(shapes)
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    strange = ~absent & ~np.isin(kinds, (geometry.POLYGON, geometry.MULTIPOLYGON))
    if absent.any():
        text = f"{counted(int(absent.sum()), 'area')} without a shape: {_some(codes.texts, absent)}"
        faults.append(Fault("MPI-G010", place, text, "get a whole copy of the file, or leave these rows out"))
    if strange.any():
        text = f"{counted(int(strange.sum()), 'shape')} other than polygons: {_some(codes.texts, strange)}"
        faults.append(Fault("MPI-G014", place, text, "maps need polygons or multipolygons"))
    if absent.any() or strange.any():
        return shapes
    found = geometry.repaired(shapes)
    gone = shapely.is_empty(found.shapes)
    if gone.any():
        text = f"{counted(int(gone.sum()), 'shape')} without any surface: {_some(codes.texts, gone)}"
        faults.append(Fault("MPI-G010", place, text, "get a whole copy of the file, or leave these rows out"))
    elif len(found.mended):
        some = listed([codes.texts[int(i)] for i in found.mended])
        text = f"{counted(len(found.mended), 'shape')} crossed themselves and were mended: {some}"
        notices.append(Notice("MPI-N032", text, place))
    return found.shapes


def _some(codes: Sequence[str], where: NDArray[np.bool_]) -> str:
    return listed([codes[i] or f"row {i + 1}" for i in np.flatnonzero(where).tolist()])


def _names(raw: Boundaries, column: str | None, order: NDArray[np.int64]) -> list[str | None]:
    if column is None:
        return [None] * len(order)
    # No output can show what is below a blank, and XML forbids it.
    texts = ["".join(c if c.isprintable() else " " for c in text).strip() for text in _texts(raw.columns[column])]
    return [texts[place] or None for place in order]


def fitted(areas: Areas, before: Join, spec: MapSpec, codes: Sequence[str], labels: Mapping[str, str]) -> Join:
    """How the codes of the figures fit areas that were read before they were known.

    Raises
    ------
    DataError
        If codes of the figures have no polygon, unless the map allows it, or none has.
    """
    names = dict(zip(areas.codes, areas.names, strict=True))
    join = joined(spec.domain, before.boundaries, codes, names, padded=before.padded, labels=labels)
    _check_join(join, codes, areas.codes, spec)
    return join


def _check_join(join: Join, figures: Sequence[str], areas: Sequence[str], spec: MapSpec) -> None:
    """Refuse figures that no polygon stands for.

    Raises
    ------
    DataError
    """
    place = Place(spec.boundaries.path)
    if not join.matched:
        text = f"no code of {spec.domain!r} is in column {spec.boundaries.code!r}"
        remedy = "the figures have no code at all"
        if figures:
            like = f"codes of the figures look like {min(figures)!r}, those of the file like {areas[0]!r}"
            remedy = f"{like}: look at the column and its width"
        raise DataError(Fault("MPI-G015", place, text, remedy))
    if join.only_figures and spec.unmatched == "refuse":
        number = counted(len(join.only_figures), "code")
        text = f"{number} of {spec.domain!r} without a polygon: {listed(join.only_figures)}"
        remedy = "take boundaries of the same year as the codes, or set `unmatched: allow` to draw the map without them"
        raise DataError(Fault("MPI-G016", place, text, remedy))


def _insets(spec: MapSpec, codes: Sequence[str]) -> tuple[Inset, ...]:
    """The areas of each inset; a code that ends in `*` stands for all codes that begin so.

    Raises
    ------
    ConfigError
        If a code fits no area, or an area would be in two insets.
    """
    faults, made, taken = [], [], set[int]()
    for inset in spec.insets:
        members: set[int] = set()
        for code in inset.codes:
            found = {
                i for i, own in enumerate(codes) if own == code or (code[-1:] == "*" and own.startswith(code[:-1]))
            }
            if not found:
                text = f"an inset has the code {code!r}, which fits no area"
                remedy = f"codes look like {codes[0]!r}; `88*` stands for all that begin with 88"
                faults.append(Fault("MPI-G017", spec.boundaries.place, text, remedy))
            members |= found
        if taken & members:
            text = f"areas in two insets: {listed([codes[i] for i in sorted(taken & members)])}"
            faults.append(Fault("MPI-G017", spec.boundaries.place, text, "leave each area in one"))
        taken |= members
        made.append(Inset(inset.title, np.array(sorted(members), np.int64)))
    if len(taken) == len(codes):
        text, remedy = "the insets hold every area, so that the map is empty", "leave some areas out of them"
        faults.append(Fault("MPI-G017", spec.boundaries.place, text, remedy))
    if faults:
        raise ConfigError(*faults)
    return tuple(made)


def _moved(shapes: geometry.Shapes, source: CRS, target: CRS, place: Place) -> geometry.Shapes:
    """The shapes in the projection of the map.

    Raises
    ------
    DataError
        If the projection has no place for some of them.
    """
    import shapely

    made = geometry.projected(shapes, source, target)
    if not np.isfinite(shapely.area(made)).all():
        text = f"some areas lie where {target.name} has no coordinates"
        raise DataError(Fault("MPI-G013", place, text, "look at `crs:`, `projection:` and the order of x and y"))
    return made


def _simplified(shapes: geometry.Shapes, spec: MapSpec, crs: CRS, insets: Sequence[Inset]) -> geometry.Shapes:
    """The shapes as they are drawn, outer rings counterclockwise.

    Raises
    ------
    ConfigError
        If the tolerance leaves no map.
    """
    import shapely

    if spec.tolerance is not None:
        most = geometry.too_coarse(shapes, spec.tolerance)
        if most or spec.tolerance <= 0:
            unit = "metres" if geometry.in_metres(crs) else "units of the projection"
            text = f"a tolerance of {spec.tolerance:g} {unit} leaves no map"
            remedy = f"take one above 0 and well below {most or spec.tolerance:.3g}, or set `projection:`"
            raise ConfigError(Fault("MPI-G018", spec.boundaries.place, text, remedy))
        shapes = geometry.simplified(shapes, spec.tolerance, [inset.members for inset in insets])
    oriented: geometry.Shapes = shapely.orient_polygons(shapes)
    return oriented


def _upper(
    raw: Boundaries, spec: MapSpec, order: NDArray[np.int64]
) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[str, ...]]:
    """The place of each area's upper area, and the codes and names of the upper areas, ascending by code."""
    if spec.upper is None:
        return np.full(len(order), -1, np.int64), (), ()
    texts = _texts(raw.columns[spec.upper.code])
    own = [texts[place] for place in order]
    codes = tuple(sorted(set(own) - {""}))
    names: dict[str, str] = {}
    for code, name in zip(own, _names(raw, spec.upper.name, order), strict=True):
        if name is not None:
            names.setdefault(code, name)
    place = {code: i for i, code in enumerate(codes)}
    of = np.array([place.get(code, -1) for code in own], np.int64)
    return of, codes, tuple(names.get(code, code) for code in codes)
