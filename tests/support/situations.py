"""Small studies in every situation that a publication can meet: hidden, empty, whole, of one group or of a thousand.

A `Situation` says what is special; `study_of` writes its measure, surveys, data and boundaries, made from a seed, into
a folder and loads the study.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mpi.config import load_study
from mpi.specs.study import Study

Design = Literal["both", "strata", "psu", "neither", "census", "replicates", "calibrated"]
Poor = Literal["some", "none", "all", "parted"]  # parted: H is 0 in every second group
Labels = Literal["plain", "odd"]
# What names and codes may hold: markup, formulas, mathtext, emoji, scripts that the fonts lack, bidirectional and
# control signs, line breaks, very long words.
ODD = (
    '"quoted" & <script>alert(1)</script>', "=cmd|' /C calc'!A0", "$x^2$ $", "100 % {{7*7}} %s \\N{BEL}", "Sur\x1b[31m",
    "bell\x07bell", "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467", "\u5317\u4eac \u0639\u0631\u0628\u064a",
    "\u202eabc\u202c \u200f", "line\nbreak\ttab", "ñ" + "a" * 300, "\ufffe\x7f\x85",
)  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """What is special about a study; the defaults are a plain small one."""

    poor: Poor = "some"
    groups: int = 3
    design: Design = "both"
    rounds: int = 1
    dimensions: int = 2
    indicators: int = 2  # of each dimension
    cutoffs: tuple[str, ...] = ("1/2", "1/4")
    disclosure: str = "none"  # or hidden (nothing is shown), few (one group is), standard
    reliability: str = "none"
    units: tuple[str, ...] = ("persons",)
    identification: Literal["household", "person"] = "household"
    labels: Labels = "plain"
    missing: bool = False  # codes that nobody knows
    unmet: bool = False  # a declared level without rows
    languages: tuple[str, ...] = ("es", "en")
    map: bool = False
    outputs: tuple[str, ...] = ("report", "workbook", "charts", "maps", "map_data", "results", "areas", "board")
    households: int = 48

    @property
    def names(self) -> tuple[str, ...]:
        """The codes of the groups."""
        if self.labels == "odd":
            return ODD[: self.groups]
        return tuple(f"g{i:04}" for i in range(self.groups))


def study_of(one: Situation, folder: Path, seed: int = 1) -> Study:
    """The study of a situation, with all its files in a folder."""
    folder.mkdir(exist_ok=True)
    for name, held in {"measure": _measure(one), "study": _study(one), "rules": _rules(one)}.items():
        _write(folder / f"{name}.yaml", held)
    for place in range(one.rounds):
        _write(folder / f"survey_{place}.yaml", _survey(one, place))
        _data(one, folder, place, seed + place)
    if one.map:
        _boundaries(one, folder)
    return load_study(folder / "study.yaml")


def _write(path: Path, held: dict[str, Any]) -> None:
    """JSON is YAML, but for letters beyond 16 bits, which YAML writes as one."""
    pair = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)")

    def one(match: re.Match[str]) -> str:
        high, low = (int(half, 16) for half in match.groups())
        return f"\\U{0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF):08x}"

    path.write_text(pair.sub(one, json.dumps(held)), encoding="utf-8")


def _indicators(one: Situation) -> list[list[str]]:
    return [[f"i{d}_{j}" for j in range(one.indicators)] for d in range(one.dimensions)]


def _measure(one: Situation) -> dict[str, Any]:
    level = "person" if one.identification == "person" else "household"
    names = _indicators(one)
    return {
        "measure": "tried",
        "title": {"es": "Medida", "en": "Measure", "pt": "Medida"},
        "identification": one.identification,
        "missing": "exclude",
        "k": {"poor": {"at": one.cutoffs[0].lstrip(">"), "comparison": ">" if one.cutoffs[0][0] == ">" else ">="}},
        "variables": {level: {name: "number" for own in names for name in own}},
        "dimensions": {
            f"d{place}": {
                "title": {"es": f"Dimensión {place}", "en": f"Dimension {place}", "pt": f"Dimensão {place}"},
                "indicators": {
                    name: {
                        "title": {"es": f"Indicador {name}", "en": f"Indicator {name}", "pt": f"Indicador {name}"},
                        "deprived": f"{name} = 1",
                    }
                    for name in own
                },
            }
            for place, own in enumerate(names)
        },
    }


def _survey(one: Situation, place: int) -> dict[str, Any]:
    names = [name for own in _indicators(one) for name in own]
    persons = {"path": f"persons_{place}.parquet", "key": ["house", "person"]}
    households: dict[str, Any] = {"path": f"households_{place}.parquet", "key": ["house"]}
    design: dict[str, Any] = {
        "both": {"weight": "weight", "stratum": "stratum", "psu": "psu", "psu_codes": "unique"},
        "strata": {"weight": "weight", "stratum": "stratum"},
        "psu": {"weight": "weight", "psu": "psu"},
        "neither": {"weight": "weight"},
        "census": {"weight": "none", "census": True},
        "replicates": {"weight": "weight", "replicates": {"method": "JK1", "columns": "r1..r6", "weights": "combined"}},
        "calibrated": {
            "weight": "weight",
            "stratum": "stratum",
            "psu": "psu",
            "psu_codes": "unique",
            "calibration": {"level": "household", "design_weight": "before", "variables": ["fit"]},
        },
    }[one.design]
    valley: Any = {"column": "valley", "title": {"es": "Valle", "en": "Valley", "pt": "Vale"}}
    if one.unmet:
        valley["codes"] = {**{name: name for name in one.names}, "nowhere": "nowhere"}
    return {
        "survey": f"tried_{2020 + place}",
        "period": str(2020 + place),
        "title": {"es": "Encuesta", "en": "Survey", "pt": "Pesquisa"},
        "tables": {"persons": persons, "households": households},
        "design": design,
        "variables": {name: name for name in names},
        "domains": {"valley": valley, "sex": {"column": "sex"}},
    }


def _study(one: Situation) -> dict[str, Any]:
    odd = one.labels == "odd"
    held: dict[str, Any] = {
        "study": "tried",
        "title": {"es": "Pobreza", "en": "Poverty", "pt": "Pobreza"},
        "publisher": {"es": "Oficina", "en": "Office", "pt": "Instituto"},
        "released": "2026-01-01",
        "measure": "measure.yaml",
        "surveys": [f"survey_{place}.yaml" for place in range(one.rounds)],
        # Members of a household differ by sex, so that households cannot be counted by it.
        "by": ["valley", "sex"] if one.units == ("persons",) else ["valley"],
        "cutoffs": list(one.cutoffs[1:]),
        "units": list(one.units),
        "reliability": one.reliability,
        "disclosure": one.disclosure if one.disclosure in ("none", "standard") else "rules.yaml",
        "languages": list(one.languages),
        **({"rounds": "independent"} if one.rounds > 1 else {}),
        "outputs": list(one.outputs),
    }
    if odd:
        held["labels"] = {"valley": {name: {"es": f"{name} ñ", "en": name, "pt": name} for name in one.names[::2]}}
    if one.map:
        boundaries = {
            "path": "areas.geojson",
            "code": "code",
            "name": "name",
            "source": {"es": "cuadrados", "en": "squares", "pt": "quadrados"},
        }
        held["maps"] = {"valley": {"boundaries": boundaries, "projection": "EPSG:3857", "unmatched": "allow"}}
    return held


def _rules(one: Situation) -> dict[str, Any]:
    """Rules that hide everything, all groups, or all groups but the first, which has half of the households."""
    least = {"hidden": 10_000, "groups": one.households + 1, "few": one.households // 2}.get(one.disclosure, 0)
    return {
        "disclosure": "rules",
        "title": {"es": "Reglas", "en": "Rules", "pt": "Regras"},
        "persons": least,
        "households": 1,
        "numerator": 0,
        "all_or_none": 0,
        "complementary": False,
    }


def _data(one: Situation, folder: Path, place: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, groups = one.households, len(one.names)
    house = np.arange(n)
    group = house % groups
    if one.disclosure == "few" and groups > 1:
        group = np.where(house < n // 2 + 2, 0, 1 + house % (groups - 1))
    members = 1 + house % 3
    valley: list[str | None] = [one.names[i] for i in group.tolist()]
    if one.missing:
        valley[-3:] = [None] * 3
    weight = rng.integers(8, 40, n) / 8
    households: dict[str, Any] = {
        "house": house,
        "valley": valley,
        "weight": weight,
        "before": weight * 0.9,
        "fit": np.ones(n),
        "stratum": [f"s{i}" for i in (house // (4 * max(1, n // 8))).tolist()],
        "psu": [f"p{i:04}" for i in (house // 4).tolist()],
    }
    households |= {f"r{r + 1}": np.where(house % 6 == r, 0.0, weight * 6 / 5) for r in range(6)}
    owner = np.repeat(house, members)
    persons: dict[str, Any] = {
        "house": owner,
        "person": np.arange(len(owner)) - np.searchsorted(owner, owner) + 1,
        "sex": np.array(["man", "woman"])[np.arange(len(owner)) % 2].tolist(),
    }
    of, size, held = (owner, len(owner), persons) if one.identification == "person" else (house, n, households)
    share = rng.random(size)
    for own in _indicators(one):
        for name in own:
            flag = rng.random(size) < 0.2 + 0.6 * share
            if one.poor == "none":
                flag[:] = False
            elif one.poor == "all":
                flag[:] = True
            elif one.poor == "parted":
                flag &= group[of] % 2 == 1
            held[name] = flag.astype(np.int64)
    pq.write_table(pa.table(households), folder / f"households_{place}.parquet")
    pq.write_table(pa.table(persons), folder / f"persons_{place}.parquet")


def _boundaries(one: Situation, folder: Path) -> None:
    """Squares of a tenth of a degree side by side, in rows of 40, one a group."""
    features = []
    for i, name in enumerate(one.names):
        x, y = i % 40 / 10, i // 40 / 10
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": name, "name": f"Area {name}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    held = {"type": "FeatureCollection", "features": features}
    (folder / "areas.geojson").write_text(json.dumps(held), encoding="utf-8")
