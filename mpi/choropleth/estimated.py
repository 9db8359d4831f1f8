"""A map straight from estimates: figures by area, and boundaries as a file, a shipped name or a GeoDataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import pyarrow as pa

from mpi.choropleth.given import Given, ValueKeys, check_languages, titles
from mpi.choropleth.making import make_map
from mpi.choropleth.table_map import TableMap
from mpi.columns import arrow
from mpi.disclosure.publishable import Publishable
from mpi.disclosure.unprotected import NONE, UNPROTECTED, unprotected
from mpi.errors import Fault, UsageError, listed
from mpi.errors.arguments import JUDGED, public
from mpi.estimates import Estimates
from mpi.language import phrase
from mpi.vocabulary.options import USUAL_LANGUAGES, Scheme
from mpi.vocabulary.wording import LANGUAGES, Language, form_of, statistic_title

CODE = "code"
PARTS = {"se": "se", "low": "ci_low", "high": "ci_high"}  # of a layer, and of a row of estimates


@public
def map_of(
    figures: Estimates | Publishable,
    boundaries: Annotated[object, JUDGED],
    *,
    domain: str = "",
    statistics: str | Sequence[str] = ("H", "A", "M0"),
    k: str = "",
    unit: str = "",
    title: str | Mapping[str, str] = "",
    area_code: str = "",
    area_name: str = "",
    width: int | None = None,
    pad: bool = False,
    scheme: Scheme | None = None,
    classes: int | None = None,
    languages: Sequence[Language] = USUAL_LANGUAGES,
) -> TableMap:
    """An interactive map of estimates by area, which notebooks show.

    Parameters
    ----------
    figures : Estimates or Publishable
        Estimates are drawn as they are, and the map says that nothing was protected.
    boundaries : str, Path or GeoDataFrame
        A file of shapes, a YAML file about one, the name of one that is shipped (`"colombia_departamentos"`), or a
        GeoDataFrame of geopandas.
    domain : str
        Whose codes are those of the areas; the only one of the figures if left out.
    statistics : str or sequence of str
        Each a layer.
    k, unit : str
        As in the columns of the figures; the first ones if left out.
    title : str, or mapping of str to str
        By language; the survey and its period if left out.
    area_code, area_name : str
        Columns of the shapes with codes and names; the codes are in one called like the domain if left out.
    width, pad : int, bool
        Characters of a code; shorter ones get leading zeros.
    scheme : {"fixed", "quantiles", "fisher_jenks"}, optional
    classes : int, optional
    languages : sequence of str
        Of the page, which opens in the first.

    Returns
    -------
    TableMap
        `.save("map.html")` writes the page, `.save("map.svg")` a picture (also .png and .pdf).

    Raises
    ------
    UsageError
        If the figures have no such domain, statistic, cutoff or unit.
    DataError
        If the boundaries cannot be read, or no code is that of an area.
    """
    check_languages(languages)
    own = unprotected(figures)
    chosen = domain or _only_domain(own)
    names = [statistics] if isinstance(statistics, str) else list(statistics)
    table, values, row = _layers(own, chosen, names, k, unit)
    note = {} if own.disclosure != NONE else dict(UNPROTECTED)
    given = Given(
        code=CODE,
        values=values,
        title=titles(title) or {"": " ".join(part for part in (row["survey"], row["period"]) if part)},
        note=note,
        area_code=area_code,
        area_name=area_name,
        width=width,
        pad=pad,
        scheme=scheme,
        classes=classes,
    )
    if isinstance(boundaries, str | Path):
        if Path(boundaries).suffix not in ("", ".yaml", ".yml"):
            given = replace(given, area_code=area_code or chosen)
        return make_map(table, boundaries, given, languages=languages)
    if not hasattr(boundaries, "to_file"):
        text = phrase("boundaries are a {kind}, neither a file nor a GeoDataFrame", kind=type(boundaries).__name__)
        remedy = phrase("name a file of polygons, or give a GeoDataFrame of geopandas")
        raise UsageError(Fault("MPI-U110", None, text, remedy))
    with TemporaryDirectory() as folder:  # read as any file of shapes is, with its checks
        path = Path(folder) / "areas.gpkg"
        boundaries.to_file(path, driver="GPKG")
        made = make_map(table, path, replace(given, area_code=area_code or chosen), languages=languages)
    return replace(made, inputs=())


def _only_domain(figures: Publishable) -> str:
    if not figures.domains:
        text = phrase("the figures are of no domain")
        raise UsageError(
            Fault("MPI-G223", None, text, phrase("estimate by the domain that has the codes of the areas"))
        )
    if len(figures.domains) > 1:
        text = phrase("it is not said which domain has the codes of the areas")
        remedy = phrase("give domain=, one of {names}", names=listed(figures.domains, 20))
        raise UsageError(Fault("MPI-G223", None, text, remedy))
    return figures.domains[0]


def _layers(
    figures: Publishable, domain: str, statistics: Sequence[str], k: str, unit: str
) -> tuple[pa.Table, dict[str, ValueKeys], dict[str, str]]:
    """One row an area, a column for each figure and its error; what is said of each; a row of the figures.

    Raises
    ------
    UsageError
        If there are no such figures.
    """
    if domain not in figures.domains:
        text = phrase("the figures have no domain {name!r}", name=domain)
        remedy = phrase("there are {names}", names=listed(figures.domains, 20))
        raise UsageError(Fault("MPI-E004", None, text, remedy))
    crossed = {name: None for name in figures.domains if name != domain}
    rows = [row for row in figures.only(list(statistics), **crossed).rows() if row[domain] is not None]
    for name, asked in (("unit", unit), ("k", k)):
        known = list(dict.fromkeys(row[name] for row in rows if row[name] is not None))
        wanted = asked or (known[0] if known else "")
        if known and wanted not in known:
            text = phrase("the figures have no {name} {value!r}", name=name, value=wanted)
            raise UsageError(Fault("MPI-E004", None, text, phrase("there are {names}", names=listed(known, 20))))
        rows = [row for row in rows if row[name] in (wanted, None)]
    if not rows:
        text = phrase("there are no figures by {name!r} to draw", name=domain)
        raise UsageError(Fault("MPI-E004", None, text, phrase("estimate these statistics by={name!r}", name=domain)))
    codes = list(dict.fromkeys(row[domain] for row in rows))
    place = {code: i for i, code in enumerate(codes)}
    columns: dict[str, list[object]] = {}
    for row in rows:
        for part, source in {"": "estimate", **PARTS}.items():
            name = f"{row['statistic']}_{part}" if part else row["statistic"]
            columns.setdefault(name, [None] * len(codes))[place[row[domain]]] = row[source]
    said: dict[str, ValueKeys] = {}
    for statistic in statistics:
        if statistic in columns:
            title = {one: statistic_title(statistic, rows[0]["unit"], one) for one in LANGUAGES}
            errors = {part: f"{statistic}_{part}" for part in PARTS if _known(columns[f"{statistic}_{part}"])}
            form = "proportion" if form_of(statistic) == "percent" else "index"
            said[statistic] = {"title": title, "form": form, **errors}
    made = {name: pa.array(np.array(cells, object), pa.float64()) for name, cells in columns.items()}
    return arrow.table({CODE: pa.array(codes, pa.string()), **made}), said, rows[0]


def _known(cells: list[object]) -> bool:
    return any(cell is not None for cell in cells)
