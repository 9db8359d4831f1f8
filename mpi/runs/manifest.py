"""The manifest of a run: what went in, with which rules and programs, what came out, and whether it is still so.

Comes in: the folder of a finished run, and what the run knows of itself. Goes out: `manifest.json`, and findings where
a folder no longer is what its manifest says. Names are below the data folder or below the outputs, never of a machine
or a user. `digest` is of what went in and what came out, so that equal runs have an equal one, wherever and whenever
they are made; `checksum` is of the whole manifest, so that a change of it is seen.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

from mpi.errors import Fault, Notice, Place, UsageError, listed, phrase
from mpi.files import write_whole
from mpi.files.digests import ETAG, ConfigFile, InputFile, digest_of, sha256
from mpi.files.stores import StorePath, arrow_source, telling

NAME = "manifest.json"
FORMAT = 1
MAX_BYTES = 1 << 26  # of a manifest that is read
LIBRARIES = ("click", "jinja2", "matplotlib", "numpy", "pillow", "pyarrow", "pyogrio", "pyproj", "pyyaml", "reportlab",
             "shapely", "xlsxwriter")  # fmt: skip
MOVE = phrase("move that out of it, or name a new folder with -o")
# What differs between equal runs, or is told beside them: the digest leaves it out.
CIRCUMSTANCES = ("command", "kept", "tasks", "versions", "platform", "times", "digest", "checksum")


@dataclass(frozen=True, slots=True)
class Kept:
    """Outputs of an earlier run that stay beside those of this one, and the command that made them."""

    command: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run knows of itself.

    Attributes
    ----------
    command : tuple of str
        As it was given; absolute paths are cut to their last part.
    data : Path
        The folder that the inputs lie in.
    inputs : tuple of InputFile
        Files of microdata and boundaries as they were read.
    configs : mapping of str to ConfigFile
        By role (`study`, `measure`, `survey 2024`, `reliability`, ...): every YAML file that was read, also those of
        a `like:` chain, as it was then.
    options : mapping
        What was chosen and JSON can hold, such as `{"disclosure": "off"}`.
    counts : mapping of str to mapping of str to int
        By round, at every stage: read, excluded, PSUs, strata.
    kept : tuple of Kept
        What stays of earlier runs with the same inputs.
    kept_notices : sequence of mapping
        What they noticed, as their manifest has it.
    left_out : sequence of mapping
        What could not be made: `part`, `why` by language, whether it is a `fault` of the program.
    tasks : sequence of mapping
        Which files were made together, from what: see `mpi.runs.unchanged`.
    queries : sequence of mapping
        The queries that gave rows; nothing of where their databases are.
    """

    study: str
    command: tuple[str, ...]
    data: Path
    inputs: tuple[InputFile, ...]
    configs: Mapping[str, ConfigFile]
    seed: int | None
    options: Mapping[str, object]
    counts: Mapping[str, Mapping[str, int]]
    notices: tuple[Notice, ...]
    started: datetime.datetime
    ended: datetime.datetime
    kept: tuple[Kept, ...] = ()
    kept_notices: Sequence[Mapping[str, Any]] = ()
    left_out: Sequence[Mapping[str, object]] = ()
    tasks: Sequence[Mapping[str, object]] = ()
    queries: Sequence[Mapping[str, object]] = ()


def manifest(run: Run, folder: Path) -> dict[str, Any]:
    """What is to be known of a run whose outputs lie in a folder.

    Parameters
    ----------
    run : Run
    folder : Path
        All its files are outputs of the run, but for a manifest.

    Raises
    ------
    UsageError
        If the folder holds a link or a device.
    OSError
        If an input, config or output cannot be read.
    """
    made: dict[str, Any] = {
        "format": FORMAT,
        "study": run.study,
        "command": [_without_folders(argument) for argument in run.command],
        "versions": versions(),
        "platform": {"system": platform.system(), "machine": platform.machine()},
        "seed": run.seed,
        "options": dict(run.options),
        "inputs": [_input(file, run.data) for file in sorted(set(run.inputs), key=lambda file: file.path)],
        "configs": [_config(role, file) for role, file in run.configs.items()],
        "counts": {period: dict(counts) for period, counts in run.counts.items()},
        "notices": _notices(run),
        "left_out": [dict(one) for one in run.left_out],
        "outputs": [_output(path, name) for name, path in _outputs(folder)],
        "tasks": [dict(one) for one in run.tasks],
    }
    if run.queries:
        made["queries"] = [dict(one) for one in run.queries]
    if run.kept:
        made["kept"] = [{"command": list(one.command), "outputs": list(one.outputs)} for one in run.kept]
    made["times"] = {"started": _utc(run.started), "ended": _utc(run.ended)}
    return sealed(made)


def sealed(said: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest with its digest, which equal runs share, and its checksum, which tells a change of it.

    Examples
    --------
    >>> one, other = (sealed({"outputs": [], "command": [name]}) for name in ("a", "b"))
    >>> one["digest"] == other["digest"], one["checksum"] == other["checksum"]
    (True, False)
    """
    digest = digest_of({key: value for key, value in said.items() if key not in CIRCUMSTANCES})
    whole = {**said, "digest": digest}
    return {**whole, "checksum": _checksum(whole)}


def _checksum(said: Mapping[str, Any]) -> str:
    return digest_of({key: value for key, value in said.items() if key not in ("times", "checksum")})


def intact(said: Mapping[str, Any]) -> bool:
    """Whether a manifest is as it was written; one of an earlier version had its checksum as `digest`.

    Raises
    ------
    KeyError
        If it has neither.
    """
    if "checksum" not in said:
        earlier = digest_of({key: value for key, value in said.items() if key not in ("times", "digest")})
        return bool(earlier == said["digest"])
    again = sealed(said)
    return all(again[name] == said[name] for name in ("digest", "checksum"))


def _notices(run: Run) -> list[Mapping[str, Any]]:
    own = [
        {"code": notice.code, "text": notice.text, "place": None if notice.place is None else _named(notice.place)}
        for notice in run.notices
    ]
    return [*own, *(notice for notice in run.kept_notices if notice not in own)]


def write_manifest(run: Run, folder: Path, *, overwrite: bool = False) -> Path:
    """Write the manifest of a run into the folder of its outputs, as the last of them.

    Raises
    ------
    UsageError
        If there is one already, or the folder holds a link or a device.
    """
    text = json.dumps(manifest(run, folder), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    path = folder / NAME
    write_whole(path, lambda temporary: _write(temporary, text), overwrite=overwrite)
    return path


def owned(folder: Path) -> list[str]:
    """The files of a run's folder, the manifest last, if there is nothing else in it: then it may be removed.

    Raises
    ------
    UsageError
        If the manifest is not one of this program, or was changed; or if a file is not the run's own, or no longer
        what the run wrote. Files that are missing are missed by nobody.
    """
    place = Place(str(folder))
    try:
        said = read_json(folder / NAME)
        outputs = listed_files(said["outputs"])
        whole = intact(said)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        text = phrase(
            "this output exists and was not made by an earlier run (its {name} is not of this program)", name=NAME
        )
        raise UsageError(Fault("MPI-O002", place, text, phrase("name a new folder with -o"))) from None
    if not whole:
        text = phrase(
            "this output exists, and its {name} was changed after the run: what was made by it is not known", name=NAME
        )
        raise UsageError(Fault("MPI-O002", place, text, phrase("name a new folder with -o")))
    states = {name: state_of(folder, name, size, digest) for name, size, digest in outputs}
    foreign = [name for name, _ in walked(folder) if name not in states]
    changed = [name for name, state in states.items() if state in ("changed", "link")]
    faults = []
    if foreign:
        text = phrase(
            "this output contains files that the earlier run did not write and that would be removed: {names}",
            names=listed(foreign),
        )
        faults.append(Fault("MPI-O150", place, text, MOVE))
    if changed:
        text = phrase(
            "what the earlier run wrote was changed since, and the changes would be lost: {names}",
            names=listed(changed),
        )
        faults.append(Fault("MPI-O151", place, text, MOVE))
    if faults:
        raise UsageError(*faults)
    return [*(name for name, state in states.items() if state is None), NAME]


def versions() -> dict[str, str]:
    """Versions of the package, of Python, and of the libraries in use."""
    found = {"mpi": str(getattr(sys.modules.get("mpi"), "__version__", "")), "python": platform.python_version()}
    installed = {name: _installed(name) for name in LIBRARIES}
    return found | {name: version for name, version in installed.items() if version is not None}


@cache
def _installed(name: str) -> str | None:
    """The version of a library, which stays while a process runs; each look is a file that is read as an e-mail."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _input(file: InputFile, data: Path) -> dict[str, Any]:
    real = file.path.resolve()
    inside = real.is_relative_to(data.resolve())
    within = "data" if inside else "store" if isinstance(real, StorePath) else "elsewhere"
    name = real.relative_to(data.resolve()).as_posix() if inside else str(real) if within == "store" else file.path.name
    made: dict[str, Any] = {
        "path": name,
        "within": within,
        "bytes": file.state.size,
        **({"etag": file.etag} if file.etag else {"sha256": file.sha256}),
    }
    return made | _of_parquet(real)


def digest_in(entry: Mapping[str, Any]) -> str:
    """The hash of a file in its entry of a manifest; of an object in a store, its tag as such."""
    found: str = f"{ETAG}{entry['etag']}" if "etag" in entry else entry["sha256"]
    return found


def _of_parquet(path: Path) -> dict[str, Any]:
    """Rows and hash of the schema of a Parquet file; nothing of any other."""
    if path.suffix.lower() not in (".parquet", ".pq"):
        return {}
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with telling(path), pq.ParquetFile(arrow_source(path)) as file:
            schema = [[column.name, str(column.type)] for column in file.schema_arrow]
            return {"rows": file.metadata.num_rows, "schema": digest_of(schema)}
    except (pa.ArrowException, OSError):
        return {}


def _config(role: str, file: ConfigFile) -> dict[str, Any]:
    return {"role": role, "file": file.path.name, "sha256": file.sha256, "text": file.text}


def _output(path: Path, name: str) -> dict[str, Any]:
    return {"path": name, "bytes": path.stat().st_size, "sha256": sha256(path)}


def _outputs(folder: Path) -> list[tuple[str, Path]]:
    found = list(walked(folder))
    for name, path in found:
        if not stat.S_ISREG(path.lstat().st_mode):
            text = phrase("the folder of outputs contains a link or a device")
            raise UsageError(Fault("MPI-O011", Place(name), text, phrase("give the run a folder of its own")))
    return found


def walked(folder: Path) -> Iterator[tuple[str, Path]]:
    """All that is no folder, with its name below the folder, sorted; links to folders are not followed."""
    found = []
    for place, folders, files in os.walk(folder, followlinks=False):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        found += [Path(place) / name for name in (*files, *links)]
    named = sorted((path.relative_to(folder).as_posix(), path) for path in found)
    return iter([(name, path) for name, path in named if name != NAME])


def state_of(folder: Path, name: str, size: int, digest: str, *, follow: bool = False) -> str | None:
    """What is wrong with a file of a folder: `link` (or outside), `missing`, `changed`, or None.

    Parameters
    ----------
    follow : bool
        Links inside the folder are followed: data folders are made of them at times.
    """
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or PureWindowsPath(name).drive or "\0" in name:
        return "link"
    path = folder.joinpath(*pure.parts)
    if digest.startswith(ETAG):
        return state_in_store(path, size, digest)
    try:
        real = path.resolve()
        if not real.is_relative_to(folder.resolve()) or (not follow and real != folder.resolve().joinpath(*pure.parts)):
            return "link"
        if not path.is_file():
            return "missing"
        # The size goes first: a file that grew to fill the disk is not read.
        return None if real.stat().st_size == size and sha256(real) == digest else "changed"
    except OSError:
        return "missing"


def state_in_store(path: Path, size: int, digest: str) -> str | None:
    """As `state_of`, of an object in a store by its tag; a copy on the disk has none, and is another file."""
    if not isinstance(path, StorePath):
        return "changed" if path.is_file() else "missing"
    try:
        return None if path.stat().st_size == size and f"{ETAG}{path.etag()}" == digest else "changed"
    except FileNotFoundError:
        return "missing"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run's folder, which was found to be whole; raises OSError or ValueError."""
    return read_json(folder / NAME)


def read_json(path: Path) -> dict[str, Any]:
    """A manifest as it is written; OSError or ValueError if it cannot be read."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise ValueError("no manifest")
    said = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError("another format")
    return said


def listed_files(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, str]]:
    """Name, size and hash of each file that a manifest lists."""
    found = [(entry["path"], entry["bytes"], digest_in(entry)) for entry in entries]
    if not all(
        isinstance(name, str) and isinstance(size, int) and isinstance(digest, str) for name, size, digest in found
    ):
        raise ValueError("entries of another kind")
    return found


def _without_folders(argument: str) -> str:
    """An argument without the folders of an absolute path, also after `--option=`."""
    option, sign, value = argument.partition("=") if argument.startswith("-") else ("", "", argument)
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(value).is_absolute():
            value = kind(value).name
    return f"{option}{sign}{value}"


def _named(place: Place) -> str:
    return str(Place(PurePath(place.file).name, place.line, place.column))


def _utc(time: datetime.datetime) -> str:
    return time.astimezone(datetime.UTC).isoformat(timespec="seconds")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
