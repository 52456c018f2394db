"""The page of a project's money, and the agreement: prepared, signed, amended, closed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.collaboration.files.commands import attach_upload
from portal.collaboration.files.views import files_context, get_upload_intake
from portal.funding.agreements import amendment_commands, commands, labels, policy, queries
from portal.funding.agreements.attachment_queries import AGREEMENT_FILES
from portal.funding.agreements.commands import ReplacementDocument, Signature
from portal.funding.agreements.forms import (
    AgreementForm,
    AmendmentForm,
    CloseAgreementForm,
    ReplaceSignedDocumentForm,
    SignatureForm,
)
from portal.funding.agreements.models import FundingAgreement
from portal.funding.agreements.page_views import (
    build_funding_trail,
    file_options,
    parse_amendment_number,
    read_signed_document,
)
from portal.funding.agreements.rules import format_parties
from portal.funding.agreements.section_queries import FundingPageSection
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.early_reads import reading_before_upload
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import get_actor
from portal.platform.web.form_page import EntryAboveForm, FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project

bp = Blueprint("agreements", __name__, url_prefix="/projects/<slug>/funding")
_BESIDE = (("number", "operator_reference"), ("amount_cents", "legal_commitment"), ("starts_on", "ends_on"))


@bp.get("")
def page(slug: str) -> Response:
    """The money of a project; states alone for whoever reads no amount."""
    project = queries.get_project_with_readable_funding_states(actor, slug)
    agreement = queries.find_agreement(project)
    sees_amounts = policy.reads_amounts(actor, project)
    context = (
        {}
        if agreement is None or not sees_amounts
        else files_context(AGREEMENT_FILES.place(actor, project, agreement))
    )
    for part in list_contributions(FundingPageSection):
        context |= part.read(actor, project, agreement)
    return render(
        "funding/agreements/page.html",
        project=project,
        agreement=agreement,
        sees_amounts=sees_amounts,
        amendments=queries.list_amendments(agreement) if agreement and sees_amounts else (),
        can_handle=policy.can_handle(actor, project),
        trail=build_funding_trail(project, with_page=False),
        parts=[part.template for part in list_contributions(FundingPageSection)],
        labels=labels,
        **context,
    )


def _build_form_page(project: Project, title: str, **options: object) -> FormPage:
    return FormPage(
        title=title,
        lead=project.short_name,
        trail=build_funding_trail(project),
        step=title,
        **options,  # type: ignore[arg-type]
    )


@bp.route("/agreement", methods=["GET", "POST"])
def edit(slug: str) -> Response:
    project = queries.get_project_with_readable_amounts(actor, slug)
    commands.require_handler(actor, project)
    row = queries.find_agreement(project)
    commands.require_open_draft(project, row)
    stored = (
        SimpleNamespace(version=0, parties="")
        if row is None
        else SimpleNamespace(
            **{
                name: getattr(row, name)
                for name in ("number", "legal_commitment", "operator_reference", "purpose")
            },
            parties=format_parties(row.parties),
            amount_cents=row.amount_cents,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            version=row.version,
        )
    )
    form = make_form(AgreementForm, obj=stored)
    advice = (
        _("Aucune coordonnée bancaire n’est notée ici."),
        _("Les tranches se prévoient ensuite ; leur somme est le montant de la convention."),
    )
    return write_page(
        _build_form_page(project, _("Préparer la convention"), beside=_BESIDE, advice=advice),
        form,
        lambda values: commands.save_agreement(actor, project, form.facts(), values["version"]),
        message=_("Convention enregistrée."),
        stored=stored,
    )


@bp.route("/agreement/sign", methods=["GET", "POST"])
def sign(slug: str) -> Response:
    with reading_before_upload():
        project = queries.get_project_with_readable_amounts(actor, slug)
        commands.require_handler(actor, project)
        row = queries.get_agreement(project)
        commands.require_open_draft(project, row)
        stored, files = _read_signature(row), file_options(row)
        entries = _list_unconditional_instalments(project)
        page = _build_form_page(project, _("Noter la signature"))
    form = make_form(SignatureForm, get_upload_intake(), obj=stored)
    form.set_files(files)
    advice = (
        _("Le montant est alors engagé, tranche par tranche : seul un avenant le changera."),
        _("Le jalon G0 lit cette signature."),
    )
    return _write_with_signed_document(
        project,
        row,
        form,
        lambda values, document_id: commands.sign_agreement(
            actor, project, row, Signature(values["signed_on"], document_id), values["version"]
        ),
        replace(page, advice=advice, entries_title=_("Se versent sans condition"), entries=entries),
        read_stored=_read_signature,
        message=_("Signature notée : le montant est engagé."),
        stored=stored,
    )


def _read_signature(row: FundingAgreement) -> SimpleNamespace:
    return SimpleNamespace(
        signed_on=row.signed_on or clock.today(),
        document=row.document_id and str(row.document_id),
        version=row.version,
    )


def _write_with_signed_document(
    project: Project,
    row: FundingAgreement,
    form: SignatureForm | ReplaceSignedDocumentForm,
    command: Callable[[dict[str, Any], UUID], None],
    page: FormPage,
    *,
    read_stored: Callable[[FundingAgreement], SimpleNamespace],
    stored: SimpleNamespace,
    message: str,
) -> Response:
    """Answer a form that names the signed document: the file that it sends is attached first; the others
    are offered where there are any. `stored` is brought up to date with what was saved while the file was
    checked."""

    def attach_then_write(values: dict[str, Any]) -> None:
        document_id = values["document"]
        if form.incoming_file is not None:
            place = AGREEMENT_FILES.place(get_actor(), project, row)
            document_id = attach_upload(get_actor(), place, form.incoming_file, form.intake.allowed).id
        commands.lock_agreement(row)
        vars(stored).update(vars(read_stored(row)))
        command(values, document_id)

    page = replace(page, takes_file=True, folded=() if form.offers_files else ("document",))
    try:
        return write_page(page, form, attach_then_write, message=message, stored=stored)
    finally:
        form.discard()


def _list_unconditional_instalments(project: Project) -> Sequence[EntryAboveForm]:
    """The instalments that ask for no gate, no document and no statement."""
    instalments = queries.list_instalments(project)
    documents = queries.list_documents_by_instalment(instalments)
    return [
        EntryAboveForm(
            _("Tranche %(n)s", n=row.number), warning=_("Aucun jalon, document ni état n’est demandé.")
        )
        for row in instalments
        if not row.gates and not documents.get(row.id) and not row.needs_statement
    ]


@bp.route("/agreement/document", methods=["GET", "POST"])
def replace_signed_document(slug: str) -> Response:
    with reading_before_upload():
        project = queries.get_project_with_readable_amounts(actor, slug)
        commands.require_handler(actor, project)
        row = queries.get_agreement(project)
        commands.require_open_agreement(project, row)
        stored = read_signed_document(row, parse_amendment_number(request.args.get("amendment")))
        files = file_options(row)
        title = _("Remplacer le document signé")
        page = _build_form_page(project, title, advice=(_("L’ancien reste joint, et son empreinte."),))
        amended, signed = queries.count_amendments(row), set(row.amendment_documents or ())
        others = {n: queries.list_other_signed_files(row, n) for n in (None, *range(1, amended + 1))}
    form = make_form(ReplaceSignedDocumentForm, get_upload_intake(), obj=stored)
    message = _("Document signé remplacé : son empreinte est notée, l’équipe est prévenue.")
    number = form.amendment.data
    if number is None and any(form.amendment.raw_data or ()):
        raise NotFound
    if number is not None:
        if not 1 <= number <= amended:
            raise NotFound
        title = _("Remplacer l’avenant %(n)s signé", n=number)
        if str(number) not in signed:
            page, title = replace(page, advice=()), _("Joindre l’avenant %(n)s signé", n=number)
            message = _("Avenant signé joint : son empreinte est notée, l’équipe est prévenue.")
            del form.reason
        action = url_for(".replace_signed_document", slug=slug, amendment=number)
        page = replace(page, title=title, step=title, draft=f"{request.path}/{number}", action=action)
    form.set_files([option for option in files if str(option[0]) not in others[number]])
    return _write_with_signed_document(
        project,
        row,
        form,
        lambda values, document_id: commands.replace_signed_document(
            actor,
            project,
            row,
            ReplacementDocument(document_id, values.get("reason", ""), number),
            values["version"],
        ),
        page,
        read_stored=lambda saved: read_signed_document(saved, number),
        message=message,
        stored=stored,
    )


def _read_current_agreement_values(row: FundingAgreement) -> SimpleNamespace:
    """What an agreement says now, with the day and reason of its latest amendment."""
    last = next((amendment for amendment, _author in queries.list_amendments(row)), None)
    return SimpleNamespace(
        signed_on=last.signed_on if last else row.signed_on,
        reason=last.reason if last else "",
        **{name: getattr(row, name) for name in ("amount_cents", "ends_on", "purpose", "version")},
    )


@bp.route("/agreement/amend", methods=["GET", "POST"])
def amend(slug: str) -> Response:
    project = queries.get_project_with_readable_amounts(actor, slug)
    commands.require_handler(actor, project)
    row = queries.get_agreement(project)
    commands.require_open_agreement(project, row)
    form = make_form(AmendmentForm, obj=SimpleNamespace(signed_on=clock.today(), version=row.version))
    return write_page(
        _build_form_page(
            project,
            _("Noter un avenant"),
            beside=(("amount_cents", "ends_on"),),
            advice=(
                _("Ce qui reste vide ne change pas."),
                _("L’avenant signé se joint ensuite, depuis la liste des avenants."),
            ),
        ),
        form,
        lambda values: amendment_commands.amend_agreement(
            actor, project, row, form.facts(), values["version"]
        ),
        message=_("Avenant noté. Joignez l’avenant signé, depuis la liste des avenants."),
        stored=_read_current_agreement_values(row),
    )


@bp.route("/agreement/end", methods=["GET", "POST"])
def end(slug: str) -> Response:
    project = queries.get_project_with_readable_amounts(actor, slug)
    commands.require_handler(actor, project)
    row = queries.get_agreement(project)
    commands.require_open_agreement(project, row)
    form = make_form(CloseAgreementForm, obj=SimpleNamespace(reason="", version=row.version))
    advice = (_("Ce qui est engagé et non versé cesse de l’être. Le grand livre garde tout."),)
    return write_page(
        _build_form_page(project, _("Clore la convention"), yes=_("Clore"), advice=advice),
        form,
        lambda values: commands.end_agreement(actor, project, row, values["reason"], values["version"]),
        message=_("Convention close."),
        to=url_for(".page", slug=slug),
        stored=SimpleNamespace(reason=row.end_reason, version=row.version),
    )
