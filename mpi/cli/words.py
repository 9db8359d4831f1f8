"""The language of the command line: which one, its options and arguments, and click's own texts in it."""

from __future__ import annotations

import gettext
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, Literal

import click

from mpi.language import LANGUAGES, Language, catalogue, in_language, preferred, template
from mpi.language.speaking import LANGUAGE

# The stream to which messages go as JSON; None: as lines for a person.
RECORDS: ContextVar[Literal["out", "err"] | None] = ContextVar("records", default=None)
CLICK = "click"  # the context of its texts
# What click says to a user of these commands, whose catalogues are asked as the standard library's gettext is.
TEXTS = (
    template("Usage:", context="click"),
    template("Options", context="click"),
    template("Positional arguments", context="click"),
    template("Commands", context="click"),
    template("Show this message and exit.", context="click"),
    template("Try '{command} {option}' for help.", context="click"),
    template("Error: {message}", context="click"),
    template("Missing command.", context="click"),
    template("Missing argument", context="click"),
    template("Missing option", context="click"),
    template("No such option {name!r}.", context="click"),
    template("No such command {name!r}.", context="click"),
    template("Did you mean {possibility}?", context="click"),
    template("(Did you mean one of: {possibilities}?)", context="click"),
    template("Option {name!r} does not take a value.", context="click"),
    template("Option {name!r} requires an argument.", context="click"),
    template("Got unexpected extra argument ({args})", context="click"),
    template("Got unexpected extra arguments ({args})", context="click"),
    template("Invalid value: {message}", context="click"),
    template("Invalid value for {param_hint}: {message}", context="click"),
    template("Choose from:\n\t{choices}", context="click"),
    template("{value!r} is not {choice}.", context="click"),
    template("{value!r} is not one of {choices}.", context="click"),
    template("{value!r} is not a valid {number_type}.", context="click"),
    template("{value} is not in the range {range}.", context="click"),
    template("default: {default}", context="click"),
    template("file", context="click"),
    template("directory", context="click"),
    template("path", context="click"),
    template("{name} {filename!r} does not exist.", context="click"),
    template("{name} {filename!r} is a file.", context="click"),
    template("{name} {filename!r} is a directory.", context="click"),
    template("{name} {filename!r} is not readable.", context="click"),
)
# What stands for a value in its usage, which click does not ask gettext for.
PLACEHOLDERS = (
    template("[OPTIONS]", context="click"),
    template("COMMAND [ARGS]...", context="click"),
    template("required", context="click"),
    template("TEXT", context="click"),
    template("PATH", context="click"),
    template("INTEGER RANGE", context="click"),
    template("FLOAT RANGE", context="click"),
    template("SIZE", context="click"),
    template("SECONDS", context="click"),
    template("NAME", context="click"),
)


def language() -> Language:
    """The language in which the command line speaks."""
    return LANGUAGE.get()


def said(text: object) -> str:
    """A text in the language of the command line."""
    return in_language(text, language())


def chosen(words: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language that a command line asks for, or else its environment.

    Parameters
    ----------
    words : sequence of str
        Arguments; an unknown language is left to the option `--lang`, which refuses it.
    environment : mapping of str to str

    Examples
    --------
    >>> chosen(["check", "m.yaml", "--lang", "es"], {}), chosen(["--lang=en"], {"LANG": "es_CO.UTF-8"})
    ('es', 'en')
    """
    for word, following in zip(words, [*words[1:], ""], strict=False):  # of no words there is none
        if word == "--":
            break
        asked = word.removeprefix("--lang=") if word.startswith("--lang=") else following if word == "--lang" else ""
        if asked in LANGUAGES:
            return asked
    return preferred(environment)


def speak(asked: Language) -> None:
    """Let the command line speak a language, click's own texts included.

    click takes its texts from the standard library's gettext, whose catalogues are compiled files; ours are in memory,
    so the two functions through which every text goes are answered here.
    """
    LANGUAGE.set(asked)
    gettext.dgettext = _of_click
    gettext.dngettext = _of_click_by_number


def _of_click(domain: str, message: str) -> str:
    return catalogue(language()).text(message, CLICK) or message


def _of_click_by_number(domain: str, msgid1: str, msgid2: str, n: int) -> str:
    return _of_click(domain, msgid1 if n == 1 else msgid2)


class _Helped:
    """Something with a help text, which is shown in the language of the command line."""

    _help: str | None = None
    _among: Sequence[str] = ()

    @property
    def help(self) -> str | None:
        """The help text in the language of the command line."""
        english = None if self._help is None else inspect.cleandoc(self._help)
        text = english and (catalogue(language()).text(english, "help") or english)
        return f"{text} {', '.join(self._among)}." if self._among else text

    @help.setter
    def help(self, text: str | None) -> None:
        self._help = text


def _metavar(make: Callable[..., str], ctx: click.Context | None) -> str:
    """What click makes; before 8.2 it takes no context."""
    return make() if ctx is None or "ctx" not in inspect.signature(make).parameters else make(ctx)


class Option(_Helped, click.Option):
    """An option whose help has every language; `among` are words that it ends with."""

    def __init__(self, *args: Any, among: Sequence[str] = (), **options: Any) -> None:
        self._among = among
        super().__init__(*args, **options)

    def make_metavar(self, ctx: click.Context | None = None) -> str:
        """What stands for the option's value in the help."""
        return _of_click("", _metavar(super().make_metavar, ctx))


class Argument(_Helped, click.Argument):
    """An argument whose help has every language; click before 8.5 has no help of arguments."""

    def __init__(self, *args: Any, help: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = help

    def make_metavar(self, ctx: click.Context | None = None) -> str:
        """What stands for the argument in the help."""
        return _metavar(super().make_metavar, ctx)


VERSION_HELP = template("Show the version and exit.", context="help")
LANG_HELP = template(
    "Language of messages, titles and help; that of the system (LC_ALL, LANG) if left out.", context="help"
)


VERBOSE_HELP = template(
    "Show on stderr what each stage did and how long it took; -vv also shows the files.", context="help"
)


def _verbose(context: click.Context, parameter: click.Parameter, times: int) -> None:
    """Show the log, where it is asked for; what shows it is imported then."""
    if times:
        from mpi.cli.verbose import show

        show(context, times, language(), records=RECORDS.get() is not None)


def verbose_option() -> Option:
    """The option `-v`, of each command and of the group."""
    return Option(["-v", "--verbose"], count=True, expose_value=False, callback=_verbose, help=VERBOSE_HELP)


class _Command(_Helped, click.Command):
    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What stands for options and arguments in the line of usage."""
        return [_of_click("", piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option `--help`, whose text click makes once."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _of_click("", "Show this message and exit.")
        return option


class Command(_Command):
    """A command whose help has every language, with an option that chooses it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = click.Choice(LANGUAGES)
        self.params.append(Option(["--lang"], type=kind, expose_value=False, help=LANG_HELP))
        self.params.append(verbose_option())

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, then, where click does not yet do it (before 8.5), its arguments."""
        super().format_help_text(ctx, formatter)
        if hasattr(click.Command, "format_arguments"):
            return
        arguments = [parameter for parameter in self.get_params(ctx) if isinstance(parameter, Argument)]
        if arguments:
            with formatter.section(_of_click("", "Positional arguments")):
                formatter.write_dl([(argument.make_metavar(ctx), argument.help or "") for argument in arguments])


class Group(_Command, click.Group):
    """Commands in the order in which they are used."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params.append(verbose_option())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of their definition."""
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog in the language of the command line."""
        epilog, self.epilog = self.epilog, catalogue(language()).text(self.epilog or "", "help") or self.epilog
        try:
            super().format_epilog(ctx, formatter)
        finally:
            self.epilog = epilog


option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
command = partial(click.command, cls=Command)
