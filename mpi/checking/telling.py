"""The explanation of one household as lines for a screen: rules, what they saw, verdicts, score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mpi.checking.correcting import Correction
from mpi.checking.examples import POOR
from mpi.checking.explaining import Explained, Judged, Standing, Verdict
from mpi.errors import counted, joined
from mpi.language import in_language, number_phrase, phrase, template
from mpi.rules import Rule
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import Measure
from mpi.specs.standing import shown_title
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import title_in

VERDICTS = {True: phrase("DEPRIVED"), False: phrase("NOT DEPRIVED"), None: phrase("UNKNOWN")}
NOBODY = {
    "deprived": phrase("deprived", context="verdict"), "not_deprived": phrase("not deprived", context="verdict"),
    "unknown": phrase("unknown"),
}  # fmt: skip
COMBINED = {**VERDICTS, None: phrase("NOT KNOWN")}
MOST_WAYS = 6  # sets that are shown
MONITORED = phrase("monitored, not in the score")
# By whether the unit is poor, and whether its score is exactly k.
STANDINGS = {
    (True, False): template("poor at k {k}: the score is {distance} above the cutoff"),
    (True, True): template("poor at k {k}: the score is exactly on the cutoff"),
    (False, False): template("not poor at k {k}: the score is {distance} below the cutoff"),
    (False, True): template("not poor at k {k}: the score is exactly on the cutoff"),
}


def entitled(name: str, titles: Titles, language: str, *more: str) -> str:
    """A name with its title, if it has one, and more remarks in brackets."""
    title = title_in(titles, language, "")
    remarks = joined([part for part in (title, *more) if part], "; ")
    return phrase("{name} ({remarks})", name=name, remarks=remarks) if title or more else name


def lines(
    units: Sequence[Explained], measure: Measure, language: str = "en", corrections: Sequence[Correction] = ()
) -> list[str]:
    """The explanation as lines for a screen; corrections are those that it was asked with."""
    made: list[str] = [title_in(shown_title(measure), language, measure.name)]
    for unit in units:
        if measure.level == "person":
            made.append(phrase("person {names}", names=", ".join(unit.members)))
        elif unit.members:
            members = counted(len(unit.members), "person")
            made.append(phrase("household of {persons}: {names}", persons=members, names=", ".join(unit.members)))
        for dimension in measure.dimensions:
            own = [item for item in unit.judged if item.indicator.dimension == dimension.name]
            made += [line for item in own for line in _indicator_lines(item, unit.members, language)]
            scored = sum(not item.indicator.monitor for item in own)
            made += [_dimension_line(*found, scored, language) for found in unit.dimensions if found[0] == dimension]
        made += _score_lines(unit, measure)
        if unit.corrected is not None:
            made += _corrected_lines(unit, unit.corrected, corrections)
    return [in_language(line, language) for line in made]


def _indicator_lines(item: Judged, members: Sequence[str], language: str) -> list[str]:
    indicator = item.indicator
    if indicator.monitor:
        weight = MONITORED
    elif indicator.weight:
        weight = phrase("weight {weight}", weight=indicator.weight)
    else:
        weight = phrase("in {dimension}", dimension=indicator.dimension)
    verdict = VERDICTS[item.deprived]
    if item.counts_as != item.deprived:
        verdict = phrase("{verdict}, counts as {other}", verdict=verdict, other=VERDICTS[item.counts_as])
    made: list[str] = [joined(("  ", entitled(indicator.name, indicator.title, language, weight), ": ", verdict))]
    if indicator.eligible is not None and item.eligible is not None:
        made.append(_eligible_line(indicator, indicator.eligible, dict(zip(members, item.eligible, strict=True))))
    made.append(phrase("      rule: {rule}", rule=indicator.deprived.text))
    for seen in item.seen:
        rule = f"   [{seen.rule}]" if seen.rule else ""
        made.append(joined((f"      {'  ' * seen.depth}{seen.name} = ", joined(seen.values, ", "), rule)))
    return made


def _eligible_line(indicator: Indicator, rule: Rule, words: Mapping[str, str]) -> str:
    """Whom the rule of an indicator sees, of members each with yes, no or unknown."""
    seen = [
        phrase("{name} (unknown)", name=name) if word == "unknown" else name
        for name, word in words.items()
        if word != "no"
    ]
    if seen:
        return number_phrase(  # the plural is that of other languages
            len(seen),
            "      eligible: {rule}: person {names}",
            "      eligible: {rule}: person {names}",
            rule=rule.text,
            names=joined(seen, ", "),
        )
    verdict = NOBODY[indicator.nobody or "unknown"]
    return phrase("      eligible: {rule}: nobody, hence {verdict}", rule=rule.text, verdict=verdict)


def _dimension_line(dimension: Dimension, verdict: Verdict, number: int, language: str) -> str:
    remarks = (
        phrase("weight {weight}", weight=dimension.weight),
        number_phrase(dimension.at_least or 0, "{number} of {all} needed", "{number} of {all} needed", all=number),
    )
    called = entitled(dimension.name, dimension.title, language, *remarks)
    return phrase("  dimension {dimension}: {verdict}", dimension=called, verdict=COMBINED[verdict])


def _score_lines(unit: Explained, measure: Measure) -> list[str]:
    if unit.score is None:
        holes = [i.indicator.name for i in unit.judged if i.counts_as is None and not i.indicator.monitor]
        text = phrase(
            "  score: not known, for {names}; left out of every figure (missing: {option})",
            names=", ".join(holes),
            option=measure.missing,
        )
        return [text]
    made: list[str] = [phrase("  score: {score} = {decimal:.4f}", score=unit.score, decimal=float(unit.score))]
    for standing in unit.standings:
        cutoff, distance = standing.cutoff, standing.distance or Fraction(0)
        said = phrase(STANDINGS[bool(standing.poor), not distance], k=cutoff.text, distance=abs(distance))
        made.append(joined(("  ", f"{cutoff.name}: " if cutoff.name else "", said)))
        made += _ways(standing)
    return made


def _ways(standing: Standing) -> list[str]:
    """What would turn the verdict."""
    if standing.poor:
        alone = ", ".join(standing.lifting) or phrase("none")
        made: list[str] = [phrase("    single indicators that would lift it out: {names}", names=alone)]
        sets = None if standing.sets is None else [one for one in standing.sets if len(one) > 1]
        if sets:
            told = joined(["    ", joined([" + ".join(one) for one in sets[:MOST_WAYS]], "; ")])
            made.append(
                number_phrase(
                    len(sets),
                    "    or {number:,} set of several, all of which must go, by size:",
                    "    or {number:,} sets of several, all of which must go, by size:",
                )
            )
            made.append(joined(["  ", told, "; ..." if len(sets) > MOST_WAYS else ""]))
        elif sets is None:
            made.append(phrase("    or sets of several: too many to list"))
        return made
    if standing.poor is False:
        sinking = ", ".join(standing.sinking) or phrase("none")
        return [phrase("    single indicators that would make it poor: {names}", names=sinking)]
    return []


def _corrected_lines(unit: Explained, other: Explained, corrections: Sequence[Correction]) -> list[str]:
    """What would be another verdict if data were corrected."""
    made: list[str] = [phrase("  if it were corrected ({corrections}):", corrections=joined(corrections, ", "))]
    for before, after in zip(unit.judged, other.judged, strict=True):
        if (before.deprived, before.counts_as) != (after.deprived, after.counts_as):
            made.append(
                phrase(
                    "    {name}: {before} -> {after}",
                    name=before.indicator.name,
                    before=VERDICTS[before.deprived],
                    after=VERDICTS[after.deprived],
                )
            )
    if len(made) == 1:
        made.append(phrase("    no verdict would change"))
        return made
    scores = [phrase("not known") if one.score is None else str(one.score) for one in (unit, other)]
    made.append(phrase("    score: {before} -> {after}", before=scores[0], after=scores[1]))
    for now, then in zip(unit.standings, other.standings, strict=True):
        k = now.cutoff.text
        made.append(phrase("    at k {k}: {before} -> {after}", k=k, before=POOR[now.poor], after=POOR[then.poor]))
    return made
