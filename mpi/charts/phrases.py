"""Phrases of the sentences that go with charts, in English and Spanish, and figures as they stand in a text."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.charts.changes import signed
from mpi.charts.marks import interval_title
from mpi.charts.reading import Point
from mpi.wording import Language, figure, form_of, statistic_title

NO_BREAK = "\u00a0"
SAID = {
    "was": {"en": "{what} was {value} in {period}", "es": "{what} fue {value} en {period}"},
    "hidden": {"en": "{what} of {period} is not shown", "es": "{what} de {period} no se muestra"},
    "undefined": {"en": "there is no figure of {what} for {period}", "es": "no hay dato de {what} para {period}"},
    "fall": {
        "en": "it fell by {size} between {first} and {last} ({ci})",
        "es": "bajó {size} entre {first} y {last} ({ci})",
    },
    "rise": {
        "en": "it rose by {size} between {first} and {last} ({ci})",
        "es": "subió {size} entre {first} y {last} ({ci})",
    },
    "same": {
        "en": "it did not change significantly between {first} and {last} (change {size}, {ci})",
        "es": "no cambió significativamente entre {first} y {last} (cambio de {size}, {ci})",
    },
    "unknown": {
        "en": "the change between {first} and {last} has no interval",
        "es": "el cambio entre {first} y {last} no tiene intervalo",
    },
    "highest": {
        "en": "{what} in {period} was highest in {high}, and lowest in {low}",
        "es": "{what} en {period} fue más alta en {high}, y más baja en {low}",
    },
    "only": {
        "en": "{what} in {period} is shown for {high} only",
        "es": "{what} en {period} solo se muestra para {high}",
    },
    "overlap": {"en": "their intervals overlap", "es": "sus intervalos se traslapan"},
    "apart": {"en": "their intervals do not overlap", "es": "sus intervalos no se traslapan"},
    "lost": {
        "en": "no figure is shown for {count} of {all}",
        "es": "no se muestra el dato de {count} de {all}",
    },
    "care": {"en": "use with caution", "es": "usar con precaución"},
    "weak": {"en": "unreliable", "es": "poco confiable"},
    "nothing": {"en": "none of these figures is shown", "es": "ninguno de estos datos se muestra"},
    "largest": {
        "en": "the largest contribution to M0 in {period} was that of {first}, with "
        "{value}; the smallest that of {last}, "
        "with {low}",
        "es": "la mayor contribución a M0 en {period} fue la de {first}, con "
        "{value}; la menor, la de {last}, con {low}",
    },
    "moved": {
        "en": "between {first} and {last} {what} fell significantly in {falls}, rose significantly in {rises}, and did "
        "not change significantly in {same} of {all}",
        "es": "entre {first} y {last} {what} bajó significativamente en {falls}, subió significativamente en {rises} "
        "y no cambió significativamente en {same} de {all}",
    },
    "cutoffs": {
        "en": "{what} in {period} went from {value} at k = {first} to {low} at k = {last}",
        "es": "{what} en {period} pasó de {value} con k = {first} a {low} con k = {last}",
    },
    "kept": {
        "en": "from k = {first} to k = {last}, at least {kept} of the pairs of "
        "domains stand in the same order at any two "
        "cutoffs; the least Kendall's tau is {tau}; at all cutoffs {ordered} of the pairs keep their order",
        "es": "de k = {first} a k = {last}, al menos {kept} de los pares de dominios conserva su orden entre dos "
        "líneas cualesquiera; la menor tau de Kendall es {tau}; con todas las líneas {ordered} de los pares "
        "conserva su orden",
    },
    "shapley": {
        "en": "of the change in M0 of {total} between {first} and {last}, {incidence} came from incidence (H) and "
        "{intensity} from intensity (A)",
        "es": "del cambio en M0 de {total} entre {first} y {last}, {incidence} se debe a la incidencia (H) y "
        "{intensity} a la intensidad (A)",
    },
    "scores": {
        "en": "the commonest score is {score}, of {value}",
        "es": "el puntaje más frecuente es {score}, con {value}",
    },
    "bundle": {
        "en": "the commonest combination of deprivations among the poor is {what}, with {value} of them; the {count} "
        "commonest that are shown hold {all}",
        "es": "la combinación de privaciones más frecuente entre los pobres es {what}, con {value} de ellos; las "
        "{count} más frecuentes que se muestran reúnen {all}",
    },
    "joint": {
        "en": "the pair of deprivations that most often go together among the poor is {what}: {value} are poor and "
        "deprived in both",
        "es": "el par de privaciones que más coincide entre los pobres es {what}: {value} son pobres y privados "
        "en ambas",
    },
}
NONE_OF = {"en": "none", "es": "ninguno"}
JOIN = {"en": " and ", "es": " y "}


def quoted(point: Point, statistic: str, language: Language, *, level: float = 0.95) -> str:
    """A figure with its unit, its interval and what is to be known of its reliability.

    Examples
    --------
    >>> quoted(Point(0.123, 0.112, 0.134, "shown"), "H", "en").replace(NO_BREAK, " ")
    '12.3 % (95 % CI 11.2 to 13.4)'
    >>> quoted(Point(0.123, 0.112, 0.134, "review"), "H", "es").replace(NO_BREAK, " ")
    '12,3 % (IC 95 %: 11,2 a 13,4; poco confiable)'
    """
    form = form_of(statistic)
    inside = [interval(point, statistic, language, level=level)] if point.low is not None else []
    inside += [SAID[key][language] for standing, key in (("caution", "care"), ("review", "weak"))
               if point.standing == standing]  # fmt: skip
    unit = f"{NO_BREAK}%" if form == "percent" else ""
    return figure(point.value, form, language) + unit + (f" ({'; '.join(inside)})" if inside else "")


def interval(point: Point, statistic: str, language: Language, *, level: float = 0.95, change: bool = False) -> str:
    """An interval in words; of a change, with signs."""

    def write(value: float | None) -> str:
        if change:
            return signed(value or 0.0, statistic, language)
        return figure(value, form_of(statistic), language)

    low, high = write(point.low), write(point.high)
    title = interval_title(level, language).replace(" %", f"{NO_BREAK}%")
    return f"{title} {low} to {high}" if language == "en" else f"{title}: {low} a {high}"


def sentence(parts: Sequence[str]) -> str:
    """Parts as one sentence, with a capital and a full stop.

    Examples
    --------
    >>> sentence(["it fell by 1", "use with caution"])
    'It fell by 1; use with caution.'
    """
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def the(statistic: str, unit: str, language: Language) -> str:
    """A statistic inside a sentence."""
    title = statistic_title(statistic, unit, language)
    title = title[:1].lower() + title[1:]
    if statistic == "poor":
        return {"en": f"the number of {title}", "es": f"el número de {title}"}[language]
    if language == "en":
        return f"the {title}"
    return f"{'el' if statistic in ('unknown', 'excluded') else 'la'} {title}"


def percent(value: object, language: Language) -> str:
    """A share as a percentage with its sign."""
    return f"{figure(float(str(value)), 'percent', language)}{NO_BREAK}%"


def quoted_title(title: str, language: Language) -> str:
    """A title in the quotation marks of the language."""
    return f"«{title}»" if language == "es" else f"“{title}”"


def listed(names: Sequence[str], language: Language) -> str:
    """Names in a row, with `and` before the last."""
    return JOIN[language].join(part for part in (", ".join(names[:-1]), names[-1]) if part)
