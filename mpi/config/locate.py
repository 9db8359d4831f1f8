"""Where config files lie: a path as given, or the name of a measure, survey or rule set that ships with the package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from mpi.errors import ConfigError, Fault, nearest, phrase
from mpi.language import template

MAX_SHOWN = 200
Sort = Literal["measures", "surveys", "reliability", "disclosure", "studies", "templates", "boundaries", "published"]
UNKNOWN: Mapping[Sort, str] = {
    "measures": template("no measure is called {name!r}"),
    "surveys": template("no survey is called {name!r}"),
    "reliability": template("no reliability rule set is called {name!r}"),
    "disclosure": template("no disclosure rule set is called {name!r}"),
    "studies": template("no study is called {name!r}"),
    "templates": template("no template is called {name!r}"),
    "boundaries": template("no boundaries are called {name!r}"),
    "published": template("no published figures are called {name!r}"),
}


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
    sort : {"measures", "surveys", "reliability", "disclosure", "studies", "templates", "boundaries",
            "published"}
        What is looked for.
    beside : Path, optional
        A folder whose own files go before the shipped ones.

    Raises
    ------
    ConfigError
        If there is neither such a file nor such a name.
    """
    path = Path(name)
    if is_file(path):
        return path
    plain = path.name == str(name) and path.suffix == ""
    if plain:
        for place in ([beside] if beside is not None else []) + [folder(sort)]:
            if is_file(place / f"{name}.yaml"):
                return place / f"{name}.yaml"
    known = shipped(sort)
    names = ", ".join(known)
    remedy = nearest(str(name), known) or phrase("give the path of a YAML file, or one of: {names}", names=names)
    shown = str(name)[:MAX_SHOWN]
    what = phrase(UNKNOWN[sort], name=shown) if plain else phrase("there is no file {name!r}", name=shown)
    raise ConfigError(Fault("MPI-C001", None, what, remedy))


SORTS: Mapping[str, Sort] = {
    "measure": "measures", "survey": "surveys", "study": "studies", "reliability": "reliability",
    "disclosure": "disclosure", "template": "templates",
}  # fmt: skip


def named_kind(name: str) -> str | None:
    """What a shipped config of a name describes, one of `mpi.config.kinds.KINDS`; None if there is none."""
    return next((kind for kind, sort in SORTS.items() if name in shipped(sort)), None)


def is_file(path: Path) -> bool:
    """Whether there is a file of this name, which the system may not even take."""
    try:
        return path.is_file()
    except OSError:  # a name that the file system does not take
        return False
