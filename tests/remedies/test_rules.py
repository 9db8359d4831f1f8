"""Every remedy of a message about a rule, followed: the rule that it says to write is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from mpi.rules import Kind, Origin, check, parse
from mpi.rules.parser import STATA
from mpi.rules.tokens import HABITS, RuleSyntaxError
from tests.rules import test_checking, test_parser

HERE = Origin("measure.yaml", 14, 20)
SCOPE = {
    **test_checking.SCOPE,
    **dict.fromkeys(["x", "dpto", "18years", "df.x", "AND", "my column", "x # 1"], Kind("number", "household")),
    **dict.fromkeys(["y", "z"], Kind("truth", "household")),
}
# What somebody writes who follows the remedy; by the rule that was refused.
FOLLOWED: Mapping[str, Sequence[str]] = {
    # syntax
    "x = AND": ['x = "AND"'],
    "x IN (y)": ["x = 1 OR x = rooms"],
    "x IN (TRUE)": ["y OR z"],
    "x IN (-TRUE)": ["y OR z"],
    "x IN (-'a')": ["x = -1 OR x = 2"],
    "x IN (1 + 2)": ["x = 1 + 2 OR x = 4"],
    "6 <= x <= 16": ["x BETWEEN 6 AND 16"],
    "x < 2,5": ["x < 2.5"],
    "CASE x WHEN 1 THEN 2 END": ["CASE WHEN x = 1 THEN 1 ELSE 2 END"],
    "x IN (1,000)": ["x IN (1000)", "job = '000'"],
    "dpto = 05": ["job = '05'", "dpto = 5"],
    "MEEN(x)": ["MEAN(x)"],
    "zzzz(x)": ["ANY(y)", "ALL(y)", "COUNT()", "COUNT_IF(y)", "SUM(x)", "MEAN(x)", "MIN(x)", "MAX(x)", "COALESCE(x, 1)",
                "ABS(x)", "LEAST(x, 1)", "GREATEST(x, 1)"],
    "COUNT(x)": ["COUNT_IF(y)"],
    "x = 1e31": ["x = 1e30"],
    "x = 9223372036854775808": ["x = 922337203685477580", "job = '9223372036854775808'"],
    "x = 1e-400": ["x = 1e-30"],
    "x IN (1, NULL)": ["x IN (1) OR x IS NULL"],
    # types
    "MEAN(agee) < 3": ["MEAN(age) < 3"],
    "NOT age": ["NOT age = 1"],
    "1 + (age > 3)": ["1 + CASE WHEN age > 3 THEN 1 ELSE 0 END", "1 + COUNT_IF(age > 3)"],
    "age = '3'": ["age = 3"],
    "zone = 1": ["zone = 'rural'", "zone = 'urban'"],
    "age + 1 = job": ["age + 1 = 3", "job = '3'"],
    "attends = 1": ["attends", "NOT attends"],
    "attends = TRUE": ["attends", "NOT attends"],
    "job < 'm'": ["job IN ('a', 'b')"],
    "age IN (1, 'a')": ["age IN (1, 2)"],
    "attends IN (1)": ["attends", "NOT attends"],
    "NULL IN (1)": ["age IS NULL", "age IS NOT NULL"],
    "CASE WHEN age THEN 1 END": ["CASE WHEN age = 1 THEN 1 END"],
    "CASE WHEN poor THEN 1 ELSE 'a' END": ["CASE WHEN poor THEN 1 ELSE 2 END", "CASE WHEN poor THEN 'b' ELSE 'a' END"],
    "COALESCE(attends, 0)": ["COALESCE(attends, FALSE)", "COALESCE(age, 0)"],
    "ANY(age)": ["ANY(age = 1)"],
    "SUM(attends)": ["COUNT_IF(attends)", "SUM(CASE WHEN attends THEN 1 ELSE 0 END)"],
    "age = NULL": ["age IS NULL", "age IS NOT NULL"],
    "NULL <> NULL": ["NULL IS NULL", "age IS NOT NULL"],
    "CASE WHEN poor THEN NULL END = 1": ["CASE WHEN poor THEN NULL END IS NULL"],
    "COUNT_IF(MEAN(age) > age)": ["COUNT_IF(rooms > age)"],
    "zone = 'urbano'": ["zone = 'urban'"],
    "'city' = zone": ["'rural' = zone", "'urban' = zone"],
    "CASE WHEN poor THEN 'a' ELSE 'b' END = 'ccc'": ["CASE WHEN poor THEN 'a' ELSE 'b' END = 'b'"],
    "relation IN ('head', 'Child')": ["relation IN ('head', 'child')"],
}  # fmt: skip
# The same, of rules that stand in no table: functions of other languages, and what is too large.
SUMS = " + ".join(["1"] * 102)
MORE: Mapping[str, tuple[str, Sequence[str]]] = {
    **{f"{name}(x, 1)": ("write x IN (1, 2)", ["x IN (1, 2)"]) for name in ("inlist",)},
    "inrange(x, 1, 5)": ("write x BETWEEN 1 AND 5", ["x BETWEEN 1 AND 5"]),
    **{f"{name}(x)": ("write x IS NULL", ["x IS NULL"]) for name in ("missing", "mi", "isnull", "is_na", "isna")},
    **{f"{name}(x > 1, 1, 2)": ("write CASE WHEN ... THEN ... ELSE ... END", ["CASE WHEN x > 1 THEN 1 ELSE 2 END"])
       for name in ("cond", "if", "ifelse", "iif")},
    **{f"{name}(x)": ("write MEAN(x)", ["MEAN(x)"]) for name in ("avg", "average")},
    "nvl(x, 0)": ("write COALESCE(x, 0)", ["COALESCE(x, 0)"]),
    "sumif(x, x > 1)": ("write SUM(CASE WHEN ... THEN x ELSE 0 END)", ["SUM(CASE WHEN x > 1 THEN x ELSE 0 END)"]),
    "countif(x > 1)": ("write COUNT_IF(condition)", ["COUNT_IF(x > 1)"]),
    f"x = {'1' * 31}": ("write it with at most 18 digits; a longer code is a text, in quotes",
                         [f"x = {'1' * 18}", f"job = '{'1' * 31}'"]),
    "x > 1e33": ("write a number up to 1e30, and divide what is compared with it, such as x / 1000",
                 ["x / 1000 > 1e30"]),
    f"x = {SUMS}": ("split it with derived variables", [SUMS.replace(" + 1", "", 60), f"x = rooms{' + 1' * 60}"]),
    f"{'(' * 60}x{')' * 60} = 1": ("split it with derived variables", [f"{'(' * 40}x{')' * 40}", "rooms = 1"]),
    f"x = 1{' OR x = 2' * 1200}": ("split it with derived variables", ["x = 1 OR x = 2", "y OR z"]),
}  # fmt: skip
HABIT: Mapping[str, str] = {
    "==": "x = 1", "=>": "x >= 1", "=<": "x <= 1", "--": "x - (-1) = 1", "!=": "x <> 1", "~=": "x <> 1",
    "&&": "y AND z",
       "||": "y OR z", "&": "y AND z", "|": "y OR z", "!": "NOT y", "~": "NOT y", "**": "x * x = 4", "^": "x * x = 4",
    "%in%": "x IN (1, 2)", "%": "x < 0.33", ".": '"df.x" = 1', ";": "x = 1", "[": "x IN (1, 2)", "{": "x IN (1, 2)",
    '"': '"my column" = 1', "'": "zone = 'urban'",
}  # fmt: skip


def faults(text: str) -> list[str]:
    try:
        return [str(fault) for fault in check(parse(text, HERE), SCOPE, HERE)[1]]
    except RuleSyntaxError as error:
        return [str(error.fault)]


REFUSED = {**dict(test_parser.REFUSED), **dict(test_checking.REFUSED)}
WITH_REMEDY = {text: message for text, message in REFUSED.items() if "\n" in message}


@pytest.mark.parametrize("text", FOLLOWED)
def test_a_rule_written_as_the_remedy_says_is_understood(text: str) -> None:
    assert text in WITH_REMEDY, "a rule that is refused with a remedy"
    assert FOLLOWED[text]
    for mended in FOLLOWED[text]:
        assert not faults(mended), mended


def test_no_remedy_for_a_rule_is_left_unfollowed() -> None:
    assert set(WITH_REMEDY) - set(FOLLOWED) == set()


@pytest.mark.parametrize("text", MORE, ids=lambda text: text[:30])
def test_what_other_languages_call_so_is_written_as_told(text: str) -> None:
    remedy, mended = MORE[text]
    assert any(said.partition("\n")[2].strip().startswith(remedy) for said in faults(text)), faults(text)
    assert mended
    for rule in mended:
        assert not faults(rule), rule


def test_no_function_of_another_language_is_left_unfollowed() -> None:
    assert set(STATA) == {text.partition("(")[0] for text in MORE if "(" in text and text[0] not in "x("}


@pytest.mark.parametrize("habit", HABITS)
def test_a_habit_of_another_language_is_mended_as_told(habit: str) -> None:
    assert not faults(HABIT[habit])
