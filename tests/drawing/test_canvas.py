"""Files of pictures: the same bytes at every run, texts that stay data, ids of their own, nothing global."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest

from mpi import charts
from mpi.drawing.canvas import FORMATS, picture, svg_text
from mpi.drawing.palette import shades
from mpi.errors import UsageError
from tests.support.drawings import NASTY, ROOT, figures, measure
from tests.support.limits import MOST
from tests.support.loops import at_least_one

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
