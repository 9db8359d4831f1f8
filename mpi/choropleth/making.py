"""A map of a table of figures: read, joined to its boundaries, drawn as a page and as pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mpi.choropleth.given import Given, area_domain, boundaries_of, mapping_of, padded
from mpi.choropleth.layers import as_words, caption_of, computed, has_errors, layer_names, layer_of
from mpi.choropleth.reading import Column, columns_of
from mpi.choropleth.table_map import TableMap
from mpi.columns import arrow
from mpi.comparing.reading import refuse_lacking
from mpi.comparing.tables import file_of, texts, texts_of
from mpi.errors import DataError, Fault, Notice, Place, counted, listed
from mpi.language import phrase, strung, translated
from mpi.maps.areas import Areas
from mpi.maps.boundaries import files_of_map
from mpi.maps.interactive import MapTexts
from mpi.maps.join import Join, joined
from mpi.maps.layers import Layer
from mpi.maps.page_layers import Period
from mpi.maps.shaping import fitted, load_areas
from mpi.specs.published import Published
from mpi.specs.study import MapFile, MapSpec
from mpi.specs.template import Template, files_of_template
from mpi.vocabulary.options import USUAL_LANGUAGES, Titles
from mpi.vocabulary.wording import Language, level_text, title_in

if TYPE_CHECKING:
    pass

WHOLE = re.compile(r"(?<=\d)\.0$")  # the end of a whole number written as a decimal one
# As wide as the cell of a notebook; what the page computes stays in it.
AREA: Titles = translated("Area")
UPPER: Titles = translated("Upper area")
BOUNDARIES: Titles = translated("Boundaries")
UNKNOWN: Titles = translated("The sampling errors of these figures are not known, so no difference can be called real.")
COUNTED: Titles = translated("Everybody was counted: these figures have no sampling errors.")
UNTESTED: Titles = translated("Whether differences between areas are real has not been tested.")
COMPUTED: Titles = translated(
    "Intervals ({level}%) are computed from the errors of the table, by the normal distribution."
)


def make_map(
    table: object,
    boundaries: str | Path,
    given: Given,
    *,
    mapping: str | Path | Published | None = None,
    languages: Sequence[Language] = USUAL_LANGUAGES,
    read: Areas | None = None,
    template: Template | None = None,
) -> TableMap:
    """A map of a table of figures by area.

    Parameters
    ----------
    table : str, Path or frame
        A file (CSV, TSV, Parquet, .xlsx), or a table that supports the Arrow capsule protocol.
    boundaries : str or Path
        A file of shapes, a YAML file about one, or the name of one that is shipped.
    given : Given
    mapping : str, Path or Published, optional
        How the table is read, as for `mpi compare`.
    languages : sequence of str
    read : Areas, optional
        Of the same boundaries, which another map has read.
    template : Template, optional
        The office's own look and texts.

    Raises
    ------
    ConfigError
        If the mapping or the file of boundaries is faulty.
    UsageError
        If columns are not there, or not named.
    DataError
        If the table or the boundaries cannot be used, or no code is that of an area.
    """
    cells, name, files = _cells(table)
    place = Place(name)
    said = mapping_of(mapping, given, list(cells), place)
    domain, reading = area_domain(said, given, place)
    file = boundaries_of(boundaries, given, reading.column)
    spec = replace(file.spec, domain=domain)
    reading = padded(reading, given, spec.boundaries.code.width, place)
    said = replace(said, domains={**said.domains, domain: reading})
    refuse_lacking(place, cells, said)
    columns = columns_of(cells, said, domain, name)
    areas, before, notices = load_areas(spec, file.folder, None) if read is None else (read, _unjoined(spec), ())
    join = _join(areas, before, spec, sorted(_codes(columns)), place)
    title = said.title or {"": as_words(Path(name).stem if files else columns[0].values.column)}
    alone = said.title if len({one.values.column for one in columns}) == 1 else {}
    names, periods = layer_names(columns), sorted({period for one in columns for period in one.cells})
    level = float(said.level)
    made = {
        period: tuple(
            layer_of(one, period, areas.codes, name=name, level=level, spec=spec)
            for one, name in zip(columns, names, strict=True)
        )
        for period in periods
    }
    layers = made[periods[-1]]
    several = Counter(one.subject.place for one in columns)
    captions = {
        layer.name: caption_of(
            one, layer, areas, title, alone=alone, one_of_several=several[one.subject.place] > 1, languages=languages
        )
        for one, layer in zip(columns, layers, strict=True)
    }
    return TableMap(
        title=title,
        areas=areas,
        layers=layers,
        earlier=tuple(Period(name=period, layers=made[period]) for period in periods[:-1]),
        captions=captions,
        texts=_texts(replace(said, title=title), file, _errors(said, columns, layers, languages), languages),
        period=periods[-1],
        languages=tuple(languages),
        level=level,
        census=said.census,
        join=join,
        inputs=(*files, *files_of_map(spec, file.folder)),
        template=template,
        configs={
            **{role: one for role, files in (("mapping", said.files), ("boundaries", file.files)) for one in files},
            **files_of_template(template),
        },
        notices=(*notices, *_unmatched(join, layers, areas, place)),
    )


def _cells(table: object) -> tuple[dict[str, list[str]], str, tuple[Path, ...]]:
    """A table as texts by column, its name, and the file that was read."""
    if isinstance(table, str | Path):
        path = file_of(Path(table))
        return _wholes(texts(path)), str(path), (path,)
    return _wholes(texts_of(arrow.read_frame(table))), phrase("the table"), ()


def _wholes(table: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: _whole(cells) for name, cells in table.items()}


def _whole(cells: list[str]) -> list[str]:
    """Whole numbers as such: a column of codes with a gap comes as decimal numbers from pandas."""
    return [WHOLE.sub("", cell) for cell in cells] if all(WHOLE.search(cell) for cell in cells if cell) else cells


def _codes(columns: Sequence[Column]) -> set[str]:
    return {code for one in columns for cells in one.cells.values() for code in cells}


def _texts(said: Published, file: MapFile, errors: Sequence[Titles], languages: Sequence[Language]) -> MapTexts:
    """What a map says of itself, of the source of its figures and of their errors."""
    shapes = file.spec.boundaries

    def source(language: Language) -> str:
        parts = (title_in(one, language, "") for one in (shapes.source, shapes.vintage, shapes.licence))
        borders = ", ".join(filter(None, parts))
        own = ", ".join(filter(None, (title_in(one, language, "") for one in (said.source, said.licence))))
        return ". ".join(
            filter(None, (own, strung([BOUNDARIES[language], borders], ": ", language) if borders else ""))
        )

    def note(language: Language) -> str:
        return " ".join(filter(None, [title_in(said.note, language, ""), *(one[language] for one in errors)]))

    return MapTexts(
        title=said.title,
        area=file.area or AREA,
        upper=file.upper_area or UPPER if file.spec.upper is not None else {},
        source={language: source(language) for language in languages},
        note={language: note(language) for language in languages},
    )


def _unjoined(spec: MapSpec) -> Join:
    """What is known of a join before there are codes."""
    return joined(spec.domain, Path(spec.boundaries.path).name, (), {})


def _join(areas: Areas, before: Join, spec: MapSpec, codes: Sequence[str], place: Place) -> Join:
    """How the codes of the table fit the areas.

    Raises
    ------
    DataError
        If no code does.
    """
    there, width = set(areas.codes), len(areas.codes[0])
    if there.isdisjoint(codes) and any(code.zfill(width) in there for code in codes):
        text = phrase(
            "no code of the table is that of an area: {code!r} has lost the zeros of {area!r}",
            code=next(code for code in codes if code.zfill(width) in there),
            area=areas.codes[0],
        )
        raise DataError(Fault("MPI-G015", place, text, phrase("add --pad --width {width}", width=width)))
    return fitted(areas, before, spec, codes, {})


def _errors(
    said: Published, columns: Sequence[Column], layers: Sequence[Layer], languages: Sequence[Language]
) -> list[Titles]:
    """What is known of the sampling errors of the figures."""
    if said.census:
        return [COUNTED]
    if not any(has_errors(layer) for layer in layers):
        return [UNKNOWN]
    if not computed(columns):
        return [UNTESTED]
    level = float(said.level)
    return [UNTESTED, {one: COMPUTED[one].format(level=level_text(level, one)) for one in languages}]


def _unmatched(join: Join, layers: Sequence[Layer], areas: Areas, place: Place) -> list[Notice]:
    """Codes without an area, and areas without any figure in the last period."""
    found = []
    if join.only_figures:
        text = phrase(
            "{codes} of the table without an area: {names}; they are not on the map",
            codes=counted(len(join.only_figures), "code"),
            names=listed(join.only_figures),
        )
        found.append(Notice("MPI-N220", text, place))
    known = np.stack([np.isfinite(layer.estimate[0]) for layer in layers])
    bare = [f"{areas.names[i]} ({areas.codes[i]})" for i in np.flatnonzero(~known.any(axis=0)).tolist()]
    if bare:
        text = phrase("{areas} without a figure: {names}", areas=counted(len(bare), "area"), names=listed(bare))
        found.append(Notice("MPI-N221", text, place))
    return found
