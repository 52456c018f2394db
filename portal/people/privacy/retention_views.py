"""Pages of retention: the terms in force, what they would remove, their change."""

from flask import Blueprint, Response, url_for

from portal.people.privacy import retention_commands as commands
from portal.people.privacy import retention_labels as labels
from portal.people.privacy import retention_queries as queries
from portal.people.privacy.forms import RetentionTermForm
from portal.people.privacy.retention_queries import TermDefinition
from portal.people.programmes.models import INSTALLATION, Programme
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.retention import AnnouncedRemovalSource
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page

bp = Blueprint("retention", __name__, url_prefix="/retention")


@bp.get("")
def index() -> Response:
    return render(
        "people/privacy/retention.html",
        groups=queries.list_term_groups(actor),
        labels=labels,
        programmes=list_programmes(actor),
        announced=[
            each for removals in list_contributions(AnnouncedRemovalSource) for each in removals.list()
        ],
    )


@bp.get("/<key>", endpoint="term_page")
@bp.post("/<key>")
def change(key: str) -> Response:
    return _change_term(queries.get_term_definition(actor, key), None)


@bp.get("/<key>/programmes/<slug>", endpoint="programme_term_page")
@bp.post("/<key>/programmes/<slug>")
def change_for_programme(key: str, slug: str) -> Response:
    kind = queries.get_term_definition(actor, key)
    if not kind.is_per_programme:
        raise NotFound
    return _change_term(kind, queries.get_programme_for_administrator(slug))


def _change_term(kind: TermDefinition, programme: Programme | None) -> Response:
    scope_id = programme.id if programme else INSTALLATION
    term = queries.find_term(kind, scope_id)
    version = term.version if term else 0
    form = make_form(RetentionTermForm, days=term.days if term else None, version=version)
    form.days.description = str(kind.least_reason or "")
    step = programme.name if programme else str(kind.title)
    usual = queries.get_inherited_term_days(kind, scope_id)
    page = FormPage(
        title=str(kind.title),
        lead=str(kind.reason),
        trail=[(_("Durées de conservation"), url_for(".index"))],
        step=step,
        yes=_("Enregistrer la durée"),
        advice=(ngettext("Laissée vide : %(num)s jour.", "Laissée vide : %(num)s jours.", usual),),
    )
    return write_page(
        page,
        form,
        lambda values: commands.set_retention_term(
            actor,
            kind,
            scope_id,
            values["days"],
            values["version"],
            previewed_days=form.read_and_replace_previewed_days(usual),
        ),
        message=_("Durée enregistrée. Elle s’applique au prochain effacement automatique."),
        to=url_for(".index"),
        stored=term,
    )
