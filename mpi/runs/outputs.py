"""All outputs of a publication: which tasks are done, in which order, and which files of an earlier run stay.

Comes in: what was gathered, and the folder that is being written. Goes out: the files, what is told of them, and what
was left out, in an order that does not depend on who made them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mpi.files import second_name
from mpi.language import number_phrase, phrase
from mpi.publication.gathering import Gathered
from mpi.runs.tasks import Done, Task, Work
from mpi.runs.unchanged import kept_of, keys_of, record_of
from mpi.runs.workers import can_fork, run_tasks
from mpi.runs.writers import tasks_of
from mpi.source.threads import Report, cores
from mpi.vocabulary.options import Output

WRITING = phrase("writing (parts of the outputs)")
# What takes long is begun first, so that no process waits for it at the end; after what a reader looks at first.
LONGEST: Sequence[Output] = (
    "sheets",
    "pdf",
    "areas",
    "maps",
    "docx",
    "workbook",
    "results",
    "map_data",
    "charts",
    "report",
    "board",
    "sdmx",
    "sdg",
)


def kept_phrase(names: Sequence[str]) -> str:
    """That files of the earlier run stay."""
    return number_phrase(
        len(names),
        "{number:,} file of the earlier run is kept: what it is made from did not change",
        "{number:,} files of the earlier run are kept: what they are made from did not change",
    )


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was written.

    Attributes
    ----------
    told : mapping of str to str
        Files that a reader opens first, with what they are.
    kept : tuple of str
        Files of the earlier run that stay, since nothing changed that they are made from.
    records : tuple of mapping
        For the manifest: which files were made together, from what.
    """

    told: Mapping[str, str]
    kept: tuple[str, ...]
    records: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How outputs are written.

    Attributes
    ----------
    processes : int or None
        At most so many; None: one a core where a process can be copied, else this one alone.
    say : callable
        Takes each kind of output as it begins.
    report : callable, optional
        Is told how many tasks are done.
    first : callable
        Takes what is told of the files of the tasks that are first, and their names, as soon as all of them are there.
    """

    processes: int | None
    say: Callable[[str], None]
    report: Report | None
    first: Callable[[Mapping[str, str], Sequence[str]], None]


def write_outputs(
    gathered: Gathered,
    wanted: Sequence[Output],
    target: Path,
    way: Way,
    *,
    told: Mapping[str, Any],
    earlier: tuple[Path, Mapping[str, Any]] | None,
) -> Outputs:
    """Write outputs into a folder.

    Parameters
    ----------
    gathered : Gathered
        Its `left_out` gets what is left out.
    wanted : sequence of str
    target : Path
    way : Way
    told : mapping
        See `mpi.runs.unchanged.keys_of`.
    earlier : (Path, mapping), optional
        Folder and manifest of an earlier run, whose files are its own.
    """
    tasks = tasks_of(gathered, wanted)
    keys = keys_of(gathered, tasks, told)
    found = {} if earlier is None else _kept(tasks, keys, *earlier, target)
    kept = tuple(name for own in found.values() for name in own.files)
    work = Work(replace(gathered, profiles=()), target, tasks)
    order = sorted(set(range(len(tasks))) - found.keys(), key=lambda place: _urgency(tasks, place))
    teller = _Teller(tasks, order, way, found)
    # Grouped once here, and not in each process.
    gathered.edition(gathered.publication.study.languages[0])
    teller.look()
    run_tasks(work, order, way.processes or (cores() if can_fork() else 1), teller.took, teller.began)
    done = [found[place] for place in range(len(tasks))]
    gathered.left_out.extend(one for each in done for one in each.left_out)
    records = [record_of(task, key, own) for task, key, own in zip(tasks, keys, done, strict=True)]
    return Outputs(_told(tasks, found), kept, tuple(one for one in records if one is not None))


def _kept(
    tasks: Sequence[Task], keys: Sequence[str], folder: Path, said: Mapping[str, Any], target: Path
) -> dict[int, Done]:
    """The tasks whose files stay, which are put into the new folder."""
    found = {}
    for place, (task, key) in enumerate(zip(tasks, keys, strict=True)):
        done = kept_of(task, key, said)
        if done is not None and all((folder / name).is_file() for name in done.files):
            for name in done.files:
                second_name(folder / name, target / name)
            found[place] = done
    return found


def _urgency(tasks: Sequence[Task], place: int) -> tuple[bool, bool, int, int]:
    task = tasks[place]
    return not task.first, bool(task.after), LONGEST.index(task.output), place


def _told(tasks: Sequence[Task], found: Mapping[int, Done]) -> dict[str, str]:
    return {
        name: what
        for place, task in enumerate(tasks)
        if place in found
        for name, what in task.tells.items()
        if name in found[place].files
    }


class _Teller:
    """Tells of tasks as they begin and end."""

    def __init__(self, tasks: Sequence[Task], order: Sequence[int], way: Way, found: dict[int, Done]) -> None:
        self.tasks, self.way, self.found = tasks, way, found
        self.total, self.done = len(order), 0
        self.begun: set[Output] = set()
        self.awaited = {place for place, task in enumerate(tasks) if task.first}

    def began(self, place: int) -> None:
        """A task is begun."""
        output = self.tasks[place].output
        if output not in self.begun:
            self.begun.add(output)
            self.way.say(f"writing {output.replace('_', ' ')}")

    def took(self, place: int, done: Done) -> None:
        """A task is done."""
        self.found[place] = done
        self.done += 1
        if self.way.report is not None:
            self.way.report(WRITING, self.done, self.total)
        self.look()

    def look(self) -> None:
        """Tell of the first files, once all of them are there."""
        if self.awaited and self.awaited <= self.found.keys():
            tells = _told(self.tasks, {place: self.found[place] for place in self.awaited})
            files = [name for place in sorted(self.awaited) for name in self.found[place].files]
            self.awaited = set()
            self.way.first(tells, files)
