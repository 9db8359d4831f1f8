"""Classes of `mpi.records` are those of `dataclasses`, whichever options and fields they have."""

import copy
import dataclasses
import inspect
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from mpi import records

OPTIONS = [
    dict(zip(("eq", "frozen", "slots", "kw_only"), values, strict=True)) for values in product((False, True), repeat=4)
]


WRONG: list[tuple[tuple[str, ...], dict[str, str]]] = [((), {"code": ""}), (("05",), {}), ((), {}), ((), {"k": "1"})]


def defined(decorate: Callable[..., Any], how: dict[str, bool]) -> Any:
    @decorate(**how)
    class Area:
        """An area."""

        code: str
        share: float = 0.5
        names: dict[str, str] = dataclasses.field(default_factory=dict, compare=False)
        hidden: str = dataclasses.field(default="x", repr=False, hash=False)

        def __post_init__(self) -> None:
            if not self.code:
                raise ValueError("no code")

    return Area


@pytest.mark.parametrize(
    "how", OPTIONS, ids=lambda how: "-".join(name for name, is_on in how.items() if is_on) or "none"
)
def test_a_class_is_that_of_the_standard_library(how: dict[str, bool]) -> None:
    ours, theirs = defined(records.dataclass, how), defined(dataclasses.dataclass, how)
    assert inspect.signature(ours) == inspect.signature(theirs)
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)
    assert hasattr(ours, "__slots__") == hasattr(theirs, "__slots__") == how["slots"]
    assert ours.__match_args__ == theirs.__match_args__
    told = [(str(one), repr(ours.__dataclass_params__)) for one in dataclasses.fields(ours)]
    assert told == [(str(one), repr(theirs.__dataclass_params__)) for one in dataclasses.fields(theirs)]
    seen = []
    for made in (ours, theirs):
        one, same, other = made(code="05"), made(code="05", names={"05": "A"}), made(code="05", hidden="y")
        assert one.names == {}
        assert one.names is not made(code="05").names
        changed = dataclasses.replace(one, share=0.1)
        seen.append((
            repr(one), one == same, one == other, one == changed, one == "05", copy.copy(one).share, changed.share,
            [refused(lambda one=one: setattr(one, "code", "08")), refused(lambda one=one: delattr(one, "share"))],
            *(refused(lambda made=made, how=how: made(*how[0], **how[1])) for how in WRONG),
            how["eq"] and how["frozen"] and (hash(one) == hash(same) == hash(other)),
        ))  # fmt: skip
    assert seen[0] == seen[1]


def refused(act: Callable[[], object]) -> tuple[str, str] | None:
    try:
        act()
    except (dataclasses.FrozenInstanceError, TypeError, ValueError) as error:
        return type(error).__name__, str(error)
    return None


@records.dataclass(frozen=True, slots=True)
class Kept:
    """Something that processes send each other."""

    name: str
    parts: tuple["Kept", ...] = ()


def test_frozen_objects_with_slots_are_copied() -> None:
    one = Kept("a", (Kept("b"),))
    assert copy.copy(one) == one  # by what pickle asks for
    assert hash(copy.deepcopy(one)) == hash(one)


def test_what_is_not_plain_is_left_to_the_standard_library() -> None:
    @records.dataclass(frozen=True, slots=True)
    class Wider(Kept):
        """Inherits fields."""

        more: int = 0

    assert Wider("a", (), 3) == Wider("a", more=3)
    assert repr(Wider("a")).endswith("Wider(name='a', parts=(), more=0)")

    @records.dataclass
    class Bare:
        count: int = dataclasses.field(init=False, default=1)

    assert repr(Bare()).endswith("Bare(count=1)")
    assert Bare.__doc__ is not None


def test_its_methods_are_not_compiled_before_they_are_used() -> None:
    ours = defined(records.dataclass, OPTIONS[-1])
    before = vars(ours)["__init__"]
    assert not inspect.isfunction(before)
    ours(code="05")
    assert inspect.isfunction(vars(ours)["__init__"])
