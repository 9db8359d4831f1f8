"""JSON Schemas: they take every good file, and refuse what the readers refuse for its shape."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mpi.config import load_measure, mappings, schemas, studies
from mpi.config.boundaries import read_boundaries
from mpi.config.composing import compose, load
from mpi.config.disclosure import read_disclosure
from mpi.config.examples import read_examples
from mpi.config.keys.shapes import AnyOf, Keys, ListOf, MapOf, Shape
from mpi.config.mappings import read_mapping
from mpi.config.measures import read_measure
from mpi.config.nodes import Node
from mpi.config.reliability import read_reliability
from mpi.config.studies import read_study
from mpi.config.surveys import read_survey
from mpi.config.templates import read_template
from mpi.errors import ConfigError
from mpi.language import LANGUAGES
from tests.config import test_disclosure, test_measures, test_surveys
from tests.support.bad_configs import Case
from tests.support.instances import changed, instance, instances, paths, value_of
from tests.support.loops import at_least_one

ROOT = Path(__file__).parents[2]
FILES, TEMPLATES = Path(__file__).parent / "every_key", ROOT / "configs" / "templates"
FONT_FILES = {"regular", "bold"}  # which the example of a template does without
SHAPE = {"MPI-C003", "MPI-C005", "MPI-C006", "MPI-C007", "MPI-C008", "MPI-C009"}
WITHOUT_PERSONS = FILES / "without_persons.yaml"
READERS: dict[str, tuple[str, Callable[[Node], object]]] = {
    "measure": ("measure", read_measure),
    "measure.examples": ("examples", lambda root: read_examples(root, load_measure(FILES / "measure.yaml"))),
    "survey": ("survey", lambda root: read_survey([root])),
    "calibrated": ("survey", lambda root: read_survey([root])),
    "without_persons": ("survey", lambda root: read_survey([root])),
    "like": ("survey", lambda root: read_survey([load(WITHOUT_PERSONS), root])),
    "like_measure": ("measure", read_measure),
    "study": ("study", lambda root: read_study(root, FILES)),
    "several": ("study", lambda root: read_study(root, FILES)),
    "followed": ("study", lambda root: read_study(root, FILES)),
    "reliability": ("reliability", read_reliability),
    "disclosure": ("disclosure", read_disclosure),
    "template": ("template", lambda root: read_template(root, TEMPLATES)),
    "mapping": ("mapping", read_mapping),
    "map": ("map", lambda root: read_boundaries(root, FILES)),
}
# What stands in place of each value in turn; None: the key is left out.
VALUES = (None, "~", "x y", "7", "1/3", "[]", "[x]", "{}", "{x: y}")


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = schemas.schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def checker(kind: str) -> Any:
    """The validator of a kind that remembers what it said of a value, which most changes of a file leave alone."""
    known: dict[tuple[int, object], tuple[object, list[Any]]] = {}

    def remembered(own: Any, value: object, schema: object, **place: Any) -> list[Any]:
        # An object is kept with what was said, so that no other has its id.
        key = id(schema), id(value) if isinstance(value, dict | list) else (type(value), value)
        if key not in known:
            known[key] = value, list(own.descend(value, schema, **place))
        return known[key][1]

    def properties(own: Any, shapes: Mapping[str, object], value: object, _: object) -> Iterator[Any]:
        if isinstance(value, dict):
            for name, shape in shapes.items():
                if name in value:
                    yield from remembered(own, value[name], shape, path=name, schema_path=name)

    def items(own: Any, shape: object, value: object, _: object) -> Iterator[Any]:
        if isinstance(value, list):
            for place, item in enumerate(value):
                yield from remembered(own, item, shape, path=place)

    made = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"properties": properties, "items": items})
    return made(validator(kind).schema)


def file_of(name: str) -> Path:
    return TEMPLATES / "example.yaml" if name == "template" else FILES / f"{name}.yaml"


def faults_of(read: Callable[[Node], object], root: Node) -> set[str]:
    try:
        read(root)
    except ConfigError as error:
        return {fault.code for fault in error.faults}
    return set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_schema_is_one_and_has_every_text_in_every_language(language: str) -> None:
    english = {kind: schemas.text_of(kind, "en") for kind in at_least_one(schemas.KINDS)}
    for kind in schemas.KINDS:
        text = schemas.text_of(kind, language)
        jsonschema.Draft202012Validator.check_schema(json.loads(text))
        assert "](" not in text
        assert "{{" not in text
        own, other = (re.findall(r'"description": "(.*)"', one) for one in (text, english[kind]))
        assert len(own) == len(other) > 5
        if language != "en":
            assert sum(a == b for a, b in zip(own, other, strict=True)) < 0.1 * len(own), kind


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_uses_every_key_is_read_and_taken_by_its_schema(name: str) -> None:
    kind, read = READERS[name]
    root = load(file_of(name))
    assert [error.message for error in validator(kind).iter_errors(instance(root))] == []
    read(root)


def tables(shape: Shape) -> Iterator[Keys]:
    """A table of keys and those below it."""
    match shape:
        case Keys():
            yield shape
            for key in shape.keys:
                yield from tables(key.shape)
            if shape.others is not None:
                yield from tables(shape.others)
        case ListOf(item=inner) | MapOf(value=inner):
            yield from tables(inner)
        case AnyOf(shapes=several):
            for one in several:
                yield from tables(one)


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_the_files_of_every_key_have_every_key(kind: str) -> None:
    texts = "".join(file_of(name).read_text("utf-8") for name, (own, _) in READERS.items() if own == kind)
    declared = {key.name for table in tables(schemas.KINDS[kind]) for key in table.keys} - FONT_FILES
    assert {name for name in at_least_one(declared) if not re.search(rf"\b{name}:", texts)} == set()


def exempt(name: str, path: tuple[str, ...], value: str | None, codes: set[str]) -> bool:
    """Whether a schema cannot say, or does not say, what the reader finds wrong with the shape."""
    of_measure = name == "measure.examples" and codes <= {"MPI-C003", "MPI-C006"}  # names of the measure beside it
    table = path[-1] == "table" and codes == {"MPI-C006"}  # may be a module, whatever its name
    number = path[-1] == "time" and value == "1/3"  # a bound of a number that is written as a fraction
    statistic = name == "mapping" and path == ("statistic",) and value is None  # which a map does without
    return (
        statistic or of_measure or table or number or path[-1] == "at_least"
    )  # at most the indicators of the dimension


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_reader_and_schema_refuse_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for loader in ("load_template", "load_measure", "load_survey", "load_disclosure", "load_reliability"):
        monkeypatch.setattr(studies, loader, cache(getattr(studies, loader)))  # what a study names stays the same
    monkeypatch.setattr(mappings, "load_mapping", cache(mappings.load_mapping))
    kind, read = READERS[name]
    root, schema = load(file_of(name)), checker(kind)
    unchanged = instances(root)
    wrong = []
    for path in at_least_one([path for path in paths(root) if path != ("like",)]):
        for value in VALUES:
            node = changed(root, path, None if value is None else value_of(value))
            codes = faults_of(read, node)
            root.faults.clear()  # where the changed one tells them, too
            if codes and not codes & SHAPE:
                continue
            refused = not schema.is_valid(instance(node, unchanged))
            told = f"{'.'.join(path)}: {value}: {sorted(codes)}"
            if refused and not codes:
                wrong.append(f"only the schema refuses {told}")
            elif codes & SHAPE and not refused and not exempt(name, path, value, codes):
                wrong.append(f"only the reader refuses {told}")
    assert not wrong, "\n".join(wrong)


def files() -> list[tuple[str, Path]]:
    """Every config of the package, with its kind."""
    found = [("measure", path) for path in (ROOT / "configs" / "measures").glob("*.yaml")]
    kinds = {
        "surveys": "survey",
        "studies": "study",
        "reliability": "reliability",
        "disclosure": "disclosure",
        "templates": "template",
        "boundaries": "map",
    }
    found += [(kind, path) for name, kind in kinds.items() for path in (ROOT / "configs" / name).glob("*.yaml")]
    found += [("mapping", path) for path in (ROOT / "sample_data" / "published").glob("*.yaml")]
    return [("examples" if path.stem.endswith(".examples") else kind, path) for kind, path in sorted(found)]


@pytest.mark.parametrize(("kind", "path"), files(), ids=lambda value: value.stem if isinstance(value, Path) else value)
def test_every_shipped_config_is_taken_and_names_its_schema(kind: str, path: Path) -> None:
    root = load(path)
    assert [error.message for error in validator(kind).iter_errors(instance(root))] == []
    line = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(.*)", line)
    assert named is not None, "the first line is that of editors"
    assert (path.parent / named[1]).resolve() == ROOT / "configs" / "schemas" / f"{kind}.json"


def test_the_shipped_schemas_are_those_of_the_keys() -> None:
    for kind in schemas.KINDS:
        file = ROOT / "configs" / "schemas" / f"{kind}.json"
        assert file.read_text(encoding="utf-8") == schemas.text_of(kind), "run `make catalogues`"


# Tables whose keys the manual explains in its text and examples.
UNTOLD = {
    "variable", "variables", "cutoff", "combination", "example", "score_example", "examples",
    "replicate_table",
    "signs", "csv", "modules", "tables", "code_part", "domain", "derivation", "number", "composed_key", "fpc",
    "weights",
    "second_stage", "ordering", "calibration", "floor", "profile", "official", "area_code_part", "area_code",
    "upper", "inset", "boundaries_of_tables", "template", "logo", "colours", "fonts", "reading",
    "sdg", "sdg_sex", "sdg_age", "sdg_urbanisation", "statistic_reading", "values",
    "crosswalk_code", "crosswalk_code_part",
}  # fmt: skip


def test_every_table_of_keys_in_the_manual_is_that_of_the_keys() -> None:
    named = set()
    for page in at_least_one((ROOT / "docs" / "en").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert schemas.with_tables(text) == text, "run `make catalogues`"
        named |= {name for names in re.findall(r"<!-- keys: (.*) -->", text) for name in names.split(" ")}
    assert named == {table.name for kind in schemas.KINDS for table in tables(schemas.KINDS[kind])} - UNTOLD


# Faults of shape, by the words of a case, that no schema says: a number of JSON may have an exponent, and how many
# indicators a dimension has is not known to the number below `combine`.
UNSAID = ("a weight with an exponent", "more deprivations asked for than there are")


def cases() -> list[tuple[str, str, Case]]:
    found = [("measure", test_measures), ("survey", test_surveys), ("disclosure", test_disclosure)]
    return [(kind, module.BASE, case) for kind, module in found for case in at_least_one(module.CASES)]


@pytest.mark.parametrize(
    ("kind", "base", "case"), cases(), ids=lambda value: value.says if isinstance(value, Case) else ""
)
def test_the_schema_refuses_the_faulty_configs_of_the_readers_tests(kind: str, base: str, case: Case) -> None:
    text = base
    for old, new in [(case.old, case.new), *case.also]:
        text = text.replace(old, new, 1)
    root = compose(text, "x.yaml")
    of_shape = SHAPE & set(re.findall(r"^MPI-\w+", case.expected, re.M))
    if of_shape and case.says not in UNSAID:
        assert not validator(kind).is_valid(instance(root))
