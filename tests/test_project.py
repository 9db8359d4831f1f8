"""House rules of the repository that a machine can hold: layers, sizes, paths, lock file, security lint.

No module of mpi is imported here: everything is read as text.
"""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.limits import MOST
from tests.support.loops import at_least_one
from tests.support.lowest import lowest, tools

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 400  # style guide, "Sizes"

# Imports point down. A module of a package has the level of the package.
# synthetic stands apart: at the bottom, so that it can import nothing of ours.
LEVELS = {
    **dict.fromkeys(["language", "synthetic"], 0),
    **dict.fromkeys(["notebook", "vocabulary"], 1),
    "errors": 2,
    **dict.fromkeys(["columns", "files"], 3),
    **dict.fromkeys(["inference", "rules"], 4),
    **dict.fromkeys(["kernels", "specs"], 5),
    **dict.fromkeys(["config", "counting", "drawing", "profile", "source"], 6),
    **dict.fromkeys(["classifying", "estimates", "lifting"], 7),
    "changes": 8,
    **dict.fromkeys(["disclosure", "pipeline"], 9),
    **dict.fromkeys(["analysis", "checking", "claims", "distributed", "listing", "maps", "targets"], 10),
    **dict.fromkeys(["comparing", "following", "policies"], 11),
    "publication": 12,
    **dict.fromkeys(["areas", "board", "charts", "tables", "workbook"], 13),
    **dict.fromkeys(["choropleth", "plot", "report", "starting"], 14),
    "runs": 15,
    **dict.fromkeys(["cli", "__init__"], 16),
    "__main__": 17,
}
HEAVY = {
    "pandas",
    "scipy",
    "numba",
    "llvmlite",
    "matplotlib",
    "PIL",
    "reportlab",
    "duckdb",
    "polars",
    "geopandas",
    "great_tables",
    "shapely",
    "pyogrio",
    "pyproj",
    "jinja2",
    "docx",
    "weasyprint",
    "xlsxwriter",
    "dask",
    "distributed",
    "pyspark",
}
NEVER_IGNORED = ("S102", "S301", "S307", "S506", "S602", "S608")
# A folder of one person's machine; the look-behind lets web addresses with such a part pass.
PERSONAL_PATH = re.compile(r"(?<![\w.-])/(?:home|root|work|Users)/\w")
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[\w,.-]+\])?==(?P<version>[^ \\]+)((?:\s|\\\n)+--hash=sha256:[0-9a-f]{64})+",
    re.M,
)


@cache
def files() -> list[Path]:
    """Files of the repository, also those not added yet; without what git ignores."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = (
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=MOST).stdout.decode().split("\0")
        )
        found = [ROOT / name for name in names if name]
    else:
        made = {".venv", "build", "dist", "node_modules", "__pycache__"}
        found = [
            path
            for path in ROOT.rglob("*")
            if not made.intersection(parts := path.relative_to(ROOT).parts)
            and not any(part.startswith(".") and part.endswith("_cache") for part in parts)
        ]
    found = sorted(path for path in found if path.is_file())
    assert found
    return found


@cache
def modules() -> dict[str, Path]:
    """Path of each module under its name inside mpi: "errors", "rules.parser", "rules" for a sub-package."""
    named = {}
    for path in files():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if path.suffix == ".py" and parts[0] == "mpi":
            inside = parts[1:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts[1:]
            named[".".join(inside)] = path
    assert named
    return named


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def own_module(dotted: str) -> str | None:
    """The module of mpi that a name such as "mpi.rules.parser.parse" reaches into; None for others."""
    first, *parts = dotted.split(".")
    if first != "mpi":
        return None
    while parts and ".".join(parts) not in modules():
        parts.pop()
    return ".".join(parts) or "__init__"


def absolute(node: ast.ImportFrom, module: str) -> str:
    """What an import statement of `module` imports from, with leading dots resolved."""
    if not node.level:
        return node.module or ""
    is_package = modules()[module].name == "__init__.py"
    package = ["mpi", *([] if module == "__init__" else module.split("."))]
    package = package[: len(package) - node.level + is_package]
    return ".".join([*package, *([node.module] if node.module else [])])


@cache
def imported(module: str) -> tuple[tuple[str, int], ...]:
    """Modules of mpi that `module` imports, also in functions and for type checkers, with the line."""
    return tuple(_imported(module))


def _imported(module: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(modules()[module])):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{absolute(node, module)}.{alias.name}" for alias in node.names]
        for name in names:
            target = own_module(name)
            if target is not None and target != module:
                yield target, node.lineno


def unit(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def at_import_time(node: ast.AST) -> Iterator[ast.AST]:
    """Statements that run when the module is imported: function bodies and TYPE_CHECKING blocks left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_import_time(child)


def test_every_module_has_a_level() -> None:
    strangers = sorted({unit(module) for module in modules()} - LEVELS.keys())
    assert not strangers, f"give these modules a level in LEVELS, on purpose: {strangers}"


def test_imports_point_down() -> None:
    wrong = {
        f"mpi/{modules()[module].relative_to(ROOT / 'mpi')}:{line}: {module} imports {target}"
        for module in modules()
        for target, line in imported(module)
        if unit(target) != unit(module) and LEVELS.get(unit(target), 0) >= LEVELS.get(unit(module), 0)
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_imports_make_no_ring() -> None:
    graph = {module: {target for target, _ in imported(module)} for module in modules()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the ring


# What computes: it takes objects, and reads no YAML.
NUMERICS = ("changes", "columns", "counting", "disclosure", "estimates", "inference", "profile")


def test_numerics_read_no_config() -> None:
    """What they import, at any depth, in functions and for type checkers too, is neither mpi.config nor a reader."""
    reached = {module: None for module in modules() if unit(module) in NUMERICS}
    assert {unit(module) for module in reached} == set(NUMERICS)
    for module in (todo := list(reached)):
        news = {target for target, _ in imported(module)} - reached.keys()
        reached |= dict.fromkeys(news)
        todo += news
    readers = {
        module
        for module in reached
        for node in ast.walk(tree(modules()[module]))
        if isinstance(node, ast.Import | ast.ImportFrom) and "yaml" in ast.unparse(node)
    }
    wrong = sorted(readers | {module for module in reached if unit(module) == "config"})
    assert not wrong, f"a numerical module imports, at some depth, what reads files of rules: {wrong}"


def words_of(node: ast.expr) -> frozenset[object]:
    """The words of a `Literal[...]`, list or tuple that is written out; none for all else."""
    match node:
        case ast.Subscript(ast.Name("Literal" | "Option"), inner):
            return words_of(inner) or words_of(ast.Tuple([inner]))
        case ast.Tuple(elts) | ast.List(elts):
            return frozenset(one.value for one in elts if isinstance(one, ast.Constant))
    return frozenset()


def test_a_set_of_options_is_written_once() -> None:
    """In mpi/vocabulary/options.py: no other module writes the type anew, or the choices of a command."""
    types = {
        name: [node for node in ast.walk(tree(path)) if isinstance(node, ast.Subscript)]
        for name, path in modules().items()
    }
    sets = {words_of(node) for node in types.pop("vocabulary.options")} - {frozenset()}
    assert len(sets) > 20
    wrong = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, nodes in types.items()
        for node in nodes
        if words_of(node) in sets
    ]
    for name in modules():
        if unit(name) == "cli":
            wrong += [
                f"{name}:{node.lineno}: {ast.unparse(node)}"
                for node in ast.walk(tree(modules()[name]))
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "click.Choice" and words_of(node.args[0])
            ]
    assert not wrong, "\n".join(["take these from mpi.vocabulary.options:", *wrong])


MOST_POSITIONS = 5  # fields of a dataclass that may be filled by position


def test_wide_dataclasses_are_filled_by_name() -> None:
    wrong, seen = [], 0
    for name, path in modules().items():
        for node in ast.walk(tree(path)):
            how = [ast.unparse(one) for one in getattr(node, "decorator_list", ())]
            if isinstance(node, ast.ClassDef) and any(one.startswith("dataclass") for one in how):
                seen += 1
                said = [ast.unparse(one) for one in node.body if isinstance(one, ast.AnnAssign)]
                number = sum("ClassVar" not in one and "init=False" not in one for one in said)
                if number > MOST_POSITIONS and "kw_only=True" not in how[0]:
                    wrong.append(f"{name}:{node.lineno}: {node.name} has {number} fields")
    assert seen > 100
    assert not wrong, "\n".join(["write `kw_only=True`:", *wrong])


KERNELS = {"kernels.loops", "kernels.vm"}  # code for numba's compiler, which is imported only to be compiled


def test_numba_is_only_where_kernels_are_compiled() -> None:
    """A pass that uses the kernels loads an object file, and imports no numba."""
    reaching = {name for name in modules() for target, _ in imported(name) if target in KERNELS} - KERNELS
    assert reaching == {"kernels.building"}
    imports = [node for node in at_import_time(tree(modules()["kernels.building"])) if isinstance(node, ast.ImportFrom)]
    assert imports
    assert not [ast.unparse(node) for node in imports if absolute(node, "kernels.building").endswith(("loops", "vm"))]
    assert ">>>" not in modules()["kernels.vm"].read_text(encoding="utf-8")  # pytest does not import it: see addopts


def test_heavy_packages_are_imported_inside_functions_only() -> None:
    wrong = []
    for name, path in modules().items():
        if name in KERNELS:
            continue
        for node in at_import_time(tree(path)):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            wrong += [
                f"{path.relative_to(ROOT)}:{node.lineno}: {n}" for n in names if n.split(".", maxsplit=1)[0] in HEAVY
            ]
    assert not wrong, "\n".join(wrong)


def test_no_module_is_longer_than_the_limit() -> None:
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    long = {name: count for name, count in lines.items() if count >= MAX_LINES}
    assert not long, f"split by idea, never by length: {long}"


def test_no_file_names_a_folder_of_one_machine() -> None:
    wrong = []
    for path in files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1):
            if PERSONAL_PATH.search(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}")
    assert not wrong, wrong


@pytest.mark.parametrize("code", NEVER_IGNORED)
def test_a_security_rule_is_never_ignored_in_the_package(code: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in settings["select"]
    ignored = list(settings["ignore"])
    for pattern, codes in settings["per-file-ignores"].items():
        if not pattern.startswith(("tests/", "benchmarks/")):
            ignored += codes
    assert not [prefix for prefix in ignored if code.startswith(prefix)]
    for path in at_least_one(modules().values()):
        text = path.read_text(encoding="utf-8")
        wrong = re.search(rf"#\s*(?:ruff:\s*)?noqa(?!\s*:)|#\s*(?:ruff:\s*)?noqa:.*\b{code}\b", text, re.IGNORECASE)
        assert wrong is None, f"{path.relative_to(ROOT)}: {wrong and wrong.group()}"


LOCK, LOWEST, SPARK = "requirements.lock", "requirements-lowest.lock", "requirements-spark.lock"


def lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Locked version of each package that has a hash, under its canonical name."""
    found = {canonicalize_name(match["name"]): match["version"] for match in PIN.finditer(lock(name))}
    assert found
    return found


@pytest.mark.parametrize("name", [LOCK, LOWEST, SPARK])
def test_a_lock_holds_versions_and_hashes_but_no_address(name: str) -> None:
    assert not re.findall(r"\b(?:https?|file|git\+\w+):\S.*|^.*/simple\b.*|^-.*", lock(name), re.M)
    unhashed = set(re.findall(r"^[A-Za-z0-9].*", lock(name), re.M)) - {
        m.group().splitlines()[0] for m in PIN.finditer(lock(name))
    }
    assert not unhashed


def test_the_lock_of_the_scripts_holds_versions_and_hashes_but_no_address() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    text = lock("package-lock.json")
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
    locked = {name.removeprefix("node_modules/"): one["version"] for name, one in packages.items()}
    assert wanted.items() <= locked.items()
    assert all(one["integrity"].startswith("sha512-") for one in at_least_one(packages.values()))
    assert "://" not in text and "resolved" not in text


def test_the_locks_satisfy_every_dependency() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    extras = project["optional-dependencies"]
    sources = (
        settings["build-system"]["requires"],
        project["dependencies"],
        *(extras[one] for one in ("dev", "all", "docs")),
    )
    wanted = [line for source in sources for line in source]
    for name, lines in ((LOCK, wanted), (SPARK, extras["spark"])):
        locked = pins(name)
        assert lines
        for line in lines:
            requirement = Requirement(line)
            version = locked.get(canonicalize_name(requirement.name))
            assert version is not None, f"{requirement.name} is not in {name}; run make lock"
            assert requirement.specifier.contains(version), f"{name} has {version}, not {line}; run make lock"


def test_the_lock_of_lowest_versions_holds_every_lower_bound() -> None:
    """Of the core and the extras that `make test-lowest` uses; `make lock` writes it."""
    locked = pins(LOWEST)
    for name, version in at_least_one(lowest().items()):
        assert Version(locked[canonicalize_name(name)]) == Version(version), f"{name}; run make lock"
    for line in at_least_one(tools()):
        requirement = Requirement(line)
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), f"{line}; run make lock"


def test_the_core_depends_on_these_packages_alone() -> None:
    """Each more that is needed for estimates is one more that an office has to let in."""
    lines = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    core = {"babel", "click", "numba", "numpy", "pandas", "pyarrow", "pyyaml"}
    assert {Requirement(line).name for line in lines} == core


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    assert lines
    for line in lines:
        assert {bound.operator for bound in Requirement(line).specifier} >= {">=", "<"}, line


def test_the_extra_all_holds_every_optional_package_but_those_of_clusters_and_documentation() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    optional = {
        line for name, lines in extras.items() if name not in {"all", "dev", "docs", "dask", "spark"} for line in lines
    }
    assert optional == set(extras["all"])
    assert optional <= set(extras["dev"])


WAITING = {"run", "call", "check_call", "check_output", "communicate", "wait", "result"}


def test_no_wait_for_another_process_or_thread_is_unbounded() -> None:
    """Each names its time limit."""
    wrong, seen = [], 0
    for path in files():
        if path.suffix != ".py":
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner, name = node.func.value, node.func.attr
            of_subprocess = isinstance(owner, ast.Name) and owner.id == "subprocess"
            if name not in WAITING or (name in {"run", "call", "check_call", "check_output"} and not of_subprocess):
                continue
            seen += 1
            bounded = any(keyword.arg == "timeout" for keyword in node.keywords)
            if not bounded and (of_subprocess or not node.args):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {name}")
    assert seen > 20
    assert not wrong, "\n".join(wrong)


# Loops of asserts: one that never runs asserts nothing.

KEPT = {"enumerate", "sorted", "reversed", "list", "tuple", "set", "frozenset", "dict", "items", "values", "keys"}


def never_empty(node: ast.expr, sure: set[str]) -> bool:
    """Whether what is looped over surely has an element: written out, a constant, or guarded; `sure` are such names."""
    match node:
        case ast.List(elts) | ast.Tuple(elts) | ast.Set(elts):
            return any(not isinstance(one, ast.Starred) or never_empty(one.value, sure) for one in elts)
        case ast.Dict(keys):
            return bool(keys)
        case ast.Constant():
            return True
        case ast.Name(name):
            return name.isupper() or name in sure
        case ast.Attribute(_, name):
            return name.isupper()
        case ast.BinOp(left, _, right):
            return never_empty(left, sure) or never_empty(right, sure)
        case ast.IfExp(_, body, orelse):
            return never_empty(body, sure) and never_empty(orelse, sure)
        case ast.ListComp(_, loops) | ast.GeneratorExp(_, loops):
            return all(never_empty(loop.iter, sure) and not loop.ifs for loop in loops)
        case ast.Call(ast.Name("at_least_one" | "range")):
            return True
        case ast.Call(ast.Name("zip"), arguments, keywords):
            strict = "strict=True" in map(ast.unparse, keywords)
            return (any if strict else all)(never_empty(one, sure) for one in arguments)
        case ast.Call(ast.Name(name), arguments) if name in KEPT:
            return all(never_empty(one, sure) for one in arguments)
        case ast.Call(ast.Attribute(value, name), []) if name in KEPT:
            return never_empty(value, sure)
    return False


def names(node: ast.AST, *contexts: type[ast.expr_context]) -> set[str]:
    """Names in a piece of code, or only those that it reads, or sets."""
    named = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    return {one.id for one in named if not contexts or isinstance(one.ctx, contexts)}


def grown(loop: ast.AST) -> set[str]:
    """Names that a loop sets or adds to: an assert on one of them after the loop tells whether it ran."""
    calls = [one.func for one in ast.walk(loop) if isinstance(one, ast.Call)]
    added = {
        one.value.id
        for one in calls
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.attr in ("append", "add", "update", "extend")
    }
    return added | names(loop, ast.Store)


def checks(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert) or (
        isinstance(node, ast.Expr | ast.With)
        and bool(re.match(r"(with pytest\.raises|[\w.]*assert_)", ast.unparse(node)))
    )


def loops_that_may_not_run(function: ast.FunctionDef) -> Iterator[int]:
    """Lines of loops of asserts, `all(...)` too, over what may be empty, of which no other assert tells."""
    arguments = function.args
    sure = {one.arg for one in [*arguments.args, *arguments.kwonlyargs]}  # a test's author or strategy gives them
    for node in ast.walk(function):
        match node:
            case ast.Assign([ast.Name(name)], value) if never_empty(value, sure):
                sure.add(name)
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
                pairs = zip(targets, values, strict=False)
                sure |= {name for one, value in pairs if never_empty(value, sure) for name in names(one)}
            case ast.For(target, source) if never_empty(source, sure):
                sure |= names(target)
    every = [node for node in ast.walk(function) if checks(node)]
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For)]
    for loop in loops:
        own = set(ast.walk(loop))
        around = [other for other in loops if other is not loop and loop in ast.walk(other)]
        beside = any(one in ast.walk(other) and one not in own for other in around for one in every)
        told = set().union(*(names(one) for one in every if one not in own)) & (names(loop.iter) | grown(loop))
        if not never_empty(loop.iter, sure) and any(one in own for one in every) and not beside and not told:
            yield loop.lineno
    for check in every:
        parts = (
            check.test.values
            if isinstance(check, ast.Assert) and isinstance(check.test, ast.BoolOp)
            else [getattr(check, "test", check)]
        )
        for part in parts:
            match part:
                case ast.Call(ast.Name("all"), [ast.GeneratorExp(_, [ast.comprehension(_, source), *_])]):
                    others = {one for other in [*every, *parts] if other not in (check, part) for one in names(other)}
                    if not never_empty(source, sure) and not others & names(source):
                        yield check.lineno


def test_no_loop_of_asserts_may_be_empty() -> None:
    wrong, seen = [], 0
    for path in files():
        if not path.is_relative_to(ROOT / "tests") or path.suffix != ".py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                seen += 1
                wrong += [f"{path.relative_to(ROOT)}:{line}: {node.name}" for line in loops_that_may_not_run(node)]
    assert seen > 1000
    assert not wrong, "\n".join(["guard these with tests.support.loops.at_least_one, or assert that they ran:", *wrong])
