"""What all tests of clusters share: a census whose row groups cut households, small spans, patience."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import clusters


@pytest.fixture(scope="module", autouse=True)
def _patient() -> Iterator[None]:
    with clusters.patient():
        yield


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clusters.census_in(tmp_path_factory.mktemp("census"))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    clusters.small_spans(monkeypatch)
