"""The interactive map: one HTML file that needs no network, holds every layer, and works from a disk.

Comes in: areas, and the layers that may be published. Goes out: the text of the file. The sources of the page are in
`page/`: JavaScript modules without a library, of which `bundle` makes one script. A content security policy with the
hashes of its own script and style lets nothing else run or load; everything that comes from data is written as text.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.resources import files
from typing import Any

import numpy as np

from mpi.disclosure.publishable import STANDINGS, PublishableProfile
from mpi.drawing.classes import class_of
from mpi.drawing.palette import BLANK, PAPER, shades
from mpi.errors import Fault, UsageError
from mpi.language import phrase, translated
from mpi.language.names import own_name
from mpi.maps import packed
from mpi.maps.areas import Areas
from mpi.maps.bundle import bundle
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.live import live_block
from mpi.maps.outlines import Outlines, outlines
from mpi.maps.page_texts import NEEDS_SCRIPTS, by_language, page_texts
from mpi.specs.measure import Measure
from mpi.vocabulary.options import SCHEMES, USUAL_LANGUAGES, Scheme, Titles
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import MARK_MEANINGS, MARKS, UNITS, Language, legible, level_text, statistic_title, title_in

POVERTY: Titles = translated("Multidimensional poverty")
WHOLE: Titles = translated("Total")
_SLOT = re.compile(r"@@(\w+)@@")


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTexts:
    """What a map says of itself, in each language.

    Attributes
    ----------
    title : mapping of str to str
        Of the page; the layer and the cutoff stand below it.
    area, upper : mapping of str to str
        What one area is called (Municipality), and the area that holds it (Department).
    total : mapping of str to str
        What all areas together are called (Colombia).
    source, note, disclosure : mapping of str to str
        Lines below the map; empty ones are left out.
    """

    title: Titles
    area: Titles
    upper: Titles = field(default_factory=dict)
    total: Titles = field(default_factory=lambda: WHOLE)
    source: Titles = field(default_factory=dict)
    note: Titles = field(default_factory=dict)
    disclosure: Titles = field(default_factory=dict)


def map_page(
    areas: Areas,
    layers: Sequence[Layer],
    texts: MapTexts,
    *,
    measure: Measure,
    period: str,
    unit: str = "persons",
    languages: Sequence[Language] = USUAL_LANGUAGES,
    upper: Sequence[Layer] = (),
    total: Sequence[Layer] = (),
    level: float = 0.95,
    schemes: Mapping[str, Mapping[Scheme, Sequence[float]]] | None = None,
    profile: PublishableProfile | None = None,
    meanings: Mapping[str, Titles] | None = None,
    official: Titles | None = None,
) -> str:
    """The interactive map as the text of one HTML file; the same input gives the same text.

    Parameters
    ----------
    areas : Areas
        n areas, at least one.
    layers : sequence of Layer
        Of these areas; the first is shown first.
    texts : MapTexts
    measure : Measure
        Names the indicators; the first cutoff of each layer is its own.
    period : str
    unit : {"persons", "households"}
    languages : sequence of str
        Those of the page, which opens in the first.
    upper, total : sequence of Layer
        The same statistics, of the upper areas (u) and of all of it (1), to compare with.
    level : float
        Of the intervals.
    schemes : mapping of str to mapping of str to sequence of float, optional
        By layer the breaks of further schemes, which readers may choose.
    profile : PublishableProfile, optional
        With it readers may set other weights and another k, and see the figures computed again.
    meanings : mapping of str to mapping of str to str, optional
        What each standing means by language, in the words of the rules that judged.
    official : mapping of str to str, optional
        The act that makes the figures the official ones; without it nothing is called official.

    Raises
    ------
    UsageError
        If there is no layer, a layer is of other areas or has too many classes, or the profile cannot be used.
    """
    _check(areas, layers, upper, total)
    drawn = outlines(areas)
    units: list[str] = []
    beside = [{one.name: one for one in rows} for rows in (upper, total)]
    held = {
        "language": languages[0],
        "languages": list(languages),
        "words": page_texts(languages),
        "texts": _texts(texts, measure, period, unit, languages),
        "marks": _marks(meanings or MARK_MEANINGS, languages),
        "act": by_language(official or {}, languages),
        "standings": list(STANDINGS),
        "noData": NO_DATA,
        "cutoffs": _cutoffs(layers),
        "level": {language: level_text(level, language) for language in languages},
        "official": next((layer.cutoffs[0] for layer in layers if layer.cutoffs != ("",)), ""),
        "schemes": list(SCHEMES),
        "perUnit": packed.PER_UNIT,
        "palette": _palette(layers, schemes or {}),
        "areas": _areas(areas, drawn, languages),
        "layers": [
            {
                **_layer(layer, units=units, schemes=schemes or {}, upper=beside[0], total=beside[1]),
                **_named(layer, measure, unit, languages),
            }
            for layer in layers
        ],
        "units": units,
        "live": None if profile is None else live_block(profile, measure, areas, unit, languages),
    }
    return _assembled(held, title_in(texts.title, languages[0], ""), languages)


def _check(areas: Areas, layers: Sequence[Layer], upper: Sequence[Layer], total: Sequence[Layer]) -> None:
    if not layers:
        raise UsageError(
            Fault("MPI-G042", None, phrase("a map without a layer"), phrase("ask for at least one statistic"))
        )
    for rows, number in ((layers, len(areas)), (upper, len(areas.upper_codes)), (total, 1)):
        for layer in rows:
            if layer.estimate.shape[1] != number:
                text = phrase(
                    "layer '{name}' is of {shape} areas, not of {number}",
                    name=layer.name,
                    shape=layer.estimate.shape[1],
                    number=number,
                )
                raise UsageError(Fault("MPI-G043", None, text, phrase("make the layers of the areas that are drawn")))


def _texts(texts: MapTexts, measure: Measure, period: str, unit: str, languages: Sequence[Language]) -> dict[str, Any]:
    named = {
        name: by_language(getattr(texts, name), languages)
        for name in ("title", "area", "upper", "total", "source", "note", "disclosure")
    }
    return {
        **named,
        "measure": by_language(measure.title, languages, measure.name),
        "period": period,
        "unit": by_language(UNITS[unit], languages),
        "file": re.sub(r"[^a-z0-9_-]+", "_", f"{measure.name}_{period}".lower()),
    }


def _marks(meanings: Mapping[str, Titles], languages: Sequence[Language]) -> dict[str, Any]:
    """Of each standing its mark, what it means in the words of the rules, and in short."""
    return {
        name: [mark, by_language(meanings[name], languages), by_language(MARK_MEANINGS[name], languages)]
        for name, mark in MARKS.items()
    }


def _value(cutoff: str) -> tuple[Fraction, bool]:
    return Fraction(cutoff.removeprefix(">")), cutoff.startswith(">")


def _cutoffs(layers: Sequence[Layer]) -> list[str]:
    """Every cutoff of the layers, ascending: so a slider has them."""
    found = {cutoff for layer in layers for cutoff in layer.cutoffs if cutoff}
    return sorted(found, key=_value)


def _palette(layers: Sequence[Layer], schemes: Mapping[str, Mapping[Scheme, Sequence[float]]]) -> dict[str, Any]:
    """The colours of every map, by number of classes, as far as these layers need them."""
    breaks = [len(layer.breaks) for layer in layers]
    breaks += [len(further) for layer in layers for further in schemes.get(layer.name, {}).values()]
    classes = {number - 1: list(shades(number - 1)) for number in sorted(set(breaks))}
    return {"classes": classes, "paper": PAPER, "noFigure": BLANK}


def _areas(areas: Areas, drawn: Outlines, languages: Sequence[Language]) -> dict[str, Any]:
    return {
        "codes": list(areas.codes),
        "names": list(areas.names),
        "upper": [int(place) for place in areas.upper],
        "upperCodes": list(areas.upper_codes),
        "upperNames": list(areas.upper_names),
        "width": drawn.width,
        "height": drawn.height,
        "metres": drawn.unit if areas.metres else None,
        "rings": drawn.areas,
        "upperRings": drawn.upper,
        "frames": [
            {
                "x": frame.x,
                "y": frame.y,
                "width": frame.width,
                "height": frame.height,
                "title": by_language(inset.title, languages),
                "enlarged": round(frame.enlarged, 1),
                "members": list(frame.members),
            }
            for frame, inset in zip(drawn.frames, areas.insets, strict=False)
        ],
    }


def _layer(
    layer: Layer,
    *,
    units: list[str],
    schemes: Mapping[str, Mapping[Scheme, Sequence[float]]],
    upper: Mapping[str, Layer],
    total: Mapping[str, Layer],
) -> dict[str, Any]:
    behind = packed.counts(layer.units)
    if behind not in units:
        units.append(behind)
    further = {name: np.array(breaks, np.float64) for name, breaks in schemes.get(layer.name, {}).items()}
    breaks = {**further, layer.scheme: layer.breaks}
    return {
        "name": layer.name,
        "statistic": layer.statistic,
        "indicator": layer.indicator,
        "form": layer.form,
        "byCutoff": DEFINITIONS[layer.statistic].by_cutoff,
        "ofPoor": DEFINITIONS[layer.statistic].denominator == "poor",
        "cutoffs": list(layer.cutoffs),
        "figures": packed.figures(layer),
        "intervals": not bool(np.isnan(layer.ci_low).all()),
        "units": units.index(behind),
        "scheme": layer.scheme,
        "breaks": {name: [float(b) for b in breaks[name]] for name in sorted(breaks)},
        "exceptions": {name: _exceptions(layer, breaks[name]) for name in sorted(breaks)},
        "upper": packed.figures(upper[layer.name]) if layer.name in upper else None,
        "total": packed.figures(total[layer.name]) if layer.name in total else None,
    }


def _exceptions(layer: Layer, breaks: Any) -> list[int]:
    """Where rounding moves a figure over a break: cutoff, area and class, one after the other.

    With them the page has the classes that every other output has, though its figures are rounded.
    """
    values = np.nan_to_num(layer.estimate)
    flat = packed.whole(values.ravel(), layer.form) / packed.PER_UNIT[layer.form]
    exact, rounded = class_of(values, breaks), class_of(flat.reshape(values.shape), breaks)
    rows, columns = np.nonzero((exact != rounded) & ~np.isnan(layer.estimate) & (layer.standing != NO_DATA))
    listed = np.stack([rows, columns, exact[rows, columns]], axis=1)
    return [int(number) for number in listed.ravel()]


def _named(layer: Layer, measure: Measure, unit: str, languages: Sequence[Language]) -> dict[str, Any]:
    """The group of a layer in the list, and its title."""
    own = {language: statistic_title(layer.statistic, unit, language) for language in languages}
    indicator = next((i for i in measure.indicators if i.name == layer.indicator), None)
    of = layer.dimension or (indicator.dimension if indicator else None)
    dimension = next((d for d in measure.dimensions if d.name == of), None)
    if indicator is None and dimension is None:
        return {"group": by_language(POVERTY, languages), "title": own}
    group = by_language(dimension.title, languages, dimension.name) if dimension else by_language(POVERTY, languages)
    subject = by_language(indicator.title, languages, indicator.name) if indicator else group
    return {"group": group, "title": {language: f"{subject[language]}. {own[language]}" for language in languages}}


def _buttons(languages: Sequence[Language]) -> str:
    """The buttons that choose a language; nothing where there is no choice."""
    if len(languages) == 1:
        return ""
    names = {language: html.escape(own_name(language)) for language in languages}
    buttons = "".join(
        f'    <button type="button" lang="{language}" data-language="{language}">{name}</button>\n'
        for language, name in names.items()
    )
    return f'  <div class="languages" id="languages" role="group" data-label="languages">\n{buttons}  </div>\n'


def _assembled(held: Mapping[str, Any], title: str, languages: Sequence[Language]) -> str:
    page = files("mpi.maps") / "page"
    script = bundle(page)
    style = (page / "page.css").read_text("utf-8")
    data = json.dumps(held, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":  # what could end the block, or read as markup
        data = data.replace(character, f"\\u{ord(character):04x}")
    slots = {
        "LANGUAGE": languages[0],
        "LANGUAGES": _buttons(languages),
        "SCRIPTS_ARE_OFF": " &nbsp; ".join(html.escape(NEEDS_SCRIPTS[one]) for one in languages),
        "TITLE": html.escape(title),
        "POLICY": f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        "STYLE": style,
        "SCRIPT": script,
        "DATA": data,
    }
    # One pass: a slot's name inside a title or a name stays what it is.
    text = (page / "page.html").read_text("utf-8")
    return legible(_SLOT.sub(lambda match: slots.get(match[1], match[0]), text))


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")
