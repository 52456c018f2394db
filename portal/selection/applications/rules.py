"""Pure rules of applications: lines of text that name people, data and groups."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ADDRESS = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]+")


@dataclass(frozen=True)
class NamedMember:
    """Somebody whom an application names."""

    name: str
    email: str = ""
    function: str = ""


def parse_members(text: str) -> Sequence[NamedMember]:
    """Read « name ; email ; function », one a line; order and presence of the last two are free."""
    members = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(";") if part.strip()]
        if not parts:
            continue
        email = next((part for part in parts[1:] if is_email_address(part)), "")
        rest = [part for part in parts[1:] if part != email]
        members.append(NamedMember(parts[0], email.lower(), ", ".join(rest)))
    return members


def format_members(members: Iterable[NamedMember]) -> str:
    """The same as text."""
    lines = (" ; ".join(part for part in (m.name, m.email, m.function) if part) for m in members)
    return "\n".join(lines)


def is_email_address(text: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return _ADDRESS.fullmatch(text) is not None


def split_lines(text: str) -> Sequence[str]:
    """The lines of a text that say something."""
    return [line.strip(" -•*\t") for line in text.splitlines() if line.strip(" -•*\t")]
