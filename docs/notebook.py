"""What the notebooks of the manual begin with: a folder with the sample data, and commands that must work."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / "build" / "docs" / "files"  # what pages of every language show in a frame
FOLDER = Path(tempfile.mkdtemp(prefix="mpi-docs-"))
(FOLDER / "sample_data").symlink_to(ROOT / "sample_data")
os.chdir(FOLDER)
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
os.environ["COLUMNS"] = "100"
pd.set_option("display.precision", 4, "display.max_rows", 40)


def command(line: str) -> None:
    """Run a line that begins with `!`; one that fails stops the build of the pages."""
    done = subprocess.run(  # noqa: S603  a line of the manual
        ["/bin/sh", "-c", line], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120
    )
    print(done.stdout, end="")
    if done.returncode:
        raise RuntimeError(f"{line}: exit code {done.returncode}")


get_ipython().system = command  # type: ignore[name-defined]  # noqa: F821


def household_file(path: str) -> None:
    """A Stata file with labels, as an office hands it on: 13 columns of the synthetic survey of Uruguay."""
    frame = pd.read_parquet("sample_data/uruguay_2018/ECH.parquet")
    school = ["e193", "e197", "e201", "e212", "e215", "e218", "e221", "e224"]
    frame["asiste"] = frame[school].eq(1).any(axis=1).map({True: 1, False: 2})
    names = {
        "numero": "numero", "nper": "nper", "dpto": "dpto", "estred13": "estrato", "upm_id": "upm", "pesoano": "peso",
        "e26": "sexo", "e27": "edad", "asiste": "asiste", "d10": "cuartos", "d12": "agua", "c4": "piso",
    }  # fmt: skip
    titles = {"asiste": "Asiste a la escuela", "agua": "Dónde llega el agua", "piso": "Material del piso"}
    labels = {
        "sexo": {1: "Hombre", 2: "Mujer"},
        "agua": {1: "Dentro de la vivienda", 2: "Fuera, en el terreno", 3: "Fuera del terreno", 4: "Otros medios"},
        "piso": {1: "Cerámica", 2: "Madera", 3: "Alisado", 4: "Hormigón sin revestir", 5: "Tierra"},
    }
    frame[[*names]].rename(columns=names).to_stata(
        path, write_index=False, variable_labels=titles, value_labels=labels, version=118
    )
