"""An office's template in every output: its logo, texts and colours are there, escaped, readable, and nothing loads."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mpi.config import load_study, load_template
from mpi.drawing.office import NO_PARTS, PageParts, at_night, page_parts
from mpi.drawing.palette import SERIES, YLORBR
from mpi.errors import ConfigError
from mpi.runs import Made, pictures, run_study
from mpi.runs.verifying import verify
from mpi.specs.template import Template
from mpi.vocabulary.colours import contrast
from tests.support.browser import axe_violations, browser, opened
from tests.support.loops import at_least_one
from tests.support.office_files import font, templated
from tests.support.shared import run_once
from tests.support.situations import Situation, study_of

__all__ = ["browser"]

NASTY = '<script>alert(1)</script> & "we"\n\n</style><b>bold</b>'
OUTPUTS = ("report", "maps", "board", "areas", "workbook", "charts")


@pytest.fixture(scope="module")
def own() -> Template:
    """The example, with texts that mean to be markup."""
    texts = dict.fromkeys(("es", "en"), NASTY)
    return replace(load_template("example"), foreword=texts, contact=texts, note=texts, office=texts)


@pytest.fixture(scope="module")
def made(own: Template, tmp_path_factory: pytest.TempPathFactory) -> Made:
    def ran(folder: Path) -> Made:
        study = study_of(Situation(map=True, rounds=2, groups=6, outputs=OUTPUTS), folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pictures, "FILES", {"svg": pictures.FILES["svg"]})
            return run_study(replace(study, template=own), folder / "out", data=folder)

    return run_once(tmp_path_factory, "template", ran)


def pages(made: Made) -> dict[str, str]:
    found = {path.relative_to(made.folder).as_posix(): path.read_text("utf-8") for path in made.folder.rglob("*.html")}
    assert {"index.html", "report.es.html", "board.en.html"} < found.keys()
    return found


def test_every_page_has_logo_and_texts_of_the_office_and_no_markup_of_theirs(made: Made) -> None:
    for name, text in at_least_one(pages(made).items()):
        assert '<img class="logo" src="data:image/svg+xml;base64,' in text, name
        assert 'alt="Oficina de Estadística de Ejemplo"' in text or 'alt="Example Office of Statistics"' in text, name
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in text, name
        assert "<script>alert" not in text and "</style><b>" not in text, name
        assert "https://www.estadistica.example" in text, name
        assert "--accent: #0b5345" in text, name


def test_the_report_has_the_sections_of_the_template_in_its_order(made: Made, own: Template) -> None:
    found = re.findall(r'<h2 id="(\w+)"><span class="number">', pages(made)["report.en.html"])
    found.remove("glossary")
    assert found == [name for name in own.sections if name in found]
    assert "robustness" not in found
    assert {"key", "domains", "indicators", "quality", "definition"} <= set(found)


def test_pictures_and_maps_have_the_colours_of_the_template(made: Made) -> None:
    house = {colour.lower() for colour in (*SERIES, *YLORBR[5])}
    for path in at_least_one([*made.folder.glob("charts/*.svg"), *made.folder.glob("maps/*.svg")]):
        text = path.read_text("utf-8")
        assert not house & set(re.findall(r"#[0-9a-f]{6}", text.lower())), path.name
        assert 'href="data:image/png;base64,' in text and "font-family=\"'Verdana'" in text, path.name
    assert '"#0b4d3f"' in next(text for name, text in pages(made).items() if name.startswith("map."))


def test_the_workbook_says_who_the_office_is(made: Made, own: Template) -> None:
    book = openpyxl.load_workbook(made.folder / "workbook.en.xlsx")
    first = book.worksheets[0]
    said = " ".join(str(row[0].value) for row in first.iter_rows(max_row=20) if row[0].value)
    assert "https://www.estadistica.example" in said and "Contact: <script>alert(1)</script>" in said
    (logo,) = first._images
    assert logo._data() == own.assets["picture"].content
    assert first["A1"].font.color.rgb == "FF0B5345"


def test_the_manifest_records_the_template_and_its_files(made: Made, own: Template) -> None:
    said = {one["role"]: one for one in json.loads((made.folder / "manifest.json").read_text("utf-8"))["configs"]}
    assert said["template"]["sha256"] == own.files[0].sha256
    assert said["template logo"]["sha256"] == sha256(own.assets["logo"].content).hexdigest()
    assert said["template picture"]["file"] == "logo.png"
    assert not verify(made.folder)


@pytest.mark.parametrize("page", ["report.es.html", "board.es.html", "index.html", "map.*.html", "areas/*/*.es.html"])
@pytest.mark.parametrize("night", [False, True])
def test_a_browser_loads_nothing_and_axe_finds_nothing(made: Made, browser: Any, page: str, *, night: bool) -> None:
    path = sorted(made.folder.glob(page))[0]
    with opened(browser, path, locale="es-CO", color_scheme="dark" if night else "light") as (shown, record):
        assert [one for one in record.messages if "data:" in one or "Security" in one] == []
        assert shown.evaluate("[...document.querySelectorAll('img.logo')].every(one => one.naturalWidth > 0)")
        # At night the accent is another one, and a page is otherwise what it is by day.
        assert axe_violations(shown, only=("color-contrast",) if night else ()) == []
        shown.set_viewport_size({"width": 390, "height": 844})
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_font_goes_into_pages_of_the_whole_but_not_into_those_of_areas(tmp_path: Path) -> None:
    own = templated("fonts: {regular: f.ttf, headings: [Open Sans]}", f_ttf=font())(tmp_path)
    with_font, without = page_parts(own, ["en"]), page_parts(own, ["en"], inlined=False)
    assert "@font-face { font-family: mpi-office; font-weight: 400; src: url(data:font/ttf;base64," in with_font.style
    assert with_font.fonts == "; font-src data:"
    assert "@font-face" not in without.style and not without.fonts
    assert "'Open Sans', sans-serif" in without.style


def test_without_a_template_nothing_is_added() -> None:
    assert page_parts(None, ["es"]) == NO_PARTS == PageParts()
    assert not any(getattr(NO_PARTS, name) for name in NO_PARTS.__slots__)


@pytest.mark.parametrize("accent", ["#0b5345", "#000000", "#7a003c", "#0000cc"])
def test_the_accent_can_be_read_at_night(accent: str) -> None:
    assert contrast(at_night(accent), "#1f2226") >= 7


def test_a_study_names_its_template_and_tells_all_its_faults_before_anything_is_computed(tmp_path: Path) -> None:
    study_of(Situation(), tmp_path)
    text = (tmp_path / "study.yaml").read_text()
    assert text.startswith("{")
    (tmp_path / "study.yaml").write_text('{"template": "own.yaml", ' + text[1:])
    (tmp_path / "own.yaml").write_text("template: own\nlogo: {file: none.png, alt: x}\nweb: x\n")
    with pytest.raises(ConfigError) as refused:
        load_study(tmp_path / "study.yaml")
    assert [one.code for one in refused.value.faults] == ["MPI-C180", "MPI-C183"]
    (tmp_path / "own.yaml").write_text("template: own\n")
    assert load_study(tmp_path / "study.yaml").template == Template(name="own")
