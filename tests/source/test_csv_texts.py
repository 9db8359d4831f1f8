"""Texts of CSV files: encodings, names of columns with line breaks, quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpi.columns.values import Number, Text
from mpi.source.table_opening import open_table
from mpi.source.tables import Opened
from mpi.specs.data_files import Dialect


def table(folder: Path, content: bytes) -> Opened:
    (folder / "p.csv").write_bytes(content)
    return open_table("persons", "p.csv", folder, Dialect())


def values(opened: Opened, column: str) -> list[object]:
    found = opened.whole([column])[column]
    if isinstance(found, Text):
        return [found.labels[code] for code in found.codes]
    assert isinstance(found, Number)
    return list(found.values)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_texts_of_every_usual_encoding_are_the_same(tmp_path: Path, encoding: str) -> None:
    opened = table(tmp_path, "año,b\nmañana,2\n".encode(encoding))
    assert (values(opened, "año"), values(opened, "b")) == (["mañana"], [2])


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_names_of_columns_may_have_line_breaks_and_signs_between_quotes(tmp_path: Path, sign: str) -> None:
    names = ["a", "how many, of\nthe household, who work, or not", "c"]
    head = sign.join(f'"{name}"' for name in names)
    opened = table(tmp_path, f"\n{head}\n1{sign}2{sign}3\n".encode())
    assert list(opened.columns) == names
    assert values(opened, names[1]) == [2]


def test_quotes_in_the_middle_of_a_text_are_signs_of_it(tmp_path: Path) -> None:
    """As other readers take them where no row has more than one line; line breaks stand in texts that are quoted."""
    opened = table(tmp_path, b'a,b\n5" pipe,1\n3" pipe,2\n')
    assert values(opened, "a") == ['5" pipe', '3" pipe']
    opened = table(tmp_path, b'a,b\n"x\n""y"", z",3\n\n"q",4\n')
    assert (values(opened, "a"), values(opened, "b")) == (['x\n"y", z', "q"], [3, 4])
