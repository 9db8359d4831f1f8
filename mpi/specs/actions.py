"""What a programme does to deprivations: close one, reduce it by a share, or raise it; for everybody or for some.

An action is written as a sentence, the same in Python, on the command line and in a study:
`reduce sanitation by 1/2 in area=rural if poor`. Shares are exact fractions.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from fractions import Fraction

from mpi.language import phrase
from mpi.specs.exact import fraction
from mpi.vocabulary.options import PLAN_KINDS, PlanKind

_SENTENCE = re.compile(
    r"\s*(?P<kind>\S+)\s+(?P<indicator>\S+)(?:\s+by\s+(?P<share>[^\s]+(?:\s*/\s*[0-9]+|\s*%)?))?"
    r"(?:\s+in\s+(?P<domains>.+?))?(?:\s+if\s+(?P<condition>.+?))?\s*"
)
Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action on one deprivation.

    Attributes
    ----------
    kind : {"close", "reduce", "raise"}
        The deprivation becomes none; each deprived household is lifted out of it with probability `share`; each that is
        not deprived falls into it with probability `share`.
    indicator : str
    share : Fraction
        In [0, 1]; of `close` 1.
    where : tuple of (str, tuple of str)
        Domains with the codes that it is for; households must be in all of them. Empty: everybody.
    condition : str
        Of the household, on its deprivations by name and `poor`: `poor and not water`. Empty: none.

    Examples
    --------
    >>> action_of("reduce water by 1/2 in zone=1,2 if poor").share
    Fraction(1, 2)
    """

    kind: PlanKind
    indicator: str
    share: Fraction = Fraction(1)
    where: Where = ()
    condition: str = ""

    @property
    def text(self) -> str:
        """The action as it is written."""
        parts: list[str] = [self.kind, self.indicator]
        if self.kind != "close":
            parts += ["by", str(self.share)]
        if self.where:
            parts += ["in", *(shlex.quote(f"{name}={','.join(codes)}") for name, codes in self.where)]
        if self.condition:
            parts += ["if", self.condition]
        return " ".join(parts)


def action_of(text: str) -> Action:
    """An action from its sentence.

    Parameters
    ----------
    text : str
        `close INDICATOR`, `reduce INDICATOR by SHARE` or `raise INDICATOR by SHARE`; then, as wanted,
        `in DOMAIN=CODE,CODE` (several domains one after the other) and `if CONDITION`.

    Raises
    ------
    ValueError
        With what is wrong.
    """
    found = _SENTENCE.fullmatch(text)
    kind: PlanKind | None = next((one for one in PLAN_KINDS if found and one == found["kind"]), None)
    if found is None or kind is None:
        raise ValueError(phrase("an action begins with close, reduce or raise and the name of an indicator"))
    return Action(
        kind=kind,
        indicator=found["indicator"],
        share=_share(kind, found["share"]),
        where=_where(found["domains"]),
        condition=found["condition"] or "",
    )


def _share(kind: PlanKind, text: str | None) -> Fraction:
    if kind == "close":
        if text is not None:
            raise ValueError(phrase("`close` has no share: write `reduce` with one"))
        return Fraction(1)
    if text is None:
        raise ValueError(phrase("the share is missing: write `by 1/2`"))
    share = fraction(text)
    if share > 1:
        raise ValueError(phrase("a share above 1: write a fraction or a percentage, as 1/2 or 50%"))
    return share


def _where(text: str | None) -> Where:
    try:
        items = shlex.split(text or "")
    except ValueError as error:
        raise ValueError(phrase("a quotation mark is not closed")) from error
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        name, equals, codes = item.partition("=")
        wanted = tuple(code for code in codes.split(",") if code)
        if not name or not equals or not wanted:
            raise ValueError(phrase("{item!r} names no domain with its codes: write zone=1,2", item=item))
        if name in found:
            raise ValueError(phrase("the domain {name!r} is named twice", name=name))
        found[name] = wanted
    return tuple(found.items())
