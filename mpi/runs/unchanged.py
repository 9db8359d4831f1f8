"""What each task of a publication is made from, as one hash: files of an earlier run whose hash is equal are kept.

Comes in: what a run rests on, as its manifest says it, and the study. Goes out: a key for each task; and the files that
an earlier run wrote by a task of the same key. Figures are computed anew all the same; a key holds everything that goes
into them (data, measure, surveys, rules, programs), so that equal keys mean equal files.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from mpi.errors.omissions import Omission
from mpi.files.digests import digest_of, sha256
from mpi.publication.gathering import Gathered
from mpi.runs.manifest import digest_in
from mpi.runs.tasks import Done, Task
from mpi.vocabulary.options import Output

# What of a study no file of an output shows. All else is part of the key: what is not listed costs time, never truth.
PLACES = frozenset({"data", "outputs", "result_formats"})
DOCUMENT = frozenset({"title", "publisher", "universe", "edition", "status", "released", "citation", "licence"})
FRAME = frozenset({"publisher", "status", "released"})  # stand below every picture, with the note
UNSEEN: Mapping[Output, frozenset[str]] = {
    "charts": PLACES | DOCUMENT - FRAME,
    "maps": PLACES | DOCUMENT - FRAME,
    "map_data": PLACES,
    "workbook": PLACES,
    "results": (PLACES | {"template"}) - {"result_formats"},
    "sheets": PLACES | DOCUMENT | {"note"},
    "report": frozenset({"data"}),
    "pdf": frozenset({"data"}),
    "docx": frozenset({"data"}),
    "areas": frozenset({"data"}),
    "board": PLACES,
    "sdmx": PLACES | {"template"},
    "sdg": PLACES | {"template"},
}
# Tables without the data package that describes them, by task.
TABLES: Mapping[str, frozenset[str]] = {
    "results": UNSEEN["results"] | {"title", "publisher", "universe", "citation", "note"},
    "map_data": PLACES | DOCUMENT | {"note"},
}
PAGES: frozenset[str] = PLACES  # of an interactive map, which says much more than its pictures


def keys_of(gathered: Gathered, tasks: Sequence[Task], told: Mapping[str, Any]) -> list[str]:
    """The key of each task.

    Parameters
    ----------
    gathered : Gathered
    tasks : sequence of Task
    told : mapping
        The manifest of the run, as far as it is known before anything is computed.
    """
    base = digest_of([
        program(),
        {name: told[name] for name in ("versions", "platform", "seed")},
        [[one["path"], digest_in(one)] for one in told["inputs"]],
        [dict(one) for one in told.get("queries", ())],
    ])  # fmt: skip
    study = gathered.publication.study
    parts = {one.name: digest_of(plain(getattr(study, one.name))) for one in fields(study) if one.compare}
    return [digest_of([base, task.name, _seen(task, parts), _command(gathered, task)]) for task in tasks]


def _seen(task: Task, parts: Mapping[str, str]) -> dict[str, str]:
    """The parts of the study that a task may show."""
    unseen = PAGES if task.output == "maps" and task.first else TABLES.get(task.name, UNSEEN[task.output])
    return {name: digest for name, digest in parts.items() if name not in unseen}


def _command(gathered: Gathered, task: Task) -> str:
    return gathered.command if task.output in ("report", "pdf", "docx") else ""


def record_of(task: Task, key: str, done: Done) -> dict[str, object] | None:
    """What a manifest says of a task; nothing of one without files, or with a fault of the program."""
    if not done.files or any(one.fault for one in done.left_out):
        return None
    left_out = [{"part": one.part, "why": dict(one.why)} for one in done.left_out]
    return {"name": task.name, "key": key, "files": list(done.files), "left_out": left_out}


def kept_of(task: Task, key: str, said: Mapping[str, Any]) -> Done | None:
    """What an earlier run did by a task of the same key, as its manifest says; None if it did not."""
    written = {one["path"] for one in said["outputs"]}
    for one in said.get("tasks", ()):
        if one["name"] == task.name and one["key"] == key and written.issuperset(one["files"]):
            left_out = tuple(Omission(each["part"], each["why"]) for each in one["left_out"])
            return Done(tuple(one["files"]), left_out)
    return None


@cache
def program() -> str:
    """The hash of all files of this package: another version, or a change in a clone, makes everything anew."""
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(package).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()


def plain(value: object) -> Any:  # what JSON holds
    """A spec as JSON can hold it, the same in every process.

    Raises
    ------
    TypeError
        For what no spec consists of.

    Examples
    --------
    >>> plain({"k": (Fraction(1, 3), None)})
    [['k', ['1/3', None]]]
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Fraction | PurePath | datetime.date):
        return str(value)
    if isinstance(value, Mapping):
        return [[plain(key), plain(own)] for key, own in value.items()]
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(one) for one in value), key=json.dumps)
    if is_dataclass(value):
        return [
            type(value).__name__,
            [[one.name, plain(getattr(value, one.name))] for one in fields(value) if one.compare],
        ]
    raise TypeError(f"a {type(value).__name__} is no part of a spec")
