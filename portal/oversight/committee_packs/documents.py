"""A pack as plain data, in one language: the source of its pages, its PDF and its fingerprint.

It names nobody: persons, participants, notes of coaches and drafts are never read for it. It holds
neither the time nor the person of its request, so that the same moment gives the same bytes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256

from portal.oversight.committee_packs.snapshot_queries import PackCohort, ProjectIdentity
from portal.oversight.committee_packs.team_page_documents import Content, labelled, short_name, state_label
from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.labels import LEVELS
from portal.oversight.health.state_rules import HealthState
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language, ngettext
from portal.platform.web.template_filters import day
from portal.user_tests.reports.finding_documents import ReportPart, make_part

FORMAT = "committee-pack/1"


def jsonl_lines(pages: Iterable[Content]) -> Iterator[bytes]:
    """The file whose SHA-256 is the fingerprint: one compact line a page, with sorted keys."""
    for page in pages:
        line = json.dumps(page, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        yield f"{line}\n".encode()


def fingerprint(pages: Iterable[Content]) -> str:
    """The SHA-256 of `jsonl_lines`, in hexadecimal."""
    digest = sha256()
    for line in jsonl_lines(pages):
        digest.update(line)
    return digest.hexdigest()


def build_summary(cohort: PackCohort, language: str, moment: datetime, on: date) -> Content:
    """The first page: teams that need help, decisions, then a table of all teams."""
    teams = [(cohort.names[id_], cohort.health.get(id_)) for id_ in cohort.order]
    name = in_reader_language(cohort.name_fr, cohort.name_en)
    return {
        "format": FORMAT,
        "language": language,
        "programme": cohort.programme.slug,
        "as_of": moment.isoformat(),
        "title": _("Dossier de comité : %(name)s", name=name),
        "lead": _lead(cohort, on),
        "foot": _foot(cohort, name, on),
        "parts": [
            _help_part(teams),
            _decisions_part(teams, [cohort.awaited.get(id_, ()) for id_ in cohort.order]),
            _all_teams_part(teams),
            _reading_guide_part(),
        ],
    }


def _lead(cohort: PackCohort, on: date) -> str:
    teams = ngettext("%(num)s équipe", "%(num)s équipes", len(cohort.order))
    return _(
        "%(teams)s, mois %(month)s sur %(months)s, état au %(day)s",
        teams=teams,
        month=cohort.month,
        months=cohort.months,
        day=day(on),
    )


def _foot(cohort: PackCohort, name: str, on: date) -> str:
    foot = _("%(name)s, état au %(day)s", name=name, day=day(on))
    if not cohort.programme.is_demonstration:
        return foot
    return _("%(foot)s. Démonstration : tout est inventé, sauf les organismes.", foot=foot)


TeamsWithHealth = list[tuple[ProjectIdentity, HealthState | None]]


def _names_at_level(teams: TeamsWithHealth, level: HealthLevel) -> list[str]:
    return [
        short_name(team)
        for team, health in teams
        if health and health.facts.goes_on and health.level is level
    ]


def _list_resting_teams(teams: TeamsWithHealth) -> list[str]:
    return [
        f"{short_name(team)} ({state_label(health).lower()})"
        for team, health in teams
        if health and not health.facts.goes_on
    ]


def _help_part(teams: TeamsWithHealth) -> ReportPart:
    title = _("Qui a besoin d’aide")
    points = [
        labelled(f"{LEVELS[level][0]} ({len(names)})", ", ".join(names))
        for level in (HealthLevel.ALERT, HealthLevel.WATCH)
        if (names := _names_at_level(teams, level))
    ]
    fine = len(_names_at_level(teams, HealthLevel.FINE))
    rest = ngettext(
        "%(num)s équipe ne demande rien de particulier.",
        "%(num)s équipes ne demandent rien de particulier.",
        fine,
    )
    after = [rest] if fine else []
    if unknown := _names_at_level(teams, HealthLevel.UNKNOWN):
        after.append(_("Trop tôt pour le dire : %(names)s.", names=", ".join(unknown)))
    if at_rest := _list_resting_teams(teams):
        after.append(_("Ne sont pas en cours : %(names)s.", names=", ".join(at_rest)))
    return make_part(title, points=points, after=after)


def _decisions_part(teams: TeamsWithHealth, awaited: Sequence[Sequence[str]]) -> ReportPart:
    """Decisions that teams await of the programme, and gates that they have requested."""
    title = _("Ce qui est à décider")
    points = []
    for (team, health), questions in zip(teams, awaited, strict=True):
        if health is None or not health.facts.goes_on:
            continue
        points += [labelled(short_name(team), question) for question in questions]
        requested_gates = [f"G{step.number}" for step in health.facts.steps if step.is_asked]
        if requested_gates:
            point = _(
                "%(name)s : jalon demandé, sans réponse (%(gates)s)",
                name=short_name(team),
                gates=", ".join(requested_gates),
            )
            points.append(point)
    return make_part(title, [] if points else [_("Rien n’est à décider.")], points)


def _all_teams_part(teams: TeamsWithHealth) -> ReportPart:
    columns = [
        _("Équipe"),
        _("Santé"),
        _("Déclaré"),
        _("Prouvé"),
        _("Accepté"),
        _("Dernier sprint clos"),
        _("Dernière séance"),
    ]
    rows = [[short_name(team), *_cells(health)] for team, health in teams]
    table = (_("Santé, avancement, dernières dates"), columns, rows)
    return make_part(_("Toutes les équipes"), table=table)


def _cells(health: HealthState | None) -> list[str]:
    if health is None:
        return ["—"] * 6
    numbers, facts = health.numbers, health.facts
    shares = (numbers.declared, numbers.proved, numbers.accepted)
    last, last_test_on = facts.work.last, facts.tests.last_on
    return [
        state_label(health),
        *(_("%(n)s %%", n=share) for share in shares),
        day(last.on, "short") if last else "—",
        day(last_test_on, "short") if last_test_on else "—",
    ]


def _reading_guide_part() -> ReportPart:
    sentences = [
        _(
            "Déclaré : ce que dit l’équipe. Prouvé : toutes les preuves sont là. Accepté : et"
            " quelqu’un d’extérieur à l’équipe l’a reconnu, sans que rien l’ait périmé depuis."
        ),
        _(
            "Les équipes sont rangées par besoin d’aide, jamais par mérite. Un projet arrêté dont"
            " on garde ce qui a été appris est une issue honorable."
        ),
    ]
    return make_part(_("Comment lire ce dossier"), says=sentences)
