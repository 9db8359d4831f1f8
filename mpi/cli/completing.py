"""Completion in the shell: the script that a shell reads, and the names that come with the program.

Options, commands and choices are completed by click. Where a file or a shipped name may stand, names that begin so are
offered, and the shell's own files where there are none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from mpi.cli.saying import say_result
from mpi.cli.words import argument, command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_MPI_COMPLETE"
Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def shipped_names(*kinds: str) -> Complete:
    """What completes a file or the name of a shipped config of some kinds, such as `measure`."""

    def complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from mpi.config.locate import SORTS, shipped

        names = dict.fromkeys(name for kind in kinds for name in shipped(SORTS[kind]) if name.startswith(incomplete))
        # Shells look for files where nothing else is offered.
        return [CompletionItem(incomplete, type="file"), *map(CompletionItem, names)]

    return complete


@command()
@argument("shell", type=click.Choice(SHELLS), help="The shell that reads the script.")
@click.pass_context
def completion(context: click.Context, *, shell: str) -> None:
    """Show the script by which a shell completes commands, options and names: eval "$(mpi completion bash)"."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is not None:
        say_result(found(context.find_root().command, {}, "mpi", VARIABLE).source())
