"""Change requests: filed by a team, decided as the programme's rules say, with letters."""

from collections.abc import Callable, Sequence
from io import BytesIO
from types import SimpleNamespace

from flask import Blueprint, Response, request, send_file, url_for

from portal.collaboration.files.views import files_context
from portal.funding.agreements.commands import require_handler, require_nothing_in_hand
from portal.funding.agreements.gate_queries import find_sponsor_id
from portal.funding.agreements.page_views import build_funding_trail
from portal.funding.agreements.policy import can_set_terms
from portal.funding.agreements.queries import get_agreement, get_project_with_readable_amounts
from portal.funding.agreements.terms_queries import find_funding_terms
from portal.funding.change_requests import commands, decision_commands, labels, policy, queries
from portal.funding.change_requests.attachment_queries import CHANGE_FILES
from portal.funding.change_requests.effect_views import (
    ask_to_apply_abandonment,
    ask_to_apply_delay,
    find_granted_days,
    list_abandonment_effects,
    list_asked_delay_moves,
    list_delay_moves,
)
from portal.funding.change_requests.forms import AnswerChangeForm, ChangeMessageForm, NewChangeRequestForm
from portal.funding.change_requests.letter_documents import build_letter
from portal.funding.change_requests.models import OPEN_STATES, ChangeState, FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import EntryAboveForm, FormPage, FormPageLink, make_form
from portal.platform.web.rendering import render
from portal.platform.web.template_filters import day
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.queries import get_programme_of

bp = Blueprint("funding_changes", __name__, url_prefix="/projects/<slug>/funding/changes")
RULE = f"/<int(max={NUMBER_MAX}):number>"
LETTER_MAX = 99
Button = Callable[[Actor, LoadedChange, int], None]


@bp.get(RULE)
def page(slug: str, number: int) -> Response:
    return _show_change(slug, number)


def _show_change(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """A request; `form` is a button or message of the page that was refused."""
    loaded = queries.get_change(actor, slug, number)
    project, agreement, row = loaded
    has_authority = policy.can_decide_change(actor, project, row)
    awaits_sponsor, sponsor_id = policy.awaits_sponsor_confirmation(row), find_sponsor_id(project)
    is_undecided = row.state in {ChangeState.FILED, ChangeState.EXAMINED}
    return render(
        "funding/change_requests/page.html",
        status=status,
        project=project,
        agreement=agreement,
        row=row,
        decisions=queries.list_decisions(row),
        messages=queries.list_messages(row),
        can_examine=policy.can_examine(actor, project, row),
        can_decide=has_authority and is_undecided and not awaits_sponsor,
        can_apply=has_authority and row.state is ChangeState.GRANTED,
        can_correct=policy.can_correct(actor, project, row, is_open=agreement.is_open),
        can_withdraw=policy.can_file_request(actor, project) and is_undecided,
        can_refuse=has_authority and awaits_sponsor,
        can_confirm=policy.can_confirm_abandonment(actor, row, sponsor_id),
        sponsor_turn=labels.describe_confirmation_turn(row, sponsor_id, queries.read_person_name(sponsor_id))
        if awaits_sponsor
        else "",
        can_name_sponsor=awaits_sponsor
        and sponsor_id in {None, row.filed_by_id}
        and policy.can_file_request(actor, project),
        moves=list_delay_moves(loaded, find_granted_days(row)),
        asked_by=queries.read_person_name(row.filed_by_id),
        effects=list_abandonment_effects(project, row.kind) if row.state in OPEN_STATES else (),
        message_form=form if isinstance(form, ChangeMessageForm) else ChangeMessageForm(formdata=None),
        form=form,
        trail=build_funding_trail(project),
        labels=labels,
        **files_context(CHANGE_FILES.place(actor, project, row)),
    )


def _requested_kind() -> FundingChangeKind | None:
    typed = request.args.get("kind", "")
    return FundingChangeKind(typed) if typed in set(FundingChangeKind) else None


@bp.route("/new", methods=["GET", "POST"])
def file_request(slug: str) -> Response:
    project = get_project_with_readable_amounts(actor, slug)
    commands.require_filer(actor, project)
    agreement = get_agreement(project)
    form = make_form(NewChangeRequestForm, kind=_requested_kind())
    form.clear_fields_of_other_kinds()
    modes = queries.read_change_modes(project.programme_id)
    advice = tuple(
        f"{labels.KINDS[kind]} : {lower_first(labels.MODES[mode])}."
        for kind, mode in modes.items()
        if form.kind.data in {None, kind}
    )
    title = _("Demander une modification")
    return write_page(
        FormPage(
            title=title,
            lead=project.short_name,
            trail=build_funding_trail(project),
            step=title,
            yes=_("Déposer"),
            advice=(*list_abandonment_effects(project, form.kind.data), *advice),
        ),
        form,
        lambda _values: decision_commands.file_or_note_change_request(
            actor, project, agreement, form.facts()
        ),
        message=_("Demande déposée."),
        to=lambda row: url_for(".page", slug=slug, number=row.number),
    )


def _respond_to_change_button(slug: str, number: int, command: Button, message: str) -> Response:
    loaded = queries.get_change(actor, slug, number)
    form = VersionedButtonForm()
    return write(
        form,
        lambda values: command(actor, loaded, values["version"]),
        message=message,
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _show_change(slug, number, status, form),
        stored=loaded.row,
    )


@bp.post(f"{RULE}/examine")
def examine(slug: str, number: int) -> Response:
    require_handler(actor, queries.get_change(actor, slug, number).project)
    return _respond_to_change_button(slug, number, commands.examine_change, _("Demande prise en charge."))


@bp.post(f"{RULE}/confirm")
def confirm_abandonment(slug: str, number: int) -> Response:
    commands.require_sponsor(actor, queries.get_change(actor, slug, number).project)
    return _respond_to_change_button(slug, number, commands.confirm_abandonment, _("Abandon confirmé."))


@bp.post(f"{RULE}/withdraw")
def withdraw(slug: str, number: int) -> Response:
    commands.require_filer(actor, queries.get_change(actor, slug, number).project)
    return _respond_to_change_button(slug, number, commands.withdraw_change, _("Demande retirée."))


@bp.post(f"{RULE}/apply")
def apply(slug: str, number: int) -> Response:
    loaded = queries.get_change(actor, slug, number)
    decision_commands.require_decider(actor, loaded)
    is_stale = bool(request.form.get("confirmed")) and request.form.get("version") != str(loaded.row.version)
    is_first = loaded.row.state is ChangeState.GRANTED and (is_stale or not request.form.get("confirmed"))
    moves = list_delay_moves(loaded, find_granted_days(loaded.row))
    if moves and is_first:
        return ask_to_apply_delay(loaded, moves, is_stale=is_stale)
    if loaded.row.kind is FundingChangeKind.ABANDONMENT and is_first:
        return _refuse_or_ask_to_apply_abandonment(loaded, is_stale=is_stale)
    message = " ".join([labels.applied_sentence(loaded.row, loaded.project.state), *moves])
    return _respond_to_change_button(slug, number, decision_commands.apply_change, message)


def _refuse_or_ask_to_apply_abandonment(loaded: LoadedChange, *, is_stale: bool) -> Response:
    """The first step, which applies nothing: one that is refused, since an instalment is asked or checked,
    is refused at once."""
    form, project = VersionedButtonForm(), loaded.project
    return submit(
        form,
        lambda _values: require_nothing_in_hand(project),
        lambda _nothing: ask_to_apply_abandonment(loaded, is_stale=is_stale),
        lambda status: _show_change(project.slug, loaded.row.number, status, form),
        stored=loaded.row,
    )


def _respond_with_decision_form(slug: str, number: int, title: str, *, corrects: bool) -> Response:
    loaded = queries.get_change(actor, slug, number)
    decision_commands.require_decider(actor, loaded)
    row = loaded.row
    last = next((decision for decision, _name in queries.list_decisions(row)), None)
    granted = last if corrects and last and last.is_granted else row
    stored = SimpleNamespace(
        outcome="yes" if corrects else None,
        days=granted.days,
        amount_cents=granted.amount_cents,
        reasons="",
        version=row.version,
    )
    form = make_form(AnswerChangeForm, row.kind, obj=stored)
    if row.kind is not FundingChangeKind.DELAY or row.state is not ChangeState.APPLIED:
        del form.knowingly
    name = labels.title(row)
    return write_page(
        FormPage(
            title=title,
            lead=f"{loaded.project.short_name}, {lower_first(name)}",
            trail=build_funding_trail(loaded.project, (name, url_for(".page", slug=slug, number=number))),
            step=title,
            folded=("knowingly",),
            entries_title=_("Ce que l’équipe demande"),
            entries=[EntryAboveForm(text) for text in labels.list_request_texts(row)],
            advice=(
                *list_asked_delay_moves(loaded, find_granted_days(row) if corrects else row.days),
                *_list_abandonment_facts(loaded),
                *labels.correction_advice(row, corrects=corrects),
                *_list_letter_advice(loaded.project),
            ),
            sources_title=_("Qui décide, qui signe"),
            sources=_list_terms_links(loaded.project),
        ),
        form,
        lambda values: (
            decision_commands.correct_decision(
                actor, loaded, form.answer(), values["version"], knowingly=values.get("knowingly", True)
            )
            if corrects
            else decision_commands.decide_change(actor, loaded, form.answer(), values["version"])
        ),
        message=_("Décision enregistrée : sa lettre est prête."),
        stored=stored,
    )


def _list_abandonment_facts(loaded: LoadedChange) -> Sequence[str]:
    """What granting an abandonment leads to, and who confirmed it as the sponsor."""
    row = loaded.row
    if row.kind is not FundingChangeKind.ABANDONMENT:
        return ()
    confirmed = _("Le sponsor ne l’a pas confirmé : avant lui, il ne peut qu’être refusé.")
    if row.confirmed_at is not None:
        name, when = queries.read_person_name(row.confirmed_by_id), day(clock.day_of(row.confirmed_at))
        confirmed = _("Le sponsor, %(name)s, l’a confirmé le %(day)s.", name=name, day=when)
    granted = _("Une fois accordé, il s’applique d’un second geste.")
    return [confirmed, *list_abandonment_effects(loaded.project, row.kind), granted]


def _list_terms_links(project: Project) -> Sequence[FormPageLink]:
    programme = get_programme_of(project)
    if not can_set_terms(actor, programme):
        return ()
    return [FormPageLink(_("Règles du financement"), url_for("funding_terms.edit", slug=programme.slug))]


def _list_letter_advice(project: Project) -> Sequence[str]:
    letter = _("Une lettre reprend la décision et ses motifs, en PDF.")
    unsigned = _("Elle ne porte pas de signature : les règles du financement ne nomment pas de signataire.")
    terms = find_funding_terms(project.programme_id)
    return [letter] if terms and terms.signatory_name else [letter, unsigned]


@bp.route(f"{RULE}/decide", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    return _respond_with_decision_form(slug, number, _("Décider de la demande"), corrects=False)


@bp.route(f"{RULE}/correct", methods=["GET", "POST"])
def correct(slug: str, number: int) -> Response:
    return _respond_with_decision_form(slug, number, _("Corriger la décision"), corrects=True)


@bp.post(f"{RULE}/messages")
def post_message(slug: str, number: int) -> Response:
    loaded = queries.get_change(actor, slug, number)
    form = ChangeMessageForm()
    return write(
        form,
        lambda values: commands.write_message(actor, loaded, values["body"]),
        message=_("Message envoyé."),
        to=url_for(".page", slug=slug, number=number) + "#thread",
        page=lambda status: _show_change(slug, number, status, form),
    )


@bp.get(f"{RULE}/letters/<int(max={LETTER_MAX}):letter>.pdf")
def letter(slug: str, number: int, letter: int) -> Response:
    """The letter of one decision."""
    project, agreement, row = queries.get_change(actor, slug, number)
    for decision, _name in queries.list_decisions(row):
        if decision.number == letter:
            content = build_letter(project, agreement, row, decision)
            pdf = print_pdf(DocumentKind.REPORT, content, decision.created_at)
            name = f"{project.slug}-demande-{row.number}-lettre-{letter}.pdf"
            return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)
    raise NotFound
