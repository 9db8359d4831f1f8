"""Figures for who looks at them alone: as they are, with a word on every picture that nothing was protected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from mpi.changes import Changes
from mpi.disclosure.publishable import Publishable, publishable, stacked
from mpi.errors import Fault, UsageError
from mpi.estimates import Estimates
from mpi.language import phrase, translated

NONE = "none"
UNPROTECTED = translated("Without disclosure control: for work, not for publication.")
Given: TypeAlias = Estimates | Changes | Publishable | Sequence[Estimates | Publishable]


def unprotected(figures: Given) -> Publishable:
    """Estimates, changes, or the estimates of several rounds as charts take them; nothing is hidden on purpose.

    What the reliability rules of the figures say to suppress is hidden all the same. Publishable figures stay what
    they are.

    Raises
    ------
    UsageError
        If it is something else.
    """
    if isinstance(figures, Publishable):
        return figures
    if isinstance(figures, Estimates | Changes):
        return publishable(figures, np.full(len(figures), -1, np.int64), (), NONE)
    if not isinstance(figures, list | tuple) or not figures:
        text = phrase("a {kind} has no figures to draw", kind=type(figures).__name__)
        raise UsageError(Fault("MPI-U110", None, text, phrase("give the result of mpi.estimate, or a list of them")))
    return stacked([unprotected(one) for one in figures])
