"""Which columns of data may hold a variable of a measure: by words in common, and by names alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from mpi.errors import folded
from mpi.specs.measure import Variable
from mpi.starting.columns import Column

MOST = 3
LEAST = 0.45  # of a likeness from 0 to 1
STEM = 5  # letters by which words are compared: edad, educacion and educativo
SHORT = 3  # letters of a word that says something


def candidates(name: str, variable: Variable, columns: Sequence[Column]) -> list[Column]:
    """The columns that are most like a variable, the likeliest first; at most three, perhaps none."""
    able = [one for one in columns if variable.kind.type != "number" or one.type == "number"]
    scored = [(_likeness(name, variable, one), one) for one in able]
    ranked = sorted((pair for pair in scored if pair[0] >= LEAST), key=lambda pair: -pair[0])
    return [one for _, one in ranked[:MOST]]


def _likeness(name: str, variable: Variable, column: Column) -> float:
    """1 for the same name; else the share of words in common, or of letters in their order."""
    if folded(name) == folded(column.name):
        return 1.0
    texts = [name.replace("_", " "), *variable.title.values()]
    own = [column.title, column.name.replace("_", " ")]
    shared = max(_shared(_stems(a), _stems(b)) for a in texts for b in own)
    letters = SequenceMatcher(None, folded(name), folded(column.name)).ratio()
    return max(shared, letters if letters > 0.8 else 0.0)  # noqa: PLR2004  below that, chance


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in re.findall(r"\w+", folded(text)) if len(word) >= SHORT)


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b and len(a & b) >= min(2, len(a)) else 0.0


def said(columns: Iterable[Column]) -> str:
    """Candidates as a comment names them: with their titles and labels."""
    parts = []
    for one in columns:
        labels = ", ".join(f"{code.code} {code.label}" for code in one.codes if code.label)
        inside = "; ".join(filter(None, (one.title, labels)))
        parts.append(f"{one.name} ({inside})" if inside else one.name)
    return " | ".join(parts)
