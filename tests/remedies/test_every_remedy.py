"""No remedy is left unfollowed: every code that gives one stands in a test that does what it says."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache

from mpi.errors import installing
from tests.remedies import (
    test_boundaries,
    test_configs,
    test_data,
    test_estimates,
    test_files,
    test_others,
    test_outputs,
    test_rules,
    test_surveys,
    test_tables,
    test_texts,
)
from tests.test_codes import CODE, MEANINGS, ROOT

# Where nothing in the package can do what the remedy says, or another test does.
NEEDS, VERIFIED = "needs another machine, or other limits of this one", "tells what was found; nothing is asked for"
ELSEWHERE = {
    "MPI-O005": "the system refuses a name that nobody foresaw: another one is taken everywhere",
    "MPI-O011": "a folder of its own is what `mpi run` makes; the message is of `write_manifest` alone",
    **dict.fromkeys(["MPI-G019", "MPI-O012", "MPI-O013", "MPI-P002"], "the extras are looked up below"),
    "MPI-P170": "a figure is left out of a publication: nothing to mend",
    **dict.fromkeys(["MPI-U150", "MPI-U151", "MPI-U152"], f"{NEEDS}: tests/errors/test_resources.py"),
    **dict.fromkeys(
        ["MPI-U180", "MPI-U181"], f"{NEEDS}: tests/distributed/test_distributed.py, tests/distributed/test_clusters.py"
    ),
    "MPI-U900": "a fault of the program is reported",
    **dict.fromkeys([f"MPI-V00{number}" for number in range(1, 10)], VERIFIED),
}


def codes_in(*texts: str) -> set[str]:
    return {code for text in texts for code in CODE.findall(text)}


@cache
def followed() -> set[str]:
    """The codes whose remedies are followed, by the tables of the tests that do."""
    found = {
        row.code
        for module in (test_estimates, test_files, test_others, test_outputs, test_surveys, test_tables, test_texts)
        for row in module.ROWS
    }
    found |= codes_in(*(case.expected for _, case, *_ in test_configs.FOLLOWED))
    found |= codes_in(*(case.expected for case, _ in test_data.CASES))
    found |= codes_in(*(test_rules.WITH_REMEDY[text] for text in test_rules.FOLLOWED))
    found |= codes_in(*(code for _, _, code, *_ in test_boundaries.CASES.values()))
    return found


def told() -> set[str]:
    """The codes that stand for faults, and not for notices."""
    return {code for code in MEANINGS if not code.startswith("MPI-N")}


def test_every_remedy_is_followed_or_its_absence_explained() -> None:
    assert told() - followed() - set(ELSEWHERE) == set()


def test_an_exception_is_one_and_says_why() -> None:
    assert set(ELSEWHERE) <= told()
    assert all(ELSEWHERE.values())
    assert not set(ELSEWHERE) & followed()
    for name in re.findall(r"tests/[\w/]+\.py", " ".join(ELSEWHERE.values())):
        assert (ROOT / name).is_file(), name


def calls() -> Iterator[tuple[str, str]]:
    """Every text that the package can hand to somebody as an extra to install, with its place."""
    for path in sorted((ROOT / "mpi").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "installing":
                yield ast.literal_eval(node.args[0]), str(path.relative_to(ROOT))


def test_what_is_to_be_installed_is_an_extra_with_the_package_that_is_missing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = {
        "mpi/report/rendering.py": "jinja2",
        "mpi/drawing/canvas.py": "matplotlib",
        "mpi/maps/boundaries.py": "shapely",
        "mpi/workbook/making.py": "xlsxwriter",
        "mpi/distributed/by_dask.py": "distributed",
    }
    found = dict(map(reversed, calls()))
    assert found.keys() == needed.keys()
    for place, extra in found.items():
        assert any(one.lower().startswith(needed[place]) for one in extras[extra]), place
        assert f"pip install '.[{extra}]'" in installing(extra)
        assert f".whl[{extra}]'" in installing(extra)


VAGUE = re.compile(r"^(mend|fix|check|correct)\b|\?$")


def test_no_remedy_asks_back_or_only_says_mend() -> None:
    texts = [
        node.value
        for path in sorted((ROOT / "mpi").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and any(
            isinstance(one, ast.Constant) and isinstance(one.value, str) and CODE.fullmatch(one.value)
            for one in call.args
        )
        for node in (*call.args[1:], *(word.value for word in call.keywords if word.arg == "remedy"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(texts) > 300
    assert [text for text in texts if VAGUE.search(text)] == []
