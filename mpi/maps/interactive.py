"""The interactive map: one HTML file that needs no network, holds every layer, and works from a disk.

Comes in: areas, and the layers that may be published. Goes out: the text of the file. The sources of the page are in
`page/`: JavaScript modules without a library, of which `bundle` makes one script. A content security policy with the
hashes of its own script and style lets nothing else run or load; everything that comes from data is written as text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from mpi.disclosure.publishable import STANDINGS, PublishableProfile
from mpi.drawing.office import NO_PARTS, PageParts
from mpi.drawing.palette import BLANK, PAPER
from mpi.drawing.style import HOUSE, Style
from mpi.errors import Fault, UsageError
from mpi.files.digests import content_hash
from mpi.language import phrase, translated
from mpi.language.names import own_name
from mpi.maps import packed
from mpi.maps.areas import Areas
from mpi.maps.bundle import bundle
from mpi.maps.goals import Goal, goal_blocks, signs_of
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.live import live_block
from mpi.maps.outlines import Outlines, outlines
from mpi.maps.page_layers import Caption, LayerChange, Period, Schemes, captioned, cutoffs_of, layer_blocks, named
from mpi.maps.page_texts import NEEDS_SCRIPTS, by_language, glossary_of, page_texts
from mpi.specs.measure import Measure
from mpi.specs.standing import shown_title
from mpi.vocabulary.options import SCHEMES, USUAL_LANGUAGES, Titles
from mpi.vocabulary.wording import MARK_MEANINGS, MARKS, UNITS, Language, legible, level_text, title_in

WHOLE: Titles = translated("Total")
EXPLAINED = ("poor", "k", "interval", "marks", "classes")  # beside controls of every map
OF_TABLES = ("interval", "marks", "classes")  # of a map of no measure
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is known beyond the figures of the published period.

    Attributes
    ----------
    headline : mapping of str to str
        The finding in a sentence.
    earlier : tuple of Period
        The oldest first.
    changes : mapping of str to LayerChange
        By layer, from the last of the earlier periods.
    verdicts : mapping of str to str, or None
        `layer`: whose differences were tested at the first cutoff; `upper` and `total`: a letter for each area,
        h higher than that, l lower, ? where it cannot be said, - where it was not tested.
    firm : str
        For each area 1, or 0 where its sampling errors are too uncertain for a ranking; empty: 1 for all.
    census : bool
        Whether there are no sampling errors.
    upper_map : str
        The file of the map of the upper areas, beside this one.
    pages : str
        The folder of the pages of areas beside this file; empty where there are none.
    goals : tuple of Goal
        Targets of the areas, whose verdicts can be shown over the colours.
    """

    headline: Titles = field(default_factory=dict)
    earlier: tuple[Period, ...] = ()
    changes: Mapping[str, LayerChange] = field(default_factory=dict)
    verdicts: Mapping[str, str] | None = None
    firm: str = ""
    census: bool = False
    upper_map: str = ""
    pages: str = ""
    goals: tuple[Goal, ...] = ()


def map_page(
    areas: Areas,
    layers: Sequence[Layer],
    texts: MapTexts,
    *,
    measure: Measure | None,
    period: str,
    unit: str = "persons",
    languages: Sequence[Language] = USUAL_LANGUAGES,
    upper: Sequence[Layer] = (),
    total: Sequence[Layer] = (),
    level: float = 0.95,
    schemes: Schemes | None = None,
    profile: PublishableProfile | None = None,
    meanings: Mapping[str, Titles] | None = None,
    official: Titles | None = None,
    findings: Findings | None = None,
    style: Style = HOUSE,
    own: PageParts = NO_PARTS,
    captions: Mapping[str, Caption] | None = None,
) -> str:
    """The interactive map as the text of one HTML file; the same input gives the same text.

    Parameters
    ----------
    areas : Areas
        n areas, at least one.
    layers : sequence of Layer
        Of these areas; the first is shown first.
    texts : MapTexts
    measure : Measure or None
        Names the indicators; the first cutoff of each layer is its own. None: the layers are of no measure, and
        `captions` names them.
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
    findings : Findings, optional
        What is known beyond the figures of the period: the finding in a sentence, tests, earlier periods.
    style : Style, optional
        The colours of classes.
    own : PageParts, optional
        What an office adds to its pages.
    captions : mapping of str to Caption, optional
        By name of a layer; those without are named by the measure.

    Raises
    ------
    UsageError
        If there is no layer, a layer is of other areas or has too many classes, or the profile cannot be used.
    """
    found = findings or Findings()
    _check(areas, layers, upper, total)
    drawn = outlines(areas)
    units: list[str] = []

    def told(layer: Layer) -> dict[str, Any]:
        return captioned(layer, captions[layer.name], languages) if captions else named(layer, measure, unit, languages)  # type: ignore[arg-type]  # one of both is there

    periods = [*found.earlier, Period(name=period, layers=layers, upper=upper, total=total)]
    blocks = layer_blocks(periods, schemes or {}, found.changes, units)
    own_layers = [{**block, **told(layer)} for layer, block in zip(layers, blocks, strict=True)]
    explained = EXPLAINED if measure is not None else OF_TABLES
    held = {
        "language": languages[0],
        "languages": list(languages),
        "words": page_texts(languages),
        "texts": {**_texts(texts, measure, period, unit, languages), "upperMap": found.upper_map},
        "marks": _marks(meanings or MARK_MEANINGS, languages),
        "act": by_language(official or {}, languages),
        "standings": list(STANDINGS),
        "noData": NO_DATA,
        "cutoffs": cutoffs_of(layers),
        "periods": [one.name for one in periods],
        "census": found.census,
        "headline": by_language(found.headline, languages),
        "glossary": glossary_of({*explained, *(one["word"] for one in own_layers)}, languages),
        "verdicts": found.verdicts,
        "firm": found.firm,
        "pages": found.pages,
        "goals": goal_blocks(found.goals, languages),
        "goalSigns": signs_of(found.goals),
        "level": {language: level_text(level, language) for language in languages},
        "official": next((layer.cutoffs[0] for layer in layers if layer.cutoffs != ("",)), ""),
        "schemes": list(SCHEMES),
        "perUnit": packed.PER_UNIT,
        "palette": _palette(layers, schemes or {}, style),
        "areas": _areas(areas, drawn, languages),
        "layers": own_layers,
        "ofMeasure": measure is not None,
        "units": units,
        "live": None if profile is None or measure is None else live_block(profile, measure, areas, unit, languages),
    }
    return _assembled(held, title_in(texts.title, languages[0], ""), languages, own)


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


def _texts(
    texts: MapTexts, measure: Measure | None, period: str, unit: str, languages: Sequence[Language]
) -> dict[str, Any]:
    named = {
        name: by_language(getattr(texts, name), languages)
        for name in ("title", "area", "upper", "total", "source", "note", "disclosure")
    }
    name = title_in(texts.title, languages[0], "") if measure is None else measure.name
    return {
        **named,
        "measure": by_language(
            {} if measure is None else shown_title(measure), languages, "" if measure is None else name
        ),
        "unit": by_language(UNITS[unit], languages) if unit in UNITS else {},
        "file": re.sub(r"[^a-z0-9_-]+", "_", f"{name}_{period}".lower().strip("_")),
    }


def _marks(meanings: Mapping[str, Titles], languages: Sequence[Language]) -> dict[str, Any]:
    """Of each standing its mark, what it means in the words of the rules, and in short."""
    return {
        name: [mark, by_language(meanings[name], languages), by_language(MARK_MEANINGS[name], languages)]
        for name, mark in MARKS.items()
    }


def _palette(layers: Sequence[Layer], schemes: Schemes, style: Style) -> dict[str, Any]:
    """The colours of every map, by number of classes, as far as these layers need them."""
    breaks = [len(layer.breaks) for layer in layers]
    breaks += [len(further) for layer in layers for further in schemes.get(layer.name, {}).values()]
    classes = {number - 1: list(style.shades(number - 1)) for number in sorted(set(breaks))}
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
        "spots": drawn.spots,
        "capitals": [place for place, code in enumerate(areas.codes) if code in areas.capitals],
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


def _assembled(held: Mapping[str, Any], title: str, languages: Sequence[Language], own: PageParts) -> str:
    page = files("mpi.maps") / "page"
    script = bundle(page)
    style = (page / "page.css").read_text("utf-8") + own.style
    data = json.dumps(held, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":  # what could end the block, or read as markup
        data = data.replace(character, f"\\u{ord(character):04x}")
    slots = {
        "LANGUAGE": languages[0],
        "LANGUAGES": _buttons(languages),
        "SCRIPTS_ARE_OFF": " &nbsp; ".join(html.escape(NEEDS_SCRIPTS[one]) for one in languages),
        "TITLE": html.escape(title),
        "POLICY": f"default-src 'none'; script-src '{content_hash(script)}'; style-src '{content_hash(style)}'; "
        f"img-src data:{own.fonts}; base-uri 'none'; form-action 'none'",
        "STYLE": style,
        "SCRIPT": script,
        "LOGO": own.head,
        "OFFICE": f"\n<aside>\n{own.foot}</aside>" if own.foot else "",
        "DATA": data,
    }
    # One pass: a slot's name inside a title or a name stays what it is.
    text = (page / "page.html").read_text("utf-8")
    return legible(_SLOT.sub(lambda match: slots.get(match[1], match[0]), text))
