"""Map data of a publication: one set of files a map, for QGIS, for programs and for tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from mpi.drawing.style import HOUSE, Style
from mpi.errors import Fault, UsageError, nearest
from mpi.files import write_whole
from mpi.language import phrase
from mpi.maps.areas import Areas
from mpi.maps.attributes import attributes, goal_columns, slices
from mpi.maps.boundaries import need_packages
from mpi.maps.exchange import write_csv, write_geojson, write_geoparquet
from mpi.maps.geopackage import write_geopackage
from mpi.maps.goals import Goal
from mpi.maps.join import Join, join_as_dict
from mpi.maps.layers import Layer
from mpi.vocabulary.options import MAP_FORMATS, USUAL_MAP_FORMATS, MapFormat
from mpi.vocabulary.wording import Language


def write_map_data(
    folder: Path,
    name: str,
    areas: Areas,
    layers: Sequence[Layer],
    join: Join | None = None,
    *,
    formats: Sequence[MapFormat] = USUAL_MAP_FORMATS,
    language: Language = "en",
    unit: str = "persons",
    titles: Mapping[str, Mapping[str, str]] | None = None,
    marks: Mapping[str, str] | None = None,
    style: Style = HOUSE,
    goals: Sequence[Goal] = (),
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write the data of a map in several formats, with the report of the join.

    Parameters
    ----------
    folder : Path
        Must exist.
    name : str
        Of the files, without ending.
    areas : Areas
    layers : sequence of Layer
    join : Join, optional
        Its report becomes `<name>.join.json`.
    formats : sequence of {"gpkg", "parquet", "geojson", "csv"}
        GeoPackage for QGIS, GeoParquet and CSV for programs, GeoJSON for web pages.
    language : one of `mpi.language.LANGUAGES`
        Of titles and legends inside the GeoPackage.
    unit : {"persons", "households"}
    titles : mapping of str to mapping of str to str, optional
        Of indicators, by language.
    marks : mapping of str to str, optional
        What each mark means in the words of the rules that judged, for the legends inside the GeoPackage.
    style : Style, optional
        Of the classes, for QGIS.
    goals : sequence of Goal, optional
        Targets of the areas, with their verdicts.
    overwrite : bool
        Whether existing files may be replaced.

    Returns
    -------
    tuple of Path
        The files, in the order of `formats`, then the report.

    Raises
    ------
    UsageError
        If there is no such format, a package is missing, or a file exists.
    DataError
        If the disk refuses.
    """
    for asked in formats:
        if asked not in MAP_FORMATS:
            remedy = nearest(asked, MAP_FORMATS) or phrase("there are {names}", names=", ".join(MAP_FORMATS))
            raise UsageError(
                Fault("MPI-G022", None, phrase("map data cannot be written as {asked!r}", asked=asked), remedy)
            )
    need_packages()
    parts = slices(layers, unit=unit, titles=titles or {})
    columns = {**attributes(areas, parts), **goal_columns(goals)}
    made = []
    for one in dict.fromkeys(formats):
        path = folder / f"{name}.{one}"
        if one == "gpkg":
            write_geopackage(path, areas, parts, language, marks=marks, style=style, goals=goals, overwrite=overwrite)
        elif one == "parquet":
            write_whole(path, lambda part: write_geoparquet(part, areas, columns), overwrite=overwrite)
        elif one == "geojson":
            write_whole(path, lambda part: write_geojson(part, areas, columns), overwrite=overwrite)
        else:
            write_whole(path, lambda part: write_csv(part, columns), overwrite=overwrite)
        made.append(path)
    if join is not None:
        path = folder / f"{name}.join.json"
        text = json.dumps(join_as_dict(join), ensure_ascii=False, indent=1) + "\n"
        write_whole(path, lambda part: _put(part, text), overwrite=overwrite)
        made.append(path)
    return tuple(made)


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
