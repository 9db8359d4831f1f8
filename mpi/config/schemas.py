"""JSON Schemas of the config files (draft 2020-12) and the manual's tables of keys, from the declared keys.

Editors complete and check a file by its schema; the readers say the same, and what no schema can: weights that add up,
names that exist, rules. YAML is taken as its version 1.2: `yes` and `1/3` are texts. `python -m mpi.config.schemas`
writes `configs/schemas` and the tables of the manual anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from mpi.config.keys.countries import COUNTRY
from mpi.config.keys.crosswalks import CROSSWALK, LINES
from mpi.config.keys.designs import DESIGN, REPLICATES
from mpi.config.keys.maps import BOUNDARIES, MAP, MAP_FILE
from mpi.config.keys.measures import CHILDREN, CLASS, DIMENSION, EXAMPLES, GAP, INDICATOR, LINE, MEASURE
from mpi.config.keys.panels import PANEL
from mpi.config.keys.plans import PLAN
from mpi.config.keys.published import MAPPING
from mpi.config.keys.rule_sets import DISCLOSURE, RELIABILITY, RULE
from mpi.config.keys.shapes import (
    AnyOf,
    Date,
    Identifier,
    Key,
    Keys,
    ListOf,
    MapOf,
    MergedMap,
    Number,
    OneOf,
    RuleText,
    Shape,
    Text,
    Titles,
    Whole,
    Year,
    YesNo,
)
from mpi.config.keys.studies import ANALYSIS, DERIVED, OFFER, STUDY, TARGET
from mpi.config.keys.surveys import MODULE, PROGRAMME, SURVEY, TABLE
from mpi.config.keys.templates import TEMPLATE
from mpi.files import check_file, write_whole
from mpi.language import LANGUAGES, Language, phrase

DRAFT = "https://json-schema.org/draft/2020-12/schema"
KINDS: Mapping[str, Keys] = {
    "measure": MEASURE, "examples": EXAMPLES, "survey": SURVEY, "study": STUDY, "reliability": RELIABILITY,
    "disclosure": DISCLOSURE, "template": TEMPLATE, "mapping": MAPPING, "map": MAP_FILE,
}  # fmt: skip
TABLES = {
    table.name: table
    for table in (MEASURE, LINE, CLASS, CHILDREN, DIMENSION, INDICATOR, GAP, SURVEY, PROGRAMME, TABLE, MODULE,
                  CROSSWALK, LINES, DESIGN, REPLICATES, STUDY, TARGET, PLAN, ANALYSIS, OFFER, DERIVED, PANEL, COUNTRY,
                  MAP, BOUNDARIES, RELIABILITY, RULE, DISCLOSURE, MAPPING)
}  # fmt: skip
SCALAR = ["string", "number", "boolean"]  # what a text may look like to who reads YAML with its types
# Not a sign of ASCII, nor a digit at the beginning: letters of every script, in the patterns of JavaScript and Python.
NAME = r"^[^\s0-9!-/:-@\[-\^`{-~][^\s!-/:-@\[-\^`{-~]*$"
NUMBER = (r"[0-9]+\s*/\s*[0-9]+", r"([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*%?")
YEAR = r"^[0-9]{4}(\.[0-9]{1,6}|/[0-9]{2}([0-9]{2})?)?$"
DATE = r"^[0-9]{4}-?([0-9]{2}-?[0-9]{2}|W[0-9]{2}(-?[0-9])?)$"
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
Schema = dict[str, object]
NOT_NULL: Schema = {"not": {"type": "null"}}


def schema(kind: str, language: Language = "en") -> Schema:
    """The JSON Schema of a kind of config file.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    language : str
        Of titles and descriptions.
    """
    writer = _Writer(language)
    root = writer.mapping(KINDS[kind])
    return {"$schema": DRAFT, **root, "$defs": dict(sorted(writer.definitions.items()))}


def text_of(kind: str, language: Language = "en") -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(kind, language), ensure_ascii=False, indent=1) + "\n"


class _Writer:
    """Schemas of shapes; those of mappings with known keys are definitions, each once."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.definitions: dict[str, Schema] = {}

    def say(self, template: str) -> str:
        """A declared text, without the links of the manual."""
        return LINK.sub(r"\1", phrase(template).to(self.language))

    def value(self, shape: Shape) -> Schema:
        """The schema of a shape."""
        match shape:
            case Titles():
                return self.titles()
            case ListOf():
                return self.items(shape)
            case MapOf():
                return self.entries(shape)
            case AnyOf(shapes=shapes):
                return {"anyOf": [self.value(one) for one in shapes]}
            case Keys():
                if shape.name not in self.definitions:
                    self.definitions[shape.name] = {}  # taken, should it hold itself
                    self.definitions[shape.name] = self.mapping(shape)
                return {"$ref": f"#/$defs/{shape.name}"}
            case _:
                return _scalar(shape)

    def titles(self) -> Schema:
        """A text, or one for each language."""
        text: Schema = {"type": SCALAR}
        own = dict.fromkeys(LANGUAGES, text)
        self.definitions["titles"] = {
            "anyOf": [text, {"type": "object", "properties": own, "additionalProperties": text}]
        }
        return {"$ref": "#/$defs/titles"}

    def items(self, shape: ListOf) -> Schema:
        """A list, or the single word that stands for it."""
        listed: Schema = {"type": "array", "items": self.value(shape.item)}
        if shape.least:
            listed["minItems"] = shape.least
        inner = shape.item.shapes if isinstance(shape.item, AnyOf) else (shape.item,)
        single = [self.value(one) for one in inner if not isinstance(one, Keys | MapOf | ListOf)]
        return listed if shape.strict or not single else {"anyOf": [*single, listed]}

    def entries(self, shape: MapOf) -> Schema:
        """A mapping whose keys the author chooses."""
        value = self.value(shape.value)
        made: Schema = {
            "type": "object",
            "additionalProperties": {"anyOf": [value, {"type": "null"}]}
            if shape.null or isinstance(shape, MergedMap)
            else value,
        }
        if shape.least and not isinstance(shape, MergedMap):
            made["minProperties"] = shape.least
        if shape.names or shape.never:
            made["propertyNames"] = {"pattern": NAME} if shape.names else {"not": {"enum": [*shape.never]}}
        return made

    def mapping(self, table: Keys) -> Schema:
        """A mapping with known keys."""
        made: Schema = {
            "title": self.say(table.title),
            "type": "object",
            "properties": {key.name: self.property(key, drops=table.drops) for key in table.keys},
            "additionalProperties": False if table.others is None else self.value(table.others),
        }
        required = [key.name for key in table.keys if key.required]
        if required and not table.layered:
            made["required"] = required
        if table.one_of and not table.layered:
            made["oneOf"] = [{"required": [name]} for name in table.one_of]
        apart = [*table.apart, *([table.one_of] if table.layered and table.one_of else ())]
        if apart:
            made["allOf"] = [{"not": {"required": [*pair]}} for pair in apart]
        if table.needs and not table.drops:
            made["dependentRequired"] = _needs(table)
        if table.layered and "like" in table.names:
            made |= {"if": {"required": ["like"]}, "else": _whole(table)}
        return made

    def property(self, key: Key, *, drops: bool = False) -> Schema:
        """A key with its description."""
        value = self.value(key.shape)
        if key.nullable or (drops and not key.required):
            value = {"anyOf": [value, {"type": "null"}]}
        return {"description": self.say(key.text), **value, **({"examples": [*key.examples]} if key.examples else {})}


def _scalar(shape: Text | RuleText | Identifier | YesNo | Date | Year | OneOf | Number | Whole) -> Schema:
    match shape:
        case Text(pattern=pattern):
            return {"type": SCALAR, **({"pattern": f"^(?:{pattern})$"} if pattern else {})}
        case RuleText():
            return {"type": SCALAR}
        case Identifier():
            return {"type": "string", "pattern": NAME}
        case YesNo():
            return {"enum": ["yes", "no", True, False]}
        case Date():
            return {"anyOf": [{"type": "string", "pattern": DATE}, _between(1000_01_01, 9999_12_31)]}
        case Year():
            return {
                "anyOf": [{"type": "number", "minimum": 1000, "maximum": 9999}, {"type": "string", "pattern": YEAR}]
            }
        case OneOf(options=options):
            truths = [word == "true" for word in options if word in ("true", "false")]
            return {"enum": [*options, *truths]}
        case Number():
            return _number(shape)
        case Whole(least=least, most=most):
            return {"anyOf": [_between(least, most), {"type": "string", "pattern": "^[0-9]{1,9}$"}]}


def _between(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _number(shape: Number) -> Schema:
    bounds = {"exclusiveMinimum": shape.above, "exclusiveMaximum": shape.below, "maximum": shape.most}
    if shape.above is None:
        bounds["minimum"] = shape.least or 0
    forms = "|".join((*NUMBER, *shape.forms))
    return {
        "anyOf": [
            {"type": "number", **{name: bound for name, bound in bounds.items() if bound is not None}},
            {"type": "string", "pattern": rf"^\s*({forms})\s*$"},
        ]
    }


def _whole(table: Keys) -> Schema:
    """What a file must have that is `like` no other: the keys that a layer may leave out."""
    made: Schema = {}
    if required := [key.name for key in table.keys if key.required]:
        made["required"] = required
    if table.one_of:
        made["anyOf"] = [{"required": [name]} for name in table.one_of]
    if table.needs and table.drops:
        made["dependentRequired"] = _needs(table)
    inner = {key.name: part for key in table.keys if (part := _whole_value(table, key))}
    return {**made, "properties": inner} if inner else made


def _needs(table: Keys) -> Schema:
    return {name: [other] for name, other in table.needs.items()}


def _whole_value(table: Keys, key: Key) -> Schema:
    """The same of the value of a key; in such a file nothing is left out by null."""
    made: Schema = {}
    several = isinstance(key.shape, MapOf)
    shape = key.shape.value if isinstance(key.shape, MapOf) else key.shape
    if isinstance(shape, Keys) and shape.layered:
        made = _whole(shape)
    if isinstance(key.shape, MergedMap):
        made = {**NOT_NULL, **made}
    if several and made:
        made = {"additionalProperties": made}
    if isinstance(key.shape, MergedMap) and key.shape.least:
        made["minProperties"] = key.shape.least
    return {**NOT_NULL, **made} if table.drops and not (key.required or key.nullable) else made


def rows(name: str) -> list[str]:
    """A table of keys as the manual prints it; neighbours of the same meaning share a row."""
    table = TABLES[name]
    said = [(key, str(phrase(key.text))) for key in table.keys]
    made = []
    for text, group in groupby(said, key=lambda pair: pair[1]):
        names = ", ".join(f"`{key.name}`" + (" (required)" if key.required else "") for key, _ in group)
        made.append(f"| {names} | {text} |")
    return ["| key | |", "|---|---|", *made]


def with_tables(manual: str) -> str:
    """A page of the manual with its tables of keys up to date: each stands below a comment that names it."""
    table = re.compile(r"(?<=<!-- keys: )(\w+) -->\n(?:\|.*\n)*")
    return table.sub(lambda found: "\n".join([f"{found[1]} -->", *rows(found[1]), ""]), manual)


def write(folder: Path, kinds: Sequence[str], language: Language = "en", *, overwrite: bool = False) -> list[Path]:
    """Write schemas as KIND.json into a folder, which is made if it is not there.

    Raises
    ------
    UsageError
        If a file exists, unless `overwrite` is set.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / f"{kind}.json": text_of(kind, language).encode() for kind in kinds}
    for path in paths:
        check_file(path, overwrite=overwrite)
    for path, content in paths.items():
        write_whole(path, partial(_put, content), overwrite=overwrite)
    return [*paths]


def _put(content: bytes, path: Path) -> None:
    path.write_bytes(content)


if __name__ == "__main__":
    root = Path(__file__).parents[2]
    write(root / "configs" / "schemas", tuple(KINDS), overwrite=True)
    for page in (root / "docs" / "en").glob("*.md"):
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
