"""Labels of rounds and their parts, and sentences about them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.user_tests.rounds.models import RoundScale, SessionMethod, TestRound, TestTask
from portal.user_tests.rounds.queries import GroupParticipationLine, RoundDetails

METHODS: dict[SessionMethod, LazyString] = {
    SessionMethod.MODERATED: _l("Accompagnée : quelqu’un de l’équipe est là"),
    SessionMethod.UNMODERATED: _l("Seul : chacun essaie quand il veut"),
    SessionMethod.FIELD: _l("En situation réelle, pendant un temps convenu"),
}

METHODS_IN_SHORT: dict[SessionMethod, LazyString] = {
    SessionMethod.MODERATED: _l("accompagnée"),
    SessionMethod.UNMODERATED: _l("non accompagnée"),
    SessionMethod.FIELD: _l("en situation réelle"),
}

SCALES: dict[RoundScale, LazyString] = {
    RoundScale.F_SUS: _l("F-SUS : dix questions, en français"),
    RoundScale.SUS: _l("SUS : les mêmes, en anglais"),
    RoundScale.UMUX_LITE: _l("UMUX-Lite : deux questions"),
    RoundScale.NONE: _l("Aucun"),
}

LANGUAGES: dict[str, LazyString] = {"fr": _l("français"), "en": _l("anglais")}

LABELS: dict[str, LazyString] = {
    "title": _l("Titre"),
    "version": _l("Version essayée"),
    "follows": _l("Reprise de la série"),
    "groups": _l("Publics visés"),
    "method": _l("Façon de faire"),
    "scale": _l("Questionnaire de fin"),
    "hypotheses": _l("Hypothèses de cette série"),
    "script": _l("Déroulé"),
    "starts_on": _l("Du"),
    "ends_on": _l("Au"),
    "ended_on": _l("Terminée le"),
    "access_needs": _l("Participants ayant un besoin d’accessibilité"),
    "no_access_needs": _l("Pourquoi personne"),
    "instruction": _l("Ce qu’on lit au participant"),
    "success": _l("C’est réussi quand"),
    "time_limit": _l("Limite de temps"),
    "is_primary": _l("Tâche principale"),
    "position": _l("Rang"),
    "purpose": _l("Pourquoi ce test"),
    "course": _l("Comment cela se passe, ce que nous notons"),
    "retention": _l("Combien de temps c’est gardé"),
    "withdrawal": _l("Changer d’avis"),
    "dpo_contact": _l("À qui s’adresser"),
}

ACTION_LABELS: dict[str, LazyString] = {
    "round.planned": _l("Série préparée"),
    "round.copied": _l("Série reprise d’une autre"),
    "round.changed": _l("Série modifiée"),
    "round.access_counted": _l("Besoins d’accessibilité comptés"),
    "round.ended": _l("Série terminée"),
    "round.reopened": _l("Série rouverte"),
    "test_task.added": _l("Tâche ajoutée"),
    "test_task.changed": _l("Tâche modifiée"),
    "test_task.moved": _l("Tâche déplacée"),
    "test_task.removed": _l("Tâche retirée"),
    "consent.written": _l("Consentement modifié"),
    "consent.read_over": _l("Consentement relu"),
}


def _format_iso_date(iso_date: str) -> str:
    return format_day(date.fromisoformat(iso_date))


def format_value(field: str, value: Any) -> str:
    """Format a field's value of the audit trail; a dash for an empty one."""
    if value in (None, ""):
        return "—"
    return str(_VALUE_FORMATS.get(field, str)(value))


def state_with_badge_kind(round_: TestRound, sessions: int) -> tuple[str, str | None]:
    """Return the state of a round with this number of sessions, and the kind of its badge."""
    if round_.ended_on is not None:
        return (_("Terminée"), "success") if sessions else (_("Terminée sans séance"), None)
    if sessions:
        return _("En cours"), "info"
    return _("En préparation"), None


def session_count_label(count: int) -> str:
    if not count:
        return _("aucune séance")
    return ngettext("%(num)s séance", "%(num)s séances", count)


def session_count_in_rounds_label(sessions: int, rounds: int) -> str:
    """Return how many sessions some rounds had; one round is not mentioned."""
    if rounds < 2:
        return session_count_label(sessions)
    return _("%(sessions)s en %(rounds)s séries", sessions=session_count_label(sessions), rounds=rounds)


def task_count_label(count: int) -> str:
    return ngettext("%(num)s tâche", "%(num)s tâches", count) if count else _("aucune tâche")


def task_order_label(tasks_: Sequence[TestTask]) -> str:
    """Return the order of the tasks, announced to screen readers after a move."""
    return _("Ordre des tâches : %(tasks)s", tasks=", ".join(f"T{task.number}" for task in tasks_))


def round_summary(details: RoundDetails, *, has_title: bool) -> str:
    """Return version, number of sessions, period and state of a round, and its title where it
    `has_title`."""
    count = details.sessions
    people = (
        ngettext("%(num)s participant", "%(num)s participants", count) if count else session_count_label(0)
    )
    parts = [_("version %(n)s", n=details.version), people]
    when = period(details.round)
    facts = ", ".join([*parts, when] if when else parts)
    return " · ".join(
        [
            *([details.round.title] if has_title else []),
            facts,
            state_with_badge_kind(details.round, details.sessions)[0].lower(),
        ]
    )


def protocol_summary(details: RoundDetails) -> str:
    """Return what the folded protocol holds."""
    parts = [task_count_label(details.tasks), str(METHODS_IN_SHORT[details.round.method])]
    if details.round.hypotheses:
        parts.append(_("hypothèses"))
    if details.round.script:
        parts.append(_("déroulé"))
    return ", ".join([*parts, _("consentement")])


def period(round_: TestRound) -> str:
    """Return when a round takes place: until the day it was ended, else as it is planned; "" for no day."""
    end = round_.ended_on or round_.ends_on
    start = round_.starts_on if end is None or round_.starts_on is None or round_.starts_on <= end else None
    if start and end:
        return _("du %(start)s au %(end)s", start=day(start), end=day(end))
    if start:
        return _("à partir du %(day)s", day=day(start))
    return _("jusqu’au %(day)s", day=day(end)) if end else ""


def format_duration(seconds: int) -> str:
    """Format seconds: « 3 min », « 1 min 30 s », « 45 s »."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("%(s)s s", s=rest)
    if not rest:
        return _("%(min)s min", min=minutes)
    return _("%(min)s min %(s)s s", min=minutes, s=rest)


def participation_label(aim: GroupParticipationLine) -> str:
    """Return the number of participants of a group, of the planned number."""
    if aim.participant_goal is None:
        return ngettext("%(num)s participant", "%(num)s participants", aim.participants)
    return _("%(came)s sur %(wanted)s", came=aim.participants, wanted=aim.participant_goal)


def participations_sentence(aims: Sequence[GroupParticipationLine], sessions: int) -> str:
    """Return the participants of each group that a round aims at, then of no such group."""
    parts = [_("%(name)s\u00a0: %(count)s", name=aim.name, count=participation_label(aim)) for aim in aims]
    if others := sessions - sum(aim.participants for aim in aims):
        parts.append(_("autres\u00a0: %(n)s", n=others))
    return ", ".join(parts)


def access_needs_sentence(round_: TestRound) -> str:
    """Return the access needs of a round; "" while they are not counted."""
    if round_.access_needs is None:
        return ""
    if round_.access_needs:
        return ngettext(
            "%(num)s participant avait un besoin d’accessibilité.",
            "%(num)s participants avaient un besoin d’accessibilité.",
            round_.access_needs,
        )
    return _("Aucun participant n’avait de besoin d’accessibilité : %(why)s", why=round_.no_access_needs)


def proposed_consent_sentence(language: str) -> str:
    """Return that the consent in a language was never read over, and what the first session does to it."""
    return _(
        "Le consentement en %(language)s est encore le texte proposé\u00a0: relisez-le avant le premier"
        " accord, il ne changera plus ensuite.",
        language=LANGUAGES[language],
    )


def missing_parts_by_key(
    details: RoundDetails, aims: Sequence[GroupParticipationLine], tasks_: Sequence[TestTask]
) -> Mapping[str, str]:
    """Return what a round still lacks, by "groups", "tasks" and "access"."""
    missing = {}
    if not aims:
        missing["groups"] = _("Aucun public n’est visé : personne ne saura qui inviter.")
    if not tasks_:
        missing["tasks"] = _("Aucune tâche : écrivez ce que vous demanderez d’essayer.")
    if details.round.ended_on is not None and details.round.access_needs is None:
        missing["access"] = _("Personne n’a dit si un participant avait un besoin d’accessibilité.")
    return missing


_VALUE_FORMATS: dict[str, Callable[[Any], object]] = {
    "starts_on": _format_iso_date,
    "ends_on": _format_iso_date,
    "ended_on": _format_iso_date,
    "method": lambda value: METHODS[SessionMethod(value)],
    "scale": lambda value: SCALES[RoundScale(value)],
    "time_limit": format_duration,
    "is_primary": lambda value: _("oui") if value else _("non"),
}
