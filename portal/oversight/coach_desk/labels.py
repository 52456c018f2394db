"""Sentences about what a coach carries, and about their sessions with a team."""

from collections.abc import Sequence
from datetime import date

from portal.coaching.coach_notes.queries import HandOverRequest
from portal.communication.calendar.meeting_labels import format_day_and_hour
from portal.oversight.coach_desk.coach_date_queries import AccompaniedTeam
from portal.oversight.coach_desk.queries import ASSIGNMENTS_MAX, CoachAssignment, CoachLoad, is_list_cut
from portal.oversight.health.duration_labels import format_duration
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day
from portal.project.projects.labels import describe_team_count


def explain_cut_list(loads: Sequence[CoachLoad]) -> str:
    """That a list of coaches stops, and where; "" of a whole one."""
    if not is_list_cut(loads):
        return ""
    return _(
        "La liste s’arrête à %(num)s affectations, dans l’ordre des noms\u00a0: d’autres coachs"
        " ou équipes n’y sont pas.",
        num=ASSIGNMENTS_MAX,
    )


def describe_load(load: CoachLoad) -> str:
    """« 4 équipes dans vos programmes, 1 demande d’aide en cours, 2 recommandations à confirmer »."""
    parts = [describe_team_count(load.team_count)]
    if silent := sum(assigned.silent_days > 0 for assigned in load.teams):
        parts.append(ngettext("%(num)s équipe sans séance", "%(num)s équipes sans séance", silent))
    if count := load.help_requests:
        parts.append(ngettext("%(num)s demande d’aide en cours", "%(num)s demandes d’aide en cours", count))
    if load.to_confirm:
        to_confirm = ngettext(
            "%(num)s recommandation à confirmer", "%(num)s recommandations à confirmer", load.to_confirm
        )
        parts.append(to_confirm)
    return ", ".join(parts)


def describe_silence(assigned: CoachAssignment) -> str:
    """How long the team has had no session on the track, where its health counts that."""
    return _("aucune séance depuis %(time)s", time=format_duration(assigned.silent_days))


def describe_last_and_next_session(team: AccompaniedTeam, today: date) -> str:
    """When the coach last met the team on their track, and when they meet again."""
    last = _("Aucune séance avec un compte rendu")
    if team.last_on is not None:
        days = (today - team.last_on).days
        last = ngettext("Vue il y a %(num)s jour", "Vue il y a %(num)s jours", days)
        last = last if days else _("Vue aujourd’hui")
    if team.next_on is not None and team.has_missed_session(today):
        return _("%(last)s · prévue le %(day)s, pas de compte rendu", last=last, day=day(team.next_on))
    if team.next_on is None or team.next_on < today:  # held since
        return last
    coming = format_day_and_hour(team.next_on, team.hour, team.duration)
    return _("%(last)s · prochaine le %(day)s", last=last, day=coming)


def describe_request(request: HandOverRequest) -> str:
    """Since when the request to hand a team over waits, and to whom its coach would hand it."""
    on = day(clock.day_of(request.requested_at))
    if not request.to:
        return _("Demandé le %(day)s, la direction n’a pas encore répondu", day=on)
    return _("Demandé le %(day)s, à %(name)s, la direction n’a pas encore répondu", day=on, name=request.to)
