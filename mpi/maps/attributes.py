"""The table of a map's data: one row an area, a few columns for each statistic at each cutoff, with readable names.

Comes in: areas and layers. Goes out: columns of Arrow and what each of them means. Where a figure is hidden there is
no number, as in the layers.

Names are made of the statistic, the indicator and the cutoff as a percentage: `H_k33`, `M0_k33`,
`censored_schooling_k33`, `uncensored_schooling`; then `_low`, `_high` for the interval, `_standing` for what may be
read from it. A cutoff that shares its whole percentage with another is written out: `H_k1_3`; one that is strict
has `gt`: `H_kgt40`. A name that another column has already, by whatever capitals, gets a number: `censored_low_2`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.disclosure.publishable import STANDINGS
from mpi.language import translated
from mpi.maps.areas import Areas
from mpi.maps.goals import Goal
from mpi.maps.layers import NO_DATA, Layer
from mpi.vocabulary.result_columns import Meaning
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import LANGUAGES, Language, statistic_title, title_in

WITHOUT_DATA = "no_data"
AREA: Mapping[str, Meaning] = {
    "code": Meaning("string", translated("Code"), translated("Code of the area; leading zeros count.")),
    "name": Meaning("string", translated("Name"), translated("Name of the area.")),
    "upper_code": Meaning("string", translated("Upper code"),
                          translated("Code of the area that holds it.")),
    "upper_name": Meaning("string", translated("Upper name"),
                          translated("Name of the area that holds it.")),
    "n": Meaning("integer", translated("Sample"),
                 translated("Unweighted units behind the figures.")),
}  # fmt: skip
PARTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "estimate": ("", translated("{title}; shares from 0 to 1.")),
    "ci_low": ("_low", translated("{title}: lower limit of the confidence interval.")),
    "ci_high": ("_high", translated("{title}: upper limit of the confidence interval.")),
    "standing": ("_standing", translated("{title}: shown, caution, review, hidden, undefined or no_data.")),
}  # fmt: skip
COUNTS = translated("{title}.")
VERDICT, VERDICT_TEXT = "_verdict", translated("{title}: verdict: met, on_track, off_track, cannot_tell or none.")
# Names of columns that no statistic may have: those of the formats' own, beside those of the areas.
TAKEN = frozenset({*AREA, "fid", "ogc_fid", "geom", "geometry", "bbox"})


@dataclass(frozen=True, slots=True)
class Slice:
    """One layer at one cutoff: its column, and its title in each language."""

    layer: Layer
    cutoff: int
    column: str
    title: Mapping[str, str]


def goal_columns(goals: Sequence[Goal]) -> dict[str, pa.Array]:
    """Of each target what it asks of the areas, and the verdict; null where an area has none."""
    made: dict[str, pa.Array] = {}
    for name, one in zip(goal_names(goals), goals, strict=True):
        made[name] = pa.array(one.targets, pa.float64())
        made[f"{name}{VERDICT}"] = arrow.texts(list(one.verdicts))
    return made


def goal_meanings(goals: Sequence[Goal]) -> dict[str, Meaning]:
    """What these columns hold."""
    made: dict[str, Meaning] = {}
    for name, one in zip(goal_names(goals), goals, strict=True):
        made[name] = Meaning("number", one.title, {language: one.title[language] for language in one.title})
        told = {language: VERDICT_TEXT[language].format(title=one.title[language]) for language in one.title}
        made[f"{name}{VERDICT}"] = Meaning("string", told, told)
    return made


def goal_names(goals: Sequence[Goal]) -> list[str]:
    """Names of columns, each once: `target_H_2030`."""
    found: list[str] = []
    for one in goals:
        stem = "target_" + re.sub(r"\W+", "_", one.name)
        found.append(stem if stem not in found else f"{stem}_{len(found) + 1}")
    return found


def slices(layers: Sequence[Layer], *, unit: str, titles: Mapping[str, Mapping[str, str]]) -> tuple[Slice, ...]:
    """Every layer at every cutoff, with the name of its column.

    Parameters
    ----------
    unit : {"persons", "households"}
    titles : mapping of str to mapping of str to str
        Of indicators, by language; the name of the indicator where there is none.
    """
    made: list[Slice] = []
    taken = set(TAKEN)
    for layer in layers:
        name = DEFINITIONS[layer.statistic].column or layer.statistic
        stem = "_".join(part for part in (name, layer.indicator) if part)
        for place, cutoff in enumerate(_cutoffs(layer.cutoffs)):
            k = layer.cutoffs[place]
            title: dict[str, str] = {one: _title(layer, k, one, unit, titles) for one in LANGUAGES}
            made.append(Slice(layer, place, _free(f"{stem}_{cutoff}" if cutoff else stem, taken), title))
    return tuple(made)


def _free(column: str, taken: set[str]) -> str:
    """A name that leaves all columns of a slice apart from those before it: to SQLite, capitals are no difference."""
    for number in count(1):
        name = column if number == 1 else f"{column}_{number}"
        own = {f"{name}{ending}".casefold() for ending, _ in PARTS.values()}
        if not own & taken:
            taken |= own
            return name
    raise AssertionError  # the count has no end


def _title(layer: Layer, k: str, language: Language, unit: str, titles: Mapping[str, Mapping[str, str]]) -> str:
    of = title_in(titles.get(layer.indicator or "", {}), language, layer.indicator or "")
    cutoff = "" if not k else f"k {k.replace('>', '> ')}" if k.startswith(">") else f"k = {k}"
    return ", ".join(part for part in (statistic_title(layer.statistic, unit, language), of, cutoff) if part)


def _cutoffs(texts: Sequence[str]) -> list[str]:
    """Cutoffs as parts of names.

    Examples
    --------
    >>> _cutoffs(["1/3", ">2/5", ""]), _cutoffs(["1/3", "33/100"])
    (['k33', 'kgt40', ''], ['k1_3', 'k33_100'])
    """
    short = ["" if not text else f"k{_strict(text)}{int(100 * Fraction(text.lstrip('>')))}" for text in texts]
    if len(set(short)) == len(texts):
        return short
    return ["" if not text else f"k{_strict(text)}{text.lstrip('>').replace('/', '_')}" for text in texts]


def _strict(text: str) -> str:
    return "gt" if text.startswith(">") else ""


def attributes(areas: Areas, parts: Sequence[Slice]) -> dict[str, pa.Array]:
    """The columns of the table, areas as rows: texts, doubles with nulls, standings as words."""
    columns = {"code": arrow.texts(areas.codes), "name": arrow.texts(areas.names)}
    if areas.upper_codes:
        columns["upper_code"] = arrow.texts([areas.upper_codes[i] if i >= 0 else None for i in areas.upper.tolist()])
        columns["upper_name"] = arrow.texts([areas.upper_names[i] if i >= 0 else None for i in areas.upper.tolist()])
    if parts:
        units = parts[0].layer.units
        known = np.isfinite(units)
        columns["n"] = arrow.numbers(np.where(known, units, 0).astype(np.int64), known)
    for part in parts:
        for name, values in standings_and_numbers(part).items():
            columns[f"{part.column}{PARTS[name][0]}"] = values
    return columns


def standings_and_numbers(part: Slice) -> dict[str, pa.Array]:
    """The four columns of a layer at a cutoff."""
    layer, i = part.layer, part.cutoff
    found = {}
    for name, values in (("estimate", layer.estimate), ("ci_low", layer.ci_low), ("ci_high", layer.ci_high)):
        known = np.isfinite(values[i])
        found[name] = arrow.numbers(np.where(known, values[i], 0.0), known)
    standing = layer.standing[i]
    words = arrow.texts([*STANDINGS, WITHOUT_DATA])
    found["standing"] = words.take(arrow.numbers(np.where(standing == NO_DATA, len(STANDINGS), standing)))
    return found


def meanings(areas: Areas, parts: Sequence[Slice]) -> dict[str, Meaning]:
    """What each column of the table means, in its order."""
    found = dict(AREA)
    if not areas.upper_codes:
        del found["upper_code"], found["upper_name"]
    if not parts:
        del found["n"]
    for part in parts:
        for name, (ending, texts) in PARTS.items():
            words = COUNTS if name == "estimate" and part.layer.form == "number" else texts
            text: dict[str, str] = {
                language: words[language].format(title=part.title[language]) for language in LANGUAGES
            }
            found[f"{part.column}{ending}"] = Meaning("string" if name == "standing" else "number", part.title, text)
    return found
