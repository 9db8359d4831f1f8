"""Why a number is missing or must be read with care: the column `note`, in English and in the language of a reader.

Tables of figures have English notes, since they are the same in every language; a sheet of a workbook is read in one.
"""

from __future__ import annotations

import re

from mpi.language import Phrase, phrase, template
from mpi.language.catalogues import SOURCE, Language
from mpi.specs.reliability import Reliability, reasons_in

NOBODY_BELOW = template("unknown: nobody in the denominator")
NOTES = (
    "", template("no unit"), template("unknown for every unit"), template("nobody is poor"),
    NOBODY_BELOW,
    template("census: no sampling error"), template("too few replicates are defined: no error"),
    template("one PSU: its variance has no estimate"), template("one household: its variance has no estimate"),
    template("no degrees of freedom: the variance has no estimate"), template("no interval at 0 or 1"),
    template("0 or 1 in the whole sample: its standard error of 0 is no precision"),
    template("the standard error is 0 by arithmetic, which is no precision"),
    template("no income is known"), template("incomes do not vary: an income line has no error"),
    template("every unit of its strata was drawn: no sampling error"),
)  # fmt: skip
_UNDEFINED = re.compile(r"(\d+) replicates undefined")


def undefined_replicates(number: int) -> Phrase:
    """That some replicates of an estimate are not defined."""
    return phrase("{undefined} replicates undefined", undefined=number)


def note_in(note: str, rules: Reliability | None, language: Language) -> str:
    """A note of a result in a language; what it does not know stays as it is.

    Parameters
    ----------
    note : str
        As it stands in the column `note`.
    rules : Reliability, optional
        That judged the figures.
    language : str
    """
    english, said = ((), ()) if rules is None else (reasons_in(rules, SOURCE), reasons_in(rules, language))
    rule = next((number for number, text in enumerate(english) if text and note.endswith(text)), None)
    before = note if rule is None else note[: len(note) - len(english[rule])].removesuffix("; ")
    parts = [_part_in(part, language) for part in before.split("; ")]
    return "; ".join(filter(None, [*parts, "" if rule is None else said[rule]]))


def _part_in(part: str, language: Language) -> str:
    if part in NOTES:
        return phrase(part).to(language) if part else ""
    undefined = _UNDEFINED.fullmatch(part)
    return undefined_replicates(int(undefined[1])).to(language) if undefined else part
