"""Reading a survey: files opened, checked and widened in one place, handed on as blocks of complete households.

Nothing else in the package touches a reader. Messages count rows and name files and columns; library messages, which
quote values, are replaced here.
"""

from mpi.source.crosswalks import load_crosswalk
from mpi.source.files import find_files
from mpi.source.folded import Fold, Followed, Piece
from mpi.source.holding import identity
from mpi.source.households import Columns, column_name
from mpi.source.households_only import SMALL
from mpi.source.keys import lookup
from mpi.source.labelled import labelled
from mpi.source.memory import bytes_of
from mpi.source.opening import SIGN, OpenedSurvey, files_of
from mpi.source.ordered import OutOfOrder
from mpi.source.reading import Apart, Block, Found, blocks, spans
from mpi.source.replicates import ROW, ReplicateWeights, replicate_weights
from mpi.source.span import SPAN
from mpi.source.threads import Report, Running
from mpi.source.unchanged import unchanged
from mpi.source.universe import open_survey
from mpi.source.weight_units import uneven_weights

__all__ = [
    "ROW",
    "SIGN",
    "SMALL",
    "SPAN",
    "Apart",
    "Block",
    "Columns",
    "Fold",
    "Followed",
    "Found",
    "OpenedSurvey",
    "OutOfOrder",
    "Piece",
    "ReplicateWeights",
    "Report",
    "Running",
    "blocks",
    "bytes_of",
    "column_name",
    "files_of",
    "find_files",
    "identity",
    "labelled",
    "load_crosswalk",
    "lookup",
    "open_survey",
    "replicate_weights",
    "spans",
    "unchanged",
    "uneven_weights",
]
