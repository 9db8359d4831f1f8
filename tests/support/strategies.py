"""Random measures and households for hypothesis, and the table that the package reads them from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from numpy.typing import NDArray

from mpi.columns.values import Text
from mpi.profile import Declared, DeprivationProfile, Units, build
from mpi.profile.flags import FlagDesign, flags_fingerprint, units_of_flags
from mpi.rules import Name, Origin, Rule
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import IndicatorMissing, Level, Missing
from tests.support.naive import Household

MONITOR = None
Weights = Mapping[str, Fraction | None]

# Schemes whose sums floats get wrong, beside those with one small denominator.
TENTHS = [Fraction(1, 10)] * 10
FIFTEENTHS = [Fraction(1, 15)] * 15
FORTIETHS = [Fraction(3, 40)] * 12 + [Fraction(1, 10)]
COLOMBIA = [
    Fraction(w)
    for w in (
        "0.1",
        "0.1",
        "0.05",
        "0.05",
        "0.05",
        "0.05",
        "0.1",
        "0.1",
        "0.1",
        "0.1",
        "0.04",
        "0.04",
        "0.04",
        "0.04",
        "0.04",
    )
]


def measure_of(
    dimensions: Mapping[str, Weights],
    cutoffs: Sequence[Cutoff],
    *,
    missing: Missing = "exclude",
    at_least: Mapping[str, int] | None = None,
    unknown: Mapping[str, IndicatorMissing] | None = None,
    weights: Mapping[str, Fraction] | None = None,
    identification: Level = "household",
    name: str = "test",
) -> Measure:
    """A measure from weights: each dimension has the sum of its indicators', or its own where it is combined.

    Parameters
    ----------
    dimensions : mapping of str to weights
        Each indicator's weight; None for a monitored one.
    at_least : mapping of str to int
        Combined dimensions, whose indicators have weight 0; `weights` has theirs.
    unknown : mapping of str to str
        What an unknown flag of an indicator counts as.
    """
    at_least, unknown, weights = at_least or {}, unknown or {}, weights or {}
    found, indicators = [], []
    for dimension, own in dimensions.items():
        total = sum((w for w in own.values() if w is not None), Fraction(0))
        weight = weights.get(dimension, total)
        found.append(
            Dimension(name=dimension, title={}, weight=weight, indicators=tuple(own), at_least=at_least.get(dimension))
        )
        for indicator, w in own.items():
            share = Fraction(0) if w is None or dimension in at_least else w
            rule = Rule(indicator, Name(indicator, 0), Origin("test.yaml"))
            indicators.append(
                Indicator(
                    name=indicator,
                    dimension=dimension,
                    title={},
                    weight=share,
                    deprived=rule,
                    monitor=w is None,
                    missing=unknown.get(indicator, "unknown"),
                )
            )
    return Measure(
        name=name,
        title={},
        source="",
        identification=identification,
        dimensions=tuple(found),
        indicators=tuple(indicators),
        cutoffs=tuple(cutoffs),
        missing=missing,
        variables={},
    )


def equal_measure(number: int, k: str = "1/3") -> Measure:
    """A measure of one dimension whose indicators a, b, c, ... have equal weights."""
    names = [chr(ord("a") + i) for i in range(number)]
    return measure_of({"only": dict.fromkeys(names, Fraction(1, number))}, [Cutoff(Fraction(k))])


@st.composite
def measures(draw: st.DrawFn, most: int = 6, *, combined: bool = True) -> Measure:
    """Measures of up to `most` indicators with every rule for unknowns, combination, and kind of weight."""
    number = draw(st.integers(1, most))
    missing: Missing = draw(st.sampled_from(["exclude", "reweight", "deprived", "not_deprived"]))
    scheme = draw(st.sampled_from([TENTHS, FIFTEENTHS, FORTIETHS, COLOMBIA, None, None, "large"]))
    if isinstance(scheme, list):
        parts = [scheme[i % len(scheme)] for i in range(number)]
    else:
        largest = 10**15 if scheme == "large" else 9
        parts = [Fraction(draw(st.integers(1, largest))) for _ in range(number)]
    parts = [part / sum(parts) for part in parts]
    dimensions: dict[str, dict[str, Fraction | None]] = {}
    for i, part in enumerate(parts):
        place = 0 if i == 0 else draw(st.integers(max(0, len(dimensions) - 1), len(dimensions)))
        dimensions.setdefault(f"D{min(place, len(dimensions))}", {})[f"i{i}"] = part
    weights = {name: sum((w for w in own.values() if w), Fraction(0)) for name, own in dimensions.items()}
    at_least = {}
    if combined and missing != "reweight":
        for name, own in dimensions.items():
            if draw(st.booleans()):
                at_least[name] = draw(st.integers(1, len(own)))
    if number < most and draw(st.booleans()):
        dimensions[draw(st.sampled_from(sorted(dimensions)))]["watched"] = MONITOR
    names = [indicator for own in dimensions.values() for indicator in own]
    answers = st.sampled_from(["unknown", "unknown", "unknown", "deprived", "not_deprived"])
    unknown = {name: draw(answers) for name in names if draw(st.booleans())}
    return measure_of(
        dimensions, [Cutoff(Fraction(1, 3))], missing=missing, at_least=at_least, unknown=unknown, weights=weights
    )


@st.composite
def households(draw: st.DrawFn, measure: Measure, most: int = 24) -> list[Household]:
    """Households of a small survey: 3 regions, 2 zones, 2 strata of at most 4 PSUs; some unknown, some of weight 0."""
    flag = st.sampled_from([True, True, False, False, None])
    row = st.builds(
        Household,
        flags=st.tuples(*[flag] * len(measure.indicators)),
        weight=st.sampled_from(["1", "0.1", "12.345", "1048.75", "3", "0.7", "0"]).map(Fraction),
        members=st.integers(1, 9),
        stratum=st.sampled_from(["1", "2"]),
        psu=st.sampled_from(["1", "2", "3", "4"]),
        groups=st.fixed_dictionaries({"region": st.sampled_from("abc"), "zone": st.sampled_from("uv")}),
    )
    found = draw(st.lists(row, min_size=1, max_size=most))
    return [*found, Household((False,) * len(measure.indicators), groups={"region": "a", "zone": "u"}, stratum="1")]


@st.composite
def cutoffs(draw: st.DrawFn, attained: Sequence[Fraction]) -> list[Cutoff]:
    """Cutoffs at scores that occur, so that there are ties, and elsewhere; strict ones too."""
    positive = [score for score in attained if score > 0] or [Fraction(1)]
    near = st.sampled_from(positive)
    anywhere = st.fractions(Fraction(1, 100), 1, max_denominator=10**6)
    drawn = st.builds(Cutoff, k=st.one_of(near, near, anywhere), strict=st.booleans())
    return draw(st.lists(drawn, min_size=1, max_size=3, unique_by=lambda cutoff: cutoff.text))


def frame_of(measure: Measure, rows: Sequence[Household]) -> pa.Table:
    """The table that `from_flags` reads."""
    columns: dict[str, pa.Array] = {
        name: pa.array([h.flags[j] for h in rows], pa.bool_()) for j, name in enumerate(measure.names)
    }
    columns["w"] = pa.array([float(h.weight) for h in rows], pa.float64())
    for name in ("members", "stratum", "psu"):
        columns[name] = pa.array([getattr(h, name) for h in rows])
    for name in rows[0].groups:
        columns[name] = pa.array([h.groups[name] for h in rows], pa.string())
    return pa.table(columns)


def profile_of(measure: Measure, rows: Sequence[Household], *, clustered: bool = True) -> DeprivationProfile:
    """The profile of some households, by all their groups; strata with one PSU add nothing to variances."""
    return DeprivationProfile.from_flags(
        frame_of(measure, rows),
        measure,
        weight="w",
        members="members",
        stratum="stratum",
        by=sorted(rows[0].groups),
        psu="psu" if clustered else None,
        single_psu="certainty",
    )


def parts_of(
    measure: Measure, rows: Sequence[Household], parts: Iterable[Sequence[int]], *, clustered: bool = True
) -> list[DeprivationProfile]:
    """Profiles of some of the households each, as the blocks of a large file would make them; like `profile_of`."""
    units = units_of_flags(
        frame_of(measure, rows),
        measure,
        FlagDesign(weight="w", stratum="stratum", psu="psu" if clustered else None, members="members"),
        by=dict.fromkeys(sorted(rows[0].groups), ()),
    )
    return [
        build(
            _some(units, np.array(part)),
            measure,
            flags_fingerprint(measure),
            survey="flags",
            period="",
            declared=Declared(single_psu="certainty"),
            counts={"rows": len(part)},
        )
        for part in parts
    ]


def _some(units: Units, rows: NDArray[np.int64]) -> Units:
    def text(own: Text | None) -> Text | None:
        return None if own is None else Text(own.codes[rows], own.labels)

    domains = tuple((name, level, Text(own.codes[rows], own.labels)) for name, level, own in units.domains)
    arrays = ("pattern", "unknown", "persons", "households", "person_weight", "household_weight")
    return Units(
        domains=domains,
        stratum=text(units.stratum),
        psu=text(units.psu),
        **{name: getattr(units, name)[rows] for name in arrays},
    )
