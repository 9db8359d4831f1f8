"""A real bash completes commands, options and shipped names by the script that `mpi completion` shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import commands

MOST = 120.0  # seconds
# What bash does when the key is pressed: it calls the function of the script, and takes what that leaves. Of a file
# only `compopt` is called, which is replaced since it works on the command line alone.
SCRIPT = """\
compopt() { echo "the shell's own files"; }
eval "$(mpi completion bash)"
complete -p mpi
while IFS= read -r line; do
    read -ra COMP_WORDS <<< "$line"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    _mpi_completion mpi
    echo "$line -> ${COMPREPLY[*]}"
done
"""
LINES = {
    "mpi ver": "verify",
    "mpi run colombia_de": "colombia_demo",
    "mpi run colombia_demo --no-c": "--no-cache",
    "mpi run colombia_demo --only map_": "map_data",
    "mpi run colombia_demo --disclosure public_m": "public_microdata",
    "mpi check cepal_2023": "cepal_2023",
    "mpi estimate colombia_ipm colombia_demo_202": "colombia_demo_2024 colombia_demo_2025",
    "mpi estimate my_me": "",
}


def test_bash_completes(tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", SCRIPT], input="".join(f"{line}\n" for line in LINES), check=True,
        cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=MOST,
    )  # fmt: skip
    told = ran.stdout.splitlines()
    assert told[0] == "complete -o nosort -F _mpi_completion mpi"
    found = dict(line.split(" -> ") for line in told if " -> " in line)
    assert found == LINES, ran.stderr
    # Where a name or a file may stand, the shell looks for files if there is no such name.
    assert told[-2] == "the shell's own files"


@pytest.mark.parametrize(("shell", "words"), [("bash", "complete "), ("zsh", "#compdef mpi"), ("fish", "complete ")])
def test_each_shell_has_its_script(shell: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = commands.run(capsys, "completion", shell)
    assert ran.code == 0
    assert words in ran.out
    assert f"_MPI_COMPLETE={shell}_complete" in ran.out


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(capsys, "completion", "ksh").code == 2


def test_no_word_at_all_is_no_fault_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    ran = commands.run(capsys)  # as completion calls it, and who types `mpi` alone
    assert ran.code in (0, 2)
    assert "Usage: mpi" in ran.out + ran.err
