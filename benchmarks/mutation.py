"""Mutation testing on request: small faults put into the package one by one, and whether some test sees each.

`python -m benchmarks.mutation [area ...]` works in a copy of the repository. In each area it draws faults at random
with a seed, runs the tests that reach the line of the fault, the quickest first, up to the first that fails, and tells
the share that was seen and every fault that was not. `--at mpi/counting.py:120` tries all faults of a line instead.

One process that forks: packages are imported once, and a mutant costs little more than its tests.
"""

from __future__ import annotations

import argparse
import ast
import json
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import coverage
import hypothesis  # noqa: F401  imported once, for all processes that are forked from here
import numpy as np  # noqa: F401
import pyarrow as pa  # noqa: F401
import pytest

ROOT = Path(__file__).resolve().parent.parent
AREAS = {
    "counting": "test_counting checking/test_attainable estimates/test_rounding axioms/test_axioms",
    "profile": "profile/* pipeline/test_design runs/test_keeping pipeline/test_passing source/test_streaming "
    "golden/test_designs golden/test_replicates axioms/test_adding",
    "rules": "rules/* columns/test_kleene remedies/test_rules source/test_composed",
    "inference/variance": "inference/test_variance inference/test_variance_* inference/test_intervals "
    "golden/test_estimates golden/test_designs golden/test_replicates",
    "estimates": "estimates/* changes/test_changing golden/* distributed/test_clusters axioms/*",
    "disclosure": "disclosure/test_protecting disclosure/test_changing disclosure/test_publishable",
    "source": "source/* profile/test_replicates pipeline/test_design errors/test_resources runs/test_keeping "
    "cli/test_process",
}
LEFT_OUT = {"test_clusters.py", "test_spark.py"}  # they wait for processes
SECONDS, FACTOR = 10, 3  # of the processor that a test may take: so much, and so many times what it takes without fault
WAIT, MOST = 300, 3600  # seconds that a test may wait, and all tests of a mutant
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.MatMult: ast.Mult,
}  # fmt: skip
CALLED = {
    "min": "max", "any": "all", "minimum": "maximum", "zeros": "ones", "floor": "ceil", "zeros_like": "ones_like",
    "logical_and": "logical_or", "argmin": "argmax", "and_": "or_", "add": "subtract",
}  # fmt: skip
CALLED |= {other: name for name, other in CALLED.items()}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: the text at a place of a file, and its replacement."""

    path: str
    line: int
    span: tuple[int, int]  # bytes of the file
    old: str
    new: str

    def __str__(self) -> str:
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.path}:{self.line}: {old[:70]} -> {new[:70]}"


def changed(node: ast.AST) -> Iterator[ast.AST]:  # noqa: PLR0912  one case for each kind of node
    """The node with one fault each; nothing for nodes that no operator knows."""
    match node:
        case ast.Compare(left, [operator, *others], comparators):
            yield ast.Compare(left, [COMPARED[type(operator)](), *others], comparators)
        case ast.BinOp(left, operator, right):
            yield ast.BinOp(left, COMPUTED[type(operator)](), right)
        case ast.AugAssign(target, operator, value):
            yield ast.AugAssign(target, COMPUTED[type(operator)](), value)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.Invert() | ast.USub(), operand):
            yield operand
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Slice(lower, upper, step):
            if lower is not None:
                yield ast.Slice(None, upper, step)
            if upper is not None:
                yield ast.Slice(lower, None, step)
        case ast.Call(function, arguments, keywords):
            name = getattr(function, "attr", getattr(function, "id", None))
            if isinstance(function, ast.Attribute) and name in CALLED:
                yield ast.Call(ast.Attribute(function.value, CALLED[name]), arguments, keywords)
            elif isinstance(function, ast.Name) and name in CALLED:
                yield ast.Call(ast.Name(CALLED[name]), arguments, keywords)
            for i, keyword in enumerate(keywords):
                if keyword.arg not in (None, "strict", "dtype"):  # guards that change nothing where all is well
                    yield ast.Call(function, arguments, keywords[:i] + keywords[i + 1 :])
        case ast.Return(value) if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call() | ast.Await()):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that run: no annotations, no imports, no asserts for the type checker, no words of an error."""
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or name in {"annotation", "returns", "decorator_list", "type_params"}:
                continue
            if isinstance(child, ast.JoinedStr | ast.Raise | ast.Assert | ast.expr_context | ast.operator):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            yield child
            yield from inside(child)


def mutants(path: Path) -> list[Mutant]:
    """All faults of a file, in its order."""
    text = path.read_bytes()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    made = []
    for node in inside(ast.parse(text)):
        for other in changed(node):
            assert isinstance(node, ast.stmt | ast.expr)
            assert node.end_lineno is not None and node.end_col_offset is not None
            span = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            new = ast.unparse(ast.fix_missing_locations(other))
            if isinstance(node, ast.expr) and not isinstance(node, ast.Slice):
                new = f"({new})"
            old = text[slice(*span)].decode()
            made.append(Mutant(str(path.relative_to(ROOT)), node.lineno, span, old, new))
    return made


def of_area(area: str) -> list[Mutant]:
    """All faults of an area, in the order of its files."""
    place = ROOT / "mpi" / area
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    return [mutant for path in files for mutant in mutants(path)]


class Watch:
    """A plugin of pytest: which tests run, the quickest first, and how long each may take and took."""

    def __init__(self, seconds: dict[str, float], chosen: set[str] | None = None) -> None:
        self.seconds, self.chosen, self.took = seconds, chosen, dict[str, float]()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self.chosen is None or item.nodeid in self.chosen]
        items.sort(key=lambda item: self.seconds.get(item.nodeid, 0.0))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if item.nodeid in self.seconds:  # a fault may make a loop endless; the load of the machine does not count
            used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
            limit = int(used + SECONDS + FACTOR * self.seconds[item.nodeid])
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took[report.nodeid] = self.took.get(report.nodeid, 0.0) + report.duration


def forked(copy: Path, files: Sequence[str], watch: Watch, *options: str) -> str:
    """How pytest ends over files of the copy, in a separate process: its exit code, or "time"."""

    def child() -> None:
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        # PYTHONPATH is for processes that tests start. A failing example need not be made small.
        os.environ |= {"PYTHONPATH": str(copy), "HYPOTHESIS_PROFILE": "unshrunk"}
        common = [
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--benchmark-disable",
            f"--timeout={WAIT}",
            "-W",
            "ignore::pytest.PytestAssertRewriteWarning",
        ]
        with (copy / "pytest.log").open("w") as log, redirect_stdout(log), redirect_stderr(log):
            code = int(pytest.main([*common, *options, *files], plugins=[watch]))
        (copy / "seconds.json").write_text(json.dumps(watch.took))
        os._exit(code)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(timeout=MOST)
    if process.is_alive():
        process.kill()
        process.join(timeout=60)
    return str(process.exitcode) if process.exitcode is not None and process.exitcode >= 0 else "time"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The area without a fault: its test files, seconds of each test, and tests that reach the lines of a file."""

    files: list[str]
    seconds: dict[str, float]
    reaching: dict[str, dict[int, list[str]]]

    def tests(self, mutant: Mutant) -> set[str]:
        """Tests that reach the line, or the nearest above that is noted: the begin of a statement of several lines."""
        lines = self.reaching.get(mutant.path, {})
        above = max((line for line in lines if line <= mutant.line), default=None)
        found = {context.rpartition("|")[0] for context in lines[above]} if above is not None else {""}
        return set(self.seconds) if "" in found else found  # what runs when a module is imported, all tests reach


def baseline(copy: Path, area: str) -> Baseline:
    """The area's tests on the package as it is, where all must pass."""
    named = sorted({path for name in AREAS[area].split() for path in (copy / "tests").glob(f"{name}.py")})
    own = copy / "mpi" / (area if (copy / "mpi" / area).is_dir() else f"{area}.py")
    files = [str(path.relative_to(copy)) for path in [own, *named] if path.name not in LEFT_OUT]
    code = forked(copy, files, Watch({}), "--cov=mpi", "--cov-context=test", "--cov-report=")
    if code != "0":
        raise SystemExit(f"{area}: tests fail without any fault ({code})\n{(copy / 'pytest.log').read_text()}")
    data = coverage.CoverageData(str(copy / ".coverage"))
    data.read()
    within = [path for path in data.measured_files() if Path(path).is_relative_to(own)]
    reaching = {str(Path(path).relative_to(copy)): data.contexts_by_lineno(path) for path in within}
    return Baseline(files, json.loads((copy / "seconds.json").read_text()), reaching)


def outcome(copy: Path, mutant: Mutant, base: Baseline) -> str:
    """ "killed", "time" or "survived"; the file is as before afterwards."""
    path = copy / mutant.path
    text = path.read_bytes()
    begin, end = mutant.span
    path.write_bytes(text[:begin] + mutant.new.encode() + text[end:])
    for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        stale.unlink()  # two mutants of one size within one second look the same to Python
    chosen = base.tests(mutant)
    files = sorted({test.partition("::")[0] for test in chosen})
    code = forked(copy, files, Watch(base.seconds, chosen)) if chosen else "0"
    path.write_bytes(text)
    return {"0": "survived", "5": "survived", "time": "time"}.get(code, "killed")


def judged(copy: Path, area: str, drawn: Sequence[Mutant], of: int) -> str:
    """Runs the mutants of an area, telling each that survives; the line of the table."""
    began = time.monotonic()
    base = baseline(copy, area)
    print(f"{area}: {len(base.seconds)} tests pass without a fault, {time.monotonic() - began:.0f} s", flush=True)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    found = []
    for mutant in drawn:
        found.append(outcome(copy, mutant, base))
        print(f"  {found[-1]:8} {mutant}", flush=True)
    sys.dont_write_bytecode = False
    del os.environ["PYTHONDONTWRITEBYTECODE"]
    dead = len(found) - found.count("survived")
    share = dead / max(len(found), 1)
    return f"{area:12}{of:8}{len(found):8}{dead:8}{found.count('time'):8}{share:9.0%}{time.monotonic() - began:9.0f}"


def main() -> None:
    """Draws faults, runs tests and reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", choices=[*AREAS, []], help="all, if none is named")
    parser.add_argument("--sample", type=int, default=30, help="faults drawn in each area")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at", nargs="*", default=[], metavar="FILE:LINE", help="all faults of these lines instead")
    options = parser.parse_args()
    table = [f"{'area':12}{'faults':>8}{'drawn':>8}{'seen':>8}{'by time':>8}{'share':>9}{'seconds':>9}"]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder).resolve() / "copy"
        left = shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__", ".*_cache", ".hypothesis")
        shutil.copytree(ROOT, copy, ignore=left)
        for area in options.areas or AREAS:
            every = of_area(area)
            drawn = random.Random(options.seed).sample(every, min(options.sample, len(every)))  # noqa: S311
            if options.at:
                drawn = [mutant for mutant in every if f"{mutant.path}:{mutant.line}" in options.at]
            if drawn:
                table.append(judged(copy, area, drawn, len(every)))
    print("\n".join(table))


if __name__ == "__main__":
    main()
