"""Files of comments: the author attaches them, whoever may delete the comment removes them.

Deleting a comment deletes its files.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.collaboration.discussions import policy, queries
from portal.collaboration.discussions.models import Comment, Discussion
from portal.collaboration.files.subject_queries import AttachmentSubject, AttachmentSubjectKind
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _


class CommentAttachmentKind(AttachmentSubjectKind):
    name = Comment.__tablename__

    def called(self, number: int) -> str:  # noqa: ARG002  comments have no number
        return _("Message")

    def visible(self, actor: Actor) -> Select[Any]:
        return (
            select(Comment.id)
            .join(Discussion, Discussion.id == Comment.discussion_id)
            .where(Comment.deleted_at.is_(None), policy.visible_to(actor))
        )

    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        comment = queries.get_comment(actor, id_)
        if comment.deleted_at is not None:
            raise NotFound
        _discussion, scope = queries.get_discussion_and_scope(actor, comment.discussion_id)
        return AttachmentSubject(
            kind=self.name,
            id=comment.id,
            scope_id=scope.id,
            number=0,
            title=_("Message de %(name)s", name=queries.get_author_name(comment)),
            find_page=lambda: f"/comments/{comment.id}",
            is_shown_there=False,
            is_writer=policy.can_edit(actor, scope, comment),
            is_moderator=policy.can_delete(actor, scope, comment),
        )
