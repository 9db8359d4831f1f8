"""The command line as a user meets it: exit codes, messages, outputs; in this process, and a few in their own.

Messages are compared whole: a change of their words is a change that users see.
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.cli import cli, main
from tests.support import commands
from tests.support.commands import Ran
from tests.support.hamlet import MEASURE, PERSONS, SCORES, write_hamlet
from tests.support.limits import MOST

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = str(ROOT / "sample_data")
VILLAGE = ("village.yaml", "village_2026.yaml", "--data", ".")
MOST_CPU_OF_HELP = 1.0  # seconds; 0.05 on an idle machine
CANARIES = ("CANARYHOUSE", "66317", "CANARYVALLEY")


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, run beside the village's files."""
    monkeypatch.chdir(write_hamlet(tmp_path))
    return partial(commands.run, capsys)


def process(*arguments: str, cwd: Path = ROOT, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=cwd, env=environment, text=True, capture_output=True, timeout=MOST, check=False, **options
    )  # type: ignore[call-overload, no-any-return]


def change(name: str, before: str, after: str) -> None:
    text = Path(name).read_text(encoding="utf-8")
    assert before in text
    Path(name).write_text(text.replace(before, after), encoding="utf-8")


# Help.


def test_the_help_names_every_command_in_the_order_of_use(run: Run) -> None:
    found = run("--help")
    commands = [
        line.split()[0]
        for line in found.out.split("Commands:")[1].split("\n\n")[0].splitlines()
        if line.startswith("  ")
    ]
    assert found.code == 0
    assert commands == [
        "demo",
        "describe",
        "convert",
        "init",
        "check",
        "score",
        "profile",
        "estimate",
        "analyse",
        "rank",
        "what-if",
        "plan",
        "supply",
        "differences",
        "change",
        "follow",
        "update",
        "progress",
        "compare",
        "map",
        "run",
        "verify",
        "explain",
        "list",
        "measures",
        "schema",
        "export",
        "completion",
    ]


@pytest.mark.parametrize("command", list(cli.commands))
def test_every_command_and_option_has_a_help(command: str, run: Run) -> None:
    found = run(command, "--help")
    assert (found.code, found.err) == (0, "")
    own = cli.commands[command]
    assert own.help
    for parameter in own.params:
        assert getattr(parameter, "help", None), f"{command}: {parameter.name}"


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").out == f"mpi, version {mpi.__version__}\n"


def test_import_and_help_load_no_array_library_and_take_little_time() -> None:
    code = """
import resource, sys
import mpi
from mpi.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
heavy = {"numpy", "pyarrow", "pandas", "yaml"} & set(sys.modules)
usage = resource.getrusage(resource.RUSAGE_SELF)
sys.stderr.write(f"{sorted(heavy)} {usage.ru_utime + usage.ru_stime}")
"""
    heavy, cpu = process("-c", code).stderr.rsplit(" ", 1)
    assert heavy == "[]"
    assert float(cpu) < MOST_CPU_OF_HELP


# Usage.


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (["estimat"], "Error: No such command 'estimat'. Did you mean 'estimate'?"),
        (["estimate"], "Error: Missing argument 'MEASURE'."),
        (["score", *VILLAGE], "Error: Missing option '-o' / '--output'."),
        (["check", "--languag", "es"], "Error: No such option '--languag'. Did you mean '--lang'?"),
        (["estimate", *VILLAGE, "--unit", "x"],
         "Error: Invalid value for '--unit': 'x' is not one of 'persons', 'households'."),
        (["estimate", *VILLAGE, "--level", "x"], "Error: Invalid value for '--level': 'x' is not a valid float range."),
    ],
)  # fmt: skip
def test_a_misspelt_or_missing_word_is_named_with_a_hint(arguments: list[str], last: str, run: Run) -> None:
    found = run(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["estimate", *VILLAGE[:2]], "MPI-U001 the folder of the survey's files is not given\n  add --data DIR"),
        (["check", "village.yaml", "--data", "."],
         "MPI-U005 --data is not used here: no survey is named\n  leave it out"),
        (["estimate", "village.yaml", "x.parquet", "--data", "."],
         "MPI-U005 --data is not used here: the profile holds all that is needed\n  leave it out"),
        (["explain", *VILLAGE, "--household", "none"],
         "MPI-U002 no household has this key (house)\n  texts are compared exactly, with zeros and capitals"),
        (["estimate", *VILLAGE, "--format", "parquet"],
         "MPI-U003 Parquet is not written to stdout\n  name a file with -o"),
        (["score", *VILLAGE, "-o", "units.xlsx"],
         "MPI-U004 units.xlsx: the ending '.xlsx' names no format of this output\n  end it in .csv, .parquet"),
        (["profile", *VILLAGE, "-o", "x.profile"],
         "MPI-U004 x.profile: the ending '.profile' names no format of this output\n  end it in .parquet"),
        *[(["estimate", *VILLAGE, "--df", df], f"MPI-U006 --df: '{df}' is neither domain, design, stata nor a whole "
           "number from 1\n  leave it out for the usual: PSUs less strata of the domain")
          for df in ("foo", "0", "-1", "³", "1.5", "9" * 30)],
        (["score", *VILLAGE, "-o", "none/units.csv"],
         "MPI-O001 none/units.csv: the folder of this output does not exist\n  make it first"),
        (["demo", "-o", "village.yaml"],
         "MPI-O002 village.yaml: this output exists and was not made by an earlier run (it has no manifest.json)\n"
         "  name a new folder with -o"),
        (["demo", "-o", "."],
         "MPI-O002 .: this output exists and was not made by an earlier run (it has no manifest.json)\n"
         "  name a new folder with -o"),
    ],
)  # fmt: skip
def test_a_usage_that_cannot_be_meant_is_refused_with_a_remedy(arguments: list[str], text: str, run: Run) -> None:
    found = run(*arguments)
    assert (found.code, found.out, found.err) == (2, "", f"error {text}\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["check", "nothing.yaml"], 2, "MPI-C001 there is no file 'nothing.yaml'"),
        (["check", "colombia_ip"], 2, "did you mean 'colombia_ipm'?"),
        (["check", "."], 2, "MPI-C0"),
        (["check", "/dev/null"], 2, "MPI-C0"),
        (["check", "empty.yaml"], 2, "MPI-C0"),
        (["check", "x" * 5000], 2, "MPI-C0"),
        (["check", "\udcff"], 2, "\\udcff"),
        (["estimate", *VILLAGE[:3], "none"], 2, "none: the data folder does not exist"),
        (["estimate", *VILLAGE[:3], "persons.csv"], 2, "MPI-U001 persons.csv"),
        (["estimate", *VILLAGE, "--k", "0"], 2, "k: 0 is outside (0, 1]"),
        (["estimate", *VILLAGE, "--k", "33"], 2, "for a percentage write 33%"),
        (["estimate", *VILLAGE, "--k", "abc"], 2, "or name a cutoff of the measure: poor, severe"),
        (["estimate", *VILLAGE, "--by", "nonsense"], 2, "has no domain 'nonsense'"),
        (["estimate", *VILLAGE, "--by", "valey"], 2, "did you mean 'valley'?"),
        (["estimate", *VILLAGE, "--by", "valley:valley"], 2, "a domain is repeated in valley:valley"),
        (["estimate", *VILLAGE, "--by", ":"], 2, "has no domain ''"),
        (["estimate", *VILLAGE, "--by", "sex", "--unit", "households"], 2, "households cannot be counted by it"),
        (["estimate", *VILLAGE, "--level", "2"], 2, "2.0 is not in the range 0.01<=x<=0.9999."),
        (["estimate", *VILLAGE, "--level", "0.9999999999999999"], 2, "is not in the range 0.01<=x<=0.9999."),
        (["estimate", *VILLAGE, "-o", "e" * 300 + ".csv"], 1, "File name too long"),
        (["estimate", *VILLAGE, "--level", "nan"], 2, "the confidence level nan is not between 0 and 1"),
        (["estimate", *VILLAGE, "-o", "folder.csv"], 2, "MPI-O002 folder.csv: this output is a folder"),
        (["estimate", "village.yaml", "none.parquet"], 1, "MPI-D001 none.parquet: there is no such file"),
        (["estimate", "village.yaml", "persons.parquet"], 1, "MPI-D051 persons.parquet: "),
        (["profile", *VILLAGE, "-o", "x.parquet", "--domain", "sx"], 2, "has no domain 'sx'"),
        (["explain", *VILLAGE, "--household", "001A,1"], 2, "MPI-U002 no household has this key"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_gets_a_sentence_and_no_traceback(
    arguments: list[str], code: int, words: str, run: Run
) -> None:
    Path("empty.yaml").touch()
    Path("folder.csv").mkdir()
    Path("persons.parquet").write_text("PAR1 no profile", encoding="utf-8")
    found = run(*arguments)
    assert (found.code, found.out) == (code, ""), found.err
    assert words in found.err
    assert "Traceback" not in found.err
    assert "MPI-U900" not in found.err


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser reads everything")
@pytest.mark.parametrize("name", ["village.yaml", "village_2026.yaml", "persons.csv"])
def test_a_file_that_must_not_be_read_is_named(name: str, run: Run) -> None:
    Path(name).chmod(0)
    found = run("check", *VILLAGE)
    assert found.code in (1, 2)
    assert name in found.err
    assert "MPI-U900" not in found.err


def test_what_the_system_refuses_is_said_with_the_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(5, "Input/output error", "some/file.yaml")

    monkeypatch.setattr("mpi.checking.examples.load_examples", refused)
    found = run("check", "village.yaml")
    text = "error MPI-O005 some/file.yaml: the system refuses this file (Input/output error)\n  name another\n"
    assert (found.code, found.out, found.err) == (1, "", text)


def test_a_fault_of_the_program_shows_no_value_and_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("value 66317 of a row")

    monkeypatch.setattr("mpi.checking.examples.load_examples", broken)
    found = run("check", "village.yaml")
    line = broken.__code__.co_firstlineno + 1
    assert (found.code, found.out) == (70, "")
    assert found.err == (
        f"error MPI-U900 an unexpected RuntimeError at test_cli.py:{line}\n  this is a fault of the program: please "
        "report it; MPI_DEBUG=1 shows the traceback, which may quote data\n"
    )
    monkeypatch.setenv("MPI_DEBUG", "1")
    with pytest.raises(RuntimeError, match="66317"):
        main(["check", "village.yaml"])


# What the commands do.


def test_check_proofreads_runs_examples_and_reads_the_survey(run: Run) -> None:
    found = run("check", *VILLAGE, "--lang", "es")
    lines = found.out.splitlines()
    assert found.code == 0
    assert lines[0] == "village: Pobreza de la aldea"
    at = lines.index("  8 ejemplos resueltos: las reglas los confirman todos")
    assert lines[at + 1 : at + 3] == [
        "  indicadores sin ejemplo: water_lacking",
        "village_2026: Village survey, periodo 2026",
    ]
    assert lines[-1].startswith("  excluidas (missing: exclude): 1 persona (8,3")
    assert [line[:14] for line in found.err.splitlines()] == ["nota MPI-N001 ", "nota MPI-N001 ", "nota MPI-N006 "]


@pytest.mark.parametrize("survey", [(), VILLAGE[1:]])
def test_check_names_each_example_that_the_rules_do_not_bear_out(survey: Sequence[str], run: Run) -> None:
    change("village.yaml", "crowd > 3", "crowd > 4")
    change("village.yaml", "MEAN(schooling) < 6", "MEAN(schooling) <= 6")
    found = run("check", "village.yaml", *survey)
    errors = [line for line in found.err.splitlines() if not line.startswith("note ")]
    assert found.code == 2
    assert "  8 worked examples, 2 not confirmed" in found.out.splitlines()
    assert errors == [
        "error MPI-X003 village.examples.yaml:3:5: schooling_low: one adult with 6 years: the rule says deprived, the "
        "example not deprived",
        "  write in the example what the rule says, or change the rule",
        "error MPI-X003 village.examples.yaml:9:5: crowding: four in one room: the rule says not deprived, the example "
        "deprived",
        "  write in the example what the rule says, or change the rule",
    ]


def test_check_names_every_misfit_of_measure_and_survey(run: Run) -> None:
    change("village_2026.yaml", "age: age", "age: edad")
    change("village_2026.yaml", ", rooms: rooms", "")
    found = run("check", *VILLAGE)
    assert found.code == 2
    errors = [line.split()[1] for line in found.err.splitlines() if line.startswith("error ")]
    assert sorted(errors) == ["MPI-D010", "MPI-S010"]


def test_score_writes_one_row_a_household_as_csv_and_parquet(run: Run) -> None:
    found = run("score", *VILLAGE, "-o", "units.csv")
    assert (found.code, found.out, found.err) == (0, "", "5 rows, 1 of them without a score: units.csv\n")
    assert run("score", *VILLAGE, "-o", "units.parquet", "--k", "1/4").code == 0
    rows = list(csv.DictReader(io.StringIO(Path("units.csv").read_text(encoding="utf-8"))))
    assert {row["house"]: row["score"] or None for row in rows} == SCORES
    kept = {row["house"]: row for row in pq.read_table("units.parquet").to_pylist()}
    assert {house: row["score"] for house, row in kept.items()} == SCORES
    assert {house for house, row in kept.items() if row["poor"]} == {"001A", "001B", "002"}
    assert kept["003"]["schooling_low"] is None
    assert (kept["001A"]["weight"], kept["001A"]["person_weight"], kept["001A"]["persons"]) == (10, 30, 3)


def test_estimates_from_a_saved_profile_are_those_from_the_survey_to_the_byte(run: Run) -> None:
    options = ("--by", "valley", "--by", "valley:sex", "--k", "1/3", "--k", "severe", "--format", "csv")
    assert run("profile", *VILLAGE, "-o", "village.profile.parquet").code == 0
    straight = run("estimate", *VILLAGE, *options)
    saved = run("estimate", "village.yaml", "village.profile.parquet", *options)
    assert (straight.code, saved.code) == (0, 0)
    assert straight.out == saved.out
    assert straight.out.count("\n") > 100


def test_a_survey_gives_the_same_profile_and_estimates_each_time(run: Run) -> None:
    for name in ("a", "b"):
        assert run("profile", *VILLAGE, "-o", f"{name}.parquet").code == 0
        assert run("estimate", "village.yaml", f"{name}.parquet", "--by", "valley", "-o", f"{name}.csv").code == 0
    for ending in ("parquet", "csv"):
        assert Path(f"a.{ending}").read_bytes() == Path(f"b.{ending}").read_bytes()


def test_every_format_of_estimates_goes_to_stdout_or_a_file(run: Run) -> None:
    for form, name in (("table", "e.txt"), ("csv", "e.csv"), ("json", "e.json")):
        shown = run("estimate", *VILLAGE, "--by", "valley", "--format", form)
        written = run("estimate", *VILLAGE, "--by", "valley", "-o", name)
        assert (shown.code, written.code, written.out) == (0, 0, "")
        assert Path(name).read_text(encoding="utf-8") == shown.out
    assert run("estimate", *VILLAGE, "--by", "valley", "-o", "e.parquet").code == 0
    rows = json.loads(Path("e.json").read_text(encoding="utf-8"))["estimates"]
    assert pq.read_table("e.parquet").to_pylist() == rows
    assert Path("e.txt").read_text(encoding="utf-8").startswith("village, village_2026, period 2026: persons, ")


def test_some_statistics_are_shown_line_by_line(run: Run) -> None:
    ran = run("estimate", *VILLAGE, "--statistic", "M0", "--statistic", "poor")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[3].split()[:6] == ["k", "statistic", "dimension", "indicator", "estimate", "se"]
    assert {line.split()[1] for line in lines[5:]} == {"M0", "poor"}
    assert run("estimate", *VILLAGE, "--statistic", "HH").code == 2


def test_level_degrees_of_freedom_and_unit_reach_the_estimates(run: Run) -> None:
    def h(*options: str) -> dict[str, object]:
        rows = json.loads(run("estimate", *VILLAGE, "--format", "json", *options).out)["estimates"]
        found: dict[str, object] = next(row for row in rows if row["statistic"] == "H" and row["k"] == "1/3")
        return found

    usual, narrow, fixed, homes = h(), h("--level", "0.5"), h("--df", "60"), h("--unit", "households")
    assert narrow["ci_low"] > usual["ci_low"]  # type: ignore[operator]
    assert (usual["df"], fixed["df"]) == (3, 60)
    # Of 120 weighted households with a known score (003 has none), 001A and 002 are poor.
    assert homes["estimate"] == pytest.approx(40 / 110, rel=1e-12)


def test_explain_prints_to_the_screen_only(run: Run) -> None:
    found = run("explain", *VILLAGE, "--household", "002", "--lang", "es")
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines()[0] == "Pobreza de la aldea"
    assert "  puntaje: 3/4 = 0,7500" in found.out.splitlines()
    assert "output" not in {parameter.name for parameter in cli.commands["explain"].params}


def test_codes_reach_a_terminal_escaped(run: Run) -> None:
    change("households.csv", "004,1,1,south", "004,1,1,\x1b[31mred\x9b0m")
    for arguments in (
        ["check", *VILLAGE],
        *(["estimate", *VILLAGE, "--by", "valley", "--format", form] for form in ("table", "csv", "json")),
    ):
        found = run(*arguments)
        assert found.code == 0, found.err
        assert "red" in found.out or arguments[0] == "check"  # which names no code that few persons have
        assert not {"\x1b", "\x9b"} & set(found.out + found.err)


# Warnings, outputs, inputs.


@pytest.mark.parametrize(
    ("weight", "k", "code"), [("1/2", "1/3", 0), ("0.33", "1/3", 3), ("1/3", "0.34", 3), ("1/3", "1/3", 0)]
)
def test_check_of_a_measure_alone_warns_of_rounding_that_can_decide(weight: str, k: str, code: int, run: Run) -> None:
    rest = {"1/2": "1/2", "0.33": "0.67", "1/3": "2/3"}[weight]
    Path("norm.yaml").write_text(
        f"measure: norm\ntitle: Norm\nidentification: person\nmissing: exclude\nk: {k}\n"
        "variables: {person: {a: truth, b: truth}}\ndimensions:\n"
        f"  x: {{weight: {weight}, indicators: {{i: {{deprived: a}}}}}}\n"
        f"  y: {{weight: {rest}, indicators: {{j: {{deprived: b}}}}}}\n"
    )
    found = run("check", "norm.yaml", "--strict")
    assert found.code == code
    assert ("note MPI-N007 " in found.err) == bool(code)


def test_strict_counts_warnings_but_no_remarks(run: Run) -> None:
    warned = run("estimate", *VILLAGE, "--strict")
    assert warned.code == 3
    assert "note MPI-N006 12.1% of the persons (weighted) are left out" in warned.err
    assert run("estimate", *VILLAGE).code == 0
    checked = run("check", *VILLAGE, "--strict")
    assert (checked.code, checked.err) == (3, warned.err), "what estimate warns about, check does too"
    change("village_2026.yaml", "valley: valley", "valley: valley, far: {column: far, optional: yes}")
    remarked = run("profile", *VILLAGE, "-o", "p.parquet", "--strict")
    codes = {line.split()[1] for line in remarked.err.splitlines() if line.startswith("note ")}
    assert (remarked.code, codes) == (0, {"MPI-N001", "MPI-N002"})
    change("households.csv", "004,1,1,south,50", "004,1,1,south,0")
    zero = run("check", *VILLAGE, "--strict")
    assert (zero.code, "note MPI-N003 " in zero.err) == (3, True)


@pytest.mark.parametrize("command", ["score", "profile", "estimate"])
def test_an_output_is_replaced_only_if_that_is_asked_for(command: str, run: Run) -> None:
    Path("out.parquet").write_text("mine", encoding="utf-8")
    found = run(command, *VILLAGE, "-o", "out.parquet")
    assert (found.code, found.out) == (2, "")
    assert found.err == "error MPI-O002 out.parquet: this output exists\n  remove it, or add --overwrite\n"
    assert Path("out.parquet").read_text(encoding="utf-8") == "mine"
    assert run(command, *VILLAGE, "-o", "out.parquet", "--overwrite").code == 0
    assert pq.read_table("out.parquet").num_rows > 0


@pytest.mark.parametrize("command", ["score", "estimate"])
def test_a_file_of_the_survey_is_never_an_output(command: str, run: Run) -> None:
    found = run(command, *VILLAGE, "-o", "persons.csv", "--overwrite")
    assert found.code == 2
    assert found.err == "error MPI-O003 persons.csv: this output is one of the inputs\n  choose another name\n"
    assert Path("persons.csv").read_text(encoding="utf-8") == PERSONS


def test_a_profile_is_never_written_over_the_survey_nor_estimates_over_the_profile(run: Run) -> None:
    import pyarrow.csv

    pq.write_table(pyarrow.csv.read_csv("persons.csv"), "persons.parquet")
    change("village_2026.yaml", "persons.csv", "persons.parquet")
    before = Path("persons.parquet").read_bytes()
    Path("link.parquet").hardlink_to("persons.parquet")
    assert run("profile", *VILLAGE, "-o", "p.parquet").code == 0
    for arguments in (
        ["profile", *VILLAGE, "-o", "link.parquet"],
        ["estimate", "village.yaml", "p.parquet", "-o", "p.parquet"],
    ):
        found = run(*arguments, "--overwrite")
        assert (found.code, found.err) == (
            2,
            f"error MPI-O003 {arguments[-1]}: this output is one of the inputs\n  choose another name\n",
        )
    assert Path("persons.parquet").read_bytes() == before


@pytest.mark.parametrize("command", ["check", "score", "profile", "estimate", "explain"])
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("persons.csv", "004,2,27", "CANARYHOUSE,2,27"),
        ("persons.csv", "004,2,27,2,12", "004,1,27,2,66317"),
        ("persons.csv", "004,2,27,2", "004,2,27,66317"),
        ("households.csv", "004,1,1,south,50", "004,1,1,CANARYVALLEY,-66317"),
        ("households.csv", "004,1,1,south,50", "001A,1,1,CANARYVALLEY,66317"),
        ("households.csv", "004,1,1,south,50", "004,1,CANARYVALLEY,south,50"),
    ],
)  # fmt: skip
def test_refused_data_leave_no_value_on_the_screen(command: str, name: str, before: str, after: str, run: Run) -> None:
    change(name, before, after)
    extra = {
        "score": ("-o", "o.csv"),
        "profile": ("-o", "o.parquet"),
        "estimate": ("--by", "sex"),
        "explain": ("--household", "001B"),
    }.get(command, ())
    found = run(command, *VILLAGE, *extra)
    harmless = command == "explain" and ("CANARYVALLEY,-66317" in after or "27,66317" in after)
    assert found.code == (0 if harmless else 2 if "CANARYVALLEY,south" in after else 1), found.err
    assert not [canary for canary in CANARIES if canary in found.err]
    assert not list(Path().glob("o.*"))


# The process.


def test_whoever_reads_stdout_may_stop(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "mpi", "check", "colombia_ipm"]
    found = subprocess.run(
        command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=MOST, check=False
    )
    os.close(writer)
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_stdout_is_an_error() -> None:
    command = [sys.executable, "-m", "mpi", "check", "colombia_ipm"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        found = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=MOST, check=False
        )
    assert found.returncode == 1
    assert found.stderr == (
        "error MPI-O004 the result cannot be written to stdout (No space left on device)\n"
        "  look at the free space and the permissions of the disk\n"
    )


def test_a_result_in_any_encoding_of_the_terminal(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(ROOT)}
    write_hamlet(tmp_path, measure=MEASURE.replace("Poverty", "Бедность"))
    command = [sys.executable, "-m", "mpi", "check", "village.yaml"]
    found = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=MOST, check=False)
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout.startswith(b"village: \\u0411")
    assert "Educación".encode("cp1252") in process_es(tmp_path, environment)


def process_es(folder: Path, environment: dict[str, str]) -> bytes:
    command = [sys.executable, "-m", "mpi", "check", "village.yaml", "--lang", "es"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=MOST, check=True).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize(("number", "code", "said"), [(signal.SIGINT, 130, "interrupted\n"), (signal.SIGTERM, 143, "")])
def test_a_signal_ends_the_run_without_traceback_or_half_an_output(
    number: signal.Signals, code: int, said: str, tmp_path: Path
) -> None:
    # The library is held up while its output is half written.
    held = """
import sys, time
from functools import partial
from pathlib import Path
import mpi.tables.writing, mpi.__main__
def write(table, path):
    path.write_text("half")
    sys.stderr.write("ready\\n"); sys.stderr.flush()
    time.sleep(10 * 60)
mpi.tables.writing.write_parquet = write
sys.argv = ["mpi", "estimate", "village.yaml", "village_2026.yaml", "--data", ".", "-o", "out.parquet"]
mpi.__main__.main()
"""
    write_hamlet(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command, pipe = [sys.executable, "-c", held], subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, stdout=pipe, stderr=pipe) as child:
        assert child.stderr is not None
        assert child.stderr.readline() == "ready\n"
        child.send_signal(number)
        out, err = child.communicate(timeout=MOST)
    assert (child.returncode, out, err.lstrip("\n")) == (code, "", said)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_module_runs_as_a_program_with_the_same_bytes_for_other_hash_seeds(tmp_path: Path) -> None:
    outputs = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": "Asia/Kabul"}
        command = [
            sys.executable,
            "-m",
            "mpi",
            "estimate",
            "uruguay_derechos",
            "uruguay_demo_2018",
            "--data",
            SAMPLE,
            "--by",
            "sexo:grupo_edad",
            "--format",
            "csv",
        ]
        found = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=MOST, check=False)
        assert found.returncode == 0, found.stderr
        outputs.append(found.stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 100_000


def test_the_sample_survey_goes_from_files_to_estimates(run: Run) -> None:
    found = run("estimate", "uruguay_ipm", "uruguay_demo_2018", "--data", SAMPLE, "--by", "region_4", "--k", "4 of 15")
    lines = found.out.splitlines()
    assert found.code == 0
    assert lines[0] == "uruguay_ipm, uruguay_demo_2018, period 2018: persons, confidence intervals of 95 %"
    assert [line.split()[0] for line in lines[5:10]] == ["all", "Interior", "Interior", "Montevideo", "Rural"]
    assert all(" 4/15 " in line for line in lines[5:10])
