"""Create the teams of a table, all or none."""

from dataclasses import dataclass
from itertools import chain

from portal.people.programmes import policy as programmes
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.models import INSTALLATION, Programme, Scope
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy
from portal.project.projects.commands import EditableProjectColumns, create_project, invite_member
from portal.project.team_import.labels import TeamColumn
from portal.project.team_import.line_rules import TeamLine
from portal.project.team_import.queries import read_teams_preview

MEMBER, LEAD = programmes.TEAM


@dataclass(frozen=True)
class TeamImportCounts:
    """How many teams were created, and how many people invited."""

    teams: int
    invited: int


def import_teams(actor: Actor, programme: Programme, text: str) -> TeamImportCounts:
    """Create the new teams of a table and invite their people, all or none.

    Raises `UnreadableFile`; `RuleBroken` while a line has a problem or none is new.
    """
    require(policy.can_create(actor, programme))
    lock_row(Scope, INSTALLATION)  # two imports of one table: the second finds all teams there
    preview = read_teams_preview(programme, text)
    if preview.wrong:
        raise RuleBroken(None, _("Des lignes sont en erreur : rien n’est créé tant qu’il en reste."))
    if not preview.new:
        raise RuleBroken(None, _("Toutes ces équipes sont déjà dans le programme : rien à créer."))
    for line in preview.new:
        try:
            _create_team(actor, programme, line)
        except RuleBroken as refused:
            sentence = _("Ligne %(n)s : %(why)s", n=line.line, why=refused.message)
            raise RuleBroken(None, sentence) from None
    return TeamImportCounts(len(preview.new), preview.invited)


def _create_team(actor: Actor, programme: Programme, line: TeamLine) -> None:
    details = EditableProjectColumns(
        organisation=line.texts[TeamColumn.ORGANISATION],
        acronym=line.texts[TeamColumn.ACRONYM],
        title_fr=line.texts[TeamColumn.TITLE_FR],
        title_en=line.texts[TeamColumn.TITLE_EN],
        problem=line.texts[TeamColumn.PROBLEM],
        users_aimed_at=line.texts[TeamColumn.USERS_AIMED_AT],
        repository_url="",
        demonstration_url="",
        starts_on=line.starts_on,
        ends_on=line.ends_on,
    )
    project = create_project(actor, programme, details, line.track_keys)
    leads = ((line.lead, LEAD),) if line.lead else ()
    for address, role in chain(leads, ((member, MEMBER) for member in line.members)):
        invite_member(actor, project, RoleOffer(email=address, role=role))
