"""Columns as numpy arrays with a mask of what is known: the one form in which data travel inside the package.

`Number`, `Text` and `Truth` are the three types of the rule language. `known` is None where every value is known,
so that complete data cost nothing extra. Values under an unknown are undefined but harmless (0, code 0, False).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from mpi.language import phrase

Mask: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
FEW = 8  # labels that are compared one by one; more are looked up
BITS = 63  # of an integer of 0 or more
Code = TypeVar("Code", np.int64, np.uint64)
T = TypeVar("T")
WORDS = (np.uint8, np.uint16, np.uint32, np.uint64)
SMALL_TABLE = 2**16  # entries of a table that is always worth making
LARGEST_EXACT = 2.0**53  # up to here every whole number has its own double


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """Numbers.

    Attributes
    ----------
    values : int8, int16, int32, int64 or float64, shape (n,)
        As narrow as they are stored: a census is read in a quarter of the time. Never NaN or infinite where known.
    known : bool, shape (n,), or None
        False where the value is unknown; None if all are known.
    """

    values: NDArray[np.signedinteger[Any]] | NDArray[np.float64]
    known: Mask | None = None

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Texts, as codes into a list of distinct labels.

    Attributes
    ----------
    codes : int8, int16, int32 or int64, shape (n,)
        Index into `labels`; 0 where unknown.
    labels : tuple of str
        Distinct; may hold labels that no row has.
    known : bool, shape (n,), or None
        False where the value is unknown; None if all are known.
    """

    codes: NDArray[np.signedinteger[Any]]
    labels: tuple[str, ...]
    known: Mask | None = None

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Truth values: true, false or unknown (Kleene).

    Attributes
    ----------
    true : bool, shape (n,)
        True where the value is known to be true; False where it is false or unknown.
    known : bool, shape (n,), or None
        False where the value is unknown; None if all are known.
    """

    true: Mask
    known: Mask | None = None

    def __len__(self) -> int:
        return len(self.true)


Values: TypeAlias = Number | Text | Truth


def not_none(value: T | None) -> T:
    """A value that the caller knows to be present; raises TypeError if it is None."""
    if value is None:
        raise TypeError("a value was expected, not None")
    return value


def number_of(values: Values) -> Number:
    """A column that the caller knows to be numbers; raises TypeError if it is not."""
    if not isinstance(values, Number):
        raise TypeError(f"a column of numbers was expected, not a {type(values).__name__}")
    return values


def text_of(values: Values) -> Text:
    """A column that the caller knows to be texts; raises TypeError if it is not."""
    if not isinstance(values, Text):
        raise TypeError(f"a column of texts was expected, not a {type(values).__name__}")
    return values


def truth_of(values: Values) -> Truth:
    """A column that the caller knows to be truth values; raises TypeError if it is not."""
    if not isinstance(values, Truth):
        raise TypeError(f"a column of truth values was expected, not a {type(values).__name__}")
    return values


def both_known(a: Mask | None, b: Mask | None) -> Mask | None:
    """Where two columns are both known; None if both are known everywhere."""
    if a is None:
        return b
    return a if b is None else a & b


def where_known(values: Values) -> Mask:
    """What is known of a column, bool, shape (n,), also where `known` is None."""
    return np.ones(len(values), np.bool_) if values.known is None else values.known


def where_label(text: Text, labels: Collection[str]) -> Mask:
    """Where a text is one of some labels, whether known or not; bool, shape (n,)."""
    wanted = [code for code, label in enumerate(text.labels) if label in labels]
    if len(wanted) <= FEW:  # comparing narrow codes costs less than looking them up
        found = np.zeros(len(text), np.bool_)
        for code in wanted:
            found |= text.codes == code
        return found
    marks = np.zeros(len(text.labels), np.bool_)
    marks[wanted] = True
    return np.take(marks, text.codes)


def take(values: Values, index: NDArray[np.int64] | slice) -> Values:
    """The rows that `index` names, in its order."""
    known = None if values.known is None else values.known[index]
    match values:
        case Number():
            return Number(values.values[index], known)
        case Text():
            return Text(values.codes[index], values.labels, known)
        case Truth():
            return Truth(values.true[index], known)


def repeat(values: Values, sizes: NDArray[np.int64]) -> Values:
    """Each row repeated `sizes` times: a household's value given to each of its persons.

    Parameters
    ----------
    values : Number, Text or Truth, n rows
        One row a household.
    sizes : int64, shape (n,)
        Number of persons of each household.
    """
    known = None if values.known is None else np.repeat(values.known, sizes)
    match values:
        case Number():
            repeated: NDArray[Any] = np.repeat(values.values, sizes)
            return Number(repeated, known)
        case Text():
            return Text(np.repeat(values.codes, sizes), values.labels, known)
        case Truth():
            return Truth(np.repeat(values.true, sizes), known)


def stable_order(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows in the order of their codes of 0 or more, like a stable `argsort`, but faster.

    The row number in the lowest bits makes the fast sort of whole numbers stable.

    Examples
    --------
    >>> stable_order(np.array([2, 0, 2, 1])).tolist()
    [1, 3, 0, 2]
    """
    within = max(0, len(codes) - 1).bit_length()
    if int(codes.max(initial=0)).bit_length() + within > BITS:
        return np.argsort(codes, kind="stable")
    packed = (codes << within) | np.arange(len(codes))
    packed.sort()
    return packed & ((1 << within) - 1)


def concatenate(parts: Sequence[Values]) -> Values:
    """Columns of several batches one below the other; an all-unknown column takes the type of the others.

    Raises
    ------
    TypeError
        If the types differ.
    """
    sure = [part for part in parts if len(part) and (part.known is None or part.known.any())]
    model = sure[0] if sure else parts[0]
    alike = [part if type(part) is type(model) else _unknown_like(model, len(part)) for part in parts]
    if any(type(part) is not type(model) for part in sure):
        raise TypeError("columns of different types")
    known = None
    if any(part.known is not None for part in alike):
        known = np.concatenate([where_known(part) for part in alike])
    if isinstance(model, Number):
        whole: NDArray[Any] = np.concatenate([part.values for part in alike if isinstance(part, Number)])
        return Number(whole, known)
    if isinstance(model, Truth):
        return Truth(np.concatenate([part.true for part in alike if isinstance(part, Truth)]), known)
    labels, codes = common_codes([part for part in alike if isinstance(part, Text)])
    return Text(np.concatenate(codes), labels, known)


def _unknown_like(model: Values, n: int) -> Values:
    unknown = np.zeros(n, np.bool_)
    match model:
        case Number():
            return Number(np.zeros(n, np.int64), unknown)
        case Text():
            return Text(np.zeros(n, np.int64), model.labels or ("",), unknown)
        case Truth():
            return Truth(unknown, unknown)


def common_codes(texts: Sequence[Text]) -> tuple[tuple[str, ...], list[NDArray[np.int64]]]:
    """Codes of several columns into one list of labels, so that equal texts have equal codes."""
    if all(text.labels == texts[0].labels for text in texts):
        return texts[0].labels, [text.codes for text in texts]
    place: dict[str, int] = {}
    codes = []
    for text in texts:
        mapping = np.array([place.setdefault(label, len(place)) for label in text.labels] or [0], np.int64)
        codes.append(mapping[text.codes])
    return tuple(place), codes


def differ(a: Values, b: Values) -> Mask:
    """Where two columns differ; two unknowns are equal.

    Raises
    ------
    TypeError
        If the columns are of different types.
    """
    other: Mask
    match a, b:
        case Number(), Number():
            other = a.values != b.values
        case Text(), Text():
            _, codes = common_codes([a, b])
            other = codes[0] != codes[1]
        case Truth(), Truth():
            other = a.true != b.true
        case _:
            raise TypeError("columns of different types")
    known = both_known(a.known, b.known)
    if known is None:
        return other
    alone: Mask = where_known(a) != where_known(b)
    return alone | (known & other)


def crossed(texts: Sequence[Text]) -> Text:
    """Several columns of codes as one, their labels joined by a bar; unknown where one is.

    A bar inside a label gets a backslash, so that different codes never share a label.
    """
    return texts[0] if len(texts) == 1 else _following(texts, [_escaped(text.labels) for text in texts], "|")


def joined_codes(parts: Sequence[Text]) -> Text:
    """Several columns of codes, of which each has one width, as one; unknown where one is.

    Examples
    --------
    >>> joined_codes([Text(np.array([0, 1]), ("05", "11")), Text(np.array([0, 0]), ("001",))]).labels
    ('05001', '11001')
    """
    return _following(parts, [list(text.labels) or [""] for text in parts], "")


def _following(texts: Sequence[Text], labels: Sequence[list[str]], bar: str) -> Text:
    """Columns as one, their labels one after the other."""
    codes, mine, known = texts[0].codes.astype(np.int64), labels[0], texts[0].known
    for other, theirs in zip(texts[1:], labels[1:], strict=True):
        n = len(theirs)
        distinct, codes = np.unique(codes * n + other.codes, return_inverse=True)
        mine = [f"{mine[pair // n]}{bar}{theirs[pair % n]}" for pair in distinct.tolist()]
        known = both_known(known, other.known)
    return Text(codes.astype(np.int64), tuple(mine), known)


def _escaped(labels: Sequence[str]) -> list[str]:
    """Labels safe to join by bars; a column without any known text has one that no row has."""
    return [label.replace("\\", "\\\\").replace("|", "\\|") for label in labels] or [""]


def zeroed(numbers: NDArray[Any], mask: Mask) -> NDArray[Any]:
    """Numbers where a mask holds, and 0 elsewhere; as `np.where`, in a tenth of its time for narrow integers."""
    if numbers.dtype.kind == "i":
        kept: NDArray[Any] = np.multiply(numbers, mask, dtype=numbers.dtype)
        return kept
    return np.where(mask, numbers, 0)


def unknown_count(values: Values) -> int:
    """How many rows are unknown."""
    return 0 if values.known is None else int(len(values) - np.count_nonzero(values.known))


def no_codes(values: Values, exact: float = LARGEST_EXACT) -> Mask:
    """Where decimal numbers are not codes: with decimals, or too large to be distinguished from their neighbours."""
    if not isinstance(values, Number) or values.values.dtype.kind != "f":
        return np.zeros(len(values), np.bool_)
    bad: Mask = (values.values != np.floor(values.values)) | (np.abs(values.values) >= exact)
    return bad if values.known is None else bad & values.known


def codes_as_text(values: Values, width: int = 0, exact: float = LARGEST_EXACT) -> Text:
    """Codes as texts: whole numbers without decimals, padded with zeros to a width; a blank text of a width is unknown.

    Parameters
    ----------
    values : Values
    width : int
    exact : float
        Decimal numbers from here on cannot be distinguished from their neighbours: 2^53, or less for narrow types.

    Raises
    ------
    ValueError
        If there are numbers with decimals, or decimal numbers so large that neighbours look alike.
    """
    if isinstance(values, Text):
        if not width:
            return values
        blank = where_label(values, {label for label in values.labels if not label.strip()})
        known = where_known(values) & ~blank if blank.any() else values.known
        padded = [label.strip().zfill(width) if label.strip() else label for label in values.labels]
        labels = tuple(dict.fromkeys(padded))
        if len(labels) == len(padded):
            return Text(values.codes, labels, known)
        place = {label: i for i, label in enumerate(labels)}  # 5 beside 05, of a file that lost its zeros
        return Text(np.array([place[label] for label in padded], np.int64)[values.codes], labels, known)
    numbers: NDArray[Any] = values.true if isinstance(values, Truth) else values.values
    numbers = numbers if values.known is None else np.where(values.known, numbers, 0)
    if numbers.dtype.kind == "f":
        if (numbers != np.floor(numbers)).any():
            raise ValueError(phrase("numbers with decimals"))
        if (np.abs(numbers) >= exact).any():
            raise ValueError(phrase("decimal numbers of {exact:,.0f} or more, too large to be exact", exact=exact))
    found, codes = distinct(numbers.astype(np.int64))
    return Text(codes, tuple(str(number).zfill(width) for number in found.tolist()), values.known)


def distinct(codes: NDArray[Code]) -> tuple[NDArray[Code], NDArray[np.int64]]:
    """The distinct values of codes, ascending, and the place of each code among them.

    Codes in a range that is not much longer than they are many are marked in a table instead of being sorted.

    Parameters
    ----------
    codes : int64 or uint64, shape (n,)

    Returns
    -------
    int64 or uint64, shape (d,)
    int64, shape (n,)

    Examples
    --------
    >>> distinct(np.array([7, 2, 7]))
    (array([2, 7]), array([1, 0, 1]))
    """
    low = codes.min(initial=0) if not len(codes) else codes.min()
    span = int(codes.max(initial=low)) - int(low) + 1
    if span > max(SMALL_TABLE, 4 * len(codes)):
        found, which = np.unique(codes, return_inverse=True)
        return found, which
    near = (codes - low).astype(np.int64, copy=False)
    there = np.zeros(span, np.bool_)
    there[near] = True
    present = np.flatnonzero(there)
    place = np.zeros(span, np.int64)
    place[present] = np.arange(len(present))
    return present.astype(codes.dtype) + low, place[near]


def word_for(bits: int) -> Any:
    """The narrowest unsigned type of so many bits, up to 64: narrow words are packed faster."""
    return next(type_ for type_ in WORDS if np.iinfo(type_).bits >= bits)
