"""From laureate to project: its people invited, its file filled, the way to its application kept."""

from dataclasses import dataclass
from datetime import date

from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.people.programmes.schedule_rules import suggest_support_end, suggest_support_start
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.data_sources.commands import SourceFacts, add_source
from portal.project.data_sources.models import DpiaScreening, PersonalDataPresence
from portal.project.framing.commands import GroupFacts, add_group
from portal.project.framing.models import TargetAudience
from portal.project.projects.commands import EditableProjectColumns, create_project, invite_member
from portal.project.projects.models import Project
from portal.selection.applications import commands as applications
from portal.selection.applications.queries import LoadedApplication, list_members
from portal.selection.applications.rules import split_lines
from portal.selection.calls import commands as calls
from portal.selection.deliberation import policy

FOUNDED = audit.Action("application.became_project")
SOURCES_MAX = 20
GROUPS_MAX = 10
LINE_MAX = 110  # characters of a name made of a line


@dataclass(frozen=True)
class FoundedProject:
    """A new project, how many are invited, and the people whom its application names who could not be."""

    project: Project
    invited: int
    uninvited: tuple[str, ...]


@dataclass(frozen=True)
class SupportFacts:
    """First and last day of a new team's support, and the short name of its project, if any."""

    starts_on: date
    ends_on: date
    acronym: str = ""


def suggest_support_facts(programme: Programme) -> SupportFacts:
    """The support of a team that joins today: as long as the programme."""
    days = programme.starts_on, programme.ends_on
    starts_on = suggest_support_start(days, clock.today())
    return SupportFacts(starts_on, suggest_support_end(days, programme.months, starts_on))


def create_laureate_project(
    actor: Actor, loaded: LoadedApplication, support: SupportFacts | None = None
) -> FoundedProject:
    """Make a laureate a project. The first person whom it names with an address leads its team. Without
    its days, those of `suggest_support_facts`.

    Raises `Overtaken` where it is one already, `RuleBroken` on `starts_on` or `ends_on`.
    """
    applications.lock_application(actor, loaded)
    require_may_create_project(actor, loaded)
    application, programme = loaded.application, loaded.programme
    support = support or suggest_support_facts(programme)
    details = EditableProjectColumns(
        organisation=application.organisation,
        acronym=support.acronym,
        title_fr=application.title,
        title_en="",
        problem=application.problem or application.summary,
        users_aimed_at="\n".join(split_lines(application.target_groups)),
        repository_url="",
        demonstration_url="",
        starts_on=support.starts_on,
        ends_on=support.ends_on,
    )
    tracks = [track.key for track in list_tracks(programme.id)]
    project = create_project(actor, programme, details, tracks)
    _fill_groups_and_sources(policy.actor_as_founder(actor, project), project, loaded)
    uninvited = _invite_people_list_uninvited(actor, project, loaded)
    invited = len(list_members(application)) - len(uninvited)
    application.project_id = project.id
    applications.record_application_act(actor, FOUNDED, application)
    return FoundedProject(project, invited, uninvited)


def require_may_create_project(actor: Actor, loaded: LoadedApplication) -> None:
    """Raise `NotAllowed`, `RuleBroken` for what is no laureate, `Overtaken` for a project already."""
    require(loaded.rights.is_lead, calls.leads_only_sentence())
    if loaded.application.project_id is not None:
        sentence = _("Cette candidature est déjà devenue un projet.")
        raise Overtaken(sentence, applications.application_path(loaded))
    if not policy.can_make_project(actor, loaded):
        raise RuleBroken(None, _("Seule une candidature lauréate, une fois publiée, devient un projet."))


def _fill_groups_and_sources(founder: Actor, project: Project, loaded: LoadedApplication) -> None:
    """Fill target groups and data sources, a line each."""
    for line in _list_distinct_lines(loaded.application.target_groups)[:GROUPS_MAX]:
        facts = GroupFacts(audience=TargetAudience.AGENTS, name=line, size=None, access_needs="")
        with db.session.no_autoflush:
            add_group(founder, project, facts)
    for line in _list_distinct_lines(loaded.application.data_sources)[:SOURCES_MAX]:
        name, _dash, holder = line.partition(" ; ")
        source = SourceFacts(
            name=name,
            holder=holder,
            contents="",
            purpose="",
            personal=PersonalDataPresence.UNKNOWN,
            legal_basis="",
            screening=DpiaScreening.NOT_DONE,
            screening_note="",
        )
        add_source(founder, project, source, identified_on=clock.today())


def _list_distinct_lines(text: str) -> list[str]:
    """The lines of a text, each once and short enough for a name."""
    return list(dict.fromkeys(line[:LINE_MAX] for line in split_lines(text)))


def _invite_people_list_uninvited(
    actor: Actor, project: Project, loaded: LoadedApplication
) -> tuple[str, ...]:
    """Invite the people with an address: the first leads the team. Returns who was not invited."""
    uninvited = []
    role = policy.TEAM_LEAD
    for member in list_members(loaded.application):
        if not member.email:
            uninvited.append(member.name)
            continue
        try:
            with db.session.begin_nested():
                invite_member(actor, project, RoleOffer(email=member.email, role=role))
        except RuleBroken:
            uninvited.append(member.name)
            continue
        role = policy.TEAM_MEMBER
    return tuple(uninvited)
