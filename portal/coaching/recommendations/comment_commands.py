"""Turn a comment into a backlog item."""

from portal.coaching.recommendations import queries
from portal.collaboration.discussions.models import Comment
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_work
from portal.sprints.backlog.commands import ItemText, add_items
from portal.sprints.backlog.models import TITLE_MAX, Item, ItemKind


def first_line(text: str, length_max: int) -> str:
    """The first non-empty line without leading Markdown marks, at most `length_max` characters."""
    lines = (line.strip().lstrip("#>*- ") for line in text.splitlines())
    return next(filter(None, lines), "")[:length_max]


def make_item(actor: Actor, project: Project, comment: Comment) -> Item:
    """Make a backlog item whose origin is the comment; idempotent while the item is in the backlog.

    Raises `TooLate` for a deleted comment, `RuleBroken` for one without text.
    """
    require_work(actor, project)
    lock_row(Project, project.id)
    db.session.refresh(comment)
    if comment.deleted_at is not None:
        raise TooLate(_("Ce commentaire a été supprimé."), f"/comments/{comment.id}")
    origin = f"/comments/{comment.id}"
    item = queries.find_item_by_origin(project, origin)
    if item is not None:
        return item
    title = first_line(comment.body, TITLE_MAX)
    if not title:
        raise RuleBroken(None, _("Ce commentaire n’a pas de texte dont faire un élément."))
    text = ItemText(title=title, kind=ItemKind.STORY, origin=origin)
    return add_items(actor, project, [text])[0]
