"""What a whole publication costs: the demonstration's study on the sample data and on 1,122 municipalities.

`python -m benchmarks.publishing` runs `mpi run` on both, in turn, several times over, and shows medians: CPU seconds of
all its processes, wall clock, when the first report or map was there, the largest memory, bytes on disk. One further
run of each in one process tells the CPU seconds of every stage. `--table` writes PUBLISHING.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.census.report import machine
from benchmarks.census.running import ROOT, confine
from mpi.runs.cache import VARIABLE
from mpi.vocabulary.options import Output

STUDY = "colombia_demo"
# The demonstration leaves it to its census: a sample reaches few municipalities. Here it is what costs.
MUNICIPAL = """
  municipio:
    boundaries:
      path: boundaries/colombia_municipios.geojson
      code: mpio_code
      name: mpio_name
      width: 5
      source: {en: "Departamento Administrativo Nacional de Estadística - DANE: www.dane.gov.co"}
      licence: CC BY 4.0
    upper: {code: dpto_code, name: dpto_name, domain: departamento}
    projection: EPSG:9377
    breaks: {H: [0, 5, 10, 20, 40, 100]}
"""
STEP = 0.1  # seconds between two looks at memory
LONGEST = 3600  # seconds: a run that takes longer is lost
COUNTRY = "1,122 municipalities"
ABOUT = """\
# What a publication costs

`python -m benchmarks.publishing --table` writes this page. Both publications are of the study `{study}` with a map of
municipalities: two rounds of a survey, 15 indicators, 5 cutoffs, persons and households, in Spanish and English, with
report, board, pages of areas, workbooks, charts, maps, map data and results. The sample data have 300 municipalities
and 30,000 households a round, the invented country of `benchmarks/country.py` has 1,122 with 204,000 vertices, and
120,000 households. CPU seconds are those of all processes, imports included; memory is that of all processes together,
shared pages counted once. Medians of {repeats} interleaved runs, with no figures kept from earlier ones. A run *again*
is over the folder of the one before, and keeps what stays the same, its figures included. Compare the CPU seconds
rather than the wall clock, which depends on what else the machine does.

Machine: {machine}."""
HEAD = ("", "CPU s", "wall s", "first report or map, s", "peak MB", "on disk, MB", "results, MB", "files")
AGAIN = "{name}, again with another title"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took.

    Attributes
    ----------
    cpu, wall : float
        Seconds, of all its processes.
    first : float
        Seconds until the name of the first report or map was on the screen.
    peak, disk, results : float
        MB of memory, of the folder, and of its results.
    files : float
        How many the folder has.
    """

    cpu: float
    wall: float
    first: float
    peak: float
    disk: float
    results: float
    files: float


def measured(study: Path | str, data: Path, out: Path) -> Cost:
    """Run a study on some data as a program of its own, over the outputs that are there.

    Raises
    ------
    SystemExit
        If it fails; the reason is then on stderr.
    """
    command = [sys.executable, "-m", "mpi", "run", str(study), "--data", str(data), "-o", str(out), "--overwrite"]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    peak, first, said = 0.0, 0.0, b""
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    try:
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            said += process.stdout.read() or b""
            if not first and b".html" in said:
                first = time.perf_counter() - started
            peak = max(peak, sum(map(_resident, _family(process.pid))))
            time.sleep(STEP)
    except BaseException:
        process.kill()
        raise
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:])} ended with code {process.returncode}")
    usage = ended[2]
    sizes = {path: path.stat().st_size for path in out.rglob("*") if path.is_file()}
    results = sum(size for path, size in sizes.items() if path.parent.name == "results")
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        first=first or wall,
        peak=peak / 1e6,
        disk=sum(sizes.values()) / 1e6,
        results=results / 1e6,
        files=len(sizes),
    )


def municipal(folder: Path, *, title: str = "synthetic data") -> Path:
    """The study with a map of municipalities, too, as a file in a folder; perhaps with another title."""
    text = (ROOT / "configs" / "studies" / f"{STUDY}.yaml").read_text(encoding="utf-8")
    assert text.rstrip().splitlines()[-1].startswith("    "), "the maps stand last in the study"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{STUDY}.yaml"
    path.write_text(text.replace("(synthetic data)", f"({title})", 1).rstrip() + MUNICIPAL, encoding="utf-8")
    return path


def _family(pid: int) -> list[int]:
    """A process and all that it started, as far as they run; itself alone where the system does not say."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _resident(pid: int) -> int:
    """Bytes that a process has in memory; its part of those that it shares."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def stages(data: Path, out: Path, *, only: Sequence[Output] = ()) -> dict[str, float]:
    """CPU seconds of every stage of a run in this process, in their order; what comes before counts as `start`."""
    from mpi.config import load_study
    from mpi.runs import run_study

    shutil.rmtree(out, ignore_errors=True)
    study = load_study(municipal(out.with_name(f"{out.name}_study")))
    begun = [("start", 0.0)]
    run_study(study, out, data=data, only=only, processes=1, say=lambda stage: begun.append((str(stage), _cpu())))
    ends = [*(at for _, at in begun[1:]), _cpu()]
    found: dict[str, float] = {}
    for (stage, at), end in zip(begun, ends, strict=True):
        found[stage] = found.get(stage, 0.0) + end - at
    return found


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _staged(data: Path, out: Path) -> dict[str, float]:
    """`stages` in a process of its own."""
    command = [sys.executable, "-m", __spec__.name, "--stages", str(data), "--data", str(out)]
    alone = {**os.environ, VARIABLE: "off"}
    said = subprocess.run(command, cwd=ROOT, env=alone, check=True, stdout=subprocess.PIPE, timeout=LONGEST).stdout
    found: dict[str, float] = json.loads(said)
    return found


def row(name: str, costs: Sequence[Cost]) -> tuple[str, ...]:
    """The medians of some runs, as a row of the table."""
    whole = ("peak", "disk", "results", "files")
    return (
        name,
        *(f"{median(getattr(cost, key) for cost in costs):.{0 if key in whole else 1}f}" for key in Cost.__slots__),
    )


def staged_rows(found: Mapping[str, Mapping[str, float]]) -> list[tuple[str, ...]]:
    """A row a stage, empty for a case that has no such stage."""
    names = dict.fromkeys(stage for own in found.values() for stage in own)
    return [(stage, *(f"{own[stage]:.1f}" if stage in own else "" for own in found.values())) for stage in names]


def markdown(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=("demo", "country"))
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "publishing", help="for data and outputs")
    parser.add_argument("--table", action="store_true", help="write PUBLISHING.md")
    parser.add_argument("--stages", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.stages is not None:
        print(json.dumps(stages(asked.stages, asked.data)))
        return
    confine()
    asked.data.mkdir(parents=True, exist_ok=True)
    cases = {"sample data": ROOT / "sample_data", COUNTRY: asked.data / "country"}
    chosen = {"demo": ["sample data"], "country": [COUNTRY], None: list(cases)}[asked.only]
    if COUNTRY in chosen and not cases[COUNTRY].exists():
        half = cases[COUNTRY].with_suffix(".partial")
        subprocess.run([sys.executable, "-m", "benchmarks.country", str(half)], cwd=ROOT, check=True, timeout=LONGEST)
        half.rename(cases[COUNTRY])
    out, cache = asked.data / "out", asked.data / "cache"
    os.environ[VARIABLE] = str(cache)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # installed, all is compiled
    first, other = municipal(asked.data / "first"), municipal(asked.data / "other", title="synthetic data; revised")
    costs: dict[str, list[Cost]] = {row: [] for name in chosen for row in (name, AGAIN.format(name=name))}
    for _ in range(asked.repeats):
        for name in chosen:
            shutil.rmtree(out, ignore_errors=True), shutil.rmtree(cache, ignore_errors=True)
            costs[name].append(measured(first, cases[name], out))
            costs[AGAIN.format(name=name)].append(measured(other, cases[name], out))
    body = [row(name, own) for name, own in costs.items()]
    found = {name: _staged(cases[name], out) for name in chosen}
    tables = [markdown(HEAD, body), markdown(("CPU s in one process", *found), staged_rows(found))]
    print("\n\n".join(tables))
    if asked.table:
        about = ABOUT.format(study=STUDY, repeats=asked.repeats, machine=machine())
        page = "\n\n".join([about, *tables]) + "\n"
        (ROOT / "benchmarks" / "PUBLISHING.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
