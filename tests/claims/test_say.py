"""Sentences about figures: each kind of claim in every situation, in both languages, as they were read and found true.

The texts stand in `golden/claims.txt`; after a change of words, `python -m tests.claims.test_say` writes the file anew,
and every line of the difference is read.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mpi.claims import FEWEST_DF, Basis, Claim, Headline, Member, Ranking, Sampling, rankable, say
from mpi.claims.numbers import between_change, count_of, listed, marked, with_interval
from mpi.disclosure.figures import Figure
from mpi.vocabulary.wording import LANGUAGES, THIN_SPACE, Language
from tests.support.claimed import BASIS, COUNTED, HIDDEN, NORTH, SOUTH, around, of, situations

GOLDEN = Path(__file__).parent.parent / "golden" / "claims.txt"
ENGLISH = re.compile(r"\b(the|and|of|is|are|not|shown|figure|poor|lowest|highest|group|area|with|from|by)\b")
SPANISH = re.compile(r"\b(el|la|los|las|del|que|es|son|no se|cifra|pobres?|grupo|área|con|por)\b")


def rendered() -> str:
    """All situations with what is said of them."""
    lines = []
    for name, claim in situations():
        lines += [f"# {name}", *(f"{language}: {say(claim, language)}" for language in LANGUAGES), ""]
    return "\n".join(lines)


def test_every_situation_is_told_as_it_was_read() -> None:
    wanted, found = GOLDEN.read_text(encoding="utf-8"), rendered()
    assert found.splitlines() == wanted.splitlines()


CASES = list(situations())


def test_names_of_situations_are_unique() -> None:
    assert len({name for name, _ in CASES}) == len(CASES) > 150


@pytest.mark.parametrize(("name", "claim"), CASES, ids=[name for name, _ in CASES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_whole_sentences_in_one_language(name: str, claim: Claim, language: Language) -> None:
    text = say(claim, language)
    if "short" not in name or "Deprivations" in name:
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith("."), text
    for sign in ("  ", " .", " ,", "..", "((", ": :"):
        assert sign not in text
    assert not re.search(r"\bNone\b(?! of)|\bnan\b", text)
    others = SPANISH if language == "en" else ENGLISH
    bare = re.sub("«[^»]*»|\u201c[^\u201d]*\u201d", "", text)
    assert not others.search(bare), others.findall(bare)
    assert not re.search(r"\d[.]\d" if language == "es" else rf"\d(,\d\D|,\d\d\D|{THIN_SPACE}\d)", bare), bare


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_a_figure_that_disclosure_hides_is_said(language: Language) -> None:
    secret = replace(HIDDEN, value=None)
    text = say(Ranking(BASIS, "H", (NORTH, SOUTH, of("Isla secreta", secret))), language)
    assert "Isla" not in text


def test_official_is_said_only_where_the_study_says_so() -> None:
    for _, claim in CASES:
        basis = getattr(claim, "basis", None)
        if isinstance(basis, Basis) and not basis.official:
            assert "oficial" not in say(claim, "es")
            assert "official" not in say(claim, "en")


def test_strata_and_psus_are_named_only_where_there_are_some() -> None:
    said = {(strata, psus): say_errors(strata, psus) for strata in (True, False) for psus in (True, False)}
    assert "con los estratos y las UPM del diseño" in said[True, True]
    assert "con los estratos del diseño" in said[True, False] and "UPM del diseño" not in said[True, False]
    assert "con las UPM del diseño" in said[False, True] and "estratos del diseño" not in said[False, True]
    assert "del diseño" not in said[False, False]


def say_errors(strata: bool, psus: bool) -> str:
    from mpi.claims import Errors

    return say(Errors(Sampling(way="linearised", strata=strata, clustered=psus)), "es")


def test_degrees_of_freedom_decide_who_is_ranked_and_not_luck() -> None:
    lucky = of("Suerte", around(0.9, df=FEWEST_DF - 1, width=0.001))
    text = say(Ranking(BASIS, "H", (NORTH, SOUTH, lucky)), "es")
    assert "más alta es la de Norte" in text
    assert "Suerte (90,0" in text  # shown all the same, and said to lie beyond
    assert not rankable(around(0.2, "review", df=100), census=False)
    assert rankable(Figure(value=0.2, standing="shown"), census=True)
    assert not rankable(Figure(value=0.2, standing="shown"), census=False)


def test_crossing_intervals_do_not_judge_a_difference_a_test_does() -> None:
    near, far = of("A", around(0.30, width=0.05)), of("B", around(0.26, width=0.05))
    third = of("C", around(0.01, width=0.001))

    def told(p: float) -> str:
        tests = {frozenset("ab"): p, frozenset("ac"): 0.0001}
        return say(Ranking(BASIS, "H", (near, far, third), tests), "en")

    assert "each of the other groups is significant" in told(0.01)
    assert "A and one other group is not significant" in told(0.2)


def test_rates_of_the_poor_and_of_everybody_are_both_named() -> None:
    text = next(say(claim, "es") for name, claim in CASES if name == "Deprivations: four")
    assert text.startswith(f"El 9,8{THIN_SPACE}% de las personas (")
    assert f"(el 98,1{THIN_SPACE}% de los pobres)" in text


def test_an_interval_is_told_only_where_there_is_one_and_doubt_always() -> None:
    assert with_interval("H", around(0.1, width=0.01), 0.95, "en") == "10.0% (95% CI: 9.0 to 11.0)"
    assert with_interval("M0", Figure(value=0.041, standing="shown"), 0.95, "es") == "0,041"
    doubtful = Figure(value=0.0994, low=0.02, high=0.2, standing="review")
    assert with_interval("H", doubtful, 0.9, "en") == "9.9% (90% CI: 2.0 to 20.0; unreliable figure)"
    assert with_interval("H", Figure(value=0.1, standing="caution"), 0.9, "es") == "10,0\u202f% (úsese con precaución)"


@pytest.mark.parametrize(
    ("estimate", "cell"),
    [(Figure(value=0.0994, standing="shown"), "9.9"), (Figure(value=0.0994, standing="caution"), "9.9*"),
     (Figure(value=0.0994, standing="review"), "(9.9)†"), (Figure(standing="hidden"), "x"), (Figure(), "n.d.")],
)  # fmt: skip
def test_a_cell_bears_the_mark_of_its_figure(estimate: Figure, cell: str) -> None:
    assert marked("H", estimate, "en") == cell


def test_a_contribution_has_digits_enough_to_tell_it_from_nothing() -> None:
    assert marked("absolute_contribution", Figure(value=0.0004, standing="shown"), "en") == "0.0004"


def test_an_end_of_a_change_that_is_not_0_does_not_read_as_0() -> None:
    assert between_change(-0.008, -0.0001, "H", "es") == "\u22120,80 a \u22120,01"
    assert between_change(-0.008, 0.0, "H", "es") == "\u22120,8 a 0,0"
    assert between_change(None, 0.1, "H", "es") == "\u2013"


def test_numbers_of_people_are_rounded_in_prose_and_exact_in_a_census() -> None:
    assert count_of(5_285_734, "es", exact=False, units="personas") == "5,29 millones de personas"
    assert count_of(52_857_340, "en", exact=False, units="persons") == "52.9 million persons"
    assert count_of(2_000_000, "es", exact=True, units="hogares") == f"2{THIN_SPACE}000{THIN_SPACE}000 de hogares"
    assert count_of(84_310, "en", exact=False, units="persons") == "84,310 persons"


def test_lists_end_as_the_language_wants() -> None:
    assert listed(["agua", "pisos", "inasistencia"], "es") == "agua, pisos e inasistencia"
    assert listed(["«agua»", "«Hacinamiento»", "«Internet»"], "es") == "«agua», «Hacinamiento» e «Internet»"
    assert listed(["madera", "hierro"], "es") == "madera y hierro"
    assert listed(["water", "floors"], "en") == "water and floors"
    assert listed(["water"], "en") == "water"


def test_a_group_of_a_ranking_needs_a_name_and_an_estimate() -> None:
    with pytest.raises(TypeError):
        Ranking("H", (NORTH,))  # type: ignore[call-arg, arg-type]
    with pytest.raises(TypeError):
        Headline(H=NORTH)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Member("a", "A")  # type: ignore[call-arg]


def test_a_census_has_no_word_on_significance() -> None:
    for name, claim in CASES:
        if getattr(claim, "basis", None) == COUNTED:
            assert "significa" not in say(claim, "es"), name
            assert "muestr" not in re.sub("muestran?\\b", "", say(claim, "es")), name


if __name__ == "__main__":
    GOLDEN.write_text(rendered(), encoding="utf-8")
