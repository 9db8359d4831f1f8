"""How QGIS draws a layer, as the text that a GeoPackage carries: classes, hatches for what is unsure, crosses.

Written for QGIS 3.22 and later. Rules are in the units of the column, so that a planner can change them by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.language import catalogue
from mpi.maps.furniture import class_labels
from mpi.maps.layers import Layer
from mpi.vocabulary.wording import MARK_MEANINGS, NOTHING_THERE, Language, form_of

HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
INK, PAPER, BORDER, EMPTY = "34,34,34,255", "255,255,255,255", "80,80,80,255", "230,230,230,255"
PALER = "246,246,246,255"  # of areas without a figure, beside those without a row
PALE = "255,235,210,255"  # borders of areas that are darker than BORDER itself
DARK = 95  # from 0 to 255: how bright such a colour is at most
# Distance and width of hatches, in millimetres; the denser, the less sure.
CAUTION, REVIEW, HIDDEN, NOTHING = (2.0, 0.18), (1.0, 0.18), (1.4, 0.15), (2.4, 0.12)
RISING, FALLING, FLAT = 45, 135, 0
# What is drawn after what, over all areas: a hatch would else cover the borders of its neighbours.
FILLS, HATCHES, BORDERS = 0, 1, 2


def style_of(
    layer: Layer,
    column: str,
    standing: str,
    language: Language,
    *,
    meanings: Mapping[str, str] | None = None,
    style: Style = HOUSE,
) -> str:
    """The QML style of a layer: a colour for each class, hatches and crosses on top.

    Parameters
    ----------
    column, standing : str
        Names of the columns with the estimate and its standing.
    meanings : mapping of str to str, optional
        What each standing means in the words of the rules that judged.
    """
    value, stands = _name(column), _name(standing)
    labels = class_labels(layer.breaks, form_of(layer.statistic), language)
    unit = catalogue(language).percent if layer.form == "percent" else ""
    rules: list[str] = []
    symbols: list[str] = []

    def add(filter_: str, label: str, *layers: str) -> None:
        rules.append(
            f'<rule filter="{escape(filter_)}" label="{escape(label)}" key="r{len(rules)}" symbol="{len(symbols)}"/>'
        )
        symbols.append(_symbol(str(len(symbols)), "fill", "".join(layers)))

    for i, (colour, label) in enumerate(zip(_colours(len(labels), style), labels, strict=True)):
        above = f"{value} > {layer.breaks[i]:.12g}" if i else ""
        upto = f"{value} <= {layer.breaks[i + 1]:.12g}" if i < len(labels) - 1 else ""
        within = " AND ".join(part for part in (above, upto) if part) or f"{value} IS NOT NULL"
        add(within, f"{label}{unit}", _fill(colour), _border(colour))
    meaning = {name: words[language] for name, words in MARK_MEANINGS.items()} | dict(meanings or {})
    meaning |= {name: words[language] for name, words in NOTHING_THERE.items()}
    add(f"{stands} = 'caution'", meaning["caution"], *_hatch(RISING, CAUTION))
    add(f"{stands} = 'review'", meaning["review"], *_hatch(RISING, REVIEW))
    crossed = (*_hatch(RISING, HIDDEN, halo=False), *_hatch(FALLING, HIDDEN, halo=False))
    add(f"{stands} = 'hidden'", meaning["hidden"], _fill(PAPER), *crossed, _border(PAPER))
    add(
        f"{stands} = 'undefined'",
        meaning["undefined"],
        _fill(PALER),
        *_hatch(FLAT, NOTHING, halo=False),
        _border(PALER),
    )
    nothing = f"{stands} = 'no_data' OR {stands} IS NULL"
    add(nothing, meaning["no_data"], _fill(EMPTY), *_hatch(FALLING, NOTHING, halo=False), _border(EMPTY))
    return _ruled(rules, symbols)


def verdict_style(
    column: str, words: Mapping[str, str], signs: Mapping[str, str], nothing: str, looks: Mapping[str, Look]
) -> str:
    """The QML style of verdicts on targets: a colour and a hatch of its own for each, its sign in the legend.

    Parameters
    ----------
    column : str
        Name of the column with the verdicts.
    words, signs : mapping of str to str
        What each verdict that occurs means, and its sign.
    nothing : str
        Says that an area has no target.
    looks : mapping of str to Look
        Colour and hatch of each verdict, as on static maps.
    """
    rules, symbols = [], []
    drawn = [(f"{_name(column)} IS NULL", nothing, EMPTY, _hatch(FALLING, NOTHING, halo=False))]
    drawn += [
        (f"{_name(column)} = '{name}'", f"{signs[name]} {words[name]}", _rgb(look.fill or ""), _verdict_hatch(look))
        for name, look in looks.items()
        if name in words
    ]
    for place, (filter_, label, colour, hatches) in enumerate([*drawn[1:], drawn[0]]):
        rules.append(f'<rule filter="{escape(filter_)}" label="{escape(label)}" key="r{place}" symbol="{place}"/>')
        symbols.append(_symbol(str(place), "fill", "".join((_fill(colour), *hatches, _border(colour)))))
    return _ruled(rules, symbols)


def _verdict_hatch(look: Look) -> tuple[str, ...]:
    """The hatch of a verdict: rising lines, crossed ones, flat ones for dots."""
    turns = {"/": (RISING,), "x": (RISING, FALLING), ".": (FLAT,)}.get(look.hatch[:1], ())
    ink = _rgb(look.hatch_ink or "")
    return tuple(_lines(turn, *REVIEW, ink) for turn in turns)


def outline_style() -> str:
    """The QML style of areas of which only the borders are drawn."""
    symbol = _symbol("0", "fill", _fill("0,0,0,0", style="no", border=INK, width=0.32))
    return _qgis(f'<renderer-v2 type="singleSymbol" symbollevels="0"><symbols>{symbol}</symbols></renderer-v2>')


def _ruled(rules: Sequence[str], symbols: Sequence[str]) -> str:
    return _qgis(
        f'<renderer-v2 type="RuleRenderer" symbollevels="1" forceraster="0" enableorderby="0">'
        f'<rules key="root">{"".join(rules)}</rules><symbols>{"".join(symbols)}</symbols></renderer-v2>'
    )


def _qgis(renderer: str) -> str:
    return (
        f'{HEAD}<qgis version="3.22.0" styleCategories="Symbology">{renderer}<blendMode>0</blendMode>'
        "<featureBlendMode>0</featureBlendMode><layerGeometryType>2</layerGeometryType></qgis>\n"
    )


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _colours(classes: int, style: Style) -> Sequence[str]:
    return [_rgb(code) for code in style.shades(classes)]


def _rgb(code: str) -> str:
    """A colour as QGIS writes it, with full opacity."""
    return ",".join(str(int(code[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _symbol(name: str, kind: str, layers: str) -> str:
    return f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{layers}</symbol>'


def _layer(kind: str, options: Mapping[str, object], inner: str = "", *, turn: int = FILLS) -> str:
    told = "".join(f'<Option type="QString" name="{name}" value="{value}"/>' for name, value in options.items())
    head = f'<layer class="{kind}" enabled="1" locked="0" pass="{turn}">'
    return f'{head}<Option type="Map">{told}</Option>{inner}</layer>'


def _fill(colour: str, *, style: str = "solid", border: str = "", width: float = 0.08, turn: int = FILLS) -> str:
    """A colour, a border, or both; a colour alone has a hairline of its own, so that no seam shows between areas."""
    return _layer(
        "SimpleFill",
        {
            "color": colour,
            "style": style,
            "outline_color": border or colour,
            "outline_style": "solid",
            "outline_width": width,
            "outline_width_unit": "MM",
            "joinstyle": "round",
        },
        turn=turn,
    )


def _border(colour: str) -> str:
    """The border of an area of a colour, drawn after all colours and hatches."""
    red, green, blue, _ = (int(part) for part in colour.split(","))
    pale = 0.299 * red + 0.587 * green + 0.114 * blue < DARK  # brightness as ITU-R BT.601 has it
    return _fill("0,0,0,0", style="no", border=PALE if pale else BORDER, width=0.16, turn=BORDERS)


def _hatch(angle: int, spacing: tuple[float, float], *, halo: bool = True) -> tuple[str, ...]:
    """Lines across an area; with a pale line under each, so that they are seen on dark classes too."""
    distance, width = spacing
    lines = [(PAPER, 2.0 * width)] if halo else []
    return tuple(_lines(angle, distance, thick, colour) for colour, thick in [*lines, (INK, width)])


def _lines(angle: int, distance: float, width: float, colour: str) -> str:
    line = _layer(
        "SimpleLine",
        {
            "line_color": colour,
            "line_style": "solid",
            "line_width": round(width, 3),
            "line_width_unit": "MM",
            "capstyle": "flat",
        },
    )
    return _layer(
        "LinePatternFill",
        {
            "angle": angle,
            "color": colour,
            "distance": distance,
            "distance_unit": "MM",
            "line_width": round(width, 3),
            "line_width_unit": "MM",
            "offset": 0,
            "offset_unit": "MM",
        },
        _symbol("@0@0", "line", line),
        turn=HATCHES,
    )
