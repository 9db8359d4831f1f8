"""Files of one table whose weights are in different units are noticed."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.source import open_survey
from mpi.source.weight_units import uneven_weights
from tests.test_docs import write_manual


@pytest.mark.parametrize(("scale", "noticed"), [(1, False), (50, False), (1_000_000, True)])
def test_a_file_with_weights_in_another_unit_is_noticed(tmp_path: Path, scale: int, noticed: bool) -> None:
    write_manual(tmp_path)
    households = pc.read_csv(tmp_path / "households.csv")
    scaled = pa.array([float(weight) * scale for weight in households.column("weight").to_pylist()[3:]])
    last = households.slice(3).set_column(households.column_names.index("weight"), "weight", scaled)
    (tmp_path / "homes").mkdir()
    first = households.slice(0, 3)
    pq.write_table(
        first.set_column(3, "weight", first.column("weight").cast(pa.float64())), tmp_path / "homes/a.parquet"
    )
    pq.write_table(last, tmp_path / "homes/b.parquet")
    path = tmp_path / "village_2026.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("households.csv", "homes"), encoding="utf-8")
    profile = mpi.deprivation_profile(mpi.load_survey(path), mpi.load_measure(tmp_path / "village.yaml"), tmp_path)
    found = [notice.text for notice in profile.notices if notice.code == "MPI-N008"]
    assert len(found) == noticed
    if noticed:
        assert found[0].startswith("the mean weight in homes/b.parquet is 1,")
        assert found[0].endswith(" times that in homes/a.parquet: are both in the same unit?")


@pytest.mark.parametrize("scale", [0.001, 1.0])
def test_small_weights_are_compared_as_they_are(tmp_path: Path, scale: float) -> None:
    write_manual(tmp_path)
    households = pc.read_csv(tmp_path / "households.csv")
    (tmp_path / "homes").mkdir()
    for name, start, mean in (("a", 0, scale), ("b", 3, 1e6 * scale)):
        part = households.slice(start, 3)
        weights = pa.array([mean] * part.num_rows)
        place = part.column_names.index("weight")
        pq.write_table(part.set_column(place, "weight", weights), tmp_path / "homes" / f"{name}.parquet")
    path = tmp_path / "village_2026.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("households.csv", "homes"), encoding="utf-8")
    table = open_survey(mpi.load_survey(path), tmp_path)
    (notice,) = uneven_weights(table)
    assert notice.text.startswith("the mean weight in homes/b.parquet is 1,000,000 times that in homes/a.parquet")
