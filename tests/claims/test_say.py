"""Sentences about figures: each kind of claim in every situation and language, as they were read and found true.

The texts stand in `golden/claims.txt`; after a change of words, `python -m tests.claims.test_say` writes the file anew,
and every line of the difference is read.
"""

import re
from pathlib import Path

import pytest

from mpi.claims import (
    FEWEST_DF,
    Basis,
    Claim,
    Contributions,
    Deprivations,
    Errors,
    Headline,
    Member,
    Ranking,
    Sampling,
    rankable,
    say,
)
from mpi.claims.numbers import amount, between_change, count_of, marked, with_interval
from mpi.disclosure.figures import Figure
from mpi.language import LANGUAGES, Language, in_language
from mpi.vocabulary.wording import THIN_SPACE
from tests.support.claimed import BASIS, COUNTED, HIDDEN, NORTH, SOUTH, H, around, of, situations

GOLDEN = Path(__file__).parent.parent / "golden" / "claims.txt"
ORDER = tuple(dict.fromkeys(("es", *LANGUAGES)))
WORDS = {  # that one language has and the others have not
    "en": re.compile(r"\b(the|and|of|is|are|not|shown|figures|poor|lowest|highest|group|area|with|from|by)\b"),
    "es": re.compile(r"\b(el|los|las|del|no se|cifras?|con|más|ningún|cambio|hogar|hogares|personas)\b"),
    "fr": re.compile(r"\b(les|des|du|est|et|sont|chiffres?|avec|ménages?|personnes|zones?|pauvreté|taux|aucune?)\b"),
    "pt": re.compile(r"\b(os|da|das|são|não|é|em|com|mais|domicílios?|pessoas?)\b"),
}
DECIMALS = {  # a number that is written as in another language
    "en": re.compile(rf"\d(,\d\D|,\d\d\D|{THIN_SPACE}\d)"),
    "es": re.compile(r"\d[.]\d"),
    "fr": re.compile(r"\d[.]\d"),
    "pt": re.compile(rf"\d([.]\d\D|[.]\d\d\D|{THIN_SPACE}\d)"),
}


def rendered() -> str:
    """All situations with what is said of them."""
    lines = []
    for name, claim in situations():
        lines += [f"# {name}", *(f"{language}: {say(claim, language)}" for language in ORDER), ""]
    return "\n".join(lines)


def test_every_situation_reads_as_it_was_read() -> None:
    assert rendered().splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()


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
    bare = re.sub("«[^»]*»|\u201c[^\u201d]*\u201d", "", text)
    for other, words in WORDS.items():
        assert other == language or not words.search(bare), words.findall(bare)
    assert not DECIMALS[language].search(bare), bare


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_a_figure_that_disclosure_hides_is_said(language: Language) -> None:
    secret = HIDDEN._replace(value=None)
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
    return say(Errors(Sampling(way="design", strata=strata, clustered=psus)), "es")


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
    assert "The difference between A and B is not significant" in told(0.2)
    text = say(Ranking(BASIS, "H", (near, far, third), {}), "es")
    assert "La diferencia entre A y otros 2 grupos no es significativa" in text


def test_indicators_with_one_ratio_share_the_place_in_a_caption() -> None:
    tied = tuple(of(name, around(value)) for name, value in (("A", 0.08), ("B", 0.02), ("C", 0.08), ("D", 0.02)))
    text = say(Deprivations(BASIS, around(0.1), tied, short=True), "es")
    assert text.startswith("La tasa más alta es la de «A» y «C», 8,0")
    assert "la más baja, la de «B» y «D», 2,0" in text
    apart = (tied[0], tied[1], of("C", around(0.08, width=0.01)))
    text = say(Deprivations(BASIS, around(0.1), apart, short=True), "en")
    assert "that of “A” and “C”, 8.0%; the lowest" in text


def test_rates_of_the_poor_and_of_everybody_are_both_named() -> None:
    text = next(say(claim, "es") for name, claim in CASES if name == "Deprivations: four")
    assert text.startswith(f"El 9,8{THIN_SPACE}% de las personas (")
    assert f"(el 98,1{THIN_SPACE}% de los pobres)" in text


def test_a_number_has_its_interval_where_there_is_one_and_its_warning_always() -> None:
    assert with_interval("H", around(0.1, width=0.01), 0.95).to("en") == "10.0% (95% CI: 9.0 to 11.0)"
    assert with_interval("M0", Figure(value=0.041, standing="shown"), 0.95).to("es") == "0,041"
    doubtful = Figure(value=0.0994, low=0.02, high=0.2, standing="review")
    assert with_interval("H", doubtful, 0.9).to("en") == "9.9% (90% CI: 2.0 to 20.0; unreliable figure)"
    caution = with_interval("H", Figure(value=0.1, standing="caution"), 0.9)
    assert caution.to("es") == f"10,0{THIN_SPACE}% (úsese con precaución)"
    assert caution.to("pt") == "10,0% (use com cautela)"


@pytest.mark.parametrize(
    ("estimate", "cell"),
    [(Figure(value=0.0994, standing="shown"), "9.9"), (Figure(value=0.0994, standing="caution"), "9.9*"),
     (Figure(value=0.0994, standing="review"), "(9.9)†"), (Figure(standing="hidden"), "x"), (Figure(), "n.d.")],
)  # fmt: skip
def test_a_cell_bears_the_mark_of_its_figure(estimate: Figure, cell: str) -> None:
    assert marked("H", estimate) == cell


def test_a_contribution_has_digits_enough_to_tell_it_from_nothing() -> None:
    assert marked("absolute_contribution", Figure(value=0.0004, standing="shown")) == "0.0004"


def test_an_end_of_a_change_that_is_not_0_does_not_read_as_0() -> None:
    assert between_change(-0.008, -0.0001, "H").to("es") == "\u22120,80 a \u22120,01"
    assert between_change(-0.008, 0.0, "H").to("es") == "\u22120,8 a 0,0"
    assert between_change(None, 0.1, "H").to("es") == "\u2013"


def test_numbers_of_people_are_rounded_in_prose_and_exact_in_a_census() -> None:
    assert count_of(5_285_734, "persons", exact=False).to("es") == "5,29 millones de personas"
    assert count_of(52_857_340, "persons", exact=False) == "52.9 million persons"
    exact = count_of(2_000_000, "households", exact=True)
    assert exact.to("es") == f"2{THIN_SPACE}000{THIN_SPACE}000 de hogares"
    assert exact.to("pt") == "2.000.000 de domicílios"
    assert exact == "2,000,000 households"
    assert count_of(84_310, "persons", exact=False) == "84,310 persons"
    assert count_of(1, "persons", exact=True).to("es") == "1 persona"


@pytest.mark.parametrize(
    ("amount", "text"), [(1_994_000, "1,99 milhão"), (1_996_000, "2,00 milhões"), (12_000_000, "12,0 milhões")]
)
def test_a_number_below_2_is_singular_in_portuguese(amount: int, text: str) -> None:
    assert count_of(amount, "persons", exact=False).to("pt") == f"{text} de pessoas"


def test_percentage_points_agree_with_their_number() -> None:
    sizes = {0.005: "0,5", 0.01: "1,0", 0.0194: "1,9", 0.0196: "2,0"}
    in_two = {size: [in_language(amount("H", size), language) for language in ("es", "pt")] for size in sizes}
    assert in_two == {
        0.005: ["0,5 puntos porcentuales", "0,5 ponto percentual"],
        0.01: ["1,0 punto porcentual", "1,0 ponto percentual"],
        0.0194: ["1,9 puntos porcentuales", "1,9 ponto percentual"],
        0.0196: ["2,0 puntos porcentuales", "2,0 pontos percentuais"],
    }


def test_one_poor_person_is_not_several() -> None:
    one = Headline(COUNTED, H, Figure(value=1, standing="shown"), H, H)
    assert "Es 1 persona." in say(one, "es")
    assert "That is 1 person." in say(one, "en")


def test_the_only_dimension_that_is_shown_is_not_called_the_largest() -> None:
    hidden = tuple(of(name, HIDDEN) for name in ("Salud", "Trabajo"))
    text = say(Contributions(COUNTED, (of("Educación", around(0.3)), *hidden)), "es")
    assert text.startswith("La única dimensión que se muestra es «Educación»: 30,0")


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
