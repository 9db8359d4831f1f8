"""The keys of the panel that a study follows."""

from __future__ import annotations

from mpi.config.keys.shapes import ListOf, Number, OneOf, Text, key, keys
from mpi.language import template
from mpi.vocabulary.options import EDITION_WEIGHTS, LINKS, MOVEMENT_TABLES

PANEL = keys("panel", template("the register or panel that a study follows from edition to edition"), (
    key("surveys", ListOf(Text(), least=2), template(
        "the surveys of the editions, the earliest first; default: those of the study. They may be others"
    )),
    key("link", OneOf(LINKS), template(
        "what is [followed](following.md#who-is-the-same): `persons` (default), or households by `same_key`, "
        "`same_head`, `majority` or `pooled_majority`"
    )),
    key("key", ListOf(Text(), least=1), template("columns that link; default: the key of the survey"),
        examples=(["cedula"],)),
    key("member", ListOf(Text(), least=1), template("for `same_key`: columns that tell persons apart"),
        examples=(["cedula"],)),
    key("head", Text(), template("for `same_head`: a column of persons and its code, `relation=1`"),
        examples=("relation=1",)),
    key("weights", OneOf(EDITION_WEIGHTS), template("edition whose weights and design count; default `earlier`")),
    key("domains_of", OneOf(EDITION_WEIGHTS), template("edition whose domains count; default `earlier`")),
    key("by", ListOf(Text(), least=1), template(
        "domains or crossings of the editions; of editions that are rounds of the study those in its `by`"
    ), examples=(["region"],)),
    key("tau", ListOf(Number(above=0), least=1), template(
        "of `chronic`: shares of the editions in poverty from which on it is chronic; default `[1/2, 1]`"
    ), examples=(["2/3"],)),
    key("tables", ListOf(OneOf(MOVEMENT_TABLES), least=1), template(
        "some of `movements, transitions, deprivations, change, chronic`; default: all of these"
    )),
))  # fmt: skip
