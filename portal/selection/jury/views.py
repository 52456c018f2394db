"""Pages of the jury of a call, for its leads: members, spread, publication."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.people.programmes.models import Programme
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import ButtonForm, write, write_button, write_page
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.calls.views import CALL_RULE, trail_of_call
from portal.selection.jury import commands, labels, queries
from portal.selection.jury.conflict_queries import count_applications_without_lead, list_likely_conflicts
from portal.selection.jury.forms import ChangeSeatForm, SeatJurorForm

bp = Blueprint("jury", __name__)
JURY_RULE = f"{CALL_RULE}/jury"
_BESIDE = (("employer", "company_number", "load_max"),)


@bp.get(JURY_RULE)
def page(slug: str, call: int) -> Response:
    return _show_jury(slug, call)


def _show_jury(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    programme, call = get_programme_and_led_call(actor, slug, number)
    seats = queries.list_seats(actor, call)
    return render(
        "selection/jury/page.html",
        status=status,
        programme=programme,
        call=call,
        seats=seats,
        can_seat=bool(queries.list_jury_candidates(call)),
        drafts=queries.count_draft_assignments(actor, call),
        likely=list_likely_conflicts(actor, [call]),
        without_lead=count_applications_without_lead(call),
        form=form,
        labels=labels,
    )


def _trail_of_jury(programme: Programme, call: Call) -> list[tuple[str, str]]:
    place = url_for("jury.page", slug=programme.slug, call=call.number)
    return [*trail_of_call(programme, call), (_("Jury"), place)]


@bp.route(f"{JURY_RULE}/members/new", methods=["GET", "POST"])
def seat_juror(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    people = queries.list_jury_candidates(row)
    form = make_form(SeatJurorForm, [(person.id, person.name) for person in people])
    form_page = FormPage(
        title=_("Compléter le jury"),
        lead=row.title,
        trail=_trail_of_jury(programme, row),
        step=_("Compléter"),
        beside=_BESIDE,
        advice=(
            _("Paraissent ici les jurés du programme : invitez-les d’abord."),
            _("L’organisme et son numéro servent à repérer les intérêts, rien d’autre."),
        ),
    )
    return write_page(
        form_page,
        form,
        lambda values: commands.seat_juror(actor, row, values["person"], form.facts()),
        message=_("Jury complété."),
    )


@bp.route(f"{JURY_RULE}/members/<uuid:person_id>/edit", methods=["GET", "POST"])
def change_seat(slug: str, call: int, person_id: UUID) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    member = queries.get_member(row, person_id)
    form = make_form(ChangeSeatForm, obj=member)
    form_page = FormPage(
        title=_("Modifier ce qu’on sait d’un membre du jury"),
        trail=_trail_of_jury(programme, row),
        step=_("Modifier"),
        beside=_BESIDE,
    )
    return write_page(
        form_page,
        form,
        lambda _values: commands.change_seat(actor, row, member, form.facts()),
        message=_("Enregistré."),
    )


@bp.post(f"{JURY_RULE}/members/<uuid:person_id>/remove")
def unseat(slug: str, call: int, person_id: UUID) -> Response:
    _programme, row = get_programme_and_led_call(actor, slug, call)
    member = queries.get_member(row, person_id)
    return write_button(
        lambda: commands.unseat_juror(actor, row, member),
        message=_("Cette personne ne siège plus."),
        to=url_for(".page", slug=slug, call=call),
        page=lambda status, form: _show_jury(slug, call, status, form),
    )


@bp.route(f"{JURY_RULE}/spread", methods=["GET", "POST"])
def spread_applications(slug: str, call: int) -> Response:
    """Show what a new spread would change; a POST makes it, as drafts."""
    programme, row = get_programme_and_led_call(actor, slug, call)
    form = ButtonForm()

    def show(status: int) -> Response:
        return render(
            "selection/jury/spread.html",
            status=status,
            programme=programme,
            call=row,
            preview=commands.preview_assignment_spread(actor, row),
            names={each.person.id: each.person.name for each in queries.list_seats(actor, row)},
            trail=_trail_of_jury(programme, row),
            form=form,
        )

    return write(
        form,
        lambda _values: commands.spread_applications(actor, row),
        message=_("Répartition prête : relisez-la, puis publiez-la."),
        to=url_for(".page", slug=slug, call=call),
        page=show,
    )


@bp.post(f"{JURY_RULE}/publish")
def publish_assignments(slug: str, call: int) -> Response:
    _programme, row = get_programme_and_led_call(actor, slug, call)
    return write_button(
        lambda: commands.publish_assignments(actor, row),
        message=lambda count: ngettext(
            "%(num)s attribution publiée : les jurés sont prévenus.",
            "%(num)s attributions publiées : les jurés sont prévenus.",
            count,
        ),
        to=url_for(".page", slug=slug, call=call),
        page=lambda status, form: _show_jury(slug, call, status, form),
    )
