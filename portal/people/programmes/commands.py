"""Commands on programmes and on invitations to roles."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.models import Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.programmes import policy, queries
from portal.people.programmes.models import INSTALLATION, RETENTION, Invitation, Programme, Scope, ScopeKind
from portal.people.programmes.queries import OfferKey
from portal.people.programmes.role_commands import (
    INDEPENDENCE,
    REVOKED,
    give_role,
    queue_invitation_mail,
    role_facts,
)
from portal.people.programmes.schedule_rules import ProgrammeDays, TeamsOutsideNewDays, require_steps_inside
from portal.people.programmes.track_commands import TrackNames, add_track_row
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, Role, require
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import format_day, lower_first, slugify
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.tokens import new_token, token_hash

INVITATION_LIFE = timedelta(days=14)
# Slugs that are path segments of the portal's own URLs.
RESERVED_SLUGS = frozenset({"new"})

CREATED = audit.Action("programme.created")
EDITED = audit.Action("programme.edited")
INVITED = audit.Action("role.offered", _l("a invité une personne (%(role)s)"))


@dataclass(frozen=True, kw_only=True)
class ProgrammePlan:
    """Editable columns of a programme."""

    name_fr: str
    name_en: str
    about_fr: str
    about_en: str
    starts_on: date
    months: int
    test_retention: int = RETENTION


@dataclass(frozen=True, kw_only=True)
class RoleOffer:
    """An invitation to a role; `share_of_time` in per cent, or None.

    `knowingly`: the inviter has confirmed that the person gets a second role in the team.
    """

    email: str
    role: Role
    share_of_time: int | None = None
    knowingly: bool = False


@dataclass(frozen=True, kw_only=True)
class InvitedScopePage:
    """The name of a scope in an invitation, and the path of its page."""

    name_fr: str
    name_en: str
    page: str


# Without a name: pages name the installation in the reader's language.
INSTALLATION_PLACE = InvitedScopePage(name_fr="", name_en="", page="/")


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """The input of an invited person who opens an account."""

    name: str
    password: str
    locale: str = "fr"


def create_programme(actor: Actor, plan: ProgrammePlan, tracks: list[tuple[str, str]]) -> Programme:
    """Create a programme with its tracks, each a (French, English) name.

    Raises `RuleBroken` on `name_fr`.
    """
    require(policy.can_create_programme(actor))
    lock_row(Scope, INSTALLATION)
    slug = slugify(plan.name_fr)
    if not slug or slug in RESERVED_SLUGS or queries.is_slug_taken(slug):
        raise RuleBroken("name_fr", _("Un autre programme porte déjà ce nom, ou il n’a pas de lettres."))
    scope = Scope(kind=ScopeKind.PROGRAMME, parent_id=INSTALLATION)
    db.session.add(scope)
    db.session.flush()
    programme = Programme(id=scope.id, slug=slug, **asdict(plan))
    db.session.add(programme)
    for position, (name_fr, name_en) in enumerate(tracks):
        key = slugify(name_fr) or f"track-{position}"
        add_track_row(programme, key, TrackNames(name_fr=name_fr, name_en=name_en), position)
    audit.record(actor, CREATED, programme, scope_id=programme.id)
    return programme


def edit_programme(
    actor: Actor, programme: Programme, plan: ProgrammePlan, version: int, *, knowingly: bool | str = False
) -> None:
    """Edit a programme.

    Raises `Conflict` unless it is at `version`, `RuleBroken` on `starts_on` or `months` when its new
    days would leave teams outside, on `knowingly` as `require_steps_inside`.
    """
    require(policy.can_edit_programme(actor, programme))
    check_version(programme, version)
    days_before, months_before = (programme.starts_on, programme.ends_on), programme.months
    for name, value in asdict(plan).items():
        setattr(programme, name, value)
    changes = audit.changes_of(programme)
    _require_team_days_inside(programme, days_before)
    require_steps_inside(programme.id, plan.months, months_before, knowingly)
    if changes:
        audit.record(actor, EDITED, programme, scope_id=programme.id, changes=changes)


def _require_team_days_inside(programme: Programme, days_before: ProgrammeDays) -> None:
    """Raise `RuleBroken` when teams were within the days before and are not within the new ones."""
    days = programme.starts_on, programme.ends_on
    if days == days_before:
        return
    names = [
        name
        for teams in list_contributions(TeamsOutsideNewDays)
        for name in teams.list_moved_out(programme.id, days_before, days)
    ]
    if names:
        sentence = _(
            "Le programme irait du %(first)s au %(last)s, sans les dates de : %(teams)s."
            " Changez d’abord les dates de ces projets.",
            first=format_day(days[0]),
            last=format_day(days[1]),
            teams=", ".join(names),
        )
        raise RuleBroken("starts_on" if days[0] > days_before[0] else "months", sentence)


def invite_to_programme(actor: Actor, programme: Programme, offer: RoleOffer) -> str:
    """Invite a person to a role in a programme; see `invite_to_role`."""
    return invite_to_role(
        actor, queries.get_scope(programme.id), offer, build_programme_invitation_target(programme)
    )


def build_programme_invitation_target(programme: Programme) -> InvitedScopePage:
    """What an invitation to a programme calls it, and its page."""
    page = f"/programmes/{programme.slug}"
    return InvitedScopePage(name_fr=programme.name_fr, name_en=programme.name_en, page=page)


def invite_to_role(
    actor: Actor,
    scope: Scope,
    offer: RoleOffer,
    place: InvitedScopePage = INSTALLATION_PLACE,
    *,
    is_from_list: bool = False,
) -> str:
    """Create an invitation and return the token of its link, of which only the hash is stored.

    Queues a letter with another link, and withdraws an earlier invitation of the same address to
    the same role. Raises `RuleBroken` on `email` if the person holds the role already or holds an
    incompatible one, and on `knowingly` until a second role in the same team is confirmed.
    """
    may = policy.can_invite_from_list if is_from_list else policy.can_invite
    require(may(actor, scope, offer.role))
    email = offer.email.strip().lower()
    invitee = people.find_person_by_email(email)
    current_roles = queries.get_roles_in_scope(invitee.id, scope.id) if invitee else frozenset()
    if offer.role in current_roles:
        raise RuleBroken("email", _("Cette personne a déjà ce rôle."))
    if invitee and queries.would_break_independence(invitee.id, scope, offer.role):
        raise RuleBroken("email", str(INDEPENDENCE))
    team_roles = policy.list_already_held_team_roles(current_roles, offer.role)
    if team_roles and not offer.knowingly:
        raise RuleBroken("knowingly", _second_role_message(team_roles))
    _withdraw_earlier_invitations(actor, scope, email, offer.role)
    token = new_token()
    invitation = Invitation(
        scope_id=scope.id,
        email=email,
        place_fr=place.name_fr,
        place_en=place.name_en,
        page=place.page,
        role=offer.role,
        share_of_time=offer.share_of_time,
        token_hash=token_hash(token),
        invited_by_id=actor.person_id,
        expires_at=clock.now() + INVITATION_LIFE,
    )
    db.session.add(invitation)
    audit.record(actor, INVITED, invitation, scope_id=scope.id, facts=role_facts(offer.role))
    queue_invitation_mail(invitation, invitee, people.get_own_person(actor))
    return token


def _second_role_message(current_roles: Iterable[Role]) -> str:
    """Return the sentence that asks to confirm a second role in the same team."""
    role_names = ", ".join(lower_first(policy.ROLE_LABELS[role]) for role in current_roles)
    return _(
        "Cette personne est déjà dans l’équipe (%(roles)s) : elle tiendra les deux rôles."
        " Cochez cette case pour l’inviter quand même.",
        roles=role_names,
    )


def _withdraw_earlier_invitations(actor: Actor, scope: Scope, email: str, role: Role) -> None:
    """Withdraw earlier invitations of an address to the same role, so that one is open."""
    lock_row(Scope, scope.id)
    for earlier in queries.list_open_invitations_to_role(scope.id, email, role):
        earlier.revoked_at = clock.now()
        audit.record(actor, REVOKED, earlier, scope_id=scope.id, facts=role_facts(role))


def revoke_invitation(actor: Actor, scope: Scope, invitation: Invitation) -> None:
    """Withdraw an invitation. Raises `NotFound` if it was accepted or withdrawn meanwhile."""
    require(policy.can_revoke_invitation(actor, scope, invitation))
    _lock_and_reload_invitation(invitation)
    invitation.revoked_at = clock.now()
    audit.record(actor, REVOKED, invitation, scope_id=scope.id, facts=role_facts(invitation.role))


def withdraw_programme_invitation(actor: Actor, programme: Programme, invitation: Invitation) -> None:
    """Withdraw an invitation to a role in a programme; see `revoke_invitation`."""
    revoke_invitation(actor, queries.get_scope(programme.id), invitation)


def accept_invitation(key: OfferKey, person: Person, *, knowingly: bool = False) -> Invitation:
    """Accept the invitation of a link. Raises `NotFound` unless it is open.

    Raises `RuleBroken` on `knowingly` if it was for another address and the person has not
    confirmed it, on the whole form for a role that only the invited address may accept.
    """
    offer = queries.get_open_invitation(key)
    _lock_and_reload_invitation(offer)
    if person.email != offer.email:
        if policy.is_role_for_invited_address_only(offer.role):
            raise RuleBroken(None, _("Seule l’adresse invitée peut prendre ce rôle."))
        if not knowingly:
            raise RuleBroken("knowingly", _("Cochez cette case si l’invitation vous est bien destinée."))
    offer.accepted_at = clock.now()
    offer.accepted_by_id = person.id
    give_role(
        queries.actor_for(person.id), offer.scope_id, person, offer.role, share_of_time=offer.share_of_time
    )
    return offer


def open_invited_account(key: OfferKey, account: NewAccount, passwords: PortalPasswordHasher) -> Person:
    """Create the invited person and accept the invitation; concurrent requests create one person.

    Raises `NotFound` as `accept_invitation` does, `RuleBroken` on `password`, or on the whole form if
    the address has an account by now.
    """
    offer = queries.get_open_invitation(key)
    person = _create_invited_person(offer, account.name, account.locale)
    accounts.choose_password(
        person, account.password, passwords, least=policy.min_password_length_for(offer.role)
    )
    accept_invitation(key, person)
    return person


def open_invited_account_without_password(key: OfferKey, name: str, locale: str) -> Person:
    """The same for a person who signs in elsewhere: by ProConnect."""
    offer = queries.get_open_invitation(key)
    person = _create_invited_person(offer, name or offer.email.partition("@")[0], locale)
    accept_invitation(key, person)
    return person


def _create_invited_person(offer: Invitation, name: str, locale: str) -> Person:
    _lock_and_reload_invitation(offer)
    if people.find_person_by_email(offer.email):
        raise RuleBroken(None, _("Cette adresse a déjà un compte : connectez-vous pour accepter."))
    return accounts.create_person(None, email=offer.email, name=name, locale=locale)


def _lock_and_reload_invitation(offer: Invitation) -> None:
    """Lock an invitation and reload it; raises `NotFound` if it was accepted or withdrawn."""
    lock_row(Invitation, offer.id)
    reload_row(offer)
    if offer.accepted_at is not None or offer.revoked_at is not None:
        raise NotFound
