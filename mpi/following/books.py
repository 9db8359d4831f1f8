"""Codes of texts and of words that come block by block, by many threads."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text, distinct
from mpi.profile import MISSING_LEVEL
from mpi.profile.labels import joint_code


class Book:
    """Codes of texts or of pairs of words, in the order in which they came; shared by all threads and editions."""

    def __init__(self) -> None:
        self.codes: dict[Any, int] = {}
        self._lock = threading.Lock()

    def of_text(self, text: Text) -> NDArray[np.int32]:
        """The code of each row; an unknown is a level of its own."""
        codes = text.codes.astype(np.int64)
        labels = [*text.labels, MISSING_LEVEL]
        if text.known is not None:
            codes = np.where(text.known, codes, len(text.labels))
        present = np.flatnonzero(np.bincount(codes, minlength=len(labels)))
        mapping = np.zeros(len(labels), np.int32)
        with self._lock:
            for i in present.tolist():
                mapping[i] = self.codes.setdefault(labels[i], len(self.codes))
        return mapping[codes]

    def of_words(self, *words: NDArray[Any]) -> NDArray[np.int32]:
        """The code of each row of several columns of whole numbers together."""
        if not len(words[0]):
            return np.zeros(0, np.int32)
        shifted = [word if word.dtype == np.uint64 else word.astype(np.int64) + 1 for word in words]  # from -1 on
        found, which = distinct(joint_code(shifted))
        some = np.zeros(len(found), np.int64)
        some[which] = np.arange(len(which))  # any row of each
        with self._lock:
            own = [
                self.codes.setdefault(one, len(self.codes))
                for one in zip(*(word[some].tolist() for word in words), strict=True)
            ]
        return np.array(own, np.int32)[which]

    def labels(self) -> list[Any]:
        """What each code stands for."""
        return list(self.codes)


@dataclass(slots=True)
class Books:
    """The books of all editions: of patterns, of each domain, of strata and PSUs."""

    patterns: Book = field(default_factory=Book)
    stratum: Book = field(default_factory=Book)
    psu: Book = field(default_factory=Book)
    domains: dict[str, Book] = field(default_factory=dict)
