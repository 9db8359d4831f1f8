"""A PostgreSQL of the test's own, in a temporary folder: started by an unprivileged user, as it asks for."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "s3cret-word"  # noqa: S105  of a server that lives as long as a test
SECONDS = 60


def _programs() -> Path | None:
    """The folder of `initdb`: on the path, or where Debian puts the newest one."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """Gives the address of a running server, with user and password."""
    programs = _programs()
    if programs is None:
        reason = "PostgreSQL is not installed: apt-get install postgresql"
        if os.environ.get("MPI_POSTGRES") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:
        folder, port, user = Path(name), _free_port(), None
        if os.getuid() == 0:
            user = pwd.getpwnam("nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, "-D", folder / "data", *arguments],
                check=True,
                cwd=folder,
                timeout=SECONDS,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                user=None if user is None else user.pw_uid,
                group=None if user is None else user.pw_gid,
                extra_groups=None if user is None else [],
            )

        (folder / "word").write_text(PASSWORD, encoding="utf-8")
        (folder / "word").chmod(0o644)
        run("initdb", "-U", "owner", "--auth=scram-sha-256", f"--pwfile={folder / 'word'}", "--no-sync", "-E", "UTF8",
            "--locale=C")  # fmt: skip
        options = f"-k {folder} -c listen_addresses=127.0.0.1 -p {port} -c fsync=off"
        run("pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://owner:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
