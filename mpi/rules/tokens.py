"""Words of a rule: text in, tokens with positions out; a closed alphabet with hints for other languages' habits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal as Option

from mpi.language import phrase, template
from mpi.rules.syntax import KEYWORDS, Origin

TokenKind = Option["name", "quoted", "number", "text", "operator", "keyword", "end"]
MAX_LENGTH = 10_000
MAX_DIGITS = 30
MAX_EXPONENT = 30
SMALLER = phrase(
    "write a number up to 1e{most}, and divide what is compared with it, such as x / 1000", most=MAX_EXPONENT
)
SHORTER = phrase("write it with at most 18 digits; a longer code is a text, in quotes")

_PATTERN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE](?P<exponent>[+-]?[0-9]+))?)
      | (?P<name>[^\W\d]\w*)
      | "(?P<quoted>(?:[^"]|"")*)"
      | '(?P<text>(?:[^']|'')*)'
      | (?P<operator><>|<=|>=|[-+*/=<>(),])""",
    re.VERBOSE,
)
# Longer spellings come before those they begin with.
HABITS = {
    "==": template("write a single ="),
    "=>": template("write >="),
    "=<": template("write <="),
    "--": template("a rule has no comments; to subtract a negative number write - (-1)"),
    "!=": template("write <>"),
    "~=": template("write <>"),
    "&&": template("write AND"),
    "||": template("write OR"),
    "&": template("write AND"),
    "|": template("write OR"),
    "!": template("write NOT"),
    "~": template("write NOT"),
    "**": template("there are no powers; multiply"),
    "^": template("there are no powers; multiply"),
    "%in%": template("write x IN (1, 2)"),
    "%": template("write a fraction such as 0.33; there is no remainder"),
    ".": template("a name with a dot is written in double quotes"),
    ";": template("a rule is one expression without a semicolon"),
    "[": template("write lists in parentheses: x IN (1, 2)"),
    "{": template("write lists in parentheses: x IN (1, 2)"),
    '"': template('the double quote of a column name is not closed: "my column"'),
    "'": template("the quote of a text is not closed: 'urban'"),
}
# Habits that would otherwise be read as two operators of the language.
COMPOSED = ("==", "=>", "=<", "--", "**")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a rule, with its position from 0."""

    kind: TokenKind
    text: str
    at: int


class RuleSyntaxError(Exception):
    """A rule's text cannot be read; carries the fault."""

    def __init__(self, origin: Origin, code: str, at: int, text: str, remedy: str = "") -> None:
        self.fault = origin.fault(code, at, text, remedy)
        super().__init__(str(self.fault))


def tokens(text: str, origin: Origin) -> list[Token]:
    """Cut a rule into its words.

    Raises
    ------
    RuleSyntaxError
        For a character that the language does not have, and for texts and numbers that are too long.
    """
    if len(text) > MAX_LENGTH:
        raise RuleSyntaxError(
            origin,
            "MPI-R005",
            0,
            phrase("the rule has {length:,} characters, more than {most:,}", length=len(text), most=MAX_LENGTH),
            phrase("split it with derived variables"),
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = None if text.startswith(COMPOSED, at) else _PATTERN.match(text, at)
        if match is None:
            raise _unknown_character(text, at, origin)
        if match["blank"] is None:
            found.append(_token(match, origin))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _token(match: re.Match[str], origin: Origin) -> Token:
    at = match.start()
    if (word := match["number"]) is not None:
        return Token("number", _number(word, match["exponent"] or "0", at, origin), at)
    if (word := match["name"]) is not None:
        return Token("keyword", word.upper(), at) if word.upper() in KEYWORDS else Token("name", word, at)
    if (word := match["quoted"]) is not None:
        return Token("quoted", word.replace('""', '"'), at)
    if (word := match["text"]) is not None:
        return Token("text", word.replace("''", "'"), at)
    return Token("operator", match["operator"], at)


def _number(word: str, exponent: str, at: int, origin: Origin) -> str:
    if sum(c.isdigit() for c in word) > MAX_DIGITS:
        text = phrase("a number of more than {most} digits", most=MAX_DIGITS)
        raise RuleSyntaxError(origin, "MPI-R005", at, text, SHORTER)
    if abs(int(exponent)) > MAX_EXPONENT:
        text = phrase("an exponent beyond {most}", most=MAX_EXPONENT)
        raise RuleSyntaxError(origin, "MPI-R005", at, text, SMALLER)
    if len(word) > 1 and word[0] == "0" and word[1].isdigit():
        remedy = phrase(
            "write a code that is a text in quotes: '{word}'; a number has no thousands separator", word=word
        )
        raise RuleSyntaxError(
            origin, "MPI-R003", at, phrase("{word} begins with an unnecessary zero", word=word), remedy
        )
    return word


def _habit(text: str, at: int) -> str:
    return next((habit for habit in HABITS if text.startswith(habit, at)), "")


def _unknown_character(text: str, at: int, origin: Origin) -> RuleSyntaxError:
    habit = _habit(text, at)
    fault = phrase("{sign!r} is not part of the rule language", sign=habit or text[at])
    return RuleSyntaxError(origin, "MPI-R002", at, fault, phrase(HABITS[habit]) if habit else "")
