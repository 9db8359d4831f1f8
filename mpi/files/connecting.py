"""Connections to object stores, and what to say where a store refuses or does not answer.

Credentials come from the environment or the usual files of each service, and are in no address, config, manifest or
message. What a store says of an error may quote them, so it is looked at and never passed on.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from mpi.errors import DataError, Fault, MpiError, Place, UsageError
from mpi.errors.resources import raise_scarce
from mpi.language import phrase

if TYPE_CHECKING:
    from pyarrow import fs

# Of each kind of store, what of the environment says where it is and who asks, beside the files of its service.
VARIABLES = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
           "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"),
    "gs": ("GOOGLE_APPLICATION_CREDENTIALS", "STORAGE_EMULATOR_HOST"),
    "abfs": ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_ID",
             "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_STORAGE_SERVICE_ENDPOINT"),
    "hdfs": ("HADOOP_HOME", "HADOOP_CONF_DIR", "HADOOP_USER_NAME", "CLASSPATH"),
}  # fmt: skip
SECONDS = 10  # until a connection is given up
LIMIT = 10  # for trying again, where a store has no number of times
OF_STORES = re.compile(r"AWS Error|curl|google::cloud|google\.cloud|Azure|HDFS|hdfs|Hadoop|GetObject|timed? ?out", re.I)
LIBRARY = re.compile("libjvm|libhdfs")
MISSING = re.compile(r"NO_SUCH_(BUCKET|KEY)|NoSuch(Bucket|Key)|(Container|Blob|Path)NotFound|bucket does not exist")
REFUSED = re.compile(
    r"ACCESS_DENIED|ACCESS_KEY|SIGNATURE|TOKEN|credential|HTTP status 40[013]|\b40[13] |forbidden|unauthori|"
    r"unauthenticated|AuthenticationFailed|AuthorizationFailure|permission.?denied|AccessControl",
    re.I,
)


@contextmanager
def telling(address: str, kind: str, *, every: bool) -> Iterator[None]:
    """Read from a store: what it refuses is one message.

    Parameters
    ----------
    address, kind : str
        Of what is read.
    every : bool
        Whether nothing but the store can fail here; what a damaged file makes Arrow say is looked at elsewhere.

    Raises
    ------
    FileNotFoundError
        If the bucket or the object is not there.
    UsageError
        If the store refuses whoever asks.
    DataError
        If it does not answer, or not to the end.
    """
    try:
        yield
    except (FileNotFoundError, MpiError):
        raise
    except (OSError, ValueError) as error:  # as Arrow's own are
        said = str(error)
        if not (every or OF_STORES.search(said)):
            raise
        raise_scarce(error, address)
        if MISSING.search(said):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), address) from None
        names = ", ".join(VARIABLES[kind])
        if LIBRARY.search(said):
            text = phrase("the libraries of Hadoop, which read hdfs:// addresses, are not found on this machine")
            remedy = phrase("set {names} and JAVA_HOME as `hadoop` does, or copy the file to a folder", names=names)
            raise UsageError(Fault("MPI-U241", Place(address), text, remedy)) from None
        if REFUSED.search(said):
            text = phrase("the store refuses access with the credentials that it was given, or without any")
            remedy = phrase("look at {names}, and at the files of the service: their values are not shown", names=names)
            raise UsageError(Fault("MPI-U241", Place(address), text, remedy)) from None
        text = phrase("the store does not answer, or its answer broke off")
        remedy = phrase("look at the network and at {names}, and run it again", names=names)
        raise DataError(Fault("MPI-D212", Place(address), text, remedy)) from None


def connected(address: str, kind: str, bucket: str) -> fs.FileSystem:
    """The connection to a store; one for each bucket and state of the environment.

    Raises
    ------
    UsageError, DataError
        If there is none.
    """
    settings = tuple((name, os.environ.get(name)) for name in VARIABLES[kind])
    try:
        with telling(address, kind, every=True):
            return _connected(kind, bucket, settings)
    except ImportError:
        text = phrase("the installed pyarrow cannot read {kind}:// addresses", kind=kind)
        remedy = phrase("install a pyarrow that can, or copy the file to a folder")
        raise UsageError(Fault("MPI-U241", Place(address), text, remedy)) from None


@lru_cache(maxsize=16)
def _connected(kind: str, bucket: str, settings: tuple[tuple[str, str | None], ...]) -> fs.FileSystem:
    from pyarrow import fs

    said = {name: value for name, value in settings if value}
    if kind == "s3":
        return _s3(bucket, said)
    if kind == "gs":
        emulated = said.get("STORAGE_EMULATOR_HOST", "")
        scheme, _, host = emulated.rpartition("://")
        own = {"anonymous": True, "endpoint_override": host, "scheme": scheme or "http"} if emulated else {}
        return fs.GcsFileSystem(retry_time_limit=timedelta(seconds=LIMIT), **own)
    if kind == "abfs":
        return _azure(bucket, said)
    host, _, port = bucket.partition(":")
    return fs.HadoopFileSystem(host or "default", int(port) if port.isdigit() else 0)


def _s3(bucket: str, said: dict[str, str]) -> fs.FileSystem:
    from pyarrow import fs

    endpoint = said.get("AWS_ENDPOINT_URL_S3") or said.get("AWS_ENDPOINT_URL")
    region = said.get("AWS_REGION") or said.get("AWS_DEFAULT_REGION")
    if endpoint is None and region is None and "AWS_PROFILE" not in said:
        region = fs.resolve_s3_region(bucket)
    return fs.S3FileSystem(region=region, endpoint_override=endpoint, connect_timeout=SECONDS)


def _azure(bucket: str, said: dict[str, str]) -> fs.FileSystem:
    """The account of `container@account.dfs.core.windows.net`, or else that of the environment."""
    from pyarrow import fs

    account = bucket.partition("@")[2].partition(".")[0] or said.get("AZURE_STORAGE_ACCOUNT", "")
    own: dict[str, str] = {}
    if endpoint := said.get("AZURE_STORAGE_SERVICE_ENDPOINT"):
        scheme, _, host = endpoint.rpartition("://")
        for service in ("blob", "dfs"):
            own |= {f"{service}_storage_authority": host, f"{service}_storage_scheme": scheme or "https"}
    if key := said.get("AZURE_STORAGE_KEY"):
        own["account_key"] = key
    elif token := said.get("AZURE_STORAGE_SAS_TOKEN"):
        own["sas_token"] = token
    return fs.AzureFileSystem(account, **own)
