"""The command that helps to write config files."""

from __future__ import annotations

from pathlib import Path

import click

from mpi.cli.options import messages_option, overwrite_option
from mpi.cli.saying import say, say_result
from mpi.cli.words import argument, command, language, option, said
from mpi.errors import Fault, UsageError, nearest
from mpi.language import phrase


@command()
@argument(
    "kind",
    required=False,
    help="Kind of file: measure, examples, survey, study, reliability, disclosure, template, mapping, map. "
    "If left out: a list.",
)
@option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write KIND.json into this folder; of all kinds if KIND is left out.",
)
@overwrite_option
@messages_option
def schema(*, kind: str | None, folder: Path | None, overwrite: bool) -> None:
    """Show the JSON Schema of a kind of config file, by which an editor completes and checks it."""
    from mpi.config import schemas

    if kind is not None and kind not in schemas.KINDS:
        remedy = nearest(kind, schemas.KINDS) or phrase("write one of: {options}", options=", ".join(schemas.KINDS))
        raise UsageError(Fault("MPI-U013", None, phrase("there is no kind of file {kind!r}", kind=kind), remedy))
    kinds = [*schemas.KINDS] if kind is None else [kind]
    if folder is not None:
        for path in schemas.write(folder, kinds, language(), overwrite=overwrite):
            say(said(str(path)))
    elif kind is None:
        say_result("\n".join(f"{name}: {said(phrase(table.title))}" for name, table in schemas.KINDS.items()))
    else:
        say_result(schemas.text_of(kind, language()).removesuffix("\n"))
