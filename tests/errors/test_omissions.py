"""A publication never dies of one picture: what cannot be made is left out with its reason, in every language."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from mpi.charts import domains
from mpi.cli import cli
from mpi.errors import DataError, Fault, UnmadeError, UsageError
from mpi.errors.omissions import REASONS, Omission, as_records, attempted, notices_of, reason, unmade
from mpi.files.writing import named
from mpi.language import LANGUAGES
from mpi.report import assembling
from mpi.runs import Made, pictures, run_study
from mpi.workbook import making
from tests.support.situations import Situation, study_of


def test_what_the_figures_do_not_allow_is_noted_with_its_reason() -> None:
    left_out: list[Omission] = []

    def refused() -> str:
        raise unmade("groups", least=2, count=0)

    assert attempted("charts/a", refused, left_out) is None
    assert attempted("charts/b", lambda: "made", left_out) == "made"
    assert [(one.part, one.fault) for one in left_out] == [("charts/a", False)]
    assert left_out[0].why == {
        "es": "hacen falta 2 grupos con cifra y hay 0",
        "en": "it needs 2 groups with a figure, and there are 0",
        "fr": "il faut 2 groupes ayant un chiffre, et il y en a 0",
        "pt": "são necessários 2 grupos com valor, e há 0",
    }


def test_a_fault_of_the_program_is_named_without_what_its_text_quotes() -> None:
    left_out: list[Omission] = []

    def faulty() -> str:
        raise KeyError("household 4711")

    assert attempted("charts/a", faulty, left_out) is None
    assert left_out[0].fault
    for text in left_out[0].why.values():
        assert "KeyError at test_omissions.py:" in text
        assert "4711" not in text
    (notice,) = notices_of(left_out)
    assert notice.code == "MPI-N171"
    assert "charts/a" in notice.text and "please report it" in notice.text


STOPPING = [DataError(Fault("MPI-O004", None, "disk")), UsageError(Fault("MPI-P002", None, "no")), OSError("disk"),
            MemoryError(), KeyboardInterrupt()]  # fmt: skip


@pytest.mark.parametrize("error", STOPPING)
def test_what_concerns_the_whole_run_is_not_passed_over(error: BaseException) -> None:
    def stopped() -> str:
        raise error

    left_out: list[Omission] = []
    with pytest.raises(type(error)):
        attempted("charts/a", stopped, left_out)
    assert not left_out


def test_parts_of_one_reason_share_a_notice_and_each_is_listed_once() -> None:
    left_out = [Omission(f"charts/{i}", reason("round")) for i in (*range(10), 0)]
    (notice,) = notices_of(left_out)
    assert notice.code == "MPI-N170"
    assert notice.text.startswith("left out, because there is a single round: charts/0, ")
    assert notice.text.endswith("and 2 more")
    assert [one["part"] for one in as_records(left_out, ("es", "pt"))] == [f"charts/{i}" for i in range(10)]


def test_every_reason_is_said_in_every_language_with_the_same_values() -> None:
    assert REASONS
    for texts in REASONS.values():
        assert set(texts) == set(LANGUAGES)
        assert len({frozenset(re.findall(r"{\w+}", text)) for text in texts.values()}) == 1


def test_the_error_keeps_its_reason_in_another_process() -> None:
    error = pickle.loads(pickle.dumps(unmade("round")))  # noqa: S301  our own bytes
    assert isinstance(error, UnmadeError)
    assert error.why == reason("round")
    assert error.faults[0].code == "MPI-P170"


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two groups, both hidden: the total alone is shown."""
    folder = tmp_path_factory.mktemp("hidden")
    study = study_of(Situation(disclosure="groups", map=True), folder)
    return run_study(study, folder / "out", data=folder)


def test_a_domain_that_is_hidden_whole_loses_its_charts_and_nothing_else(hidden: Made) -> None:
    files = {path.relative_to(hidden.folder).as_posix() for path in hidden.folder.rglob("*") if path.is_file()}
    assert {
        "report.es.html",
        "report.en.html",
        "workbook.es.xlsx",
        "results/total.csv",
        "manifest.json",
        "charts/censored_headcounts.es.svg",
        "map_data/valley.gpkg",
    } <= files
    assert not {name for name in files if "valley" in name and name.endswith((".png", ".svg", ".pdf", ".html"))}
    held = json.loads((hidden.folder / "manifest.json").read_text(encoding="utf-8"))
    parts = {one["part"]: one for one in held["left_out"]}
    groups, areas = reason("groups", least=2, count=0), reason("areas")
    assert parts["charts/ranks.valley"]["why"] == {one: groups[one] for one in ("es", "en")}  # the study's languages
    assert parts["map.valley"]["why"] == {one: areas[one] for one in ("es", "en")}
    assert not any(one["fault"] for one in parts.values())
    assert not hidden.faulty
    assert {notice["code"] for notice in held["notices"]} >= {"MPI-N170", "MPI-N020"}


def test_the_report_says_in_its_language_what_is_left_out_and_why(hidden: Made) -> None:
    spanish, english = ((hidden.folder / f"report.{one}.html").read_text(encoding="utf-8") for one in ("es", "en"))
    assert "No se incluye «Valle»: ninguna de sus cifras se puede mostrar." in spanish
    assert "“Valley” is left out: none of its figures may be shown." in english
    assert 'href="map.valley.html"' not in spanish
    for text in (spanish, english):  # nothing is drawn or listed that is a sign alone
        assert 'id="t-valley"' not in text
        assert 'id="f-valley"' not in text
        targets = set(re.findall(r'href="#([^"]+)"', text))
        assert targets
        assert targets <= set(re.findall(r'id="([^"]+)"', text))


def test_the_command_says_what_is_left_out_and_passes_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    study_of(Situation(outputs=("charts",), languages=("en",), design="census", map=False), tmp_path)
    monkeypatch.chdir(tmp_path)
    arguments = ["run", "study.yaml", "--data", ".", "-o", "out", "--strict", "-q"]
    assert cli.main(arguments, standalone_mode=False) == 0
    assert "note MPI-N170 left out, because there is a single round: charts/series" in capsys.readouterr().err


def test_a_refusal_inside_a_run_keeps_its_kind_and_names_the_folder_that_was_asked_for(tmp_path: Path) -> None:
    told = named(unmade("round", remedy=f"look at {tmp_path / '.out.part'}"), tmp_path / ".out.part", tmp_path / "out")
    assert isinstance(told, UnmadeError)
    assert told.why == reason("round")
    assert str(told).endswith(str(tmp_path / "out"))
    assert pickle.loads(pickle.dumps(told)).faults == told.faults  # noqa: S301  our own bytes


def _broken(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError


@pytest.mark.parametrize(("module", "name", "part", "whole"), [
    (domains, "ranking", "charts/ranked.valley", "charts/contributions.valley.en.svg"),
    (domains, "ranking", "report#f-valley", "report.en.html"),
    (pictures, "draw_map", "maps/valley.H", "map.valley.html"),
    (assembling, "_without_empty", "report#domains", "report.en.html"),
    (making, "attempted", "workbook", "report.en.html"),
])  # fmt: skip
def test_a_fault_in_one_part_loses_that_part_alone_and_the_command_does_not_end_well(
    *,
    module: Any,
    name: str,
    part: str,
    whole: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outputs = ("charts", "maps", "report", "workbook")
    study_of(Situation(outputs=outputs, languages=("en",), map=True), tmp_path)
    monkeypatch.setattr(module, name, _broken)
    monkeypatch.chdir(tmp_path)
    only = {"charts": "charts", "maps": "maps", "report": "report", "workbook": "workbook"}[re.split(r"[/#]", part)[0]]
    asked = ["--only", only, *(["--only", "report"] if only == "workbook" else [])]
    status = cli.main(["run", "study.yaml", "--data", ".", "-o", "out", "-q", *asked], standalone_mode=False)
    assert status == 3
    assert (tmp_path / "out" / whole).is_file()
    held = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert part in {one["part"] for one in held["left_out"] if one["fault"]}
    told = capsys.readouterr().err
    assert f"MPI-N171 {part} is left out by a fault of the program (ZeroDivisionError at test_omissions.py" in told
