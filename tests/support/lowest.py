"""The lowest versions that pyproject.toml allows, as requirements to lock: `python -m tests.support.lowest` tells them.

Packages of the core and of the extras that are used without a browser or a cluster, each at its lower bound, and the
tools that run the tests, whose versions are no promise to users.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

EXTRAS = ("files", "sql", "publish")
TOOLS = {"editables", "flask", "flask-cors", "hatchling", "hypothesis", "jsonschema", "moto", "openpyxl", "packaging"}
TOOLS |= {"polars", "pytest", "pytest-benchmark", "pytest-timeout", "pytest-xdist", "scipy"}


def lowest() -> dict[str, str]:
    """The lower bound of each package that users have, under its name."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for one in EXTRAS for line in project["optional-dependencies"][one])]
    bounds = ((one.name, bound) for one in map(Requirement, lines) for bound in one.specifier)
    return {name: bound.version for name, bound in bounds if bound.operator == ">="}


def tools() -> list[str]:
    """The requirements of the tools that run the tests."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [line for line in project["optional-dependencies"]["dev"] if Requirement(line).name in TOOLS]


if __name__ == "__main__":
    print("\n".join([*(f"{name}=={version}" for name, version in lowest().items()), *tools()]))
