"""Where rows of units, and tables that no disclosure control has judged, are not written: where others read."""

from __future__ import annotations

import os
from pathlib import Path

from mpi.errors import Fault, Place, UsageError
from mpi.language import phrase
from mpi.runs.manifest import NAME, read_json

PERSONAL = "personal_data"  # among the options of a manifest: the folder is a list
PUBLIC = ("public_html", "public", "www", "htdocs", "wwwroot")  # names of folders that web servers show


def refuse_public(output: Path | None, *, is_list: bool = False) -> None:
    """Refuse an output inside a publication, or a folder for the web, by its own name or that of where links lead.

    Parameters
    ----------
    output : Path or None
    is_list : bool
        Whether it is the folder of a list, which may take the place of an earlier one and be inside no other; a table
        may lie beside a list.

    Raises
    ------
    UsageError
    """
    if output is None:
        return
    place, own = Place(str(output)), _real(output)
    beside = _real(output.parent) / output.name  # a link is replaced itself, and not what it leads to
    for above in dict.fromkeys([beside, *beside.parents, own, *own.parents]):
        if above.name.lower() in PUBLIC:
            text = (
                phrase("a list of households is not written below {name!r}, a folder for the web", name=above.name)
                if is_list
                else phrase(
                    "a table of units, or without disclosure control, is not written below {name!r}, a folder for the "
                    "web",
                    name=above.name,
                )
            )
            raise UsageError(Fault("MPI-O250", place, text, phrase("name a folder that only you can read")))
        if not has_manifest(above) or (of_list(above) and (not is_list or above in {beside, own})):
            continue
        text = (
            phrase("a list of households is not written into a publication ({name})", name=above.name)
            if is_list
            else phrase(
                "a table of units, or without disclosure control, is not written into a publication ({name})",
                name=above.name,
            )
        )
        raise UsageError(Fault("MPI-O250", place, text, phrase("name a folder outside of it")))


def has_manifest(folder: Path) -> bool:
    """Whether a folder has a manifest; none where the system cannot look, as for too long a name."""
    try:
        return (folder / NAME).is_file()
    except OSError:
        return False


def of_list(folder: Path) -> bool:
    """Whether a folder is that of a list, which is personal data."""
    try:
        options = read_json(folder / NAME).get("options")
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(options, dict) and options.get(PERSONAL) is True


def _real(path: Path) -> Path:
    """Where a path leads; a name that the system does not take stays as it is, and is refused where it is written."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path
