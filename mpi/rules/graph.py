"""Derived variables as a graph: the order in which to compute them, and the cycles that forbid it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mpi.rules.syntax import Rule, names


def order(rules: Mapping[str, Rule], wanted: Iterable[str]) -> tuple[list[str], list[list[str]]]:
    """The derived variables that `wanted` needs, each after those it reads.

    Parameters
    ----------
    rules : mapping of str to Rule
        The derived variables; names outside it are taken as given.
    wanted : iterable of str
        Names that are needed.

    Returns
    -------
    list of str
        In the order of computation.
    list of list of str
        Rings, each as the names on it, the first one repeated at the end; empty if there is none.
    """
    done: dict[str, None] = {}
    cycles: list[list[str]] = []
    for start in wanted:
        _visit(start, rules, done, cycles)
    return list(done), cycles


def _visit(start: str, rules: Mapping[str, Rule], done: dict[str, None], cycles: list[list[str]]) -> None:
    """Add what `start` needs to `done`, depth first; a stack of our own, for chains longer than Python's."""
    path: dict[str, Iterator[str]] = {}
    down: str | None = start
    while path or down is not None:
        if down is None:
            name, needed = next(reversed(path.items()))
            down = next(needed, None)
            if down is None:
                done[name] = None
                del path[name]
        elif down in path:
            walked = list(path)
            cycles.append([*walked[walked.index(down) :], down])
            down = None
        else:
            if down in rules and down not in done:
                path[down] = iter(names(rules[down].expression))
            down = None
