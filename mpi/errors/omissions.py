"""What a publication leaves out: a picture, table or section that cannot be made, and why, in each language.

A publication never dies of one picture. What the figures do not allow (all hidden, one group, one round, nobody poor)
raises `UnmadeError` where the condition is known. A fault of the program in one picture loses that picture alone, but
loudly. What concerns the whole run (a full disk, a package that is missing, too little memory) still stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mpi.errors import Fault, MpiError, Notice, UnmadeError, listed
from mpi.errors.resources import raise_scarce
from mpi.language import Language, phrase, translated
from mpi.language.catalogues import SOURCE

T = TypeVar("T")
LEFT_OUT, FAULTY = "MPI-N170", "MPI-N171"
MOST_NAMED = 8  # parts that a notice names; the manifest names all
REASONS: Mapping[str, Mapping[str, str]] = {
    "hidden": translated("none of its figures may be shown"),
    "undefined": translated("none of its figures is defined"),
    "zero": translated("all its figures are 0"),
    "nobody": translated("nobody is poor at that cutoff"),
    "groups": translated("it needs {least} groups with a figure, and there are {count}"),
    "few": translated("the domain has fewer than {least} groups"),
    "many": translated("it would have {count} rows or lines, more than the {most} that can be read"),
    "round": translated("there is a single round"),
    "cutoff": translated("there is a single cutoff k"),
    "areas": translated("none of its areas has a figure to show"),
    "absent": translated("the figures have no such rows"),
    "sdg": translated("the study does not say which area and domains are those of the goals: `sdg:` is missing"),
    "time": translated("the period {period} is not written as SDMX writes time, such as 2025 or 2025-Q1"),
    "table": translated("the table with its figures is empty"),
    "weasyprint": translated("it needs WeasyPrint, which is not installed: it is in the extra `pdf`"),
    "pango": translated("WeasyPrint needs Pango, a library of the system that is not installed"),
    "fault": translated("by a fault of the program ({where}); please report it"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Omission:
    """One part of a publication that is left out.

    Attributes
    ----------
    part : str
        Its file below the publication without ending and language, such as `charts/ranked.zona`; a part of a file
        after `#`.
    why : mapping of str to str
        The reason by language.
    fault : bool
        Whether it is a fault of the program, not something that the figures do not allow.
    """

    part: str
    why: Mapping[str, str]
    fault: bool = False


@dataclass(frozen=True, slots=True)
class _Why:
    """A reason as a value of a phrase."""

    by: Mapping[str, str]

    def __str__(self) -> str:
        return self.to("en")

    def to(self, language: Language) -> str:
        """The reason in a language; English where it has none."""
        return self.by.get(language) or self.by["en"]


def reason(name: str, **values: object) -> dict[str, str]:
    """A reason in every language.

    Examples
    --------
    >>> reason("round")["en"]
    'there is a single round'
    """
    return {language: text.format(**values) for language, text in REASONS[name].items()}


MORE = phrase("estimate more groups, rounds or cutoffs, or take other disclosure rules")


def unmade(name: str, *, code: str = "MPI-P170", remedy: str = MORE, **values: object) -> UnmadeError:
    """The error that says why a picture, table or section is not made; to be raised."""
    why = reason(name, **values)
    return UnmadeError(Fault(code, None, phrase("this cannot be made: {why}", why=_Why(why)), remedy), why)


def attempted(part: str, make: Callable[[], T], left_out: list[Omission]) -> T | None:
    """What a function makes; None where it cannot be made, which is then noted in `left_out`.

    Raises
    ------
    MpiError, OSError, MemoryError
        What concerns more than this part: a full disk, a missing package, a faulty option.
    """
    try:
        return make()
    except UnmadeError as error:
        left_out.append(Omission(part, error.why))
    except (MpiError, OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the rest of the publication does not depend on it
        raise_scarce(error)
        left_out.append(Omission(part, reason("fault", where=where(error)), fault=True))
    return None


def where(error: Exception) -> str:
    """Kind, module and line of an exception; its text may quote data."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = "?" if at is None else f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"
    return f"{type(error).__name__} at {place}"


def notices_of(left_out: Sequence[Omission]) -> tuple[Notice, ...]:
    """One notice for each reason, with all parts that it concerns; faults of the program one by one."""
    faults: list[Notice] = []
    others: dict[str, list[str]] = {}
    reasons = {each.why["en"]: each.why for each in left_out}
    for part, why, fault in dict.fromkeys((each.part, each.why["en"], each.fault) for each in left_out):
        if fault:
            text = phrase("{part} is left out {why}; everything else is written", part=part, why=_Why(reasons[why]))
            faults.append(Notice(FAULTY, text))
        else:
            others.setdefault(why, []).append(part)
    return (
        *faults,
        *(
            Notice(
                LEFT_OUT,
                phrase("left out, because {why}: {parts}", why=_Why(reasons[why]), parts=listed(parts, MOST_NAMED)),
            )
            for why, parts in others.items()
        ),
    )


def as_records(left_out: Sequence[Omission], languages: Sequence[Language]) -> list[dict[str, object]]:
    """What is left out, each part and reason once, in some languages, as JSON can hold it."""
    seen = {
        (one.part, one.why[SOURCE]): {
            "part": one.part,
            "why": {language: one.why[language] for language in languages},
            "fault": one.fault,
        }
        for one in left_out
    }
    return list(seen.values())
