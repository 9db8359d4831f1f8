"""Whether a folder of outputs, and the inputs it was made from, are still what its manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mpi.errors import Fault, Place
from mpi.files.stores import location
from mpi.language import Phrase, phrase
from mpi.runs.manifest import NAME, intact, listed_files, read_json, state_in_store, state_of, walked

AGAIN = phrase("run the study again into a new folder: -o DIR")
READ = phrase("give the folder of the files that were read as --data, or run the study again into a new folder: -o DIR")
REMEDIES: Mapping[str, Phrase] = {
    "MPI-V001": phrase("give the folder that `mpi run` made"), "MPI-V002": AGAIN, "MPI-V003": AGAIN, "MPI-V004": AGAIN,
    "MPI-V005": phrase("move it out of this folder"), "MPI-V006": phrase("put the file itself there instead of a link"),
    "MPI-V007": READ, "MPI-V008": READ,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in which a folder is not what its manifest says; `file` is its name in the manifest."""

    code: str
    file: str
    text: str

    @property
    def fault(self) -> Fault:
        """The same with its remedy."""
        place = Place(self.file) if self.file else None
        return Fault(self.code, place, self.text, REMEDIES.get(self.code, ""))

    def __str__(self) -> str:
        return str(self.fault)


def verify(folder: Path, data: Path | None = None) -> list[Finding]:
    """Where a folder, and the inputs it was made from, are not what the manifest says.

    Parameters
    ----------
    folder : Path
        Of the outputs.
    data : Path, optional
        Folder of the inputs; they are not looked at if left out.

    Returns
    -------
    list of Finding
        None if all is as it was.
    """
    try:
        said = read_json(folder / NAME)
        outputs = listed_files(said["outputs"])
        inputs = listed_files(said["inputs"])
        within = [one["within"] for one in said["inputs"]]
        whole = intact(said)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return [Finding("MPI-V001", NAME, phrase("there is no manifest here that can be read"))]
    findings = []
    if not whole:
        findings.append(Finding("MPI-V002", NAME, phrase("the manifest was changed after the run")))
    for name, size, digest in outputs:
        if (state := state_of(folder, name, size, digest)) is not None:
            code, text = {
                "link": ("MPI-V006", phrase("is a link, or is outside the folder")),
                "missing": ("MPI-V003", phrase("this output is missing")),
                "changed": ("MPI-V004", phrase("this output was changed after the run")),
            }[state]
            findings.append(Finding(code, name, text))
    known = {name for name, _, _ in outputs}
    findings += [
        Finding("MPI-V005", name, phrase("this file was not written by the run"))
        for name, _ in walked(folder)
        if name not in known
    ]
    if data is None:
        return findings
    for (name, size, digest), where in zip(inputs, within, strict=True):
        if where not in ("data", "store"):
            findings.append(
                Finding("MPI-V009", name, phrase("this input was not in the data folder, so it is not checked"))
            )
            continue
        state = (
            state_of(data, name, size, digest, follow=True)
            if where == "data"
            else state_in_store(location(name), size, digest)
        )
        if state is not None:
            code, text = {
                "link": ("MPI-V006", phrase("is a link, or is outside the folder")),
                "missing": ("MPI-V007", phrase("this input is missing")),
                "changed": ("MPI-V008", phrase("this input is not the one of the run")),
            }[state]
            findings.append(Finding(code, name, text))
    return findings
