"""Figures of an earlier run are used only where they are those that would be computed, and nothing depends on them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from mpi.config import load_study
from mpi.errors import UsageError
from mpi.publication import computing, gathering, rounds
from mpi.runs import cache, run_study, unchanged
from mpi.specs.data_files import Query
from mpi.specs.study import Study
from tests.support.hamlet import study_of as hamlet_study
from tests.support.hamlet import write_hamlet
from tests.support.situations import Situation, study_of

MOST = 240  # seconds
Computes = Callable[[], int]


@pytest.fixture
def computes(monkeypatch: pytest.MonkeyPatch) -> Computes:
    """How often figures were computed since it was asked last."""
    calls: list[None] = []

    def compute(*arguments: Any, **named: Any) -> computing.Computed:
        calls.append(None)
        return computing.compute(*arguments, **named)

    monkeypatch.setattr(gathering, "compute", compute)

    def counted() -> int:
        number = len(calls)
        calls.clear()
        return number

    return counted


@pytest.fixture
def study(tmp_path: Path) -> Study:
    (tmp_path / "data").mkdir()
    folder = write_hamlet(tmp_path / "data")
    (folder / "study.yaml").write_text(hamlet_study("results"), encoding="utf-8")
    return replace(load_study(folder / "study.yaml"), data=folder)


def run(study: Study, out: Path, kept: Path) -> str:
    return run_study(study, out, cache=kept).digest


def held(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def outputs(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in held(folder).items() if name != "manifest.json"}


SITUATIONS = {
    "rounds, maps, unknowns": Situation(rounds=2, map=True, missing=True, outputs=("report", "map_data", "results")),
    "hidden": Situation(disclosure="few", map=True, groups=4, reliability="cepal_2023", outputs=("report", "results")),
    "odd texts": Situation(labels="odd", map=True, outputs=("maps", "results")),
    "census, households": Situation(design="census", units=("persons", "households"), outputs=("report", "results")),
    "nobody is poor": Situation(poor="none", design="replicates", outputs=("report", "workbook")),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_run_with_kept_figures_makes_the_same_bytes_without_the_microdata(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, computes: Computes
) -> None:
    own = replace(study_of(SITUATIONS[name], tmp_path / "data"), data=tmp_path / "data")
    first = run_study(own, tmp_path / "one", cache=tmp_path / "kept")
    assert computes() == 1
    with monkeypatch.context() as patch:
        patch.setattr(rounds, "open_survey", lambda *_: pytest.fail("the microdata are opened"))
        second = run_study(own, tmp_path / "two", cache=tmp_path / "kept")
    assert computes() == 0
    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")
    assert first.digest == second.digest
    assert first.notices == second.notices
    assert [repr(one) for one in second.profiles] == [repr(one) for one in first.profiles]  # read when they are wanted


def test_one_output_alone_computes_nothing_again(study: Study, tmp_path: Path, computes: Computes) -> None:
    run(study, tmp_path / "out", tmp_path / "kept")
    run_study(study, tmp_path / "out", cache=tmp_path / "kept", only=("report",), overwrite=True)
    assert computes() == 1
    whole = replace(study, outputs=("results", "report"))
    run_study(whole, tmp_path / "fresh", cache=False)
    assert outputs(tmp_path / "out") == outputs(tmp_path / "fresh")


@pytest.mark.parametrize("what", ["data", "measure", "study", "program", "versions", "folder"])
def test_what_figures_depend_on_makes_them_anew(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, computes: Computes, *, what: str
) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "data"
    run(study, tmp_path / "one", kept)
    assert computes() == 1
    if what == "data":
        path = folder / "persons.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("001A,1,40,1,5", "001A,1,40,1,9"), encoding="utf-8")
    elif what == "measure":
        path = folder / "village.yaml"
        text = path.read_text(encoding="utf-8")
        assert "note:" in text
        path.write_text(text.replace("note:", "note: another", 1), encoding="utf-8")
    elif what == "program":
        monkeypatch.setattr(unchanged, "program", lambda: "another")
    elif what == "versions":
        monkeypatch.setattr("mpi.runs.manifest.LIBRARIES", ("click",))
    elif what == "folder":
        folder = folder.rename(tmp_path / "moved")  # which notices may name
    again = replace(load_study(folder / "study.yaml"), data=folder)
    run(replace(again, level=0.9) if what == "study" else again, tmp_path / "two", kept)
    assert computes() == 1
    assert len(list(kept.iterdir())) == 2


def test_texts_alone_leave_the_figures_and_no_other_field_of_a_study_is_seen(
    tmp_path: Path, computes: Computes
) -> None:
    seen: set[str] = set()

    class Watched(Study):
        def __getattribute__(self, name: str) -> Any:
            seen.add(name)
            return super().__getattribute__(name)

    own = replace(study_of(Situation(rounds=2, map=True), tmp_path / "data"), data=tmp_path / "data")
    profiles = rounds.read_rounds(own, tmp_path / "data")
    boundaries, _, _ = gathering.boundaries_of(own, tmp_path / "data")
    watched = Watched(**{one.name: getattr(own, one.name) for one in fields(Study)})
    seen.clear()
    computing.compute(watched, profiles, boundaries)
    rounds.read_rounds(watched, tmp_path / "data")
    names = {one.name for one in fields(Study)}
    assert {"cutoffs", "level", "disclosure", "measure"} <= seen
    assert not seen & cache.UNSEEN
    assert names >= cache.UNSEEN
    one = replace(own, outputs=("results",))
    run(one, tmp_path / "one", tmp_path / "kept")
    run(replace(one, title={"en": "Another"}, languages=("en",)), tmp_path / "two", tmp_path / "kept")
    assert computes() == 1
    run_study(replace(one, title={"en": "Another"}, languages=("en",)), tmp_path / "fresh", cache=False)
    assert outputs(tmp_path / "two") == outputs(tmp_path / "fresh")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "flipped": lambda path: path.write_bytes(path.read_bytes()[:-100] + b"x" + path.read_bytes()[-99:]),
    "another program's": lambda path: path.write_bytes(b"PAR1" * 100),
    "of something else": lambda path: path.write_bytes(_of_another(path)),
    "group may write": lambda path: path.chmod(0o660),
    "a link": lambda path: path.rename(path.with_name("x")) and path.symlink_to(path.with_name("x")),
    "another user's": lambda path: os.chown(path, 65534, 65534),
}


def _of_another(path: Path) -> bytes:
    """Whole figures of another key, as a file that was renamed has them."""
    import hashlib

    from mpi.publication.stored import MAGIC, SIZE

    body = path.read_bytes()[len(MAGIC) + 32 :]
    size = int.from_bytes(body[:SIZE], "big")
    header = json.dumps({**json.loads(body[SIZE : SIZE + size]), "key": "another"}).encode()
    body = len(header).to_bytes(SIZE, "big") + header + body[SIZE + size :]
    return MAGIC + hashlib.sha256(body).digest() + body


@pytest.mark.parametrize("how", DAMAGE)
def test_what_is_damaged_or_not_ones_own_is_made_again(
    study: Study, tmp_path: Path, computes: Computes, *, how: str
) -> None:
    if how == "another user's" and os.geteuid() != 0:
        pytest.skip("only root can give a file to another user")
    digest = run(study, tmp_path / "one", tmp_path / "kept")
    (path,) = (tmp_path / "kept").iterdir()
    whole = path.read_bytes()
    DAMAGE[how](path)
    assert run(study, tmp_path / "two", tmp_path / "kept") == digest
    assert computes() == 2
    assert path.read_bytes() == whole
    assert (path.stat().st_mode & 0o777, path.stat().st_uid) == (0o600, os.geteuid())
    run(study, tmp_path / "three", tmp_path / "kept")
    assert computes() == 0


@pytest.mark.parametrize("how", ["a file", "full disk", "nothing exact"])
def test_where_nothing_can_be_kept_the_run_is_whole(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, how: str
) -> None:
    kept = tmp_path / "kept"
    if how == "a file":
        kept.write_text("")
    elif how == "full disk":

        def full(path: Path, content: bytes) -> None:
            path.write_bytes(content[:10])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(cache, "_fill", full)
    else:
        monkeypatch.setattr("mpi.publication.stored.restored", lambda _: "another text")
    digest = run(study, tmp_path / "one", kept)
    assert run_study(study, tmp_path / "two", cache=False).digest == digest
    assert kept.is_file() if how == "a file" else not any(kept.glob("*"))


def test_only_the_last_used_stay(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept"
    run(study, tmp_path / "one", kept)
    (first,) = kept.iterdir()
    monkeypatch.setattr(cache, "MOST_BYTES", int(2.5 * first.stat().st_size))
    abandoned = kept / ".x.figures.01234567.part"
    abandoned.write_text("")
    os.utime(abandoned, (1, 1))
    for number, level in enumerate((0.9, 0.8)):
        os.utime(first, (number + 2, number + 2))
        run(replace(study, level=level), tmp_path / f"out{level}", kept)
    assert len(list(kept.iterdir())) == 2
    assert not first.exists()
    assert not abandoned.exists()


def test_figures_of_an_input_that_changed_while_it_was_read_are_not_kept(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_survey = rounds.open_survey

    def changing(*arguments: Any) -> Any:
        path = tmp_path / "data" / "persons.csv"
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        return open_survey(*arguments)

    monkeypatch.setattr(rounds, "open_survey", changing)
    with pytest.raises(Exception, match="MPI-D150"):
        run(study, tmp_path / "one", tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_cache_among_the_outputs_is_refused_and_there_may_be_none(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=r"MPI-U250 .*in the folder of the outputs"):
        run(study, tmp_path / "out", tmp_path / "out" / "cache")
    assert not (tmp_path / "out").exists()
    run(study, tmp_path / "out", tmp_path / "cache")  # the remedy
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MPI_CACHE", "off")
    run_study(study, tmp_path / "two")
    monkeypatch.delenv("MPI_CACHE")
    run_study(study, tmp_path / "three", cache=False)
    assert not (tmp_path / "home").exists()
    run_study(study, tmp_path / "four")
    (made,) = (tmp_path / "home").rglob("*.figures")
    assert made.parent.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("MPI_CACHE", str(tmp_path / "named"))
    run_study(study, tmp_path / "five")
    assert [one.name for one in (tmp_path / "named").iterdir()] == [made.name]


def test_queries_are_asked_anew(study: Study, tmp_path: Path) -> None:
    def cached(own: Study) -> cache.Cache | None:
        told: dict[str, Any] = {"versions": {}, "platform": {}, "seed": None, "inputs": []}
        return cache.cache_for(own, told, tmp_path / "kept", out=tmp_path / "out", places=[])

    (survey,) = study.surveys
    assert cached(study) is not None
    tables = {
        **survey.tables,
        "persons": replace(survey.tables["persons"], query=Query(sql="select 1", database="census")),
    }
    assert cached(replace(study, surveys=(replace(survey, tables=tables),))) is None


def _start(study: Study, out: Path, kept: Path) -> subprocess.Popen[str]:
    assert study.data is not None
    command = [sys.executable, "-m", "mpi", "run", str(study.data / "study.yaml"), "--data", str(study.data)]
    command += ["-o", str(out), "--cache", str(kept)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def test_two_runs_at_once_and_one_that_is_killed_do_no_harm(study: Study, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    killed = _start(study, tmp_path / "killed", kept)
    limit = time.monotonic() + MOST
    while not kept.exists() and killed.poll() is None and time.monotonic() < limit:
        time.sleep(0.002)
    os.killpg(killed.pid, signal.SIGKILL)  # at any moment from when the figures are written
    killed.communicate(timeout=MOST)
    both = [_start(study, tmp_path / name, kept) for name in ("one", "two")]
    for one in both:
        told, _ = one.communicate(timeout=MOST)
        assert one.returncode == 0, told
    manifests = [json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("one", "two")]
    assert manifests[0]["digest"] == manifests[1]["digest"] == run_study(study, tmp_path / "three", cache=False).digest
    assert [one.suffix for one in kept.iterdir() if not one.name.startswith(".")] == [".figures"]
    assert run(study, tmp_path / "killed", kept) == manifests[0]["digest"]
