"""Where config files lie: a path as given, or the name of a measure, survey or rule set that ships with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mpi.errors import ConfigError, Fault, nearest

MAX_SHOWN = 200
Sort = Literal["measures", "surveys", "reliability", "disclosure", "studies"]
NOUNS: dict[Sort, str] = {
    "measures": "measure", "surveys": "survey", "reliability": "reliability rule set",
    "disclosure": "disclosure rule set", "studies": "study",
}  # fmt: skip


def folder(sort: Sort) -> Path:
    """The folder of the configs that ship with the package, installed or in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "configs" / sort
    return inside if inside.is_dir() else package.parent / "configs" / sort


def shipped(sort: Sort) -> list[str]:
    """Names of the measures, surveys or rule sets that ship with the package, sorted."""
    return sorted(path.stem for path in folder(sort).glob("*.yaml") if not path.stem.endswith(".examples"))


def locate(name: str | Path, sort: Sort, beside: Path | None = None) -> Path:
    """The file of a measure, survey or reliability rule set.

    Parameters
    ----------
    name : str or Path
        A path, or the name of a shipped config.
    sort : {"measures", "surveys", "reliability", "disclosure", "studies"}
        What is looked for.
    beside : Path, optional
        A folder whose own files go before the shipped ones.

    Raises
    ------
    ConfigError
        If there is neither such a file nor such a name.
    """
    path = Path(name)
    if _is_file(path):
        return path
    plain = path.name == str(name) and path.suffix == ""
    if plain:
        for place in ([beside] if beside is not None else []) + [folder(sort)]:
            if _is_file(place / f"{name}.yaml"):
                return place / f"{name}.yaml"
    known = shipped(sort)
    remedy = nearest(str(name), known) or f"give the path of a YAML file, or one of: {', '.join(known)}"
    shown = repr(str(name)[:MAX_SHOWN])
    what = f"no {NOUNS[sort]} is called {shown}" if plain else f"there is no file {shown}"
    raise ConfigError(Fault("MPI-C001", None, what, remedy))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that the file system does not take
        return False
