"""Outputs of an earlier run that a run of some outputs alone keeps: only where both rest on the same.

Comes in: the folder of the earlier run, and what this run will tell of itself. Goes out: the files that stay, or a
refusal that says what differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpi.errors import Fault, Place, UsageError, listed
from mpi.files import second_name
from mpi.language import phrase, template
from mpi.runs.index_page import INDEX
from mpi.runs.manifest import NAME, Kept, digest_in, read_manifest
from mpi.vocabulary.options import OUTPUTS, Output

REMEDY = phrase("leave --only out, so that everything is made again, or name a new folder with -o")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What stays of an earlier run.

    Attributes
    ----------
    names : tuple of str
        Its files, below the folder.
    outputs : tuple of str
        The outputs that they are.
    said : mapping
        Its manifest.
    """

    names: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()
    said: Mapping[str, Any] | None = None

    @property
    def kept(self) -> tuple[Kept, ...]:
        """By which commands the outputs that stay were made."""
        if self.said is None:
            return ()
        before = [Kept(tuple(one["command"]), tuple(one["outputs"])) for one in self.said.get("kept", ())]
        older = {output for one in before for output in one.outputs}
        own = Kept(tuple(self.said["command"]), tuple(output for output in self.outputs if output not in older))
        still = [Kept(one.command, tuple(output for output in one.outputs if output in self.outputs)) for one in before]
        return tuple(one for one in (*still, own) if one.outputs)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """What the files that stay were made from."""
        found = [] if self.said is None else self.said.get("tasks", [])
        return [one for one in found if one["files"] and output_of(one["files"][0]) in self.outputs]

    @property
    def notices(self) -> list[dict[str, Any]]:
        """What the earlier run noticed."""
        return [] if self.said is None else list(self.said["notices"])

    @property
    def left_out(self) -> list[dict[str, Any]]:
        """What could not be made of the outputs that stay."""
        found = [] if self.said is None else self.said.get("left_out", [])
        return [one for one in found if output_of(f"{one['part']}.".replace("#", ".")) in self.outputs]


def output_of(name: str) -> Output | None:
    """The output that a file belongs to, by its name below the folder of a run.

    Examples
    --------
    >>> output_of("map.region.html"), output_of("map_data/region.csv"), output_of("manifest.json")
    ('maps', 'map_data', None)
    """
    # Its files have its name, or lie in a folder of its name; an interactive map has the singular.
    begins, ends = re.split(r"[./]", name)[0], name.rpartition(".")[2]
    if begins == "report" and ends in OUTPUTS:  # another form of the report
        begins = ends
    return next((output for output in OUTPUTS if begins == output or (output, begins) == ("maps", "map")), None)


def earlier_of(folder: Path, made: Sequence[Output], told: Mapping[str, Any]) -> Earlier:
    """What stays of the earlier run in a folder where some outputs are made anew.

    Parameters
    ----------
    folder : Path
        Of the earlier run, whole and its own; nothing stays where there is none.
    made : sequence of str
        The outputs that are made anew.
    told : mapping
        The manifest of this run, as far as it is known before anything is computed.

    Raises
    ------
    UsageError
        If something stays and the two runs do not rest on the same, with all that differs.
    """
    if not (folder / NAME).is_file():
        return Earlier()
    said = read_manifest(folder)
    names = tuple(
        one["path"]
        for one in said["outputs"]
        if one["path"] != INDEX and output_of(one["path"]) not in made and (folder / one["path"]).is_file()
    )
    if not names:
        return Earlier()
    if wrong := list(_differences(said, told)):
        text = phrase(
            "--only would leave outputs of another run beside the new ones; what differs: {names}", names=listed(wrong)
        )
        raise UsageError(Fault("MPI-O152", Place(str(folder)), text, REMEDY))
    found = {output_of(name) for name in names}
    return Earlier(names, tuple(output for output in OUTPUTS if output in found), said)


FILES = {"inputs": template("the input {name}"), "configs": template("the config {name}")}
CHOICES = {
    "options": template("the option {name} ({before}, now {now})"),
    "versions": template("the version of {name} ({before}, now {now})"),
    "platform": template("the platform: {name} ({before}, now {now})"),
}


def _differences(said: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[str]:
    """What two runs rest on that is not the same, in words."""
    if said["study"] != told["study"]:
        yield phrase("the study ({before}, now {now})", before=said["study"], now=told["study"])
    for what, key in (("inputs", "path"), ("configs", "role")):
        before, now = ({one[key]: digest_in(one) for one in some[what]} for some in (said, told))
        yield from (
            phrase(FILES[what], name=name)
            for name in sorted(before.keys() | now.keys())
            if before.get(name) != now.get(name)
        )
    for key, text in CHOICES.items():
        before, now = said[key], told[key]
        yield from (
            phrase(text, name=name, before=before.get(name), now=now.get(name))
            for name in sorted(before.keys() | now.keys())
            if name != "outputs" and before.get(name) != now.get(name)
        )
    if said.get("queries"):
        yield phrase("the rows of queries, which are asked for anew")
    if said["seed"] != told["seed"]:
        yield phrase("the seed")


def keep(earlier: Earlier, folder: Path, target: Path) -> None:
    """Put the files that stay into the new folder: as second names of the same bytes, where the disk has such."""
    for name in earlier.names:
        second_name(folder / name, target / name)
