"""No remedy is left unfollowed: every one that stands in the code is met by a test that does what it says."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from mpi.cli.publishing_commands import UNCHECKED
from mpi.errors import Fault, MpiError, installing
from mpi.errors.codes import MEANINGS
from mpi.maps.shaping import load_areas
from mpi.rules.tokens import HABITS
from mpi.runs.verifying import REMEDIES
from tests.remedies import (
    test_boundaries,
    test_comparing,
    test_configs,
    test_data,
    test_estimates,
    test_files,
    test_following,
    test_gaps,
    test_kinds,
    test_lists,
    test_others,
    test_outputs,
    test_places,
    test_plans,
    test_python,
    test_reach,
    test_rules,
    test_second,
    test_starting,
    test_studies,
    test_surveys,
    test_table_maps,
    test_tables,
    test_targets,
    test_templates,
    test_texts,
)
from tests.support.loops import at_least_one
from tests.support.remedies import Doing, Row, recorded
from tests.support.remedies_told import fits, sites, told
from tests.test_codes import CODE, ROOT

# Remedies that are followed elsewhere, or cannot be in a test: how the text begins, and where or why.
CLUSTERS = "needs a cluster that fails so: tests/distributed/test_clusters.py, tests/distributed/test_distributed.py"
LIMITS = "needs other limits of this machine: tests/errors/test_resources.py"
DATABASES = "needs databases: tests/source/test_databases.py"
STORES = "needs an object store: tests/source/test_stores.py"
COMMANDS = "the commands are run: tests/source/test_files.py"
ELSEWHERE: Mapping[tuple[str, str], str] = {
    (
        "MPI-S005",
        "name those that hold \x00, in this order; if there are several rows for each, write `person:`",
    ): "the same for households is followed; a module of persons with fewer columns in its key has several rows each",
    ("MPI-D004", "in the data folder run"): COMMANDS,
    ("MPI-D004", "make a Parquet file once"): COMMANDS,
    ("MPI-D002", "look at what gives the rows"): "another program gives them: tests/source/test_streams.py",
    ("MPI-D012", "SQLite columns have no type"): DATABASES,
    **dict.fromkeys([("MPI-S143", ""), ("MPI-D211", ""), ("MPI-U240", "")], DATABASES),
    **dict.fromkeys([("MPI-S144", ""), ("MPI-D212", ""), ("MPI-U241", "")], STORES),
    ("MPI-G002", "store it as a GeoPackage"): STORES,
    ("MPI-D210", "read all of its rows in Python alone"): "another program fails: tests/source/test_streams.py",
    ("MPI-O004", "set TMPDIR to a folder with more space"): "a full disk while splitting: tests/source/test_memory.py",
    ("MPI-O005", "name another"): "the system refuses a name that nobody foresaw: another one is taken everywhere",
    ("MPI-O011", "give the run a folder of its own"): "`mpi run` makes one; the message is of `write_manifest` alone",
    ("MPI-U004", "take some of them with `only`, or write CSV"): "a million rows: tests/estimates/test_forms.py",
    ("MPI-U009", "sort persons and households"): CLUSTERS,
    ("MPI-U010", ""): CLUSTERS,
    **dict.fromkeys([("MPI-U150", ""), ("MPI-U151", ""), ("MPI-U152", ""), ("MPI-U153", "")], LIMITS),
    ("MPI-U180", "look at that worker's log"): CLUSTERS,
    ("MPI-U900", "this is a fault of the program"): "to report it is nothing that a test can do",
}  # fmt: skip
TABLES = (test_comparing, test_estimates, test_files, test_following, test_gaps, test_kinds, test_lists, test_others,
          test_outputs, test_places, test_plans, test_python, test_reach, test_second, test_starting, test_studies,
          test_surveys, test_table_maps, test_tables, test_targets, test_templates, test_texts)  # fmt: skip

pytestmark = pytest.mark.last  # of what the tests of the rows have left


@cache
def followed() -> frozenset[tuple[str, str]]:
    """Each remedy that a test follows, with its code: as messages of the same situations have it now."""
    expected = [
        *(case.expected for _, case, *_ in test_configs.FOLLOWED),
        *(case.expected for case, _ in test_data.CASES),
        *(test_rules.WITH_REMEDY[text] for text in test_rules.FOLLOWED),
        *(said for text in test_rules.MORE for said in test_rules.faults(text)),
    ]
    found = {("MPI-R002", remedy) for remedy in HABITS.values()}
    for line, after in (pair for text in expected for pair in pairwise([*text.splitlines(), ""])):
        if (code := CODE.match(line)) is not None and after.startswith("  "):
            found.add((code[0], after.strip()))
    for (code, words), rows in by_words().items():
        told_of = recorded((code, words))
        if len(told_of) != len(rows):  # the test of one of them has not run here
            told_of = [[fault.remedy for fault in refused(row.wrong) if fault.code == code] for row in rows]
        found |= {(code, remedy) for remedies in told_of for remedy in remedies if words in remedy}
    for rows, first, *_ in test_boundaries.CASES.values():
        found |= {
            (fault.code, fault.remedy) for fault in refused(lambda folder, own=(rows, first): mapped(folder, *own))
        }  # type: ignore[misc]
    return frozenset(found)


def by_words() -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in (row for table in TABLES for row in table.ROWS):
        found.setdefault((row.code, row.words), []).append(row)
    return found


def mapped(folder: Path, rows: list[dict[str, Any]], text: str) -> object:
    test_boundaries.boundaries(folder, *rows)
    return load_areas(test_boundaries.drawn(text), folder, test_boundaries.FIGURES)


def refused(wrong: Doing) -> tuple[Fault, ...]:
    """The faults of a situation, in a folder of its own."""
    with TemporaryDirectory() as folder:
        try:
            wrong(Path(folder))
        except MpiError as error:
            return error.faults
    raise AssertionError("nothing was refused")


def excepted(code: str, pattern: str) -> list[tuple[str, str]]:
    return [one for one in ELSEWHERE if one[0] == code and pattern.startswith(one[1])]


def test_every_remedy_in_the_code_is_followed_or_its_absence_explained() -> None:
    assert len(told()) > 500
    own = {code: [remedy for other, remedy in followed() if other == code] for code, _ in told()}
    left = [
        f"{code} {pattern!r} of {places[0]}"
        for (code, pattern), places in sorted(told().items())
        if not any(fits(pattern, remedy) for remedy in own[code]) and not excepted(code, pattern)
    ]
    assert left == []


def test_the_list_of_remedies_is_whole() -> None:
    patterns = {code: [pattern for other, pattern in told() if other == code] for code, _ in told()}
    faults = [one for one in sorted(followed()) if not one[0].startswith("MPI-V")]
    lost = [one for one in faults if not any(fits(pattern, one[1]) for pattern in patterns.get(one[0], ()))]
    assert lost == [], "a remedy that was told, and that the list does not have"
    coded = {code for code, *_ in sites()} | {code for code in MEANINGS if code[:5] in ("MPI-N", "MPI-V")}
    assert set(MEANINGS) - coded == set()


def test_a_finding_of_verify_has_a_remedy_that_is_followed() -> None:
    findings = {code for code in MEANINGS if code.startswith("MPI-V")} - {UNCHECKED}
    assert findings == set(REMEDIES) == {code for code, _ in followed() if code.startswith("MPI-V")}


def test_an_exception_is_one_and_says_why() -> None:
    unmet = {
        (code, pattern)
        for code, pattern in told()
        if not any(fits(pattern, remedy) for other, remedy in followed() if other == code)
    }
    assert {one for code, pattern in unmet for one in excepted(code, pattern)} == set(ELSEWHERE)
    assert all(ELSEWHERE.values())
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
        ("publish", "mpi/publication/pages.py"): "jinja2",
        ("publish", "mpi/drawing/fonts.py"): "matplotlib",
        ("publish", "mpi/maps/boundaries.py"): "shapely",
        ("publish", "mpi/workbook/making.py"): "xlsxwriter",
        ("publish", "mpi/estimates/forms.py"): "xlsxwriter",
        ("publish", "mpi/starting/signing.py"): "xlsxwriter",
        ("publish", "mpi/report/document.py"): "python-docx",
        ("frames", "mpi/estimates/forms.py"): "great-tables",
        ("frames", "mpi/choropleth/frames.py"): "geopandas",
        ("plans", "mpi/analysis/weight_nearest.py"): "scipy",
        ("plans", "mpi/policies/choosing.py"): "scipy",
        ("dask", "mpi/distributed/by_dask.py"): "distributed",
        ("sql", "mpi/source/databases.py"): "duckdb",
        ("files", "mpi/source/sheets.py"): "python-calamine",
        ("files", "mpi/source/statistical.py"): "pyreadstat",
    }
    assert set(calls()) == needed.keys()
    for (extra, _), package in needed.items():
        assert any(one.lower().startswith(package) for one in extras[extra]), package
        assert f"pip install '.[{extra}]'" in installing(extra)
        assert f".whl[{extra}]'" in installing(extra)


VAGUE = re.compile(r"^(mend|fix|check|correct)\b|\?$")


def test_no_remedy_asks_back_or_only_says_mend() -> None:
    texts = at_least_one([remedy for _, remedy in told()])
    assert [text for text in texts if VAGUE.search(text)] == []
