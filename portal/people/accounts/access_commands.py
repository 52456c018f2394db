"""What opens a person's data beside their password: ways in, and tokens that need no session.

Tokens and links are listed, and ended together; ways in are listed, and ended each on its page.

Features above this one contribute theirs.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions


@dataclass(frozen=True)
class PersonalTokenOrLink:
    """A token or link of a person; `key` is unique among all of theirs."""

    key: str
    label: str


@dataclass(frozen=True)
class PersonalTokensAndLinksSource(Contribution):
    """Lists a person's tokens or links of one kind, and ends those whose key is not to be kept.

    The actor who ends them is None for the command line.
    """

    list_lines: Callable[[Person], Sequence[PersonalTokenOrLink]]
    revoke: Callable[[Actor | None, Person, Collection[str]], None]


@dataclass(frozen=True)
class AccessBesidePasswordSource(Contribution):
    """Lists what still opens a person's account after a change of password, and the page that ends it."""

    list_labels: Callable[[Person], Sequence[str]]
    endpoint: str


def list_access_beside_password(person: Person) -> list[tuple[str, str]]:
    """(label, endpoint of the page that ends it) of what opens this account beside its password."""
    return [
        (label, each.endpoint)
        for each in list_contributions(AccessBesidePasswordSource)
        for label in each.list_labels(person)
    ]


def list_personal_tokens_and_links(person: Person) -> list[PersonalTokenOrLink]:
    """Everything that opens this person's data without their session."""
    return [
        line for each in list_contributions(PersonalTokensAndLinksSource) for line in each.list_lines(person)
    ]


def revoke_personal_tokens_and_links(
    actor: Actor | None, person: Person, *, keep: Collection[str] = ()
) -> None:
    """End all of it, except the lines whose key is in `keep`."""
    for each in list_contributions(PersonalTokensAndLinksSource):
        each.revoke(actor, person, keep)
