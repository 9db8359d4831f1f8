"""A GeoPackage that opens coloured: areas with every column, a view for each statistic, and the styles inside.

GDAL writes the shapes; views, styles and the meaning of columns are added with sqlite3. Nothing in the file depends
on the clock.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.drawing.style import HOUSE, Style
from mpi.files import write_whole
from mpi.language import translated
from mpi.maps.areas import Areas
from mpi.maps.attributes import PARTS, VERDICT, Slice, attributes, goal_columns, goal_meanings, goal_names, meanings
from mpi.maps.gdal import import_gdal
from mpi.maps.goals import Goal
from mpi.maps.qgis import outline_style, style_of, verdict_style
from mpi.maps.verdicts import LOOKS
from mpi.vocabulary.result_columns import Meaning
from mpi.vocabulary.wording import Language

VERSION = "1.3"  # what QGIS 3.22 knows; GDAL would write 1.4, of which older programs warn
FIXED = "2000-01-01T00:00:00.000Z"  # every date in the file: the same figures give the same bytes
MEANINGS = "columns"  # table with the meaning of each column
OWN = ("layer_styles", MEANINGS)
RESERVED = ("gpkg", "sqlite", "rtree")  # how names of tables may not begin
MOST = 480  # statistics of one table: SQLite holds 2,000 columns, and each statistic takes four
STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""
NO_TARGET = translated("no target")
COLUMNS = "CREATE TABLE columns (id INTEGER PRIMARY KEY NOT NULL, name TEXT, type TEXT, title TEXT, meaning TEXT)"


def write_geopackage(
    path: Path,
    areas: Areas,
    parts: Sequence[Slice],
    language: Language,
    *,
    marks: Mapping[str, str] | None = None,
    style: Style = HOUSE,
    goals: Sequence[Goal] = (),
    overwrite: bool = False,
) -> None:
    """Write a GeoPackage: a table of the areas, their upper areas, and a view for each statistic.

    Parameters
    ----------
    path : Path
    areas : Areas
    parts : sequence of Slice
        The view of a statistic shows its first cutoff; the others are columns of the table. What is more than a table
        can hold follows in tables without shapes, `<table>_2` and so on, with the code of each area.
    language : one of `mpi.language.LANGUAGES`
        Of titles and legends.
    marks : mapping of str to str, optional
        What each mark means in the words of the rules that judged.
    goals : sequence of Goal, optional
        Targets of the areas, with their verdicts: columns of the table, and a view of each that opens coloured.
    """
    with TemporaryDirectory() as folder:
        # GDAL wants a name that ends in .gpkg, and leaves files of its own beside it.
        made = Path(folder) / "map.gpkg"
        _shapes(made, areas, parts, goals)
        with closing(sqlite3.connect(made)) as connection:
            _furnish(connection, areas, parts, language, partial(_drawn, language=language, marks=marks, style=style))
            for name, meaning in goal_meanings(goals).items():
                _meaning(connection, name, meaning, language)
            for name, goal in zip(goal_names(goals), goals, strict=True):
                _goal_view(connection, areas, _table(areas, parts), (name, goal), language)
            connection.commit()
            connection.execute("VACUUM")
        data = _uncounted(made.read_bytes())
    write_whole(path, lambda part: _put(part, data), overwrite=overwrite)


def _uncounted(data: bytes) -> bytes:
    """The file with a fixed count of its changes, and the count at which its size was noted.

    How many writes GDAL needs differs between runs that write the same.

    References
    ----------
    SQLite, Database File Format, sections 1.3.7 and 1.3.16.
    """
    one = (1).to_bytes(4, "big")
    return data[:24] + one + data[28:92] + one + data[96:]


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def coded(shapes: NDArray[np.object_], *, multi: bool = False) -> pa.Array:
    """Shapes as a column of well-known binary; as multipolygons alone, if a format wants one kind."""
    import shapely

    if multi:
        made = np.empty(len(shapes), np.object_)
        for i, shape in enumerate(shapes):
            made[i] = shapely.multipolygons(shapely.get_parts(shape))
        shapes = made
    blobs = shapely.to_wkb(shapes, byte_order=1).tolist()
    ends = np.cumsum([0, *(len(blob) for blob in blobs)]).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(blobs), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(blobs))])


def _shapes(path: Path, areas: Areas, parts: Sequence[Slice], goals: Sequence[Goal]) -> None:
    table = _table(areas, parts)
    first, *more = _divided(parts)
    columns = {**attributes(areas, first), **goal_columns(goals)}
    _layer(path, table, {**columns, "geom": coded(areas.shapes, multi=True)}, areas.crs)
    for number, others in enumerate(more, start=2):
        _layer(path, f"{table}_{number}", attributes(areas, others), None)
    if areas.upper_shapes is not None:
        upper = {"code": arrow.texts(areas.upper_codes), "name": arrow.texts(areas.upper_names)}
        _layer(path, f"{table}_upper", {**upper, "geom": coded(areas.upper_shapes, multi=True)}, areas.crs)


def _table(areas: Areas, parts: Sequence[Slice]) -> str:
    """The name of the table of areas: that of the domain, unless something else in the file is called so."""
    taken = {name.casefold() for name in (*OWN, *(part.column for part in parts))}
    name = areas.domain
    return f"areas_{name}" if name.casefold() in taken or name.casefold().startswith(RESERVED) else name


def _divided(parts: Sequence[Slice]) -> list[Sequence[Slice]]:
    """The statistics of each table; the first holds those of the first cutoff, which the views show."""
    if len(parts) <= MOST:
        return [parts]
    ordered = sorted(parts, key=lambda part: part.cutoff)
    return [ordered[i : i + MOST] for i in range(0, len(ordered), MOST)]


def _layer(path: Path, name: str, columns: Mapping[str, pa.Array], crs: str | None) -> None:
    """Write a table, the first of a file or one more; one without a coordinate system has no shapes."""
    import_gdal()
    from pyogrio.raw import write_arrow

    shaped = {} if crs is None else {"geometry_name": "geom", "geometry_type": "MultiPolygon", "crs": crs}
    layer = {"FID": "fid"} if crs is None else {"FID": "fid", "SPATIAL_INDEX": "NO", "GEOMETRY_NAME": "geom"}
    more = path.exists()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a coordinate system has no code: it is written out instead
        write_arrow(
            arrow.table(columns),
            path,
            layer=name,
            driver="GPKG",
            append=more,
            layer_options=layer,
            dataset_options={} if more else {"VERSION": VERSION},
            **shaped,
        )


def _furnish(
    connection: sqlite3.Connection, areas: Areas, parts: Sequence[Slice], language: Language, drawn: Callable[..., str]
) -> None:
    run = connection.execute
    run(STYLES)
    run(COLUMNS)
    table = _table(areas, parts)
    found = run(
        "SELECT srs_id, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (table,)
    ).fetchone()
    titles = Counter(part.title[language] for part in parts if part.cutoff == 0)
    for part in parts:
        if part.cutoff == 0:
            title = part.title[language]
            # Titles of the contents must differ, those of indicators need not.
            _view(connection, areas, (table, part), found, title if titles[title] == 1 else f"{title} ({part.column})")
            _style(connection, part.column, part.title[language], drawn(part, view=True))
    if parts:
        _style(connection, table, parts[0].title[language], drawn(parts[0], view=False))
    if areas.upper_shapes is not None:
        _style(connection, f"{table}_upper", "outline", outline_style())
    for name, meaning in meanings(areas, parts).items():
        _meaning(connection, name, meaning, language)
    for table, what in (("layer_styles", "styles of QGIS"), (MEANINGS, "meaning of the columns")):
        run(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
            "VALUES (?, 'attributes', ?, ?, ?)",
            (table, table, what, FIXED),
        )
    run("UPDATE gpkg_contents SET last_change = ?", (FIXED,))


def _drawn(part: Slice, *, view: bool, language: Language, marks: Mapping[str, str] | None, style: Style) -> str:
    if view:
        return style_of(part.layer, "estimate", "standing", language, meanings=marks, style=style)
    standing = f"{part.column}{PARTS['standing'][0]}"
    return style_of(part.layer, part.column, standing, language, meanings=marks, style=style)


def _view(
    connection: sqlite3.Connection, areas: Areas, of: tuple[str, Slice], contents: tuple[object, ...], title: str
) -> None:
    """A view of one statistic of a table: the columns of a table alone cannot have a style each."""
    table, part = of
    own = [f"{_quoted(part.column + ending)} AS {_quoted(name)}" for name, (ending, _) in PARTS.items()]
    _select(connection, areas, (table, part.column), ["n", *own], (contents, title))


def _goal_view(
    connection: sqlite3.Connection, areas: Areas, table: str, of: tuple[str, Goal], language: Language
) -> None:
    """A view of one target: what it asks of each area, and the verdict."""
    name, goal = of
    contents = connection.execute(
        "SELECT srs_id, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (table,)
    ).fetchone()
    own = [f"{_quoted(name)} AS target", f"{_quoted(name + VERDICT)} AS verdict"]
    title = goal.title[language]
    taken = connection.execute("SELECT count(*) FROM gpkg_contents WHERE identifier = ?", (title,)).fetchone()[0]
    _select(connection, areas, (table, name), own, (contents, f"{title} ({name})" if taken else title))
    words = {verdict: titles[language] for verdict, titles in goal.words.items()}
    qml = verdict_style("verdict", words, goal.signs, NO_TARGET[language], LOOKS)
    _style(connection, name, goal.title[language], qml)


def _select(
    connection: sqlite3.Connection,
    areas: Areas,
    of: tuple[str, str],
    own: Sequence[str],
    told: tuple[tuple[object, ...], str],
) -> None:
    """A view of a table with columns of its own, in the contents of the file by its title."""
    table, view = of
    upper = ("upper_code", "upper_name") if areas.upper_codes else ()
    plain = ["fid AS OGC_FID", "geom", "code", "name", *upper]
    # Names of tables cannot be parameters: they are quoted, with quotes inside them doubled.
    words = ["CREATE VIEW", _quoted(view), "AS SELECT", ", ".join([*plain, *own]), "FROM", _quoted(table)]
    connection.execute(" ".join(words))
    (srs, *box), title = told
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id, min_x, min_y, "
        "max_x, max_y) VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (view, title, title, FIXED, srs, *box),
    )
    connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)", (view, srs))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _style(connection: sqlite3.Connection, table: str, name: str, qml: str) -> None:
    connection.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
        "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
        "VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', '', ?)",
        (table, table[:30], qml, name, FIXED),
    )


def _meaning(connection: sqlite3.Connection, name: str, meaning: Meaning, language: Language) -> None:
    connection.execute(
        "INSERT INTO columns (name, type, title, meaning) VALUES (?, ?, ?, ?)",
        (name, meaning.type, meaning.title[language], meaning.text[language]),
    )
