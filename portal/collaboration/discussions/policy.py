"""Who may read and write in discussions: one policy for those of all objects."""

from sqlalchemy import ColumnElement, and_, or_

from portal.collaboration.discussions.models import Comment, CommentColumns, Discussion, Thread, ThreadColumns
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import PolicyScope, RoleAssignment, Scope
from portal.platform.kernel.access import Actor, Role

# The condition of `visible_to` for prepared statements, and the parameters that it binds.
VISIBLE = programmes.precompiled_project_read_condition(Discussion.__table__.c.scope_id)
reach_of = programmes.project_read_parameters


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Discussions of projects that the actor reads in full."""
    return programmes.project_read_condition(actor, Discussion.__table__.c.scope_id)


def can_read(actor: Actor, scope: PolicyScope) -> bool:
    """The same for one discussion's scope."""
    return programmes.can_read_project(actor, scope)


def can_comment(actor: Actor, scope: PolicyScope) -> bool:
    """Whoever reads a project may comment in it."""
    return can_read(actor, scope)


def can_resolve(actor: Actor, scope: PolicyScope, thread: Thread | ThreadColumns) -> bool:
    return thread.resolved_at is None and can_comment(actor, scope)


def can_reopen(actor: Actor, scope: PolicyScope, thread: Thread | ThreadColumns) -> bool:
    return thread.resolved_at is not None and can_comment(actor, scope)


def is_author_who_may_comment(actor: Actor, scope: PolicyScope, comment: Comment | CommentColumns) -> bool:
    """The comment's author, while they may still comment."""
    return comment.author_id == actor.person_id and can_comment(actor, scope)


def can_edit(actor: Actor, scope: PolicyScope, comment: Comment | CommentColumns) -> bool:
    return comment.deleted_at is None and is_author_who_may_comment(actor, scope, comment)


def can_delete(actor: Actor, scope: PolicyScope, comment: Comment | CommentColumns) -> bool:
    """The comment's author, or a lead of the programme (moderation)."""
    moderates = scope.parent_id is not None and actor.has_role_in(Role.PROGRAMME_LEAD, in_=scope.parent_id)
    return comment.deleted_at is None and (can_edit(actor, scope, comment) or moderates)


# Who may read a project's discussions, hence write there and be mentioned: by roles in the project, and
# in its programme.
_READERS_IN_PROJECT, _READERS_IN_PROGRAMME = programmes.PROJECT_READERS, (Role.PROGRAMME_LEAD,)
DISCUSSION_READERS = (*_READERS_IN_PROJECT, *_READERS_IN_PROGRAMME)


def reader_assignment_condition(scope: PolicyScope | type[Scope]) -> ColumnElement[bool]:
    """Role assignments that open a project's discussions to their holder: whom one may mention."""
    scope_id, role = RoleAssignment.scope_id, RoleAssignment.role
    in_project = and_(scope_id == scope.id, role.in_(_READERS_IN_PROJECT))
    in_programme = and_(scope_id == scope.parent_id, role.in_(_READERS_IN_PROGRAMME))
    return or_(in_project, in_programme)
