"""The address of a scheduler: encrypted, or on this machine.

Whoever reaches a scheduler can run programs on its workers and on whatever machine grades. With
TLS these are the holders of a certificate.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from grader.errors import GraderError

_EXAMPLE: Final = "tls://host:8786"


class _SchedulerFile(msgspec.Struct):
    """What we read of a file that ``dask scheduler --scheduler-file`` writes."""

    address: str


def read_scheduler(text: str) -> str:
    """The address that a user has named, itself or by a scheduler file of Dask's.

    Raises:
        GraderError: it is none, or it may be reached without a certificate.
    """
    address = text if "://" in text else _read_file(Path(text))
    refuse_open_address(address)
    return address


def refuse_open_address(address: str) -> None:
    """Refuse an address that others can reach without a certificate.

    Raises:
        GraderError: says what to use instead.
    """
    scheme, host = _parts_of(address)
    if scheme == "tls" or (scheme == "tcp" and _is_loopback(host)):
        return
    raise GraderError(
        f"`{address}` is not encrypted: whoever reaches it can run programs on all machines of the "
        "cluster, and on this one. Start the scheduler and its workers with certificates, and "
        f"name it like `{_EXAMPLE}`. docs/cluster.md says how."
    )


def _parts_of(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        if parts.hostname and parts.port is not None:
            return parts.scheme, parts.hostname
    except ValueError:  # no number is the port
        pass
    raise GraderError(
        f"`{address}` is no address of a scheduler. Name it like `{_EXAMPLE}`, or name the file "
        "that `dask scheduler --scheduler-file` has written."
    )


def _read_file(path: Path) -> str:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_SchedulerFile).address
    except OSError as error:
        raise GraderError(
            f"the scheduler file {path} cannot be read ({error.strerror or error}). Name the file "
            f"that `dask scheduler --scheduler-file` has written, or an address like `{_EXAMPLE}`."
        ) from error
    except msgspec.DecodeError as error:
        raise GraderError(
            f"{path} is no scheduler file. `dask scheduler --scheduler-file {path}` writes one."
        ) from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
