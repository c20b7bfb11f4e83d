"""Machines of a cluster: each in a network and mount namespace of its own, where these can be had.

Elsewhere each is a folder of its own, and all have the address 127.0.0.1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_NETWORK: Final = "10.111.86"

#: Hides what lies in a folder, apart from two folders in it; then waits for the end of its input.
_MACHINE: Final = """
set -e
base="$1" home="$2" shared="$3" hosts="$4"
mount --bind "$hosts" /etc/hosts
exec 8<"$home" 9<"$shared"
mount -t tmpfs none "$base"
mkdir -p "$home" "$shared"
mount --no-canonicalize --bind /proc/self/fd/8 "$home"
mount --no-canonicalize --bind /proc/self/fd/9 "$shared"
exec 8<&- 9<&-
ip link set lo up
echo ready
cat >/dev/null
"""


class OwnMachines:
    """Machines that see neither each other's files nor, but for a bridge, each other's network."""

    def __init__(self, base: Path, names: Sequence[str]) -> None:
        """Prepare.

        Args:
            base: a folder; in it, a machine sees its home and the folder `shared` alone.
            names: of all machines that there will be, by which they know each other. The first
                has the bridge.
        """
        self._base = base
        self._numbers = {name: number for number, name in enumerate(names, 1)}
        self._holders: dict[str, subprocess.Popen[bytes]] = {}
        self.shared = base / "shared"
        self.shared.mkdir()
        self._hosts = base / "hosts"
        lines = [f"{_NETWORK}.{number} {name}" for name, number in self._numbers.items()]
        self._hosts.write_text("\n".join(["127.0.0.1 localhost", *lines, ""]))
        self.are_namespaces = self._try_namespaces(names[0])

    def home(self, name: str) -> Path:
        """A machine's folder; the machine is made if it is not there."""
        path = self._base / name
        if not path.exists():
            path.mkdir()
            if self.are_namespaces:
                self._start(name)
        return path

    def on(self, name: str, command: Sequence[str]) -> list[str]:
        """The command that runs another command on a machine, in its home."""
        home = self.home(name)
        if not self.are_namespaces:
            return [*command]
        pid = str(self._holders[name].pid)
        return ["nsenter", "--net", "--mount", f"--wdns={home}", "-t", pid, "--", *command]

    def close(self) -> None:
        """End the machines; the kernel removes namespaces and devices with the last process."""
        for holder in self._holders.values():
            assert holder.stdin is not None
            holder.stdin.close()
            holder.wait()

    def _try_namespaces(self, first: str) -> bool:
        if sys.platform != "linux" or os.geteuid() != 0:
            return False
        try:
            (self._base / first).mkdir()
            self._start(first)
        except (OSError, subprocess.CalledProcessError):  # no such program, or not allowed
            return False
        return True

    def _start(self, name: str) -> None:
        """Start what holds the namespaces of a machine, and connect it with the bridge."""
        arguments = [self._base, self._base / name, self.shared, self._hosts]
        holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c", _MACHINE, "sh", *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert holder.stdout is not None
        with holder.stdout as told:
            if told.readline() != b"ready\n":
                raise OSError("no namespaces")
        self._holders[name] = holder
        first = next(iter(self._holders))
        number = self._numbers[name]
        device = "bridge"
        if name == first:
            self._ip(first, "link", "add", device, "type", "bridge")
        else:
            device, end = "cable", f"port{number}"
            peer = ["peer", "name", device, "netns", str(holder.pid)]
            self._ip(first, "link", "add", end, "type", "veth", *peer)
            self._ip(first, "link", "set", end, "master", "bridge", "up")
        self._ip(name, "addr", "add", f"{_NETWORK}.{number}/24", "dev", device)
        self._ip(name, "link", "set", device, "up")

    def _ip(self, name: str, *words: str) -> None:
        pid = str(self._holders[name].pid)
        subprocess.run(["nsenter", "--net", "-t", pid, "ip", *words], check=True)
