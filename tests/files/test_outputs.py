"""One guard for every output of every command: its place, what lies there, and the inputs, before anything is read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import mpi
from mpi.errors import MpiError
from mpi.runs.verifying import verify
from tests.support import commands
from tests.support.hamlet import study_of, write_hamlet

SURVEY = ("village.yaml", "village_2026.yaml", "--data", ".")
PROFILE = ("village.yaml", "earlier.parquet")
COMMANDS = {
    "score": (*SURVEY,), "profile": (*SURVEY,), "estimate": (*SURVEY,), "differences": (*SURVEY, "--by", "valley"),
    "estimate a profile": PROFILE, "differences of a profile": (*PROFILE, "--by", "valley"),
    "change": ("village.yaml", "earlier.parquet", "later.parquet"),
}  # fmt: skip
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line beside the village's files, with a survey that is `like` another and rules of its own."""
    monkeypatch.chdir(write_hamlet(tmp_path))
    Path("village_2026.yaml").rename("base.yaml")
    Path("village_2026.yaml").write_text("survey: village_2026\nlike: base\nreliability: own.yaml\n")
    rules = "reliability: own\ntitle: Own\nrules:\n  - {name: few, when: n < 3, level: review, says: {en: few}}\n"
    Path("own.yaml").write_text(rules, encoding="utf-8")
    Path("other.yaml").write_text(rules.replace("own", "other"), encoding="utf-8")
    Path("study.yaml").write_text(study_of("results"), encoding="utf-8")
    ran = partial(commands.run, capsys)
    for name in ("earlier", "later"):
        made = ran("profile", *SURVEY, "-o", f"{name}.parquet")
        assert made[0] == 0, made
    return ran


def _nothing(*_: object, **__: object) -> None:
    raise AssertionError("something was read for an output that cannot be written")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """From now on no microdata, profile or boundary may be opened."""
    monkeypatch.setattr("mpi.source.opening.open_table", _nothing)
    monkeypatch.setattr("mpi.profile.model.read", _nothing, raising=False)
    monkeypatch.setattr("mpi.profile.files._read", _nothing)
    monkeypatch.setattr("mpi.publication.gathering.boundaries_of", _nothing)


def _command(name: str) -> tuple[str, ...]:
    return (name.split(maxsplit=1)[0], *COMMANDS[name])


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_place_where_nothing_can_be_made_is_told_of_before_anything_is_read(name: str, run: Run) -> None:
    Path("folder.parquet").mkdir()
    Path("there.parquet").touch()
    for output, code, exit_code in (
        ("no/such/x.parquet", "MPI-O001", 2),
        ("village.yaml/x.parquet", "MPI-O001", 2),
        ("folder.parquet", "MPI-O002", 2),
        ("there.parquet", "MPI-O002", 2),
        (f"{'n' * 250}.parquet", "MPI-O004", 1),
    ):
        found = run(*_command(name), "-o", output)
        assert (found[0], found[1]) == (exit_code, ""), found
        assert found[2].startswith(f"error {code} {output}: "), found


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("name", COMMANDS)
def test_no_input_is_written_over_under_whatever_name(name: str, run: Run) -> None:
    inputs = ["village.yaml", "village.examples.yaml"]
    if "village_2026.yaml" in COMMANDS[name]:
        inputs += ["village_2026.yaml", "base.yaml", "own.yaml", "persons.csv", "households.csv"]
    else:
        inputs += ["earlier.parquet"] + (["later.parquet"] if name == "change" else [])
    options: tuple[str, ...] = ()
    if name.startswith(("estimate", "change")):
        inputs.append("other.yaml")
        options = ("--reliability", "other.yaml")
    assert len(inputs) > 2
    for source in inputs:
        before = Path(source).read_bytes()
        Path("hard.parquet").hardlink_to(source)
        Path("soft.parquet").symlink_to(source)
        for output in ("hard.parquet", "soft.parquet"):
            found = run(*_command(name), *options, "-o", output, "--overwrite")
            text = f"error MPI-O003 {output}: this output is one of the inputs\n  choose another name\n"
            assert found == (2, "", text), (source, found)
            assert Path(source).read_bytes() == before
            Path(output).unlink()
    if name.startswith("estimate"):
        assert run(*_command(name), "--format", "csv", "-o", "village.yaml", "--overwrite")[0] == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_guard_lets_pass_is_written(name: str, run: Run) -> None:
    Path("there.parquet").write_text("mine", encoding="utf-8")
    code, _, said = run(*_command(name), "-o", "there.parquet", "--overwrite")
    if name == "change":  # the two rounds are one and the same, which is no change
        assert "MPI-O" not in said
        return
    assert code == 0, said
    assert Path("there.parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize(("command", "ending"), [("score", "csv"), ("score", "parquet"), ("profile", "parquet")])
def test_files_with_rows_of_units_are_readable_by_nobody_else(command: str, ending: str, run: Run) -> None:
    Path(f"out.{ending}").touch(mode=0o644)
    assert run(command, *SURVEY, "-o", f"out.{ending}", "--overwrite")[0] == 0
    assert Path(f"out.{ending}").stat().st_mode & 0o777 == 0o600
    assert run("estimate", *SURVEY, "-o", "e.csv")[0] == 0
    Path("plain").touch()
    assert Path("e.csv").stat().st_mode == Path("plain").stat().st_mode


# Folders of runs.


@pytest.mark.usefixtures("unread")
def test_a_run_tells_of_its_place_before_anything_is_read(run: Run) -> None:
    Path("papers").mkdir()
    Path("papers/thesis.txt").touch()
    Path("foreign").mkdir()
    Path("foreign/manifest.json").write_text('{"name": "another program"}', encoding="utf-8")
    for output, code in (
        ("no/such", "MPI-O001"),
        ("village.yaml", "MPI-O002"),
        ("papers", "MPI-O002"),
        ("foreign", "MPI-O002"),
        (".", "MPI-O002"),
        ("..", "MPI-O002"),
    ):
        found = run("run", "study.yaml", "--data", ".", "-o", output, "--overwrite", "-q")
        assert (found[0], found[1]) == (2, ""), found
        assert found[2].startswith(f"error {code} {output}: "), found
    assert Path("papers/thesis.txt").exists()


def test_a_run_removes_nothing_but_what_an_earlier_one_wrote(run: Run) -> None:
    command = ("run", "study.yaml", "--data", ".", "-o", "out", "-q", "--overwrite")
    assert run(*command)[0] == 0
    assert run(*command)[0] == 0
    for path, put in (
        ("out/letter.txt", "letter"),
        ("out/results/deep/letter.txt", "letter"),
        ("out/results/total.csv", "changed"),
    ):
        kept = Path(path).read_bytes() if Path(path).exists() else None
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(put, encoding="utf-8")
        code, _, said = run(*command)
        assert (code, said.count("error")) == (2, 1), said
        assert ("MPI-O151" if kept else "MPI-O150") in said
        assert path.removeprefix("out/") in said
        assert Path(path).read_text(encoding="utf-8") == put
        Path(path).rename("aside.txt")  # the remedy
    assert run(*command)[0] == 0
    assert not verify(Path("out"), Path())


def test_a_run_never_removes_its_own_inputs(run: Run) -> None:
    command = ("-o", "out", "-q", "--overwrite")
    assert run("run", "study.yaml", "--data", ".", *command)[0] == 0
    for name in ("persons.csv", "households.csv", "village.yaml", "base.yaml", "own.yaml", "study.yaml"):
        shutil.copy(name, "out")
    for data, study in (("out", "study.yaml"), (".", "out/study.yaml")):
        code, _, said = run("run", study, "--data", data, *command)
        assert (code, "MPI-O003 out: this output contains an input" in said) == (2, True), said
    assert Path("out/persons.csv").read_bytes() == Path("persons.csv").read_bytes()


def test_a_manifest_that_was_signed_anew_cannot_name_an_input_for_removal(run: Run) -> None:
    command = ("run", "study.yaml", "--data", "out", "-o", "out", "-q", "--overwrite")
    assert run("run", "study.yaml", "--data", ".", "-o", "out", "-q")[0] == 0
    for name in ("persons.csv", "households.csv"):
        shutil.copy(name, "out")
    from mpi.files.digests import sha256
    from mpi.runs.manifest import sealed

    path = Path("out/manifest.json")
    said = json.loads(path.read_text(encoding="utf-8"))
    said["outputs"] += [
        {"path": name, "bytes": Path(name).stat().st_size, "sha256": sha256(Path(name))}
        for name in ("persons.csv", "households.csv")
    ]
    path.write_text(json.dumps(sealed(said)), encoding="utf-8")
    code, _, told = run(*command)
    assert (code, "MPI-O003" in told) == (2, True), told
    assert Path("out/persons.csv").exists()


def test_messages_of_a_full_disk_name_the_folder_that_was_given(run: Run) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        found = run("run", "study.yaml", "--data", ".", "-o", "out", "-q")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert found[0] == 1
    assert found[2].startswith("error MPI-O004 out/results/results.parquet: the file cannot be written (File too large")
    assert not [path for path in Path().iterdir() if "out" in path.name]


def test_the_functions_that_write_have_the_same_guard(run: Run) -> None:
    measure, survey = mpi.load_measure("village.yaml"), mpi.load_survey("village_2026.yaml")
    profile = mpi.deprivation_profile(survey, measure, ".")
    study = mpi.load_study("study.yaml")
    for output, code in (("no/such", "MPI-O001"), ("persons.csv", "MPI-O002"), ("a" * 300, "MPI-O004")):
        for write in (profile.write, lambda path: mpi.run_study(study, path, data=".")):
            with pytest.raises(MpiError) as error:
                write(output)
            assert error.value.faults[0].code == code
