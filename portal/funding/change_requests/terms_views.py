"""The page of what a programme sets for its funding."""

from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.funding.agreements.queries import get_handled_programme
from portal.funding.change_requests import queries, terms_commands
from portal.funding.change_requests.terms_forms import FundingTermsForm
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page

bp = Blueprint("funding_terms", __name__, url_prefix="/programmes/<slug>/funding")


@bp.route("/terms", methods=["GET", "POST"])
def edit(slug: str) -> Response:
    programme = get_handled_programme(actor, slug)
    stored = SimpleNamespace(**queries.read_funding_terms(programme))
    form = make_form(FundingTermsForm, obj=stored)
    return write_page(
        FormPage(
            title=_("Règles du financement"),
            lead=programme.name,
            trail=[(_("Conventions"), url_for("agreement_list.index"))],
            step=_("Règles"),
            beside=(("signatory_name", "signatory_function"),),
            advice=(_("Les demandes déjà déposées gardent la règle de leur jour."),),
        ),
        form,
        lambda values: terms_commands.set_funding_terms(actor, programme, form.facts(), values["version"]),
        message=_("Règles enregistrées."),
        stored=stored,
    )
