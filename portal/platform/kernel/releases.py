"""The releases of the portal with their last migrations, and which may follow which."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """A release and the newest migration of its schema."""

    version: str
    migration: str


# The oldest first; a release adds itself.
RELEASES = (
    Release("0.1.0", "0020"),
    Release("0.2.0", "0047"),
    Release("0.3.0", "0051"),
    Release("0.4.0", "0052"),
    Release("0.5.0", "0052"),
    Release("0.6.0", "0054"),
    Release("0.7.0", "0054"),
    Release("0.8.0", "0056"),
    Release("0.9.0", "0056"),
    Release("0.10.0", "0057"),
    Release("0.11.0", "0059"),
    Release("0.12.0", "0060"),
    Release("0.13.0", "0061"),
    Release("0.14.0", "0063"),
    Release("0.15.0", "0063"),
)


def find_skipped_release(schema: str, head: str) -> Release | None:
    """The first release that must be installed between a schema and the code whose newest migration
    is `head`; None where the code may follow directly.

    Code supports the schema of the release before it, and what came after that.
    """
    between = [each for each in RELEASES if int(schema) < int(each.migration) < int(head)]
    return between[0] if between else None
