"""Derived variables as a graph: the order in which to compute them, and the rings that forbid it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
    rings: list[list[str]] = []
    for start in wanted:
        _visit(start, rules, done, [], rings)
    return list(done), rings


def _visit(
    name: str, rules: Mapping[str, Rule], done: dict[str, None], path: list[str], rings: list[list[str]]
) -> None:
    if name in done or name not in rules:
        return
    if name in path:
        ring = [*path[path.index(name) :], name]
        if set(ring) not in [set(found) for found in rings]:
            rings.append(ring)
        return
    for needed in names(rules[name].expression):
        _visit(needed, rules, done, [*path, name], rings)
    done[name] = None
