"""Pages: take charge of a signal of a project's health, let it go."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response

from portal.oversight.health import charge_commands, labels
from portal.oversight.health.charge_queries import find_last_charge
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.forms import EndChargeForm, TakeChargeForm
from portal.oversight.health.navigation_views import build_health_trail
from portal.oversight.health.queries import get_definition, read_state
from portal.oversight.health.remedy_labels import remedy
from portal.oversight.health.signal_rules import Charge
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

bp = Blueprint("signal_charges", __name__, url_prefix="/projects/<slug>/health")
CHARGE_TAKEN = _l(
    "Votre engagement est noté. Au portefeuille, l’équipe se lit « suivi » quand chacun de ses signaux les"
    " plus graves l’est."
)
CHARGE_DAYS = 14  # proposed


@dataclass(frozen=True)
class StoredSignalCharge:
    """The last charge of a signal, read again at each access: a refused form shows what another
    person wrote in the meantime."""

    project: Project
    code: SignalCode

    @property
    def charge(self) -> Charge | None:
        return find_last_charge(self.project, self.code)

    @property
    def version(self) -> int:
        return self.charge.edition if self.charge else 0

    @property
    def text(self) -> str:
        return _("%(who)s : %(what)s", who=self.charge.who, what=self.charge.text) if self.charge else ""

    @property
    def until(self) -> date | None:
        return self.charge.until if self.charge else None


def _get_project_signal_and_charge(slug: str, code: str) -> tuple[Project, SignalCode, StoredSignalCharge]:
    """A project, one of its signals, and who is in charge of it, for whoever may take charge."""
    project = get_project(actor, slug)
    charge_commands.require_can_take_charge(actor, project)
    signal_code = get_definition(project.programme_id, code).code
    return project, signal_code, StoredSignalCharge(project, signal_code)


@bp.route("/<code>/charge", methods=["GET", "POST"])
def take_charge(slug: str, code: str) -> Response:
    project, signal_code, stored = _get_project_signal_and_charge(slug, code)
    form_page = FormPage(
        title=_("S’engager sur ce signal"),
        lead=_describe_signal(project, signal_code),
        trail=build_health_trail(project),
        step=_("S’engager sur ce signal"),
        yes=_("S’engager sur ce signal"),
        advice=(_("Il garde son niveau, et dit qui s’engage, à quoi et jusqu’à quand."),),
    )
    form = make_form(
        TakeChargeForm, version=stored.version, until=clock.today() + timedelta(days=CHARGE_DAYS)
    )
    return write_page(
        form_page,
        form,
        lambda values: charge_commands.take_charge(
            actor, project, signal_code, values["text"], values["until"], read_edition=values["version"]
        ),
        message=str(CHARGE_TAKEN),
        stored=stored,
    )


@bp.route("/<code>/release", methods=["GET", "POST"])
def end_charge(slug: str, code: str) -> Response:
    project, signal_code, stored = _get_project_signal_and_charge(slug, code)
    form_page = FormPage(
        title=_("Mettre fin au suivi"),
        lead=_describe_signal(project, signal_code),
        trail=build_health_trail(project),
        step=_("Mettre fin au suivi"),
        yes=_("Mettre fin au suivi"),
        advice=(_("Il est non suivi dès maintenant. Un jour passé dit encore qui le suivait."),),
    )
    return write_page(
        form_page,
        make_form(EndChargeForm, version=stored.version),
        lambda values: charge_commands.end_signal_charge(
            actor, project, signal_code, read_edition=values["version"]
        ),
        message=_("Ce signal n’est plus suivi."),
        stored=stored,
    )


def _describe_signal(project: Project, code: SignalCode) -> str:
    """What the signal says, what would turn it green, and who is in charge of it."""
    state = read_state(project)
    signal = next((signal for signal in state.reasons if signal.code is code), None) if state else None
    if state is None or signal is None:
        return str(labels.SIGNALS[code])
    sentences = [f"{labels.signal_sentence(signal, state)}.", remedy(signal, state)]
    if in_force := state.charge_of(signal):
        sentences.append(_("Déjà suivi par %(who)s : %(what)s", who=in_force.who, what=in_force.text))
    return " ".join(sentences)
