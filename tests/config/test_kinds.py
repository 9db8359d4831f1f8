"""A config of another kind is refused as such, in one fault, wherever a config is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations
from pathlib import Path

import pytest

from mpi import config
from mpi.config.kinds import KINDS
from mpi.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent.parent / "configs"
LOADERS: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "study": (config.load_study, "studies/colombia_demo.yaml"),
    "survey": (config.load_survey, "surveys/colombia_demo_2025.yaml"),
    "measure": (config.load_measure, "measures/colombia_ipm.yaml"),
    "reliability": (config.load_reliability, "reliability/dane.yaml"),
    "disclosure": (config.load_disclosure, "disclosure/standard.yaml"),
    "template": (config.load_template, "templates/example.yaml"),
}


def test_every_kind_is_tried() -> None:
    assert set(LOADERS) == set(KINDS)


@pytest.mark.parametrize(("wanted", "given"), list(permutations(LOADERS, 2)))
def test_a_config_of_another_kind_is_one_fault_that_names_both(wanted: str, given: str) -> None:
    with pytest.raises(ConfigError) as refused:
        LOADERS[wanted][0](ROOT / LOADERS[given][1])
    (fault,) = refused.value.faults
    assert fault.code == "MPI-C010"
    assert fault.text == f"the file describes {KINDS[given]}, not {KINDS[wanted]}"
    assert f"`{wanted}:`" in fault.remedy


@pytest.mark.parametrize("kind", LOADERS)
def test_what_its_remedy_says_is_accepted(kind: str) -> None:
    load, name = LOADERS[kind]
    assert load(ROOT / name)


def test_a_config_without_its_own_key_is_told_which_key_is_missing(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("title: A measure\nk: 1/3\n")
    with pytest.raises(ConfigError, match=r"MPI-C009.*the key 'measure' is missing"):
        config.load_measure(tmp_path / "m.yaml")
