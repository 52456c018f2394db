"""The decision on one application: written, its letter, its appeals, its project."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, flash, request, send_file, url_for

from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page
from portal.project.projects.gate_queries import list_gate_numbers_after_support_end
from portal.project.projects.labels import gates_after_support_end_sentence
from portal.selection.applications.models import ApplicationState
from portal.selection.applications.queries import LoadedApplication, get_led_application, list_members
from portal.selection.applications.views import APPLICATION_RULE, trail_below_application
from portal.selection.calls.queries import list_criteria
from portal.selection.deliberation import (
    appeal_commands,
    commands,
    labels,
    laureate_project_labels,
    project_commands,
    queries,
)
from portal.selection.deliberation.appeal_commands import AppealAnswer
from portal.selection.deliberation.forms import (
    WHY,
    CloseAppealForm,
    ExamineAppealForm,
    LaureateProjectForm,
    ReceiveAppealForm,
    WithdrawAppealForm,
    build_decision_form_class,
)
from portal.selection.deliberation.letter_documents import (
    build_appeal_letter_content,
    build_decision_letter_content,
)
from portal.selection.deliberation.models import AppealState, ApplicationAppeal
from portal.selection.deliberation.project_commands import FoundedProject

bp = Blueprint("decision_letters", __name__)
APPEAL_NUMBER_MAX = 99
APPEAL_RULE = f"{APPLICATION_RULE}/appeals/<int(max={APPEAL_NUMBER_MAX}):appeal>"


def _build_form_page(loaded: LoadedApplication, title: str, step: str, **options: Any) -> FormPage:
    return FormPage(
        title=title,
        lead=loaded.application.title,
        trail=trail_below_application(loaded),
        step=step,
        **options,
    )


@bp.route(f"{APPLICATION_RULE}/decision", methods=["GET", "POST"])
def decide(slug: str, call: int, number: int) -> Response:
    loaded = get_led_application(actor, slug, call, number)
    commands.require_may_decide(loaded)
    criteria = list_criteria(loaded.call)
    outcomes = commands.list_possible_outcomes(loaded)
    row = queries.find_decision(loaded)
    reasons = {} if row is None else row.reasons
    stored = SimpleNamespace(
        outcome=row.outcome if row else (outcomes[0] if len(outcomes) == 1 else None),
        letter_text=row.letter_text if row else "",
        version=row.version if row else 0,
        **{WHY + criterion.key: reasons.get(criterion.key, "") for criterion in criteria},
    )
    form_class = build_decision_form_class(criteria, outcomes, needs_reasons=commands.needs_reasons(loaded))
    form = make_form(form_class, obj=stored)
    advice = (_("Rien ne part : la décision reste modifiable jusqu’à la publication."),)
    return write_page(
        _build_form_page(loaded, _("Décider de cette candidature"), _("Décider"), advice=advice),
        form,
        lambda values: commands.write_decision(actor, loaded, form.facts(), values["version"]),
        message=_("Décision enregistrée."),
        stored=stored,
    )


@bp.get(f"{APPLICATION_RULE}/letter.pdf")
def letter(slug: str, call: int, number: int) -> Response:
    """The letter of a published decision, for its leads."""
    loaded = get_led_application(actor, slug, call, number)
    decision = queries.find_decision(loaded)
    publication = queries.find_publication_of_decision(decision)
    if decision is None or publication is None:
        raise NotFound
    content = build_decision_letter_content(loaded, list(list_criteria(loaded.call)), decision, publication)
    pdf = print_pdf(DocumentKind.REPORT, content, publication.created_at)
    return _send_pdf(pdf, f"decision-{loaded.application.number}.pdf")


def _send_pdf(pdf: bytes, name: str) -> Response:
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


@bp.route(f"{APPLICATION_RULE}/appeals/new", methods=["GET", "POST"])
def receive_appeal(slug: str, call: int, number: int) -> Response:
    loaded = get_led_application(actor, slug, call, number)
    if request.method == "GET":  # later, what was typed stays beside the sentence
        appeal_commands.require_may_receive_appeal(loaded)
    form = make_form(ReceiveAppealForm, received_on=clock.today())
    limit = queries.list_limits_of_appeals(loaded)[-1:]
    advice = [labels.appeal_limit_sentence(day, clock.today()) for day in limit]
    return write_page(
        _build_form_page(loaded, _("Noter un recours"), _("Recours"), advice=advice),
        form,
        lambda values: appeal_commands.receive_appeal(
            actor, loaded, values["received_on"], values["grounds"]
        ),
        message=lambda row: " ".join(
            [_("Recours noté."), *(labels.late_appeal_sentence(row, day) for day in limit)]
        ).strip(),
    )


def _list_lateness(loaded: LoadedApplication, row: ApplicationAppeal) -> Sequence[str]:
    """That an appeal came after its time limit; nothing where it did not."""
    limits = queries.list_limits_of_appeals(loaded)[row.number - 1 : row.number]
    return [sentence for day in limits if (sentence := labels.late_appeal_sentence(row, day))]


@bp.route(f"{APPEAL_RULE}/examine", methods=["GET", "POST"])
def examine_appeal(slug: str, call: int, number: int, appeal: int) -> Response:
    loaded = get_led_application(actor, slug, call, number)
    row = queries.get_appeal(loaded, appeal)
    form = make_form(ExamineAppealForm, obj=row)
    return write_page(
        _build_form_page(loaded, _("Examiner le recours"), _("Recours"), advice=_list_lateness(loaded, row)),
        form,
        lambda values: appeal_commands.examine_appeal(
            actor, loaded, row, values["examination"], values["version"]
        ),
        message=_("Examen noté."),
        stored=row,
    )


@bp.route(f"{APPEAL_RULE}/close", methods=["GET", "POST"])
def close_appeal(slug: str, call: int, number: int, appeal: int) -> Response:
    loaded = get_led_application(actor, slug, call, number)
    row = queries.get_appeal(loaded, appeal)
    if row.state is AppealState.RECEIVED:
        return _withdraw_appeal(loaded, row)
    form = make_form(CloseAppealForm, obj=row)
    is_added = loaded.application.state is not ApplicationState.LAUREATE
    places = laureate_project_labels.laureates_beyond_places_sentence(
        queries.count_laureates(loaded.call) + is_added, loaded.call.places
    )
    advice = (
        *_list_lateness(loaded, row),
        _("Un recours clos ne se rouvre pas."),
        *filter(None, [places and _("Si elle devient lauréate : %(places)s", places=places)]),
    )
    return write_page(
        _build_form_page(loaded, _("Clore le recours"), _("Recours"), yes=_("Clore"), advice=advice),
        form,
        lambda values: appeal_commands.close_appeal(actor, loaded, row, form.reply(), values["version"]),
        message=_("Recours clos."),
        stored=row,
    )


def _withdraw_appeal(loaded: LoadedApplication, row: ApplicationAppeal) -> Response:
    """The same before it is examined: it can be withdrawn alone."""
    form = make_form(WithdrawAppealForm, version=row.version)
    advice = (
        _("Pour l’accueillir ou le rejeter, notez d’abord ce que l’examen montre."),
        _("Un recours clos ne se rouvre pas."),
    )
    title = _("Noter que le recours est retiré")
    return write_page(
        _build_form_page(loaded, title, _("Recours"), yes=_("Noter le retrait"), advice=advice),
        form,
        lambda values: appeal_commands.close_appeal(
            actor, loaded, row, AppealAnswer(values["state"], ""), values["version"]
        ),
        message=_("Recours clos."),
        stored=row,
    )


@bp.get(f"{APPEAL_RULE}/letter.pdf")
def appeal_letter(slug: str, call: int, number: int, appeal: int) -> Response:
    """The letter that answers an appeal."""
    loaded = get_led_application(actor, slug, call, number)
    row = queries.get_appeal(loaded, appeal)
    publication = queries.find_publication_of_decision(queries.find_decision(loaded))
    if publication is None or row.state not in {AppealState.GRANTED, AppealState.REJECTED}:
        raise NotFound
    pdf = print_pdf(DocumentKind.REPORT, build_appeal_letter_content(loaded, row, publication))
    return _send_pdf(pdf, f"recours-{loaded.application.number}-{row.number}.pdf")


@bp.route(f"{APPLICATION_RULE}/project", methods=["GET", "POST"])
def create_project(slug: str, call: int, number: int) -> Response:
    """Make a laureate a project, whose days are asked."""
    loaded = get_led_application(actor, slug, call, number)
    if request.method == "GET":  # a second click leads to the first one's project
        project_commands.require_may_create_project(actor, loaded)
    support = project_commands.suggest_support_facts(loaded.programme)
    form = make_form(LaureateProjectForm, **asdict(support))
    first, last = (
        day if day and not clock.find_implausible_date_problem(day) else suggested
        for day, suggested in (
            (form.starts_on.data, support.starts_on),
            (form.ends_on.data, support.ends_on),
        )
    )
    if late := list_gate_numbers_after_support_end(loaded.programme.id, first, last):
        form.ends_on.description = gates_after_support_end_sentence(late)

    def make() -> FoundedProject:
        founding = project_commands.create_laureate_project(actor, loaded, form.support())
        if founding.uninvited:
            names = ", ".join(founding.uninvited)
            flash(_("À inviter vous-même, faute d’adresse qui convienne : %(names)s.", names=names))
        return founding

    places = laureate_project_labels.laureates_beyond_places_sentence(
        queries.count_laureates(loaded.call), loaded.call.places
    )
    invited = [member.name for member in list_members(loaded.application) if member.email]
    advice = (
        *laureate_project_labels.describe_support_days(
            replace(support, starts_on=first, ends_on=last), loaded.programme.ends_on
        ),
        *filter(None, [places]),
        _("Sont invités aussitôt : %(names)s.", names=", ".join(invited))
        if invited
        else _("Elle ne donne l’adresse de personne : vous inviterez son équipe ensuite."),
    )
    return write_page(
        _build_form_page(loaded, _("Créer son projet"), _("Projet"), yes=_("Créer le projet"), advice=advice),
        form,
        lambda _values: make(),
        message=lambda founding: labels.founded_project_message(founding.invited, len(founding.uninvited)),
        to=lambda founding: url_for("projects.page", slug=founding.project.slug),
    )
