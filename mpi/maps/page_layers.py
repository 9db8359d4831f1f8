"""The layers of a page: figures of every period and cutoff, classes, titles.

Comes in: layers of one period or several. Goes out: what `page/page_data.js` unpacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.drawing.classes import class_of
from mpi.language import translated
from mpi.maps import packed
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.page_texts import by_language
from mpi.specs.measure import Measure
from mpi.vocabulary.glossary import word_of
from mpi.vocabulary.options import Scheme, Titles
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import Language, statistic_title

POVERTY: Titles = translated("Multidimensional poverty")
Schemes = Mapping[str, Mapping[Scheme, Sequence[float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The layers of one period.

    Attributes
    ----------
    name : str
    layers : sequence of Layer
        Of the areas of the map.
    upper, total : sequence of Layer
        The same statistics, of the upper areas (u) and of all of it (1), to compare with.
    """

    name: str
    layers: Sequence[Layer]
    upper: Sequence[Layer] = ()
    total: Sequence[Layer] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a layer says of itself that is of no measure, each by language.

    Attributes
    ----------
    group : mapping of str to str
        Under which it is listed.
    title, unit : mapping of str to str
    finding : mapping of str to str
        What it shows, in a sentence.
    """

    group: Titles
    title: Titles
    unit: Titles
    finding: Titles


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LayerChange:
    """What became of the n areas since the period before, at the first cutoff; None where it is not known.

    Attributes
    ----------
    value, low, high : sequence of float or None
        Proportions, not percentages.
    significant : sequence of bool or None
    """

    value: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    significant: Sequence[bool | None]


def layer_blocks(
    periods: Sequence[Period], schemes: Schemes, changes: Mapping[str, LayerChange], units: list[str]
) -> list[dict[str, Any]]:
    """A block for each layer of the last period; what is behind the figures goes into `units`, each once.

    A layer has the same classes in every period: those of the last, whose end classes take in what lies beyond.
    """
    by_name = [{name: {one.name: one for one in rows} for name, rows in vars_of(period).items()} for period in periods]
    made = []
    for layer in periods[-1].layers:
        further = {name: np.array(breaks, np.float64) for name, breaks in schemes.get(layer.name, {}).items()}
        breaks = {**further, layer.scheme: layer.breaks}
        change = changes.get(layer.name)
        made.append(
            {
                "name": layer.name,
                "statistic": layer.statistic,
                "indicator": layer.indicator,
                "form": layer.form,
                **_kind(layer),
                "cutoffs": list(layer.cutoffs),
                "scheme": layer.scheme,
                "breaks": {name: [float(b) for b in breaks[name]] for name in sorted(breaks)},
                "rounds": [_round(layer, held, breaks, units) for held in by_name],
                "change": None if change is None else _change(change),
            }
        )
    return made


def _kind(layer: Layer) -> dict[str, bool]:
    """Whether a statistic depends on the cutoff, and whether it is one of the poor; another figure does neither."""
    one = DEFINITIONS.get(layer.statistic)
    return {"byCutoff": one is not None and one.by_cutoff, "ofPoor": one is not None and one.denominator == "poor"}


def vars_of(period: Period) -> dict[str, Sequence[Layer]]:
    """The layers of a period by what they are of."""
    return {"layers": period.layers, "upper": period.upper, "total": period.total}


def _round(
    layer: Layer,
    held: Mapping[str, Mapping[str, Layer]],
    breaks: Mapping[Scheme, NDArray[np.float64]],
    units: list[str],
) -> dict[str, Any] | None:
    """A layer in one period; None where that has none at the same cutoffs."""
    own = held["layers"].get(layer.name)
    if own is None or own.cutoffs != layer.cutoffs:
        return None
    behind = packed.counts(own.units)
    if behind not in units:
        units.append(behind)
    beside = {name: held[name].get(layer.name) for name in ("upper", "total")}
    return {
        "figures": packed.figures(own),
        "units": units.index(behind),
        "exceptions": {name: exceptions(own, breaks[name]) for name in sorted(breaks)},
        **{name: None if one is None else packed.figures(one) for name, one in beside.items()},
    }


def _change(change: LayerChange) -> dict[str, Any]:
    def rounded(values: Sequence[float | None]) -> list[float | None]:
        return [None if value is None else round(value, 4) for value in values]

    ends = {name: rounded(getattr(change, name)) for name in ("value", "low", "high")}
    return {**ends, "significant": list(change.significant)}


def _exact(cutoff: str) -> tuple[Fraction, bool]:
    return Fraction(cutoff.removeprefix(">")), cutoff.startswith(">")


def cutoffs_of(layers: Sequence[Layer]) -> list[str]:
    """Every cutoff of the layers, ascending: so a slider has them."""
    found = {cutoff for layer in layers for cutoff in layer.cutoffs if cutoff}
    return sorted(found, key=_exact)


def exceptions(layer: Layer, breaks: Any) -> list[int]:
    """Where rounding moves a figure over a break: cutoff, area and class, one after the other.

    With them the page has the classes that every other output has, though its figures are rounded.
    """
    values = np.nan_to_num(layer.estimate)
    flat = packed.whole(values.ravel(), layer.form) / packed.PER_UNIT[layer.form]
    exact, rounded = class_of(values, breaks), class_of(flat.reshape(values.shape), breaks)
    rows, columns = np.nonzero((exact != rounded) & ~np.isnan(layer.estimate) & (layer.standing != NO_DATA))
    listed = np.stack([rows, columns, exact[rows, columns]], axis=1)
    return [int(number) for number in listed.ravel()]


def named(layer: Layer, measure: Measure, unit: str, languages: Sequence[Language]) -> dict[str, Any]:
    """The group of a layer in the list, and its title; its unit and what it shows are those of its statistic."""
    return {**_titled(layer, measure, unit, languages), "unit": None, "finding": None}


def captioned(layer: Layer, caption: Caption, languages: Sequence[Language]) -> dict[str, Any]:
    """The same of a layer of no measure."""
    told = {name: by_language(getattr(caption, name), languages) for name in ("group", "title", "unit", "finding")}
    return {**told, "word": word_of(layer.statistic) if layer.statistic in DEFINITIONS else ""}


def _titled(layer: Layer, measure: Measure, unit: str, languages: Sequence[Language]) -> dict[str, Any]:
    word = word_of(layer.statistic)
    own = {language: statistic_title(layer.statistic, unit, language) for language in languages}
    indicator = next((i for i in measure.indicators if i.name == layer.indicator), None)
    of = layer.dimension or (indicator.dimension if indicator else None)
    dimension = next((d for d in measure.dimensions if d.name == of), None)
    if indicator is None and dimension is None:
        return {"group": by_language(POVERTY, languages), "title": own, "word": word}
    group = by_language(dimension.title, languages, dimension.name) if dimension else by_language(POVERTY, languages)
    subject = by_language(indicator.title, languages, indicator.name) if indicator else group
    titles = {language: f"{subject[language]}. {own[language]}" for language in languages}
    return {"group": group, "title": titles, "word": word}
