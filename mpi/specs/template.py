"""An office's own template: what of the look and the texts of every output is its own. Specs only: `mpi.config` reads.

Everything may be left out; what is left out is as in a publication without a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mpi.errors import Place
from mpi.files.digests import ConfigFile
from mpi.vocabulary.options import SECTIONS, ReportSection, Titles

GENERIC = ("serif", "sans-serif", "monospace", "system-ui")  # families that no system has by name
PNG, SVG, TRUETYPE = "image/png", "image/svg+xml", "font/ttf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that outputs carry inside, as it was when it was read.

    Attributes
    ----------
    path : Path
    media : str
        Such as `image/png`.
    sha256 : str
        Of the content, by which two are the same.
    width, height : float
        Of a picture, in units of its own; 0 of a font.
    """

    path: Path = field(compare=False)
    media: str
    sha256: str
    content: bytes = field(compare=False, repr=False)
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """The sign of the office.

    Attributes
    ----------
    page : Asset
        SVG or PNG, for pages.
    picture : Asset or None
        PNG, for charts, maps and the workbook, which have none without it.
    alt : mapping of str to str
        What it is, for who does not see it, by language.
    """

    page: Asset
    picture: Asset | None
    alt: Titles


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Colours as `#rrggbb`, checked; empty where the house's stay.

    Attributes
    ----------
    accent : str
        Of titles, links and rules.
    sequential, second : tuple of str
        Of classes, from light to dark; of a second scale beside them.
    categorical : tuple of str
        Of lines, marks and bars; the first leads.
    """

    accent: str = ""
    sequential: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fonts:
    """Names of families, the first that a reader's system has is taken; and files that go before them.

    Attributes
    ----------
    text, headings : tuple of str
    regular, bold : Asset or None
        TrueType.
    """

    text: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    regular: Asset | None = None
    bold: Asset | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What an office puts in place of the house's look, and what it adds.

    Attributes
    ----------
    office, address : mapping of str to str
        Its name and where it is, by language.
    web : str
        An address of the web, or empty.
    sections : tuple of str
        Of the report, in their order; those that are not named are left out.
    foreword, contact, licence, note : mapping of str to str
        Texts by language; an empty line divides paragraphs.
    """

    name: str
    office: Titles = field(default_factory=dict)
    address: Titles = field(default_factory=dict)
    web: str = ""
    logo: Logo | None = None
    colours: Colours = field(default_factory=Colours)
    fonts: Fonts = field(default_factory=Fonts)
    sections: tuple[ReportSection, ...] = SECTIONS
    foreword: Titles = field(default_factory=dict)
    contact: Titles = field(default_factory=dict)
    licence: Titles = field(default_factory=dict)
    note: Titles = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)
    files: tuple[ConfigFile, ...] = field(default=(), compare=False, repr=False)

    @property
    def assets(self) -> Mapping[str, Asset]:
        """The files that it names, by what they are."""
        logo = self.logo
        found = {
            "logo": None if logo is None else logo.page,
            "picture": None if logo is None else logo.picture,
            "regular": self.fonts.regular,
            "bold": self.fonts.bold,
        }
        return {what: one for what, one in found.items() if one is not None}


def files_of_template(template: Template | None) -> dict[str, ConfigFile]:
    """The file of a template and those that it names, by their roles in a manifest."""
    if template is None:
        return {}
    made = {"template": template.files[0]} if template.files else {}
    for name, one in template.assets.items():
        shown = one.content.decode() if one.media == SVG else ""
        made[f"template {name}"] = ConfigFile(one.path, shown, one.sha256)
    return made
