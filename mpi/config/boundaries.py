"""Boundaries for tables of figures: a file of shapes, or a YAML file that says how to read and draw one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mpi.config.composing import load
from mpi.config.keys import maps as keys
from mpi.config.locate import locate
from mpi.config.nodes import Node
from mpi.config.study_maps import map_of
from mpi.language import phrase
from mpi.specs.study import MapFile

YAML = (".yaml", ".yml")


def is_shapes(boundaries: str | Path) -> bool:
    """Whether a file of shapes is named, and not a YAML file about one, or the name of one that is shipped."""
    path = Path(boundaries)
    return path.suffix.lower() not in (*YAML, "") or (path.suffix == "" and path.is_file())


def load_boundaries(name: str | Path) -> MapFile:
    """How boundaries are read and drawn, from a YAML file or by the name of one that is shipped.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    path = locate(name, "boundaries")
    return read_boundaries(load(path), path.parent)


def read_boundaries(root: Node, folder: Path) -> MapFile:
    """How boundaries are read and drawn, from a file's root node; raises ConfigError with every fault."""
    top = root.section(phrase("the boundaries"), keys.MAP_FILE)
    domain = top.read("map", Node.identifier, "area")
    spec = map_of(domain, top, phrase("the map of {domain}", domain=domain))
    found = MapFile(
        spec=replace(spec, unmatched="allow", live=False),
        folder=folder,
        area=top.read("area", Node.titles, {}),
        upper_area=top.read("upper_area", Node.titles, {}),
        files=() if root.file is None else (root.file,),
    )
    root.faults.refuse()
    return found
