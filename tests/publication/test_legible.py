"""Names and codes with signs that documents do not have, and with all that could be read as something else."""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi import charts
from mpi.drawing.canvas import picture
from mpi.publication.legible import legibly
from mpi.runs import run_study
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import legible
from tests.support.drawings import figures, measure
from tests.support.situations import ODD, Situation, study_of

# Production 2 of XML 1.0: what a document may hold.
XML = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


@given(st.text(st.characters(categories=None)))
def test_a_legible_text_can_stand_in_xml_and_loses_nothing_that_it_could_hold(text: str) -> None:
    found = legible(text)
    assert XML.fullmatch(found)
    assert legible(found) == found
    found.encode("utf-8")
    ET.fromstring(f"<a>{found.replace('&', '').replace('<', '')}</a>")  # noqa: S314  our own text
    if text.isprintable() and "\ufdd0" not in text:
        assert found == text


@pytest.mark.parametrize(
    "kept", ["Ñandú", "北京 عربي", "\u200f\u200d", "\U0001f468\u200d\U0001f469", "a\u202f1\u00a0%"]
)
def test_what_scripts_and_numbers_need_stays(kept: str) -> None:
    assert legible(kept) == kept


def test_a_publication_without_such_signs_is_left_as_it_is() -> None:
    one = measure()
    assert isinstance(one, Measure)
    assert legibly(one) is one
    assert legibly(("a\x00", {"k\x1b": ["x"]})) == ("a\\u0000", {"k\\u001b": ["x"]})


def test_a_chart_draws_such_names_without_a_word_of_its_fonts(capfd: pytest.CaptureFixture[str]) -> None:
    codes = sorted({str(row["departamento"]) for row in figures().rows() if row["departamento"]})
    names = {code: ODD[i % len(ODD)] for i, code in enumerate(codes)}
    found = charts.ranked(figures(), domain="departamento", names=names)
    for form in (".png", ".svg", ".pdf"):
        assert picture(found, form, dpi=40)
    text = picture(found, ".svg").decode()
    ET.fromstring(text)  # noqa: S314  our own picture
    assert "Sur\\u001b[31m" in text
    assert "$x^2$ $" in text
    assert capfd.readouterr() == ("", "")
    assert found.by_id("frame")


def test_codes_are_written_alike_in_every_output(tmp_path: Path) -> None:
    outputs = ("report", "workbook", "charts", "results")
    one = Situation(labels="odd", groups=len(ODD), households=96, languages=("en",), outputs=outputs)
    made = run_study(study_of(one, tmp_path / "in"), tmp_path / "out", data=tmp_path / "in")
    (notice,) = [notice for notice in made.notices if notice.code == "MPI-N172"]
    assert notice.text.startswith("valley: 4 codes with characters that no document can contain")
    for name in ("report.en.html", "charts/ranked.valley.en.svg", "results/valley.csv"):
        content = (made.folder / name).read_bytes()
        text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
        assert "Sur\\u001b[31m" in text, name
        assert "bell\\u0007bell" in text, name
        assert legible(text.replace("\r", "")) == text.replace("\r", ""), name
    held = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert "MPI-N172" in {each["code"] for each in held["notices"]}
