"""The dimensions and indicators of a measure from its YAML file, with exact weights.

Weights are never rounded and never normalised in silence: what misses 1 is a fault unless the file says `normalize`.
Dimensions without weights leave two readings of their indicators' weights: shares of the whole score, or shares inside
the dimension. What adds up to 1 decides; where nothing does, `normalize` is refused and the weights of the dimensions
are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from mpi.config.gaps import read_gap
from mpi.config.keys.measures import COMBINATIONS, COMBINE, DIMENSION, INDICATOR, MONITOR
from mpi.config.nodes import Node, Section
from mpi.language import Phrase, phrase
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import MAX_INDICATORS
from mpi.vocabulary.options import INDICATOR_MISSING, NOBODY, IndicatorMissing

MAX_READABLE = 20  # larger denominators are shown as a decimal too
EXACTLY = phrase("write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`")
EXACTLY_INSIDE = phrase(
    "write exact fractions such as 1/3, leave `weight:` out for equal weights, or give each dimension a "
    "`weight:` and set `normalize: yes`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A dimension as written.

    Attributes
    ----------
    indicators : dict of str to (Node, Section)
        The node of each indicator's name, and what stands below it.
    scored : list of str
        Indicators in the score; the others are only monitored.
    given : dict of str to Fraction
        The weights that can be read, of scored indicators; they make sense only where `good`.
    good : bool
        Whether every weight that is written can be read.
    """

    name: str
    section: Section
    indicators: dict[str, tuple[Node, Section]]
    scored: list[str]
    given: dict[str, Fraction]
    good: bool

    @property
    def combined(self) -> bool:
        return "combine" in self.section

    @property
    def absolute(self) -> Fraction | None:
        """The sum of the indicators' weights, if each has one."""
        complete = self.scored and self.good and not self.combined and len(self.given) == len(self.scored)
        return sum(self.given.values(), Fraction(0)) if complete else None


def read_dimensions(section: Section) -> tuple[tuple[Dimension, ...], tuple[Indicator, ...]]:
    """The dimensions of a measure and all their indicators in bit order; adds every fault."""
    node = section.get("dimensions")
    if node is None:
        return (), ()
    normalize = section.read("normalize", Node.yes, False)
    parts = []
    taken: dict[str, Node] = {}
    for name, _, value in node.named("dimensions", phrase("a dimension"), {}):
        parts.append(_part(name, value, taken))
    if node.is_mapping and not node.content:
        node.wrong("MPI-M002", phrase("a measure needs at least one dimension"), phrase("add one under `dimensions:`"))
    weights = _dimension_weights(node, parts, normalize)
    settled = len(parts) == 1 or any("weight" in part.section for part in parts)
    remedy = EXACTLY if settled else EXACTLY_INSIDE
    dimensions: list[Dimension] = []
    indicators: list[Indicator] = []
    for part in parts:
        own = _indicators(part, weights[part.name], normalize, remedy)
        for indicator in own:
            if indicator.name in {other.name for other in indicators}:
                key, _ = part.indicators[indicator.name]
                key.wrong(
                    "MPI-M003",
                    phrase("the indicator {name!r} is in two dimensions", name=indicator.name),
                    phrase("give one of them another name"),
                )
        indicators += own
        dimensions.append(
            Dimension(
                name=part.name,
                title=part.section.read("title", Node.titles, {}),
                weight=weights[part.name],
                indicators=tuple(i.name for i in own),
                at_least=_at_least(part),
                legal_basis=part.section.read("legal_basis", Node.titles, {}),
                note=part.section.read("note", Node.titles, {}),
            )
        )
    if len(indicators) > MAX_INDICATORS:
        node.wrong(
            "MPI-M004",
            phrase(
                "{number} indicators; a measure has at most {max_indicators}",
                number=len(indicators),
                max_indicators=MAX_INDICATORS,
            ),
            phrase("split them into two measures"),
        )
    return tuple(dimensions), tuple(indicators)


def _part(name: str, node: Node, taken: dict[str, Node]) -> _Part:
    section = node.section(phrase("dimension {name}", name=name), DIMENSION, whole=True)
    inner = section.get("indicators")
    indicators = {}
    called = phrase("an indicator")
    for indicator, key, value in (
        inner.named(phrase("indicators of {name}", name=name), called, taken) if inner is not None else ()
    ):
        own = value.section(phrase("indicator {indicator}", indicator=indicator), INDICATOR, whole=True)
        indicators[indicator] = (key, own)
    if inner is not None and inner.is_mapping and not inner.content:
        inner.wrong(
            "MPI-M002",
            phrase("the dimension {name!r} has no indicator", name=name),
            phrase("add one, or remove the dimension"),
        )
    weights = {indicator: own.get("weight") for indicator, (_, own) in indicators.items()}
    scored = [indicator for indicator, weight in weights.items() if weight is None or not weight.says(MONITOR)]
    if indicators and not scored:
        text = phrase("the dimension {name!r} has only monitored indicators, so its weight has no effect", name=name)
        section.node.wrong("MPI-M002", text, phrase("give one of them a weight, or monitor them in another dimension"))
    given: dict[str, Fraction] = {}
    good = True
    for indicator in scored:
        weight = weights[indicator]
        if weight is None:
            continue
        share = weight.fraction(phrase("indicator {indicator}: weight", indicator=indicator))
        good = good and share is not None
        given[indicator] = share or Fraction(0)
        if share == 0:
            weight.wrong(
                "MPI-M005",
                phrase("the weight of {indicator!r} is 0", indicator=indicator),
                phrase("write `weight: {monitor}` to only report it", monitor=MONITOR),
            )
    return _Part(name=name, section=section, indicators=indicators, scored=scored, given=given, good=good)


def _dimension_weights(node: Node, parts: list[_Part], normalize: bool) -> dict[str, Fraction]:
    """Each dimension's share of the score; zeros after a fault."""
    nothing = {part.name: Fraction(0) for part in parts}
    written = [part for part in parts if "weight" in part.section]
    if not written:
        return _implied(node, parts, normalize)
    if len(written) < len(parts):
        left = [part.name for part in parts if part not in written]
        node.wrong(
            "MPI-M005",
            phrase("some dimensions have no weight: {names}", names=", ".join(left)),
            phrase("give all of them one, or none"),
        )
        return nothing
    given = {part.name: part.section.read("weight", Node.fraction, None) for part in parts}
    for part in parts:
        if given[part.name] == 0:
            part.section.found["weight"].wrong(
                "MPI-M005",
                phrase("the weight of the dimension {name!r} is 0", name=part.name),
                phrase("remove the dimension, or monitor its indicators"),
            )
    read = {name: value for name, value in given.items() if value is not None}
    if len(read) < len(parts):
        return nothing
    return _summing_to_one(read, node, "dimension weights", normalize)


def _implied(node: Node, parts: list[_Part], normalize: bool) -> dict[str, Fraction]:
    """Shares of dimensions without weights: as the final weights of their indicators give them, or equal ones."""
    equal = {part.name: Fraction(1, len(parts)) for part in parts}
    sums = {part.name: part.absolute for part in parts if part.absolute is not None}
    total = sum(sums.values(), Fraction(0))
    final = len(sums) == len(parts)  # every weight is written, so that they may be shares of the whole score
    if final and total == 1:
        return sums
    if len(parts) == 1 or all(value == 1 for value in sums.values()):
        return equal
    shown = ", ".join(f"{name} {value}" for name, value in sums.items())
    if normalize:
        if not final or len(set(sums.values())) > 1:
            text = phrase(
                "`normalize` could mean two things: the dimensions have no weight, "
                "and the weights of their indicators add up to: {shown}",
                shown=shown,
            )
            node.wrong("MPI-M005", text, _both_ways(sums, total, len(parts), final))
            return sums if final else equal
        return equal
    if final and abs(total - 1) <= max(abs(value - 1) for value in sums.values()):
        node.wrong(
            "MPI-M005",
            phrase(
                "the weights of all indicators add up to {total}{near}, not 1: {shown}",
                total=total,
                near=_near(total),
                shown=shown,
            ),
            phrase(
                "write exact fractions that add up to 1, such as 1/3; or give each dimension a `weight:` "
                "and set `normalize: yes`"
            ),
        )
        return sums
    return equal


def _both_ways(sums: Mapping[str, Fraction], total: Fraction, number: int, final: bool) -> Phrase:
    """What to write for either meaning of `normalize`."""
    inside = phrase("`weight: 1/{number}` in each dimension divides inside it", number=number)
    if not final or total == 0:
        return inside
    shares = ", ".join(f"{name} `weight: {value / total}`" for name, value in sums.items())
    return phrase("say which: {shares} divides all weights by their sum; {inside}", shares=shares, inside=inside)


def _near(total: Fraction) -> str:
    return f" ({float(total):.6g})" if total.denominator > MAX_READABLE else ""


def _summing_to_one(
    given: dict[str, Fraction], node: Node, what: str, normalize: bool, remedy: str = EXACTLY
) -> dict[str, Fraction]:
    total = sum(given.values(), Fraction(0))
    if total == 1:
        return given
    if normalize and total > 0:
        return {name: value / total for name, value in given.items()}
    shown = ", ".join(f"{name} {value}" for name, value in given.items())
    node.wrong(
        "MPI-M005",
        phrase(
            "the {what} add up to {total}{near}, not 1: {shown}", what=what, total=total, near=_near(total), shown=shown
        ),
        remedy,
    )
    return given


def _indicator_weights(part: _Part, whole: Fraction, normalize: bool, remedy: str) -> dict[str, Fraction]:
    """Each scored indicator's share of the whole score; 0 in a combined dimension, whose weight counts as a whole."""
    if part.combined:
        for name in part.given:
            weight = part.indicators[name][1].found["weight"]
            weight.wrong(
                "MPI-M006",
                phrase("{name!r} has a weight, but the dimension {name2!r} is combined", name=name, name2=part.name),
                phrase("remove the weight: the dimension's weight counts as a whole"),
            )
        return dict.fromkeys(part.scored, Fraction(0))
    if not part.given:
        return {name: whole / len(part.scored) for name in part.scored}
    if len(part.given) < len(part.scored):
        left = [name for name in part.scored if name not in part.given]
        part.section.node.wrong(
            "MPI-M005",
            phrase("some indicators of {name!r} have no weight: {names}", name=part.name, names=", ".join(left)),
            phrase("give all of them one, or none for equal weights"),
        )
        return dict.fromkeys(part.scored, Fraction(0))
    if not part.good or sum(part.given.values()) == whole:
        return part.given
    shares = _summing_to_one(
        part.given, part.section.node, phrase("indicator weights of {name!r}", name=part.name), normalize, remedy
    )
    return {name: value * whole for name, value in shares.items()}


def _indicators(part: _Part, whole: Fraction, normalize: bool, remedy: str) -> list[Indicator]:
    weights = _indicator_weights(part, whole, normalize, remedy)
    found = (_indicator(name, part, own, weights) for name, (_, own) in part.indicators.items())
    return [indicator for indicator in found if indicator is not None]


def _indicator(name: str, part: _Part, section: Section, weights: Mapping[str, Fraction]) -> Indicator | None:
    deprived = section.read("deprived", Node.rule, None)
    eligible = section.read("eligible", Node.rule, None)
    nobody = section.choice("nobody", NOBODY)
    missing: IndicatorMissing = section.choice("missing", INDICATOR_MISSING) or "unknown"
    if "eligible" in section and "nobody" not in section:
        text = phrase(
            "the indicator {name!r} has `eligible` and does not say the result when nobody is eligible", name=name
        )
        section.node.wrong(
            "MPI-M007", text, phrase("add one of: {names}", names=", ".join(f"`nobody: {o}`" for o in NOBODY))
        )
    if "nobody" in section and "eligible" not in section:
        section.found["nobody"].wrong(
            "MPI-M007",
            phrase("the indicator {name!r} has `nobody` without `eligible`", name=name),
            phrase("remove it, or say who is `eligible:`"),
        )
    title: dict[str, str] = section.read("title", Node.titles, {})
    legal_basis: dict[str, str] = section.read("legal_basis", Node.titles, {})
    note: dict[str, str] = section.read("note", Node.titles, {})
    words: dict[str, str] = section.read("words", Node.titles, {})
    if deprived is None:
        return None
    return Indicator(
        name=name,
        dimension=part.name,
        title=title,
        weight=weights.get(name, Fraction(0)),
        deprived=deprived,
        eligible=eligible,
        nobody=nobody,
        missing=missing,
        monitor=name not in part.scored,
        legal_basis=legal_basis,
        note=note,
        words=words,
        gap=read_gap(name, section),
    )


def _at_least(part: _Part) -> int | None:
    node = part.section.get("combine")
    if node is None:
        return None
    number = max(1, len(part.scored))
    if node.is_mapping:
        inner = node.section("combine", COMBINE)
        return inner.read("at_least", lambda value, what: value.whole(what, 1, number), None)
    word = node.choice("combine", COMBINATIONS)
    return None if word is None else {"any": 1, "all": number}[word]
