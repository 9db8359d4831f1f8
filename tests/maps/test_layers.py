"""Classes of maps, and layers made of publishable figures."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.disclosure.publishable import STANDINGS, Publishable
from mpi.drawing import classes as drawing_classes
from mpi.drawing.classes import MOST_CLASSES, breaks_for, class_of, fisher_jenks, quantiles
from mpi.errors import ConfigError, UsageError
from mpi.maps.layers import NO_DATA, layers_of
from mpi.vocabulary.options import SCHEMES, Scheme
from mpi.vocabulary.statistics import LAYERS, Form

SPREAD = 1e-9  # relative: sums of squares in another order
VALUES = st.lists(st.floats(0, 1).map(lambda x: round(x, 6)), min_size=1, max_size=40)
SHOWN, HIDDEN, UNDEFINED = (STANDINGS.index(word) for word in ("shown", "hidden", "undefined"))


def test_a_value_on_a_break_is_in_the_class_below_it_and_the_first_class_is_closed() -> None:
    breaks = np.array([0.0, 0.2, 0.4])
    assert class_of(np.array([0.0, 0.2, np.nextafter(0.2, 1), 0.4, np.nan]), breaks).tolist() == [0, 0, 1, 1, -1]


@given(VALUES, st.sampled_from(SCHEMES), st.integers(2, 7), st.sampled_from(["percent", "index", "number"]))
def test_breaks_ascend_are_as_printed_and_hold_every_value(
    values: list[float], scheme: Scheme, classes: int, form: Form
) -> None:
    data = np.array([values, values[::-1]]) * (1e6 if form == "number" else 1)
    statistic = {"percent": "A", "index": "M0", "number": "poor"}[form]
    _, breaks = breaks_for(data, statistic, form, scheme=scheme, classes=classes)
    digits = 0 if form == "number" else 3
    assert (np.diff(breaks) > 0).all() and np.array_equal(breaks, np.round(breaks, digits))
    assert breaks[0] <= data.min() and data.max() <= breaks[-1]
    assert 1 <= len(breaks) - 1 <= (classes if scheme != "fixed" else MOST_CLASSES)


@given(VALUES, st.integers(2, 7))
def test_quantile_classes_print_as_they_divide(values: list[float], classes: int) -> None:
    data = np.array([values])
    _, breaks = breaks_for(data, "A", "percent", scheme="quantiles", classes=classes)
    printed = np.ceil(np.round(data * 1000, 6)) / 1000  # a value as a break would be printed
    assert class_of(printed, breaks).tolist() == class_of(data, breaks).tolist()


def test_quantiles_hold_equally_many() -> None:
    data = np.linspace(0.0101, 0.9, 100)[None]
    _, breaks = breaks_for(data, "H", "percent", scheme="quantiles")
    assert np.bincount(class_of(data, breaks)[0]).tolist() == [20] * 5


def spread(values: Sequence[float], cuts: Sequence[int]) -> float:
    parts = np.split(np.sort(values), cuts)
    return float(sum(((part - part.mean()) ** 2).sum() for part in parts))


@given(st.lists(st.integers(0, 60).map(float), min_size=1, max_size=11), st.integers(1, 4))
def test_fisher_jenks_is_the_best_of_all_divisions(values: list[float], classes: int) -> None:
    ends = fisher_jenks(np.array(values), classes)
    own = np.searchsorted(np.sort(values), ends[:-1], side="right").tolist()
    distinct = len(set(values))
    divisions = combinations(range(1, len(values)), min(classes, distinct) - 1)
    best = min(spread(values, cuts) for cuts in divisions)
    assert spread(values, own) == pytest.approx(best, rel=SPREAD, abs=1e-6)
    assert len(ends) == min(classes, distinct)


@pytest.mark.parametrize("block", [1, 7, 300, 10_000_000])
def test_fisher_jenks_does_not_depend_on_how_many_sums_are_compared_at_once(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.round(np.random.default_rng(1).beta(1, 4, 400), 3)
    expected = fisher_jenks(values, 6)
    monkeypatch.setattr(drawing_classes, "BLOCK", block)
    assert fisher_jenks(values, 6).tolist() == expected.tolist()
    assert len(expected) == 6


def test_fewer_values_than_classes_give_fewer_classes() -> None:
    assert quantiles(np.array([1.0, 1.0, 1.0]), 5).tolist() == [1.0]
    for scheme in ("quantiles", "fisher_jenks"):
        assert breaks_for(np.array([[0.25] * 4]), "H", "percent", scheme=scheme)[1].tolist() == [0.0, 0.25]
        assert breaks_for(np.zeros((1, 4)), "H", "percent", scheme=scheme)[1].tolist() == [0.0, 1.0]
        assert breaks_for(np.full((2, 4), np.nan), "poor", "number", scheme=scheme)[1].tolist() == [0.0, 1.0]


def test_headcounts_of_everything_have_fixed_classes_of_the_whole_range() -> None:
    data = np.array([[0.01, 0.02]])
    assert breaks_for(data, "H", "percent") == ("fixed", pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1]))


def test_counts_are_divided_by_quantiles_and_intensities_by_round_numbers() -> None:
    scheme, breaks = breaks_for(np.array([[1.0, 10, 100, 1000, 1e6]]), "poor", "number")
    assert scheme == "quantiles" and breaks.tolist() == [1, 10, 100, 1000, 1e6]
    assert breaks_for(np.array([[0.34, 0.71]]), "A", "percent")[1].tolist() == [0.3, 0.4, 0.5, 0.6, 0.7, 0.8]


def test_headcounts_of_an_indicator_have_natural_breaks_of_their_own_at_all_cutoffs() -> None:
    data = np.array([[0.01, 0.02, 0.021, 0.05], [0.001, 0.01, 0.011, 0.03]])
    scheme, breaks = breaks_for(data, "censored_headcount", "percent", classes=3, stated={"H": [0, 10, 60]})
    assert scheme == "fisher_jenks" and breaks.tolist() == [0.001, 0.011, 0.03, 0.05]
    # Colours would mislead if they changed with k: every class is used by some cutoff.
    assert set(class_of(data, breaks).ravel().tolist()) == {0, 1, 2}
    assert breaks_for(data, "censored_headcount", "percent", stated={"censored_headcount": [0, 3, 6]})[0] == "fixed"


def test_stated_breaks_are_in_percent_and_are_widened() -> None:
    data = np.array([[0.1, 0.5], [0.2, 0.95]])
    assert breaks_for(data, "H", "percent", stated={"H": [0, 10, 60]})[1].tolist() == [0, 0.1, 0.6, 1]
    assert breaks_for(data, "M0", "index", stated={"M0": [0.2, 0.3]})[1].tolist() == [0, 0.2, 0.3, 0.95]
    many = breaks_for(data, "H", "percent", stated={"H": [0, 1, 2, 3, 4, 5, 6, 7]})[1]
    assert many.tolist() == [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 1] and len(many) - 1 == MOST_CLASSES


@pytest.mark.parametrize("breaks", [[20], [0, 0.01], [40, 20], [0, float("nan")]])
def test_stated_breaks_that_do_not_ascend_are_refused(breaks: list[float]) -> None:
    with pytest.raises(ConfigError, match="MPI-G020"):
        breaks_for(np.array([[0.1]]), "H", "percent", stated={"H": breaks})


def test_breaks_do_not_move_with_the_cutoff() -> None:
    data = np.vstack([np.linspace(0.1, 0.5, 50), np.linspace(0.2, 0.9, 50)])
    _, breaks = breaks_for(data, "H", "percent", scheme="quantiles")
    assert np.bincount(class_of(data[:1], breaks)[0]).tolist() == [10] * 5
    assert breaks[-1] == 0.9


def figures(rows: list[dict[str, Any]], *, domains: tuple[str, ...] = ("municipio", "zona")) -> Publishable:
    """A small tidy table: rows say what differs from H of Medellín in 2025, shown."""
    usual = {
        "measure": "m",
        "period": "2025",
        "unit": "persons",
        "k": "1/3",
        "statistic": "H",
        "dimension": None,
        "indicator": None,
        "municipio": "05001",
        "zona": None,
        "estimate": 0.3,
        "ci_low": 0.2,
        "ci_high": 0.4,
        "n": 100,
        "standing": "shown",
        "hidden_by": None,
    }
    full = [usual | row for row in rows]
    types = {"estimate": pa.float64(), "ci_low": pa.float64(), "ci_high": pa.float64(), "n": pa.int64()}
    text = pa.dictionary(pa.int32(), pa.string())
    columns = {name: pa.array([row[name] for row in full], types.get(name, pa.string())) for name in usual}
    cast = {name: column if name in types else column.cast(text) for name, column in columns.items()}
    return Publishable(pa.table(cast), domains, (), "none")


CODES = ("05001", "05002", "05003")


def test_layers_hold_one_row_an_area_a_cutoff_and_nothing_else() -> None:
    hidden = {"estimate": None, "ci_low": None, "ci_high": None, "n": None, "standing": "hidden"}
    made = figures(
        [
            {"municipio": None, "estimate": 0.9},
            {"zona": "rural", "estimate": 0.8},
            {"period": "2024", "estimate": 0.7},
            {"unit": "households", "estimate": 0.6},
            {"municipio": "99999"},
            {},
            {"k": "1/2", "estimate": 0.1},
            {"municipio": "05002", **hidden},
            {"statistic": "A", "estimate": None, "standing": "undefined"},
            {
                "statistic": "uncensored_headcount",
                "indicator": "agua",
                "dimension": "vivienda",
                "k": None,
                "estimate": 0.5,
            },
        ]
    )
    h, a, water = layers_of(made, "municipio", CODES, unit="persons", period="2025")
    assert (h.name, h.cutoffs, h.form) == ("H", ("1/3", "1/2"), "percent")
    assert np.array_equal(h.estimate, [[0.3, np.nan, np.nan], [0.1, np.nan, np.nan]], equal_nan=True)
    assert h.standing.tolist() == [[SHOWN, HIDDEN, NO_DATA], [SHOWN, NO_DATA, NO_DATA]]
    assert np.array_equal(h.units, [100, np.nan, np.nan], equal_nan=True)
    assert class_of(h.estimate, h.breaks).tolist() == [[1, -1, -1], [0, -1, -1]]
    assert a.standing.tolist() == [[UNDEFINED, NO_DATA, NO_DATA]] and np.isnan(a.estimate).all()
    assert (water.name, water.cutoffs, water.dimension) == ("uncensored_headcount:agua", ("",), "vivienda")


def test_the_total_is_a_layer_of_one_area() -> None:
    made = figures([{"municipio": None, "estimate": 0.9}, {}])
    (layer,) = layers_of(made, None, ("",), unit="persons", period="2025")
    assert layer.estimate.tolist() == [[0.9]]


def test_an_unknown_domain_and_two_measures_are_refused() -> None:
    with pytest.raises(UsageError, match=r"MPI-G021.*no domain 'vereda'"):
        layers_of(figures([{}]), "vereda", CODES, unit="persons", period="2025")
    two = figures([{}, {"measure": "w"}])
    with pytest.raises(UsageError, match=r"MPI-G021.*2 measures"):
        layers_of(two, "municipio", CODES, unit="persons", period="2025")
    assert len(layers_of(two, "municipio", CODES, unit="persons", period="2025", measure="w")) == 1


def test_layers_of_the_sample_equal_the_figures_row_by_row() -> None:
    import mpi
    from mpi.disclosure.publishable import publishable

    measure, survey = mpi.load_measure("uruguay_derechos"), mpi.load_survey("uruguay_demo_2018")
    sample = Path(__file__).resolve().parent.parent.parent / "sample_data"
    profile = mpi.deprivation_profile(survey, measure, data=sample, domains=["departamento"])
    made = mpi.estimate(profile, measure, by=["departamento"], k=["1/3", "1/4"])
    shown = publishable(made, np.full(len(made), -1), (), "none")
    codes = [f"{i:02}" for i in range(20)]
    layers = layers_of(shown, "departamento", codes, unit="persons", period="2018")
    assert {layer.statistic for layer in layers} == set(LAYERS)
    checked = 0
    for layer in layers:
        for place, k in enumerate(layer.cutoffs):
            for code in ("01", "10", "19"):
                value = made.value(layer.statistic, k=k or None, departamento=code, indicator=layer.indicator)
                got = layer.estimate[place, codes.index(code)]
                assert got == value or (value is None and np.isnan(got))
                checked += 1
    assert checked > 30 and (layers[0].standing[:, 0] == NO_DATA).all()
