"""The rule language: the law's own sentence, SQL-flavoured, three-valued and closed.

`parse` turns text into a tree, `check` finds its type and level and every fault, `evaluate` computes it on a block
of complete households. `order` sorts derived variables so that each comes after those it reads. The language is
described for its users in `docs/en/rules.md`.
"""

from mpi.rules.checking import Kind, Scope, check
from mpi.rules.evaluation import evaluate, fold_together, overflowing
from mpi.rules.frame import Frame, Verdicts
from mpi.rules.functions import aggregates
from mpi.rules.graph import order
from mpi.rules.operations import Overflow, RuleOverflow
from mpi.rules.parser import parse
from mpi.rules.syntax import Call, Expression, Literal, Name, Origin, Rule, Type, names, renamed, shared
from mpi.rules.written import written
from mpi.vocabulary.options import Level

__all__ = [
    "Call",
    "Expression",
    "Frame",
    "Kind",
    "Level",
    "Literal",
    "Name",
    "Origin",
    "Overflow",
    "Rule",
    "RuleOverflow",
    "Scope",
    "Type",
    "Verdicts",
    "aggregates",
    "check",
    "evaluate",
    "fold_together",
    "names",
    "order",
    "overflowing",
    "parse",
    "renamed",
    "shared",
    "written",
]
