"""Which rows of a boundary file become areas: chosen, parts of one area put together, the rest told.

A row without a shape or a code stops no map by itself: where a figure needs it, its code has no polygon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import not_none, truth_of, unknown_count
from mpi.errors import DataError, Fault, Notice, Place, counted, listed
from mpi.language import phrase, template
from mpi.maps import geometry
from mpi.maps.boundaries import Boundaries
from mpi.maps.codes import check_columns, check_decimals, codes_of, texts_of
from mpi.maps.join import LeftOut, normalised
from mpi.rules import Frame, Kind, check, evaluate, names
from mpi.specs.study import BoundaryFile, Upper

WHOLE = phrase("get a whole copy of the file, or take another one")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rows:
    """The n areas of a boundary file, ascending by code.

    Attributes
    ----------
    codes : tuple of str, length n
    rows : int64, shape (n,)
        The first row of each in the file.
    names : tuple of str or None, length n
    shapes : object, shape (n,)
        Valid polygons in the file's coordinates.
    padded : int
        Codes that got leading zeros.
    left_out : LeftOut
    """

    codes: tuple[str, ...]
    rows: NDArray[np.int64]
    names: tuple[str | None, ...]
    shapes: geometry.Shapes
    padded: int
    left_out: LeftOut


def selected(raw: Boundaries, file: BoundaryFile) -> Boundaries:
    """The rows of a boundary file for which its `only:` holds.

    Raises
    ------
    DataError
        If the condition does not fit the columns, is unknown for a row, or holds for none.
    """
    rule = not_none(file.only)
    place = rule.origin.at(0)
    columns = {name: arrow.values_of(raw.columns[name].combine_chunks()) for name in names(rule.expression)}
    kinds = {name: Kind(arrow.sort_of(raw.columns[name].type), "household") for name in columns}  # type: ignore[arg-type]
    kinds = {
        name: Kind("unsure", "household") if kind.type in ("empty", "other") else kind for name, kind in kinds.items()
    }
    _, faults = check(rule.expression, kinds, rule.origin, level="household", expected="truth", persons=False)
    if faults:
        raise DataError(*faults)
    frame = Frame(np.ones(len(raw.shapes), np.int64), {}, columns)
    holds = truth_of(evaluate(rule.expression, frame, "household"))
    if unknown := unknown_count(holds):
        text = phrase("`only` is unknown for {rows}", rows=counted(unknown, "row"))
        remedy = phrase("write the condition so that it is known, with IS NOT NULL AND ... or COALESCE(..., FALSE)")
        raise DataError(Fault("MPI-G140", place, text, remedy))
    if not holds.true.any():
        raise DataError(
            Fault(
                "MPI-G140",
                place,
                phrase("`only` is true for no row"),
                phrase("write a condition that is true for some rows"),
            )
        )
    chosen = np.flatnonzero(holds.true)
    return replace(
        raw, columns={name: column.take(chosen) for name, column in raw.columns.items()}, shapes=raw.shapes[chosen]
    )


def sorted_out(
    raw: Boundaries, file: BoundaryFile, upper: Upper | None, faults: list[Fault], notices: list[Notice]
) -> Rows:
    """The areas of a boundary file; what is wrong with all of it is a fault, what is left out a notice."""
    import shapely

    place, code = Place(raw.file), file.code
    check_columns(raw, code, faults)
    if upper is not None:
        check_decimals(raw, upper.code, faults)
    own = codes_of(raw, code)
    texts, kinds = np.array(own.texts, object), shapely.get_type_id(raw.shapes)
    bare = shapely.is_missing(raw.shapes) | shapely.is_empty(raw.shapes)
    strange = ~bare & ~np.isin(kinds, (geometry.POLYGON, geometry.MULTIPOLYGON))
    _check_numbers(raw.shapes, own.texts, place, faults)
    shapes = raw.shapes
    if not faults:
        shapes, collapsed = _mended(shapes, ~bare & ~strange, own.texts, place, notices)
        bare = bare | collapsed
    nameless = texts == ""
    wide = ~nameless & (np.array([len(text) != code.width for text in texts], np.bool_) if code.width else False)
    kept = ~(nameless | bare | strange | wide)
    left_out = LeftOut(
        int(np.count_nonzero(nameless & ~bare)),
        _codes_at(texts, bare),
        _codes_at(texts, strange & ~nameless),
        _codes_at(texts, wide & ~bare & ~strange),
    )
    if not kept.any() and not faults:
        faults.append(_nothing(texts, bare, strange, place, file))
    rows = np.flatnonzero(kept).tolist()
    _check_names(raw, _grouped(texts, rows), file, faults)
    groups = _grouped(_recoded(texts, rows, file, place, faults), rows)
    _check_upper(raw, groups, upper, faults)
    for one, some in groups.items():  # an area that took in others gives them its name
        groups[one] = [*(row for row in some if texts[row] == one), *(row for row in some if texts[row] != one)]
    codes = tuple(sorted(groups))
    made = np.empty(len(codes), object)
    if not faults:
        for i, one in enumerate(codes):
            parts = groups[one]
            made[i] = shapes[parts[0]] if len(parts) == 1 else geometry.together(shapes[parts])
    left_out = replace(left_out, merged=tuple(one for one in codes if len(groups[one]) > 1))
    notices += [Notice("MPI-N140", line, place) for line in left_out.lines()]
    order = np.array([groups[one][0] for one in codes], np.int64)
    names = tuple(names_of(raw, file.name, order))
    if file.crosswalk is not None and file.name is not None:
        names = tuple(_name(raw, file.name, one, groups[one], texts) for one in codes)
    return Rows(codes=codes, rows=order, names=names, shapes=made, padded=own.padded, left_out=left_out)


def _grouped(texts: NDArray[np.object_], rows: Sequence[int]) -> dict[str, list[int]]:
    """The rows of each code."""
    groups: dict[str, list[int]] = {}
    for row in rows:
        groups.setdefault(str(texts[row]), []).append(row)
    return groups


def _recoded(
    texts: NDArray[np.object_], rows: Sequence[int], file: BoundaryFile, place: Place, faults: list[Fault]
) -> NDArray[np.object_]:
    """What the crosswalk makes of the codes of some rows; as they are without one."""
    spec = file.crosswalk
    if spec is None:
        return texts
    strange = sorted({str(texts[row]) for row in rows} - spec.codes.keys())
    if strange and not spec.keep:
        text = phrase(
            "the crosswalk does not list {codes}: {names}", codes=counted(len(strange), "code"), names=listed(strange)
        )
        remedy = phrase("add them to the crosswalk, or write `others: keep` if it lists only codes that change")
        faults.append(Fault("MPI-D142", place, text, remedy))
    return np.array([spec.codes.get(str(text), text) for text in texts], object)


def _name(raw: Boundaries, column: str, code: str, rows: Sequence[int], texts: NDArray[np.object_]) -> str | None:
    """The name of an area of some rows: that of the one with its code, else of all of them."""
    names = names_of(raw, column, np.array(rows, np.int64))
    if texts[rows[0]] == code:
        return names[0]
    return " / ".join(dict.fromkeys(name for name in names if name)) or None


def _codes_at(texts: NDArray[np.object_], where: NDArray[np.bool_]) -> tuple[str, ...]:
    """The codes of some rows, each once; a row without one by its number."""
    return tuple(sorted({str(texts[row]) or f"row {row + 1}" for row in np.flatnonzero(where).tolist()}))


def _nothing(
    texts: NDArray[np.object_], bare: NDArray[np.bool_], strange: NDArray[np.bool_], place: Place, file: BoundaryFile
) -> Fault:
    """The fault of a file of which no row becomes an area."""
    some = listed(_codes_at(texts, ~bare))
    if bare.all():
        return Fault(
            "MPI-G010",
            place,
            phrase("no area of this file has a shape: {names}", names=listed(_codes_at(texts, bare))),
            WHOLE,
        )
    if strange[~bare].all():
        text = phrase("no shape of this file is a polygon: {some}", some=some)
        return Fault("MPI-G014", place, text, phrase("take a file of polygons or multipolygons"))
    if (texts == "").all():
        text = phrase("no area of this file has a code in column {what!r}", what=file.code.what)
        return Fault("MPI-G007", place, text, phrase("take another column as `code:`"))
    if file.code.width:
        text = phrase("no area with a shape has a code of {width} characters: {some}", width=file.code.width, some=some)
        return Fault("MPI-G008", place, text, phrase("write the width that the codes have, or leave `width:` out"))
    return Fault(
        "MPI-G010", place, phrase("no area of this file has both a code and a shape: {some}", some=some), WHOLE
    )


def _check_numbers(shapes: geometry.Shapes, codes: Sequence[str], place: Place, faults: list[Fault]) -> None:
    """Add the fault of coordinates that are no numbers, or infinite: mending would cut the corner off."""
    import shapely

    points, of = shapely.get_coordinates(shapes, return_index=True)
    wrong = np.unique(of[~np.isfinite(points).all(axis=1)]).tolist()
    if wrong:
        some = listed([codes[row] or f"row {row + 1}" for row in wrong])
        text = phrase(
            "{areas} with a coordinate that is not a number: {some}", areas=counted(len(wrong), "area"), some=some
        )
        faults.append(Fault("MPI-G013", place, text, WHOLE))


def _mended(
    shapes: geometry.Shapes, polygons: NDArray[np.bool_], codes: Sequence[str], place: Place, notices: list[Notice]
) -> tuple[geometry.Shapes, NDArray[np.bool_]]:
    """The shapes without crossings, and which of them have no surface."""
    import shapely

    found = geometry.repaired(shapes[polygons])
    made = shapes.copy()
    made[polygons] = found.shapes
    gone = polygons.copy()
    gone[polygons] = shapely.is_empty(found.shapes)
    rows = np.flatnonzero(polygons)[found.mended]
    if len(rows := rows[~gone[rows]]):
        some = listed([codes[row] or f"row {row + 1}" for row in rows.tolist()])
        text = phrase(
            "{shapes} crossed themselves and were mended: {some}", shapes=counted(len(rows), "shape"), some=some
        )
        notices.append(Notice("MPI-N032", text, place))
    return made, gone


def _check_names(raw: Boundaries, groups: dict[str, list[int]], file: BoundaryFile, faults: list[Fault]) -> None:
    """Add the faults of rows of one code in the file that are not the parts of one area."""
    several = {code: rows for code, rows in groups.items() if len(rows) > 1}
    if not several:
        return
    place = Place(raw.file)
    if file.name is None and not file.merge:
        text = phrase(
            "{codes} on more than one row: {names}", codes=counted(len(several), "code"), names=listed(sorted(several))
        )
        remedy = phrase(
            "write `parts: merge` if the rows of a code are parts of one area, else take another column as `code:`"
        )
        faults.append(Fault("MPI-G009", place, text, remedy))
    elif file.name is not None:
        texts = texts_of(raw.columns[file.name])
        _check_one(template("{codes} with several names: {names}"), texts, several, place, faults)


def _check_upper(raw: Boundaries, groups: dict[str, list[int]], upper: Upper | None, faults: list[Fault]) -> None:
    """Add the fault of areas whose rows lie in several upper areas."""
    several = {code: rows for code, rows in groups.items() if len(rows) > 1}
    if upper is not None and several:
        texts = list(codes_of(raw, upper.code).texts)
        _check_one(template("{codes} with several upper areas: {names}"), texts, several, Place(raw.file), faults)


def _check_one(
    told: str, texts: Sequence[str], several: dict[str, list[int]], place: Place, faults: list[Fault]
) -> None:
    """Add the fault of codes whose rows have more than one text."""
    ways = {code: {normalised(texts[row]): texts[row] for row in rows if texts[row]} for code, rows in several.items()}
    wrong = [f"{code} ({' / '.join(found.values())})" for code, found in sorted(ways.items()) if len(found) > 1]
    if wrong:
        text = phrase(told, codes=counted(len(wrong), "code"), names=listed(wrong))
        remedy = phrase("change the code or the name in the file, leave a row out with `only:`, or take another column")
        faults.append(Fault("MPI-G009", place, text, remedy))


def names_of(raw: Boundaries, column: str | None, order: NDArray[np.int64]) -> list[str | None]:
    """The names of some rows as they can be shown; None where there is none."""
    if column is None:
        return [None] * len(order)
    # No output can show what is below a blank, and XML forbids it.
    texts = ["".join(c if c.isprintable() else " " for c in text).strip() for text in texts_of(raw.columns[column])]
    return [texts[place] or None for place in order]
