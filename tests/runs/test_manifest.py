"""The manifest says what a run was made of, names no machine, and tells every later change."""

import datetime
import getpass
import hashlib
import json
import os
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.errors import Notice, Place, UsageError
from mpi.files.digests import ConfigFile, digest_of, input_file, sha256
from mpi.runs.manifest import Run, manifest, owned, sealed, versions, write_manifest
from mpi.runs.verifying import verify

NOON = datetime.datetime(2026, 4, 15, 12, tzinfo=datetime.UTC)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    data, out = tmp_path / "data", tmp_path / "out"
    (data / "2025").mkdir(parents=True)
    (out / "maps").mkdir(parents=True)
    pq.write_table(pa.table({"id": [1, 2, 3]}), data / "2025" / "persons.parquet")
    (data / "households.csv").write_text("id\n1\n")
    (tmp_path / "study.yaml").write_text("name: ñandú\n", encoding="utf-8")
    (tmp_path / "areas.geojson").write_text("{}")
    (out / "results.csv").write_text("k\n1/3\n")
    (out / "maps" / "map.html").write_text("<html>")
    return Run(
        study="demo",
        command=("mpi", "run", str(tmp_path / "study.yaml"), "-o", "out", f"--data={data}", "C:\\Users\\ana\\d.yaml"),
        data=data,
        inputs=tuple(
            input_file(path)
            for path in (data / "2025" / "persons.parquet", data / "households.csv", tmp_path / "areas.geojson")
        ),
        configs={"study": ConfigFile(tmp_path / "study.yaml", "name: ñandú\n", sha256(tmp_path / "study.yaml"))},
        seed=None,
        options={"disclosure": "off"},
        counts={"2025": {"persons": 3, "excluded": 0}},
        notices=(Notice("MPI-N003", "zero weights", Place(str(data / "households.csv"), 2)),),
        started=NOON,
        ended=NOON + datetime.timedelta(seconds=9),
    )


def out(run: Run) -> Path:
    return run.data.parent / "out"


def codes(run: Run, data: Path | None = None) -> list[tuple[str, str]]:
    return [(found.code, found.file) for found in verify(out(run), data)]


def test_what_was_written_is_verified(run: Run) -> None:
    write_manifest(run, out(run))
    assert verify(out(run)) == []
    assert codes(run, run.data) == [("MPI-V009", "areas.geojson")]


def test_the_manifest_says_what_the_run_was_made_of(run: Run) -> None:
    said = manifest(run, out(run))
    persons = run.data / "2025" / "persons.parquet"
    inputs = {one["path"]: one for one in said["inputs"]}
    assert set(inputs) == {"2025/persons.parquet", "households.csv", "areas.geojson"}
    assert inputs["2025/persons.parquet"]["sha256"] == hashlib.sha256(persons.read_bytes()).hexdigest()
    assert inputs["2025/persons.parquet"]["rows"] == 3
    assert inputs["2025/persons.parquet"]["bytes"] == persons.stat().st_size
    assert "rows" not in inputs["households.csv"]
    assert inputs["areas.geojson"]["within"] == "elsewhere"
    assert said["configs"][0]["text"] == "name: ñandú\n"
    assert said["configs"][0]["sha256"] == hashlib.sha256("name: ñandú\n".encode()).hexdigest()
    assert [one["path"] for one in said["outputs"]] == ["maps/map.html", "results.csv"]
    assert said["options"] == {"disclosure": "off"}
    assert said["counts"] == {"2025": {"persons": 3, "excluded": 0}}
    assert said["command"] == ["mpi", "run", "study.yaml", "-o", "out", "--data=data", "d.yaml"]
    assert {"mpi", "python", "numpy", "pyarrow"} <= set(said["versions"])
    assert said["times"] == {"started": "2026-04-15T12:00:00+00:00", "ended": "2026-04-15T12:00:09+00:00"}


def test_the_manifest_names_no_machine_no_user_and_no_folder(run: Run) -> None:
    text = write_manifest(run, out(run)).read_text(encoding="utf-8")
    assert str(run.data.parent) not in text
    assert "ana" not in json.dumps(json.loads(text)["command"])
    said = json.loads(text)
    assert platform.node() not in said["platform"].values()
    assert getpass.getuser() not in json.dumps(said["command"]).split('"')


def test_two_runs_differ_in_their_times_alone(run: Run) -> None:
    first = manifest(run, out(run))
    second = manifest(replace(run, started=NOON + datetime.timedelta(hours=1)), out(run))
    assert first["times"] != second["times"]
    assert {**first, "times": None} == {**second, "times": None}


def test_the_digest_is_of_what_went_in_and_what_came_out_alone(run: Run) -> None:
    first = manifest(run, out(run))["digest"]
    elsewhere = replace(run, command=("mpi", "run", "study.yaml", "-o", "other", "--overwrite"), started=NOON)
    assert manifest(elsewhere, out(run))["digest"] == first
    for change in (
        {"options": {"disclosure": "on"}},
        {"counts": {"2025": {"persons": 4}}},
        {"inputs": run.inputs[1:]},
        {"configs": {}},
        {"notices": ()},
        {"left_out": [{"part": "charts/domains"}]},
    ):
        assert manifest(replace(run, **change), out(run))["digest"] != first, change
    (out(run) / "results.csv").write_text("k\n1/4\n")
    assert manifest(run, out(run))["digest"] != first


def test_a_manifest_of_an_earlier_version_is_verified_by_its_own_digest(run: Run) -> None:
    said = manifest(run, out(run))
    old = {key: value for key, value in said.items() if key not in ("digest", "times", "checksum")}
    path = out(run) / "manifest.json"
    path.write_text(json.dumps({**old, "digest": digest_of(old), "times": said["times"]}), encoding="utf-8")
    assert codes(run) == []
    assert owned(out(run))[-1] == "manifest.json"
    path.write_text(json.dumps({**old, "seed": 1, "digest": digest_of(old), "times": said["times"]}), encoding="utf-8")
    assert codes(run) == [("MPI-V002", "manifest.json")]


def test_links_among_the_outputs_are_refused(run: Run) -> None:
    (out(run) / "link").symlink_to(run.data / "households.csv")
    with pytest.raises(UsageError, match="MPI-O011 link"):
        write_manifest(run, out(run))


def _rewritten(run: Run, change: Callable[[dict], None], *, sign: bool) -> None:
    path = out(run) / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    change(said)
    if sign:
        said = sealed(said)
    path.write_text(json.dumps(said), encoding="utf-8")


def test_changes_of_outputs_are_told(run: Run) -> None:
    write_manifest(run, out(run))
    (out(run) / "results.csv").write_text("k\n1/4\n")  # of the same size
    (out(run) / "maps" / "map.html").unlink()
    (out(run) / "maps" / "new.html").write_text("")
    (out(run) / "side").symlink_to(run.data)
    assert codes(run) == [
        ("MPI-V003", "maps/map.html"),
        ("MPI-V004", "results.csv"),
        ("MPI-V005", "maps/new.html"),
        ("MPI-V005", "side"),
    ]


def test_an_output_that_became_a_link_is_told(run: Run) -> None:
    write_manifest(run, out(run))
    (out(run) / "results.csv").rename(run.data / "results.csv")
    (out(run) / "results.csv").symlink_to(run.data / "results.csv")
    assert codes(run) == [("MPI-V006", "results.csv")]


def test_changes_of_inputs_are_told(run: Run) -> None:
    write_manifest(run, out(run))
    (run.data / "households.csv").write_text("id\n2\n")
    (run.data / "2025" / "persons.parquet").unlink()
    assert sorted(codes(run, run.data)) == [
        ("MPI-V007", "2025/persons.parquet"),
        ("MPI-V008", "households.csv"),
        ("MPI-V009", "areas.geojson"),
    ]
    assert codes(run) == []


def test_a_changed_manifest_is_told_and_times_are_free(run: Run) -> None:
    write_manifest(run, out(run))
    _rewritten(run, lambda said: said["times"].update(started="yesterday"), sign=False)
    assert codes(run) == []
    for change in (
        lambda said: said["command"].append("-q"),  # which is no part of the digest
        lambda said: said["versions"].update(mpi="9"),
        lambda said: said.update(digest="0" * 64),
        lambda said: said["options"].update(disclosure="on"),
    ):
        write_manifest(run, out(run), overwrite=True)
        _rewritten(run, change, sign=False)
        assert codes(run) == [("MPI-V002", "manifest.json")]


@pytest.mark.parametrize("path", ["../data/households.csv", "/etc/passwd", "maps/../../data/households.csv", "a\0b"])
def test_a_manifest_cannot_lead_out_of_its_folder(run: Run, path: str) -> None:
    write_manifest(run, out(run))
    _rewritten(run, lambda said: said["outputs"][0].update(path=path), sign=True)
    assert ("MPI-V006", path) in codes(run)
    _rewritten(run, lambda said: said["inputs"][0].update(path=path, within="data"), sign=True)
    assert codes(run, run.data).count(("MPI-V006", path)) == 2


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"format": 1}', "[" * 100_000, '{"format": 1, "outputs": [{"path": 1}], "inputs": []}',
                '{"format": 1, "outputs": [7], "inputs": [], "digest": ""}', "\udcff"]
)  # fmt: skip
def test_what_is_no_manifest_is_one_finding(run: Run, content: str) -> None:
    (out(run) / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert codes(run) == [("MPI-V001", "manifest.json")]
    assert str(verify(out(run))[0]) == (
        "MPI-V001 manifest.json: there is no manifest here that can be read\n  give the folder that `mpi run` made"
    )


def test_no_manifest_and_a_linked_one_are_one_finding(run: Run) -> None:
    assert codes(run) == [("MPI-V001", "manifest.json")]
    write_manifest(run, out(run)).rename(run.data / "manifest.json")
    (out(run) / "manifest.json").symlink_to(run.data / "manifest.json")
    assert codes(run) == [("MPI-V001", "manifest.json")]


def test_a_damaged_parquet_input_is_hashed_all_the_same(run: Run) -> None:
    path = run.data / "2025" / "persons.parquet"
    path.write_bytes(b"PAR1 no")
    damaged = replace(run, inputs=(input_file(path),))
    first = next(one for one in manifest(damaged, out(run))["inputs"] if one["path"].endswith("persons.parquet"))
    assert first["sha256"] == hashlib.sha256(b"PAR1 no").hexdigest()
    assert "rows" not in first


def test_a_file_is_hashed_in_blocks_and_a_link_is_not(tmp_path: Path) -> None:
    content = os.urandom(3 << 20) + b"x"
    (tmp_path / "large").write_bytes(content)
    assert sha256(tmp_path / "large") == hashlib.sha256(content).hexdigest()
    (tmp_path / "link").symlink_to(tmp_path / "large")
    with pytest.raises(OSError, match="link"):
        sha256(tmp_path / "link")


def test_versions_leave_out_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mpi.runs.manifest.LIBRARIES", ("numpy", "no-such-library"))
    assert set(versions()) == {"mpi", "python", "numpy"}


def test_a_run_s_folder_is_its_own_until_something_else_is_in_it(run: Run) -> None:
    write_manifest(run, out(run))
    assert owned(out(run)) == ["maps/map.html", "results.csv", "manifest.json"]
    (out(run) / "maps" / "map.html").unlink()
    assert owned(out(run)) == ["results.csv", "manifest.json"]
    (out(run) / "maps" / "letter.txt").touch()
    (out(run) / "results.csv").write_text("k\n1/4\n")
    with pytest.raises(UsageError) as error:
        owned(out(run))
    assert [(fault.code, fault.text.split(": ")[-1]) for fault in error.value.faults] == [
        ("MPI-O150", "maps/letter.txt"),
        ("MPI-O151", "results.csv"),
    ]
    # The remedy, followed to the letter.
    (out(run) / "maps" / "letter.txt").rename(run.data / "letter.txt")
    (out(run) / "results.csv").rename(run.data / "results.csv")
    assert owned(out(run)) == ["manifest.json"]


@pytest.mark.parametrize("content", ["", "{}", '{"name": "another program"}', '{"format": 1}', "[1]"])
def test_a_manifest_of_another_program_is_no_mark(content: str, run: Run) -> None:
    (out(run) / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"MPI-O002 .*its manifest\.json is not of this program"):
        owned(out(run))


def test_a_manifest_that_was_changed_is_no_mark(run: Run) -> None:
    write_manifest(run, out(run))
    (out(run) / "letter.txt").touch()
    listed = {"path": "letter.txt", "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    _rewritten(run, lambda said: said["outputs"].append(listed), sign=False)
    with pytest.raises(UsageError, match=r"MPI-O002 .*was changed after the run"):
        owned(out(run))
