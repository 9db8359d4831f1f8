"""Notices in Spanish: every text that the program gives has one, numbers and nouns in it are Spanish too."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mpi.config import load_study
from mpi.errors import Notice
from mpi.errors.notices import SPANISH, said
from mpi.publication.languages import lacking
from mpi.specs.texts import place_of
from mpi.vocabulary.wording import THIN_SPACE

MPI = Path(__file__).resolve().parent.parent.parent / "mpi"
GIVEN = [
    ("MPI-N001", "PERSONAS.csv: read as utf-8, comma between columns, decimal '.'",
     "PERSONAS.csv: leído como utf-8, con coma entre columnas y signo decimal '.'"),
    ("MPI-N001", "a.csv: read as cp1252, semicolon between columns, decimal ',' (x) and '.' (y), thousands '.' (z)",
     "a.csv: leído como cp1252, con punto y coma entre columnas, signo decimal ',' (x) y '.' (y) y de miles '.' (z)"),
    ("MPI-N003", "1 household have weight 0: their PSUs count, but the households do not",
     "1 hogar tiene factor de expansión 0: cuenta su UPM, él no"),
    ("MPI-N003", "1,204 households have weight 0: their PSUs count, but the households do not",
     f"1{THIN_SPACE}204 hogares tienen factor de expansión 0: cuentan sus UPM, ellos no"),
    ("MPI-N006", "9.9% of the households are left out: an indicator is unknown for them",
     f"el 9,9{THIN_SPACE}% de los hogares queda excluido: se desconoce algún indicador suyo"),
    ("MPI-N006", "9.9% of the persons (weighted) are left out: an indicator is unknown for them",
     f"el 9,9{THIN_SPACE}% de las personas (ponderado) queda excluido: se desconoce algún indicador suyo"),
    ("MPI-N007", "k=334/1000 is just above the score 1/3: 12,345 persons with that score are not poor",
     f"k = 334/1000 está apenas por encima del puntaje 1/3: no cuentan como pobres 12{THIN_SPACE}345 personas con ese"
     " puntaje"),
    ("MPI-N007", "the weights (33/100 and 17/50 for 1/3) look rounded: with exact ones, 12 persons that are not poor at"
     " k=1/3 would be and 1 person that is poor at k=1/3 would not be; write fractions such as 1/3",
     "hay pesos o líneas que parecen redondeados y deciden quién es pobre con k = 1/3 (con los exactos pasan a serlo:"
     " 12 personas; dejan de serlo: 1 persona): escriba fracciones como 1/3"),
    ("MPI-N140", "3 areas were put together from several rows: 01, 02, 03",
     "3 áreas se formaron con varias filas: 01, 02, 03"),
    ("MPI-N020", "3,589 of 5,160 figures of 2018 (persons) are hidden: small_base 430, precision 1,346",
     f"se ocultan 3{THIN_SPACE}589 de 5{THIN_SPACE}160 cifras de 2018 (personas): base pequeña 430, precisión"
     f" 1{THIN_SPACE}346"),
    ("MPI-N020", "3 of 160 figures of the changes (households) are hidden: hidden_round 3",
     "se ocultan 3 de 160 cifras de los cambios (hogares): una ronda oculta 3"),
    ("MPI-N032", "2 shapes crossed themselves and were mended: a, b, c, d, e, and 2 more",
     "2 polígonos se cruzaban a sí mismos y se corrigieron: a, b, c, d, e, y 2 más"),
    ("MPI-N033", "the borders of 1 area overlap their neighbours', or do not meet them: 12; they stay so on the map",
     "los bordes de 1 área se traslapan con los de sus vecinos o no los tocan: 12; así quedan en el mapa"),
    ("MPI-N170", "left out, because it needs 3 groups with a figure, and there are 2: charts/ranked.zona",
     "se omite, porque hacen falta 3 grupos con cifra y hay 2: charts/ranked.zona"),
    ("MPI-N160", "texts without Spanish, printed as they are: demo: note",
     "textos sin español, que se imprimen como están: demo: note"),
    ("MPI-N210", "indicators without words in Spanish, of which the rule alone is printed: floor, walls",
     "indicadores sin texto en español, de los que se imprime solo la regla: floor, walls"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "english", "spanish"), GIVEN)
def test_a_notice_is_told_in_spanish_with_what_it_quotes(code: str, english: str, spanish: str) -> None:
    assert said(Notice(code, english), "es") == (spanish, "es")
    assert said(Notice(code, english), "en") == (english, "en")


def test_a_text_that_the_catalogue_lacks_is_said_to_be_english() -> None:
    assert said(Notice("MPI-N006", "something else"), "es") == ("something else", "en")


def test_every_notice_that_a_publication_can_print_has_a_spanish_text() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(MPI.rglob("*.py")))
    codes = set(re.findall(r'Notice\(\s*"(MPI-N\d+)"', source))
    assert len(codes) > 15
    assert codes <= set(SPANISH), sorted(codes - set(SPANISH))


@pytest.mark.parametrize("pair", [pair for pairs in SPANISH.values() for pair in pairs])
def test_both_texts_quote_the_same(pair: tuple[str, str]) -> None:
    english, spanish = (set(re.findall(r"\{(\w+)\}", text)) for text in pair)
    assert spanish <= english
    assert not re.search(r"\b(the|and|of|is|are|not|have)\b", re.sub(r"`[^`]*`|\{\w+\}", "", pair[1]))


def test_texts_that_lack_a_language_of_the_study_are_named() -> None:
    study = load_study("colombia_demo")
    assert lacking(study) == []
    bare = replace(study, measure=replace(study.measure, note={"en": "only English"}, source={"": "in one language"}))
    notices = lacking(bare)
    assert [notice.text for notice in notices] == [
        "texts without Spanish, printed as they are: colombia_ipm: source, colombia_ipm: note",
        "texts without English, printed as they are: colombia_ipm: source",
    ]
    assert lacking(replace(bare, languages=("en",))) == []
    silent = [
        replace(one, words=words)
        for one, words in zip(
            study.measure.indicators, ({}, {"en": "only English"}, {"": "of every language"}), strict=False
        )
    ]
    wordless = replace(study.measure, indicators=(*silent, *study.measure.indicators[3:]))
    names = [one.name for one in silent]
    at = [f"{one.name} (colombia_ipm.yaml:{place_of(one.title).line}:16)" for one in silent]
    assert [notice.text for notice in lacking(replace(study, measure=wordless))] == [
        f"texts without Spanish, printed as they are: {names[2]}: words",
        f"indicators without words in Spanish, of which the rule alone is printed: {at[0]}, {at[1]}",
        f"texts without English, printed as they are: {names[2]}: words",
        f"indicators without words in English, of which the rule alone is printed: {at[0]}",
    ]
    first, *others = study.maps
    borders = replace(first.boundaries, source={"": "squares"}, vintage={"es": "marco"}, licence={"": "CC0"})
    assert [notice.text for notice in lacking(replace(study, maps=(replace(first, boundaries=borders), *others)))] == [
        "texts without Spanish, printed as they are: map of municipio: source",
        "texts without English, printed as they are: map of municipio: source, map of municipio: vintage",
    ]
    # A plain text of a study of one language is taken to be in it.
    assert [n.text for n in lacking(replace(bare, languages=("es",)))] == [
        "texts without Spanish, printed as they are: colombia_ipm: note"
    ]


def test_texts_that_lack_a_language_are_named_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    shipped = Path(load_study("colombia_demo").place.file)
    text = shipped.read_text("utf-8").replace("../../sample_data", str(shipped.parent.parent.parent / "sample_data"))
    assert "licence: CC0-1.0\n" in text
    path.write_text(text.replace("licence: CC0-1.0\n", "licence: CC0-1.0\ncitation: {es: Ejemplo}\n", 1), "utf-8")
    line = path.read_text("utf-8").split("\n").index("citation: {es: Ejemplo}") + 1
    (notice,) = lacking(load_study(path))
    assert notice.text == f"texts without English, printed as they are: study: citation (study.yaml:{line}:11)"
    assert notice.text.to("pt") == f"textos sem inglês, impressos como estão: study: citation (study.yaml:{line}:11)"
