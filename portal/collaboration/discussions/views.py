"""Speaking beside a thing. The thing's own page shows the discussion; here are its verbs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request

from portal.collaboration.discussions import commands, policy, queries, thread_queries
from portal.collaboration.discussions.commands import PostedComment
from portal.collaboration.discussions.comment_action_queries import list_comment_actions
from portal.collaboration.discussions.conversation_queries import read_conversation
from portal.collaboration.discussions.forms import (
    CommentForm,
    DiscussionActionForm,
    EditCommentForm,
)
from portal.collaboration.discussions.mention_queries import describe_unreached
from portal.collaboration.discussions.models import Comment, Thread
from portal.collaboration.discussions.quotation_rules import find_comment, quote_comment
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.contributions import Contribution, contributed
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to_path, render, wants_fragment

bp = Blueprint("discussions", __name__)

PAGES_MAX = 10_000


@dataclass(frozen=True)
class DiscussionReadHook(Contribution):
    """Called when a person reads a discussion, with the moment up to which it was read."""

    mark_read: Callable[[Actor, UUID, datetime], None]


def discussion_context(discussion_id: UUID, **context: Any) -> dict[str, Any]:
    """What a page needs to show a discussion: its template includes `collaboration/discussions/block.html` in a
    block named `discussion`, and its view renders with `fragment="discussion"`.

    Showing it to its reader marks it read. The verbs below pass more, to give back what they
    refused: `page`, `thread_form`, `reply_forms` by thread, `editing` or `deleting` a comment.
    """
    page = context.pop("page", None) or request.args.get("page", 1, type=_page_number)
    conversation = read_conversation(actor, discussion_id, page)
    if request.method == "GET" and conversation.read_up_to is not None:
        commands.mark_read(actor, discussion_id, conversation.read_up_to)
        for hook in contributed(DiscussionReadHook):
            hook.mark_read(actor, discussion_id, conversation.read_up_to)
    fresh = {
        each.thread.id: _reply_form(each.thread.id, fresh=True) for each in conversation.exchanges
    }
    sought = request.args.get("comment", type=UUID)
    answered = find_comment(conversation, sought) if "quote" in request.args else None
    if answered is not None:
        fresh[answered.comment.thread_id].body.data = quote_comment(answered)
    return {
        "verbs": list_comment_actions(actor, conversation.discussion.scope_id),
        "quoting": answered and answered.comment.thread_id,
        "conversation": conversation,
        "thread_form": context.pop("thread_form", None)
        or CommentForm(formdata=None, prefix="thread"),
        "reply_forms": fresh | context.pop("reply_forms", {}),
        "sought": sought,
        "unreached": describe_unreached(actor, conversation, sought),
        "announced": wants_fragment(),
        "swaps": True,
        "editing": None,
        "deleting": None,
        "refusal": None,
    } | context


def _page_number(text: str) -> int:
    """A page of the query string; nonsense counts as none."""
    number = int(text)
    if not 1 <= number <= PAGES_MAX:
        raise ValueError
    return number


def _reply_form(thread_id: UUID, *, fresh: bool = False) -> CommentForm:
    prefix = f"reply-{thread_id}"
    return CommentForm(formdata=None, prefix=prefix) if fresh else CommentForm(prefix=prefix)


def _render_alone(
    title: str,
    discussion_id: UUID,
    status: int = 200,
    *,
    refused: tuple[Form, str] | None = None,
    **context: Any,
) -> Response:
    """The discussion on a page of its own, around what is being asked of the reader.

    `refused` is the form that comes back, and the id of what was typed in it: the title and the
    top of the page say so, since the form may stand screens below.
    """
    if status >= HTTPStatus.BAD_REQUEST:
        title = _("Pas encore enregistré : %(what)s", what=title)
    return render(
        "collaboration/discussions/page.html",
        fragment="discussion",
        status=status,
        title=title,
        refused=refused,
        **discussion_context(discussion_id, swaps=wants_fragment(), **context),
    )


def _path_to(comment: Comment, stand: tuple[str, int] | None = None) -> str:
    path, page = stand or thread_queries.locate_thread(actor, comment.thread_id)
    return f"{path}?page={page}&comment={comment.id}#comment-{comment.id}"


def _redirect_to_comment(comment: Comment) -> Response:
    return redirect_to_path(_path_to(comment))


@bp.get("/discussions/<uuid:discussion_id>")
def show(discussion_id: UUID) -> Response:
    discussion = queries.get_discussion(actor, discussion_id)
    return redirect_to_path(f"{discussion.page}#discussion")


@bp.post("/discussions/<uuid:discussion_id>/threads")
def start(discussion_id: UUID) -> Response:
    form = CommentForm(prefix="thread")

    def act(values: dict[str, str]) -> PostedComment:
        return commands.start_thread(actor, discussion_id, values["body"])

    def again(status: int) -> Response:
        refused = (form, form.body.id)
        return _render_alone(
            _("Ouvrir un échange"), discussion_id, status, refused=refused, thread_form=form
        )

    return submit(form, act, _show_posted(_("Commentaire publié.")), again)


@bp.post("/threads/<uuid:thread_id>/comments")
def reply(thread_id: UUID) -> Response:
    thread = queries.get_thread(actor, thread_id)
    form = _reply_form(thread_id)

    def act(values: dict[str, str]) -> PostedComment:
        return commands.reply(actor, thread, values["body"])

    def again(status: int) -> Response:
        forms = {thread_id: form}
        return _render_alone(
            _("Répondre"),
            thread.discussion_id,
            status,
            page=thread_queries.locate_thread(actor, thread_id)[1],
            refused=(form, form.body.id),
            reply_forms=forms,
        )

    return submit(form, act, _show_posted(_("Réponse publiée.")), again)


def _show_posted(sentence: str) -> Callable[[PostedComment], Response]:
    """Go and see the comment just made, with a sentence."""

    def on_success(posted: PostedComment) -> Response:
        flash(sentence)
        return redirect_to_path(_path_to(posted.comment, posted.position))

    return on_success


def _show_changed(sentence: str) -> Callable[[Comment], Response]:
    """The same for one that is there already."""

    def on_success(comment: Comment) -> Response:
        flash(sentence)
        return _redirect_to_comment(comment)

    return on_success


@bp.get("/comments/<uuid:comment_id>")
def comment(comment_id: UUID) -> Response:
    """The address of a comment, for ever: finds the page that shows it today."""
    return _redirect_to_comment(queries.get_comment(actor, comment_id))


@bp.get("/comments/<uuid:comment_id>/quote")
def quote(comment_id: UUID) -> Response:
    """To an answer that begins with what the comment says."""
    written = queries.get_comment(actor, comment_id)
    path, page = thread_queries.locate_thread(actor, written.thread_id)
    return redirect_to_path(
        f"{path}?page={page}&comment={comment_id}&quote=1#reply-{written.thread_id}"
    )


@bp.get("/comments/<uuid:comment_id>/history")
def history(comment_id: UUID) -> Response:
    written = queries.get_comment(actor, comment_id)
    return render(
        "collaboration/discussions/history.html",
        comment=written,
        author=queries.get_author_name(written),
        discussion=queries.get_discussion(actor, written.discussion_id),
        earlier=queries.list_earlier_texts(actor, written),
    )


@bp.route("/comments/<uuid:comment_id>/edit", methods=["GET", "POST"])
def edit(comment_id: UUID) -> Response:
    written = queries.get_comment(actor, comment_id)
    _place, scope = queries.get_place(actor, written.discussion_id)
    is_get = request.method == "GET"
    if is_get or not policy.is_own(actor, scope, written):
        commands.require_to_edit(actor, scope, written)
    form = EditCommentForm(formdata=None, obj=written) if is_get else EditCommentForm()

    def act(values: dict[str, Any]) -> Comment:
        commands.edit_comment(actor, written, values["body"], values["version"])
        return written

    def again(status: int) -> Response:
        typed = "orphan" if written.deleted_at else form.body.id
        return _render_around(
            _("Modifier un commentaire"),
            written,
            status,
            refused=None if is_get else (form, typed),
            editing=(comment_id, form),
        )

    if is_get:
        return again(200)
    return submit(form, act, _show_changed(_("Commentaire modifié.")), again, stored=written)


@bp.route("/comments/<uuid:comment_id>/delete", methods=["GET", "POST"])
def delete(comment_id: UUID) -> Response:
    written = queries.get_comment(actor, comment_id)
    if written.deleted_at is not None:
        return _redirect_to_comment(written)
    _place, scope = queries.get_place(actor, written.discussion_id)
    require(policy.can_delete(actor, scope, written), commands.delete_refusal_message())
    form, is_get = DiscussionActionForm(), request.method == "GET"

    def act(_values: Mapping[str, Any]) -> Comment:
        commands.delete_comment(actor, written)
        return written

    def again(status: int) -> Response:
        return _render_around(
            _("Supprimer un commentaire"),
            written,
            status,
            refused=None if is_get else (form, f"comment-{comment_id}"),
            deleting=(comment_id, form),
        )

    if is_get:
        return again(200)
    return submit(form, act, _show_changed(_("Commentaire supprimé.")), again)


def _render_around(title: str, written: Comment, status: int, **context: Any) -> Response:
    """The page of the discussion on which a comment stands, with what is asked about it."""
    _path, page = thread_queries.locate_thread(actor, written.thread_id)
    return _render_alone(title, written.discussion_id, status, page=page, **context)


@bp.post("/threads/<uuid:thread_id>/resolve")
def resolve(thread_id: UUID) -> Response:
    return _settle(thread_id, commands.resolve, _("Échange marqué comme réglé."))


@bp.post("/threads/<uuid:thread_id>/reopen")
def reopen(thread_id: UUID) -> Response:
    return _settle(thread_id, commands.reopen, _("Échange rouvert."))


def _settle(thread_id: UUID, verb: Callable[[Any, Thread], None], sentence: str) -> Response:
    thread = queries.get_thread(actor, thread_id)
    form = DiscussionActionForm()

    def on_success(_result: None) -> Response:
        flash(sentence)
        path, page = thread_queries.locate_thread(actor, thread_id)
        return redirect_to_path(f"{path}?page={page}#thread-{thread_id}")

    def again(status: int) -> Response:
        _path, page = thread_queries.locate_thread(actor, thread_id)
        return _render_alone(
            _("Discussion"), thread.discussion_id, status, page=page, refusal=form.refused_because
        )

    return submit(form, lambda _values: verb(actor, thread), on_success, again)
