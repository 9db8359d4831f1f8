"""The language of the command line: who chooses it, and that help, messages and click's own texts are in it."""

import inspect
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir

from mpi import cli
from mpi.cli import words
from mpi.language import LANGUAGES, catalogue
from tests.support.loops import at_least_one

OTHERS = [language for language in LANGUAGES if language != "en"]
COMMANDS = list(cli.cli.commands)


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    words.speak("en")


def spoken(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    streams = capsys.readouterr()
    return stop.value.code, streams.out, streams.err


@pytest.mark.parametrize("place", [("--lang", "es", "check", "nothing"), ("check", "nothing", "--lang=es")])
def test_the_option_chooses_the_language_wherever_it_is(capsys, place):
    code, _, err = spoken(capsys, *place)
    assert code == 2
    assert "ninguna medida se llama 'nothing'" in err


def test_the_option_prevails_over_the_environment(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "es_CO.UTF-8")
    assert "Uso: mpi check" in spoken(capsys, "check", "--help")[1]
    assert "Usage: mpi check" in spoken(capsys, "check", "--help", "--lang", "en")[1]


def test_a_language_that_is_not_there_is_refused(capsys):
    code, _, err = spoken(capsys, "check", "colombia_ipm", "--lang", "xx")
    assert code == 2
    assert "'xx' is not one of 'en'" in err


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_has_no_english_in_another_language(capsys, language, command):
    _, english, _ = spoken(capsys, *([command] if command else []), "--help", "--lang", "en")
    _, other, _ = spoken(capsys, *([command] if command else []), "--help", "--lang", language)
    texts = catalogue(language).texts
    parts = cli.cli.commands[command] if command else cli.cli
    helps = [inspect.cleandoc(text) for text in (parts._help, *(option._help for option in parts.params)) if text]
    for text in at_least_one(helps):
        assert ("help", text) in texts
    assert "Show this message" in english
    for sign in ("Show this message", "Usage", "Options:", "if left out", "default:"):
        assert sign not in other or texts["click", sign.rstrip(":")] == (sign.rstrip(":"),)  # French has the word, too


WRONG = (
    "nonsense",
    "check --nonsense",
    "check",
    "estimate a b --unit x",
    "estimate a b --level 7",
    "verify a b",
    "check a --data",
)


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_use_is_refused_in_every_language(capsys, line):
    arguments = line.split()
    code, _, english = spoken(capsys, *arguments)
    assert code == 2
    for language in at_least_one(OTHERS):
        again, _, other = spoken(capsys, "--lang", language, *arguments)
        assert again == 2
        assert set(english.splitlines()) & set(other.splitlines()) <= {""}


def test_what_is_told_of_click_is_what_click_says():
    """A new release of click with other texts is seen here, not by a user."""
    keywords = {"_": None, "ngettext": (1, 2), "gettext": None}
    said = set()
    for _, _, message, _, _ in extract_from_dir(Path(click.__file__).parent, [("**.py", "python")], keywords=keywords):
        said.update([message] if isinstance(message, str) else message)
    assert set(at_least_one(words.TEXTS)) <= said
