"""Configs from Python's values: what a dict says is what a file says, and every fault names its place in the dict."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

import io
import re
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import mpi
from mpi.config.composing import MAX_BYTES
from mpi.config.locate import Sort, folder, shipped
from mpi.config.plain import plain_node
from mpi.errors import ConfigError, UsageError
from tests.support.loops import at_least_one

MEASURE: dict[str, Any] = {
    "measure": "demo",
    "title": {"en": "Demo", "es": "Muestra"},
    "identification": "household",
    "missing": "exclude",
    "k": Fraction(1, 3),
    "variables": {"person": {"age": "number"}, "household": {"zone": ["urban", "rural"]}},
    "dimensions": {
        "one": {"weight": "1/2", "indicators": {"old": {"deprived": "ANY(age >= 60)"}}},
        "two": {"weight": "50%", "indicators": {"far": {"deprived": "zone = 'rural'", "weight": 1}}},
    },
}
TEXT = """\
measure: demo
title: {en: Demo, es: Muestra}
identification: household
missing: exclude
k: 1/3
variables: {person: {age: number}, household: {zone: [urban, rural]}}
dimensions:
  one: {weight: 1/2, indicators: {old: {deprived: ANY(age >= 60)}}}
  two: {weight: 50%, indicators: {far: {deprived: zone = 'rural', weight: 1}}}
"""


def test_a_dict_a_text_and_an_open_file_are_one_measure(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text(TEXT, "utf-8")
    with path.open("rb") as stream:
        given = [MEASURE, TEXT, io.StringIO(TEXT), io.BytesIO(TEXT.encode()), stream]
        found = [mpi.load_measure(one) for one in given]
    found += [mpi.measure(one) for one in (MEASURE, TEXT, io.StringIO(TEXT))]
    assert all(one == mpi.load_measure(path) for one in found)


def plain(sort: Sort, name: str) -> Any:
    """A shipped file as a dict: every scalar a text as written, null as None."""
    text = (folder(sort) / f"{name}.yaml").read_text("utf-8")
    return yaml.load(re.sub(r": null\b", ": ~", text), yaml.BaseLoader)  # noqa: S506  a loader that makes texts alone


def with_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: with_none(one) for key, one in value.items()}
    return [with_none(one) for one in value] if isinstance(value, list) else None if value == "~" else value


@pytest.mark.parametrize("name", shipped("measures"))
def test_shipped_measures_read_as_dicts_are_the_same(name: str) -> None:
    own, filed = mpi.load_measure(with_none(plain("measures", name))), mpi.load_measure(name)
    assert own == filed
    assert own.files == filed.files[:-1], "only those that it is like"


@pytest.mark.parametrize("name", [one for one in shipped("surveys") if "2024" not in one])
def test_shipped_surveys_read_as_dicts_are_the_same(name: str) -> None:
    own, filed = mpi.survey(with_none(plain("surveys", name))), mpi.load_survey(name)
    assert (own.tables, own.design, own.domains, own.variables) == (
        filed.tables,
        filed.design,
        filed.domains,
        filed.variables,
    )


def test_a_dict_may_be_like_a_shipped_survey() -> None:
    assert mpi.load_survey({"like": "colombia_demo_2025", "period": 2031}).period == "2031"
    with pytest.raises(ConfigError, match=r'^MPI-S001 survey\["like"\]: no survey is called'):
        mpi.load_survey({"like": "nowhere"})


def test_values_are_written_exactly() -> None:
    given: dict[object, object] = {
        "whole": np.int64(7), "half": Fraction(1, 2), "tenth": Decimal("0.10"), "tiny": Decimal("1e-7"), "yes": True,
        "no": np.bool_(False), "nothing": None, "empty": "", "tilde": "~", 3: "key", "path": Path("a/b"), "two": 2.0,
    }  # fmt: skip
    found = {key: (value.content, value.is_null) for key, _, value in plain_node(given, "x").pairs("x")}
    assert found == {
        "whole": ("7", False), "half": ("1/2", False), "tenth": ("0.10", False), "tiny": ("0.0000001", False),
        "yes": ("true", False), "no": ("false", False), "nothing": ("", True), "empty": ("", False),
        "tilde": ("~", False), "3": ("key", False), "path": ("a/b", False), "two": ("2", False),
    }  # fmt: skip


def changed(value: object, *keys: str) -> dict[str, Any]:
    """The measure with another value at a place."""
    own = deepcopy(MEASURE)
    inner: Any = own
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    return own


BAD = [
    (changed(0.25, "k"), ['MPI-C007 measure["k"]: the float 0.25 is not exact', '  write it as a text: "0.25"']),
    (changed(1 / 3, "k"), ['MPI-C007 measure["k"]: the float 0.3333333333333333 is not exact', '  write it as a text: "1/3"']),
    (changed({1, 2}, "k"), ['MPI-C005 measure["k"]: a set is no value of a config']),
    (changed(float("nan"), "k"), ['MPI-C005 measure["k"]: a float is no value of a config']),
    (
        changed("ANY(agee >= 60)", "dimensions", "one", "indicators", "old", "deprived"),
        ['MPI-R006 measure["dimensions"]["one"]["indicators"]["old"]["deprived"]: at character 5 of the rule: there is'],
    ),
    (
        changed("ANY(age >= 60", "dimensions", "one", "indicators", "old", "deprived"),
        ['MPI-R001 measure["dimensions"]["one"]["indicators"]["old"]["deprived"]: at character 14 of the rule: '],
    ),
    (changed(["urban", 0.5], "variables", "household", "zone"), ['MPI-C007 measure["variables"]["household"]["zone"][1]']),
    ({**MEASURE, 1: "x", "1": "y"}, ["MPI-C003 measure[1]: ", "MPI-C004 measure[\"1\"]: the measure: the key '1' is repeated"]),
    ({}, ["MPI-C009 measure: the measure: the key 'measure' is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), BAD)
def test_a_fault_names_its_place_in_the_dict(given: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(ConfigError) as raised:
        mpi.load_measure(given)
    for line in at_least_one(said):
        assert line in str(raised.value)
    assert raised.value.to("es") != str(raised.value)


def test_nesting_has_an_end() -> None:
    ring: dict[str, Any] = {}
    ring["measure"] = ring
    with pytest.raises(ConfigError, match="nested more than 50 levels deep"):
        mpi.load_measure(ring)


def test_texts_have_the_limits_of_files() -> None:
    with pytest.raises(ConfigError, match="MPI-C002 measure: the file is not UTF-8 text"):
        mpi.load_measure(io.BytesIO(b"\xff\xfe"))
    with pytest.raises(ConfigError, match="too many for a config file"):
        mpi.load_measure("a: b\n" * MAX_BYTES)
    with pytest.raises(ConfigError, match=r"MPI-C003 measure:2:1: "):
        mpi.load_measure("measure: x\nnope: 1\n")
    with pytest.raises(UsageError, match="MPI-U110 the measure is a int, not a config"):
        mpi.load_measure(5)  # type: ignore[arg-type]
