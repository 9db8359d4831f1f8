"""Words and numbers as readers of a publication see them, in English and Spanish.

Statistics, units and marks have one wording here, which the map, the charts, the report and the workbook share; the
sentences of one output stand beside that output.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Literal, get_args

Language = Literal["es", "en"]
_ILLEGIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
LANGUAGES: tuple[Language, ...] = get_args(Language)
Form = Literal["percent", "index", "number"]
THIN_SPACE = "\u202f"
MINUS = "\u2212"
NOTHING = "\u2013"  # an en dash, where there is no figure

STATISTIC_TITLES: Mapping[str, Mapping[str, str]] = {
    "H": {"en": "Headcount ratio (H)", "es": "Incidencia (H)"},
    "A": {"en": "Intensity (A)", "es": "Intensidad (A)"},
    "M0": {"en": "Adjusted headcount ratio (M0)", "es": "Incidencia ajustada (M0)"},
    "poor": {"en": "Persons in poverty", "es": "Personas en pobreza"},
    "poor_share": {"en": "Share of all poor", "es": "Participación en el total de pobres"},
    "M0_share": {"en": "Share of M0", "es": "Participación en M0"},
    "censored_headcount": {"en": "Censored headcount ratio", "es": "Privación censurada"},
    "uncensored_headcount": {"en": "Uncensored headcount ratio", "es": "Privación sin censurar"},
    "absolute_contribution": {"en": "Absolute contribution to M0", "es": "Contribución absoluta a M0"},
    "percentage_contribution": {"en": "Contribution to M0", "es": "Contribución a M0"},
    "population_share": {"en": "Share of the population", "es": "Participación en la población"},
    "excluded": {"en": "Left out: an indicator is unknown", "es": "Excluidos: un indicador es desconocido"},
    "unknown": {"en": "Unknown", "es": "Desconocido"},
}
HOUSEHOLDS_POOR = {"en": "Households in poverty", "es": "Hogares en pobreza"}
UNITS: Mapping[str, Mapping[str, str]] = {
    "persons": {"en": "persons", "es": "personas"},
    "households": {"en": "households", "es": "hogares"},
}
INDEX = ("M0", "absolute_contribution")
# What stands at a figure, and what it means: the one set of marks of every output.
MARKS: Mapping[str, str] = {"shown": "", "unjudged": "", "caution": "*", "review": "†", "hidden": "x",
                            "undefined": "n.d."}  # fmt: skip
MARK_MEANINGS: Mapping[str, Mapping[str, str]] = {
    "shown": {"en": "reliable", "es": "confiable"},
    "unjudged": {"en": "precision not judged", "es": "sin reglas de precisión"},
    "caution": {"en": "use with caution: acceptable precision", "es": "usar con precaución: precisión aceptable"},
    "review": {"en": "unreliable: low precision, descriptive only",
               "es": "poco confiable: precisión baja, solo descriptivo"},
    "hidden": {"en": "not shown", "es": "no se muestra"},
    "undefined": {"en": "no figure", "es": "no hay dato"},
}  # fmt: skip


def legible(text: str) -> str:
    r"""A text without signs that XML, pages and spreadsheets do not have, or that turn a line round.

    Control signs but line feeds and tabs, halves of surrogate pairs, noncharacters, and the signs that embed, override
    or isolate a direction are written as their number; marks of direction and joiners, which scripts need, stay.

    Examples
    --------
    >>> legible("S" + chr(27) + "[31m"), legible("Ñandú")
    ('S\\u001b[31m', 'Ñandú')
    """
    return _ILLEGIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) if _ILLEGIBLE.search(text) else text


def title_in(titles: Mapping[str, str], language: str, name: str) -> str:
    """A title in a language, or in any, or the name itself."""
    return titles.get(language) or titles.get("") or next(iter(titles.values()), name)


def statistic_title(statistic: str, unit: str, language: Language) -> str:
    """The title of a statistic of persons or of households."""
    if statistic == "poor" and unit == "households":
        return HOUSEHOLDS_POOR[language]
    return STATISTIC_TITLES[statistic][language]


def form_of(statistic: str) -> Form:
    """How a statistic is written: as a percentage, an index between 0 and 1, or a number of units."""
    if statistic == "poor":
        return "number"
    return "index" if statistic in INDEX else "percent"


def number(value: float | None, language: Language, digits: int = 0) -> str:
    r"""A number with the language's decimal sign and thin spaces between thousands; a dash for none.

    Examples
    --------
    >>> number(1234.56, "es", 1), number(-0.04, "en", 2), number(None, "en")
    ('1\u202f234,6', '\u22120.04', '\u2013')
    """
    if value is None or math.isnan(value):
        return NOTHING
    text = f"{abs(value):,.{digits}f}".replace(",", THIN_SPACE)
    negative = value < 0 and any(digit in text for digit in "123456789")
    return (MINUS if negative else "") + (text.replace(".", ",") if language == "es" else text)


def figure(value: float | None, form: Form, language: Language, digits: int | None = None) -> str:
    r"""An estimate as its form wants it, without a unit: a percentage with 1 digit, an index with 3, a whole number.

    Examples
    --------
    >>> figure(0.1234, "percent", "es"), figure(0.1234, "index", "en"), figure(1234.5, "number", "en")
    ('12,3', '0.123', '1\u202f234')
    """
    if value is None:
        return NOTHING
    scale, usual = {"percent": (100, 1), "index": (1, 3), "number": (1, 0)}[form]
    return number(scale * value, language, usual if digits is None else digits)
