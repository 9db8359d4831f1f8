"""Every text of the code that catalogues must have, found by the names of the functions that make phrases.

`python -m mpi.language` brings the catalogues up to date with the code: new texts come in empty, texts that the code no
longer has go out, and what is still to be translated is counted. `python -m mpi.language pt` begins a new catalogue.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from mpi.language.catalogues import CONTRACTION, NUMBER, PUNCTUATION
from mpi.language.phrases import COUNTED, NOUNS

PACKAGE = Path(__file__).resolve().parent.parent
ONE, TWO, NOUN = ("phrase", "template", "translated"), ("number_phrase",), ("counted", "noun")
HELPED, HELP = ("option", "argument"), "help"  # calls with a help text, and the context of these
FUNCTIONS = (*ONE, *TWO, *NOUN)
HOME = PACKAGE / "language" / "phrases.py"  # which handles texts that others give it
SIGNS = (  # how numbers and signs between texts are written, which no call names
    (NUMBER, ".", "the decimal sign"),
    (NUMBER, ",", "the sign between thousands"),
    (NUMBER, "%", "what follows a percentage"),
    (PUNCTUATION, ":", "a colon between two texts, after the space that it wants"),
    (PUNCTUATION, ";", "a semicolon between two texts, after the space that it wants"),
    (
        CONTRACTION,
        "of",
        "what becomes one where a template meets a value, such as de le=du; V is any vowel; - for nothing",
    ),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the code.

    Attributes
    ----------
    english, several : str
        The template, and that for other numbers than 1 (an empty text where it has no number).
    context : str
    file : str
        Below the package.
    line : int
    """

    english: str
    several: str
    context: str
    file: str
    line: int

    @property
    def key(self) -> tuple[str, str]:
        """Context and English, by which catalogues know it."""
        return self.context, self.english


class Unreadable(Exception):
    """A call whose text is no literal, so that no catalogue can have it."""


def texts(package: Path = PACKAGE) -> Iterator[Text]:
    """Every text of a package, in the order of its files.

    Raises
    ------
    Unreadable
        A template is put together where it is used.
    """
    for one, several in NOUNS.items():
        yield Text(one, several, COUNTED, HOME.relative_to(PACKAGE.parent).as_posix(), 1)
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in FUNCTIONS:
                yield from _of_call(node, name)
            elif isinstance(node, ast.Call) and _called(node) in HELPED:
                yield from _of_help(node, name)
            elif isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
                yield Text(ast.get_docstring(node) or "", "", HELP, name, node.lineno)


def _is_command(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and (
        _called(node) == "command" or (isinstance(node.func, ast.Attribute) and node.func.attr == "group")
    )


def _of_help(node: ast.Call, file: str) -> Iterator[Text]:
    """The help text of an option or argument of the command line."""
    for word in node.keywords:
        if word.arg == "help" and (english := _literal(word.value)):
            yield Text(english, "", HELP, file, node.lineno)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _of_call(node: ast.Call, file: str) -> Iterator[Text]:
    function = _called(node)
    contexts = next((_literals(word.value) for word in node.keywords if word.arg == "context"), None) or [""]
    if function in ONE:
        for english, context in product(_choices(node.args[0], file), contexts):
            yield Text(english, "", context, file, node.lineno)
        return
    if function in TWO:
        one, several = (_literal(part) for part in node.args[1:3])
        if one is None or several is None:
            raise Unreadable(f"{file}:{node.lineno}")
        for context in contexts:
            yield Text(one, several, context, file, node.lineno)
        return
    nouns = node.args[1:] if function == "counted" else [node.args[0], *node.args[2:]]
    one, several = (*(_literal(part) for part in nouns), None, None)[:2]
    if one is not None:
        yield Text(one, several or NOUNS.get(one, f"{one}s"), COUNTED, file, node.lineno)


def _choices(node: ast.expr, file: str) -> Iterator[str]:
    """The literals that an argument can be; a name or an entry of a table stands for a `template` elsewhere."""
    if isinstance(node, ast.IfExp):
        yield from _choices(node.body, file)
        yield from _choices(node.orelse, file)
    elif (text := _literal(node)) is not None:
        yield text
    elif not isinstance(node, ast.Name | ast.Subscript | ast.Attribute):
        raise Unreadable(f"{file}:{node.lineno}")


def _literals(node: ast.expr) -> list[str]:
    """The literals that a context can be; none for a name, whose context a `template` elsewhere has."""
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body), *_literals(node.orelse)]
    text = _literal(node)
    return [] if text is None else [text]


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def fields(template: str) -> list[str]:
    """The fields of a template in order of their names, each as often as it stands there.

    Examples
    --------
    >>> fields("{n:,} of {all}, {n}")
    ['all', 'n', 'n']
    """
    return sorted(
        re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(template) if name is not None
    )


def wordless(template: str) -> bool:
    """Whether a template has no word to translate, only fields and signs."""
    plain = "".join(literal for literal, *_ in string.Formatter().parse(template))
    return not re.search(r"[^\W\d_]", plain)


def wanted(found: Iterable[Text]) -> dict[tuple[str, str], Text]:
    """The texts that a catalogue must have, once each: those with a word in them, or with a context.

    A template of signs alone has a context where languages write it differently, as quotations and dates.
    """
    return {text.key: text for text in reversed(list(found)) if text.context or not wordless(text.english)}
