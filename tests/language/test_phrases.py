"""Texts in every language: phrases, catalogues, and that no catalogue lacks a text or a field of one."""

import ast
import copy
import gettext
import pickle
import re
from fractions import Fraction

import pytest
from babel.messages.pofile import read_po

from mpi.errors import DataError, Fault, Notice
from mpi.language import (
    LANGUAGES,
    catalogue,
    counted,
    enumerated,
    in_language,
    joined,
    listed,
    number_phrase,
    phrase,
    preferred,
    strung,
)
from mpi.language import __main__ as tool
from mpi.language.catalogues import FOLDER, NUMBER, SOURCE, contracted
from mpi.language.extraction import SIGNS, Unreadable, fields, texts, wanted
from mpi.language.phrases import NOUNS
from tests.support.loops import at_least_one
from tests.support.wanted_texts import found

OTHERS = [language for language in LANGUAGES if language != SOURCE]
NOUN_KEYS = [("counted", singular) for singular in NOUNS]


def read(language):
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_text_of_the_code_and_no_other(language):
    held = {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        for message in read(language)
        if message.id
    }
    signs = {(context, sign) for context, sign, _ in SIGNS}
    assert held == set(found()) | signs, "run `python -m mpi.language`, then translate what is empty"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_read_as_babel_reads_it(language):
    entries = {}
    for message in read(language):
        english, forms = (message.id, message.string) if message.pluralizable else ((message.id,), (message.string,))
        if message.id and all(forms):
            entries[message.context or "", english[0]] = tuple(forms)
    assert catalogue(language).texts == entries
    assert any("\n" in english or '"' in english for _, english in entries), "no escape is tried"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    lacking = [key for key in found() if key not in catalogue(language).texts]
    assert not lacking, f"{len(lacking)} texts are to be translated: {lacking[:5]}"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_fields_of_its_text(language):
    for key, text in at_least_one(found().items()):
        for form in at_least_one(catalogue(language).texts.get(key, ())):
            wanted_fields = {*fields(text.english), *fields(text.several)} - {"number"}
            assert set(fields(form)) - {"number"} == wanted_fields, (key, form)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_written_as_the_tool_writes_it(language):
    assert (FOLDER / f"{language}.po").read_text(encoding="utf-8") == tool.written(tool.updated(language, found()))


def test_a_plural_has_a_form_for_every_number():
    for language in at_least_one(OTHERS):
        for forms in at_least_one(
            [forms for key, forms in catalogue(language).texts.items() if found().get(key, None)]
        ):
            assert len(forms) in (1, 2)


def test_a_text_put_together_where_it_is_used_is_refused(tmp_path):
    (tmp_path / "mpi").mkdir()
    module = tmp_path / "mpi" / "module.py"
    for call in ('phrase(f"{n} rows")', 'phrase("a" + b)', 'number_phrase(2, one, "b")', 'phrase("%d" % 3)'):
        module.write_text(call)
        with pytest.raises(Unreadable, match=re.escape("mpi/module.py:1")):
            list(texts(tmp_path / "mpi"))
    module.write_text('phrase("a" if x else "b"); phrase(TABLE[name]); counted(n, unit)')
    assert {"a", "b"} <= {text.english for text in texts(tmp_path / "mpi")}


def test_a_phrase_is_its_english():
    made = phrase("no domain {name!r} in {files}", name="zona", files=counted(1200, "file"))
    assert made == "no domain 'zona' in 1,200 files"
    assert isinstance(made, str)
    assert made.to("en") == str(made)


def sent(made):
    """As another process gets it."""
    return pickle.loads(pickle.dumps(made))  # noqa: S301  made here


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, sent])
def test_a_phrase_is_whole_after_a_copy_and_in_another_process(copied):
    made = number_phrase(2, "{number} row of {file}", "{number} rows of {file}", file=listed(list("abcdefg")))
    again = copied(made)
    assert (again, again.template, again.several, again.values) == (made, made.template, made.several, made.values)
    assert copied(joined([made, "x"], "; ")) == f"{made}; x"
    error = copied(DataError(Fault("MPI-X000", None, made, made)))
    assert error.faults[0].text.template == made.template


def test_what_a_phrase_quotes_is_said_in_its_language():
    made = phrase("{who}: {share:.1%} and {n:,}", who=counted(1204, "household"), share=0.125, n=1204)
    assert made == "1,204 households: 12.5% and 1,204"
    assert made.to("es") == "1\u202f204 hogares: 12,5% and 1\u202f204"  # no text of the code, so no translation


def test_a_number_chooses_its_form():
    assert [counted(n, "household").to("es") for n in (0, 1, 2)] == ["0 hogares", "1 hogar", "2 hogares"]
    assert counted(1, "stratum").to("es") == "1 estrato"
    assert counted(2, "stratum").to("es") == "2 estratos"


def test_lists_are_said_in_their_language():
    assert listed(list("abcdefg")).to("es") == "a, b, c, d, e y 2 más"
    assert enumerated(["a", "b", "c"]).to("es") == "a, b y c"
    assert enumerated(["a", "b"], "or").to("es") == "a o b"


@pytest.mark.parametrize(
    ("names", "last", "es"),
    [
        (["agua", "pisos", "inasistencia"], "and", "agua, pisos e inasistencia"),
        (["«agua»", "«Hacinamiento»", "«Internet»"], "and", "«agua», «Hacinamiento» e «Internet»"),
        (["madera", "hierro"], "and", "madera y hierro"),
        (["madera", "hijos"], "and", "madera e hijos"),
        (["norte", "oeste"], "or", "norte u oeste"),
        (["mes", "'hora'"], "or", "mes u 'hora'"),
        (["agua"], "and", "agua"),
    ],
)
def test_a_list_has_the_word_that_the_sound_after_it_wants(names, last, es):
    made = enumerated(names, last)
    assert made.to("es") == es
    assert sent(made).to("es") == es
    assert made.to("pt") == es.replace(" y ", " e ").replace(" u ", " ou ")


def test_a_template_of_signs_is_in_the_catalogues_under_a_context_alone(tmp_path):
    (tmp_path / "mpi").mkdir()
    module = tmp_path / "mpi" / "module.py"
    module.write_text(
        'phrase("{a} {b}"); phrase("“{a}”", context="quotation"); phrase("{a}", context="x" if y else "")'
    )
    assert {("quotation", "“{a}”"), ("x", "{a}")} == set(wanted(texts(tmp_path / "mpi"))) - set(NOUN_KEYS)


def test_faults_and_notices_are_said_in_every_language():
    fault = Fault("MPI-X001", None, counted(2, "household"), counted(1, "household"))
    assert str(fault) == "MPI-X001 2 households\n  1 household"
    assert DataError(fault).to("es") == fault.to("es") == "MPI-X001 2 hogares\n  1 hogar"
    assert Notice("MPI-N000", counted(2, "household")).to("es") == "MPI-N000 2 hogares"


def test_what_has_no_language_stays_as_it_is():
    assert in_language(Fraction(1, 3), "es") == "1/3"
    assert in_language("texto", "es") == "texto"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "es_CO.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "es_CO.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "es_UY@euro"}, "es"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "xx_YY"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_says_the_language(environment, language):
    assert preferred(environment) == language


def test_a_catalogue_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="xx"):
        catalogue("xx")


def test_the_rule_of_plurals_is_that_of_the_file():
    for language in at_least_one(OTHERS):
        rule = gettext.c2py(read(language).plural_expr)
        assert [catalogue(language).plural(n) for n in range(200)] == [rule(n) for n in range(200)]


def test_a_context_is_there_for_a_translation_that_differs():
    """Contexts tell apart what some language says in two ways; where none does, one of them was overwritten."""
    told_apart = [
        key for key in found() if key[0] not in ("", "help", "click", "counted", NUMBER) and ("", key[1]) in found()
    ]
    for context, english in at_least_one(told_apart):
        differs = [one for one in OTHERS if catalogue(one).text(english, context) != catalogue(one).text(english)]
        assert differs, (context, english)


PUBLICATIONS = ("areas", "board", "charts", "choropleth", "claims", "maps", "report", "workbook")
OF_FILES = {"report/document.py", "report/printing.py", "maps/interactive.py"}  # rules as written, styles, policies


def test_signs_between_texts_of_a_publication_are_the_languages_own():
    """A colon or semicolon in the code has no space before it, which French wants: `strung` and `joined` know."""
    found = []
    for package in PUBLICATIONS:
        for path in sorted((FOLDER.parent / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    glue = [one.value for one in node.values[1:] if isinstance(one, ast.Constant)]
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
                    glue = [getattr(node.func.value, "value", "")]
                else:
                    continue
                if any(str(text).startswith((": ", "; ")) for text in glue):
                    found.append(path.relative_to(FOLDER.parent).as_posix())
    assert set(found) == OF_FILES


def test_french_puts_a_space_before_the_signs_between_texts_and_contracts_before_a_value():
    assert strung(["Source", "", "INE"], ": ", "fr") == "Source\u00a0: INE"
    assert strung(["a", "b"], "; ", "fr") == "a\u202f; b" and strung(["a", "b"], "; ", "es") == "a; b"
    of = [contracted("celui de ", name, "fr") for name in ("Antioquia", "Chocó", "IC 95", "le taux", "Les Cayes")]
    assert [before + after for before, after in of] == [
        "celui d\u2019Antioquia", "celui de Chocó", "celui de IC 95", "celui du taux", "celui de Les Cayes",
    ]  # fmt: skip
    assert contracted("solde ", "Este", "fr") == ("solde ", "Este"), "the end of another word"
    assert contracted("de ", "Este", "es") == ("de ", "Este")
