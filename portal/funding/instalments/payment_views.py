"""Payments of instalments, failed ones, and recoveries."""

from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.funding.agreements import queries
from portal.funding.agreements.models import Instalment
from portal.funding.agreements.terms_queries import read_recovery_days
from portal.funding.instalments import commands, payment_commands
from portal.funding.instalments.forms import (
    AnnounceRecoveryForm,
    BookRecoveryForm,
    InstalmentReasonForm,
    PaymentForm,
    RecoveryObservationsForm,
)
from portal.funding.instalments.instalment_page_views import show_instalment
from portal.funding.instalments.models import PaymentRecovery
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.queries import find_open_recovery, read_instalment_with_needs
from portal.funding.instalments.views import RULE, build_form_page, list_lack_entries
from portal.platform.kernel import clock
from portal.platform.kernel.errors import Overtaken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import make_form
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path

bp = Blueprint("payments", __name__, url_prefix="/projects/<slug>/funding/instalments")


@bp.route(f"{RULE}/pay", methods=["GET", "POST"])
def pay(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    commands.require_operator(actor, project)
    commands.require_instalment_state(loaded, payment_commands.CHECKED_STATE, may_be_over=True)
    payment_commands.require_other_payer(actor, row)
    stored = SimpleNamespace(paid_on=clock.today(), reference="", reason="", version=row.version)
    entries = list_lack_entries(project, read_instalment_with_needs(project, row))
    form = make_form(PaymentForm, obj=stored)
    form.drop_reason_unless_stale(is_stale=bool(entries))
    return write_page(
        build_form_page(
            project,
            row,
            _("Noter le versement"),
            yes=_("Noter le versement"),
            beside=(("paid_on", "reference"),),
            entries_title=_("Périmé depuis la demande"),
            entries=entries,
            advice=(_("Un versement noté ne se modifie pas : une contre-écriture le corrige."),),
        ),
        form,
        lambda values: payment_commands.pay_instalment(actor, loaded, form.payment(), values["version"]),
        message=lambda is_paid: (
            _("Versement noté.")
            if is_paid
            else _("Une pièce a changé depuis le contrôle : la tranche est à contrôler de nouveau.")
        ),
        stored=stored,
    )


@bp.route(f"{RULE}/fail", methods=["GET", "POST"])
def note_failure(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    commands.require_operator(actor, project)
    commands.require_instalment_state(loaded, payment_commands.PAID_STATE, may_be_over=True)
    stored = SimpleNamespace(reason="", version=row.version)
    advice = (_("Une contre-écriture annule le versement ; la tranche est de nouveau à verser."),)
    return write_page(
        build_form_page(project, row, _("Le versement a échoué"), yes=_("Noter l’échec"), advice=advice),
        make_form(InstalmentReasonForm, obj=stored),
        lambda values: payment_commands.note_payment_failure(
            actor, loaded, values["reason"], values["version"]
        ),
        message=_("Échec noté : la tranche est à verser de nouveau."),
        stored=stored,
    )


@bp.route(f"{RULE}/recovery", methods=["GET", "POST"])
def announce_recovery(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    commands.require_operator(actor, project)
    days = read_recovery_days(project.programme_id)
    sentence = ngettext(
        "L’équipe a %(num)s jour pour répondre avant que le reversement soit noté.",
        "L’équipe a %(num)s jours pour répondre avant que le reversement soit noté.",
        days,
    )
    return write_page(
        build_form_page(project, row, _("Annoncer un reversement"), yes=_("Annoncer"), advice=(sentence,)),
        make_form(AnnounceRecoveryForm),
        lambda values: payment_commands.announce_recovery(
            actor, loaded, values["amount_cents"], values["reason"]
        ),
        message=_("Reversement annoncé : l’équipe peut répondre."),
    )


def _get_open_recovery(project: Project, row: Instalment) -> PaymentRecovery:
    """The open recovery, or 409 with the page of the instalment."""
    recovery = find_open_recovery(row)
    if recovery is None:
        raise Overtaken(_("Aucun reversement n’est annoncé sur cette tranche."), row_path(project, row))
    return recovery


@bp.route(f"{RULE}/recovery/observations", methods=["GET", "POST"])
def add_recovery_observations(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    payment_commands.require_team_lead(actor, project)
    recovery = _get_open_recovery(project, row)
    advice = (_("L’équipe répond une fois : le texte reste dans l’historique de la tranche."),)
    return write_page(
        build_form_page(project, row, _("Répondre au reversement annoncé"), yes=_("Envoyer"), advice=advice),
        make_form(RecoveryObservationsForm, obj=recovery),
        lambda values: payment_commands.add_recovery_observations(
            actor, loaded, values["observations"], values["version"]
        ),
        message=_("Observations envoyées à l’opérateur."),
        stored=recovery,
    )


@bp.route(f"{RULE}/recovery/book", methods=["GET", "POST"])
def book_recovery(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    commands.require_operator(actor, project)
    recovery = _get_open_recovery(project, row)
    stored = SimpleNamespace(paid_on=clock.today(), reference="", version=recovery.version)
    return write_page(
        build_form_page(project, row, _("Noter le reversement"), beside=(("paid_on", "reference"),)),
        make_form(BookRecoveryForm, obj=stored),
        lambda values: payment_commands.book_recovery(
            actor,
            loaded,
            Payment(paid_on=values["paid_on"], reference=values["reference"]),
            values["version"],
        ),
        message=_("Reversement noté."),
        stored=stored,
    )


@bp.post(f"{RULE}/recovery/drop")
def drop_recovery(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    commands.require_operator(actor, loaded.project)
    form = VersionedButtonForm()
    return write(
        form,
        lambda values: payment_commands.drop_recovery(actor, loaded, values["version"]),
        message=_("Reversement abandonné."),
        to=url_for("instalments.page", slug=slug, number=number),
        page=lambda status: show_instalment(slug, number, status, form),
        stored=_get_open_recovery(loaded.project, loaded.row),
    )
