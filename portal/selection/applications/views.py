"""Pages of applications: their list, one application, and what its leads write."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.collaboration.files.views import files_context
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import get_actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.selection.applications import commands, labels, policy, queries
from portal.selection.applications.attachment_queries import ATTACHMENTS
from portal.selection.applications.forms import (
    AddApplicationForm,
    ChangeApplicationForm,
    EligibilityForm,
    MessageForm,
    WithdrawalForm,
)
from portal.selection.applications.list_queries import ApplicationFilters, list_applications
from portal.selection.applications.models import NUMBER_MAX, Application, ApplicationMember
from portal.selection.applications.queries import LoadedApplication
from portal.selection.applications.rules import NamedMember, format_members
from portal.selection.applications.schemas import filters_in_url, read_filters
from portal.selection.applications.section_queries import ApplicationPageSection
from portal.selection.applications.timeline_queries import read_timeline
from portal.selection.calls import policy as calls
from portal.selection.calls.models import Call, CallState
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.calls.rules import RECEIVING_STATES
from portal.selection.calls.views import CALL_RULE, trail_of_call
from portal.selection.jury.queries import list_seats

bp = Blueprint("applications", __name__)
LIST_RULE = f"{CALL_RULE}/applications"
APPLICATION_RULE = f"{LIST_RULE}/<int(max={NUMBER_MAX}):number>"
_BESIDE = (("organisation", "company_number"), ("title", "received_on"), ("contact_name", "contact_email"))


@bp.get(LIST_RULE)
def index(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    filters, misunderstood = read_filters(request.args)
    key = "applications", row.id, actor.person_id, row.ranked_at, filters, requested_page_number()
    return render(
        "selection/applications/index.html",
        fragment="list",
        programme=programme,
        call=row,
        misunderstood=misunderstood,
        facts=cache_page_facts(get_actor(), key, lambda: _read_list_context(programme.slug, row, filters)),
    )


def _read_list_context(slug: str, call: Call, filters: ApplicationFilters) -> Mapping[str, Any]:
    """What the list shows to one lead."""
    place: dict[str, Any] = {"slug": slug, "call": call.number}
    in_url: dict[str, Any] = filters_in_url(filters)
    return {
        "place": place,
        "filters": filters,
        "applications": list_applications(actor, call, filters, requested_page_number()),
        "jurors": [(seat.person.id, seat.person.name) for seat in list_seats(actor, call)],
        "can_add": calls.leads_call(actor, call) and call.state in RECEIVING_STATES,
        "is_in_preparation": call.state is CallState.DRAFT,
        "in_url": in_url,
        "page_url": lambda number: url_for(".index", page=number, **place, **in_url),
        "labels": labels,
    }


@bp.get(APPLICATION_RULE)
def page(slug: str, call: int, number: int) -> Response:
    return show_application(queries.get_known_application(actor, slug, call, number))


def show_application(loaded: LoadedApplication, status: int = 200, form: Form | None = None) -> Response:
    """The page of an application; `form` is one of its own that was refused."""
    whole = loaded.rights.reads_whole
    parts = [part for part in list_contributions(ApplicationPageSection) if whole or part.is_for_title]
    context: dict[str, Any] = {}
    for part in parts:
        context |= part.read(actor, loaded)
    if whole:
        context |= _build_application_context(loaded, form)
    return render(
        "selection/applications/page.html",
        status=status,
        loaded=loaded,
        programme=loaded.programme,
        call=loaded.call,
        application=loaded.application,
        rights=loaded.rights,
        parts=[part.template for part in parts],
        trail=application_trail(loaded),
        form=form,
        labels=labels,
        **context,
    )


def _build_application_context(loaded: LoadedApplication, form: Form | None) -> dict[str, Any]:
    call, application, rights = loaded.call, loaded.application, loaded.rights
    key = "application", application.id, rights, actor.person_id
    return {
        **cache_until_change(actor, key, lambda: _build_people_messages_events_context(loaded)),
        "message_form": form if isinstance(form, MessageForm) else MessageForm(formdata=None),
        "can_change": policy.can_write_answers(rights, call, application),
        "can_judge": policy.can_judge_eligibility(rights, call, application),
        "can_withdraw": policy.can_withdraw(rights, call, application),
        "can_undo_withdrawal": policy.can_undo_withdrawal(actor, rights, call, application),
        **files_context(ATTACHMENTS.place(loaded)),
    }


def _build_people_messages_events_context(loaded: LoadedApplication) -> dict[str, Any]:
    """The people, messages and events of an application, for whoever reads it in full."""
    return {
        "members": queries.list_members(loaded.application),
        "messages": queries.list_messages(actor, loaded),
        "timeline": read_timeline(loaded),
    }


def application_trail(loaded: LoadedApplication) -> list[tuple[str, str]]:
    """The breadcrumb above an application: its call for leads, one's own list for jurors."""
    if not loaded.rights.leads_call:
        return [(_("Candidatures"), url_for("scoring.index"))]
    place: dict[str, Any] = {"slug": loaded.programme.slug, "call": loaded.call.number}
    return [
        *trail_of_call(loaded.programme, loaded.call),
        (_("Candidatures"), url_for("applications.index", **place)),
    ]


def trail_below_application(loaded: LoadedApplication) -> list[tuple[str, str]]:
    """The same for pages below an application's."""
    return [*application_trail(loaded), (loaded.application.title, commands.application_path(loaded))]


@bp.route(f"{LIST_RULE}/new", methods=["GET", "POST"])
def add(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    commands.require_may_receive_applications(actor, row)
    form = make_form(AddApplicationForm, received_on=clock.today())
    form_page = FormPage(
        title=_("Saisir une candidature"),
        lead=row.title,
        trail=[*trail_of_call(programme, row), (_("Candidatures"), url_for(".index", slug=slug, call=call))],
        step=_("Saisir"),
        beside=_BESIDE,
    )
    return write_page(
        form_page,
        form,
        lambda _values: commands.enter_application_by_hand(actor, row, form.facts()),
        message=_("Candidature enregistrée."),
        to=lambda application: commands.application_path_in_call(programme, row, application),
    )


@bp.route(f"{APPLICATION_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, call: int, number: int) -> Response:
    loaded = queries.get_led_application(actor, slug, call, number)
    if request.method in SAFE_METHODS:
        commands.require_may_change_answers(loaded)
    stored = _application_form_values(loaded.application)
    form = make_form(ChangeApplicationForm, obj=stored)
    return write_page(
        _build_form_page(loaded, _("Modifier la candidature"), _("Modifier"), beside=_BESIDE),
        form,
        lambda values: commands.change_application(actor, loaded, form.facts(), values["version"]),
        message=_("Candidature enregistrée."),
        stored=stored,
    )


def _application_form_values(application: Application) -> SimpleNamespace:
    """An application as its form shows it."""

    def named(member: ApplicationMember) -> NamedMember:
        return NamedMember(member.name, member.email, member.function)

    names = [column.key for column in Application.__table__.columns]
    values = {name: getattr(application, name) for name in names}
    text = format_members(map(named, queries.list_members(application)))
    return SimpleNamespace(**values, members=text)


def _build_form_page(loaded: LoadedApplication, title: str, step: str, **options: Any) -> FormPage:
    return FormPage(
        title=title,
        lead=loaded.application.title,
        trail=trail_below_application(loaded),
        step=step,
        **options,
    )


@bp.route(f"{APPLICATION_RULE}/eligibility", methods=["GET", "POST"])
def judge_eligibility(slug: str, call: int, number: int) -> Response:
    loaded = queries.get_led_application(actor, slug, call, number)
    application = loaded.application
    stored = SimpleNamespace(
        conditions=application.conditions_met,
        verdict={"eligible": "yes", "not_eligible": "no"}.get(application.state.value),
        reason=application.state_reason,
        version=application.version,
    )
    form = make_form(EligibilityForm, loaded.call.conditions, obj=stored)
    return write_page(
        _build_form_page(loaded, _("Juger l’éligibilité"), _("Éligibilité")),
        form,
        lambda values: commands.judge_eligibility(
            actor,
            loaded,
            form.met,
            values["reason"],
            is_eligible=values["verdict"] == "yes",
            version=values["version"],
        ),
        message=_("Éligibilité notée."),
        stored=stored,
    )


@bp.route(f"{APPLICATION_RULE}/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, call: int, number: int) -> Response:
    loaded = queries.get_led_application(actor, slug, call, number)
    form = make_form(WithdrawalForm, version=loaded.application.version)
    return write_page(
        _build_form_page(
            loaded,
            _("Noter que le candidat se retire"),
            _("Retrait"),
            yes=_("Noter le retrait"),
            advice=(
                _("Elle quitte l’examen et le classement ; ce qu’elle disait est effacé avec les autres."),
                _("Tant que l’appel est ouvert, qui note le retrait peut l’annuler, aucun import.")
                if loaded.call.state is CallState.OPEN
                else _("Un retrait noté ne se reprend pas, et aucun import ne la fait revenir."),
            ),
        ),
        form,
        lambda values: commands.withdraw_application(actor, loaded, values["reason"], values["version"]),
        message=_("Retrait noté."),
        stored=SimpleNamespace(reason=loaded.application.state_reason, version=loaded.application.version),
    )


@bp.post(f"{APPLICATION_RULE}/withdraw/undo")
def undo_withdrawal(slug: str, call: int, number: int) -> Response:
    loaded = queries.get_led_application(actor, slug, call, number)
    form = VersionedButtonForm()
    return write(
        form,
        lambda values: commands.undo_withdrawal(actor, loaded, values["version"]),
        message=_("Retrait annulé : la candidature est ce qu’elle était."),
        to=commands.application_path(loaded),
        page=lambda status: show_application(loaded, status, form),
        stored=loaded.application,
    )


@bp.post(f"{APPLICATION_RULE}/messages")
def post_message(slug: str, call: int, number: int) -> Response:
    loaded = queries.get_readable_application(actor, slug, call, number)
    form = MessageForm()
    return write(
        form,
        lambda values: commands.write_message(actor, loaded, values["body"]),
        message=_("Message envoyé."),
        to=f"{commands.application_path(loaded)}#thread",
        page=lambda status: show_application(loaded, status, form),
    )
