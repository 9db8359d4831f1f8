"""The sample's municipalities as a map: areas and layers made by hand, so that tests of the page need nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import mpi
from mpi.counting import scores
from mpi.disclosure.publishable import STANDINGS, PublishableProfile
from mpi.estimates import Estimates
from mpi.maps.areas import Areas, Inset
from mpi.maps.interactive import MapTexts, map_page
from mpi.maps.layers import NO_DATA, Layer
from mpi.specs.measure import Measure
from mpi.synthetic.frame import DEPARTMENTS, municipality_codes
from mpi.vocabulary.wording import form_of

ROOT = Path(__file__).resolve().parent.parent.parent
CUTOFFS = ("1/3", "1/4", "2/5", "1/2")
BREAKS = {
    "percent": (0, 0.2, 0.4, 0.6, 0.8, 1),
    "index": (0, 0.1, 0.2, 0.3, 0.4, 1),
    "number": (0, 5e3, 1e4, 2e4, 5e4, 1e7),
}
FAR = ("88001", "88564")  # drawn in a frame
FEW = 4  # of the municipalities of each department: a browser takes half of the time for them
MARKED = "05360"  # a name with marks, which tests look for
NO_FIGURES = "05034"  # an area that the figures do not know
NASTY = {"05001": "<script>alert(1)</script>", "08001": "=cmd|' /C calc'!A0", "05086": "Bogotá, D.C. & “Ñuñoa”"}
TEXTS = MapTexts(
    title={"es": "Pobreza multidimensional por municipio", "en": "Multidimensional poverty by municipality"},
    area={"es": "Municipio", "en": "Municipality"},
    upper={"es": "Departamento", "en": "Department"},
    total={"es": "Colombia (sintética)", "en": "Colombia (synthetic)"},
    source={
        "es": "datos sintéticos de demostración, semilla 20240611.",
        "en": "synthetic demonstration data, seed 20240611.",
    },
    note={"es": "los límites son ficticios.", "en": "boundaries are fictitious."},
    disclosure={"es": "reglas de demostración.", "en": "demonstration rules."},
)


@cache
def measure() -> Measure:
    return mpi.load_measure("colombia_ipm")


@cache
def profile() -> Any:
    survey = mpi.load_survey("colombia_demo_2025")
    return mpi.deprivation_profile(survey, measure(), data=ROOT / "sample_data", domains=["departamento", "municipio"])


@cache
def estimates() -> Estimates:
    return mpi.estimate(profile(), measure(), by=["departamento", "municipio"], k=list(CUTOFFS), unit="persons")


@cache
def areas(*, nasty: bool = True, few: bool = False) -> Areas:
    """Municipalities in metres (a degree is taken as 111 km), the island in a frame; few: some of each department."""
    import shapely

    def read(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((ROOT / "sample_data/boundaries" / name).read_text("utf-8"))[
            "features"
        ]
        return found

    most = FEW if few else None
    reached = {code for department in DEPARTMENTS for code in municipality_codes(department)[:most]} | {MARKED}
    features = [one for one in read("colombia_municipios.geojson") if one["properties"]["mpio_code"] in reached]
    own = [one["properties"] for one in features]
    codes = tuple(one["mpio_code"] for one in own)
    names = tuple((NASTY.get(one["mpio_code"]) if nasty else None) or one["mpio_name"] for one in own)
    shapes = np.array([shapely.geometry.shape(one["geometry"]) for one in features], object)
    shapes = shapely.transform(shapes, lambda points: points * 111_000.0)
    uppers = tuple(sorted({one["dpto_code"] for one in own}))
    upper = np.array([uppers.index(one["dpto_code"]) for one in own], np.int64)
    labels = {one["dpto_code"]: one["dpto_name"] for one in own}
    unions = np.array([shapely.union_all(shapes[upper == u]) for u in range(len(uppers))], object)
    far = np.flatnonzero(np.isin(codes, FAR))
    inset = Inset({"es": "San Andrés y Providencia", "en": "San Andrés and Providencia"}, far)
    return Areas(
        domain="municipio",
        codes=codes,
        names=names,
        shapes=shapes,
        crs="EPSG:9377",
        metres=True,
        upper=upper,
        upper_codes=uppers,
        upper_names=tuple(labels[code] for code in uppers),
        upper_shapes=unions,
        insets=(inset,) if len(far) else (),
    )


@cache
def figures() -> dict[tuple[str, str | None], list[dict[str, Any]]]:
    """Rows of the estimates by statistic and indicator; those of dimensions left out."""
    found: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for row in estimates().rows():
        if row["dimension"] is None or row["indicator"] is not None:
            found.setdefault((row["statistic"], row["indicator"]), []).append(row)
    return found


def layer(
    statistic: str, domain: str, codes: Sequence[str], indicator: str | None = None, *, standings: bool = True
) -> Layer:
    """One layer of the sample; some areas get every standing on purpose."""
    rows = figures()[statistic, indicator]
    form = form_of(statistic)
    cutoffs = CUTOFFS if any(row["k"] for row in rows) else ("",)
    place = {code: i for i, code in enumerate(codes)}
    shape = (len(cutoffs), len(codes))
    estimate, low, high = (np.full(shape, np.nan) for _ in range(3))
    standing, units = np.full(shape, NO_DATA), np.full(len(codes), np.nan)
    others = [name for name in ("departamento", "municipio") if name != domain]
    for row in rows:
        code = row[domain] if domain else ""
        if code not in place or any(row[name] is not None for name in others):
            continue
        at = cutoffs.index(row["k"] or ""), place[code]
        given = row["estimate"] is not None
        estimate[at] = row["estimate"] if given else np.nan
        low[at] = np.nan if row["ci_low"] is None else row["ci_low"]
        high[at] = np.nan if row["ci_high"] is None else row["ci_high"]
        standing[at] = STANDINGS.index("shown" if given else "undefined")
        units[at[1]] = row["n"]
    if standings and domain == "municipio":
        gone = [i for i, code in enumerate(codes) if code == NO_FIGURES]
        hidden = np.arange(len(codes)) % 41 == 7
        for mask, name in (
            (np.arange(len(codes)) % 6 == 1, "caution"),
            (np.arange(len(codes)) % 9 == 2, "review"),
            (hidden, "hidden"),
        ):
            standing[:, mask] = np.where(standing[:, mask] == 0, STANDINGS.index(name), standing[:, mask])
        standing[:, gone] = NO_DATA
        for values in (estimate, low, high):
            values[(standing == STANDINGS.index("hidden")) | (standing == NO_DATA)] = np.nan
        units[[*gone, *np.flatnonzero(hidden)]] = np.nan
    name = statistic if indicator is None else f"{statistic}:{indicator}"
    return Layer(
        name=name,
        statistic=statistic,
        dimension=None,
        indicator=indicator,
        form=form,
        cutoffs=cutoffs,
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        standing=standing,
        units=units,
        scheme="fixed",
        breaks=np.array(BREAKS[form], np.float64),
    )


WANTED = [("H", None), ("A", None), ("M0", None), ("poor", None)]


def all_layers(domain: str, codes: Sequence[str], *, standings: bool = True) -> list[Layer]:
    headcounts = [(s, i) for i in measure().names for s in ("censored_headcount", "uncensored_headcount")]
    return [layer(s, domain, codes, i, standings=standings) for s, i in [*WANTED, *headcounts]]


def live_profile(*, few: bool = False) -> PublishableProfile:
    """Cells of the sample by municipality, as disclosure control would pass them on."""
    cells = profile().cells
    domain = next(one for one in profile().domains if one.name == "municipio")
    area = cells.domains[:, profile().domains.index(domain)]
    found = scores(measure(), cells.pattern, cells.unknown)
    settled = (found.deprived.astype(np.uint64) << np.arange(found.deprived.shape[1], dtype=np.uint64)).sum(axis=1)
    kept = found.included
    if few:
        kept = kept & np.isin(np.array(domain.labels)[area], areas(few=True).codes)
    pairs, which = np.unique(
        np.stack([area.astype(np.uint64), settled.astype(np.uint64)], axis=1)[kept], axis=0, return_inverse=True
    )
    return PublishableProfile(
        domain="municipio",
        codes=domain.labels,
        area=pairs[:, 0].astype(np.int64),
        pattern=pairs[:, 1],
        persons=np.bincount(which, cells.person_weight[kept], len(pairs)),
        households=np.bincount(which, cells.household_weight[kept], len(pairs)),
    )


def quantiles(one: Layer) -> dict[Any, list[float]]:
    """Further schemes, roughly: enough for a page to have something to choose."""
    values = one.estimate[0][~np.isnan(one.estimate[0])]
    return {"quantiles": [float(v) for v in np.quantile(values, np.linspace(0, 1, 6))] if len(values) else [0.0, 1.0]}


def page(
    *,
    live: bool = True,
    norm: Measure | None = None,
    nasty: bool = True,
    standings: bool = True,
    few: bool = False,
    **more: Any,
) -> str:
    drawn = areas(nasty=nasty, few=few)
    layers = all_layers("municipio", drawn.codes, standings=standings)
    return map_page(
        drawn,
        layers,
        TEXTS,
        measure=norm or measure(),
        period="2025",
        upper=all_layers("departamento", drawn.upper_codes),
        total=all_layers("", [""]),
        schemes={one.name: quantiles(one) for one in layers},
        profile=live_profile(few=few) if live else None,
        **more,
    )


def large_page(n: int) -> str:
    """A page of n areas with uneven borders, all layers at all cutoffs with intervals, and no profile."""
    import shapely

    rng = np.random.default_rng(1122)
    side = int(np.ceil(np.sqrt(n)))
    corners = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij"), axis=-1)
    corners = (corners + rng.uniform(-0.2, 0.2, corners.shape)) * 40_000

    def border(a: tuple[int, int], b: tuple[int, int]) -> list[Any]:
        """Points between two corners; the same from both sides, as real borders are."""
        start, end = min(a, b), max(a, b)
        own = np.random.default_rng([*start, *end])
        across = np.linspace(0, 1, 9)[1:-1, None]
        line = corners[start] * (1 - across) + corners[end] * across + own.uniform(-1200, 1200, (7, 2))
        return [corners[a], *(line if a == start else line[::-1])]

    shapes, codes = [], []
    for number in range(n):
        i, j = divmod(number, side)
        ring = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
        shapes.append(shapely.Polygon([p for at in range(4) for p in border(ring[at], ring[(at + 1) % 4])]))
        codes.append(f"{1 + i:02d}{j:03d}")
    upper = np.array([int(code[:2]) - 1 for code in codes], np.int64)
    drawn = np.array(shapes, object)
    uppers = tuple(f"{1 + u:02d}" for u in range(int(upper.max()) + 1))
    unions = np.array([shapely.union_all(drawn[upper == u]) for u in range(len(uppers))], object)
    whole = Areas(
        domain="municipio",
        codes=tuple(codes),
        names=tuple(f"Municipio {code}" for code in codes),
        shapes=drawn,
        crs="EPSG:9377",
        metres=True,
        upper=upper,
        upper_codes=uppers,
        upper_names=uppers,
        upper_shapes=unions,
    )
    layers = []
    units = rng.integers(20, 900, n).astype(float)
    for one in all_layers("", [""]):
        c = len(one.cutoffs)
        high = 20_000 if one.form == "number" else 0.7
        estimate = rng.uniform(0, high, (c, n)) ** rng.choice([1, 1.2])
        half = estimate * rng.uniform(0.1, 0.6, (c, n))
        kinds = [STANDINGS.index(name) for name in ("shown", "caution", "review", "hidden")]
        standing = rng.choice(kinds, (c, n), p=[0.6, 0.2, 0.15, 0.05])
        hidden = standing == STANDINGS.index("hidden")
        low, top = (np.where(hidden, np.nan, v) for v in (estimate - half, estimate + half))
        layers.append(
            replace(
                one,
                estimate=np.where(hidden, np.nan, estimate),
                ci_low=low,
                ci_high=top,
                standing=standing.astype(np.int64),
                units=units,
            )
        )
    return map_page(whole, layers, TEXTS, measure=measure(), period="2025")
