"""Every message has a code of its own, which means one thing and is met by a test."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from mpi.errors.codes import MEANINGS
from tests.support.loops import at_least_one

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"MPI-[A-Z]\d{3}")


@cache
def told() -> dict[str, list[str]]:
    """The modules that give each code."""
    found: dict[str, list[str]] = {}
    table = ROOT / "mpi" / "errors" / "codes.py"
    for path in sorted(path for path in (ROOT / "mpi").rglob("*.py") if path != table):
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            found.setdefault(code, []).append(str(path.relative_to(ROOT / "mpi")))
    assert found
    return found


@cache
def met() -> set[str]:
    own = Path(__file__).resolve()
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py") if path != own)
    return {code for text in texts for code in CODE.findall(text)}


@pytest.mark.parametrize("code", sorted(told()))
def test_every_code_is_met_by_a_test(code: str) -> None:
    assert code in met(), f"{code} of {', '.join(told()[code])} is in no test"


def test_the_list_of_meanings_is_whole_and_no_two_are_alike() -> None:
    assert set(MEANINGS) == set(told())
    assert len(set(MEANINGS.values())) == len(MEANINGS)


def test_the_manual_names_every_kind_of_code_and_what_each_means() -> None:
    manual = (ROOT / "docs" / "en" / "messages.md").read_text(encoding="utf-8")
    assert {code[:5] for code in told()} <= {f"MPI-{letter}" for letter in re.findall(r"MPI-([A-Z])\.\.\.", manual)}
    families = re.findall(r"^```\{message-codes\} (MPI-[A-Z])$", manual, re.M)
    assert sorted(families) == sorted({code[:5] for code in at_least_one(MEANINGS)})
    assert set(CODE.findall(manual)) <= set(MEANINGS)
