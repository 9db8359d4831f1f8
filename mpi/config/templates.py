"""An office's template from its YAML file, with the files that it names: all its faults before anything is computed."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from mpi.config.assets import read_font, read_picture
from mpi.config.composing import load
from mpi.config.keys import templates as keys
from mpi.config.kinds import refuse_other_kinds
from mpi.config.locate import locate
from mpi.config.nodes import Node, Section
from mpi.config.template_colours import read_colours
from mpi.errors import Place, nearest
from mpi.errors.arguments import public
from mpi.language import listed, phrase
from mpi.specs.template import PNG, Colours, Fonts, Logo, Template
from mpi.vocabulary.options import NEEDED_SECTIONS, SECTIONS, ReportSection, Titles


@public
def load_template(name: str | Path) -> Template:
    """An office's template from a YAML file, or by the name of one that ships with the package.

    Parameters
    ----------
    name : str or Path
        Path of the file, or a name such as `example`.

    Raises
    ------
    ConfigError
        With every fault of the file, and of the files that it names, each as file:line:column.
    """
    path = locate(name, "templates")
    return read_template(load(path), path.parent)


def read_template(root: Node, folder: Path) -> Template:
    """The template that a file's root node describes; the files that it names are below the folder.

    Raises
    ------
    ConfigError
        With every fault.
    """
    refuse_other_kinds(root, "template")
    top = root.section(phrase("the template"), keys.TEMPLATE)
    texts: dict[str, Titles] = {key: top.read(key, Node.titles, {}) for key in _TEXTS}
    colours, fonts = top.get("colours"), top.get("fonts")
    found = Template(
        name=top.read("template", Node.identifier, ""),
        web=top.read("web", _web, ""),
        logo=_logo(top.get("logo"), folder),
        colours=Colours() if colours is None else read_colours(colours, phrase("the template: colours")),
        fonts=Fonts() if fonts is None else _fonts(fonts, folder),
        sections=top.read("sections", _sections, SECTIONS),
        place=Place(root.place.file),
        files=root.files,
        **texts,
    )
    root.faults.refuse()
    return found


_TEXTS = ("office", "address", "foreword", "contact", "licence", "note")


def _web(node: Node, what: str) -> str | None:
    text = node.text(what)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s\"'<>]", text)
    except ValueError:
        good = False
    if good:
        return text
    fault = phrase("{what}: {value!r} is not an address of the web", what=what, value=text[:60])
    node.wrong("MPI-C183", fault, phrase("write it whole, as https://www.example.org"))
    return None


def _logo(node: Node | None, folder: Path) -> Logo | None:
    if node is None:
        return None
    what = phrase("the template: logo")
    section = node.section(what, keys.LOGO)
    page, picture = section.get("file"), section.get("picture")
    shown = None if page is None else read_picture(page, phrase("{what}: file", what=what), folder)
    drawn = None
    if picture is not None:
        drawn = read_picture(picture, phrase("{what}: picture", what=what), folder, kinds=(PNG,))
    elif shown is not None and shown.media == PNG:
        drawn = shown
    alt: Titles = section.read("alt", Node.titles, {})
    return None if shown is None else Logo(page=shown, picture=drawn, alt=alt)


def _fonts(node: Node, folder: Path) -> Fonts:
    what = phrase("the template: fonts")
    section = node.section(what, keys.FONTS)
    files = {}
    for key in ("regular", "bold"):
        one = section.get(key)
        files[key] = None if one is None else read_font(one, phrase("{what}: {key}", what=what, key=key), folder)
    if section.get("bold") is not None and section.get("regular") is None:
        text = phrase("{what}: a bold font without a regular one", what=what)
        section.found["bold"].wrong("MPI-C180", text, phrase("add `regular:`"))
    return Fonts(text=_families(section, "text"), headings=_families(section, "headings"), **files)


def _families(section: Section, key: str) -> tuple[str, ...]:
    """Names of families, which a style sheet can hold."""
    node = section.get(key)
    what = phrase("the template: fonts: {key}", key=key)
    found = []
    for item in [] if node is None else node.items(what):
        name = item.text(what)
        if name is not None and not re.fullmatch(r"[\w][\w .+-]{0,60}", name):
            text = phrase("{what}: {name!r} is not the name of a font family", what=what, name=name[:40])
            item.wrong("MPI-C183", text, phrase("write a name of letters, digits and blanks, as [Open Sans]"))
        elif name is not None:
            found.append(name)
    return tuple(found)


def _sections(node: Node, what: str) -> tuple[ReportSection, ...] | None:
    """The sections of the report in their order; those that are needed must be among them, and none twice."""
    found: list[ReportSection] = []
    for item in node.items(what):
        name = item.text(what)
        known: ReportSection | None = next((one for one in SECTIONS if one == name), None)
        if known is None:
            remedy = nearest(name or "", SECTIONS) or phrase("there are {names}", names=listed(SECTIONS, 20))
            item.wrong("MPI-C182", phrase("{what}: the report has no section {name!r}", what=what, name=name), remedy)
        elif known in found:
            item.wrong(
                "MPI-C182", phrase("{what}: {name} stands twice", what=what, name=name), phrase("keep one of them")
            )
        else:
            found.append(known)
    lacking = [one for one in NEEDED_SECTIONS if one not in found]
    if lacking and found:
        text = phrase("{what}: a report cannot be understood without {names}", what=what, names=listed(lacking))
        node.wrong("MPI-C182", text, phrase("add {names}", names=listed(lacking)))
    return tuple(found) or None
