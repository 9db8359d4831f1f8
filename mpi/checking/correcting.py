"""A datum of a household corrected: what the verdict would be if it were another value, for a claim or a complaint.

The value takes the place of what the survey supplies for a variable of the measure; all that rests on it follows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mpi.columns.values import LARGEST_EXACT, Mask, Number, Text, Truth, Values
from mpi.errors import Fault, UsageError, listed, nearest
from mpi.language import phrase
from mpi.rules import Frame
from mpi.specs.measure import Measure, Variable

UNKNOWN = ("unknown", "desconocido", "desconhecido")
YES, NO = ("yes", "true", "sí", "si", "sim"), ("no", "false", "não", "nao")


@dataclass(frozen=True, slots=True)
class Correction:
    """One variable with the value that it should have.

    Attributes
    ----------
    member : str
        The person's part of the key of whom it is; empty for a household's.
    """

    name: str
    value: str
    member: str = ""

    def __str__(self) -> str:
        return f"{self.member}:{self.name} = {self.value}" if self.member else f"{self.name} = {self.value}"


def corrections_of(texts: Sequence[str], measure: Measure) -> tuple[Correction, ...]:
    """Corrections as they are written: `VARIABLE=VALUE`, or `MEMBER:VARIABLE=VALUE` for a member of the household.

    Raises
    ------
    UsageError
        With every one that names no variable of the measure, or gives it twice.
    """
    found: dict[tuple[str, str], Correction] = {}
    faults = []
    for text in texts:
        left, sign, value = text.partition("=")
        member, _, name = left.rpartition(":")
        one = Correction(name.strip(), value.strip(), member.strip())
        if not sign or not one.name or not one.value:
            told = phrase("{text!r} does not give a variable a value", text=text)
            faults.append(Fault("MPI-U252", None, told, phrase("write VARIABLE=VALUE, or MEMBER:VARIABLE=VALUE")))
        elif one.name not in measure.variables:
            told = phrase("the measure has no variable {name!r}", name=one.name)
            remedy = nearest(one.name, measure.variables) or phrase(
                "it has {names}", names=listed(list(measure.variables), 40)
            )
            faults.append(Fault("MPI-U252", None, told, remedy))
        elif (one.member, one.name) in found:
            told = phrase("{name} is corrected twice", name=one.name)
            faults.append(Fault("MPI-U252", None, told, phrase("give it one value")))
        found[one.member, one.name] = one
    if faults:
        raise UsageError(*faults)
    return tuple(found.values())


def corrected(
    raw: Frame, computed: Frame, corrections: Sequence[Correction], measure: Measure, members: Sequence[str]
) -> Frame:
    """The block of one household with other values, from which all the rest can be computed anew.

    Parameters
    ----------
    raw : Frame
        As it is read.
    computed : Frame
        The same with the plan's columns.
    corrections : sequence of Correction
    measure : Measure
    members : sequence of str
        The person's part of the key of each member.

    Raises
    ------
    UsageError
        With every correction that does not fit.
    """
    made = Frame(raw.sizes, dict(raw.persons), dict(raw.households))
    faults = []
    for one in corrections:
        of_persons = one.name in computed.persons
        before = (computed.persons if of_persons else computed.households).get(one.name)
        if before is None:
            told = phrase("no rule of the measure reads {name}", name=one.name)
            faults.append(Fault("MPI-U252", None, told, phrase("leave it out: nothing would change")))
            continue
        row, fault = _row(one, members, of_persons=of_persons)
        if fault is None:
            values, fault = _with(before, row, one, measure.variables[one.name])
        if fault is not None:
            faults.append(fault)
            continue
        columns = made.persons if of_persons else made.households
        earlier = columns.get(one.name)
        if earlier is not None:  # of another member
            values, _ = _with(earlier, row, one, measure.variables[one.name])
        columns[one.name] = values
    if faults:
        raise UsageError(*faults)
    return made


def _row(one: Correction, members: Sequence[str], *, of_persons: bool) -> tuple[int, Fault | None]:
    if not of_persons:
        if not one.member:
            return 0, None
        told = phrase("{name} is the household's here, not that of a member", name=one.name)
        return 0, Fault("MPI-U252", None, told, phrase("leave the member out: {name}=VALUE", name=one.name))
    if one.member in members:
        return list(members).index(one.member), None
    if not one.member and len(members) == 1:
        return 0, None
    told = (
        phrase("the household has no member {name!r}", name=one.member)
        if one.member
        else phrase("{name} differs between members, and it is not said whose is corrected", name=one.name)
    )
    return 0, Fault(
        "MPI-U252", None, told, phrase("write MEMBER:{name}=VALUE; `mpi explain` shows the members", name=one.name)
    )


def _with(values: Values, row: int, one: Correction, variable: Variable) -> tuple[Values, Fault | None]:
    """A column with another value in a row."""
    known = np.ones(len(values), np.bool_) if values.known is None else values.known.copy()
    if one.value.lower() in UNKNOWN:
        known[row] = False
        return _copied(values, known), None
    known[row] = True
    match values:
        case Number():
            number = _number(one.value)
            if number is None:
                return values, _misfit(one, phrase("a number"))
            if number % 1 or values.values.dtype.kind == "f":
                decimals = values.values.astype(np.float64)
                decimals[row] = number
                return Number(decimals, known), None
            whole = values.values.astype(np.int64)
            whole[row] = int(number)
            return Number(whole, known), None
        case Truth():
            if one.value.lower() not in YES + NO:
                return values, _misfit(one, phrase("yes or no"))
            true = values.true.copy()
            true[row] = one.value.lower() in YES
            return Truth(true, known), None
        case Text():
            allowed = variable.kind.labels
            if allowed is not None and one.value not in allowed:
                return values, _misfit(one, phrase("one of {names}", names=listed(sorted(allowed), 40)))
            labels = (*values.labels, one.value) if one.value not in values.labels else values.labels
            codes = values.codes.astype(np.int64)
            codes[row] = labels.index(one.value)
            return Text(codes, labels, known), None


def _copied(values: Values, known: Mask) -> Values:
    match values:
        case Number():
            return Number(np.where(known, values.values, 0), known)
        case Truth():
            return Truth(values.true & known, known)
        case Text():
            return Text(np.where(known, values.codes, 0), values.labels, known)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < LARGEST_EXACT else None


def _misfit(one: Correction, wanted: object) -> Fault:
    told = phrase("{value!r} is no value of {name}", value=one.value, name=one.name)
    return Fault("MPI-U252", None, told, phrase("write {wanted}, or `unknown`", wanted=wanted))
