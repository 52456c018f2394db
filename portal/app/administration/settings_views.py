"""Pages of the settings, of the banner and of maintenance."""

from flask import Blueprint, Response, flash, request, url_for

from portal.app.administration import commands, packages, policy
from portal.app.administration.forms import BannerForm, InstallationActionForm, SettingsForm
from portal.app.administration.installation import CHANGEABLE, get_installation_state_cache, settings_in_force
from portal.app.administration.queries import find_installation_state
from portal.app.administration.setting_labels import SECTIONS, build_setting_line
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.writes import write_confirmed, write_page

bp = Blueprint("settings", __name__, url_prefix="/administration/settings")


@bp.get("")
def index() -> Response:
    policy.require_administrator(actor)
    reader, settings = get_installation_state_cache(), get_service(Settings)
    replaced = frozenset(reader.overrides)
    return render(
        "app/administration/settings.html",
        sections=[
            (title, [build_setting_line(label, settings, replaced) for label in labels])
            for title, labels in SECTIONS
        ],
        notice=reader.notice,
        packages=packages.list_packages(),
        engines=packages.list_platform_versions(),
    )


@bp.get("/change", endpoint="change_page")
@bp.post("/change")
def change() -> Response:
    policy.require_administrator(actor)
    state = find_installation_state()
    # As stored: this process may have read the state before another one changed it.
    settings = settings_in_force(
        get_installation_state_cache().from_environment, state.overrides if state else {}
    )
    defaults = {attribute: getattr(settings, attribute) for attribute in CHANGEABLE.values()}
    form = make_form(SettingsForm, **defaults, version=state.version if state else 0)
    page = FormPage(
        title=_("Changer les réglages"),
        lead=_("Ce qui est écrit ici remplace la variable du même nom, dans les secondes qui suivent."),
        trail=[(_("Réglages"), url_for(".index"))],
        step=_("Changer"),
        advice=(_("Un champ vidé rend la main à la variable d’environnement."),),
    )
    return write_page(
        page,
        form,
        lambda values: commands.change_settings(
            actor,
            {name: values[attribute] for name, attribute in CHANGEABLE.items()},
            values["version"],
        ),
        message=_("Réglages enregistrés."),
        stored=_StoredSettings(settings, state.version if state else 0),
    )


class _StoredSettings:
    """The settings in force with the version of their row, for a form that is stale."""

    def __init__(self, settings: Settings, version: int) -> None:
        self.version = version
        for attribute in CHANGEABLE.values():
            setattr(self, attribute, getattr(settings, attribute))


@bp.get("/banner", endpoint="banner_page")
@bp.post("/banner")
def change_banner() -> Response:
    policy.require_administrator(actor)
    state = find_installation_state()
    form = make_form(BannerForm, obj=state, version=state.version if state else 0)
    page = FormPage(
        title=_("Bandeau pour tous"),
        lead=_(
            "Une phrase en haut de chaque page, pour tous les lecteurs : une coupure prévue, une nouveauté."
        ),
        trail=[(_("Réglages"), url_for(".index"))],
        step=_("Bandeau"),
    )
    return write_page(
        page,
        form,
        lambda values: commands.change_banner(
            actor, values["banner_fr"], values["banner_en"], values["version"]
        ),
        message=lambda _result: (
            _("Bandeau enregistré. Tous le voient dans les secondes qui suivent.")
            if form.banner_fr.data or form.banner_en.data
            else _("Bandeau retiré : il disparaît des pages dans les secondes qui suivent.")
        ),
        stored=state,
    )


@bp.get("/maintenance", endpoint="begin_page")
@bp.post("/maintenance")
def begin_maintenance() -> Response:
    policy.require_administrator(actor)
    state = find_installation_state()
    if request.method in SAFE_METHODS and state is not None and state.maintenance_since is not None:
        flash(_("Le portail est déjà en maintenance."))
        return redirect_to_path(url_for(".index"))
    question = ConfirmationQuestion(
        title=_("Fermer le portail pour maintenance ?"),
        means=[
            _(
                "Dans les secondes qui suivent, seuls les administrateurs entrent ; les autres lisent que le"
                " portail est en maintenance."
            ),
            _("Les programmes qui l’interrogent par l’API reçoivent la même réponse (503)."),
            _("Le processus d’arrière-plan continue : courriels, imports et dossiers se font."),
            _("Un formulaire ouvert garde son texte, et s’enverra après."),
        ],
        yes=_("Fermer le portail"),
        no=_("Le laisser ouvert"),
        step=_("Maintenance"),
        place=_("Réglages"),
        back=url_for(".index"),
    )
    return write_confirmed(
        question,
        make_form(InstallationActionForm),
        lambda: commands.begin_maintenance(actor),
        message=_("Le portail se ferme dans les secondes qui suivent : seuls les administrateurs y entrent."),
    )


@bp.get("/maintenance/end", endpoint="end_page")
@bp.post("/maintenance/end")
def end_maintenance() -> Response:
    policy.require_administrator(actor)
    state = find_installation_state()
    if request.method in SAFE_METHODS and (state is None or state.maintenance_since is None):
        flash(_("Le portail est ouvert à tous : il n’y a rien à rouvrir."))
        return redirect_to_path(url_for(".index"))
    question = ConfirmationQuestion(
        title=_("Rouvrir le portail à tous ?"),
        means=[_("Chacun entre de nouveau, dans les secondes qui suivent.")],
        yes=_("Rouvrir le portail"),
        no=_("Le garder fermé"),
        step=_("Maintenance"),
        place=_("Réglages"),
        back=url_for(".index"),
    )
    return write_confirmed(
        question,
        make_form(InstallationActionForm),
        lambda: commands.end_maintenance(actor),
        message=_("Le portail est ouvert à tous."),
    )
