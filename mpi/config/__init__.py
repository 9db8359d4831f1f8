"""Reading measures, surveys, reliability rules and worked examples from YAML: every fault at once, with its place.

The files are read as nodes, not as Python objects: numbers of the norm keep their text, every scalar knows its line
and column, and nothing is converted by YAML's own guesses. A data-class library was weighed: it costs 0.05 to 0.1 s
at each start, and its messages would have to be translated back to places in the file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpi.config.disclosure import load_disclosure
    from mpi.config.examples import Example, ScoreExample, load_examples
    from mpi.config.locate import shipped
    from mpi.config.measures import load_measure
    from mpi.config.reliability import load_reliability
    from mpi.config.sources import sources_of
    from mpi.config.studies import load_study
    from mpi.config.surveys import load_survey
    from mpi.config.templates import load_template

_WHERE = {
    "Example": "examples", "ScoreExample": "examples", "load_disclosure": "disclosure", "load_examples": "examples",
    "load_measure": "measures", "load_reliability": "reliability", "load_study": "studies", "load_survey": "surveys",
    "load_template": "templates", "shipped": "locate", "sources_of": "sources",
}  # fmt: skip
__all__ = [
    "Example", "ScoreExample", "load_disclosure", "load_examples", "load_measure", "load_reliability", "load_study",
    "load_survey", "load_template", "shipped", "sources_of",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: who estimates needs no study, maps or disclosure rules."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found
