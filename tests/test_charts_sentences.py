"""Sentences say the estimates with their intervals, and nothing of what is hidden."""

from __future__ import annotations

import re

import pytest

from mpi import charts
from mpi.charts.phrases import NO_BREAK, quoted, sentence
from mpi.charts.reading import Point
from mpi.robustness import rank_robustness
from mpi.wording import Language, figure
from tests.drawings import NASTY, changes, figures, hidden_everywhere, measure, tables


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def test_a_level_is_said_with_its_interval_in_both_languages() -> None:
    row = figures().row("H", period="2025", k="1/3")
    low, high = row["ci_low"], row["ci_high"]

    def said(language: Language, ci: str) -> str:
        value, a, b = (figure(one, "percent", language) for one in (row["estimate"], low, high))
        return ci.format(value=value, a=a, b=b)

    assert plain(charts.say_level(figures())) == said(
        "en", "The headcount ratio (H) was {value} % (95 % CI {a} to {b}) in 2025.")  # fmt: skip
    assert plain(charts.say_level(figures(), language="es")) == said(
        "es", "La incidencia (H) fue {value} % (IC 95 %: {a} a {b}) en 2025.")  # fmt: skip


def test_a_series_says_whether_the_change_is_significant() -> None:
    fell = changes().row("H", change="absolute", k="1/3")
    assert fell["ci_high"] < 0
    assert "; it fell by 1.5 points between 2024 and 2025 (95 % CI " in plain(
        charts.say_series(figures(), changes=changes())
    )
    still = changes().row("A", change="absolute", k="1/3")
    assert still["ci_low"] < 0 < still["ci_high"]
    text = charts.say_series(figures(), statistic="A", changes=changes(), language="es")
    assert "no cambió significativamente entre 2024 y 2025" in text


@pytest.mark.parametrize(("standing", "language", "text"), [
    ("hidden", "en", "The headcount ratio (H) of 2025 is not shown."),
    ("hidden", "es", "La incidencia (H) de 2025 no se muestra."),
    ("undefined", "en", "There is no figure of the headcount ratio (H) for 2025."),
    ("undefined", "es", "No hay dato de la incidencia (H) para 2025."),
])  # fmt: skip
def test_a_figure_without_number_is_said_to_have_none(standing: str, language: Language, text: str) -> None:
    assert charts.say_level(hidden_everywhere(standing), language=language) == text


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_sentence_has_a_number_where_all_are_hidden(language: Language) -> None:
    none = hidden_everywhere("hidden")
    texts = [
        charts.say_ranked(none, domain="departamento", language=language),
        charts.say_indicators(none, measure(), language=language),
        charts.say_contributions(none, measure(), language=language),
        charts.say_cutoffs(none, language=language), charts.say_shapley(none, language=language),
    ]  # fmt: skip
    assert all(text and not re.search(r"\d", text) for text in texts), texts


def test_the_highest_and_the_lowest_are_named_and_the_hidden_are_counted() -> None:
    text = plain(charts.say_ranked(figures(), domain="departamento", names={"99": "Vichada", **NASTY}))
    rows = [row for row in figures().only("H", period="2025", k="1/3", zona=None).rows() if row["departamento"]]
    shown = sorted((row for row in rows if row["estimate"] is not None), key=lambda row: row["estimate"])
    assert f"highest in Vichada, {figure(shown[-1]['estimate'], 'percent', 'en')} %" in text
    assert f"lowest in {shown[0]['departamento']}, {figure(shown[0]['estimate'], 'percent', 'en')} %" in text
    assert shown[0]["ci_high"] < shown[-1]["ci_low"] and "do not overlap" in text
    assert text.endswith("no figure is shown for 2 of 33.")
    assert "unreliable" in text  # the lowest is for review


def test_changes_are_counted_by_what_their_intervals_say() -> None:
    text = charts.say_changes(changes(), statistic="censored_headcount", measure=measure())
    rows = [row for row in changes().only("censored_headcount", change="absolute", k="1/3").rows()
            if row["indicator"] and not row["zona"] and not row["departamento"]]  # fmt: skip
    falls = sum(row["ci_high"] < 0 for row in rows)
    same = sum(row["ci_low"] <= 0 <= row["ci_high"] for row in rows)
    assert len(rows) == 15 and falls and same
    assert f"fell significantly in {falls}," in text and f"in {same} of 15" in text


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_sentence_begins_with_a_capital_and_ends_with_a_full_stop(language: Language) -> None:
    texts = [
        charts.say_level(figures(), statistic="poor", language=language),
        charts.say_level(figures(), where={"departamento": "05"}, name="Antioquia", language=language),
        charts.say_series(figures(), statistic="M0", changes=changes(), language=language),
        charts.say_indicators(figures(), measure(), language=language),
        charts.say_contributions(figures(), measure(), language=language),
        charts.say_changes(changes(), domain="departamento", language=language),
        charts.say_cutoffs(figures(), language=language),
        charts.say_ranks(rank_robustness(figures(), domain="departamento"), language=language),
        charts.say_shapley(figures(), language=language), charts.say_scores(tables()["scores"], language=language),
        charts.say_bundles(tables()["bundles"], measure(), language=language),
        charts.say_co_deprivation(tables()["pairs"], measure(), language=language),
    ]  # fmt: skip
    for text in texts:
        assert re.fullmatch(r"[A-ZÁÉÍÓÚ“«].*[^.]\.", text), text
        assert not re.search(r"[{}]|None|nan", text), text
        assert not re.search(r"\d\.\d" if language == "es" else r"\d,\d", text), text


def test_what_is_not_reliable_is_said_to_be_so() -> None:
    assert (
        plain(quoted(Point(0.2, 0.1, 0.3, "caution"), "H", "es"))
        == "20,0 % (IC 95 %: 10,0 a 30,0; usar con precaución)"
    )
    assert quoted(Point(0.2, None, None, "review"), "M0", "en") == "0.200 (unreliable)"
    assert quoted(Point(1234.0), "poor", "en") == "1\u202f234"
    assert sentence([]) == ""
