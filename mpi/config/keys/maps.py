"""The keys of a study's maps."""

from __future__ import annotations

from mpi.config.keys.crosswalks import CROSSWALK
from mpi.config.keys.shapes import (
    AnyOf,
    Identifier,
    ListOf,
    MapOf,
    Number,
    OneOf,
    RuleText,
    Text,
    Titles,
    Whole,
    YesNo,
    key,
    keys,
)
from mpi.language import template
from mpi.vocabulary.options import MAP_FORMATS, MOST_CLASSES, SCHEMES, UNMATCHED

FEWEST_CLASSES = 2
WIDTH, CLASSES = Whole(1, 40), Whole(FEWEST_CLASSES, MOST_CLASSES)
PARTS = ("merge",)
_WIDTH = key("width", WIDTH, template("the number of digits of the code"))
_PAD = key("pad", YesNo(), template("`yes`: add leading zeros where they were lost, and count them"))
CODE_PART = keys("area_code_part", template("a column of an area's code"), (
    key("column", Text(), template("the column"), required=True),
    key("width", WIDTH, template("its number of digits"), required=True),
))  # fmt: skip
CODE = keys("area_code", template("an area's code"), (
    key("column", Text(), template("the column of the code")),
    _WIDTH,
    _PAD,
    key("columns", ListOf(CODE_PART), template(
        "the columns of a code that is spread over several, each with its width"
    )),
), one_of=("column", "columns"), apart=(("columns", "width"), ("columns", "pad")))  # fmt: skip
_CODE = AnyOf((Text(), CODE))
BOUNDARIES = keys("boundaries", template("a file of boundaries"), (
    key("path", Text(), template(
        "the file, relative to the data folder: GeoPackage, GeoJSON, TopoJSON, GeoParquet, Shapefile"
    ), required=True),
    key("layer", Text(), template("the layer, of a file with several")),
    key("code", _CODE, template(
        "the column of the code; `{{column: dpto, width: 2, pad: yes}}`, or `{{columns: [...]}}` if it is spread "
        "over several"
    ), required=True),
    key("name", Text(), template("the column of the name")),
    _WIDTH,
    _PAD,
    key("parts", OneOf(PARTS), template("`merge`: rows of one code are parts of one area, also without a `name`")),
    key("only", RuleText(), template("the rows that are read, a condition on the file's columns")),
    key("crosswalk", CROSSWALK, template(
        "a file with the codes of another year, if the figures have those; see "
        "[codes of another year](reference.md#codes-of-another-year)"
    )),
    key("crs", Text(), template(
        "the coordinate reference system, only where the file does not say it"
    ), examples=("EPSG:4686",)),
    key("vintage", Titles(), template("the edition of the boundaries, as one text or by language")),
    key("source", Titles(), template("who made the boundaries, as one text or by language")),
    key("licence", Titles(), template("the licence of the boundaries, as one text or by language")),
))  # fmt: skip
UPPER = keys("upper", template("the areas that hold those of the map"), (
    key("code", _CODE, template("the column with the code of the upper area"), required=True),
    key("name", Text(), template("the column with the name of the upper area")),
    key("domain", Text(), template("the domain of the upper areas")),
))  # fmt: skip
INSET = keys("inset", template("a part of the map in a box of its own"), (
    key("title", Titles(), template("what stands above the box, as one text or by language"), required=True),
    key("codes", ListOf(Text()), template(
        "the codes of its areas; a star stands for any characters"
    ), required=True, examples=(["88*"],)),
))  # fmt: skip
MAP = keys("map", template("the map of a domain"), (
    key("boundaries", BOUNDARIES, template("the file of the polygons: `path`, `code`, `name` and more"), required=True),
    key("upper", UPPER, template("the areas that hold those of the map: `{{code:, name:, domain:}}`")),
    key("projection", Text(), template(
        "the projection, in metres, so that there is a scale bar"
    ), examples=("EPSG:9377",)),
    key("tolerance", Number(), template("tolerance of the simplification, in metres; borders stay shared")),
    key("scheme", OneOf(SCHEMES), template(
        "how values are put into classes: `fixed` (default), `quantiles`, `fisher_jenks`"
    )),
    key("classes", CLASSES, template("the number of classes, 2 to 7; default 5")),
    key("breaks", MapOf(ListOf(Number(), least=3, strict=True)), template(
        "the breaks between classes by statistic, three or more: `{{H: [0, 20, 40, 60, 80, 100]}}`"
    )),
    key("insets", ListOf(INSET), template(
        'parts of the map in boxes of their own: `[{{title: ..., codes: ["88*"]}}]`'
    )),
    key("capitals", ListOf(Text()), template("codes of the areas whose names go first on the interactive map")),
    key("unmatched", OneOf(UNMATCHED), template(
        "codes of the figures without a polygon: `refuse` (default), or `allow`"
    )),
    key("live", YesNo(), template(
        "`yes` (default): the page recomputes where the disclosure rules let it carry the profile"
    )),
    key("formats", ListOf(OneOf(MAP_FORMATS)), template(
        "formats of the map data: `gpkg`, `parquet`, `csv`; `geojson` on request"
    )),
))  # fmt: skip
# Of a table of figures, which has no profile and is itself the data of its map.
OF_STUDIES = ("unmatched", "live", "formats")
MAP_FILE = keys("boundaries_of_tables", template("boundaries for maps of tables"), (
    key("map", Identifier(), template("the name of the areas as a domain"), required=True),
    key("area", Titles(), template("what an area is called, as one text or by language")),
    key("upper_area", Titles(), template("what the area that holds it is called, as one text or by language")),
    *(one for one in MAP.keys if one.name not in OF_STUDIES),
))  # fmt: skip
