"""The errors of the package: faults with a stable code, a place and a remedy.

A `Fault` is one thing that is wrong; an `MpiError` carries all faults of one stage, so that a user mends them in
one go. A message never quotes a value of a person or household: it counts rows and names files, columns and keys.

    MpiError
    ├── ConfigError     a measure, survey or rule cannot be understood   (exit code 2)
    ├── UsageError      an argument or option cannot be used             (exit code 2)
    │   └── UnmadeError figures do not allow a picture, table or section (a publication leaves it out)
    ├── DataError       the microdata are refused                        (exit code 1)
    └── ResourceError   the machine gives too little memory, threads, files (exit code 4)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mpi.language import Language, Phrase, counted, in_language, joined, listed, phrase

__all__ = [
    "ConfigError", "DataError", "Fault", "Faults", "MpiError", "MpiWarning", "Notice", "Place", "ResourceError",
    "UnmadeError", "UsageError", "another_name", "counted", "folded", "installing", "joined", "listed", "nearest",
    "nearest_word", "phrase", "printable",
]  # fmt: skip
MOST_NAMES = 20  # columns to choose from
# How a file was read, which optional domain it lacks, which picture the figures do not allow: nothing to mend.
REMARKS = ("MPI-N001", "MPI-N002", "MPI-N131", "MPI-N144", "MPI-N145", "MPI-N147", "MPI-N148", "MPI-N170",
           "MPI-N210", "MPI-N231", "MPI-N250")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault lies: a file, with line and column (both from 1) where they are known."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.to("en")

    def to(self, language: Language) -> str:
        """The place in a language: frames and parts of files are told in words."""
        numbers = (str(number) for number in (self.line, self.column) if number is not None)
        return ":".join((in_language(self.file, language), *numbers))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a stable code, the place, what is wrong, how to mend it.

    The text and the remedy are phrases, so that the fault can be said in every language.
    """

    code: str
    place: Place | None
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return self.to("en")

    def to(self, language: Language) -> str:
        """The fault in a language: code, place and what is wrong on the first line, the remedy on the second."""
        first = self.headline.to(language)
        return printable(f"{first}\n  {in_language(self.remedy, language)}" if self.remedy else first)

    @property
    def headline(self) -> Phrase:
        """Code, place and what is wrong, without the remedy."""
        return joined((self.code, " ", *(() if self.place is None else (self.place, ": ")), self.text))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader of the figures should know, though it stops nothing: a stable code and a sentence."""

    code: str
    text: str
    place: Place | None = None

    @property
    def remark(self) -> bool:
        """Whether it only tells how something was read, with nothing to mend."""
        return self.code in REMARKS

    def __str__(self) -> str:
        return self.to("en")

    def to(self, language: Language) -> str:
        """The notice in a language, after its code and place."""
        where = () if self.place is None else (self.place, ": ")
        return printable(joined((self.code, " ", *where, self.text)).to(language))


class MpiWarning(UserWarning):
    """A notice as Python's warnings tell it: its text begins with its code, so that filters can choose.

    Attributes
    ----------
    notice : Notice
    code : str
        Of the notice, such as `MPI-N006`.

    Examples
    --------
    >>> import warnings
    >>> warnings.filterwarnings("ignore", "MPI-N006", MpiWarning)
    >>> MpiWarning(Notice("MPI-N006", "9.9% are left out")).code
    'MPI-N006'
    """

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        super().__init__(str(notice))

    @property
    def code(self) -> str:
        """The code of the notice."""
        return self.notice.code

    def __reduce__(self) -> tuple[type[MpiWarning], tuple[Notice]]:  # what __init__ takes
        return type(self), (self.notice,)


class MpiError(Exception):
    """Anything that this package refuses, with every fault found at that stage.

    Attributes
    ----------
    faults : tuple of Fault
        At least one, in the order of the file.
    code, codes : str, tuple of str
        That of the first fault; those of all, each once.
    exit_code : int
        What the command line returns.
    """

    exit_code = 1

    def __init__(self, *faults: Fault) -> None:
        if not faults:
            raise ValueError("an MpiError needs at least one Fault")
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))

    @property
    def code(self) -> str:
        """The code of the first fault."""
        return self.faults[0].code

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all faults, each once, in their order."""
        return tuple(dict.fromkeys(fault.code for fault in self.faults))

    def to(self, language: Language) -> str:
        """All faults in a language, one after another."""
        return "\n".join(fault.to(language) for fault in self.faults)

    def __reduce__(self) -> tuple[type[MpiError], tuple[Any, ...]]:  # what __init__ takes
        return type(self), self.faults


class ConfigError(MpiError):
    """A measure, survey, rule or set of examples cannot be understood."""

    exit_code = 2


class Faults(list[Fault]):
    """The faults found so far."""

    def add(self, code: str, place: Place | None, text: str, remedy: str = "") -> None:
        """Add one fault."""
        self.append(Fault(code, place, text, remedy))

    def refuse(self) -> None:
        """Raise them all, if there are any: file by file, in the order of each file."""
        files = list(dict.fromkeys(fault.place.file for fault in self if fault.place is not None))
        if self:
            raise ConfigError(*dict.fromkeys(sorted(self, key=lambda fault: _rank(fault.place, files))))


def _rank(place: Place | None, files: list[str]) -> tuple[int, int, int]:
    return (-1, 0, 0) if place is None else (files.index(place.file), place.line or 0, place.column or 0)


class UsageError(MpiError, ValueError):
    """An argument or option cannot be used; also a `ValueError`."""

    exit_code = 2


class UnmadeError(UsageError):
    """A picture, table or section that its figures do not allow: a publication leaves it out and says why.

    Attributes
    ----------
    why : mapping of str to str
        The reason by language, in small letters and without a full stop.
    """

    def __init__(self, fault: Fault, why: Mapping[str, str]) -> None:
        self.why = why
        super().__init__(fault)

    def __reduce__(self) -> tuple[type[MpiError], tuple[Any, ...]]:  # what __init__ takes
        return type(self), (self.faults[0], self.why)


class DataError(MpiError):
    """The microdata, or a profile, are refused."""

    exit_code = 1


class ResourceError(MpiError):
    """The machine gives the process too little memory, or too few threads or open files."""

    exit_code = 4


def nearest(name: str, known: Iterable[str]) -> Phrase | str:
    """A hint naming the known word that is nearest to a misspelt one, or an empty text.

    Examples
    --------
    >>> nearest("wieght", ["weight", "title"])
    "did you mean 'weight'?"
    >>> nearest("xyz", ["weight"])
    ''
    """
    word = nearest_word(name, known)
    if word is None:
        return ""
    if folded(word) == folded(name) and word != name:
        return phrase("did you mean {word!r}? (look at capitals, blanks and accents)", word=word)
    return phrase("did you mean {word!r}?", word=word)


def nearest_word(name: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to another: alike but for capitals, blanks and accents, or nearly spelt so."""
    words = list(known)
    alike = {folded(word): word for word in reversed(words)}
    if folded(name) in alike:
        return alike[folded(name)]
    return next(iter(difflib.get_close_matches(name, words, n=1, cutoff=0.6)), None)


def another_name(column: str, there: Sequence[str]) -> Phrase:
    """How to have a column read that is called otherwise in the files.

    Examples
    --------
    >>> another_name("age", ["edad", "sexo"])
    'use one of the columns (edad, sexo), or give its name there as `aliases: {age: [NAME]}`'
    """
    names = listed(there, MOST_NAMES)
    return phrase(
        "use one of the columns ({names}), or give its name there as `aliases: {{{column}: [NAME]}}`",
        names=names,
        column=column,
    )


def folded(name: str) -> str:
    """A name without capitals, accents and blanks around it."""
    import unicodedata

    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c)).strip().casefold()


def installing(extra: str) -> Phrase:
    """How to get the packages of an extra, whichever way this one was installed; it is in no public index.

    Examples
    --------
    >>> installing("dask")
    "install them: in a clone of mpi pip install '.[dask]', with its wheel pip install 'FILE.whl[dask]'"
    """
    return phrase(
        "install them: in a clone of mpi pip install '.[{extra}]', with its wheel pip install 'FILE.whl[{extra}]'",
        extra=extra,
    )


def printable(text: str) -> str:
    """The text with control and bidirectional characters escaped, line breaks and spaces kept: safe for a terminal."""
    if text.isprintable() and _BIDI.isdisjoint(text):
        return text
    return "".join(c if c in _KEPT or (c.isprintable() and c not in _BIDI) else f"\\u{ord(c):04x}" for c in text)


_KEPT = frozenset("\n\u00a0\u202f")  # the spaces stand between thousands
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
