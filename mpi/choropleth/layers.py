"""Columns of numbers as the layers of a map: areas in their order, intervals, classes, and what each layer says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from mpi.choropleth.reading import Column
from mpi.claims.numbers import some_of
from mpi.columns.values import Floats
from mpi.disclosure.publishable import STANDINGS
from mpi.drawing.classes import breaks_for
from mpi.inference.intervals import log_interval, logit_interval, t_interval
from mpi.language import catalogue, phrase, strung, translated
from mpi.maps.areas import Areas
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.page_layers import Caption
from mpi.specs.study import MapSpec
from mpi.vocabulary.options import Titles
from mpi.vocabulary.statistics import STATISTICS
from mpi.vocabulary.wording import UNITS, Language, figure, statistic_title, title_in

LISTED = 5  # areas at each end
HIGHEST: Titles = translated("Highest", context="areas")
LOWEST: Titles = translated("Lowest", context="areas")
UNJUDGED = STANDINGS.index("unjudged")
SHARE: Titles = translated("% of {unit}")
NUMBER_OF: Titles = translated("number of {unit}")
ALONE: Mapping[str, Titles] = {"percent": translated("%"), "number": translated("number"), "index": translated("index")}


def layer_of(column: Column, period: str, codes: Sequence[str], *, name: str, level: float, spec: MapSpec) -> Layer:
    """A layer in a period.

    Parameters
    ----------
    column : Column
    period : str
    codes : sequence of str, length n
        Of the areas.
    name : str
        Of the layer.
    level : float
        Of the intervals.
    spec : MapSpec
        How classes are made; breaks that the column states go before those of its statistic.

    Raises
    ------
    ConfigError
        If stated breaks do not ascend as they are printed.
    """
    cells = column.cells.get(period, {})
    known = {part: _spread(cells, codes, part) for part in ("value", "se", "cv", "low", "high")}
    low, high = _interval(column, known, level)
    statistic = column.subject.word("statistic")
    own = statistic if statistic in STATISTICS else name
    breaks = {own: _in_percent(column)} if column.values.breaks else spec.breaks
    value = known["value"]
    how, ends = breaks_for(value[None], own, column.form, scheme=spec.scheme, classes=spec.classes, stated=breaks)
    return Layer(
        name=name,
        statistic=own,
        dimension=None,
        indicator=column.subject.word("indicator") or None,
        form=column.form,
        cutoffs=("",),
        estimate=value[None],
        ci_low=low[None],
        ci_high=high[None],
        standing=np.where(np.isnan(value), NO_DATA, UNJUDGED).astype(np.int64)[None],
        units=np.full(len(codes), np.nan),
        scheme=how,
        breaks=ends,
    )


def _in_percent(column: Column) -> tuple[float, ...]:
    """Breaks as those of a study are written: percentages where figures are shares."""
    times = 100 if column.form == "percent" and column.values.form == "proportion" else 1
    return tuple(times * one for one in column.values.breaks)


def _spread(cells: Mapping[str, Mapping[str, float]], codes: Sequence[str], part: str) -> Floats:
    return np.array([cells.get(code, {}).get(part, np.nan) for code in codes], np.float64)


def _interval(column: Column, known: Mapping[str, Floats], level: float) -> tuple[Floats, Floats]:
    """The interval that the table has, or else that of its errors by the normal distribution; NaN for none."""
    value, low, high = known["value"], known["low"], known["high"]
    se = np.where(np.isnan(known["se"]), known["cv"] * np.abs(value), known["se"])
    if np.isnan(se).all():
        return low, high
    made = {"percent": logit_interval, "number": log_interval, "index": t_interval}[column.form]
    own_low, own_high = made(value, se, np.inf, level)
    stated = ~(np.isnan(low) | np.isnan(high))
    return np.where(stated, low, own_low), np.where(stated, high, own_high)


def computed(columns: Sequence[Column]) -> bool:
    """Whether any interval is computed from an error of the table."""
    return any(one.values.se or one.values.cv for one in columns)


def has_errors(layer: Layer) -> bool:
    """Whether a layer has any interval."""
    return bool(np.isfinite(layer.ci_low).any())


def layer_names(columns: Sequence[Column]) -> list[str]:
    """A name for each layer, of letters, digits and `_`, each once: of its files, and in the address of the page."""
    several = Counter(one.subject.place for one in columns)
    found: list[str] = []
    for one in columns:
        further = (
            [word for _, word in (*one.subject.words, *one.subject.domains)] if several[one.subject.place] > 1 else []
        )
        plain = (
            unicodedata.normalize("NFKD", "_".join([one.values.column, *further])).encode("ascii", "ignore").decode()
        )
        name = re.sub(r"\W+", "_", plain).strip("_") or "layer"
        again = next(number for number in range(1, len(columns) + 2) if _numbered(name, number) not in found)
        found.append(_numbered(name, again))
    return found


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


def caption_of(
    column: Column,
    layer: Layer,
    areas: Areas,
    group: Titles,
    *,
    alone: Titles,
    one_of_several: bool,
    languages: Sequence[Language],
) -> Caption:
    """What a layer says of itself in each language.

    Parameters
    ----------
    alone : mapping of str to str
        What the map is called, where this is its only column and its title is not the name of a file; else empty.
    one_of_several : bool
        Whether other layers have the numbers of the same column, so that its title must tell them apart.
    """
    titles = {language: _title(column, language, alone=alone, one_of_several=one_of_several) for language in languages}
    return Caption(
        group=group,
        title=titles,
        unit={language: _unit(column, language) for language in languages},
        finding={language: _finding(titles[language], layer, areas, language) for language in languages},
    )


def _title(column: Column, language: Language, *, alone: Titles, one_of_several: bool) -> str:
    """That of the column; what its numbers are; that of the map; or the name of the column as words."""
    one, subject = column.values, column.subject
    statistic = subject.word("statistic")
    if one.title:
        head = title_in(one.title, language, one.column)
    elif statistic in STATISTICS:
        head = statistic_title(statistic, subject.word("unit"), language)
    else:
        head = title_in(alone, language, "") or as_words(one.column)
    if one.title and not one_of_several:
        return head
    named = ("indicator", "dimension", "k") if statistic in STATISTICS else ("statistic", "indicator", "dimension", "k")
    further = [word for name in named if (word := subject.word(name))]
    return ", ".join([head, *further, *(strung([name, code], ": ", language) for name, code in subject.domains)])


def as_words(name: str) -> str:
    """The name of a column or a file as words, for a title.

    Examples
    --------
    >>> as_words("ipm_total"), as_words("NBI-2018")
    ('Ipm total', 'NBI 2018')
    """
    words = " ".join(re.split(r"[\s_-]+", name.strip())) or name
    return words[:1].upper() + words[1:]


def _unit(column: Column, language: Language) -> str:
    """% of persons, number of dwellings; or what is known of it."""
    word = column.subject.word("unit")
    if not word or column.form == "index":
        return ALONE[column.form][language]
    unit = UNITS[word][language] if word in UNITS else word
    return (SHARE if column.form == "percent" else NUMBER_OF)[language].format(unit=unit)


def _finding(title: str, layer: Layer, areas: Areas, language: Language) -> str:
    """From the lowest to the highest figure, with the areas that have them."""
    value = layer.estimate[0]
    known = np.flatnonzero(np.isfinite(value))
    if not len(known):
        return ""
    low, high = float(value[known].min()), float(value[known].max())
    least, most = (_shown(one, layer, language) for one in (low, high))
    if least == most:
        text = phrase("{title}: {figure} in {place}", title=title, figure=least, place=_places(areas, known, language))
        return text.to(language)
    where = [_places(areas, known[value[known] == end], language) for end in (low, high)]
    return phrase(
        "{title}: from {lowest} in {low_place} to {highest} in {high_place}",
        title=title,
        lowest=least,
        low_place=where[0],
        highest=most,
        high_place=where[1],
    ).to(language)


def _places(areas: Areas, members: np.ndarray[tuple[int], np.dtype[np.int64]], language: Language) -> str:
    return some_of([areas.names[i] for i in members.tolist()]).to(language)


def _shown(value: float, layer: Layer, language: Language) -> str:
    sign = catalogue(language).percent if layer.form == "percent" else ""
    return figure(value, layer.form, language) + sign


def ends_of(layer: Layer, areas: Areas, language: Language) -> list[tuple[str, list[str]]]:
    """The highest and the lowest areas with their figures and intervals; none where they are few."""
    value = layer.estimate[0]
    known = np.flatnonzero(np.isfinite(value))
    if len(known) < 2 * LISTED:
        return []
    order = known[np.argsort(-value[known], kind="stable")]
    ends = ((HIGHEST, order[:LISTED]), (LOWEST, order[: -LISTED - 1 : -1]))
    return [(head[language], [_line(layer, areas, int(i), language) for i in some]) for head, some in ends]


def _line(layer: Layer, areas: Areas, i: int, language: Language) -> str:
    text = f"{areas.names[i]}  {_shown(float(layer.estimate[0, i]), layer, language)}"
    if np.isnan(layer.ci_low[0, i]) or np.isnan(layer.ci_high[0, i]):
        return text
    low, high = (figure(float(end[0, i]), layer.form, language) for end in (layer.ci_low, layer.ci_high))
    return f"{text} ({low} \u2013 {high})"
