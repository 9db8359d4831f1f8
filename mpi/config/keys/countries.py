"""The keys of a country of a study."""

from __future__ import annotations

from mpi.config.keys.shapes import ListOf, Text, Titles, key, keys
from mpi.language import template

COUNTRY = keys("country", template("a country that stands beside others in a study"), (
    key("title", Titles(), template("what it is called, as one text or by language")),
    key("surveys", ListOf(Text(), least=1), template(
        "its surveys, as files or names, below the same data folder; left out of exactly one country: that of the "
        "study's own surveys"
    )),
    key("measure", Text(), template("its own measure, as a file or name; default: that of the study")),
    key("by", ListOf(Text(), least=1), template(
        "domains or crossings of its figures beside all units; of the study's own country some of its `by`"
    ), examples=(["zona"],)),
))  # fmt: skip
