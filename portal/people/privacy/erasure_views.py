"""Pages of erasures: asked on one's own page, prepared and approved by an administrator."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.people.accounts.models import Person
from portal.people.accounts.queries import get_own_person
from portal.people.privacy import erasure_commands as commands
from portal.people.privacy import erasure_queries as queries
from portal.people.privacy import erasure_text_queries as texts
from portal.people.privacy import labels, policy
from portal.people.privacy.erasure_models import Erasure, ErasureStage
from portal.people.privacy.erasure_text_queries import ListedMention
from portal.people.privacy.forms import ErasureActionForm, MentionsForm
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.writes import write, write_confirmed

bp = Blueprint("erasures", __name__)
OWN = "/profile/data/erasure"
PATH = "/erasures/<uuid:erasure_id>"
PAGES_MAX = 10_000


def _list_consequences() -> list[str]:
    return [
        _("Votre nom, votre adresse, vos sessions, vos jetons, vos préférences et vos exports sont effacés."),
        _("Ce que vous avez écrit reste, signé « ancien membre »."),
        _(
            "Les textes des autres qui vous nomment sont relus : le nom en est retiré, ou gardé pour une"
            " raison."
        ),
        _("Un administrateur l’approuve. Jusque-là, vous pouvez y renoncer ; après, c’est sans retour."),
    ]


@bp.get(OWN, endpoint="ask_page")
@bp.post(OWN)
def ask() -> Response:
    return write_confirmed(
        ConfirmationQuestion(
            title=_("Faire effacer mon compte ?"),
            means=_list_consequences(),
            links=[(_("Emporter d’abord mes données"), url_for("privacy.index"))],
            yes=_("Demander l’effacement"),
            no=_("Garder mon compte"),
            step=_("Effacer mon compte"),
            place=_("Mes données"),
            back=url_for("privacy.index"),
        ),
        make_form(ErasureActionForm),
        lambda: commands.ask_erasure(actor, get_own_person(actor)),
        message=_("L’effacement est demandé. Vous pouvez encore y renoncer ici."),
    )


@bp.get(f"{OWN}/withdraw", endpoint="renounce_page")
@bp.post(f"{OWN}/withdraw")
def renounce() -> Response:
    erasure = queries.get_own_erasure(actor)
    return write_confirmed(
        ConfirmationQuestion(
            title=_("Renoncer à l’effacement ?"),
            means=[_("Votre compte reste tel qu’il est. Vous pourrez demander l’effacement plus tard.")],
            yes=_("Y renoncer"),
            no=_("Laisser la demande"),
            step=_("Renoncer"),
            place=_("Mes données"),
            back=url_for("privacy.index"),
        ),
        make_form(ErasureActionForm),
        lambda: commands.withdraw_erasure(actor, erasure),
        message=_("La demande est retirée."),
    )


@bp.get("/people/<uuid:person_id>/erasure", endpoint="ask_for_page")
@bp.post("/people/<uuid:person_id>/erasure")
def ask_on_behalf(person_id: UUID) -> Response:
    """Ask in the name of somebody who wrote to an administrator."""
    person = queries.get_erasable_person(actor, person_id)
    return write_confirmed(
        ConfirmationQuestion(
            title=_("Préparer l’effacement de %(who)s ?", who=person.name),
            means=[
                _("Le portail cherche les textes qui nomment cette personne ; vous déciderez de chacun."),
                _("Rien n’est effacé avant que vous l’approuviez sur la page de l’effacement."),
                _("La personne est prévenue par courriel, de votre part, et peut y renoncer jusque-là."),
            ],
            yes=_("Préparer l’effacement"),
            no=_("Ne rien préparer"),
            step=_("Effacement"),
            place=person.name,
            back=url_for("directory.page", person_id=person.id),
        ),
        make_form(ErasureActionForm),
        lambda: commands.ask_erasure(actor, person),
        message=_("L’effacement se prépare."),
        to=url_for(".index"),
    )


@bp.get("/erasures")
def index() -> Response:
    return render("people/privacy/erasures.html", erasures=queries.list_erasures(actor), stages=labels.STAGES)


@bp.get(PATH)
def page(erasure_id: UUID) -> Response:
    return _render_erasure_page(*queries.get_erasure_and_person(actor, erasure_id))


def _render_erasure_page(
    erasure: Erasure, person: Person, status: int = 200, form: MentionsForm | None = None
) -> Response:
    number = _read_page_number()
    listed: Sequence[ListedMention] = []
    fixed: Sequence[ListedMention] = []
    if erasure.stage is not ErasureStage.WITHDRAWN:
        listed = texts.list_mentions_page(actor, erasure, person, number)
    if erasure.is_open:
        fixed = texts.list_mentions_page(actor, erasure, person, number, is_fixed=True)
    return render(
        "people/privacy/erasure.html",
        status=status,
        erasure=erasure,
        person=person,
        stages=labels.STAGES,
        effects=queries.list_erasure_effects(person) if erasure.is_open else [],
        last_roles=queries.list_sole_holder_roles(person) if erasure.is_open else [],
        undecided=queries.count_undecided_mentions(erasure),
        is_decided=bool(listed),
        texts_with_name=[]
        if erasure.is_open
        else [(labels.kept_mention_label(each), each.address) for each in listed],
        stop=texts.find_last_stop(erasure),
        number=number,
        pages=texts.count_mention_pages(erasure),
        url_of=lambda each: url_for(".page", erasure_id=erasure.id, page=each),
        fixed=[(labels.mention_label(each), each.address) for each in fixed],
        kept_count=queries.count_kept_mentions(erasure),
        form=form or _mentions_form(listed, formdata=None),
        can_erase=policy.can_erase(actor, person),
    )


def _mentions_form(listed: Sequence[ListedMention], **options: Any) -> MentionsForm:
    mentions = [(each.mention.id, labels.mention_label(each)) for each in listed]
    links = {each.mention.id: each.address for each in listed if each.address}
    return MentionsForm(mentions, links, **options)


def _read_page_number() -> int:
    """The page of texts in the query string, 1 for what is no number."""
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), PAGES_MAX)


@bp.post(f"{PATH}/texts")
def decide_mentions(erasure_id: UUID) -> Response:
    erasure, person = queries.get_erasure_and_person(actor, erasure_id)
    require(policy.can_erase(actor, person), _("Un autre administrateur en décide."))
    form = _mentions_form(texts.list_mentions_page(actor, erasure, person, _read_page_number()))
    return write(
        form,
        lambda values: commands.decide_mentions(
            actor, erasure, form.mention_ids, values["decision"], values["reason"]
        ),
        message=_("Décision enregistrée."),
        to=url_for(".page", erasure_id=erasure.id, page=request.args.get("page")),
        page=lambda status: _render_erasure_page(erasure, person, status, form),
    )


@bp.get(f"{PATH}/approve", endpoint="approve_page")
@bp.post(f"{PATH}/approve")
def approve(erasure_id: UUID) -> Response:
    erasure, person = queries.get_erasure_and_person(actor, erasure_id)
    require(policy.can_erase(actor, person), _("Un autre administrateur en décide."))
    if request.method in SAFE_METHODS and (obstacle := commands.find_approval_obstacle(erasure, person)):
        flash(obstacle)
        return redirect_to_path(url_for(".page", erasure_id=erasure.id))
    return _confirm_erasure_step(
        erasure,
        ConfirmationQuestion(
            title=_("Effacer %(who)s ?", who=person.name),
            means=[
                _("Nom, adresse, sessions, jetons, préférences, exports et rôles partent, sans retour."),
                _("Ce que cette personne a écrit reste, signé « ancien membre »."),
                _("Après une restauration d’une copie plus ancienne, l’effacement est refait."),
            ],
            yes=_("Effacer"),
            no=_("Ne pas effacer"),
            step=_("Effacer"),
            place=_("L’effacement"),
            back=url_for(".page", erasure_id=erasure.id),
        ),
        commands.approve_erasure,
        _("L’effacement est en cours."),
    )


@bp.get(f"{PATH}/withdraw", endpoint="withdraw_page")
@bp.post(f"{PATH}/withdraw")
def withdraw(erasure_id: UUID) -> Response:
    erasure, _person = queries.get_erasure_and_person(actor, erasure_id)
    return _confirm_erasure_step(
        erasure,
        ConfirmationQuestion(
            title=_("Retirer cette demande ?"),
            means=[_("Le compte reste tel qu’il est. Dites à la personne pourquoi.")],
            yes=_("Retirer la demande"),
            no=_("La laisser"),
            step=_("Retirer"),
            place=_("L’effacement"),
            back=url_for(".page", erasure_id=erasure.id),
        ),
        commands.withdraw_erasure,
        _("La demande est retirée."),
    )


def _confirm_erasure_step(
    erasure: Erasure, question: ConfirmationQuestion, command: Any, message: str
) -> Response:
    form: Form = make_form(ErasureActionForm)
    return write_confirmed(question, form, lambda: command(actor, erasure), message=message)
