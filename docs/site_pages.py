"""What Sphinx does not do by itself: pages in another language over the English ones, and pages made from the program.

Directives: `message-codes`, `reader-glossary`, `commands` and `api` print what the package declares, in the language of
the build. A page of `docs/LANGUAGE` stands for the English page of its name; where there is none, the English page is
shown and says so.
"""

from __future__ import annotations

import re
from contextlib import redirect_stdout, suppress
from contextvars import copy_context
from inspect import isclass, isfunction
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from pygments.lexers.data import YamlLexer
from pygments.lexers.special import TextLexer
from pygments.lexers.sql import SqlLexer

import mpi
from mpi.cli import cli, main
from mpi.config.schemas import TABLES
from mpi.errors.codes import MEANINGS
from mpi.language import phrase
from mpi.vocabulary.glossary import WORDS as EXPLAINED

HERE = Path(__file__).parent
# Another language: its rows here, in WORDS and in UNTRANSLATED, and its pages in a folder of its name.
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "pt": "Português"}
WORDS = {
    "en": {"search": "Search the manual", "code": "code", "meaning": "meaning", "key": "key", "required": "required"},
    "es": {
        "search": "Buscar en el manual",
        "code": "código",
        "meaning": "significado",
        "key": "clave",
        "required": "obligatoria",
    },
    "fr": {
        "search": "Chercher dans le manuel",
        "code": "code",
        "meaning": "signification",
        "key": "clé",
        "required": "obligatoire",
    },
    "pt": {
        "search": "Buscar no manual",
        "code": "código",
        "meaning": "significado",
        "key": "chave",
        "required": "obrigatória",
    },
}
UNTRANSLATED = {
    "es": ("Página en inglés", "Esta página todavía no está en español."),
    "fr": ("Page en anglais", "Cette page n'est pas encore en français."),
    "pt": ("Página em inglês", "Esta página ainda não está em português."),
}
# Names of the package that a page explains together; what is not named here comes last, so that no name is lost.
GROUPS = (
    ("measures", "load_measure", "Measure", "Cutoff"),
    ("surveys", "load_survey", "Survey", "describe", "Description", "convert"),
    ("profiles", "deprivation_profile", "DeprivationProfile", "merge_profiles", "replication", "score"),
    (
        "figures",
        "estimate",
        "Estimates",
        "Covariance",
        "STATISTICS",
        "derive",
        "analyse",
        "Derived",
        "robustness",
        "dominance",
        "weight_draws",
        "weight_orders",
    ),
    ("changes", "change", "Changes", "CHANGES", "decompose_change"),
    ("publications", "load_study", "Study", "run_study", "load_disclosure", "load_reliability"),
    ("maps", "map_table", "TableMap"),
    ("comparing", "compare", "Comparison"),
    ("errors", "MpiError", "ConfigError", "DataError", "UsageError", "MpiWarning"),
)
# Blocks of the manual that its tests read by these names.
BLOCKS = {**dict.fromkeys(("design", "tables", "modules", "domains"), YamlLexer), "rules": SqlLexer, "csv": TextLexer}
HEADING = re.compile(r"^# .*\n", re.M)


class Written(Directive):
    """A directive whose content is Markdown that the program writes."""

    optional_arguments = 1

    @property
    def language(self) -> Any:
        """The language of the build."""
        return self.state.document.settings.env.config.language

    def text(self) -> str:
        """The Markdown that stands for the directive."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Parse the text where the directive stands."""
        made = nodes.container()
        self.state.nested_parse(StringList(self.text().split("\n"), source=f"<{self.name}>"), self.content_offset, made)
        return list(made.children)


def own_meanings(language: str) -> dict[str, str]:
    """The meanings of codes in a language other than English, from `codes.yaml` of its folder."""
    path = HERE / language / "codes.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.exists() else {}


class MessageCodes(Written):
    """Every code of a family with its meaning: `{message-codes} MPI-C`."""

    def text(self) -> str:
        """A table of two columns."""
        family, words = self.arguments[0], WORDS[self.language]
        meanings = {code: text for code, text in MEANINGS.items() if code.startswith(family)}
        if not meanings:
            raise self.error(f"no code begins with {family}")
        own = own_meanings(self.language)
        rows = [f"| `{code}` | {own.get(code, text)} |" for code, text in meanings.items()]
        return "\n".join([f"| {words['code']} | {words['meaning']} |", "|---|---|", *rows])


class KeysOf(Written):
    """The keys of a table of config files, in the language of the build: `{keys} study`."""

    def text(self) -> str:
        """A row for each key; neighbours of the same meaning share one."""
        words, made = WORDS[self.language], []
        said = [(key, phrase(key.text).to(self.language)) for key in TABLES[self.arguments[0]].keys]
        for text, group in groupby(said, key=lambda pair: pair[1]):
            names = ", ".join(f"`{key.name}`" + (f" ({words['required']})" if key.required else "") for key, _ in group)
            made.append(f"| {names} | {text.replace('](#', f']({self._home()}#')} |")
        return "\n".join([f"| {words['key']} | {words['meaning']} |", "|---|---|", *made])

    def _home(self) -> str:
        """The page of the English manual with this table, on which its links to `#heading` lie."""
        mark = f"<!-- keys: {self.arguments[0]} -->"
        return next(path.name for path in (HERE / "en").glob("*.md") if mark in path.read_text(encoding="utf-8"))


class ReaderGlossary(Written):
    """The words that publications explain to their readers."""

    def text(self) -> str:
        """A list of definitions in the order of their titles."""
        entries = {word.title[self.language]: word.text[self.language] for word in EXPLAINED.values()}
        return "\n\n".join(f"{title}\n: {entries[title]}" for title in sorted(entries, key=str.casefold))


class Commands(Written):
    """Every command with its help, as `mpi COMMAND --help` prints it."""

    def text(self) -> str:
        """A block for each command."""
        return "\n\n".join(f"**`mpi {name}`**\n\n```text\n{self._help(name)}\n```" for name in cli.commands)

    def _help(self, name: str) -> str:
        printed = StringIO()
        with redirect_stdout(printed), suppress(SystemExit):
            copy_context().run(main, [name, "--help", "--lang", self.language])
        return printed.getvalue().strip()


class Api(Written):
    """The documented names of a group of the package, or with `rest` those of no group."""

    def text(self) -> str:
        """A block of autodoc directives."""
        group = self.arguments[0]
        named = {name for _, *names in GROUPS for name in names}
        groups: dict[str, list[str]] = {own: names for own, *names in GROUPS}
        names = groups.get(group) or [name for name in mpi.__all__ if name not in named]
        blocks = "\n\n".join(_documented(name) for name in names)
        return f"````{{eval-rst}}\n{blocks}\n````"


def _documented(name: str) -> str:
    found = getattr(mpi, name)
    if isfunction(found):
        return f".. autofunction:: mpi.{name}"
    if isclass(found):
        return f".. autoclass:: mpi.{name}\n   :members:"
    return f".. py:data:: mpi.{name}\n\n   ``{', '.join(found)}``"


def in_own_language(app: Any, page: str, source: list[str]) -> None:
    """Replace an English page by that of the build's language, or say that there is none."""
    language = app.config.language
    if language == "en":
        return
    own = HERE / language / f"{page}.md"
    app.env.note_dependency(str(own))
    if own.exists():
        source[0] = own.read_text(encoding="utf-8")
        return
    title, text = UNTRANSLATED[language]
    note = f"\n:::{{admonition}} {title}\n:class: note\n\n{text}\n:::\n"
    source[0] = HEADING.sub(lambda heading: heading[0] + note, source[0], count=1)


def with_labels(app: Any, doctree: nodes.document) -> None:
    """Let `page.md#label` find the labels of headings: a page keeps the English names of what others link to."""
    slugs = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for section in doctree.findall(nodes.section):
        for name in section["ids"]:
            slugs.setdefault(name, (section.line or 0, name, section.next_node(nodes.title).astext()))


def setup(app: Any) -> dict[str, Any]:
    """Sphinx's way in."""
    directives = {
        "message-codes": MessageCodes,
        "keys": KeysOf,
        "reader-glossary": ReaderGlossary,
        "commands": Commands,
        "api": Api,
    }
    for name, made in directives.items():
        app.add_directive(name, made)
    for name, lexer in BLOCKS.items():
        app.add_lexer(name, lexer)
    app.connect("source-read", in_own_language)
    app.connect("doctree-read", with_labels)
    return {"version": mpi.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
