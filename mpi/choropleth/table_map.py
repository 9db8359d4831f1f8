"""A map of a table of figures: its page, its pictures, its areas as a frame."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mpi.choropleth.frames import geodataframe_of
from mpi.choropleth.layers import ends_of
from mpi.drawing.canvas import Drawing, picture
from mpi.drawing.frame import Frame, framed
from mpi.drawing.office import office_lines, page_parts
from mpi.drawing.style import style_of
from mpi.errors import Fault, Notice, UsageError, listed, nearest
from mpi.errors.arguments import public
from mpi.files import write_whole
from mpi.files.digests import ConfigFile
from mpi.language import phrase, strung, translated
from mpi.maps.areas import Areas
from mpi.maps.interactive import Findings, MapTexts, map_page
from mpi.maps.join import Join
from mpi.maps.layers import Layer, reclassed
from mpi.maps.page_layers import Caption, Period
from mpi.maps.static import draw_map
from mpi.specs.template import Template
from mpi.vocabulary.options import SCHEMES, Scheme, Titles
from mpi.vocabulary.wording import Language, title_in

if TYPE_CHECKING:
    import geopandas as gpd

FRAME = 'width="100%" height="640" style="border: 0" sandbox="allow-scripts allow-downloads allow-popups"'
SOURCE: Titles = translated("Source")


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
    def to_geopandas(self) -> gpd.GeoDataFrame:
        """The areas with `code`, `name`, the figure of each layer, its `_low` and `_high`; NaN where none is shown.

        Raises
        ------
        UsageError
            If geopandas is not installed.
        """
        return geodataframe_of(self.areas, self.layers)

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
            source=tuple(filter(None, (strung([SOURCE[own], source], ": ", own) if source else "", note, *office))),
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
