"""Every remedy of a message about an office's template, followed as it says."""

# ruff: noqa: E501  rows of a table

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mpi.config import load_template
from mpi.config.locate import locate
from tests.support.office_files import SVG, font, png, templated
from tests.support.remedies import Doing, Row, follow

LOGO = "logo: {file: a.svg, alt: Our sign}"
SERIES = '"#0b5345", "#c05a00", "#4a7fc1", "#8a2f6b", "#6b6b6b"'


def logo(content: bytes | str) -> Doing:
    return templated(LOGO, a_svg=content)


def fonts(content: bytes | Callable[[], bytes]) -> Doing:
    return templated("fonts: {regular: f.ttf}", f_ttf=content)


def colours(text: str) -> Doing:
    return templated(f"colours: {{{text}}}")


def sections(text: str) -> Doing:
    return templated(f"sections: [{text}]")


ROWS = [
    Row("MPI-C180", "give the path of a file below the folder of the template", templated(LOGO), [logo(SVG)]),
    Row("MPI-C180", "copy the file beside the template, and name it from there", templated("logo: {file: ../a.svg, alt: x}"), [logo(SVG)]),
    Row("MPI-C180", "take a smaller file: every page carries it", logo(SVG + " " * 70000), [logo(SVG)]),
    Row("MPI-C180", "export it again as PNG, or as plain SVG without scripts and links", logo(png()[:50]), [logo(png()), logo(SVG)]),
    Row("MPI-C180", "save it as PNG, for instance 600 pixels wide", templated("logo: {file: a.svg, picture: a.svg, alt: x}", a_svg=SVG),
        [templated("logo: {file: a.svg, picture: a.png, alt: x}", a_svg=SVG, a_png=png(600, 200))]),
    Row("MPI-C180", "name a TrueType font, .ttf", fonts(b"OTTO"), [fonts(font)]),
    Row("MPI-C180", "add `regular:`", templated("fonts: {bold: f.ttf}", f_ttf=font), [templated("fonts: {regular: f.ttf, bold: f.ttf}", f_ttf=font)]),
    Row("MPI-C181", 'write colours in quotes, as "#0b3d66"', colours("accent: green"), [colours('accent: "#0b3d66"')]),
    Row("MPI-C181", "take a darker one", colours('accent: "#ffcc00"'), [colours('accent: "#7a5c00"')]),
    Row("MPI-C181", "list 5 to 8 colours", colours('categorical: ["#0b5345"]'), [colours(f"categorical: [{SERIES}]")]),
    Row("MPI-C181", "make one of them lighter or darker, not only another hue", colours(f'categorical: [{SERIES.replace("#4a7fc1", "#8c4f00")}]'), [colours(f"categorical: [{SERIES}]")]),
    Row("MPI-C181", "order them from the lightest to the darkest", colours('sequential: ["#0b4d3f", "#f1f8f5"]'), [colours('sequential: ["#f1f8f5", "#0b4d3f"]')]),
    Row("MPI-C181", "take a lighter first colour or a darker last one", colours('sequential: ["#3f6f62", "#2f5f52"]'), [colours('sequential: ["#f1f8f5", "#2f5f52"]'), colours('sequential: ["#6fa092", "#07281f"]')]),
    Row("MPI-C182", "did you mean 'maps'?", sections("key, map, quality, definition"), [sections("key, maps, quality, definition")]),
    Row("MPI-C182", "there are key, maps, indicators", sections("key, zzzzzz, quality, definition"), [sections("key, indicators, quality, definition")]),
    Row("MPI-C182", "keep one of them", sections("key, key, quality, definition"), [sections("key, quality, definition")]),
    Row("MPI-C182", "add quality, definition", sections("key, maps"), [sections("key, maps, quality, definition")]),
    Row("MPI-C183", "write it whole, as https://www.example.org", templated("web: example.org"), [templated("web: https://www.example.org")]),
    Row("MPI-C183", "write a name of letters, digits and blanks, as [Open Sans]", templated("fonts: {text: ['a; b']}"), [templated("fonts: {text: [Open Sans]}")]),
    Row("MPI-C010", "name a file with the key `template:` here", lambda _: load_template(locate("standard", "disclosure")), [lambda _: load_template("example")]),
    Row("MPI-C001", "did you mean 'example'?", lambda _: load_template("exampel"), [lambda _: load_template("example")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_is_followed(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
