"""Invite everybody of a list, or say line by line what would stop it: the same commands run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.app.administration import policy
from portal.app.administration.invitation_list import InvitationLine
from portal.people.accounts import queries as people
from portal.people.programmes import commands as offers
from portal.people.programmes import queries as programmes
from portal.people.programmes.commands import INSTALLATION_PLACE, InvitedScopePage, RoleOffer
from portal.people.programmes.models import INSTALLATION, Programme, Scope, ScopeKind
from portal.people.programmes.policy import ADMINISTRATOR, ROLE_LABELS, ROLES_OF_SCOPES
from portal.platform.kernel.access import Actor, Role, require
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import fold, ngettext
from portal.platform.kernel.text import gettext as _
from portal.project.projects.commands import build_invited_project_page
from portal.project.projects.models import Project


class InvitationLineOutcome(StrEnum):
    INVITED = "invited"
    ALREADY = "already"  # invited before, and the link is still open, or holds the role
    REFUSED = "refused"


@dataclass(frozen=True)
class InvitationLineResult:
    """What becomes of a line; `reason` is a sentence unless the person is invited."""

    line: InvitationLine
    outcome: InvitationLineOutcome
    reason: str = ""


@dataclass(frozen=True)
class _ScopesByName:
    """Programmes and projects by the names that a list may use, folded."""

    programmes: Mapping[str, Programme]
    projects: Mapping[str, Sequence[Project]]


def preview_invitations(actor: Actor, lines: Sequence[InvitationLine]) -> Sequence[InvitationLineResult]:
    """What inviting would do, line by line; writes nothing. Ends the transaction."""
    require(policy.can_administer(actor))
    results = _invite_lines(actor, lines)
    db.session.rollback()
    return results


def invite_listed_people(actor: Actor, lines: Sequence[InvitationLine]) -> Sequence[InvitationLineResult]:
    """Invite all of a list. Raises `RuleBroken` on `text` when a line is refused: then nobody is."""
    require(policy.can_administer(actor))
    results = _invite_lines(actor, lines)
    refused = [result for result in results if result.outcome is InvitationLineOutcome.REFUSED]
    if refused:
        sentence = ngettext(
            "%(num)s ligne est en erreur : personne n’est invité.",
            "%(num)s lignes sont en erreur : personne n’est invité.",
            len(refused),
        )
        raise RuleBroken("text", sentence)
    if not any(result.outcome is InvitationLineOutcome.INVITED for result in results):
        raise RuleBroken("text", _("Tous sont déjà invités, ou ont déjà ce rôle : rien à envoyer."))
    return results


def _invite_lines(actor: Actor, lines: Sequence[InvitationLine]) -> Sequence[InvitationLineResult]:
    places = _read_scopes_by_name()
    return [_invite_line(actor, line, places) for line in lines]


def _invite_line(actor: Actor, line: InvitationLine, places: _ScopesByName) -> InvitationLineResult:
    if line.fault or line.role is None:
        return InvitationLineResult(line, InvitationLineOutcome.REFUSED, line.fault)
    try:
        with db.session.begin_nested():
            scope, place = _resolve_line_scope(line, line.role, places)
            if programmes.list_open_invitations_to_role(scope.id, line.email, line.role):
                return InvitationLineResult(
                    line, InvitationLineOutcome.ALREADY, _("Déjà invité : son lien sert encore.")
                )
            if _invitee_holds_role(line, scope):
                return InvitationLineResult(line, InvitationLineOutcome.ALREADY, _("A déjà ce rôle."))
            offer = RoleOffer(email=line.email, role=line.role)
            offers.invite_to_role(actor, scope, offer, place, is_from_list=True)
    except RuleBroken as broken:
        if broken.field == "knowingly":
            reason = _(
                "Cette personne a déjà un autre rôle dans l’équipe : invitez-la depuis la page du projet,"
                " où vous confirmez qu’elle tiendra les deux."
            )
            return InvitationLineResult(line, InvitationLineOutcome.REFUSED, reason)
        return InvitationLineResult(line, InvitationLineOutcome.REFUSED, broken.message)
    return InvitationLineResult(line, InvitationLineOutcome.INVITED)


def _invitee_holds_role(line: InvitationLine, scope: Scope) -> bool:
    invitee = people.find_person_by_email(line.email)
    return invitee is not None and line.role in programmes.get_roles_in_scope(invitee.id, scope.id)


def _resolve_line_scope(
    line: InvitationLine, role: Role, places: _ScopesByName
) -> tuple[Scope, InvitedScopePage]:
    """Where a line offers its role. Raises `RuleBroken`."""
    programme = places.programmes.get(fold(line.programme)) if line.programme else None
    if line.programme and programme is None:
        raise RuleBroken(None, _("Aucun programme ne s’appelle « %(name)s ».", name=line.programme))
    if line.project:
        project = _get_project_by_name(line.project, programme, places)
        _require_role_fits_scope(role, ScopeKind.PROJECT)
        return programmes.get_scope(project.id), build_invited_project_page(project)
    if programme is not None:
        _require_role_fits_scope(role, ScopeKind.PROGRAMME)
        return programmes.get_scope(programme.id), offers.build_programme_invitation_target(programme)
    if role is not ADMINISTRATOR:
        raise RuleBroken(None, _("Dites dans quel programme ou quel projet."))
    return programmes.get_scope(INSTALLATION), INSTALLATION_PLACE


def _require_role_fits_scope(role: Role, kind: ScopeKind) -> None:
    if role in ROLES_OF_SCOPES[kind]:
        return
    label = ROLE_LABELS[role]
    if kind is ScopeKind.PROJECT:
        raise RuleBroken(None, _("« %(role)s » ne se donne pas dans un projet.", role=label))
    raise RuleBroken(None, _("« %(role)s » ne se donne pas dans un programme : dites le projet.", role=label))


def _get_project_by_name(name: str, programme: Programme | None, places: _ScopesByName) -> Project:
    namesakes = places.projects.get(fold(name), ())
    projects = [each for each in namesakes if programme is None or each.programme_id == programme.id]
    if not projects:
        raise RuleBroken(None, _("Aucun projet ne s’appelle « %(name)s ».", name=name))
    if len({each.id for each in projects}) > 1:
        raise RuleBroken(
            None, _("Plusieurs projets s’appellent « %(name)s » : dites le programme.", name=name)
        )
    return projects[0]


def _read_scopes_by_name() -> _ScopesByName:
    """Two statements: every programme and project of the installation, by slug and names."""
    all_programmes = db.session.scalars(sa.select(Programme).where(Programme.left_at.is_(None))).all()
    by_name: dict[str, list[Project]] = {}
    for project in db.session.scalars(sa.select(Project)):
        names: set[Any] = {project.slug, project.acronym, project.organisation, project.title_fr}
        for name in names - {""}:
            by_name.setdefault(fold(name), []).append(project)
    names_of = [(each, {each.slug, each.name_fr, each.name_en}) for each in all_programmes]
    return _ScopesByName({fold(name): each for each, names in names_of for name in names if name}, by_name)
