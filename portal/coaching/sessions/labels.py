"""Labels of coaching sessions; their line on a project's page."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portal.coaching.sessions.models import CoachingSession, SessionFormat
from portal.coaching.sessions.queries import PROJECT_FIGURES, LoggedSession
from portal.communication.calendar.meeting_labels import format_day_and_hour
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import ago, day
from portal.project.projects.section_queries import ProjectFoldKind, build_count_section

FORMATS: dict[SessionFormat, LazyString] = {
    SessionFormat.KICKOFF: _l("Réunion de lancement"),
    SessionFormat.IMMERSION: _l("Immersion métier"),
    SessionFormat.WEEKLY: _l("Point hebdomadaire"),
    SessionFormat.BUSINESS_WORKSHOP: _l("Atelier métier"),
    SessionFormat.CLINIC: _l("Clinique"),
    SessionFormat.CALL: _l("Appel"),
    SessionFormat.WORKSHOP: _l("Atelier"),
}
ACTION_LABELS: dict[str, LazyString] = {
    "coaching.logged": _l("Séance notée"),
    "coaching.changed": _l("Séance modifiée"),
    "coaching.removed": _l("Séance supprimée"),
    "coaching.decided": _l("Décision ajoutée"),
    "coaching.decision_changed": _l("Décision reformulée"),
    "coaching.decision_dropped": _l("Décision retirée"),
    "coaching.decision_recommended": _l("Décision devenue une recommandation"),
    "coaching.recommendation_undone": _l("Recommandation retirée"),
    "coaching.decision_planned": _l("Décision mise au carnet"),
}
LABELS: dict[str, LazyString] = {
    "held_on": _l("Tenue le"),
    "format": _l("Forme"),
    "track_id": _l("Volet"),
    "minutes": _l("Compte rendu"),
    "next_on": _l("Prochaine séance"),
    "hour": _l("Heure de la prochaine"),
    "duration": _l("Durée de la prochaine, en minutes"),
    "place": _l("Lieu de la prochaine"),
    "decision": _l("Décision"),
    "recommendation": _l("Recommandation"),
    "item": _l("Élément du carnet"),
}


def track_label(session: LoggedSession) -> str:
    return session.track.name if session.track else _("tous les volets")


def title(session: LoggedSession) -> str:
    """For example "Point hebdomadaire du 3 mars 2026"."""
    kind, when = FORMATS[session.row.format], day(session.row.held_on)
    return _("%(kind)s du %(when)s", kind=kind, when=when)


def describe_logged_session(row: CoachingSession, decisions: int) -> str:
    """That a session was logged; and where nothing is written of it, that it does not count yet."""
    if row.minutes or decisions:
        return _("Séance enregistrée.")
    return _("Séance enregistrée, compte rendu à écrire\u00a0: elle ne compte pas encore.")


def describe_unwritten_session(row: CoachingSession) -> str:
    """A session of which nothing is written yet, by its form and day."""
    kind, when = FORMATS[row.format], day(row.held_on)
    return _("%(kind)s du %(when)s, compte rendu à écrire", kind=kind, when=when)


def decision_count_label(count: int) -> str:
    if not count:
        return _("aucune décision notée")
    return ngettext("%(num)s décision", "%(num)s décisions", count)


def make_value_formatter(tracks: Mapping[str, str]) -> Callable[[str, Any], str]:
    """A function that formats a field's value from the audit trail; `tracks` maps ids to names."""

    def format_value(field: str, value: Any) -> str:
        if field == "track_id":
            return tracks.get(value, "—") if value else _("tous les volets")
        if value in (None, ""):
            return "—"
        if field == "format":
            return str(FORMATS[SessionFormat(value)])
        if field in {"held_on", "next_on"}:
            return format_day(date.fromisoformat(value))
        return str(value)

    return format_value


def next_meeting_time(row: CoachingSession) -> str:
    """Day, hour and length of the next session."""
    if row.next_on is None:
        return _("pas encore fixée")
    return format_day_and_hour(row.next_on, row.hour, row.duration)


def describe_next_meeting(facts: Mapping[str, Any]) -> str:
    """What a notification of a logged session adds: the day, hour and length of the next one."""
    if not facts.get("next_on"):
        return ""
    meeting = format_day_and_hour(
        date.fromisoformat(facts["next_on"]), facts.get("hour") or "", facts.get("duration")
    )
    return _(" ; la prochaine a lieu le %(when)s", when=meeting)


def describe_session_count_and_last(total: int, last: date | None) -> str:
    """How many sessions, and when the last of which something is written was."""
    count_label = ngettext("%(num)s séance", "%(num)s séances", total)
    if last is None:
        return _("%(count)s, sans compte rendu", count=count_label)
    return _("%(count)s, la dernière %(when)s", count=count_label, when=ago(last))


def describe_last_session(_total: int, last: date | None) -> str:
    """When the last session of which something is written was, in a few words."""
    if last is None:
        return _("compte rendu à écrire")
    return _("dernière séance %(when)s", when=ago(last))


PROJECT_SECTION = build_count_section(
    _l("Séances d’accompagnement"),
    "/coaching",
    PROJECT_FIGURES,
    describe_session_count_and_last,
    empty=_l("Aucune n’est encore notée."),
    fold=ProjectFoldKind.COACHING,
    brief=describe_last_session,
)
