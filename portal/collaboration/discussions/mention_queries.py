"""Who may be and who is mentioned in a discussion, and suggestions while one types `@`."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from portal.collaboration.discussions import policy, queries
from portal.collaboration.discussions.mention_rules import replace_names_with_handles, show_names
from portal.collaboration.discussions.models import Comment, Mention
from portal.collaboration.discussions.quotation_rules import remove_quotes_and_code
from portal.people.accounts.models import Person
from portal.people.programmes.models import PolicyScope, RoleAssignment
from portal.people.programmes.policy import ROLE_LABELS
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.subqueries import rows_subquery
from portal.platform.kernel.text import (
    LazyString,
    find_mentioned_handles,
    fold,
    replace_handles_with_names,
)

SUGGESTED_MAX = 8


class MentionedPerson(NamedTuple):
    """Whom a comment reached by `@handle`."""

    handle: str
    name: str


_mentioned = aliased(Person)
# A correlated subquery: the people whom each comment of a statement mentions, by handle.
MENTIONED_PEOPLE = rows_subquery(
    select(_mentioned.handle, _mentioned.name)
    .join_from(Mention, _mentioned, _mentioned.id == Mention.person_id)
    .where(Mention.comment_id == Comment.id)
    .order_by(_mentioned.handle),
    MentionedPerson,
    correlated=[Comment],
)


def replace_handles_of_comment(comment_id: UUID, body: str) -> str:
    """The text of a comment as its page shows it: with the names of those whom it mentions."""
    people = fetch_rows(_MENTIONED_BY_ONE, {"id": comment_id})
    return replace_handles_with_names(body, [(handle, name) for handle, name in people])


_MENTIONED_BY_ONE = PreparedStatement(
    select(Person.handle, Person.name)
    .join(Mention, Mention.person_id == Person.id)
    .where(Mention.comment_id == bindparam("id", type_=Mention.comment_id.type))
)


@dataclass(frozen=True)
class Mentionable:
    """A person who may read a discussion, and so may be mentioned there: by `@` and the name, or the handle
    where that could be somebody else (`mention`)."""

    person_id: UUID
    name: str
    handle: str
    roles: frozenset[Role]
    mention: str

    @property
    def role_labels(self) -> Sequence[LazyString]:
        return [label for role, label in ROLE_LABELS.items() if role in self.roles]

    def starts_with(self, typed: str) -> bool:
        """Whether the handle, or a word of the name or of a role, starts like the folded text."""
        words = [self.handle, *fold(" ".join([self.name, *map(str, self.role_labels)])).split()]
        return any(word.startswith(typed) for word in words)


def list_mentionable_people(scope: PolicyScope) -> Sequence[Mentionable]:
    """Who may read, hence be mentioned, in a scope that the caller may see, with their roles there."""
    people = (
        select(Person.id, Person.name, Person.handle, RoleAssignment.role)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(policy.reader_assignment_condition(scope), Person.disabled_at.is_(None))
    )
    roles: dict[tuple[UUID, str, str], set[Role]] = defaultdict(set)
    for id_, name, handle, role in db.session.execute(people.order_by(Person.name, Person.handle)):
        roles[id_, name, handle].add(role)
    holders = Counter(name.casefold() for _id, name, _handle in roles)
    holders.update(handle for _id, name, handle in roles if handle != name.casefold())
    return [
        Mentionable(*person, frozenset(roles_there), _choose_mention(person[1], person[2], holders))
        for person, roles_there in roles.items()
    ]


def _choose_mention(name: str, handle: str, holders: Mapping[str, int]) -> str:
    """The name, unless somebody else there has it as a name or a handle."""
    return name if holders[name.casefold()] == 1 else handle


def _map_handles_by_written_name(people: Sequence[Mentionable]) -> Mapping[str, str]:
    """The handle for each name; "" for the name of several people and for a handle: both stay as written."""
    handles = {person.name: person.handle if person.mention == person.name else "" for person in people}
    return handles | {person.handle: "" for person in people}


class EditableComment(NamedTuple):
    """What the form that edits a comment holds: the text with the names of those whom it mentions."""

    body: str
    version: int


def read_comment_to_edit(scope: PolicyScope, comment: Comment) -> EditableComment:
    """A comment as its author writes it."""
    people = list_mentionable_people(scope) if "@" in comment.body else ()
    names = {person.handle: person.mention for person in people}
    return EditableComment(show_names(comment.body, names), comment.version)


def resolve_mentions(scope: PolicyScope, body: str) -> tuple[str, Set[UUID]]:
    """The text with handles in place of the readers' names after `@`, and whom it mentions; any other handle
    is plain text."""
    if "@" not in remove_quotes_and_code(body):
        return body, set()
    readers = list_mentionable_people(scope)
    body = replace_names_with_handles(body, _map_handles_by_written_name(readers))
    handles = find_mentioned_handles(remove_quotes_and_code(body))
    return body, {reader.person_id for reader in readers if reader.handle in handles}


def suggest_people(actor: Actor, discussion_id: UUID, typed: str) -> Sequence[Mentionable]:
    """Who else may be mentioned in a discussion: the first whose name, role or handle starts like
    the text, or all for an empty one. Raises `NotFound`."""
    _discussion, scope = queries.get_discussion_and_scope(actor, discussion_id)
    others = [person for person in list_mentionable_people(scope) if person.person_id != actor.person_id]
    if not typed:
        return others
    return [person for person in others if person.starts_with(fold(typed))][:SUGGESTED_MAX]
