"""Areas of a map from its boundary file: codes checked, shapes made fit, joined to the codes of the figures.

Comes in: what the study says of a map, and the codes that figures have. Goes out: `Areas`, the report of the join,
and what a reader should know. All faults of a file are told together, as far as they do not hide one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mpi.errors import ConfigError, DataError, Fault, MpiError, Notice, Place, counted, listed, phrase
from mpi.maps import geometry
from mpi.maps.areas import Areas, Inset
from mpi.maps.boundaries import Boundaries, need_packages, read_boundaries
from mpi.maps.codes import codes_of, columns_of
from mpi.maps.join import Join, joined
from mpi.maps.rows import names_of, selected, sorted_out
from mpi.source import load_crosswalk
from mpi.specs.study import BoundaryFile, MapSpec

if TYPE_CHECKING:
    from pyproj import CRS


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
    raw = read_boundaries(file, folder, columns_of(spec))
    if file.only is not None:
        raw = selected(raw, file)
    notices = list(raw.notices)
    faults: list[Fault] = []
    source = _source(raw, stated, place, faults, notices)
    found = sorted_out(raw, _with_crosswalk(spec, folder, faults, notices), spec.upper, faults, notices)
    shapes = found.shapes
    if source is not None and not faults:
        misplaced = geometry.misplaced(shapes, source, target or source)
        if misplaced:
            faults.append(
                Fault("MPI-G013", place, misplaced, phrase("look at `crs:`, `projection:` and the order of x and y"))
            )
    if faults or source is None:
        raise DataError(*faults)
    order, texts = found.rows, found.codes
    names = found.names
    join = joined(
        spec.domain,
        Path(file.path).name,
        codes or (),
        dict(zip(texts, names, strict=True)),
        padded=found.padded,
        labels=labels,
        left_out=found.left_out,
    )
    if codes is not None:
        _check_join(join, codes, texts, spec)
    insets = _insets(spec, texts)
    crs = target or source
    shapes = _moved(shapes, source, crs, place)
    broken = geometry.broken_borders(shapes)
    if len(broken):
        some = listed([texts[int(i)] for i in broken])
        text = phrase(
            "the borders of {areas} overlap their neighbours', or do not meet them: {some}; they stay so on the map",
            areas=counted(len(broken), "area"),
            some=some,
        )
        notices.append(Notice("MPI-N033", text, place))
    shapes = _simplified(shapes, spec, crs, insets)
    if not geometry.in_metres(crs):
        text = phrase(
            "the map is not in metres: it gets no scale bar, and far from the equator its shapes are stretched; set "
            "`projection:`"
        )
        notices.append(Notice("MPI-N034", text, place))
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
        capitals=frozenset(code for code in texts if any(fnmatchcase(code, one) for one in spec.capitals)),
        vintage=file.vintage,
        source=file.source,
        licence=file.licence,
    )
    return areas, join, tuple(notices)


def _with_crosswalk(spec: MapSpec, folder: Path, faults: list[Fault], notices: list[Notice]) -> BoundaryFile:
    """The boundary file with what its crosswalk says."""
    file = spec.boundaries
    if file.crosswalk is None:
        return file
    try:
        found, told = load_crosswalk(file.crosswalk, folder, spec.domain, file.code.width)
    except DataError as error:
        faults += error.faults
        return replace(file, crosswalk=None)
    notices.append(told)
    return replace(file, crosswalk=found)


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
        text = phrase("this file does not say what its coordinates are")
        faults.append(
            Fault(
                "MPI-G011",
                place,
                text,
                phrase("write `crs:` beside the file (mpi map: --crs), such as EPSG:4326 for degrees"),
            )
        )
    elif stated is not None and own is not None and not stated.equals(own, ignore_axis_order=True):
        text = phrase(
            "the file says its coordinates are {name}; the study says {name2}, which is used",
            name=own.name,
            name2=stated.name,
        )
        notices.append(Notice("MPI-N031", text, place))
    return stated or own


def fitted(areas: Areas, before: Join, spec: MapSpec, codes: Sequence[str], labels: Mapping[str, str]) -> Join:
    """How the codes of the figures fit areas that were read before they were known.

    Raises
    ------
    DataError
        If codes of the figures have no polygon, unless the map allows it, or none has.
    """
    names = dict(zip(areas.codes, areas.names, strict=True))
    join = joined(
        spec.domain, before.boundaries, codes, names, padded=before.padded, labels=labels, left_out=before.left_out
    )
    _check_join(join, codes, areas.codes, spec)
    return join


def _check_join(join: Join, figures: Sequence[str], areas: Sequence[str], spec: MapSpec) -> None:
    """Refuse figures that no polygon stands for.

    Raises
    ------
    DataError
    """
    place, file = Place(spec.boundaries.path), spec.boundaries
    wrong = join.left_out.other_width
    if join.only_figures and wrong:
        text = phrase(
            "{codes} not of {width} characters: {names}",
            codes=counted(len(wrong), "code"),
            width=file.code.width,
            names=listed(wrong),
        )
        pad = "" if file.code.pad else phrase("; where leading zeros are missing, set `pad: yes`")
        text = phrase(
            "{fault}; and figures of {domain!r} without a polygon: {names}",
            fault=text,
            domain=spec.domain,
            names=listed(join.only_figures),
        )
        raise DataError(
            Fault(
                "MPI-G008",
                place,
                text,
                phrase("write the width that the codes have, or take another column{pad}", pad=pad),
            )
        )
    if not join.matched:
        text = phrase("no code of {domain!r} is in column {what!r}", domain=spec.domain, what=file.code.what)
        remedy: str = phrase(
            "give {domain!r} codes in the survey, or remove this map from the study", domain=spec.domain
        )
        if figures:
            like = phrase(
                "codes of the figures look like {figure!r}, those of the file like {area!r}",
                figure=min(figures),
                area=areas[0],
            )
            remedy = phrase("{like}: look at the column and its width", like=like)
        raise DataError(Fault("MPI-G015", place, text, remedy))
    if join.only_figures and spec.unmatched == "refuse":
        number = counted(len(join.only_figures), "code")
        text = phrase(
            "{number} of {domain!r} without a polygon: {names}",
            number=number,
            domain=spec.domain,
            names=listed(join.only_figures),
        )
        if bare := sorted({*join.left_out.without_shape, *join.left_out.other_shapes} & {*join.only_figures}):
            text = phrase("{fault}; in the file, but without one: {names}", fault=text, names=listed(bare))
        remedy = phrase(
            "take boundaries of the same year as the codes, give a `crosswalk:` between both, or set "
            "`unmatched: allow` to draw the map without them"
        )
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
                text = phrase("an inset has the code {code!r}, which fits no area", code=code)
                remedy = phrase("codes look like {codes!r}; `88*` means all codes that begin with 88", codes=codes[0])
                faults.append(Fault("MPI-G017", spec.boundaries.place, text, remedy))
            members |= found
        if taken & members:
            text = phrase("areas in two insets: {names}", names=listed([codes[i] for i in sorted(taken & members)]))
            faults.append(Fault("MPI-G017", spec.boundaries.place, text, phrase("leave each area in one")))
        taken |= members
        made.append(Inset(inset.title, np.array(sorted(members), np.int64)))
    if len(taken) == len(codes):
        text, remedy = (
            phrase("the insets contain every area, so the map is empty"),
            phrase("leave some areas out of them"),
        )
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
        text = phrase("some areas are where {name} has no coordinates", name=target.name)
        raise DataError(
            Fault("MPI-G013", place, text, phrase("look at `crs:`, `projection:` and the order of x and y"))
        )
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
            unit = phrase("metres") if geometry.in_metres(crs) else phrase("units of the projection")
            text = phrase(
                "with a tolerance of {tolerance:g} {unit} the map is empty", tolerance=spec.tolerance, unit=unit
            )
            remedy = phrase(
                "take one above 0 and well below {value:.3g}, or set `projection:`", value=most or spec.tolerance
            )
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
    texts = codes_of(raw, spec.upper.code).texts
    own = [texts[place] for place in order]
    codes = tuple(sorted(set(own) - {""}))
    names: dict[str, str] = {}
    for code, name in zip(own, names_of(raw, spec.upper.name, order), strict=True):
        if name is not None:
            names.setdefault(code, name)
    place = {code: i for i, code in enumerate(codes)}
    of = np.array([place.get(code, -1) for code in own], np.int64)
    return of, codes, tuple(names.get(code, code) for code in codes)
