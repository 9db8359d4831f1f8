"""The keys of a crosswalk between the codes of two years."""

from __future__ import annotations

from mpi.config.keys.data_files import DIALECT, PATH
from mpi.config.keys.shapes import AnyOf, ListOf, OneOf, Text, Titles, Whole, key, keys
from mpi.language import template
from mpi.vocabulary.options import OTHERS

WIDTH = Whole(1, 40)
CODE_PART = keys("crosswalk_code_part", template("a column of a code in several columns"), (
    key("column", Text(), template("the column"), required=True),
    key("width", WIDTH, template("its number of digits"), required=True),
))  # fmt: skip
CODE = keys("crosswalk_code", template("a code of a crosswalk"), (
    key("column", Text(), template("the column of the code")),
    key("width", WIDTH, template("the number of digits of the code")),
    key("columns", ListOf(CODE_PART), template(
        "the columns of a code that is spread over several, each with its width"
    )),
), one_of=("column", "columns"), apart=(("columns", "width"),))  # fmt: skip
_CODE = AnyOf((Text(), CODE))
LINES = keys("lines", template("a file with a number for each code, such as a poverty line by area and month"), (
    key("path", PATH.shape, template("the file, below the data folder"), required=True),
    key("from", _CODE, template(
        "the column of the code: its name, `{{column: C, width: 5}}`, or `{{columns: [...]}}` with a width for each"
    ), required=True),
    key("value", Text(), template("the column of the number"), required=True),
    key("csv", DIALECT, template("how the file is written, as for a table")),
))  # fmt: skip
CROSSWALK = keys("crosswalk", template("a file that leads from the codes of one year to those of another"), (
    key("path", PATH.shape, template("the file, below the data folder"), required=True),
    key("from", _CODE, template(
        "the column with the code that there is: its name, `{{column: C, width: 5}}`, or `{{columns: [...]}}` with a "
        "width for each. Without a width, that of the codes applies"
    ), required=True),
    key("to", _CODE, template("the column with the code that it becomes, written in the same way"), required=True),
    key("others", OneOf(OTHERS), template(
        "codes that the file does not list: `refuse` (default), or `keep` if the file lists only changes"
    )),
    key("vintage", Titles(), template("the year or edition of the new codes, as one text or by language")),
    key("csv", DIALECT, template("how the file is written, as for a table")),
))  # fmt: skip
