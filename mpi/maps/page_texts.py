"""The texts of the interactive map's page, from the catalogues: only those of its languages go into its data.

Names of statistics, units and marks come with the figures, as in every other output. Fields in braces are filled by
`page/texts.js`. A new text is an entry here, and its key in `TextKey` of `page/types.d.ts`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mpi.language import catalogue, translated
from mpi.vocabulary.glossary import WORDS, ordered
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import Language, title_in

TEXTS: Mapping[str, Titles] = {
    "skip": translated("Skip to the table of figures"), "languages": translated("Language"),
    "controls": translated("What the map shows"), "layer": translated("Measure"),
    "cutoff": translated("Poverty cutoff", context="map page"), "scheme": translated("Classes"),
    "fixed": translated("Fixed"),
    "quantiles": translated("Quantiles"), "fisher_jenks": translated("Fisher-Jenks (natural breaks)"),
    "search": translated("Find {area} by name or code"), "nothing": translated("Nothing found"),
    "zoom": translated("Zoom"), "zoomIn": translated("Zoom in"), "zoomOut": translated("Zoom out"),
    "zoomAll": translated("Show everything"),
    "keys": translated(
        "Keys on the map: arrows pan · + and \u2212 zoom · 0 shows everything · Shift + arrows walk through the "
        "areas · Enter selects."
    ),
    "mapLabel": translated(
        "Map: {title}. Arrows pan, plus and minus zoom, Shift and arrows walk through the areas, Enter "
        "selects. The table below holds the same figures."
    ),
    "officialCutoff": translated("official"), "measureCutoff": translated("the measure's own", context="map page"),
    "official": translated("Official measure: {act}"), "asDefined": translated("As the study's measure defines it"),
    "everybody": translated("Deprivation of everybody, not of the poor alone"),
    "otherCutoff": translated("Cutoff other than the measure's own ({k})"),
    "ownBadge": translated("Your setting: not the published figures"),
    "ownSame": translated("Recomputed with the measure's weights and cutoff, without intervals"),
    "ownInvalid": translated("Setting not complete: correct the cutoff or the weights"),
    "legend": translated("Legend"), "units": translated("number of areas"),
    "over": translated("over {a}"), "upTo": translated("up to {a}"), "range": translated("{a} \u2013 {b}"),
    "rangeAbove": translated("> {a} \u2013 {b}"),
    "rule": translated(
        "{scheme}: the same breaks at every cutoff k. Each class includes its upper limit; the first, both."
    ),
    "besideIt": translated("Second map beside it"), "oneMap": translated("none"),
    "ruleAlone": translated("{scheme}. Each class includes its upper limit; the first, both."),
    "noData": translated("no data"), "details": translated("Selected area"),
    "choose": translated("Choose an area on the map, in the table or by searching."),
    "interval": translated("{level}% confidence interval"),
    "noInterval": translated("No interval: your own settings have none"),
    "sample": translated("Unweighted observations ({unit})"), "class": translated("Class"),
    "compare": translated("Comparison"), "clear": translated("Clear the selection"),
    "zoomTo": translated("Zoom to the area"),
    "atOfficial": translated("Marks of quality are those of the published figure at k = {k}."),
    "hiddenStays": translated("What the published figures do not show is not shown here either."),
    "own": translated("What if…? Other weights, another cutoff, deprivations closed"),
    "closing": translated("Close deprivations"),
    "closingAbout": translated(
        "As if nobody had them any longer, and all else stayed as it is: accounting, not impact."
    ),
    "closedAre": translated("Closed: {names} (accounting, not impact)"),
    "ownAbout": translated(
        "Computes H, A, M0 and the deprivations of every area again in your browser, exactly. Write "
        "fractions (1/5), decimals (0.2) or percentages (20%); weights are normalised to 1."
    ),
    "presets": translated("Weights to start from"), "presetOfficial": translated("The measure's own"),
    "presetIndicators": translated("Equal per indicator"), "presetDimensions": translated("Equal per dimension"),
    "ownCutoff": translated("Cutoff k: poor are those with at least"), "ownBack": translated("Back to the measure"),
    "officialWeight": translated("in the measure {w}"),
    "faultNumber": translated("“{text}” is not a number such as 1/3, 0.33 or 33%."),
    "faultZero": translated("“{text}” divides by zero."),
    "faultRange": translated("The cutoff k must be above 0 and not above 1."),
    "faultSum": translated("At least one weight must be above 0."), "faultAt": translated("{name}: {fault}"),
    "faultLong": translated("A number cannot have more than 40 characters."), "saving": translated("Download"),
    "saveCsv": translated("Data (CSV)"), "saveSvg": translated("Map (SVG)"), "print": translated("Print"),
    "figures": translated("Figures by {area}"), "code": translated("Code"), "name": translated("Name"),
    "value": translated("Estimate"), "low": translated("Low"), "high": translated("High"), "n": translated("n"),
    "standing": translated("Quality"), "sort": translated("Sort by {name}"),
    "captionLimits": translated("Low, high: limits of the {level}% confidence interval"),
    "captionN": translated("n: unweighted observations"),
    "captionOwn": translated("No confidence intervals"), "period": translated("Period"),
    "kIs": translated("k = {k}"), "kStrict": translated("k > {k}"),
    "anyCutoff": translated("does not depend on the cutoff"), "enlarged": translated("enlarged \u00d7{x}"),
    "sourceIs": translated("Source"), "noteIs": translated("Note"), "disclosureIs": translated("Confidentiality"),
    "weightsAre": translated("Weights: {weights}"), "filePrefix": translated("map"),
    "share": translated("% of {unit}"), "indexUnit": translated("index from 0 to 1"),
    "numberUnit": translated("number of {unit}"), "shareOfPoor": translated("% of the weights, among poor {unit}"),
    "ownFile": translated("own_setting"), "dark": translated("Dark colours"),
    "more": translated("How to read the colours"), "ends": translated("Highest and lowest"),
    "highest": translated("Highest", context="areas"), "lowest": translated("Lowest", context="areas"),
    "endsOf": translated("Of the {ranked} areas that are precise enough for a ranking; {all} have a figure."),
    "endsWithout": translated("Areas without a figure, which are not compared: {without}."),
    "endsTested": translated("▲ ▼: really above or below {name}; for the others it cannot be said."),
    "errorsUnknown": translated(
        "The sampling errors of these figures are not known, so no difference can be called real."
    ),
    "endsUntested": translated("Whether these differences are real has not been tested."),
    "isHigher": translated("Higher than {name}"), "isLower": translated("Lower than {name}"),
    "isEqual": translated("The same as {name}"),
    "isUnclear": translated("Whether it is higher or lower than {name} cannot be said"),
    "isUntested": translated("The difference from {name} has not been tested"),
    "before": translated("In {period}: {value}."), "changeIs": translated("Change: {change}"),
    "changeReal": translated("a real change"), "changeUnclear": translated("it cannot be said that it changed"),
    "changeUntested": translated("The change has not been tested"),
    "points": translated("{change} pp", context="map page"),
    "mostWeak": translated(
        "Not reliable: {weak} of the {all} figures on this map. Their colours are faded, and no comparison can rest on "
        "them."
    ),
    "areaPage": translated("All figures of {name}"),
    "levelAbove": translated("See the map by {upper}"),
    "glossary": translated("Glossary"), "meaningOf": translated("What it means: {word}"),
    "goals": translated("Targets"), "noGoal": translated("not shown"),
    "shareThatIsPoor": translated("% of {unit} in multidimensional poverty"),
}  # fmt: skip
NEEDS_SCRIPTS: Titles = translated("This map needs JavaScript.")


def page_texts(languages: Sequence[Language]) -> dict[str, dict[str, str]]:
    """The texts and the signs of numbers of a page, by language and key."""
    return {language: _texts(language) for language in languages}


def _texts(language: Language) -> dict[str, str]:
    texts = catalogue(language)
    decimal, thousands = texts.signs
    signs = {"decimal": decimal, "thousands": thousands, "percentSign": texts.percent}
    signs |= {"colon": texts.punctuated(": "), "semicolon": texts.punctuated("; ")}
    return {**{key: text[language] for key, text in TEXTS.items()}, **signs}


def glossary_of(names: Collection[str], languages: Sequence[Language]) -> list[dict[str, Any]]:
    """The entries of words, which the page explains beside its controls."""
    return [
        {
            "name": name,
            "title": by_language(WORDS[name].title, languages),
            "text": by_language(WORDS[name].text, languages),
        }
        for name in ordered(names)
    ]


def by_language(titles: Titles, languages: Sequence[Language], name: str = "") -> dict[str, str]:
    """A title in each language of a page; the name where there is none at all."""
    return {language: title_in(titles, language, name) for language in languages}
