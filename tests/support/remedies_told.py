"""The remedies that the code can give, read from its syntax tree: each as a text with gaps for what a message quotes.

A name is followed to what is assigned to it before, a parameter to the arguments of its callers, a function to what it
returns, a phrase to its template; what cannot be followed is a gap. So this finds texts that no test has met.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = re.compile(r"MPI-[A-Z]\d{3}")
GAP = "\0"
MOST = 64  # patterns of one text; where there would be more, it is a gap
# Where the remedy stands among the arguments of classes; of functions their own signature says it.
PLACES = {"Fault": 3, "Wrong": 5, "RuleSyntaxError": 4}
NO_FAULTS = ("Notice", "Finding")
LISTS = ("listed", "joined", "enumerated", "counted", "join", "repr", "str", "shown", "named")
BEGINNINGS = {"nearest": "did you mean ", "installing": "install them: "}
Function = ast.FunctionDef
Found = tuple[Path, ast.AST]


class Code:
    """The package's syntax trees, with what each node stands in, and who defines and calls what."""

    def __init__(self) -> None:
        self.parent: dict[ast.AST, ast.AST] = {}
        self.file: dict[ast.AST, Path] = {}
        self.functions: dict[str, list[Function]] = defaultdict(list)
        self.calls: dict[str, list[ast.Call]] = defaultdict(list)
        self.constants: dict[str, list[ast.expr]] = defaultdict(list)
        for path in sorted((ROOT / "mpi").rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                self.file[node] = path
                for child in ast.iter_child_nodes(node):
                    self.parent[child] = node
                if isinstance(node, ast.FunctionDef):
                    self.functions[node.name].append(node)
                elif isinstance(node, ast.Call):
                    self.calls[called(node)].append(node)
            for statement in tree.body:
                for name, value in assigned(statement):
                    self.constants[name].append(value)

    def same_file(self, found: Sequence[ast.AST], node: ast.AST) -> list[ast.AST]:
        """Those of the node's own file, or else all."""
        return [one for one in found if self.file[one] == self.file[node]] or list(found)


@cache
def code() -> Code:
    return Code()


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def assigned(statement: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement assigns itself, with their values."""
    if isinstance(statement, ast.AnnAssign | ast.NamedExpr):
        targets, value = [statement.target], statement.value
    elif isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    else:
        return
    for target in targets if value is not None else ():
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Tuple):
            for i, one in enumerate(target.elts):
                if isinstance(one, ast.Name):
                    yield one.id, part_of(value, i)


def part_of(value: ast.expr, i: int) -> ast.expr:
    """One of the values of a tuple, of either side of a choice of tuples; else the whole in a form that is a gap."""
    if isinstance(value, ast.Tuple):
        return value.elts[i]
    if isinstance(value, ast.IfExp):
        return ast.IfExp(value.test, part_of(value.body, i), part_of(value.orelse, i))
    return ast.Constant(0)


def joined(parts: Iterable[set[str]]) -> set[str]:
    found = {""}
    for part in parts:
        found = {a + b for a, b in product(found, part - {""} if GAP in part else part)}
        if len(found) > MOST:
            return {GAP}
    return {re.sub(f"{GAP}+", GAP, text) for text in found}


def texts(node: ast.AST | None, seen: tuple[int, ...] = ()) -> set[str]:
    """The texts that an expression can be."""
    if node is None:
        return {""}
    if id(node) in seen or len(seen) > 20:
        return {GAP}
    seen = (*seen, id(node))
    match node:
        case ast.Constant():
            return {node.value} if isinstance(node.value, str) else {""} if node.value is None else {GAP}
        case ast.JoinedStr():
            return joined(texts(part, seen) for part in node.values)
        case ast.FormattedValue():
            bare = node.format_spec is None and node.conversion == -1 and not isinstance(node.value, ast.Subscript)
            return texts(node.value, seen) if bare else {GAP}
        case ast.IfExp():
            return texts(node.body, seen) | texts(node.orelse, seen)
        case ast.BoolOp():
            return set().union(*(texts(part, seen) for part in node.values))
        case ast.BinOp(op=ast.Add()):
            return joined((texts(node.left, seen), texts(node.right, seen)))
        case ast.Name():
            return of_name(node.id, node, seen)
        case ast.Subscript(value=ast.Name() as table):
            return of_table(table, seen)
        case ast.Call():
            return of_call(node, seen)
    return {GAP}


def of_table(table: ast.Name, seen: tuple[int, ...]) -> set[str]:
    """All values of a table of this module."""
    found = [one for one in code().constants[table.id] if code().file[one] == code().file.get(table)]
    values = [value for one in found if isinstance(one, ast.Dict) for value in one.values]
    return set().union(*(texts(value, seen) for value in values)) if values else {GAP}


def of_call(node: ast.Call, seen: tuple[int, ...]) -> set[str]:
    name = called(node)
    if name in LISTS:
        return {GAP}
    if name in BEGINNINGS:
        return {BEGINNINGS[name] + GAP}
    if name in ("phrase", "template", "number_phrase"):
        forms = node.args[1:3] if name == "number_phrase" else node.args[:1]
        return set().union(*(filled(text, node, seen) for form in forms for text in texts(form, seen)))
    if name == "get" and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return of_table(node.func.value, seen) | texts(node.args[1] if len(node.args) > 1 else None, seen)
    functions = code().same_file(code().functions[name], node) if node in code().file else []
    if len(functions) != 1:
        return {GAP}
    function = functions[0]
    own = [one for one in ast.walk(function) if isinstance(one, ast.Return) and around(one) is function]
    return set().union(*(texts(one.value, seen) for one in own)) if own else {GAP}


def filled(template: str, node: ast.Call, seen: tuple[int, ...]) -> set[str]:
    """A phrase's template with what fills it, where that is a text as well."""
    values = {word.arg: word.value for word in node.keywords}
    parts: list[set[str]] = []
    for literal, field, form, conversion in Formatter().parse(template):
        parts.append({literal})
        if field is not None:
            parts.append({GAP} if form or conversion or field not in values else texts(values[field], seen))
    return joined(parts)


def around(node: ast.AST) -> ast.AST | None:
    """The function that a node stands in."""
    above = code().parent.get(node)
    while above is not None and not isinstance(above, ast.FunctionDef | ast.Lambda):
        above = code().parent.get(above)
    return above


def of_name(name: str, node: ast.AST, seen: tuple[int, ...]) -> set[str]:
    """What a name holds where it is read: the assignments that reach it, arguments, or a constant."""
    found: list[set[str]] = []
    added: list[set[str]] = []
    below, above = node, code().parent.get(node)
    while above is not None:
        for block in blocks(above):
            if any(one is below for one in block):
                before = block[: next(i for i, one in enumerate(block) if one is below)]
                if reached(name, before, seen, found, added):
                    return with_added(found, added)
        for part in ast.iter_child_nodes(above):  # (x := ...) of a condition, for x in ..., with ... as x
            own = (
                [
                    value
                    for one in ast.walk(part)
                    if isinstance(one, ast.NamedExpr)
                    for target, value in assigned(one)
                    if target == name
                ]
                if isinstance(above, ast.If | ast.While | ast.IfExp)
                else []
            )
            found += [texts(value, seen) for value in own]
        if (bound := bound_by(name, above)) is not None:
            return with_added([*found, *(texts(one, seen) for one in bound)] if bound else [*found, {GAP}], added)
        if isinstance(above, ast.FunctionDef) and name in parameters(above):
            return with_added([*found, arguments(above, name, seen)], added)
        below, above = above, code().parent.get(above)
    constants = [one for one in code().constants[name] if code().file[one] in homes(name, node)]
    return with_added([*found, *(texts(one, seen) for one in constants)] or [{GAP}], added)


def homes(name: str, node: ast.AST) -> list[Path]:
    """The files that can hold a constant: the node's own, and those that it is imported from."""
    own = code().file[node]
    above: ast.AST | None = node
    while (up := code().parent.get(above)) is not None if above is not None else False:
        above = up
    imports = [one for one in ast.walk(above) if isinstance(one, ast.ImportFrom)] if above is not None else []
    modules = [(one.module or "").replace(".", "/") for one in imports if any(as_.name == name for as_ in one.names)]
    return [own, *(ROOT / f"{module}.py" for module in modules), *(ROOT / module / "__init__.py" for module in modules)]


def with_added(found: list[set[str]], added: list[set[str]]) -> set[str]:
    whole = set().union(*found) if found else {GAP}
    for part in added:
        whole |= joined((whole, part))
    return whole


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        if isinstance(block := getattr(node, field, None), list):
            yield block
    for handler in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]:
        yield handler.body


def reached(
    name: str, before: Sequence[ast.stmt], seen: tuple[int, ...], found: list[set[str]], added: list[set[str]]
) -> bool:
    """Take what the statements before assign to a name, the last first; whether one of them always does."""
    for statement in reversed(before):
        own = [value for target, value in assigned(statement) if target == name]
        if own:
            found += [texts(value, seen) for value in own]
            return True
        if isinstance(statement, ast.AugAssign) and getattr(statement.target, "id", "") == name:
            added.insert(0, texts(statement.value, seen))
        elif not isinstance(statement, ast.FunctionDef):
            inner = [reached(name, block, seen, found, added) for block in blocks(statement) if block]
            if isinstance(statement, ast.If) and statement.orelse and inner and all(inner):
                return True
    return False


def bound_by(name: str, node: ast.AST) -> list[ast.expr] | None:
    """The values over which a loop binds a name; none that can be read is an empty list, no such loop None."""
    if isinstance(node, ast.For):
        loops = [(node.target, node.iter)]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        loops = [(one.target, one.iter) for one in node.generators]
    else:
        return None
    for target, over in loops:
        names = [target] if isinstance(target, ast.Name) else list(getattr(target, "elts", ()))
        for i, one in enumerate(names):
            if isinstance(one, ast.Name) and one.id == name:
                values = over.elts if isinstance(over, ast.Tuple | ast.List) else []
                return (
                    values
                    if isinstance(target, ast.Name)
                    else [value.elts[i] for value in values if isinstance(value, ast.Tuple)]
                )
    return None


def parameters(function: Function) -> list[str]:
    own = function.args
    names = [one.arg for one in (*own.posonlyargs, *own.args)]
    return [*(names[1:] if names[:1] in (["self"], ["cls"]) else names), *(one.arg for one in own.kwonlyargs)]


def defaults(function: Function) -> dict[str, ast.expr]:
    own = function.args
    names = [one.arg for one in (*own.posonlyargs, *own.args)]
    found = dict(zip(names[::-1], own.defaults[::-1], strict=False))
    return found | {one.arg: value for one, value in zip(own.kwonlyargs, own.kw_defaults, strict=True) if value}


def given(node: ast.Call, function: Function, name: str) -> ast.expr | None:
    """The argument of a call for a parameter; its default if it is left out."""
    for word in node.keywords:
        if word.arg == name:
            return word.value
    place = parameters(function).index(name)
    if place < len(node.args) and not any(isinstance(one, ast.Starred) for one in node.args[: place + 1]):
        return node.args[place]
    return defaults(function).get(name)


def arguments(function: Function, name: str, seen: tuple[int, ...]) -> set[str]:
    """What callers give for a parameter."""
    others = [one for one in code().functions[function.name] if one is not function]
    calls = [
        one
        for one in code().calls[function.name]
        if code().file[one] == code().file[function] or not (function.name.startswith("_") or others)
    ]
    values = [given(one, function, name) for one in calls]
    return set().union(*({GAP} if value is None else texts(value, seen) for value in values)) if values else {GAP}


def codes_of(node: ast.Call) -> list[str]:
    """The codes that stand in a call."""
    values = [*node.args, *(word.value for word in node.keywords)]
    ends = [end for one in values for end in ((one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,))]
    return [
        end.value
        for end in ends
        if isinstance(end, ast.Constant) and isinstance(end.value, str) and CODE.fullmatch(end.value)
    ]


def sites() -> Iterator[tuple[str, ast.expr | None, str]]:
    """Each code with the expression of its remedy, and where it stands."""
    for name, calls in list(code().calls.items()):
        for node in calls:
            where = f"{code().file[node].relative_to(ROOT)}:{node.lineno}"
            functions = [
                one
                for one in code().same_file(code().functions[name], node)
                if isinstance(one, ast.FunctionDef) and "remedy" in parameters(one)
            ]
            codes = codes_of(node) or [
                one.value
                for function in functions[:1]
                if isinstance(one := defaults(function).get("code"), ast.Constant)
                and not any(word.arg == "code" for word in node.keywords)
            ]
            if not codes or name in NO_FAULTS or codes[0].startswith("MPI-N"):
                continue
            stated = [word.value for word in node.keywords if word.arg == "remedy"]
            if stated:
                remedy: ast.expr | None = stated[0]
            elif name in PLACES:
                remedy = node.args[PLACES[name]] if len(node.args) > PLACES[name] else None
            else:
                remedy = given(node, fitting(functions, node, where), "remedy")
            for one in codes:
                yield one, remedy, where


def fitting(functions: Sequence[Function], node: ast.Call, where: str) -> Function:
    """The function that is called: of those of its name the one that has its code at the same place."""
    at = next((i for i, one in enumerate(node.args) if codes_of(ast.Call(node.func, [one], []))), None)
    others = [one for one in code().functions[called(node)] if "remedy" in parameters(one) and one not in functions]
    for function in (*functions, *others):
        own = parameters(function)
        if len(node.args) <= len(own) and (at is None or ("code" in own and own.index("code") == at)):
            return function
    raise AssertionError(f"{where}: how {called(node)} takes its remedy is not known")


@cache
def told() -> dict[tuple[str, str], list[str]]:
    """Every remedy with its code: where it stands."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one, remedy, where in sites():
        for text in texts(remedy):
            if text:
                found[one, text].append(where)
    return dict(found)


def fits(pattern: str, text: str) -> bool:
    """Whether a remedy is one of a pattern."""
    return re.fullmatch(".+".join(map(re.escape, pattern.split(GAP))), text, re.S) is not None
