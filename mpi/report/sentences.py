"""Sentences with numbers: each is made from estimates, their intervals and their standing, and from nothing else.

What is hidden or undefined is said to be so; a change is called one only where its interval or test allows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from mpi.report.lookup import Change, Estimate
from mpi.wording import MARKS, NOTHING, THIN_SPACE, UNITS, Language, figure, form_of, number

MILLION = 1_000_000
# What is not published with a number, and how it is told.
UNTOLD = {"hidden": ("no se publica", "is not published"), "undefined": ("no tiene dato", "has no figure")}
NAMES = {
    "H": ("la incidencia (H)", "the headcount ratio (H)"),
    "A": ("la intensidad (A)", "intensity (A)"),
    "M0": ("la incidencia ajustada (M0)", "the adjusted headcount ratio (M0)"),
}


def pick(language: Language, spanish: str, english: str) -> str:
    """The text of a language."""
    return spanish if language == "es" else english


def percent(value: float | None, language: Language, digits: int = 1) -> str:
    r"""A proportion as a percentage with its sign.

    Examples
    --------
    >>> percent(0.1234, "es"), percent(0.1234, "en")
    ('12,3\u202f%', '12.3%')
    """
    return figure(value, "percent", language, digits) + pick(language, f"{THIN_SPACE}%", "%")


def percent_of_level(level: float, language: Language) -> str:
    """A confidence level in percent, without the sign."""
    return number(100 * level, language, 0 if abs(100 * level - round(100 * level)) < 1e-9 else 1)  # noqa: PLR2004


def between(low: float | None, high: float | None, statistic: str, language: Language) -> str:
    """An interval: `11.2 to 13.4`; a dash if there is none."""
    if low is None or high is None:
        return NOTHING
    form = form_of(statistic)
    return f"{figure(low, form, language)} {pick(language, 'a', 'to')} {figure(high, form, language)}"


def value(statistic: str, estimate: Estimate, language: Language) -> str:
    """The number of an estimate with its unit, without its interval."""
    if form_of(statistic) == "percent":
        return percent(estimate.value, language)
    return figure(estimate.value, form_of(statistic), language)


def with_interval(statistic: str, estimate: Estimate, level: float, language: Language) -> str:
    """The number with its interval in brackets, and what its reliability mark means in words."""
    told = value(statistic, estimate, language)
    if estimate.interval:
        sign = pick(language, f"{THIN_SPACE}%", "%")
        name = pick(language, "IC", "CI")
        of_level = f"{percent_of_level(level, language)}{sign}"
        label = f"{name} {of_level}" if language == "es" else f"{of_level} {name}"
        told += f" ({label}: {between(estimate.low, estimate.high, statistic, language)})"
    if estimate.standing in ("caution", "review"):
        told += pick(language, f", cifra {_doubt(estimate, language)}", f", {_doubt(estimate, language)}")
    return told


def _doubt(estimate: Estimate, language: Language) -> str:
    if estimate.standing == "caution":
        return pick(language, "de precisión aceptable", "a figure of acceptable precision")
    return pick(language, "poco confiable", "an unreliable figure")


def untold(estimate: Estimate | Change, language: Language) -> str:
    """What is said in the place of a number."""
    return pick(language, *UNTOLD["hidden" if estimate.standing == "hidden" else "undefined"])


def headline(
    found: dict[str, Estimate], *, unit: str, period: str, k: str, level: float, language: Language
) -> list[str]:
    """What H, A, M0 and the number of the poor are; one sentence each.

    Parameters
    ----------
    found : dict
        By statistic: `H`, `poor`, `A`, `M0`.
    """
    units = UNITS[unit][language]
    first, poor, intensity, adjusted = (found[name] for name in ("H", "poor", "A", "M0"))
    told = []
    if first.value is None:
        told.append(pick(language, f"En {period}, {NAMES['H'][0]} {untold(first, language)}.",
                         f"In {period}, {NAMES['H'][1]} {untold(first, language)}."))  # fmt: skip
    else:
        share = with_interval("H", first, level, language)
        told.append(
            pick(
                language,
                f"En {period}, el {share} de {_the(units)} estaba en pobreza multidimensional (k = {k}).",
                f"In {period}, {share} of {units} were multidimensionally poor (k = {k}).",
            )
        )
    if poor.value is not None:
        count = with_interval("poor", poor, level, language)
        told.append(
            pick(language, f"Son {_of_millions(count, poor.value, units)}.", f"These are {_put(count, units)}.")
        )
    if intensity.value is not None:
        share = with_interval("A", intensity, level, language)
        told.append(
            pick(
                language,
                f"En promedio, quienes son pobres tienen privaciones en el {share} de los indicadores ponderados.",
                f"On average the poor are deprived in {share} of the weighted indicators.",
            )
        )
    elif first.value is not None:
        told.append(_nothing("A", intensity, language))
    if adjusted.value is not None:
        index = with_interval("M0", adjusted, level, language)
        told.append(
            pick(
                language,
                f"La incidencia ajustada (M0), que reúne cuántos son pobres y cuánto lo son, es {index}.",
                f"The adjusted headcount ratio (M0), which joins how many are poor and how poor they are, is {index}.",
            )
        )
    else:
        told.append(_nothing("M0", adjusted, language))
    return told


def _the(units: str) -> str:
    return {"personas": "las personas", "hogares": "los hogares"}.get(units, units)


def _put(count: str, units: str) -> str:
    """The unit after the number and before the interval."""
    first, bracket, rest = count.partition(" (")
    return f"{first} {units}{bracket}{rest}"


def _of_millions(count: str, value: float, units: str) -> str:
    first, bracket, rest = count.partition(" (")
    linked = " de " if value >= MILLION and round(value) % MILLION == 0 else " "
    return f"{first}{linked}{units}{bracket}{rest}"


def _nothing(statistic: str, estimate: Estimate, language: Language) -> str:
    subject = pick(language, *NAMES[statistic])
    return f"{subject[0].upper()}{subject[1:]} {untold(estimate, language)}."


def amount(statistic: str, size: float, language: Language) -> str:
    """The size of a change: percentage points for proportions, else a number."""
    form = form_of(statistic)
    if form != "percent":
        return figure(size, form, language)
    return f"{figure(size, 'percent', language)} {pick(language, 'puntos porcentuales', 'percentage points')}"


def changed(statistic: str, change: Change, *, before: str, after: str, level: float, language: Language) -> str:
    """What became of a statistic between two rounds."""
    subject = pick(language, *NAMES[statistic])
    subject = subject[0].upper() + subject[1:]
    if change.value is None:
        return pick(language, f"El cambio de {NAMES[statistic][0]} entre {before} y {after}"
                              f" {untold(change, language)}.",
                    f"The change of {NAMES[statistic][1]} from {before} to {after}"
                    f" {untold(change, language)}.")  # fmt: skip
    known = change.significant(level)
    if known is False:
        return pick(
            language,
            f"{subject} no cambió de manera significativa entre {before} y {after}"
            f" ({_detail(statistic, change, level, language)}).",
            f"{subject} did not change significantly from {before} to {after}"
            f" ({_detail(statistic, change, level, language)}).",
        )
    size = amount(statistic, abs(change.value), language)
    if float(change.value) == 0:
        return pick(language, f"{subject} es la misma en {before} y en {after}.",
                    f"{subject} is the same in {before} and {after}.")  # fmt: skip
    verb = pick(language, "bajó" if change.value < 0 else "subió", "fell" if change.value < 0 else "rose")
    if known is None:
        return pick(
            language,
            f"{subject} {verb} {size} entre {before} y {after}; no hay error de muestreo con que juzgar si el cambio"
            " es significativo.",
            f"{subject} {verb} by {size} from {before} to {after}; there is no sampling error by which to judge whether"
            " the change is significant.",
        )
    interval = ""
    if change.low is not None and change.high is not None:
        interval = f" ({_detail(statistic, change, level, language)})"
    return pick(
        language,
        f"{subject} {verb} {size} entre {before} y {after}{interval}; el cambio es significativo.",
        f"{subject} {verb} by {size} from {before} to {after}{interval}; the change is significant.",
    )


def _detail(statistic: str, change: Change, level: float, language: Language) -> str:
    points = form_of(statistic) == "percent"
    told = figure(change.value, form_of(statistic), language)
    of_level = percent_of_level(level, language)
    told = pick(language, f"cambio de {told}", f"change of {told}")
    if points:
        told += pick(language, " p. p.", " pp")
    if change.low is not None and change.high is not None:
        name = pick(language, f"IC {of_level}{THIN_SPACE}%", f"{of_level}% CI")
        told += f"; {name}: {between(change.low, change.high, statistic, language)}"
    return told


def short_change(statistic: str, change: Change, *, before: str, level: float, language: Language) -> str:
    """A change in a few words, for a key figure."""
    if change.value is None:
        return pick(language, f"cambio desde {before}: {untold(change, language)}",
                    f"change since {before}: {untold(change, language)}")  # fmt: skip
    form = form_of(statistic)
    told = figure(change.value, form, language)
    plus = "+" if change.value > 0 and any(sign in told for sign in "123456789") else ""
    told = plus + told + (pick(language, " p. p.", " pp") if form == "percent" else "")
    told = pick(language, f"{told} desde {before}", f"{told} since {before}")
    known = change.significant(level)
    if known is None:
        return told
    meaning = pick(language, "significativo", "significant") if known else pick(
        language, "no significativo", "not significant")  # fmt: skip
    return f"{told}, {meaning}"


def extremes(ranked: Sequence[tuple[str, Estimate]], statistic: str, *, level: float, language: Language) -> str:
    """Which group has the highest and which the lowest estimate, and whether their intervals part them.

    Parameters
    ----------
    ranked : sequence of (name, Estimate)
        Shown ones, the highest first.
    """
    if len(ranked) < 2:  # noqa: PLR2004
        return pick(language, "No hay dos grupos con cifras que se puedan comparar.",
                    "There are no two groups with figures to compare.")  # fmt: skip
    (top, high), (bottom, low) = ranked[0], ranked[-1]
    told = pick(
        language,
        f"{_named(statistic, language)} más alta es la de {top}, {with_interval(statistic, high, level, language)};"
        " la más"
        f" baja, la de {bottom}, {with_interval(statistic, low, level, language)}.",
        f"The highest {_bare(statistic)} is that of {top}, {with_interval(statistic, high, level, language)}; the"
        f" lowest is that of {bottom}, {with_interval(statistic, low, level, language)}.",
    )
    if len(ranked) > 2 and high.interval:  # noqa: PLR2004
        close = sum(one.interval and _overlap(high, one) for _, one in ranked[1:])
        if close:
            told += " " + pick(
                language,
                f"El intervalo de {top} se cruza con el de"
                f" {_counted(close, 'otro grupo', 'otros grupos', language)}: el orden"
                " entre vecinos no está establecido.",
                f"The interval of {top} meets that of {_counted(close, 'other group', 'other groups', language)}:"
                " the order of"
                " neighbours is not established.",
            )
    return told


def _named(statistic: str, language: Language) -> str:
    name = pick(language, *NAMES[statistic])
    return name[0].upper() + name[1:]


def _bare(statistic: str) -> str:
    return {"H": "headcount ratio", "M0": "M0", "A": "intensity"}[statistic]


def _counted(count: int, one: str, several: str, language: Language) -> str:
    return f"{number(count, language)} {one if count == 1 else several}"


def _overlap(first: Estimate, second: Estimate) -> bool:
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return False
    return first.low <= second.high and second.low <= first.high


def listed(names: Sequence[str], language: Language) -> str:
    """Names as a list in a sentence: `a, b and c`.

    Examples
    --------
    >>> listed(["a", "b", "c"], "en"), listed(["agua", "internet"], "es")
    ('a, b and c', 'agua e internet')
    """
    if len(names) < 2:  # noqa: PLR2004
        return "".join(names)
    word = pick(language, "e" if names[-1].lower().startswith(("i", "hi", "í")) else "y", "and")
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def marked(statistic: str, estimate: Estimate, language: Language) -> str:
    """An estimate in a cell: in brackets where it is unreliable, with its mark; the mark alone without a number."""
    mark = MARKS[estimate.standing]
    if estimate.value is None:
        return mark if estimate.standing in ("hidden", "undefined") else NOTHING
    told = figure(estimate.value, form_of(statistic), language)
    return f"({told}){mark}" if estimate.standing == "review" else f"{told}{mark}"
