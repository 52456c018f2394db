"""Copies encrypted for a recipient, by age or GnuPG, so that they may leave the machine.

Encrypting needs the recipient's public key alone: the machine that makes copies cannot read them back.
"""

import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from portal.app.command_line.copies import NAME
from portal.app.command_line.dumps import CopyRefused, sync_to_disk

AGE, GPG = ".tar.age", ".tar.gpg"


def encrypt_copy(folder: Path, recipient: str) -> Path:
    """Write a copy as one encrypted file beside its folder; returns the file.

    `recipient` is an age key (`age1…`), or a key that GnuPG knows. Raises `CopyRefused`.
    """
    is_age = recipient.startswith("age1")
    target = folder.with_name(f"{folder.name}{AGE if is_age else GPG}")
    partial = target.with_name(f".{target.name}.partial")
    command = ["age", "--recipient", recipient]
    if not is_age:
        command = [
            "gpg",
            "--batch",
            "--quiet",
            "--trust-model",
            "always",
            "--recipient",
            recipient,
            "--encrypt",
        ]
    try:
        with partial.open("xb") as file:
            partial.chmod(0o600)
            _pipe_folder_as_tar(folder, command, file.fileno())
        sync_to_disk(partial)
        partial.rename(target)
        sync_to_disk(target.parent)
    except OSError as failed:
        raise CopyRefused(f"{target} could not be written: {failed.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)
    return target


def _pipe_folder_as_tar(folder: Path, command: Sequence[str], output: int) -> None:
    """Send a folder as a tar archive through a program, without a file in between."""
    with _start_program(command, stdin=subprocess.PIPE, stdout=output) as process:
        try:
            with tarfile.open(fileobj=process.stdin, mode="w|") as archive:
                archive.add(folder, folder.name)
        except BrokenPipeError:
            pass  # its complaint says why
        _require_success(process, command[0])


def decrypt_copy(file: Path, parent: Path, identity: Path | None = None) -> Path:
    """Write the folder of an encrypted copy into `parent`; returns it. Raises `CopyRefused`.

    `identity` is the file of age's secret key; GnuPG finds its own.
    """
    name = file.name.partition(".")[0]
    if not NAME.fullmatch(name) or (parent / name).exists():
        raise CopyRefused(f"{parent / name} is there already, or {file.name} is no copy.")
    command = ["gpg", "--batch", "--quiet", "--decrypt", str(file)]
    if file.name.endswith(AGE):
        command = ["age", "--decrypt", *(["--identity", str(identity)] if identity else []), str(file)]
    folder = Path(mkdtemp(prefix=f".{name}.partial-", dir=parent))
    try:
        with _start_program(command, stdout=subprocess.PIPE) as process:
            fault = ""
            try:
                with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                    archive.extractall(folder, filter="data")
            except (tarfile.TarError, OSError) as broken:
                fault = str(broken)
            _require_success(process, command[0])
        if fault or not (folder / name).is_dir():
            raise CopyRefused(f"{file.name} holds no whole copy: {fault or name + ' is missing'}.")
        return (folder / name).rename(parent / name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start_program(
    command: Sequence[str], stdin: int | None = None, stdout: int | None = None
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  fixed programs, no shell
            command, stdin=stdin or subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE
        )
    except FileNotFoundError:
        raise CopyRefused(f"{command[0]} is not on the path.") from None


def _require_success(process: "subprocess.Popen[bytes]", program: str) -> None:
    _output, complaint = process.communicate()
    if process.returncode:
        raise CopyRefused(f"{program} failed: {complaint.decode(errors='replace').strip()}")
