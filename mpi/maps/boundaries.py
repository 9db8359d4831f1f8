"""Polygons as a file holds them, with the columns that a map asks for.

Comes in: where the file lies and which columns mean what. Goes out: shapes in the file's coordinates and columns as
they are stored. Files are known by their first bytes, never by their name, so that nothing but plain data is opened.
"""

from __future__ import annotations

import contextlib
import io
import json
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Notice, Place, UsageError, installing, listed, nearest, phrase
from mpi.errors.resources import raise_scarce
from mpi.files.stores import StorePath
from mpi.maps.cutting import UNREADABLE, cut_texts, faults_of
from mpi.maps.gdal import import_gdal
from mpi.source import find_files
from mpi.specs.study import BoundaryFile, MapSpec

DEGREES = "EPSG:4326"
LON_LAT = "OGC:CRS84"  # of GeoParquet without `crs`, by its specification
KINDS = phrase("GeoPackage, GeoJSON, TopoJSON, GeoParquet, a Shapefile, or one of them in a .zip")
BESIDE = (".shx", ".dbf", ".prj", ".cpg")  # parts of a Shapefile
# Instructions for GDAL in the shape of JSON: they would run, and may name other files.
NO_DATA_BUT_COMMANDS = b"gdal_streamed_alg"


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """What was read of a boundary file; n rows.

    Attributes
    ----------
    file : str
        As the study names it.
    columns : mapping of str to pyarrow.ChunkedArray
        Those that were asked for.
    shapes : object, shape (n,)
        shapely geometries, None where there is none.
    crs : str or None
        What the file says of its coordinates.
    """

    file: str
    columns: Mapping[str, pa.ChunkedArray]
    shapes: NDArray[np.object_]
    crs: str | None
    notices: tuple[Notice, ...] = field(default=())


def need_packages() -> None:
    """Refuse to go on without the packages that maps are made with.

    Raises
    ------
    UsageError
    """
    from importlib.util import find_spec

    missing = [name for name in ("shapely", "pyogrio", "pyproj") if find_spec(name) is None]
    if missing:
        text = phrase("maps need {names}", names=listed(missing))
        raise UsageError(Fault("MPI-G019", None, text, installing("publish")))


def boundary_files(spec: BoundaryFile, folder: Path) -> list[Path]:
    """The files of boundaries: the one that is named, and of a Shapefile those that go with it."""
    path = folder / spec.path
    if path.suffix.lower() != ".shp":
        return [path]
    with contextlib.suppress(OSError):
        return [
            path,
            *(
                other
                for other in sorted(path.parent.iterdir())
                if other.stem == path.stem and other.suffix.lower() in BESIDE
            ),
        ]
    return [path]


def files_of_map(spec: MapSpec, folder: Path) -> list[Path]:
    """The files that a map reads: of boundaries, and of their crosswalk."""
    found, crosswalk = boundary_files(spec.boundaries, folder), spec.boundaries.crosswalk
    if crosswalk is not None:
        with contextlib.suppress(DataError):  # whoever reads it says so
            found += find_files(spec.domain, crosswalk.path, folder)
    return found


def read_boundaries(spec: BoundaryFile, folder: Path, columns: Sequence[str]) -> Boundaries:
    """The polygons of a file with some of its columns.

    Parameters
    ----------
    spec : BoundaryFile
    folder : Path
        Where relative paths start.
    columns : sequence of str
        Names of columns; all must be there.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a layer or columns, or holds nothing.
    UsageError
        If a package is missing.
    """
    need_packages()
    wanted = tuple(dict.fromkeys(columns))
    place = Place(spec.path)
    path = folder / spec.path
    source: Path | bytes | str
    layer: str | None
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError:
        remedy = phrase("look at `boundaries:` of the map, and at the data folder")
        raise DataError(Fault("MPI-G001", place, phrase("this boundary file cannot be opened"), remedy)) from None
    if isinstance(path, StorePath) and path.suffix.lower() == ".shp":
        raise _shapefile(place)
    if head.startswith(b"PK\x03\x04"):
        source, head, layer = _of_zip(path, spec)
    else:
        source, layer = (path.read_bytes() if isinstance(path, StorePath) else path), spec.layer
    if head.startswith(b"PAR1"):
        found = _geoparquet(source, spec, wanted)
    else:
        found = _by_gdal(source, head, layer, spec, wanted)
    if len(found.shapes) == 0:
        raise DataError(
            Fault(
                "MPI-G006",
                place,
                phrase("this file contains no area"),
                phrase("get a whole copy of the file, or take another one"),
            )
        )
    return found


def _of_zip(path: Path, spec: BoundaryFile) -> tuple[Path | bytes | str, bytes, str | None]:
    """What to open of a .zip, the first bytes of it, and the layer still to choose."""
    place = Place(spec.path)
    try:
        with path.open("rb") as raw, zipfile.ZipFile(raw) as packed:
            names = sorted(name for name in packed.namelist() if not name.startswith("__MACOSX"))
            shapefiles = [name for name in names if name.lower().endswith(".shp")]
            if shapefiles and isinstance(path, StorePath):
                raise _shapefile(place)
            if shapefiles:
                stems = {PurePosixPath(name).stem: name for name in shapefiles}
                chosen = stems[_layer(list(stems), spec.layer, place)]
                with packed.open(chosen) as stream:
                    return f"/vsizip/{path}/{chosen}", stream.read(4096), None
            others = [
                name for name in names if name.lower().endswith((".gpkg", ".geojson", ".json", ".topojson", ".parquet"))
            ]
            if len(others) != 1:
                text = phrase("this .zip contains {number} boundary files, not one", number=len(others))
                raise DataError(
                    Fault("MPI-G002", place, text, phrase("unpack it and name the file: {kinds}", kinds=KINDS))
                )
            data = packed.read(others[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise DataError(_damaged(place)) from None
    return data, data[:4096], spec.layer


def _shapefile(place: Place) -> DataError:
    text = phrase("a Shapefile, which is several files, is not read from a store")
    return DataError(Fault("MPI-G002", place, text, phrase("store it as a GeoPackage or GeoParquet file")))


def _damaged(place: Place, said: str = "") -> Fault:
    reason = phrase(" ({said})", said=said) if said else ""
    return Fault(
        "MPI-G002",
        place,
        phrase("this boundary file is damaged or cut short{reason}", reason=reason),
        phrase("get a new copy of it"),
    )


def _layer(names: Sequence[str], wanted: str | None, place: Place) -> str:
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is not None and wanted in names:
        return wanted
    if not names:
        raise DataError(
            Fault(
                "MPI-G003",
                place,
                phrase("this file contains no layer of shapes"),
                phrase("maps read {kinds}", kinds=KINDS),
            )
        )
    known = listed(names, 20)
    remedy: str
    if wanted is None:
        text = phrase("this file contains {number} layers", number=len(names))
        remedy = phrase("choose one with `layer:`; there are {known}", known=known)
    else:
        text = phrase("this file has no layer {wanted!r}", wanted=wanted)
        remedy = nearest(wanted, names) or phrase("its layers are {names}: write one as `layer:`", names=known)
    raise DataError(Fault("MPI-G003", place, text, remedy))


def _check_columns(there: Iterable[str], wanted: Sequence[str], place: Place) -> None:
    known = list(there)
    remedy = (
        phrase("there are {names}", names=listed(known, 20))
        if known
        else phrase("this file has none: get a whole copy, or take another one")
    )
    faults = [
        Fault("MPI-G004", place, phrase("no column {name!r}", name=name), nearest(name, known) or remedy)
        for name in wanted
        if name not in known
    ]
    if faults:
        raise DataError(*faults)


def _by_gdal(
    source: Path | bytes | str, head: bytes, layer: str | None, spec: BoundaryFile, wanted: tuple[str, ...]
) -> Boundaries:
    import_gdal()
    import shapely
    from pyogrio import list_layers, read_info
    from pyogrio.errors import DataLayerError, DataSourceError
    from pyogrio.raw import read_arrow

    place = Place(spec.path)
    drivers = _drivers(source, head, place)
    opened: Any = source if isinstance(source, bytes) else str(source)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            layers = [str(name) for name, kind in list_layers(opened) if kind is not None]
            # One layer of JSON is named after the file, or not at all.
            name = layers[0] if drivers[0] == "GeoJSON" and len(layers) == 1 else _layer(layers, layer, place)
            info = read_info(opened, layer=name)
            if info["driver"] not in drivers:
                raise DataError(_no_kind(place))
            fields = [str(one) for one in info["fields"]]
            _check_columns(fields, wanted, place)
            if cut := cut_texts(source, info["driver"], name, wanted, fields):
                raise DataError(*faults_of(cut, place))
            meta, table = read_arrow(opened, layer=name, columns=list(wanted))
            shapes = _shapes(table.column(meta["geometry_name"] or "wkb_geometry"))
        except (DataSourceError, DataLayerError, pa.ArrowException) as error:
            raise DataError(_damaged(place, str(error).splitlines()[0][:160].replace(str(source), spec.path))) from None
        except shapely.errors.ShapelyError:
            raise DataError(_damaged(place, phrase("its shapes cannot be read"))) from None
        except UNREADABLE as error:
            raise_scarce(error, spec.path)
            raise DataError(_damaged(place)) from None
    # By content and once: GDAL repeats itself for every shape.
    remarks = dict.fromkeys(str(one.message).splitlines()[0][:200] for one in caught)
    crs = DEGREES if info["driver"] == "TopoJSON" and meta["crs"] is None else meta["crs"]
    return Boundaries(
        spec.path,
        {name: table.column(name) for name in wanted},
        shapes,
        crs,
        tuple(
            Notice("MPI-N030", phrase("while reading: {remark}", remark=remark), place) for remark in list(remarks)[:5]
        ),
    )


def _drivers(source: Path | bytes | str, head: bytes, place: Place) -> tuple[str, ...]:
    """GDAL's names of what a file may be, by its first bytes."""
    if head.startswith(b"SQLite format 3\0"):
        return ("GPKG",)
    if head.startswith(b"\x00\x00\x27\x0a"):
        return ("ESRI Shapefile",)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        whole = source if isinstance(source, bytes) else Path(source).read_bytes()
        if NO_DATA_BUT_COMMANDS not in whole:
            return ("GeoJSON", "TopoJSON")
    raise DataError(_no_kind(place))


def _no_kind(place: Place) -> Fault:
    return Fault(
        "MPI-G002",
        place,
        phrase("this is not a kind of boundary file that can be read"),
        phrase("maps read {kinds}", kinds=KINDS),
    )


def _shapes(column: pa.ChunkedArray) -> NDArray[np.object_]:
    import shapely

    coded = np.empty(len(column), np.object_)
    coded[:] = column.to_pylist()
    shapes: NDArray[np.object_] = shapely.force_2d(shapely.from_wkb(coded))
    return shapes


def _geoparquet(source: Path | bytes | str, spec: BoundaryFile, wanted: tuple[str, ...]) -> Boundaries:
    """A GeoParquet file, by its own metadata: the `geo` key says which column holds the shapes, and how."""
    import pyarrow.parquet as pq
    import shapely

    place = Place(spec.path)
    try:
        with pq.ParquetFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
            schema = file.schema_arrow
            described = _geo(schema.metadata or {}, place)
            primary = str(described["primary_column"])
            column = described["columns"][primary]
            if column.get("encoding") != "WKB":
                text = phrase("its shapes are stored as {get}", get=column.get("encoding"))
                raise DataError(
                    Fault("MPI-G002", place, text, phrase("write the GeoParquet file with the encoding WKB"))
                )
            _check_columns([name for name in schema.names if name != primary], wanted, place)
            if primary not in schema.names or not _holds_bytes(schema.field(primary).type):
                raise DataError(_damaged(place, phrase("no shapes in column {primary!r}", primary=primary)))
            table = file.read(columns=[*wanted, primary])
        shapes = _shapes(table.column(primary))
    except (pa.ArrowException, OSError, MemoryError, shapely.errors.ShapelyError, UnicodeDecodeError) as error:
        raise_scarce(error, spec.path)
        raise DataError(_damaged(place)) from None
    crs = column.get("crs", LON_LAT)  # null: it is not known; left out: degrees
    said = crs if crs is None or isinstance(crs, str) else json.dumps(crs)
    return Boundaries(spec.path, {name: table.column(name) for name in wanted}, shapes, said)


def _holds_bytes(type_: pa.DataType) -> bool:
    return bool(pa.types.is_binary(type_) or pa.types.is_large_binary(type_) or pa.types.is_binary_view(type_))


def _geo(metadata: Mapping[bytes, bytes], place: Place) -> dict[str, Any]:
    fault = Fault(
        "MPI-G002",
        place,
        phrase("this Parquet file does not say where its shapes are"),
        phrase("write it as GeoParquet"),
    )
    try:
        found: dict[str, Any] = json.loads(metadata[b"geo"])
        found["columns"][found["primary_column"]]["encoding"]
    except (KeyError, TypeError, ValueError):
        raise DataError(fault) from None
    return found
