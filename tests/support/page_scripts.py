"""The page's scripts in Node: one process for a whole run, which answers questions about the arithmetic.

Without Node the tests are skipped with a reason; with MPI_NODE=required they fail, so that a pipeline that means to run
them cannot pass without.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.support.limits import MOST

PAGE = Path(str(files("mpi.maps") / "page"))
HARNESS = Path(__file__).parent / "page_arithmetic.mjs"
Ask = Callable[..., Any]


def node() -> str:
    """The program; the test that needs it is skipped, or fails, where there is none."""
    found = shutil.which("node")
    if found is None:
        if os.environ.get("MPI_NODE") == "required":
            pytest.fail("MPI_NODE=required, but there is no node on the PATH")
        pytest.skip("there is no node on the PATH")
    return found


def output(script: Path) -> str:
    """What a script writes; a script that fails, fails the test with its own words."""
    done = subprocess.run([node(), str(script)], capture_output=True, text=True, timeout=MOST, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """Ask the modules of the page: `ask("live", block=..., ...)` gives what `live` in the harness returns."""
    command = [node(), str(HARNESS), str(PAGE)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin and process.stdout
        questions, answers = process.stdin, process.stdout

        def asked(what: str, **given: Any) -> Any:
            questions.write(json.dumps({"what": what, "given": given}) + "\n")
            questions.flush()
            answer = answers.readline()
            assert answer, "node has ended; its error stands above"
            return json.loads(answer)

        yield asked
        questions.close()
