"""What a config file describes: each kind has keys of its own, so that a file of another kind is refused as such."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mpi.config.composing import load
from mpi.config.locate import is_file, named_kind
from mpi.config.nodes import Node, Pairs
from mpi.language import phrase, template

KINDS: Mapping[str, str] = {
    "study": template("a study"),
    "survey": template("a survey"),
    "measure": template("a measure"),
    "reliability": template("a reliability rule set"),
    "disclosure": template("a disclosure rule set"),
    "template": template("a template of an office"),
}
# A study names its measure and rule sets by their keys, and a survey its rule set: a file is the first of these.
KEYS: Mapping[str, frozenset[str]] = {
    "study": frozenset({"study", "surveys"}),
    "survey": frozenset({"survey", "tables"}),
    "measure": frozenset({"measure", "dimensions"}),
    "reliability": frozenset({"reliability"}),
    "disclosure": frozenset({"disclosure"}),
    "template": frozenset({"template"}),
}


def refuse_other_kinds(root: Node, wanted: str) -> None:
    """Raise one ConfigError where a file describes something else than what is wanted, in place of a fault a key.

    Parameters
    ----------
    root : Node
        The root of a file.
    wanted : {"study", "survey", "measure", "reliability", "disclosure", "template"}

    Raises
    ------
    ConfigError
        If the keys of the file are those of another kind.
    """
    given = kind_of(root, wanted)
    if given == wanted:
        return
    root.wrong(
        "MPI-C010",
        phrase("the file describes {given}, not {wanted}", given=phrase(KINDS[given]), wanted=phrase(KINDS[wanted])),
        phrase("name a file with the key `{wanted}:` here; look at the order of the arguments", wanted=wanted),
    )
    root.faults.refuse()


def kind_of(root: Node, usual: str = "measure") -> str:
    """What a file describes, by its keys: one of `KINDS`; the usual one where no key says it."""
    pairs = root.content if isinstance(root.content, Pairs) else ()
    keys = {key.content for key, _ in pairs if isinstance(key.content, str)}
    return next((kind for kind, own in KEYS.items() if own & keys), usual)


def kind_named(name: str) -> str:
    """What a file, or the shipped config of a name, describes: one of `KINDS`.

    Raises
    ------
    ConfigError
        If the file cannot be read as YAML.
    """
    if is_file(Path(name)):
        return kind_of(load(Path(name)))
    return named_kind(name) or "measure"
