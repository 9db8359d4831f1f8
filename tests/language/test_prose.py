"""Texts that people read are phrases: no English in the code, or as a value of a message, that no catalogue knows.

A sentence that is put together from plain strings stays English in every language. The code is searched for such
strings: two words or more, one of them a small word of English, or glue between phrases.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mpi.language import LANGUAGES, catalogue
from tests.support.loops import at_least_one

PACKAGE = Path(__file__).resolve().parents[2] / "mpi"
SMALL = {
    "a", "all", "an", "and", "are", "as", "at", "be", "but", "by", "cannot", "each", "for", "from", "has", "have", "in",
    "is", "it", "its", "no", "none", "not", "of", "on", "one", "only", "or", "so", "than", "that", "the", "there",
    "these", "this", "to", "was", "were", "where", "which", "with",
}  # fmt: skip
# What makes a text one that catalogues know, and what click asks for.
MARKS = ("argument", "counted", "group", "noun", "number_phrase", "option", "phrase", "template", "translated")
TOLD = {"fault", "remedy", "user", "what"}  # what code calls a text that is a phrase
WITH_VALUES = ("number_phrase", "phrase")
# Of the caller's code, not of what a user gives: as Python says it.
OF_PROGRAMMERS = ("AssertionError", "KeyError", "RuntimeError", "TypeError", "ValueError")
# Files whose plain English is none of a message: a pattern of it, and why.
ELSEWHERE = {
    "publication/countries.py": ("no standard error", "the column `note` of tables"),
    "__init__.py": ("module 'mpi' has no attribute", "as Python says it"),
    "config/__init__.py": ("module .* has no attribute", "as Python says it"),
    "areas/rendering.py": ("^<svg ", "SVG"),
    "changes/changing.py": (".", "the column `note` of tables: data, which outputs translate"),
    "changes/joint.py": ("no PSUs", "looked for in a text"),
    "charts/__init__.py": ("^changes of a domain$", "the name of a place in the report"),
    "charts/chart.py": ("^changes of a domain$", "the name of a place in the report"),
    "charts/spread.py": ("^not poor$", "the id of a mark"),
    "cli/ranking_commands.py": ("period {}", "the caption above figures on the screen, English as theirs are"),
    "policies/cheapest.py": ("best$", "what Python shows of the object"),
    "tables/plans_screen.py": ("is better$", "the caption above figures on the screen, English as theirs are"),
    "cli/words.py": ("Show this message", "click's own, which is asked for by its English"),
    "config/composing.py": (".", "what the reader of YAML says"),
    "config/keys/data_files.py": ("^select ", "SQL"),
    "config/keys/derivations.py": ("^from labels$", "a word of the survey file"),
    "config/survey_tables.py": ("^households: ", "YAML"),
    "disclosure/figures.py": ("no unit", "a value of the column `note`"),
    "language/catalogues.py": (r"^\^\(msg", "the form of a catalogue"),
    "distributed/by_spark.py": ("Lost task|SparkContext", "what Spark says"),
    "distributed/errand.py": ("no package|not opened", "names of what a worker answers"),
    "distributed/__init__.py": ("no package|not opened", "names of what a worker answers"),
    "drawing/office.py": ("[{:]|<img|^body, ", "CSS and HTML"),
    "drawing/svg.py": ("^<pattern ", "SVG"),
    "errors/arguments.py": ("judged by the function", "marks a type"),
    "errors/codes.py": (".", "the list of codes in the manual, which is English"),
    "errors/resources.py": (".", "what other packages say"),
    "estimates/contrasts.py": (".", "the column `note` of tables: data, which outputs translate"),
    "estimates/estimates.py": ("^Estimates:", "repr, for programmers"),
    "analysis/dominance.py": ("^Dominance: ", "a repr"),
    "analysis/robustness.py": ("^Robustness: ", "a repr"),
    "analysis/weight_orders.py": ("^WeightOrders: ", "a repr"),
    "estimates/derived.py": ("census", "the column `note` of tables: data, which outputs translate"),
    "estimates/replicated.py": ("PSU", "looked for in a text"),
    "estimates/tidy_columns.py": (".", "the column `note` of tables: data, which outputs translate"),
    "files/connecting.py": ("NO_SUCH", "what stores say"),
    "language/__main__.py": (".", "the tool of translators"),
    "language/phrases.py": ("before the sound", "the contexts of enumerations"),
    "language/extraction.py": (".", "for translators"),
    "starting/drafting.py": (": ", "YAML"),
    "starting/headings.py": (".", "headings of tables in three languages, which are looked for and written"),
    "starting/skeletons.py": (".", "YAML of a first measure and study, whose titles are to be written anew"),
    "specs/study.py": ("^Study\\(", "a repr"),
    "specs/measure.py": ("^Measure\\(| in |identified", "repr, for programmers"),
    "runs/rehearsal.py": ("^measure: ", "YAML"),
    "maps/bundle.py": ("import", "a pattern"),
    "maps/geopackage.py": (".", "descriptions inside the file, by the standard"),
    "maps/qgis.py": ("<symbol", "XML"),
    "report/sections/changes.py": ("^changes of a domain$", "the name of a place in the report"),
    "runs/index.py": (r"^</?\w+|default-src", "markup"),
    "runs/index_page.py": (r"^</?\w+", "markup"),
    "source/databases.py": ("server closed|no such|^SET ", "what databases say, and SQL"),
    "source/formats.py": ("import|write_table|^soffice ", "commands"),
    "source/statistical.py": ("^convert string$|^character set$|^D in s$", "what pyreadstat says; units"),
    "starting/columns.py": (".", "words of labels in data, which are looked for"),
    "source/numerals.py": ("^no ", "answers in Spanish files"),
    "tables/targets_screen.py": (".", "captions above figures on the screen are English, as the names of columns are"),
}
SYNTHETIC = "synthetic"  # the makers of the sample data, who import nothing and say nothing to users


def files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def literal(node: ast.AST) -> str | None:
    """The text of a string or f-string, with {} for what it quotes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def is_prose(text: str) -> bool:
    """Whether a text has two words or more and one of them is a small word of English."""
    words = re.findall(r"[A-Za-z']+", re.sub(r"`[^`]*`", "", text))
    return len(words) > 1 and " " in text and not SMALL.isdisjoint(words)


def excused(tree: ast.Module) -> set[ast.AST]:
    """Nodes whose text the catalogues know, or that no user reads: docstrings, annotations, errors of a caller."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if called(node) in MARKS:
            assert isinstance(node, ast.Call)
            texts = [*node.args, *(word.value for word in node.keywords if word.arg in ("help", "context"))]
            found.update(part for text in texts for part in ast.walk(text))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(node.value)
        elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            found.update(ast.walk(node.annotation))
        elif isinstance(node, ast.Raise) and node.exc is not None and called(node.exc) in OF_PROGRAMMERS:
            found.update(ast.walk(node.exc))
        elif isinstance(node, ast.JoinedStr):
            found.update(part for part in node.values if isinstance(part, ast.Constant))
    return found


def prose(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and text of all English that is no text of the catalogues."""
    known = excused(tree)
    texts = ((node, literal(node)) for node in ast.walk(tree) if node not in known)
    return [(node.lineno, text) for node, text in texts if text and isinstance(node, ast.expr) and is_prose(text)]


def glued(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and text of what puts English between phrases, or gives it to one as a value."""
    found = []
    programmers = {part for node in ast.walk(tree) if is_repr(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if node in programmers:
            continue
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and is_text(node.left) and is_text(node.right):
            found.append((node.lineno, "a phrase + a text"))
        if isinstance(node, ast.JoinedStr) and any(
            isinstance(part, ast.FormattedValue) and called(part.value) in MARKS for part in node.values
        ):
            found.append((node.lineno, "a phrase inside an f-string"))
        if (
            isinstance(node, ast.JoinedStr)
            and worded(literal(node) or "")
            and TOLD & {named(part) for part in node.values}
        ):
            found.append((node.lineno, "a text inside an f-string"))
        if called(node) in WITH_VALUES:
            assert isinstance(node, ast.Call)
            values = [word.value for word in node.keywords if word.arg not in (None, "context")]
            found += [(node.lineno, text) for value in values for text in chosen(value) if worded(text)]
    return found


def named(node: ast.expr) -> str:
    """The name of what an f-string quotes."""
    value = node.value if isinstance(node, ast.FormattedValue) else node
    return getattr(value, "id", "") or getattr(value, "attr", "")


def is_repr(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__repr__"


def is_text(node: ast.expr) -> bool:
    return literal(node) is not None or called(node) in MARKS


def chosen(node: ast.expr) -> Iterator[str]:
    """The texts that a choice between literals can be, or with which a list is joined."""
    if isinstance(node, ast.IfExp):
        yield from (text for part in (node.body, node.orelse) if (text := literal(part)) is not None)
    elif isinstance(node, ast.BoolOp):
        yield from (text for part in node.values if (text := literal(part)) is not None)
    elif isinstance(node, ast.Call) and called(node) == "join" and isinstance(node.func, ast.Attribute):
        yield from [text] if (text := literal(node.func.value)) is not None else []
    elif isinstance(node, ast.JoinedStr):
        yield from [text] if (text := literal(node)) is not None and is_prose(text) else []


def worded(text: str) -> bool:
    return re.search(r"[A-Za-z]{2}", text.replace("{}", "")) is not None


def others(name: str) -> bool:
    return name.startswith(SYNTHETIC)


def test_no_english_is_outside_of_the_catalogues() -> None:
    texts = at_least_one([(name, *one) for name, tree in files() if not others(name) for one in prose(tree)])
    left = [one for one in texts if not re.search(ELSEWHERE.get(one[0], ("(?!)", ""))[0], one[2])]
    assert left == [], "say it with phrase(...), or name it in ELSEWHERE"
    assert ELSEWHERE.keys() == {name for name, *_ in texts}, "no longer needed in ELSEWHERE"


def test_no_phrase_is_glued_to_english() -> None:
    assert [(name, *one) for name, tree in files() if not others(name) for one in glued(tree)] == []


@pytest.mark.parametrize(
    "code",
    [
        'x = "the file is lost"',
        'raise DataError(Fault("MPI-D001", None, f"the file {a} is lost"))',
        'x = {"a": "no such file"}',
        'x = phrase("the {what} is lost", what="file" if a else "table")',
        'x = phrase("{n} is lost") + "; copy it"',
        "x = f\"{counted(3, 'row')} of it\"",
        'x = phrase("{names} are lost", names=" and ".join(a))',
    ],
)
def test_english_is_found(code: str) -> None:
    assert prose(ast.parse(code)) + glued(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        '"""Of a module."""',
        'x = phrase("the file {name} is lost", name=name)',
        'x = phrase("{rows} are lost", rows=counted(3, "row"))',
        'x = number_phrase(n, "{number} of them is lost", "{number} of them are lost")',
        'raise ValueError("the caller is wrong")',
        'x = joined((phrase("one of them"), "; ", phrase("another")))',
    ],
)
def test_phrases_are_no_plain_english(code: str) -> None:
    assert prose(ast.parse(code)) + glued(ast.parse(code)) == []


# Words that are English and neither Spanish, French nor Portuguese.
ENGLISH = re.compile(r"\b(the|of|is|are|and|not|was|were|which|have|with|from|their|has)\b")
QUOTED = re.compile(r"\]\([^)]*\)|`[^`]*`|\{[^{}]*\}|\"[^\"]*\"|'[^']*'|--\S+")
RULES = {"una regla: of", "uma regra: of", "une règle\xa0: of"}  # a word of the rule language


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_translations_hold_no_english(language: str) -> None:
    texts = at_least_one([text for forms in catalogue(language).texts.values() for text in forms])
    assert {text for text in texts if ENGLISH.search(QUOTED.sub("", text))} <= RULES
