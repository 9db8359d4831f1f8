"""Faults, errors and the words around them."""

from __future__ import annotations

import pickle

import pytest

from mpi.errors import (
    ConfigError,
    DataError,
    Fault,
    MpiError,
    MpiWarning,
    Notice,
    Place,
    UsageError,
    counted,
    listed,
    nearest,
    printable,
)

PLACE = Place("m.yaml", 14, 3)


def test_a_warning_carries_its_notice_and_code() -> None:
    warning = MpiWarning(Notice("MPI-N006", "9.9% are left out"))
    assert (warning.code, str(warning)) == ("MPI-N006", "MPI-N006 9.9% are left out")
    again = pickle.loads(pickle.dumps(warning))  # noqa: S301  its own
    assert (type(again), again.notice, str(again)) == (MpiWarning, warning.notice, str(warning))


@pytest.mark.parametrize(
    ("place", "text"), [(PLACE, "m.yaml:14:3"), (Place("m.yaml", 14), "m.yaml:14"), (Place("m.yaml"), "m.yaml")]
)
def test_a_place_is_a_file_with_line_and_column_where_known(place: Place, text: str) -> None:
    assert str(place) == text


def test_a_fault_is_its_code_place_text_and_remedy() -> None:
    assert str(Fault("MPI-X001", PLACE, "is wrong", "mend it")) == "MPI-X001 m.yaml:14:3: is wrong\n  mend it"
    assert str(Fault("MPI-X001", None, "is wrong")) == "MPI-X001 is wrong"


def test_a_notice_is_its_code_place_and_text() -> None:
    assert str(Notice("MPI-N001", "to know", PLACE)) == "MPI-N001 m.yaml:14:3: to know"
    assert str(Notice("MPI-N001", "to know")) == "MPI-N001 to know"


@pytest.mark.parametrize(("kind", "code"), [(MpiError, 1), (ConfigError, 2), (UsageError, 2), (DataError, 1)])
def test_an_error_carries_all_faults_through_a_process_pool(kind: type[MpiError], code: int) -> None:
    faults = (Fault("MPI-X001", PLACE, "a", "b"), Fault("MPI-X002", None, "c"))
    error = pickle.loads(pickle.dumps(kind(*faults)))  # noqa: S301  our own bytes
    assert type(error) is kind
    assert error.faults == faults
    assert error.exit_code == code
    assert str(error) == "MPI-X001 m.yaml:14:3: a\n  b\nMPI-X002 c"


def test_an_error_of_usage_is_a_value_error_and_every_error_has_a_fault() -> None:
    assert issubclass(UsageError, ValueError)
    with pytest.raises(ValueError, match=r"^an MpiError needs at least one Fault$"):
        MpiError()


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("wieght", ["weight", "title"], "did you mean 'weight'?"),
        ("Water", ["water "], "did you mean 'water '? (look at capitals, blanks and accents)"),
        ("educacion", ["educación"], "did you mean 'educación'? (look at capitals, blanks and accents)"),
        ("año", ["an\u0303o"], "did you mean 'an\u0303o'? (look at capitals, blanks and accents)"),
        ("xyz", ["weight"], ""),
        ("xyz", [], ""),
        ("AGE", ["Age", "age"], "did you mean 'Age'? (look at capitals, blanks and accents)"),
    ],
)
def test_a_misspelt_name_gets_the_nearest_known_one(name: str, known: list[str], hint: str) -> None:
    assert nearest(name, known) == hint


def test_at_most_five_names_are_listed() -> None:
    assert listed([]) == ""
    assert listed(list("abcde")) == "a, b, c, d, e"
    assert listed(list("abcdef")) == "a, b, c, d, e, and 1 more"
    assert listed(list("abc"), most=1) == "a, and 2 more"


def test_a_number_comes_with_its_noun_in_the_right_form() -> None:
    assert counted(0, "row") == "0 rows"
    assert counted(1, "row") == "1 row"
    assert counted(12_345, "person", "people") == "12,345 people"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ñandú 'a'\nb", "ñandú 'a'\nb"),
        ("\x1b[31mred\x07", "\\u001b[31mred\\u0007"),
        ("a\tb\rc", "a\\u0009b\\u000dc"),
        ("x\u202ey\u2066", "x\\u202ey\\u2066"),
        ("\x9b\u2028\U000e0001", "\\u009b\\u2028\\ue0001"),
    ],
)
def test_what_could_disturb_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert str(Fault("MPI-X001", None, text)) == f"MPI-X001 {shown}"
