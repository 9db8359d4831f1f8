"""Analyses of the synthetic sample data as a publication shows them; which rows are hidden is chosen here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

import mpi
from mpi.disclosure.figures import read
from mpi.disclosure.publishable import publishable
from mpi.language import Language
from mpi.publication.analyses import Shown
from mpi.publication.edition import Edition
from mpi.vocabulary.options import AnalysisName
from tests.support.drawings import measure, profile
from tests.support.publications import single_round


@cache
def derived(name: AnalysisName) -> Any:
    """The analysis of the last round, by zone."""
    return mpi.analyse(profile("2025"), measure(), name, by="zona")


def shown(
    name: AnalysisName, language: Language = "en", *, hidden: Callable[[dict[str, Any]], bool] = lambda row: False
) -> Shown:
    """An analysis without the figures of some rows."""
    own, found = single_round(), derived(name)
    rule = np.array([0 if hidden(row) else -1 for row in found.table.to_pylist()], np.int64)
    made = replace(own, analyses={name: publishable(found, rule, ("small_base",), "test")})
    return Shown(Edition(publication=made, language=language, figures=read(made.figures), changes=None), name)


def whole(name: AnalysisName, figure: str) -> list[dict[str, Any]]:
    """The rows of a figure of all units."""
    return [row for row in derived(name).table.to_pylist() if row["figure"] == figure and row["zona"] is None]
