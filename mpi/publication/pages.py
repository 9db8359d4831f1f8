"""What every page of a publication is made with: its template and its style."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

from mpi.errors import Fault, UsageError, installing
from mpi.language import phrase


@functools.cache
def page_style(package: str, name: str) -> str:
    """A style sheet from the folder `page` of a package."""
    return (files(package) / "page" / name).read_text(encoding="utf-8").strip()


@functools.cache
def page_template(package: str, name: str) -> Any:
    """A template of jinja2 from the folder `page` of a package; it escapes what it is given.

    Raises
    ------
    UsageError
        If jinja2 is not installed.
    """
    try:
        from jinja2 import BaseLoader, Environment, StrictUndefined
    except ImportError:
        text = phrase("this page needs jinja2, which is not installed")
        raise UsageError(Fault("MPI-O013", None, text, installing("publish"))) from None
    environment = Environment(
        loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string((files(package) / "page" / name).read_text(encoding="utf-8"))
