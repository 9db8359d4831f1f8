"""Figures of earlier runs, kept for the next run of the same: in a folder of the user's own, never beside the outputs.

Comes in: what a run rests on, as its manifest says it. Goes out: the figures of an earlier run with the same key, or
none. A key holds everything that the figures are computed from: hashes of all inputs, the measure, the surveys, the
study but for its texts, the program and its libraries. Kept is what disclosure control left, so the files show nothing
that the publication does not; only their owner may read them, for a publication may not be out yet. A file that is
damaged, of another key, or that somebody else could have written is as good as none; whatever prevents keeping stops
nothing.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from mpi.errors import Fault, MpiError, Place, UsageError
from mpi.files import write_whole
from mpi.files.caches import cache_folder, own_bytes, private_folder
from mpi.files.digests import digest_of
from mpi.language import phrase
from mpi.publication.computing import Computed
from mpi.publication.panels import every_survey
from mpi.publication.stored import stored, unstored
from mpi.runs import unchanged
from mpi.runs.manifest import digest_in
from mpi.specs.study import Study

VARIABLE = "MPI_CACHE"  # a folder, or `off`
FOLDER, ENDING = "figures", ".figures"
MOST_BYTES = 1 << 30  # of all files together; those that were used last stay
STALE = 24 * 3600.0  # seconds after which what a run was writing is abandoned
# Of a study what no figure depends on: texts, pictures, files. All else is in the key.
UNSEEN = frozenset({
    "name", "title", "publisher", "universe", "total", "note", "edition", "status", "released", "citation", "licence",
    "official", "template", "agency", "sdg", "data", "outputs", "result_formats", "languages", "labels",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cache:
    """The file of the figures of a run, which may not be there."""

    path: Path
    key: str

    def found(self, study: Study) -> Computed | None:
        """The figures of an earlier run; None if there are none, or they are not to be trusted."""
        content = own_bytes(self.path)
        if content is None:
            return None
        try:
            computed = unstored(content, self.key, study)
        except (ValueError, KeyError, TypeError, IndexError, OverflowError, pa.ArrowException, MpiError):
            return None  # it is written anew after the run
        with contextlib.suppress(OSError):
            os.utime(self.path)
        return computed

    def keep(self, computed: Computed) -> None:
        """Keep figures for the next run, if the disk allows it and they come back exactly."""
        with contextlib.suppress(OSError, MpiError, ValueError, TypeError, pa.ArrowException):
            content = stored(computed, self.key)
            if len(content) > MOST_BYTES:
                return
            private_folder(self.path.parent)
            write_whole(self.path, lambda temporary: _fill(temporary, content), overwrite=True, private=True)
            _prune(self.path.parent)


def cache_for(
    study: Study, told: Mapping[str, Any], asked: bool | str | Path, *, out: Path, places: Sequence[Path]
) -> Cache | None:
    """Where the figures of a run are kept; None where they are not to be.

    Parameters
    ----------
    study : Study
    told : mapping
        The manifest of the run, as far as it is known before anything is computed.
    asked : bool, str or Path
        A folder; True: that of `MPI_CACHE`, or the user's; False: none.
    out : Path
        The folder of the outputs.
    places : sequence of Path
        Folder and files that notices may name.

    Raises
    ------
    UsageError
        If the folder is among the outputs.
    """
    folder = _folder(asked)
    if folder is None or any(
        table.query is not None for one in every_survey(study) for table in one.every_table.values()
    ):
        return None  # queries are asked anew, whatever they gave before
    if folder.resolve().is_relative_to(out.resolve()):
        text = phrase("this cache is in the folder of the outputs, which is published")
        raise UsageError(Fault("MPI-U250", Place(str(folder)), text, phrase("name a folder outside of it")))
    key = digest_of([
        unchanged.program(),
        {name: told[name] for name in ("versions", "platform", "seed")},
        [[one["path"], digest_in(one)] for one in told["inputs"]],
        [str(place) for place in places],
        {
            one.name: unchanged.plain(getattr(study, one.name))
            for one in fields(study)
            if one.compare and one.name not in UNSEEN
        },
    ])  # fmt: skip
    return Cache(folder / f"{key}{ENDING}", key)


def _folder(asked: bool | str | Path) -> Path | None:
    if not isinstance(asked, bool):
        return Path(asked)
    named = os.environ.get(VARIABLE, "")
    if not asked or named == "off":
        return None
    own = cache_folder()
    return Path(named) if named else None if own is None else own / FOLDER


def _fill(path: Path, content: bytes) -> None:
    with path.open("r+b") as stream:  # it was made for the owner alone
        stream.write(content)


def _prune(folder: Path) -> None:
    """Remove what was used longest ago, until the rest is small enough; and what a killed run left half written."""
    files = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            about = path.lstat()
            if path.name.startswith(".") and path.name.endswith(".part"):
                if time.time() - about.st_mtime > STALE:
                    path.unlink()
            elif path.name.endswith(ENDING):
                files.append((about.st_mtime, about.st_size, path))
    total = 0
    for _, size, path in sorted(files, reverse=True):
        total += size
        if total > MOST_BYTES:
            with contextlib.suppress(OSError):
                path.unlink()
