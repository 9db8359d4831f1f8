"""Every output in every situation: nothing dies, nothing is empty, what is left out says so, what is hidden is nowhere.

The suite runs a covering array: each two choices of any two factors meet in some situation, and each situation makes
some of the outputs. With MPI_GRID=all it makes all outputs of all of them, and of as many again at random.
"""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from html.parser import HTMLParser
from itertools import combinations, product
from pathlib import Path
from random import Random
from typing import Any

import docx
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from mpi.runs import Made, pictures, run_study
from mpi.runs.verifying import verify
from mpi.vocabulary.options import OUTPUTS
from mpi.vocabulary.wording import LANGUAGES, legible
from tests.support.loops import at_least_one
from tests.support.situations import Situation, study_of

WHOLE = os.environ.get("MPI_GRID") == "all"
FACTORS: dict[str, Sequence[Any]] = {
    "design": ("both", "strata", "psu", "neither", "census", "replicates", "calibrated"),
    "disclosure": ("none", "standard", "few", "groups", "hidden"),
    "shape": ((2, 1), (1, 4), (3, 3), (8, 1), (4, 16)),  # dimensions, indicators of each
    "cutoffs": (("1/2", "1/4"), ("1",), ("1/1000", "1/500"), (">1/2", "1/2", "3/4")),
    "poor": ("some", "none", "all", "parted"),
    "groups": (3, 1, 2, 9),
    "units": (("persons",), ("households", "persons")),
    "reliability": ("none", "dane", "ine_chile"),
    "rounds": (1, 2),
    "identification": ("household", "person"),
    "labels": ("plain", "odd"),
    "missing": (False, True),
    "unmet": (False, True),
    "map": (True, False),
}
SOME = (
    ("report",),
    ("charts",),
    ("workbook", "map_data", "results"),
    ("maps", "sheets"),
    ("areas", "board"),
    ("docx",),
)
HELD = re.compile(r'<script type="application/json"[^>]*>(.*?)</script>', re.S)
VOID = {"meta", "link", "br", "img", "input", "hr", "use", "path", "rect", "line", "circle"}


def covering(seed: int = 0) -> Iterator[dict[str, Any]]:
    """Rows in which each pair of choices of two factors occurs; greedy, so not the fewest, but few."""
    names = list(FACTORS)
    left = {
        (a, i, b, j)
        for a, b in combinations(names, 2)
        for i, j in product(range(len(FACTORS[a])), range(len(FACTORS[b])))
    }
    random = Random(seed)  # noqa: S311  no secret
    while left:
        best, most = {}, -1
        for _ in range(30):
            a, i, b, j = random.choice(sorted(left))
            row = {name: random.randrange(len(FACTORS[name])) for name in names} | {a: i, b: j}
            gain = sum((x, row[x], y, row[y]) in left for x, y in combinations(names, 2))
            if gain > most:
                best, most = row, gain
        left -= {(x, best[x], y, best[y]) for x, y in combinations(names, 2)}
        yield {name: FACTORS[name][place] for name, place in best.items()}


def situation(row: dict[str, Any]) -> Situation:
    dimensions, indicators = row["shape"]
    chosen = {name: value for name, value in row.items() if name in {one.name for one in fields(Situation)}}
    made = Situation(dimensions=dimensions, indicators=indicators, **chosen)
    # Persons of one household may differ then, so that households are no units.
    return replace(made, units=("persons",)) if made.identification == "person" else made


@cache
def grid() -> list[Situation]:
    found = [situation(row) for row in covering()]
    if WHOLE:
        found += [situation(row) for row in covering(1)]
        return [replace(one, outputs=OUTPUTS) for one in found]
    several = [(SOME[i % len(SOME)], (("es",), ("en",))[i // len(SOME) % 2]) for i in range(len(found))]
    return [
        replace(one, outputs=outputs, languages=languages)
        for one, (outputs, languages) in zip(found, several, strict=True)
    ]


def told(one: Situation) -> str:
    usual = Situation()
    return " ".join(
        f"{each.name}={getattr(one, each.name)}"
        for each in fields(one)
        if getattr(one, each.name) != getattr(usual, each.name)
    )


def test_the_grid_meets_every_pair_of_choices() -> None:
    rows = list(covering())
    assert 30 < len(rows) < 90
    for a, b in at_least_one(combinations(FACTORS, 2)):
        met = {(str(row[a]), str(row[b])) for row in rows}
        assert len(met) == len(FACTORS[a]) * len(FACTORS[b])


@pytest.mark.parametrize("one", grid(), ids=told)
def test_a_publication_stands_in_every_situation(
    one: Situation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if not WHOLE:  # a picture is drawn once; the formats are tested elsewhere
        monkeypatch.setattr(pictures, "FILES", {"svg": pictures.FILES["svg"]})
    study = study_of(one, tmp_path / "in")
    made = run_study(study, tmp_path / "out", data=tmp_path / "in")
    heard = capfd.readouterr()
    assert (heard.out, heard.err) == ("", "")
    sound(made, one)


def sound(made: Made, one: Situation) -> None:
    """Whether everything that a run wrote is whole, and what it left out is told."""
    assert not [each for each in made.left_out if each.fault]
    assert verify(made.folder) == []
    files = [path for path in made.folder.rglob("*") if path.is_file()]
    assert all(path.stat().st_size for path in files)
    for path in files:
        {".svg": well_formed, ".html": parsed, ".xlsx": opened, ".csv": readable, ".json": readable}.get(
            path.suffix, lambda _: None
        )(path)
    for path in made.folder.glob("results/*.parquet"):
        nothing_hidden(pq.read_table(path))
    held = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert {each["part"] for each in held["left_out"]} == {each.part for each in made.left_out}
    for each in made.left_out:
        assert set(each.why) == set(LANGUAGES)
        for language in one.languages if each.part.startswith("report#") else ():
            assert each.why[language] in report_of(made.folder, language), each
    names = {path.relative_to(made.folder).as_posix() for path in files}
    for part in {each.part for each in made.left_out if "#" not in each.part}:
        written = re.compile(re.escape(part) + r"(\.(es|en))?\.(svg|png|pdf|html|xlsx|gpkg|parquet|csv|geojson)")
        assert not {name for name in names if written.fullmatch(name)}, part


def report_of(folder: Path, language: str) -> str:
    """The text of a report, of whichever kind it is."""
    page = folder / f"report.{language}.html"
    if page.exists():
        return page.read_text(encoding="utf-8")
    document = docx.Document(str(folder / f"report.{language}.docx"))
    return "\n".join(one.text for one in document.paragraphs)


def well_formed(path: Path) -> None:
    root = ET.parse(path).getroot()  # noqa: S314  our own file
    assert root.tag.endswith("svg")
    readable(path)


def readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert legible(text.replace("\r", "")) == text.replace("\r", "")
    held = [text] if path.suffix == ".json" else HELD.findall(text)
    assert not [one for data in held for one in texts_of(json.loads(data)) if legible(one) != one]


def texts_of(value: Any) -> Iterator[str]:
    """Every text in what JSON holds, names too: there a sign may be written as its number and be itself again."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *texts_of(one))
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    elif isinstance(value, str):
        yield value


class Page(HTMLParser):
    """Tags that are open, ids and targets."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        if (found.get("href") or "").startswith("#"):
            self.targets.add((found["href"] or "")[1:])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def parsed(path: Path) -> None:
    page = Page()
    text = path.read_text(encoding="utf-8")
    readable(path)
    assert legible(text) == text
    page.feed(text)
    page.close()
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert page.targets <= set(page.ids)
    assert "<script>alert" not in text


def opened(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    assert book.sheetnames
    assert all(sheet.max_row > 1 for sheet in book)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    book.close()


def nothing_hidden(table: pa.Table) -> None:
    """No number stands in a row that is hidden."""
    rows = table.filter(pc.field("standing") == "hidden").to_pylist()
    for name in ("estimate", "se", "ci_low", "ci_high", "cv", "n", "before", "after", "p"):
        if name in table.column_names:
            assert not [row for row in rows if row[name] is not None], name


def test_a_country_of_a_thousand_areas_stands(tmp_path: Path) -> None:
    one = Situation(groups=1122, households=3366, map=True, design="psu", languages=("es",), outputs=("report",))
    made = run_study(study_of(one, tmp_path / "in"), tmp_path / "out", data=tmp_path / "in")
    sound(made, one)
    assert "charts/ranked.valley" not in {each.part for each in made.left_out}
    text = (made.folder / "report.es.html").read_text(encoding="utf-8")
    assert 'id="f-map-valley"' in text
    assert 'id="f-valley"' not in text
