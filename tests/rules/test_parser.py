"""Text of rules to trees: the grammar, every fault with its words, place and remedy, and the bounds."""

from __future__ import annotations

import pytest

from mpi.rules import Expression, Name, Origin, Rule, aggregates, names, parse, renamed
from mpi.rules.graph import order
from mpi.rules.parser import MAX_DEPTH, MAX_HEIGHT
from mpi.rules.syntax import (
    Arithmetic,
    Between,
    Call,
    Case,
    Comparison,
    In,
    IsNull,
    Junction,
    Literal,
    Negative,
    Not,
    children,
)
from mpi.rules.tokens import MAX_LENGTH, RuleSyntaxError

HERE = Origin("measure.yaml", 14, 20)
X, Y, ONE, TWO = Name("x"), Name("y"), Literal(1), Literal(2)


def tree(text: str) -> Expression:
    return parse(text, HERE)


def refusal(text: str) -> str:
    with pytest.raises(RuleSyntaxError) as caught:
        tree(text)
    assert str(caught.value) == str(caught.value.fault)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", X),
        ('"x y ""z"""', Name('x y "z"')),
        ("año", Name("año")),
        ("7", Literal(7)),
        ("2.5", Literal(2.5)),
        (".5", Literal(0.5)),
        ("2.", Literal(2.0)),
        ("1e3", Literal(1000.0)),
        ("1.5E-2", Literal(0.015)),
        ("9223372036854775807", Literal(2**63 - 1)),
        ("0", Literal(0)),
        ("'urban'", Literal("urban")),
        ("'it''s'", Literal("it's")),
        ("''", Literal("")),
        ("TRUE", Literal(True)),
        ("false", Literal(False)),
        ("Null", Literal(None)),
        ("x + 1 * 2", Arithmetic("+", X, Arithmetic("*", ONE, TWO))),
        ("(x + 1) * 2", Arithmetic("*", Arithmetic("+", X, ONE), TWO)),
        ("x - 1 - 2", Arithmetic("-", Arithmetic("-", X, ONE), TWO)),
        ("x / 1 / 2", Arithmetic("/", Arithmetic("/", X, ONE), TWO)),
        ("-x", Negative(X)),
        ("- -x", Negative(Negative(X))),
        ("- - -x", Negative(X)),
        ("x - -1", Arithmetic("-", X, Negative(ONE))),
        ("-x * 2", Arithmetic("*", Negative(X), TWO)),
        ("x = 1", Comparison("=", X, ONE)),
        ("x <> 1", Comparison("<>", X, ONE)),
        ("x <= 1", Comparison("<=", X, ONE)),
        ("x >= 1 + 2", Comparison(">=", X, Arithmetic("+", ONE, TWO))),
        ("NOT x = 1", Not(Comparison("=", X, ONE))),
        ("not not x", Not(Not(X))),
        ("NOT NOT NOT x", Not(X)),
        ("x OR y AND NOT x", Junction("OR", (X, Junction("AND", (Y, Not(X)))))),
        ("x AND y AND x", Junction("AND", (X, Y, X))),
        ("(x OR y) AND x", Junction("AND", (Junction("OR", (X, Y)), X))),
        ("x IN (1, -2, (3))", In(X, (ONE, Literal(-2), Literal(3)), False)),
        ("x NOT IN ('a')", In(X, (Literal("a"),), True)),
        ("x BETWEEN 1 AND 2 AND y", Junction("AND", (Between(X, ONE, TWO, False), Y))),
        ("x NOT BETWEEN 1 AND 2", Between(X, ONE, TWO, True)),
        ("x IS NULL", IsNull(X, False)),
        ("x IS NOT NULL OR y", Junction("OR", (IsNull(X, True), Y))),
        ("CASE WHEN x THEN 1 END", Case(((X, ONE),), None)),
        ("CASE WHEN x THEN 1 WHEN y THEN 2 ELSE NULL END", Case(((X, ONE), (Y, TWO)), Literal(None))),
        ("any(x)", Call("ANY", (X,))),
        ("COUNT()", Call("COUNT", ())),
        ("COUNT(*)", Call("COUNT", ())),
        ("Coalesce(x, y, 1)", Call("COALESCE", (X, Y, ONE))),
        ("abs(x)", Call("ABS", (X,))),
        ("LEAST(x, 1) < GREATEST(y, 2)", Comparison("<", Call("LEAST", (X, ONE)), Call("GREATEST", (Y, TWO)))),
        ("  x\n\t= 1 ", Comparison("=", X, ONE)),
    ],
)
def test_a_text_has_one_tree(text: str, expected: Expression) -> None:
    assert tree(text) == expected


def test_equal_parts_at_different_places_are_equal_but_1_is_neither_1_point_0_nor_true() -> None:
    assert tree("  x = 1") == tree("x = 1")
    assert hash(tree("  x = 1")) == hash(tree("x = 1"))
    assert len({Literal(1), Literal(1.0), Literal(True), Literal("1")}) == 4
    assert Literal(1) != 1


# The rule stands in column 20 of line 14, so its character i is in column 20 + i.
REFUSED = [
    ("", "MPI-R001 measure.yaml:14:20: a value is missing before the end of the rule"),
    ("x +", "MPI-R001 measure.yaml:14:23: a value is missing before the end of the rule"),
    ("x = * 2", "MPI-R001 measure.yaml:14:24: a value is missing before '*'"),
    (
        "x = AND",
        "MPI-R001 measure.yaml:14:24: a value is missing before 'AND'\n"
        '  AND is a word of the rule language; a column with that name is written "AND"',
    ),
    ("(x = 1", "MPI-R001 measure.yaml:14:26: ) is missing to close the parenthesis, before the end of the rule"),
    ("x IS 1", "MPI-R001 measure.yaml:14:25: NULL is missing after IS, before '1'"),
    ("x IN 1", "MPI-R001 measure.yaml:14:25: ( is missing after IN, before '1'"),
    ("x IN (1", "MPI-R001 measure.yaml:14:27: ) is missing at the end of the list, before the end of the rule"),
    ("x BETWEEN 1, 2", "MPI-R001 measure.yaml:14:31: AND is missing after BETWEEN, before ','"),
    ("x NOT 1", "MPI-R001 measure.yaml:14:26: IN or BETWEEN is missing after NOT, before '1'"),
    (
        "x IN (y)",
        "MPI-R001 measure.yaml:14:26: a list after IN has only numbers or texts\n  join other conditions with OR",
    ),
    (
        "x IN (TRUE)",
        "MPI-R001 measure.yaml:14:26: a list after IN has only numbers or texts\n  join other conditions with OR",
    ),
    (
        "x IN (-TRUE)",
        "MPI-R001 measure.yaml:14:26: a list after IN has only numbers or texts\n  join other conditions with OR",
    ),
    (
        "x IN (-'a')",
        "MPI-R001 measure.yaml:14:26: a list after IN has only numbers or texts\n  join other conditions with OR",
    ),
    (
        "x IN (1 + 2)",
        "MPI-R001 measure.yaml:14:26: a list after IN has only numbers or texts\n  join other conditions with OR",
    ),
    ("x IN ()", "MPI-R001 measure.yaml:14:26: a value is missing before ')'"),
    ("x y", "MPI-R001 measure.yaml:14:22: 'y' does not fit here"),
    ("18years", "MPI-R001 measure.yaml:14:22: 'years' does not fit here"),
    ("6 <= x <= 16", "MPI-R001 measure.yaml:14:27: '<=' does not fit here\n  write BETWEEN ... AND ... for a range"),
    (
        "x < 2,5",
        "MPI-R001 measure.yaml:14:25: ',' does not fit here\n"
        "  a number has a decimal point and no thousands separator: 2.5",
    ),
    (
        "CASE x WHEN 1 THEN 2 END",
        "MPI-R001 measure.yaml:14:25: CASE needs WHEN\n  write CASE WHEN x = 1 THEN ... ELSE ... END",
    ),
    ("CASE WHEN x END", "MPI-R001 measure.yaml:14:32: THEN is missing in CASE, before 'END'"),
    (
        "CASE WHEN x THEN 1",
        "MPI-R001 measure.yaml:14:38: END is missing at the end of CASE, before the end of the rule",
    ),
    ("ANY(x", "MPI-R001 measure.yaml:14:25: ) is missing to close ANY(, before the end of the rule"),
    ("x # 1", "MPI-R002 measure.yaml:14:22: '#' is not part of the rule language"),
    ("٣ < x", "MPI-R002 measure.yaml:14:20: '٣' is not part of the rule language"),
    (
        "x IN (1,000)",
        "MPI-R003 measure.yaml:14:28: 000 begins with an unnecessary zero\n"
        "  write a code that is a text in quotes: '000'; a number has no thousands separator",
    ),
    (
        "dpto = 05",
        "MPI-R003 measure.yaml:14:27: 05 begins with an unnecessary zero\n"
        "  write a code that is a text in quotes: '05'; a number has no thousands separator",
    ),
    ("MEEN(x)", "MPI-R004 measure.yaml:14:20: there is no function MEEN\n  did you mean 'MEAN'?"),
    (
        "zzzz(x)",
        "MPI-R004 measure.yaml:14:20: there is no function zzzz\n"
        "  the functions are ANY, ALL, COUNT, COUNT_IF, SUM, MEAN, MIN, MAX, COALESCE, ABS, LEAST, GREATEST",
    ),
    ("ABS()", "MPI-R004 measure.yaml:14:20: ABS takes 1 argument, not 0"),
    ("1 + ANY(x, y)", "MPI-R004 measure.yaml:14:24: ANY takes 1 argument, not 2"),
    ("COALESCE(x)", "MPI-R004 measure.yaml:14:20: COALESCE takes 2 to 50 arguments, not 1"),
    (
        "COUNT(x)",
        "MPI-R004 measure.yaml:14:20: COUNT takes 0 arguments, not 1\n"
        "  to count the members that meet a condition write COUNT_IF(condition)",
    ),
    (
        "x = 9223372036854775808",
        "MPI-R005 measure.yaml:14:24: an integer of more than 63 bits\n"
        "  write it with at most 18 digits; a longer code is a text, in quotes",
    ),
    (
        "x = 1e31",
        "MPI-R005 measure.yaml:14:24: an exponent beyond 30\n"
        "  write a number up to 1e30, and divide what is compared with it, such as x / 1000",
    ),
    (
        "x = 1e-400",
        "MPI-R005 measure.yaml:14:24: an exponent beyond 30\n"
        "  write a number up to 1e30, and divide what is compared with it, such as x / 1000",
    ),
    ("x IN (1, NULL)", "MPI-R011 measure.yaml:14:29: NULL cannot be in a list\n  add OR x IS NULL"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text or "empty" for text, _ in REFUSED])
def test_a_fault_says_what_is_wrong_where_and_how_to_mend_it(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "column", "shown", "remedy"),
    [
        ("x == 1", 22, "==", "write a single ="),
        ("x != 1", 22, "!=", "write <>"),
        ("x ~= 1", 22, "~=", "write <>"),
        ("x => 1", 22, "=>", "write >="),
        ("x =< 1", 22, "=<", "write <="),
        ("x -- 1", 22, "--", "a rule has no comments; to subtract a negative number write - (-1)"),
        ("x && y", 22, "&&", "write AND"),
        ("x || y", 22, "||", "write OR"),
        ("x & y", 22, "&", "write AND"),
        ("x | y", 22, "|", "write OR"),
        ("!x", 20, "!", "write NOT"),
        ("~x", 20, "~", "write NOT"),
        ("x ** 2", 22, "**", "there are no powers; multiply"),
        ("x^2", 21, "^", "there are no powers; multiply"),
        ("x %in% y", 22, "%in%", "write x IN (1, 2)"),
        ("x < 33%", 26, "%", "write a fraction such as 0.33; there is no remainder"),
        ("df.x", 22, ".", "a name with a dot is written in double quotes"),
        ("x = 1;", 25, ";", "a rule is one expression without a semicolon"),
        ("x IN [1]", 25, "[", "write lists in parentheses: x IN (1, 2)"),
        ("x IN {1}", 25, "{", "write lists in parentheses: x IN (1, 2)"),
        ('"x = 1', 20, '"', 'the double quote of a column name is not closed: "my column"'),
        ("x = 'a", 24, "'", "the quote of a text is not closed: 'urban'"),
    ],
)
def test_a_habit_of_another_language_gets_a_hint(text: str, column: int, shown: str, remedy: str) -> None:
    expected = f"MPI-R002 measure.yaml:14:{column}: {shown!r} is not part of the rule language\n  {remedy}"
    assert refusal(text) == expected


CASE_HINT = "write CASE WHEN ... THEN ... ELSE ... END"
NULL_HINT = "write x IS NULL; here a missing value is unknown, not larger than every number"


@pytest.mark.parametrize(
    ("function", "remedy"),
    [
        ("inlist", "write x IN (1, 2)"),
        ("inrange", "write x BETWEEN 1 AND 5"),
        ("missing", NULL_HINT),
        ("mi", NULL_HINT),
        ("cond", CASE_HINT),
        ("if", CASE_HINT),
        ("ifelse", CASE_HINT),
        ("IIF", CASE_HINT),
        ("AVG", "write MEAN(x)"),
        ("average", "write MEAN(x)"),
        ("isnull", "write x IS NULL"),
        ("is_na", "write x IS NULL"),
        ("isna", "write x IS NULL"),
        ("nvl", "write COALESCE(x, 0)"),
        ("sumif", "write SUM(CASE WHEN ... THEN x ELSE 0 END)"),
        ("COUNTIF", "write COUNT_IF(condition)"),
    ],
)
def test_a_function_of_another_language_gets_a_hint(function: str, remedy: str) -> None:
    expected = f"MPI-R004 measure.yaml:14:20: there is no function {function}\n  {remedy}"
    assert refusal(f"{function}(x)") == expected


def test_a_rule_of_folded_text_or_without_a_line_tells_the_character() -> None:
    for origin, message in [
        (Origin("m.yaml", 14), "MPI-R001 m.yaml:14: at character 3 of the rule: 'y' does not fit here"),
        (Origin("m.yaml"), "MPI-R001 m.yaml: at character 3 of the rule: 'y' does not fit here"),
    ]:
        with pytest.raises(RuleSyntaxError) as caught:
            parse("x y", origin)
        assert str(caught.value) == message


def test_the_length_of_a_rule_is_bounded() -> None:
    fits = "x".ljust(MAX_LENGTH)
    assert tree(fits) == X
    expected = "the rule has 10,001 characters, more than 10,000\n  split it with derived variables"
    assert refusal(fits + " ") == f"MPI-R005 measure.yaml:14:20: {expected}"


def test_the_digits_of_a_number_are_bounded() -> None:
    assert tree("0." + "3" * 29) == Literal(1 / 3)
    remedy = (
        "MPI-R005 measure.yaml:14:20: a number of more than 30 digits\n"
        "  write it with at most 18 digits; a longer code is a text, in quotes"
    )
    assert refusal("0." + "3" * 30) == remedy
    assert refusal("1" * 31) == remedy
    assert refusal("1e" + "1" * 30) == remedy


@pytest.mark.parametrize(
    ("opening", "closing", "expression"),
    [
        ("(", ")", "("),
        ("ABS(", ")", "ABS("),
        ("CASE WHEN TRUE THEN ", " END", "CASE WHEN "),
        ("x IN (1) OR (", ")", "x IN (1) OR ("),
    ],
)
def test_the_depth_of_a_rule_is_bounded(opening: str, closing: str, expression: str) -> None:
    assert tree(opening * MAX_DEPTH + "x" + closing * MAX_DEPTH)
    column = 20 + len(opening) * MAX_DEPTH + len(expression)
    expected = f"MPI-R005 measure.yaml:14:{column}: more than 50 levels deep\n  split it with derived variables"
    assert refusal(opening * (MAX_DEPTH + 1) + "x" + closing * (MAX_DEPTH + 1)) == expected


def test_parentheses_are_refused_at_any_number() -> None:
    assert "more than 50 levels deep" in refusal("(" * 9_000)


def test_a_chain_of_operators_is_bounded_and_never_exhausts_the_stack() -> None:
    whole = tree("+".join(["x"] * (MAX_HEIGHT + 1)))
    assert hash(whole) == hash(tree("+".join(["x"] * (MAX_HEIGHT + 1))))
    assert list(names(renamed(whole, {"x": "y"}))) == ["y"]
    text = "more than 100 operations nested or in a row\n  split it with derived variables"
    assert refusal("+".join(["x"] * (MAX_HEIGHT + 2))) == f"MPI-R005 measure.yaml:14:20: {text}"
    assert text in refusal("+".join(["x"] * 3_000))
    assert text in refusal("*".join(["x"] * 5_000))


def test_chains_inside_parentheses_cannot_get_round_the_bound() -> None:
    text = "x"
    for _ in range(40):
        text = f"({text}{'+x' * 60})"
    assert len(text) < MAX_LENGTH
    assert "more than 100 operations nested" in refusal(text)


def test_long_lists_and_junctions_are_flat_and_read() -> None:
    found = tree("x IN (" + ",".join(["7"] * 4_990) + ")")
    assert isinstance(found, In)
    assert len(found.items) == 4_990
    joined = tree(" OR ".join(["x"] * 1_990))
    assert isinstance(joined, Junction)
    assert len(joined.operands) == 1_990
    assert tree("NOT " * 2_400 + "x") == Not(Not(X))
    assert tree("- " * 4_901 + "x") == Negative(X)


EVERY_NODE = (
    "CASE WHEN -a + 1 < b AND NOT c THEN d IN (1) ELSE e BETWEEN f AND g OR h IS NULL OR COALESCE(i, a) = ABS(j) END"
)


def test_the_names_of_a_rule_come_in_reading_order_with_their_first_place() -> None:
    assert list(names(tree(EVERY_NODE))) == list("abcdefghij")
    assert names(tree("x + y + x")) == {"x": 0, "y": 4}


def test_renaming_reaches_every_part_and_nothing_else() -> None:
    capitals = {letter: letter.upper() for letter in "abcdefghij"}
    assert list(names(renamed(tree(EVERY_NODE), capitals))) == list("ABCDEFGHIJ")
    assert renamed(tree(EVERY_NODE), {}) == tree(EVERY_NODE)
    assert renamed(tree("CASE WHEN x THEN 1 END"), {"x": "y"}) == tree("CASE WHEN y THEN 1 END")


def test_the_parts_of_a_case_leave_out_a_missing_else() -> None:
    assert children(tree("CASE WHEN x THEN 1 END")) == (X, ONE)
    assert children(tree("CASE WHEN x THEN 1 ELSE y END")) == (X, ONE, Y)


def test_aggregates_of_a_rule_come_in_reading_order() -> None:
    assert [call.function for call in aggregates(tree("ANY(x) AND SUM(ABS(y)) > COUNT()"))] == ["ANY", "SUM", "COUNT"]


def rules(**texts: str) -> dict[str, Rule]:
    return {name: Rule(text, tree(text), HERE) for name, text in texts.items()}


def test_derived_variables_come_after_those_they_read() -> None:
    derived = rules(a="b + c", b="c + x", c="x", unused="x")
    assert order(derived, ["a"]) == (["c", "b", "a"], [])
    assert order(derived, ["x", "c", "a", "c"]) == (["c", "b", "a"], [])


def test_rings_of_derived_variables_are_named_once_each() -> None:
    derived = rules(a="b", b="c", c="a", d="d + a", e="f + g", f="e", g="e")
    done, rings = order(derived, ["a", "b", "d", "e"])
    assert rings == [["a", "b", "c", "a"], ["d", "d"], ["e", "f", "e"], ["e", "g", "e"]]
    assert sorted(done) == list("abcdefg")


def test_a_chain_of_three_thousand_derived_variables_is_ordered() -> None:
    derived = rules(**{f"v{i}": f"v{i + 1}" for i in range(3_000)})
    done, rings = order(derived, ["v0"])
    assert not rings
    assert done == [f"v{i}" for i in reversed(range(3_000))]
