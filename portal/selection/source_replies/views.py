"""Pages of decisions that are written back: preview, approval, what left."""

from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.people.programmes.models import Programme
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_button, write_page
from portal.selection.applications.models import NUMBER_MAX
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.imports.views import IMPORTS_RULE, trail_of_imports
from portal.selection.source_replies import commands, labels, queries
from portal.selection.source_replies.forms import ReplySettingForm
from portal.selection.source_replies.models import ReplyState

bp = Blueprint("source_replies", __name__)
REPLIES_RULE = f"{IMPORTS_RULE}/replies"


@bp.get(REPLIES_RULE)
def page(slug: str, call: int) -> Response:
    return _show_replies(*get_programme_and_led_call(actor, slug, call))


def _show_replies(programme: Programme, call: Call, status: int = 200, form: Form | None = None) -> Response:
    replies = queries.list_replies(actor, call)
    proposed = [reply for reply, _application in replies if reply.state is ReplyState.PROPOSED]
    return render(
        "selection/source_replies/page.html",
        status=status,
        programme=programme,
        call=call,
        setting=queries.find_reply_setting(call),
        replies=replies,
        by_state={state: [each for each in replies if each[0].state is state] for state in ReplyState},
        to_propose=len(commands.list_proposable_replies(actor, call)),
        to_approve=sum(reply.proposed_by_id != actor.person_id for reply in proposed),
        trail=trail_of_imports(programme, call),
        form=form,
        labels=labels,
    )


@bp.route(f"{REPLIES_RULE}/settings", methods=["GET", "POST"])
def edit_settings(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    setting = queries.find_reply_setting(row)
    stored = setting or SimpleNamespace(instructor_id="", is_silent=True, annotation_id="", version=0)
    path = url_for(".page", slug=slug, call=call)
    return write_page(
        FormPage(
            title=_("Envoyer les décisions à la démarche"),
            lead=row.title,
            trail=[*trail_of_imports(programme, row), (_("Envoi des décisions"), path)],
            step=_("Réglages"),
            advice=(
                _("Rien ne part sans qu’une direction propose et qu’une autre approuve."),
                _("Une décision envoyée ne se reprend pas depuis le portail."),
            ),
        ),
        make_form(ReplySettingForm, commands.list_text_annotations(row), obj=stored),
        lambda values: commands.save_reply_setting(
            actor,
            row,
            values["instructor_id"],
            values["version"],
            is_silent=values["is_silent"],
            annotation_id=values["annotation_id"],
        ),
        message=_("Réglage enregistré."),
        stored=stored,
    )


@bp.post(f"{REPLIES_RULE}/propose")
def propose(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    return write_button(
        lambda: commands.propose_replies(actor, row),
        message=lambda count: ngettext(
            "%(num)s envoi proposé : une autre direction l’approuve.",
            "%(num)s envois proposés : une autre direction les approuve.",
            count,
        ),
        to=url_for(".page", slug=slug, call=call),
        page=lambda status, form: _show_replies(programme, row, status, form),
    )


@bp.post(f"{REPLIES_RULE}/approve")
def approve(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    return write_button(
        lambda: commands.approve_replies(actor, row),
        message=lambda count: ngettext("%(num)s décision part.", "%(num)s décisions partent.", count),
        to=url_for(".page", slug=slug, call=call),
        page=lambda status, form: _show_replies(programme, row, status, form),
    )


@bp.post(f"{REPLIES_RULE}/<int(max={NUMBER_MAX}):number>/remove")
def take_back(slug: str, call: int, number: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    reply = queries.get_reply(actor, row, number)
    return write_button(
        lambda: commands.take_back_reply(actor, row, reply),
        message=_("Envoi repris."),
        to=url_for(".page", slug=slug, call=call),
        page=lambda status, form: _show_replies(programme, row, status, form),
    )
