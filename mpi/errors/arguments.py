"""The edge of the library: what a caller gives is looked at once, what he should know reaches him as a warning.

`public` goes around each function and method that a caller may use. What the package calls itself is not looked at
again, and warns of nothing: only the call from outside does.
"""

from __future__ import annotations

import inspect
import numbers
import types
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from functools import cache, wraps
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal, ParamSpec, TypeGuard, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from mpi.errors import Fault, MpiWarning, Notice, UsageError, listed
from mpi.language import enumerated, joined, phrase

P = ParamSpec("P")
R = TypeVar("R")
_INSIDE: ContextVar[bool] = ContextVar("mpi_inside", default=False)
# Marks a type, as Annotated[..., JUDGED], of whose values the functions themselves say more, and better.
JUDGED = "judged by the function"
# Where a caller gets what a function wants.
MADE_BY = {
    "Measure": "load_measure", "Survey": "load_survey", "Study": "load_study", "Estimates": "estimate",
    "DeprivationProfile": "deprivation_profile", "Changes": "change", "Replication": "replication",
    "Microdata": "survey", "Reliability": "load_reliability", "Disclosure": "load_disclosure",
    "Panel": "follow",
}  # fmt: skip
WORDS: Mapping[Any, str] = {
    str: phrase("a text"), int: phrase("a whole number"), float: phrase("a number"), bool: phrase("True or False"),
    Path: phrase("a path"), types.NoneType: "None", bytes: "bytes", list: phrase("a list"), tuple: phrase("a tuple"),
    dict: phrase("a mapping"),
}  # fmt: skip
SEVERAL: Mapping[Any, str] = {
    str: phrase("texts"), int: phrase("whole numbers"), float: phrase("numbers"), object: phrase("anything"),
}  # fmt: skip


def public(function: Callable[P, R]) -> Callable[P, R]:
    """The function, for callers from outside: wrong arguments are refused, notices of the result become warnings.

    Arguments are compared with the types that the function states, but for those marked `JUDGED`.

    Raises
    ------
    UsageError
        With every argument that is of a wrong type.
    """

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if _INSIDE.get():
            return function(*args, **kwargs)
        _check(function, args, kwargs)
        token = _INSIDE.set(True)
        try:
            found = function(*args, **kwargs)
        finally:
            _INSIDE.reset(token)
        known = {notice for given in (*args, *kwargs.values()) for notice in _notices(given)}
        for notice in dict.fromkeys(_notices(found)):
            if notice not in known and not notice.remark:
                warnings.warn(MpiWarning(notice), stacklevel=2)
        return found

    return checked


def _notices(value: object) -> Iterator[Notice]:
    """The notices that a value carries, or those of a list of values."""
    for one in value if isinstance(value, list | tuple) else (value,):
        own = getattr(one, "notices", ())
        if isinstance(own, tuple):
            yield from (notice for notice in own if isinstance(notice, Notice))


def _check(function: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object]) -> None:
    """Refuse arguments of other types than the function states; their number is Python's to judge."""
    signature, hints = _stated(function)
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError:
        return  # the call itself says it, as for any function
    faults = []
    for name, value in given.items():
        kind = signature.parameters[name].kind
        parts = value if kind is inspect.Parameter.VAR_KEYWORD else {name: value}
        if name in hints and not all(_fits(part, hints[name]) for part in parts.values()):
            wanted = _told(hints[name])
            own, wrong = next((own, part) for own, part in parts.items() if not _fits(part, hints[name]))
            text = phrase(
                "{function}: {name!r} is {called}, not {wanted}",
                function=function.__name__,
                name=own,
                called=_called(wrong),
                wanted=wanted,
            )
            faults.append(
                Fault(
                    "MPI-U110", None, text, phrase("give {wanted}{source}", wanted=wanted, source=_source(hints[name]))
                )
            )
    if faults:
        raise UsageError(*faults)


@cache
def _stated(function: Callable[..., object]) -> tuple[inspect.Signature, Mapping[str, Any]]:
    """Signature, and the type of each parameter; of those that only type checkers import, nothing is known here."""
    signature = inspect.signature(function)
    hints: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if parameter.annotation is not inspect.Parameter.empty:
            alone = types.SimpleNamespace(__annotations__={name: parameter.annotation})
            with suppress(NameError):
                hints |= get_type_hints(alone, inspect.unwrap(function).__globals__, include_extras=True)
    return signature, hints


def _fits(value: object, hint: Any) -> bool:  # a type as it is written
    """Whether a value is of a stated type."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any or origin is Annotated:
        return True
    if origin in (Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Literal:  # which words there are, the function says
        return any(_fits(value, type(word)) for word in parts)
    if hint is None or hint is types.NoneType:
        return value is None
    if origin is not None:
        return _holds(value, origin, parts)
    if hint is bool:
        return isinstance(value, bool | np.bool_)
    if hint in (int, float):
        wanted = numbers.Integral if hint is int else (float, numbers.Integral, np.floating)
        return isinstance(value, wanted) and not isinstance(value, bool | np.bool_)
    if hint is Path:
        return isinstance(value, PathLike)
    return not isinstance(hint, type) or isinstance(value, hint)


def _holds(value: object, origin: Any, parts: tuple[Any, ...]) -> bool:
    """Whether a value is a collection, mapping, function or array of what is stated."""
    if origin is np.ndarray:
        kinds = {np.int64: "iu", np.float64: "iuf", np.bool_: "b"}[get_args(parts[1])[0]]
        return isinstance(value, np.ndarray) and value.dtype.kind in kinds
    if origin is Callable:
        return callable(value)
    if issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            _fits(key, parts[0]) and _fits(item, parts[1]) for key, item in value.items()
        )
    if not _many(value):
        return False
    if origin is tuple and Ellipsis not in parts:
        return len(value) == len(parts) and all(map(_fits, value, parts))
    return all(_fits(item, parts[0]) for item in value)


def _many(value: object) -> TypeGuard[Collection[object]]:
    """Whether a value is a list of some kind; not a text, a mapping or a frame."""
    return (
        isinstance(value, Collection)
        and not isinstance(value, str | bytes | bytearray | Mapping)
        and not hasattr(value, "__arrow_c_stream__")
    )


def _called(value: object) -> str:
    """What kind of value it is; never the value, which may be of the data."""
    if _many(value) and isinstance(value, list | tuple):
        kinds = sorted({type(item).__name__ for item in value})
        if not kinds:
            return phrase("a {kind} of nothing", kind=type(value).__name__)
        return phrase("a {kind} of {parts}", kind=type(value).__name__, parts=listed(kinds))
    if isinstance(value, Mapping) and value:
        keys, values = (
            enumerated(list(dict.fromkeys(_kind(one) for one in part)), "and") for part in (value, value.values())
        )
        return phrase("a mapping of {keys} to {values}", keys=keys, values=values)
    return _kind(value, one=True)


def _kind(value: object, *, one: bool = False) -> str:
    """A value's kind in words: of several, or of one."""
    kind = type(value)
    found = (WORDS if one else SEVERAL).get(kind)
    return found or phrase("a {kind}", kind=kind.__name__)


def _told(hint: Any) -> str:
    """A stated type in words."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return enumerated(list(dict.fromkeys(_told(part) for part in parts)), "or")
    if origin is Literal:
        return phrase("one of {names}", names=", ".join(repr(word) for word in parts))
    if hint is None:
        return "None"
    if origin is None or not isinstance(origin, type):
        name = getattr(hint, "__name__", "")
        return WORDS.get(hint) or (phrase("a {kind}", kind=name) if name else phrase("a function"))
    if issubclass(origin, Mapping):
        return phrase("a mapping of {keys} to {values}", keys=_plural(parts[0]), values=_plural(parts[1]))
    if origin is tuple and Ellipsis not in parts:
        return phrase("({parts})", parts=joined([_told(part) for part in parts], ", "))
    if origin is np.ndarray:
        return phrase("an array of numbers")
    return (
        phrase("a list of {parts}", parts=_plural(parts[0]))
        if parts and issubclass(origin, Collection)
        else phrase("a function")
    )


def _plural(hint: Any) -> str:
    """A stated type in words, of several."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return enumerated([_plural(part) for part in parts], "or")
    if origin is not None and len(parts) == 1 and issubclass(origin, Collection):
        return phrase("lists of {parts}", parts=_plural(parts[0]))
    return SEVERAL.get(hint) or _told(hint)


def _source(hint: Any) -> str:
    """Which function makes what is wanted."""
    parts = [inner for part in (hint, *get_args(hint)) for inner in (part, *get_args(part))]
    names = [part.__name__ for part in parts if isinstance(part, type)]
    makers = list(dict.fromkeys(f"mpi.{MADE_BY[name]}" for name in names if name in MADE_BY))
    return phrase(", as {makers} makes it", makers=enumerated(makers, "or")) if makers else ""
