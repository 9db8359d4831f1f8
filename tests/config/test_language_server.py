"""The schemas in a real YAML language server: what an editor completes, explains and marks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mpi.config import schemas
from tests.config.test_schemas import READERS, file_of, files
from tests.support.language_server import Server, language_server
from tests.support.loops import at_least_one

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with language_server() as found:
        yield found


def of_kind(kind: str, folder: Path, text: str) -> tuple[Path, str]:
    """A file that names its schema, beside it."""
    (folder / f"{kind}.json").write_text(schemas.text_of(kind), encoding="utf-8")
    return folder / "own.yaml", f"# yaml-language-server: $schema={kind}.json\n{text}"


def test_no_shipped_config_has_a_mark(server: Server) -> None:
    marked = {path.name: found for _, path in at_least_one(files()) if (found := server.opened(path))}
    assert marked == {}


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_uses_every_key_has_no_mark(server: Server, name: str, tmp_path: Path) -> None:
    kind, _ = READERS[name]
    path, text = of_kind(kind, tmp_path, file_of(name).read_text(encoding="utf-8"))
    assert server.opened(path, text) == []


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_every_key_of_a_file_is_completed_with_its_meaning(server: Server, kind: str, tmp_path: Path) -> None:
    path, text = of_kind(kind, tmp_path, "\n")
    server.opened(path, text)
    offered = {item["label"]: item for item in server.at("completion", path, 1, 0)["items"]}
    for key in at_least_one(schemas.KINDS[kind].keys):
        assert key.name in offered, key.name
        assert offered[key.name]["documentation"], key.name


def test_keys_and_words_inside_a_measure_are_completed_and_explained(server: Server, tmp_path: Path) -> None:
    measure = "measure: own\nmissing: \ndimensions:\n  school:\n    indicators:\n      low:\n        eli\n"
    path, text = of_kind("measure", tmp_path, measure)
    server.opened(path, text)
    assert {"eligible", "deprived", "nobody", "words"} <= {
        item["label"] for item in server.at("completion", path, 7, 11)["items"]
    }
    words = {item["label"] for item in server.at("completion", path, 2, 9)["items"]}
    assert words == {"exclude", "reweight", "deprived", "not_deprived"}
    assert "what happens to a unit with an unknown indicator" in server.at("hover", path, 2, 3)["contents"]["value"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("measure: own\nlike: base\nmising: exclude\n", 4, "mising"),
        ("measure: own\nlike: base\nmissing: excluded\n", 4, "exclude"),
        ("measure: own\ntitle: Own\n", 2, "dimensions"),
        ("survey: own\nlike: base\ndesign: {weigth: w}\n", 4, "weigth"),
        ("study: own\noutputs: [mapps]\n", 3, "maps"),
    ],
)
def test_what_is_wrong_is_marked_in_its_line(server: Server, text: str, line: int, said: str, tmp_path: Path) -> None:
    path, content = of_kind(text.partition(":")[0], tmp_path, text)
    marks = server.opened(path, content)
    assert any(mark.startswith(f"{line}: ") and said in mark for mark in marks), marks
