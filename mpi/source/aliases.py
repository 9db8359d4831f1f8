"""Columns under the names that they have in other years: names as they are, and patterns such as `p6020*`."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mpi.specs.survey import Survey

SIGNS = re.compile(r"[*?]")


def present_as(column: str, names: Sequence[str], columns: Iterable[str]) -> list[str]:
    """The columns of a file that are one column of a survey: it itself and its other names, or else its patterns.

    Examples
    --------
    >>> present_as("age", ["edad", "p6020*"], ["p6020", "p6020s1", "edad"])
    ['edad']
    >>> present_as("age", ["edad", "p6020*", "EDAD?"], ["p6020", "p6040"])
    ['p6020']
    """
    there = [*columns]
    exact = [name for name in (column, *names) if name in there]
    return exact or [one for one in there if any(_fits(name, one) for name in names)]


def _fits(pattern: str, column: str) -> bool:
    """Whether a name with * or ? is a pattern of a column; a bracket is a sign like others."""
    return bool(SIGNS.search(pattern)) and fnmatch.fnmatchcase(column, pattern.replace("[", "[[]"))


class MissingCodes(Mapping[str, Sequence[str]]):
    """The missing codes of each column, under every name that it may have in some file."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    def __getitem__(self, name: str) -> Sequence[str]:
        codes = self.survey.missing_codes
        if name in codes:
            return codes[name]
        for column, names in self.survey.aliases.items():
            if column in codes and (name in names or any(_fits(pattern, name) for pattern in names)):
                return codes[column]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.survey.missing_codes)

    def __len__(self) -> int:
        return len(self.survey.missing_codes)
