"""The replicate weights of a survey from its YAML: method, columns, scales; nothing is guessed from the numbers."""

from __future__ import annotations

import re
from fractions import Fraction

from mpi.config.keys import designs as keys
from mpi.config.nodes import Node, Section, within
from mpi.language import phrase
from mpi.specs.survey import STAR, Replicates
from mpi.vocabulary.options import REPLICATE_KINDS, REPLICATE_METHODS, ReplicateMethod

RANGE = re.compile(r"(.*?)(\d+)\.\.(.*?)(\d+)")
MOST = 20_000


def read_replicates(node: Node, what: str) -> Replicates | None:
    """The replicate weights that a mapping describes; adds every fault."""
    part = node.section(what, keys.REPLICATES)
    method, kind = part.choice("method", REPLICATE_METHODS), part.choice("weights", REPLICATE_KINDS)
    listed = part.get("columns")
    columns = () if listed is None else _columns(listed, phrase("{what}: columns", what=what))
    table = part.choice("table", keys.HOLDING_REPLICATES)
    rho, scale = part.read("rho", Node.fraction, None), part.read("scale", _positive, None)
    rscales = _numbers(part.get("rscales"), phrase("{what}: rscales", what=what))
    df = part.read("df", within(keys.DF), None)
    mse = part.read("mse", Node.yes, False)
    if method is not None:
        _check(part, method, rho)
    pattern = len(columns) == 1 and STAR in columns[0]
    if len(rscales) > 1 and not pattern and columns and len(rscales) != len(columns):
        text = phrase(
            "{what}: rscales: there are {number}, and {number2} replicates",
            what=what,
            number=len(rscales),
            number2=len(columns),
        )
        part.found["rscales"].wrong("MPI-S019", text, phrase("give one for each, or one number for all"))
    if method is None or kind is None or not columns:
        return None
    if scale is None and method == "JKn":
        scale = Fraction(1)
    return Replicates(
        method=method,
        columns=columns,
        weights=kind,
        pattern=pattern,
        table=table,
        mse=mse,
        rho=float(rho or 0),
        scale=None if scale is None else float(scale),
        rscales=rscales or (1.0,),
        df=df,
        place=node.place,
    )


def _check(part: Section, method: ReplicateMethod, rho: Fraction | None) -> None:
    """Add the faults of numbers that the method needs or does not know."""
    if method == "Fay":
        if "rho" not in part:
            part.node.wrong(
                "MPI-S019",
                phrase("{what}: Fay's method needs its rho", what=part.what),
                phrase("add `rho:`, such as 0.5"),
            )
        elif rho is not None and not 0 <= rho < 1:
            part.found["rho"].wrong(
                "MPI-S019",
                phrase("{what}: rho: {rho} is outside [0, 1)", what=part.what, rho=rho),
                phrase("write one such as 0.5"),
            )
    elif "rho" in part:
        part.found["rho"].wrong(
            "MPI-S019",
            phrase("{what}: `rho` can only be used with `method: Fay`", what=part.what),
            phrase("leave it out"),
        )
    if method == "JKn" and "rscales" not in part:
        text = phrase("{what}: JKn needs a factor for each replicate, (n_h - 1) / n_h of its stratum", what=part.what)
        part.node.wrong("MPI-S019", text, phrase("add `rscales: [...]`"))
    if method == "other" and "scale" not in part:
        text = phrase("{what}: another method needs its scale", what=part.what)
        part.node.wrong("MPI-S019", text, phrase("add `scale:`, and `rscales:` if they are not 1"))


def _columns(node: Node, what: str) -> tuple[str, ...]:
    """The names; a range is written out, a pattern stays one."""
    names = node.texts(what)
    if not node.is_list and len(names) == 1:
        if STAR in names[0]:
            return (names[0],) if _is_pattern(node, what, names[0]) else ()
        if found := RANGE.fullmatch(names[0]):
            return _range(node, what, found)
    if any(STAR in name or RANGE.fullmatch(name) for name in names):
        node.wrong(
            "MPI-S019",
            phrase("{what}: a list can contain only names", what=what),
            phrase("write one pattern, or one range, without brackets"),
        )
        return ()
    if twice := sorted({name for name in names if names.count(name) > 1}):
        node.wrong(
            "MPI-S019",
            phrase("{what}: {twice!r} is repeated there", what=what, twice=twice[0]),
            phrase("name each replicate once"),
        )
    elif len(names) == 1 or (node.is_list and not names):
        node.wrong(
            "MPI-S019",
            phrase("{what}: one replicate gives no variance", what=what),
            phrase("name at least two, w* or w1..w100"),
        )
        return ()
    return names


def _is_pattern(node: Node, what: str, name: str) -> bool:
    if name.count(STAR) == 1:
        return True
    node.wrong(
        "MPI-S019", phrase("{what}: a pattern has one star, which represents the number", what=what), phrase("write w*")
    )
    return False


def _range(node: Node, what: str, found: re.Match[str]) -> tuple[str, ...]:
    head, first, other, last = found.groups()
    if head != other:
        node.wrong(
            "MPI-S019",
            phrase("{what}: the range begins with {head!r} and ends with {other!r}", what=what, head=head, other=other),
            phrase("write w1..w100"),
        )
        return ()
    low, high = (int(digits[:10]) for digits in (first, last))
    if not low < high < low + MOST:
        text = phrase("{what}: a range counts up, to at most {most:,} replicates", what=what, most=MOST)
        node.wrong("MPI-S019", text, phrase("write the lower number first: w1..w100"))
        return ()
    width = len(first) if first.startswith("0") else 0
    return tuple(f"{head}{number:0{width}}" for number in range(low, high + 1))


def _positive(node: Node, what: str) -> Fraction | None:
    value = node.fraction(what)
    if value is not None and value <= 0:
        node.wrong(
            "MPI-S019",
            phrase("{what}: {value} is not above 0", what=what, value=value),
            phrase("write one such as 0.5"),
        )
        return None
    return value


def _numbers(node: Node | None, what: str) -> tuple[float, ...]:
    if node is None:
        return ()
    values = [item.fraction(what) for item in node.items(what)]
    return tuple(float(value) for value in values if value is not None)
