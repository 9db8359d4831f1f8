"""A map of a table of figures: read, joined to its boundaries, drawn as a page and as pictures."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mpi.choropleth.given import Given, area_domain, boundaries_of, mapping_of, padded
from mpi.choropleth.layers import as_words, caption_of, computed, ends_of, has_errors, layer_names, layer_of
from mpi.choropleth.reading import Column, columns_of
from mpi.columns import arrow
from mpi.comparing.reading import refuse_lacking
from mpi.comparing.tables import file_of, texts, texts_of
from mpi.drawing.canvas import Drawing, picture
from mpi.drawing.frame import Frame, framed
from mpi.drawing.office import office_lines, page_parts
from mpi.drawing.style import style_of
from mpi.errors import DataError, Fault, Notice, Place, UsageError, counted, listed, nearest
from mpi.errors.arguments import public
from mpi.files import write_whole
from mpi.files.digests import ConfigFile
from mpi.language import phrase, translated
from mpi.maps.areas import Areas
from mpi.maps.boundaries import files_of_map
from mpi.maps.interactive import Findings, MapTexts, map_page
from mpi.maps.join import Join, joined
from mpi.maps.layers import Layer, reclassed
from mpi.maps.page_layers import Caption, Period
from mpi.maps.shaping import fitted, load_areas
from mpi.maps.static import draw_map
from mpi.specs.published import Published
from mpi.specs.study import MapFile, MapSpec
from mpi.specs.template import Template, files_of_template
from mpi.vocabulary.options import SCHEMES, USUAL_LANGUAGES, Scheme, Titles
from mpi.vocabulary.wording import Language, level_text, title_in

WHOLE = re.compile(r"(?<=\d)\.0$")  # the end of a whole number written as a decimal one
# As wide as the cell of a notebook; what the page computes stays in it.
FRAME = 'width="100%" height="640" style="border: 0" sandbox="allow-scripts allow-downloads allow-popups"'
AREA: Titles = translated("Area")
UPPER: Titles = translated("Upper area")
BOUNDARIES: Titles = translated("Boundaries")
SOURCE: Titles = translated("Source")
UNKNOWN: Titles = translated("The sampling errors of these figures are not known, so no difference can be called real.")
COUNTED: Titles = translated("Everybody was counted: these figures have no sampling errors.")
UNTESTED: Titles = translated("Whether differences between areas are real has not been tested.")
COMPUTED: Titles = translated(
    "Intervals ({level}%) are computed from the errors of the table, by the normal distribution."
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TableMap:
    """A map of a table of figures.

    Attributes
    ----------
    title : mapping of str to str
        By language.
    layers : tuple of Layer
        Of the last period.
    earlier : tuple of Period
        The oldest first.
    captions : mapping of str to Caption
        By name of a layer.
    period : str
        The last; empty if the table has none.
    level : float
        Of the intervals.
    census : bool
        Whether everybody was counted.
    join : Join
        How the codes fitted.
    inputs : tuple of Path
        Files that were read, and what they are.
    configs : mapping of str to ConfigFile
        By role.
    notices : tuple of Notice
        Which codes match no area, and which areas have no figure.
    template : Template or None
        The office's own look and texts.
    """

    title: Titles
    areas: Areas
    layers: tuple[Layer, ...]
    earlier: tuple[Period, ...]
    captions: Mapping[str, Caption]
    texts: MapTexts
    period: str
    languages: tuple[Language, ...]
    level: float
    census: bool
    join: Join
    inputs: tuple[Path, ...] = ()
    configs: Mapping[str, ConfigFile] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    template: Template | None = None

    def page(self) -> str:
        """The interactive map as the text of one HTML file."""
        return map_page(
            self.areas,
            self.layers,
            self.texts,
            measure=None,
            period=self.period,
            unit="",
            languages=self.languages,
            level=self.level,
            schemes={layer.name: self._schemes(layer) for layer in self.layers},
            findings=Findings(earlier=self.earlier, census=self.census),
            style=style_of(self.template),
            own=page_parts(self.template, self.languages, dark="button"),
            captions=self.captions,
        )

    def _schemes(self, layer: Layer) -> dict[Scheme, list[float]]:
        made = [layer, *(reclassed(layer, scheme) for scheme in SCHEMES if scheme != layer.scheme)]
        return {one.scheme: one.breaks.tolist() for one in reversed(made)}

    def _repr_html_(self) -> str:
        """The page inside a notebook, which keeps it apart from its own."""
        page, title = (html.escape(one) for one in (self.page(), title_in(self.title, self.languages[0], "")))
        return f'<iframe srcdoc="{page}" title="{title}" {FRAME}></iframe>'

    @public
    def save(self, path: str | Path, *, layer: str = "", language: str = "", overwrite: bool = False) -> None:
        """Write the page (`.html`), or a layer as a picture (`.svg`, `.png`, `.pdf`), whole or not at all.

        Parameters
        ----------
        path : str or Path
        layer, language : str
            Of a picture: the first ones if left out.
        overwrite : bool
            Whether a file that is there may be replaced.

        Raises
        ------
        UsageError
            If it is another ending, there is no such layer, or the file exists.
        """
        ending = Path(path).suffix.lower()
        if ending in (".html", ".htm"):
            content = self.page().encode()
        else:
            content = picture(self.picture(layer, self._language(language)), ending)
        write_whole(Path(path), lambda part: _put(part, content), overwrite=overwrite)

    def _language(self, language: str) -> Language:
        """A language of the map by its name; its first if there is none."""
        found = next((one for one in self.languages if one == (language or self.languages[0])), None)
        if found is None:
            text = phrase("the map is not in {language!r}", language=language)
            raise UsageError(
                Fault("MPI-U110", None, text, phrase("there are {names}", names=", ".join(self.languages)))
            )
        return found

    def picture(self, name: str = "", language: Language | None = None) -> Drawing:
        """A layer as a picture that stands alone, with title, legend and source.

        Parameters
        ----------
        name : str
            Of the layer; the first if left out.
        language : str, optional
            One of the map's; its first if left out.

        Raises
        ------
        UsageError
            If there is no such layer.
        UnmadeError
            If no area has a figure.
        """
        by_name = {layer.name: layer for layer in self.layers}
        if name and name not in by_name:
            remedy = nearest(name, by_name) or phrase("there are {names}", names=listed(list(by_name), 20))
            raise UsageError(Fault("MPI-G042", None, phrase("no layer is called {name!r}", name=name), remedy))
        layer, own = by_name[name or self.layers[0].name], language or self.languages[0]
        caption = self.captions[layer.name]
        about = [caption.title[own], caption.unit[own], self.period]
        subtitle = " · ".join(dict.fromkeys(filter(None, [title_in(self.title, own, ""), *about])))
        source, note = (title_in(one, own, "") for one in (self.texts.source, self.texts.note))
        style, logo = style_of(self.template), None if self.template is None else self.template.logo
        office = [] if self.template is None else office_lines(self.template, own)
        frame = Frame(
            title=caption.finding[own] or caption.title[own],
            subtitle=subtitle,
            source=tuple(filter(None, (f"{SOURCE[own]}: {source}" if source else "", note, *office))),
            publisher="" if self.template is None else title_in(self.template.office, own, ""),
            language=own,
            logo=None if logo is None else logo.picture,
            alt="" if logo is None else title_in(logo.alt, own, ""),
            face=style.face,
        )
        # Where the boundaries come from is among the sources of the frame.
        plain = replace(self.areas, source={}, vintage={}, licence={})
        return framed(draw_map(plain, layer, language=own, beside=ends_of(layer, self.areas, own), style=style), frame)


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


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
        return ". ".join(filter(None, (own, f"{BOUNDARIES[language]}: {borders}" if borders else "")))

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
