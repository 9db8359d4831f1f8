"""An office's template: everything is optional, and each fault is told with its place before anything is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpi.config import load_template, shipped
from mpi.errors import ConfigError
from mpi.language import LANGUAGES
from mpi.report.assembling import SECTIONS as OF_REPORT
from mpi.specs.template import Colours, Fonts, Template
from mpi.vocabulary.options import SECTIONS
from tests.support.office_files import SVG, chunk, font, png, templated

LOGO = "logo: {file: a.svg, alt: Our sign}"
SERIES = '"#0b5345", "#c05a00", "#4a7fc1", "#8a2f6b", "#6b6b6b"'


def test_a_template_of_a_name_alone_changes_nothing(tmp_path: Path) -> None:
    assert templated("")(tmp_path) == Template(name="own")
    assert Template(name="own").sections == SECTIONS


def test_the_sections_of_the_report_are_those_that_a_template_can_order() -> None:
    assert tuple(name for name, _, _ in OF_REPORT) == SECTIONS


def test_the_example_has_every_part_in_every_language() -> None:
    assert shipped("templates") == ["example"]
    own = load_template("example")
    assert own.logo is not None and own.logo.picture is not None
    for titles in (own.office, own.address, own.foreword, own.contact, own.licence, own.note, own.logo.alt):
        assert set(titles) == set(LANGUAGES)
    assert own.colours != Colours() and own.fonts != Fonts() and own.sections != SECTIONS and own.web
    assert own.logo.picture.width / own.logo.picture.height == own.logo.page.width / own.logo.page.height


def test_files_are_read_whole_with_their_kind_and_size(tmp_path: Path) -> None:
    text = "logo: {file: a.png, alt: Our sign}\nfonts: {regular: f.ttf, text: [Open Sans, serif]}"
    own = templated(text, a_png=png(40, 20), f_ttf=font())(tmp_path)
    assert own.logo is not None and own.logo.picture == own.logo.page
    assert (own.logo.page.width, own.logo.page.height, own.logo.page.content) == (40, 20, png(40, 20))
    assert own.fonts.regular is not None and own.fonts.text == ("Open Sans", "serif")
    assert set(own.assets) == {"logo", "picture", "regular"}
    (tmp_path / "a.png").write_bytes(png(40, 20, b"\xff\x00\x00"))
    assert load_template(tmp_path / "own.yaml") != own


HALF = b"\x00\x01\x00\x00\x00\x09" + bytes(200)
BAD = {
    "no file": (LOGO, {}, "MPI-C180", "'a.svg' cannot be read"),
    "a folder": ("logo: {file: sub, alt: x}", {}, "MPI-C180", "'sub' cannot be read"),
    "outside": ("logo: {file: ../a.svg, alt: x}", {}, "MPI-C180", "outside the folder"),
    "absolute": ("logo: {file: /etc/hostname, alt: x}", {}, "MPI-C180", "outside the folder"),
    "a link that leads outside": ("logo: {file: link.svg, alt: x}", {}, "MPI-C180", "outside the folder"),
    "too large": (LOGO, {"a_svg": SVG + " " * 70000}, "MPI-C180", "are too many"),
    "no alternative text": ("logo: {file: a.svg}", {"a_svg": SVG}, "MPI-C009", "the key 'alt' is missing"),
    "text": (LOGO, {"a_svg": "not a picture"}, "MPI-C180", "it is not XML"),
    "another language": (LOGO, {"a_svg": "<html/>"}, "MPI-C180", "its first element is not svg"),
    "entities": (LOGO, {"a_svg": "<!DOCTYPE x [<!ENTITY a 'b'>]>" + SVG}, "MPI-C180", "it has a DOCTYPE"),
    "a script": (LOGO, {"a_svg": SVG.replace("<rect", "<script>alert(1)</script><rect")}, "MPI-C180", "has a script"),
    "an event": (LOGO, {"a_svg": SVG.replace("<rect", '<rect onclick="alert(1)"')}, "MPI-C180", "it has a script"),
    "a link": (LOGO, {"a_svg": SVG.replace("<rect", '<image href="https://x.org/a.png"/><rect')}, "MPI-C180", "loads"),
    "no size": (LOGO, {"a_svg": SVG.replace("viewBox", "box")}, "MPI-C180", "it has no viewBox"),
    "half a PNG": (LOGO, {"a_svg": png()[:60]}, "MPI-C180", "cut off"),
    "no end": (LOGO, {"a_svg": png()[:-12]}, "MPI-C180", "it is cut off"),
    "a broken PNG": (LOGO, {"a_svg": png().replace(b"IDAT", b"IDAX")}, "MPI-C180", "its checksum is wrong"),
    "a huge PNG": (LOGO, {"a_svg": png(5000, 1)}, "MPI-C180", "it is 5000 by 1 pixels"),
    "an SVG for pictures": (
        "logo: {file: a.svg, picture: a.svg, alt: x}", {"a_svg": SVG}, "MPI-C180", "must be a PNG",
    ),
    "no font": ("fonts: {regular: f.ttf}", {"f_ttf": b"OTTO" + bytes(100)}, "MPI-C180", "it is not TrueType"),
    "half a font": ("fonts: {regular: f.ttf}", {"f_ttf": HALF}, "MPI-C180", "cut off"),
    "bold alone": ("fonts: {bold: f.ttf}", {}, "MPI-C180", "a bold font without a regular one"),
    "a style in a family": ('fonts: {text: ["x; } body { display: none"]}', {}, "MPI-C183", "not the name of a font"),
    "no colour": ("colours: {accent: green}", {}, "MPI-C181", "'green' is not a colour"),
    "a comment": ("colours: {accent: }", {}, "MPI-C009", "the key 'accent' is empty"),
    "a pale accent": ('colours: {accent: "#ffcc00"}', {}, "MPI-C181", "has a contrast of 1.5 on white"),
    "few colours": ('colours: {categorical: ["#0b5345"]}', {}, "MPI-C181", "1 colours, not 5 to 8"),
    "red and green": (
        f'colours: {{categorical: [{SERIES.replace("#4a7fc1", "#8c4f00")}]}}', {}, "MPI-C181", "look alike",
    ),
    "a pale series": (f'colours: {{categorical: [{SERIES}, "#ffe34d"]}}', {}, "MPI-C181", "less than 3.0 (WCAG AA)"),
    "a ramp upside down": ('colours: {sequential: ["#0b4d3f", "#f1f8f5"]}', {}, "MPI-C181", "do not darken"),
    "a pale ramp": ('colours: {sequential: ["#f1f8f5", "#9fdfc8"]}', {}, "MPI-C181", "less than 4.5"),
    "a short ramp": ('colours: {second: ["#3f6f62", "#2f5f52"]}', {}, "MPI-C181", "to every eye, of 7 classes"),
    "no address": ("web: javascript:alert(1)", {}, "MPI-C183", "is not an address of the web"),
    "quotes in an address": ('web: https://x.org/"onload="a', {}, "MPI-C183", "is not an address of the web"),
    "no section": ("sections: [key, quality, definition, chart]", {}, "MPI-C182", "the report has no section 'chart'"),
    "twice": ("sections: [key, quality, definition, key]", {}, "MPI-C182", "key stands twice"),
    "without what is needed": ("sections: [maps, key]", {}, "MPI-C182", "without quality, definition"),
    "no sections": ("sections: []", {}, "MPI-C009", "the key 'sections' is empty"),
    "unknown key": ("colour: red", {}, "MPI-C003", "the key 'colour' is not known"),
    "another kind": ("surveys: [a]", {}, "MPI-C010", "describes a study, not a template of an office"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_fault_is_told_with_its_place(case: str, tmp_path: Path) -> None:
    text, files, code, said = BAD[case]
    (tmp_path / "sub").mkdir()
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "a.svg").write_text(SVG)
    (inner / "sub").mkdir()
    (inner / "link.svg").symlink_to(tmp_path / "a.svg")
    with pytest.raises(ConfigError) as refused:
        templated(text, **files)(inner)
    (fault,) = [one for one in refused.value.faults if said in one.text]
    assert fault.code == code
    assert fault.place is not None and fault.place.file.endswith("own.yaml")
    assert code == "MPI-C009" or fault.remedy


def test_all_faults_of_a_template_are_told_together(tmp_path: Path) -> None:
    text = f'{LOGO}\ncolours: {{accent: "#ffcc00"}}\nweb: x\nsections: [key]\n'
    with pytest.raises(ConfigError) as refused:
        templated(text, a_svg=png() + chunk(b"tEXt", b"more"))(tmp_path)
    assert [one.code for one in refused.value.faults] == ["MPI-C180", "MPI-C181", "MPI-C183", "MPI-C182"]
