"""Polygons from a file: GeoPackage, GeoJSON, TopoJSON, GeoParquet or Shapefile, with their codes and names as text.

Comes in: what a study says of the file. Goes out: valid polygons with codes, each once. Figures are unknown here.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Notice, Place, UsageError, counted, listed, nearest
from mpi.study import BoundaryFile, Upper

POLYGONS = (3, 6)  # shapely's numbers of polygons and multipolygons
GEOGRAPHIC = "OGC:CRS84"
INSTALL = "install mpi-engine[publish]"


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """The polygons of a file, ascending by code.

    Attributes
    ----------
    codes, names : tuple of str, length n
        A polygon without a name has its code as name.
    shapes : object, shape (n,)
        Valid shapely polygons or multipolygons.
    crs : str
    upper_codes, upper_names : tuple of str, length n
        Of the area that holds each; empty tuples if none is asked for.
    padded : int
        Codes that got leading zeros.
    notices : tuple of Notice
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: NDArray[np.object_]
    crs: str
    upper_codes: tuple[str, ...]
    upper_names: tuple[str, ...]
    padded: int
    notices: tuple[Notice, ...]


def read_boundaries(file: BoundaryFile, folder: Path, upper: Upper | None = None) -> Boundaries:
    """The polygons of a file with their codes.

    Parameters
    ----------
    file : BoundaryFile
    folder : Path
        That paths lie below, unless they are absolute.
    upper : Upper, optional
        Columns of the areas that hold these.

    Raises
    ------
    UsageError
        If the file is not there, has no such layer or column, or no projection is known.
    DataError
        If the file is damaged, a code is missing, repeated or of another width, or a shape is no polygon.
    """
    path = folder / file.path
    place = Place(file.path)
    if not path.is_file():
        text = "there is no such file of boundaries below the data folder"
        raise UsageError(Fault("MPI-G001", place, text, "mend `path:`, or give --data"))
    table, geometry, crs = _geoparquet(path, place) if path.suffix == ".parquet" else _ogr(path, file, place)
    columns = _columns(table, file, upper, place)
    codes, padded = _codes(columns["code"], file, place)
    shapes, notices = _shapes(geometry, codes, place)
    known = file.crs or crs
    if known is None:
        text = "the file does not say its coordinate reference system"
        raise UsageError(Fault("MPI-G004", place, text, "write `crs:`, such as EPSG:4326 for degrees"))
    order = np.argsort(np.array(codes, dtype=object), kind="stable")
    names = [name or code for name, code in zip(columns["name"], codes, strict=True)]

    def sorted_(texts: list[str]) -> tuple[str, ...]:
        return tuple(texts[i] for i in order.tolist())

    above = [text or "" for text in columns.get("upper code", [])]
    called = [text or code for text, code in zip(columns.get("upper name", above), above, strict=True)]
    return Boundaries(sorted_(codes), sorted_(names), shapes[order], known, sorted_(above) if above else (),
                      sorted_(called) if above else (), padded, tuple(notices))  # fmt: skip


def _ogr(path: Path, file: BoundaryFile, place: Place) -> tuple[pa.Table, Any, str | None]:
    """Columns, geometries as WKB, and the reference system of a file that GDAL reads."""
    try:
        import pyogrio
        from pyogrio.errors import DataLayerError, DataSourceError
        from pyogrio.raw import read_arrow
    except ModuleNotFoundError:
        raise UsageError(Fault("MPI-G009", place, "boundaries need pyogrio and shapely", INSTALL)) from None
    source = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(source)]
        layer = file.layer
        if layer is not None and layer not in layers:
            remedy = nearest(layer, layers) or f"there are {listed(layers, 20)}"
            raise UsageError(Fault("MPI-G002", place, f"the file has no layer {layer!r}", remedy))
        if layer is None and len(layers) != 1:
            text = f"the file has {counted(len(layers), 'layer')}"
            raise UsageError(Fault("MPI-G002", place, text, f"write `layer:`, one of {listed(layers, 20)}"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            meta, table = read_arrow(source, layer=layer or layers[0])
    except (DataSourceError, DataLayerError, pa.ArrowInvalid, OSError):
        text = "this is no file of polygons that can be read, or it is damaged"
        remedy = "give a GeoPackage, GeoJSON, TopoJSON, GeoParquet or Shapefile"
        raise DataError(Fault("MPI-G003", place, text, remedy)) from None
    name = meta["geometry_name"] or "wkb_geometry"
    if name not in table.column_names:
        raise DataError(Fault("MPI-G003", place, "the file holds no geometry", "give a file of polygons"))
    return table.drop_columns([name]), table[name], meta["crs"]


def _geoparquet(path: Path, place: Place) -> tuple[pa.Table, Any, str | None]:
    """Columns, geometries as WKB, and the reference system of a GeoParquet file."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, page_checksum_verification=True)
        about = json.loads((table.schema.metadata or {}).get(b"geo", b"null"))
    except (pa.ArrowException, OSError, ValueError):
        text = "this is no Parquet file that can be read, or it is damaged"
        raise DataError(Fault("MPI-G003", place, text, "give a GeoParquet file")) from None
    primary = (about or {}).get("primary_column")
    if primary not in table.column_names or about["columns"][primary].get("encoding") != "WKB":
        text = "the Parquet file says of no column that it holds geometries as WKB (metadata `geo`)"
        raise DataError(Fault("MPI-G003", place, text, "write it as GeoParquet"))
    crs = about["columns"][primary].get("crs", GEOGRAPHIC)
    return table.drop_columns([primary]), table[primary], json.dumps(crs) if isinstance(crs, dict) else crs


def _columns(
    table: pa.Table, file: BoundaryFile, upper: Upper | None, place: Place
) -> dict[str, list[str | None]]:  # fmt: skip
    """The columns that are wanted, as texts; the code as the file holds it."""
    wanted = {"code": file.code}
    wanted |= {"name": file.name} if file.name is not None else {}
    wanted |= {"upper code": upper.code} if upper is not None else {}
    wanted |= {"upper name": upper.name} if upper is not None and upper.name is not None else {}
    faults = []
    for column in wanted.values():
        if column not in table.column_names:
            remedy = nearest(column, table.column_names) or f"there are {listed(table.column_names, 20)}"
            faults.append(Fault("MPI-G002", place, f"the file has no column {column!r}", remedy))
    number = "code" in wanted and file.code in table.column_names and not _is_text(table[file.code].type)
    if number and not (file.pad and file.width and pa.types.is_integer(table[file.code].type)):
        text = f"the codes in {file.code!r} are {table[file.code].type}, not text: leading zeros may be lost"
        remedy = "write `width:` and `pad: yes` if whole numbers may be padded with zeros"
        faults.append(Fault("MPI-G005", place, text, remedy))
    if faults:
        raise UsageError(*faults)
    found = {what: [None if value is None else str(value) for value in table[column].to_pylist()]
             for what, column in wanted.items()}  # fmt: skip
    return {"name": [None] * table.num_rows, **found}


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def _codes(found: list[str | None], file: BoundaryFile, place: Place) -> tuple[list[str], int]:
    """The codes, padded if the file of the study says so, and how many were."""
    faults = []
    lost = sum(1 for code in found if not code)
    if lost:
        text = f"{counted(lost, 'polygon')} of {len(found):,} have no code in {file.code!r}"
        faults.append(Fault("MPI-G006", place, text, "mend the file, or dissolve what belongs together"))
    codes = [code or "" for code in found]
    padded = 0
    if file.width is not None:
        short = [i for i, code in enumerate(codes) if code and len(code) < file.width and code.isdigit()]
        if file.pad:
            padded = len(short)
            for i in short:
                codes[i] = codes[i].zfill(file.width)
        wrong = [code for code in codes if code and len(code) != file.width]
        if wrong:
            text = f"{counted(len(wrong), 'code')} of {file.code!r} are not {file.width} wide ({listed(wrong)})"
            faults.append(Fault("MPI-G006", place, text, "mend `width:`, or `pad: yes` if zeros were lost"))
    places: dict[str, int] = {}
    for code in codes:
        places[code] = places.get(code, 0) + 1
    twice = sorted(code for code, number in places.items() if code and number > 1)
    if twice:
        text = f"{counted(len(twice), 'code')} of {file.code!r} stand at more than one polygon ({listed(twice)})"
        faults.append(Fault("MPI-G006", place, text, "dissolve the polygons of one code into one"))
    if not found:
        faults.append(Fault("MPI-G006", place, "the file holds no polygon", "is this the right file?"))
    if faults:
        raise DataError(*faults)
    return codes, padded


def _shapes(geometry: Any, codes: list[str], place: Place) -> tuple[NDArray[np.object_], list[Notice]]:
    """Valid polygons; those that had to be mended are told."""
    import shapely

    try:
        shapes = shapely.from_wkb(np.array(geometry.to_pylist(), dtype=object))
    except shapely.errors.GEOSException:
        raise DataError(Fault("MPI-G003", place, "geometries are damaged", "export the file anew")) from None
    empty = [codes[i] for i in np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes)).tolist()]
    other = [codes[i] for i in np.flatnonzero(~np.isin(shapely.get_type_id(shapes), POLYGONS)).tolist()
             if codes[i] not in empty]  # fmt: skip
    faults = []
    if empty:
        text = f"{counted(len(empty), 'area')} have no geometry ({listed(empty)})"
        faults.append(Fault("MPI-G007", place, text, "mend the file"))
    if other:
        text = f"{counted(len(other), 'area')} are no polygons ({listed(other)})"
        faults.append(Fault("MPI-G007", place, text, "a map needs areas, not points or lines"))
    if faults:
        raise DataError(*faults)
    shapes = shapely.force_2d(shapes)
    wrong = np.flatnonzero(~shapely.is_valid(shapes))
    if not len(wrong):
        return shapes, []
    shapes[wrong] = [_polygonal(shape) for shape in shapely.make_valid(shapes[wrong])]
    text = (f"{counted(len(wrong), 'shape')} crossed themselves and were mended "
            f"({listed([codes[i] for i in wrong.tolist()])})")  # fmt: skip
    return shapes, [Notice("MPI-N030", text, place)]


def _polygonal(shape: Any) -> Any:  # shapely carries no types
    """The polygons of what mending left: it may add lines and points."""
    import shapely

    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if shapely.get_type_id(part) in POLYGONS]
    return shapely.union_all(parts)
