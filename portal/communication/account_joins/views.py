"""Pages on which an administrator joins two accounts of one person."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.communication.account_joins import commands, labels, policy, queries
from portal.communication.account_joins.commands import AccountJoinDecision
from portal.communication.account_joins.forms import JoinForm, OtherAccountForm
from portal.communication.directory.labels import role_label, role_scope_label
from portal.people.accounts.models import Person
from portal.people.programmes.policy import ROLE_LABELS
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write

bp = Blueprint("account_joins", __name__, url_prefix="/people/<uuid:person_id>")


@bp.get("/join", endpoint="choose_page")
@bp.post("/join")
def choose_other_account(person_id: UUID) -> Response:
    """Name the other account, and which one stays."""
    person = queries.get_person(actor, person_id)
    require(policy.can_join(actor, person, person), labels.OWN_ACCOUNT)
    form = make_form(OtherAccountForm)
    return write(
        form,
        lambda values: _read_chosen_accounts(person, values),
        message="",
        to=lambda pair: url_for(".page", person_id=pair[0].id, stays_id=pair[1].id),
        page=lambda status: render(
            "communication/account_joins/choose.html", status=status, person=person, form=form
        ),
    )


def _read_chosen_accounts(person: Person, values: dict[str, Any]) -> tuple[Person, Person]:
    """The account that goes and the one that stays. Raises `RuleBroken` on `address`."""
    other = queries.find_other_account(actor, values["address"])
    if other is None:
        raise RuleBroken("address", _("Aucun compte n’a cette adresse."))
    pair = (other, person) if values["stays"] == "this" else (person, other)
    if not policy.can_join(actor, *pair):
        raise RuleBroken("address", str(labels.OWN_ACCOUNT))
    for obstacle in queries.list_account_obstacles(*pair):
        raise RuleBroken("address", labels.obstacle_sentence(obstacle))
    return pair


@bp.get("/join/<uuid:stays_id>", endpoint="page")
@bp.post("/join/<uuid:stays_id>")
def join(person_id: UUID, stays_id: UUID) -> Response:
    """Preview the join of an account into another one, and do it."""
    goes, stays = queries.get_accounts(actor, person_id, stays_id)
    require(policy.can_join(actor, goes, stays), labels.OWN_ACCOUNT)
    form = make_form(JoinForm)
    return write(
        form,
        lambda values: commands.join_accounts(actor, goes, stays, _read_join_decision(values)),
        message=_("Les deux comptes sont réunis."),
        to=url_for("directory.page", person_id=stays.id),
        page=lambda status: _render_join_page(goes, stays, form, status),
    )


def _read_join_decision(values: dict[str, Any]) -> AccountJoinDecision:
    return AccountJoinDecision(
        **{name: values[name] for name in ("reason", "address", "previewed_digest", "move_identities")}
    )


def _render_join_page(goes: Person, stays: Person, form: JoinForm, status: int) -> Response:
    obstacles = queries.list_account_obstacles(goes, stays)
    preview = None if obstacles else queries.read_preview(actor, goes, stays)
    if preview is not None:
        form.previewed_digest.data, obstacles = preview.digest, list(preview.obstacles)
    return render(
        "communication/account_joins/join.html",
        status=status,
        goes=goes,
        stays=stays,
        preview=preview,
        form=form,
        obstacles=[labels.obstacle_sentence(each) for each in obstacles],
        role_label=role_label,
        place_label=role_scope_label,
        role_labels=ROLE_LABELS,
    )
