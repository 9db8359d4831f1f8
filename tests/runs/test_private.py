"""Rows of units and tables without disclosure control: never where a publication is, or the web would show them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mpi.cli import cli
from mpi.errors import UsageError
from mpi.runs.manifest import FORMAT, sealed
from mpi.runs.private import refuse_public
from tests.support.hamlet import write_hamlet

HERE = ("village.yaml", "village_2026.yaml")
COMMANDS = {
    "score": ("score", *HERE, "--data", ".", "-o"),
    "profile": ("profile", *HERE, "--data", ".", "-o"),
    "follow": ("follow", "village.yaml", "village_2026.yaml", "village_2026.yaml", "--data", ".", "-o"),
    "panel": ("follow", "village.yaml", "village_2026.yaml", "village_2026.yaml", "--data", ".", "--save"),
    "update": ("update", *HERE, "none.parquet", "--new", ".", "-o"),
}


def publication(folder: Path, **options: object) -> Path:
    folder.mkdir(parents=True)
    said = {"format": FORMAT, "options": options, "outputs": []}
    (folder / "manifest.json").write_text(json.dumps(sealed(said)), encoding="utf-8")
    return folder


def plain(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def link(at: Path, to: Path) -> Path:
    at.symlink_to(to)
    return at


REFUSED: dict[str, Callable[[Path], Path]] = {
    "in a publication": lambda at: publication(at / "p") / "x.parquet",
    "deep in a publication": lambda at: plain(publication(at / "p") / "a" / "b") / "x.parquet",
    "in a folder for the web": lambda at: plain(at / "www" / "a") / "x.parquet",
    "whatever its letters": lambda at: plain(at / "Public_HTML") / "x.parquet",
    "up and down again": lambda at: plain(at / "www") / ".." / "www" / "x.parquet",
    "through a link of another name": lambda at: link(at / "mine", plain(at / "www")) / "x.parquet",
    "through a link into a publication": lambda at: link(at / "mine", publication(at / "p")) / "x.parquet",
    "a link in it that leads away, which would be replaced": lambda at: link(
        plain(at / "www") / "x.parquet", plain(at / "mine") / "y.parquet"
    ),
    "a link that leads into it": lambda at: link(at / "x.parquet", plain(at / "www") / "y.parquet"),
}


@pytest.mark.parametrize("where", REFUSED)
def test_refused_wherever_others_would_read_it(where: str, tmp_path: Path) -> None:
    for is_list in (False, True):
        with pytest.raises(UsageError, match="MPI-O250"):
            refuse_public(REFUSED[where](plain(tmp_path / str(is_list))), is_list=is_list)


def test_beside_a_list_of_ones_own_but_no_list_inside_another(tmp_path: Path) -> None:
    own = publication(tmp_path / "mine", personal_data=True)
    refuse_public(own / "x.parquet")
    refuse_public(own, is_list=True)
    with pytest.raises(UsageError, match="MPI-O250"):
        refuse_public(own / "inner", is_list=True)
    refuse_public(tmp_path / "www.parquet")
    refuse_public(tmp_path / "websites" / "x.parquet")
    refuse_public(None)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_writes_units_refuses_it_first(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_hamlet(tmp_path))
    publication(tmp_path / "p")
    plain(tmp_path / "www")
    for folder in ("p", "www"):
        with pytest.raises(UsageError, match="MPI-O250"):
            cli.main([*COMMANDS[name], f"{folder}/x.parquet"], prog_name="mpi", standalone_mode=False)
        assert not Path(folder, "x.parquet").exists()
