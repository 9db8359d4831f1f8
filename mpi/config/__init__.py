"""Reading measures, surveys, reliability rules and worked examples from YAML: every fault at once, with its place.

The files are read as nodes, not as Python objects: numbers of the norm keep their text, every scalar knows its line
and column, and nothing is converted by YAML's own guesses. A data-class library was weighed: it costs 0.05 to 0.1 s
at each start, and its messages would have to be translated back to places in the file.
"""

from mpi.config.disclosure import load_disclosure
from mpi.config.examples import Example, ScoreExample, load_examples
from mpi.config.locate import shipped
from mpi.config.measures import load_measure
from mpi.config.reliability import load_reliability
from mpi.config.sources import sources_of
from mpi.config.studies import load_study
from mpi.config.surveys import load_survey

__all__ = [
    "Example", "ScoreExample", "load_disclosure", "load_examples", "load_measure", "load_reliability", "load_study",
    "load_survey", "shipped", "sources_of",
]  # fmt: skip
