"""Dataclasses whose methods are made when they are first used.

`dataclasses.dataclass` compiles six methods of each class as soon as its module is imported: half a millisecond a class
on a slow machine, a sixth of the time in which a small survey is estimated, most of it for classes of which nothing is
made. This one gives the same classes: what compares, shows and protects fields is common to all of them, and `__init__`
is compiled when it is first looked for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, **how: bool) -> Any:
        """As `dataclasses.dataclass`, with the same options.

        A class that inherits fields, has some that `__init__` does not take, or asks for more than `eq`, `frozen`,
        `slots` and `kw_only`, is left to it.
        """

        def made(own: type) -> type:
            return _made(own, **how) if _is_plain(own, how) else dataclasses.dataclass(own, **how)

        return made if cls is None else made(cls)


def _is_plain(cls: type, how: dict[str, bool]) -> bool:
    own = vars(cls)
    return (
        how.keys() <= {"eq", "frozen", "slots", "kw_only"}
        and bool(cls.__doc__)  # else it gets its signature for one
        and not any(hasattr(base, "__dataclass_fields__") for base in cls.__bases__)
        and not any(name in own for name in ("__init__", "__setattr__", "__delattr__", "__getstate__", "__setstate__"))
        and all(one.init for one in own.values() if isinstance(one, dataclasses.Field))
        and not any("InitVar" in str(one) for one in own.get("__annotations__", {}).values())
    )


def _made(own: type, *, eq: bool = True, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> type:
    said = vars(own).keys()
    cls: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(own)
    told = cls.__dataclass_params__
    told.init, told.repr, told.eq, told.frozen = True, True, eq, frozen
    cls.__init__ = _Later(cls)
    if "__repr__" not in said:
        cls.__repr__ = _shown
    if eq and "__eq__" not in said:
        cls.__eq__ = _compared(_values(cls, "compare"))
    if eq and "__hash__" not in said:
        cls.__hash__ = _hashed(_values(cls, "hash")) if frozen else None
    if frozen:
        cls.__setattr__, cls.__delattr__ = _not_set, _not_deleted
    if frozen and slots:
        cls.__getstate__, cls.__setstate__ = _state, _set_state
    return cls  # type: ignore[no-any-return]


class _Later:
    """The `__init__` of a class, compiled when somebody looks for it."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner

    def __get__(self, instance: object, _: type | None = None) -> Any:
        made = _init_of(self.owner)
        self.owner.__init__ = made
        return made if instance is None else made.__get__(instance)


def _init_of(cls: Any) -> Any:
    """The function that `dataclasses` makes of the same fields."""
    told = [
        (
            one.name,
            one.type,
            dataclasses.field(default=one.default, default_factory=one.default_factory, kw_only=one.kw_only),
        )
        for one in dataclasses.fields(cls)
    ]
    parts = {"__doc__": cls.__doc__, **({"__post_init__": _shown} if hasattr(cls, "__post_init__") else {})}
    frozen = cls.__dataclass_params__.frozen
    twin: Any = dataclasses.make_dataclass(cls.__name__, told, namespace=parts, repr=False, eq=False, frozen=frozen)
    made = twin.__init__
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    return made


def _values(cls: Any, which: str) -> Callable[[Any], Any]:
    """What gives the values of the fields that are compared, or hashed, as a tuple."""
    taken = [
        (one.name, one.compare if which == "compare" or one.hash is None else one.hash)
        for one in dataclasses.fields(cls)
    ]
    names = [name for name, is_taken in taken if is_taken]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda own: tuple(getattr(own, name) for name in names)


def _compared(values: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def __eq__(self: Any, other: Any) -> Any:
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    return __eq__


def _hashed(values: Callable[[Any], Any]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(values(self))

    return __hash__


@recursive_repr()
def _shown(self: Any) -> str:
    told = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({told})"


def _not_set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _set_state(self: Any, state: list[object]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
