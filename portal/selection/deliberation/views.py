"""Pages of the deliberation of a call: agenda, minutes, publication."""

from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import write, write_page
from portal.selection.calls import labels as call_labels
from portal.selection.calls import policy as calls
from portal.selection.calls.queries import get_programme_and_call, get_programme_and_led_call, list_calls
from portal.selection.calls.views import CALL_RULE, trail_of_call
from portal.selection.deliberation import commands, labels, policy, queries
from portal.selection.deliberation.forms import MinutesForm, PublishDecisionsForm
from portal.selection.deliberation.purge_commands import find_purge_day

bp = Blueprint("deliberation", __name__)
DELIBERATION_RULE = f"{CALL_RULE}/deliberation"


@bp.get("/deliberations")
def everywhere() -> Response:
    """The deliberations of a juror's calls, or the only one."""
    if not calls.is_juror_somewhere(actor):
        raise NotFound
    readable = [
        (call, programme) for call, programme in list_calls(actor) if policy.can_read_agenda(actor, call)
    ]
    if len(readable) == 1:
        return redirect_to(".page", slug=readable[0][1].slug, call=readable[0][0].number)
    return render("selection/deliberation/index.html", calls=readable, labels=call_labels)


@bp.get(DELIBERATION_RULE)
def page(slug: str, call: int) -> Response:
    """The agenda; its leads see what is decided so far, its jurors organisations and titles."""
    programme, row = get_programme_and_call(actor, slug, call)
    if not policy.can_read_agenda(actor, row):
        raise NotFound
    is_lead = calls.leads_call(actor, row)
    key = "agenda", row.id, actor.person_id
    agenda, names = cache_until_change(actor, key, lambda: queries.read_agenda_with_names(actor, row))
    return render(
        "selection/deliberation/page.html",
        programme=programme,
        call=row,
        is_lead=is_lead,
        appealed=queries.list_openly_appealed_applications(actor, row) if is_lead else [],
        agenda=agenda,
        names=names,
        minutes=queries.find_deliberation(row) if policy.can_read_minutes(actor, row) else None,
        publications=queries.list_publications(row) if is_lead else [],
        can_publish=policy.can_publish(actor, row) and queries.list_unpublished_decisions(row),
        purged=queries.count_purged_by_outcome(row) if is_lead else {},
        purge_on=find_purge_day(row) if is_lead else None,
        trail=trail_of_call(programme, row) if is_lead else [(_("Candidatures"), url_for("scoring.index"))],
        labels=labels,
    )


@bp.route(f"{DELIBERATION_RULE}/minutes", methods=["GET", "POST"])
def minutes(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    stored = queries.find_deliberation(row) or SimpleNamespace(
        held_on=clock.today(), place="", attendees="", minutes="", version=0
    )
    form = make_form(MinutesForm, obj=stored)
    place = url_for(".page", slug=slug, call=call)
    return write_page(
        FormPage(
            title=_("Procès-verbal de la délibération"),
            lead=row.title,
            trail=[*trail_of_call(programme, row), (_("Délibération"), place)],
            step=_("Procès-verbal"),
            beside=(("held_on", "place"),),
        ),
        form,
        lambda values: commands.write_minutes(actor, row, form.facts(), values["version"]),
        message=_("Procès-verbal enregistré."),
        stored=stored,
    )


@bp.route(f"{CALL_RULE}/publish", methods=["GET", "POST"])
def publish(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    commands.require_publishable(actor, row)
    form = make_form(PublishDecisionsForm, obj=row)
    place = url_for(".page", slug=slug, call=call)
    undecided = queries.list_undecided_applications(actor, row)

    def show(status: int) -> Response:
        return render(
            "selection/deliberation/publish.html",
            status=status,
            programme=programme,
            call=row,
            form=form,
            undecided=undecided,
            trail=[*trail_of_call(programme, row), (_("Délibération"), place)],
        )

    return write(
        form,
        lambda values: commands.publish_decisions(
            actor, row, values["version"], knowingly=values["knowingly"]
        ),
        message=_("Résultats publiés : les lettres sont prêtes."),
        to=place,
        page=show,
        stored=row,
    )
