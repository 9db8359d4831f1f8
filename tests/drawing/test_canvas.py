"""Files of pictures: the same bytes at every run, texts that stay data, ids of their own, nothing global."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Mapping
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from mpi import charts
from mpi.drawing import pages, pixels, svg
from mpi.drawing.canvas import FORMATS, Drawing, picture, svg_text
from mpi.drawing.palette import shades
from mpi.drawing.scene import Look, Path, Text
from mpi.errors import UsageError
from tests.support.drawings import NASTY, ROOT, figures, measure
from tests.support.limits import MOST
from tests.support.loops import at_least_one

CORNERS = 2_000  # of a border on a map
SVG = "{http://www.w3.org/2000/svg}"


def chart() -> object:
    return charts.contributions(figures(), measure(), domain="departamento", names=NASTY, language="es")


def test_there_are_colours_for_every_number_of_classes_up_to_nine() -> None:
    for classes in range(1, 10):
        assert len(set(shades(classes))) == classes
    with pytest.raises(UsageError, match="MPI-P004"):
        shades(10)


@pytest.mark.parametrize("form", FORMATS)
def test_two_runs_give_the_same_bytes(form: str) -> None:
    first, second = picture(chart(), form, dpi=80), picture(chart(), form, dpi=80)
    assert first == second
    again = chart()
    assert picture(again, form, dpi=80) == picture(again, form, dpi=80) == first


def test_a_picture_does_not_say_when_or_with_what_it_was_made() -> None:
    for form in FORMATS:
        content = picture(chart(), form, dpi=50)
        assert not re.search(rb"<dc:date|Matplotlib v|tEXtSoftware|Report[Ll]ab PDF", content)
        dates = set(re.findall(rb"Date \((.*?)\)", content))  # a PDF has one, which is always the same
        assert dates <= {b"D:20000101000000+00'00'"}


def test_a_name_with_a_script_is_a_text_in_svg() -> None:
    text = svg_text(chart(), title="<b>", description="a & b", ids="f1")
    root = ElementTree.fromstring(text)  # noqa: S314  our own text
    assert not [one for one in root.iter() if one.tag in (f"{SVG}script", f"{SVG}style", f"{SVG}metadata")]
    words = " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))
    assert "<script>alert(1)</script>" in words and "$x^2$ & $y_1$" in words and "=cmd|' /C calc'!A0" in words
    assert "<script" not in text


def test_ids_of_two_figures_differ_and_all_references_are_met() -> None:
    texts = [svg_text(chart(), title="t", description="d", ids=name) for name in ("a", "b")]
    ids = [set(re.findall(r'\bid="([^"]+)"', text)) for text in texts]
    assert ids[0] and not ids[0] & ids[1]
    for text, own in zip(texts, ids, strict=True):
        assert len(re.findall(r'\bid="', text)) == len(own)
        met = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
        assert met and met <= own


def test_an_inlined_figure_has_a_title_and_needs_no_style() -> None:
    text = svg_text(chart(), title="Título", description="Lo que se ve", ids="x")
    assert text.startswith("<svg") and "style=" not in text and "<style" not in text
    root = ElementTree.fromstring(text)  # noqa: S314  our own text
    assert root.get("role") == "img" and root.get("aria-labelledby") == "x-title x-desc"
    assert [child.text for child in list(root)[:2]] == ["Título", "Lo que se ve"]
    assert root.get("font-family", "").split(",")[0].strip("'") == "DejaVu Sans"
    assert all("font-size" in one for one in at_least_one(inherited(root, f"{SVG}text")))


def inherited(one: ElementTree.Element, tag: str, held: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Elements of a tag with their attributes and those that they inherit."""
    own = {**(held or {}), **one.attrib}
    return ([own] if one.tag == tag else []) + [each for child in one for each in inherited(child, tag, own)]


def test_pictures_are_what_their_ending_says() -> None:
    found = charts.series(figures())
    made = {form: picture(found, form, dpi=50) for form in FORMATS}
    assert made[".png"].startswith(b"\x89PNG") and made[".pdf"].startswith(b"%PDF")
    assert b"<svg" in made[".svg"][:400]


def test_a_picture_is_drawn_without_pyplot() -> None:
    code = (
        "import sys; from tests.support.drawings import figures; from mpi import charts\n"
        "charts.picture(charts.series(figures()), '.png', dpi=40)\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, timeout=MOST, env={"PYTHONPATH": str(ROOT), "PATH": ""}
    )


def test_colours_of_a_palette_are_those_that_pillow_finds_for_each_pixel() -> None:
    rng = np.random.default_rng(7)
    lines = np.repeat(rng.integers(0, 256, (40, 30, 4), np.uint8), 5, axis=1)  # runs of five
    lines[..., 3] = 255
    lines[::2] = rng.integers(0, 256, (20, 150, 4), np.uint8) | np.array([0, 0, 0, 255], np.uint8)  # no runs
    colours = rng.integers(0, 256, 3 * 200).tolist()
    found = pixels._in_palette(np.ascontiguousarray(lines).view(np.uint32)[..., 0], colours)
    key = Image.new("P", (1, 1))
    key.putpalette([part // pixels.CELL * pixels.CELL for part in colours])
    wanted = Image.fromarray(lines).convert("RGB").quantize(palette=key, dither=Image.Dither.NONE)
    assert np.array_equal(np.asarray(found), np.asarray(wanted))
    assert found.getpalette() == colours


def test_letters_have_the_opacity_that_pillow_gives_them() -> None:
    mask, _ = pixels._font(17.0, bold=True).getmask2("Índice", mode="L", anchor="ls")
    wide, high = mask.size
    wanted = np.frombuffer(bytes(mask), np.uint8).reshape(high, wide)
    assert wanted.max() == 255 and np.array_equal(pixels._opacity(mask), wanted)


def test_paper_is_painted_where_nothing_else_is() -> None:
    blank = Image.open(io.BytesIO(picture(Drawing(30, 20, ()), ".png", dpi=72)))
    assert blank.size == (30, 20)
    assert blank.convert("RGB").getcolors() == [(600, (255, 255, 255))]


@pytest.mark.parametrize(("form", "kept"), [(".svg", svg._kept), (".pdf", pages._kept)])
def test_a_border_is_written_once_for_both_languages(form: str, kept: object) -> None:
    kept.cache_clear()  # type: ignore[attr-defined]

    def drawn(title: str) -> Drawing:
        angles = np.linspace(0, 6, CORNERS)
        border = Path(50 + 40 * np.column_stack([np.cos(angles), np.sin(angles)]), Look(fill="#cccccc"), closed=True)
        return Drawing(100, 100, (border, Text(x=2, y=12, text=title, size=8)))

    first, second = picture(drawn("Pobreza"), form), picture(drawn("Poverty"), form)
    assert first != second
    met = kept.cache_info()  # type: ignore[attr-defined]
    assert (met.misses, met.hits) == (1, 1)
    assert picture(drawn("Pobreza"), form) == first
