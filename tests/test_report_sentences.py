"""Sentences of the report: right for what is hidden, undefined, uncertain, or without sampling errors."""

import pytest

from mpi.report.lookup import Change, Estimate
from mpi.report.sentences import changed, extremes, headline, listed, marked, short_change, with_interval
from mpi.wording import Language

SURE = Change(-0.0154, -0.022, -0.009, "shown", 0.0001, 0.1148, 0.0994)
UNSURE = Change(0.002, -0.003, 0.007, "shown", 0.4, 0.4, 0.402)
BARE = Change(-0.0154, standing="shown")
HIDDEN, UNDEFINED = Change(standing="hidden"), Change()
H = Estimate(0.0994, 0.0952, 0.1038, "shown")


@pytest.mark.parametrize(
    ("change", "language", "said"),
    [
        (SURE, "en", "fell by 1.5 percentage points from 2024 to 2025 (change of \u22121.5 pp;"
                     " 95% CI: \u22122.2 to \u22120.9); the change is significant."),
        (SURE, "es", "bajó 1,5 puntos porcentuales entre 2024 y 2025 (cambio de \u22121,5 p. p.;"
                     " IC 95\u202f%: \u22122,2 a \u22120,9); el cambio es significativo."),
        (UNSURE, "en", "did not change significantly from 2024 to 2025 (change of 0.2 pp; 95% CI: \u22120.3 to 0.7)."),
        (UNSURE, "es", "no cambió de manera significativa entre 2024 y 2025"),
        (BARE, "en", "there is no sampling error by which to judge whether the change is significant."),
        (HIDDEN, "en", "The change of the headcount ratio (H) from 2024 to 2025 is not published."),
        (HIDDEN, "es", "El cambio de la incidencia (H) entre 2024 y 2025 no se publica."),
        (UNDEFINED, "es", "El cambio de la incidencia (H) entre 2024 y 2025 no tiene dato."),
    ],
)  # fmt: skip
def test_a_change_is_called_one_only_where_its_test_allows_it(change: Change, language: Language, said: str) -> None:
    assert said in changed(
        "H", change, before="2024", after="2025", level=0.95, language=language
    )  # fmt: skip


def test_the_test_decides_and_the_interval_where_there_is_none() -> None:
    assert SURE.significant(0.95) is True
    assert UNSURE.significant(0.95) is False
    assert Change(-0.1, -0.2, -0.05, "shown").significant(0.95) is True
    assert Change(-0.1, -0.2, 0.0, "shown").significant(0.95) is False
    assert Change(-0.1, -0.2, -0.05, "shown", 0.2).significant(0.95) is False  # corrected for several tests
    assert BARE.significant(0.95) is None
    assert HIDDEN.significant(0.95) is None


def test_a_key_figure_does_not_call_an_unjudged_change_anything() -> None:
    said = short_change("H", BARE, before="2024", level=0.95, language="en")
    assert said == "\u22121.5 pp since 2024"
    assert short_change("H", HIDDEN, before="2024", level=0.95, language="es") == "cambio desde 2024: no se publica"


def test_an_interval_is_told_only_where_there_is_one_and_doubt_always() -> None:
    assert with_interval("H", H, 0.95, "en") == "9.9% (95% CI: 9.5 to 10.4)"
    assert with_interval("M0", Estimate(0.041, standing="shown"), 0.95, "es") == "0,041"
    doubtful = Estimate(0.0994, 0.02, 0.2, "review")
    assert with_interval("H", doubtful, 0.9, "en") == "9.9% (90% CI: 2.0 to 20.0), an unreliable figure"


@pytest.mark.parametrize(
    ("estimate", "cell"),
    [(H, "9.9"), (Estimate(0.0994, standing="caution"), "9.9*"), (Estimate(0.0994, standing="review"), "(9.9)†"),
     (Estimate(standing="hidden"), "x"), (Estimate(), "n.d.")],
)  # fmt: skip
def test_a_cell_bears_the_mark_of_its_figure(estimate: Estimate, cell: str) -> None:
    assert marked("H", estimate, "en") == cell


def test_where_nobody_is_poor_the_headline_has_no_intensity() -> None:
    found = {"H": Estimate(0.0, 0.0, 0.001, "shown"), "poor": Estimate(0.0, standing="shown"), "A": Estimate(),
             "M0": Estimate(0.0, standing="shown")}  # fmt: skip
    said = " ".join(headline(found, unit="households", period="2025", k="1/3", level=0.95, language="en"))
    assert "In 2025, 0.0% (95% CI: 0.0 to 0.1) of households were" in said
    assert "Intensity (A) has no figure." in said


def test_neighbours_whose_intervals_meet_are_not_put_in_order() -> None:
    near, far = Estimate(0.095, 0.09, 0.1, "shown"), Estimate(0.01, 0.005, 0.02, "shown")
    said = extremes([("A", H), ("B", near), ("C", far)], "H", level=0.95, language="en")
    assert "The interval of A meets that of 1 other group: the order of neighbours is not established." in said
    assert "meets" not in extremes([("A", H), ("C", far), ("D", far)], "H", level=0.95, language="en")
    assert "no two groups" in extremes([("A", H)], "H", level=0.95, language="en")


def test_lists_end_as_the_language_wants() -> None:
    assert listed(["agua", "pisos", "inasistencia"], "es") == "agua, pisos e inasistencia"
    assert listed(["water", "floors"], "en") == "water and floors"
    assert listed(["water"], "en") == "water"
