"""The steps of a new programme that its teams are: for the programme's page and the portfolio."""

from collections.abc import Sequence

from flask import url_for

from portal.people.programmes.models import Programme
from portal.people.programmes.start_labels import (
    ProgrammeRoleCounts,
    ProgrammeStartPart,
    ProgrammeStartStep,
    ProgrammeStartStepSource,
    describe_open_invitations,
)
from portal.platform.kernel.text import gettext as _
from portal.project.projects.queries import programme_has_project
from portal.project.projects.staffing_queries import TeamStaffing, has_coach_to_assign, list_team_staffing


def list_team_setup_steps(programme: Programme, _counts: ProgrammeRoleCounts) -> Sequence[ProgrammeStartStep]:
    """Create the projects, done with the first one; then invite who leads each and give their tracks a
    coach, done when all are there."""
    teams = list_team_staffing(programme.id)
    has_coaches = has_coach_to_assign(programme)
    creation = ProgrammeStartStep(
        _("Créer les projets"),
        _("Un nom, un titre, des dates : le porteur invité complète le reste."),
        programme_has_project(programme.id),
        url_for("projects.new", programme=programme.slug),
        _("Créer un projet"),
        _link_to_team_import(programme),
    )
    return [
        creation,
        _build_lead_step(programme, teams),
        _build_coach_step(programme, teams, has_coaches=has_coaches),
    ]


def _build_lead_step(programme: Programme, teams: Sequence[TeamStaffing]) -> ProgrammeStartStep:
    without = [team for team in teams if not team.has_lead]
    uninvited = [team for team in without if not team.open_lead_invitations]
    first = next(iter(uninvited or without), None)
    notes = [_("Le porteur complète le projet et invite son équipe.")]
    if teams:
        present = len(teams) - len(without)
        notes.append(_("Porteurs arrivés : %(present)s sur %(teams)s.", present=present, teams=len(teams)))
    else:
        notes.append(_tell_that_teams_come_first())
    if open_invitations := sum(team.open_lead_invitations for team in without):
        notes.append(describe_open_invitations(open_invitations))
    return ProgrammeStartStep(
        _("Inviter les porteurs"),
        " ".join(notes),
        bool(teams) and not without,
        _link_to_team(programme, first, "invite"),
        _("Inviter pour %(team)s", team=first.short_name) if first else _("Créer un projet"),
        ("", "") if first else _link_to_team_import(programme),
        is_waiting=not uninvited,
        is_of_start_only=True,
    )


def _build_coach_step(
    programme: Programme, teams: Sequence[TeamStaffing], *, has_coaches: bool
) -> ProgrammeStartStep:
    """`has_coaches`: whether somebody can be assigned."""
    lacking = [team for team in teams if not team.has_all_coaches]
    first = next(iter(lacking), None)
    note = _("Chaque équipe a un coach sur chacun de ses volets.")
    counts = _tell_that_teams_come_first()
    if teams:
        tracks = sum(len(team.tracks) for team in teams)
        counts = _(
            "Volets avec un coach : %(filled)s sur %(tracks)s ;"
            " équipes au complet : %(complete)s sur %(teams)s.",
            filled=tracks - sum(len(team.tracks_without_coach) for team in teams),
            tracks=tracks,
            complete=len(teams) - len(lacking),
            teams=len(teams),
        )
    return ProgrammeStartStep(
        _("Affecter les coachs"),
        f"{note} {counts}",
        bool(teams) and not lacking,
        _link_to_team(programme, first, "coach"),
        _("Affecter un coach à %(team)s", team=first.short_name) if first else _("Créer un projet"),
        ("", "") if first else _link_to_team_import(programme),
        is_waiting=not (teams and has_coaches),
        is_of_start_only=True,
        part=ProgrammeStartPart.COACHES,
    )


def _tell_that_teams_come_first() -> str:
    return _("Aucune équipe n’existe encore : créez-les d’abord, ou importez-les.")


def _link_to_team_import(programme: Programme) -> tuple[str, str]:
    return _("Importer un fichier"), url_for("team_imports.index", programme=programme.slug)


def _link_to_team(programme: Programme, team: TeamStaffing | None, part: str) -> str:
    if team is None:
        return url_for("projects.new", programme=programme.slug)
    return url_for("team.index", slug=team.slug, _anchor=part)


STEPS = ProgrammeStartStepSource(list_team_setup_steps)
