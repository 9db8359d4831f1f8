"""Areas as they are drawn: projected, simplified so that shared borders stay shared, joined to codes, with insets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Notice, Place, UsageError, counted, listed
from mpi.maps.areas import Areas, Inset
from mpi.maps.boundaries import Boundaries, read_boundaries
from mpi.maps.join import Join
from mpi.study import InsetSpec, MapSpec


def load_areas(
    spec: MapSpec, folder: Path, codes: Sequence[str], labels: Mapping[str, str] | None = None
) -> tuple[Areas, Join, tuple[Notice, ...]]:
    """The areas of a map: read, projected, simplified, and joined to the codes of the figures.

    Parameters
    ----------
    spec : MapSpec
    folder : Path
        Of the boundary file.
    codes : sequence of str
        Of the domain, as the figures have them.
    labels : mapping of str to str, optional
        Names of codes from elsewhere, to be compared with those of the file.

    Raises
    ------
    UsageError, DataError
        As `read_boundaries`; or if codes of the figures have no polygon, unless the map allows it; or if none has.
    """
    found = read_boundaries(spec.boundaries, folder, spec.upper)
    join = _joined(spec, found, codes, labels or {})
    place = Place(spec.boundaries.path)
    shapes, crs, metres = _projected(found, spec, place)
    shapes, notices = _simplified(shapes, found.codes, spec, place)
    upper, upper_codes, upper_names, upper_shapes = _upper(found, shapes)
    file = spec.boundaries
    areas = Areas(spec.domain, found.codes, found.names, shapes, crs, metres, upper, upper_codes, upper_names,
                  upper_shapes, _insets(spec.insets, found.codes, place), file.vintage, file.source,
                  file.licence)  # fmt: skip
    return areas, join, (*found.notices, *notices, *_told(join, place))


def _joined(spec: MapSpec, found: Boundaries, codes: Sequence[str], labels: Mapping[str, str]) -> Join:
    own, there = set(codes), set(found.codes)
    only_figures = tuple(sorted(own - there))
    name = dict(zip(found.codes, found.names, strict=True))
    differ = tuple(
        (code, labels[code], name[code])
        for code in sorted(own & there)
        if code in labels and plain(labels[code]) != plain(name[code])
    )
    place = Place(spec.boundaries.path)
    if own and not own & there:
        text = (f"no code of {spec.domain!r} is in the file: the figures have {listed(sorted(own), 3)}, the file has "
                f"{listed(found.codes, 3)}")  # fmt: skip
        raise DataError(Fault("MPI-G010", place, text, "mend `code:` or `width:` of the boundaries"))
    if only_figures and spec.unmatched == "refuse":
        text = f"{counted(len(only_figures), 'code')} of {spec.domain!r} have no polygon ({listed(only_figures)})"
        raise DataError(Fault("MPI-G010", place, text, "take boundaries of the same year, or `unmatched: allow`"))
    return Join(spec.domain, Path(spec.boundaries.path).name, len(own & there), only_figures,
                tuple(sorted(there - own)), found.padded, differ)  # fmt: skip


def plain(name: str) -> str:
    """A name without accents, signs and capitals, for comparing.

    Examples
    --------
    >>> plain("Bogotá, D.C.")
    'bogotadc'
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9ñ]", "", "".join(c for c in letters if not unicodedata.combining(c)))


def _told(join: Join, place: Place) -> list[Notice]:
    told = {
        "of the figures have no polygon": join.only_figures,
        "of the boundaries have no figure": join.only_boundaries,
        "have a name there that differs from that of the labels": [code for code, _, _ in join.names_differ],
    }
    notices = [Notice("MPI-N031", f"{counted(len(codes), 'code')} {what} ({listed(codes)})", place)
               for what, codes in told.items() if codes]  # fmt: skip
    if join.padded:
        notices.append(Notice("MPI-N031", f"{counted(join.padded, 'code')} got leading zeros", place))
    return notices


def _projected(found: Boundaries, spec: MapSpec, place: Place) -> tuple[NDArray[np.object_], str, bool]:
    """Shapes in the map's projection, its name, and whether its unit is the metre."""
    import pyproj
    import shapely

    asked = spec.projection or found.crs
    systems = []
    for key, text in (("crs", found.crs), ("projection", asked)):
        try:
            systems.append(pyproj.CRS.from_user_input(text))
        except pyproj.exceptions.CRSError:
            fault = Fault(
                "MPI-G004", place, f"{key}: {text[:60]!r} is no coordinate reference system", "write EPSG:9377"
            )
            raise UsageError(fault) from None
    source, target = systems
    shapes = found.shapes
    _check_degrees(shapes, source, place)
    if not source.equals(target, ignore_axis_order=True):
        move = pyproj.Transformer.from_crs(source, target, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])))
        if not np.isfinite(shapely.get_coordinates(shapes)).all():
            text = f"shapes lie where {asked} is not defined"
            raise UsageError(Fault("MPI-G004", place, text, "mend `crs:` or `projection:`"))
    unit = target.axis_info[0].unit_name if target.axis_info else ""
    authority = target.to_authority()
    return shapes, ":".join(authority) if authority else target.to_wkt(), unit in ("metre", "meter")


def _check_degrees(shapes: NDArray[np.object_], source: Any, place: Place) -> None:
    import shapely

    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    if source.is_geographic and not (-180 <= x0 <= x1 <= 360 and -90 <= y0 <= y1 <= 90):  # noqa: PLR2004  degrees
        text = "coordinates are no degrees, though the coordinate reference system is one of degrees"
        raise UsageError(Fault("MPI-G004", place, text, "write the right `crs:`"))


def _simplified(
    shapes: NDArray[np.object_], codes: Sequence[str], spec: MapSpec, place: Place
) -> tuple[NDArray[np.object_], list[Notice]]:
    """Shapes with fewer vertices; shared borders stay shared, and no area vanishes."""
    import shapely

    if not spec.tolerance:
        return shapes, []
    notices = []
    if not shapely.coverage_is_valid(shapes):
        edges = shapely.coverage_invalid_edges(shapes)
        wrong = [codes[i] for i in np.flatnonzero(~shapely.is_empty(edges)).tolist()]
        text = f"{counted(len(wrong), 'area')} overlap their neighbours ({listed(wrong)}): slivers may show"
        notices.append(Notice("MPI-N032", text, place))
    simple = shapely.coverage_simplify(shapes, spec.tolerance)
    gone = shapely.is_empty(simple) | (shapely.get_num_coordinates(simple) == 0)
    simple[gone] = shapes[gone]
    return simple, notices


def _upper(
    found: Boundaries, shapes: NDArray[np.object_]
) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[str, ...], NDArray[np.object_] | None]:
    """The areas above: the place of each, their codes, names and unions."""
    import shapely

    if not found.upper_codes:
        return np.full(len(shapes), -1, np.int64), (), (), None
    codes = tuple(sorted(set(found.upper_codes) - {""}))
    place = {code: i for i, code in enumerate(codes)}
    upper = np.array([place.get(code, -1) for code in found.upper_codes], np.int64)
    name = dict(zip(found.upper_codes, found.upper_names, strict=True))
    unions = np.empty(len(codes), dtype=object)
    for i in range(len(codes)):
        unions[i] = shapely.union_all(shapes[upper == i])
    return upper, codes, tuple(name[code] for code in codes), unions


def _insets(specs: Sequence[InsetSpec], codes: Sequence[str], place: Place) -> tuple[Inset, ...]:
    found = []
    for spec in specs:
        members = [i for i, code in enumerate(codes) if any(_meant(own, code) for own in spec.codes)]
        if not members:
            text = f"no code is one of the inset's ({listed(spec.codes)})"
            raise UsageError(Fault("MPI-G011", place, text, 'mend `insets:`; "88*" stands for all codes from 88'))
        found.append(Inset(spec.title, np.array(members, np.int64)))
    return tuple(found)


def _meant(own: str, code: str) -> bool:
    """Whether a code, or a beginning of codes such as 88*, means this one."""
    return code.startswith(own[:-1]) if own.endswith("*") else code == own
