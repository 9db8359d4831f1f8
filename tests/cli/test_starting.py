"""What the program imports, in processes of its own: a start costs what is imported, and most of that hides from sight.

The lists may grow, but not by the way: whoever adds to one has measured it (`python -X importtime`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.hamlet import write_hamlet
from tests.support.limits import MOST

# Parts of mpi, and packages that are no part of Python: beside numpy and pyarrow a pass over microdata needs no other.
PASS = {
    "columns",
    "errors",
    "files",
    "kernels",
    "language",
    "notebook",
    "pipeline",
    "profile",
    "rules",
    "source",
    "specs",
    "vocabulary",
}
ESTIMATE = PASS | {"cli", "config", "counting", "estimates", "inference", "tables"}
HELP = {"cli", "errors", "language", "vocabulary"}
# Of studies, and what takes 10 ms and more: files over the network, which come with Parquet, and masked arrays, with
# `np.unique` of households in no order.
SLOW = {
    "mpi.specs.study", "mpi.specs.disclosure", "mpi.config.studies", "mpi.config.disclosure", "asyncio", "email",
    "babel", "multiprocessing", "numpy.ma", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet", "ssl", "unittest",
    "urllib.request", "xml",
}  # fmt: skip
SEEN = """
import json
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""
CSV = "estimate village.yaml village_2026.yaml --data ."
PARQUET = f"estimate colombia_ipm colombia_demo_2025 --data {Path(__file__).parents[2] / 'sample_data'}"


def imported(code: str, folder: Path) -> set[str]:
    """Modules that a process imports beside numpy and pyarrow."""
    before = "import sys, numpy, pyarrow; before = set(sys.modules)\n"
    command = [sys.executable, "-c", f"{before}{code}\n{SEEN}"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=MOST, check=True)
    return set(json.loads(ended.stderr.splitlines()[-1]))


def called(arguments: str) -> str:
    """The code that runs a command."""
    return f"from mpi.cli import main\ntry: main({arguments.split()!r})\nexcept SystemExit as end: assert not end.code"


@pytest.mark.parametrize(
    ("code", "parts", "packages", "slow"),
    [
        ("import mpi", set(), set(), set()),
        (called("--help"), HELP, {"click"}, set()),
        (called("--lang es --help"), HELP, {"click"}, set()),
        ("import mpi.pipeline.passing", PASS, set(), set()),
        (called(CSV), ESTIMATE, {"click", "yaml"}, {"numpy.ma", "pyarrow.compute"}),
        (called(PARQUET), ESTIMATE, {"click", "yaml"}, {"pyarrow.parquet", "ssl"}),
    ],
    ids=["mpi", "help", "help-es", "pass", "estimate-csv", "estimate-parquet"],
)
def test_a_start_imports_what_it_needs(
    code: str, parts: set[str], packages: set[str], slow: set[str], tmp_path: Path
) -> None:
    found = imported(code, write_hamlet(tmp_path))
    own = {name.split(".")[1] for name in found if name.startswith("mpi.")}
    others = {name.split(".")[0] for name in found} - {"mpi", "numpy", "pyarrow"} - sys.stdlib_module_names
    assert own == parts
    assert {name for name in others if not name.startswith("_")} == packages
    assert found & SLOW == slow
