"""Who finds a text: each entry of the index names its readers, each search names its reader.

The readers of an entry follow from where its thing stands and from how far it may be read (`TextAudience`),
so that a role that begins or ends counts at once, without touching the index.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from portal.collaboration.search.query_rules import SearchReader
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import INSTALLATION, PolicyScope
from portal.platform.kernel.access import Actor, Role

LETTERS = "abcdefghijklmnopqrstuvwxyz"
FEW_PROJECTS = 20  # whoever reads more reads most of their programmes
KEY_LENGTH = 3  # the prefixes of 5 and 6 letters that FTS5 keeps are those of 2 and 3 letters of words


class TextAudience(StrEnum):
    """Who reads a text besides the leads of its programme."""

    PROJECT = "p"  # whoever reads the project
    ADVISERS = "c"  # the project's coaches
    PORTFOLIO = "o"  # whoever reads the project, or its programme's portfolio
    FUNDING = "f"  # the project's team, and the operators of its programme
    OPERATORS = "d"  # whoever reads the project, and the operators of its programme
    TEAMS = "t"  # whoever reads one of the programme's projects, and its coaches
    SELECTION = "j"  # jurors of the programme, each by name


def list_text_reader_tokens(
    scope: PolicyScope, reach: TextAudience, *, readers: Sequence[UUID] = (), shut_out: Sequence[UUID] = ()
) -> Sequence[str]:
    """The readers of a text of a project, or of a programme: there a role in the programme, such as
    a coach of its pool, is none in a project. People who are shut out are marked in it too."""
    is_project = scope.parent_id not in (None, INSTALLATION)
    programme_id = scope.parent_id if is_project else scope.id
    members = (_make_reader_token("p", scope.id),) if is_project else ()
    own = {
        TextAudience.PROJECT: members,
        TextAudience.ADVISERS: (_make_reader_token("c", scope.id),),
        TextAudience.PORTFOLIO: (*members, _make_reader_token("o", programme_id)),
        TextAudience.FUNDING: (_make_reader_token("m", scope.id), _make_reader_token("f", programme_id)),
        TextAudience.OPERATORS: (*members, _make_reader_token("f", programme_id)),
        TextAudience.TEAMS: (_make_reader_token("t", programme_id),),
        TextAudience.SELECTION: tuple(
            _make_reader_token("j", programme_id) + person.hex for person in readers
        ),
    }
    return (
        *own[reach],
        _make_reader_token("l", programme_id),
        *(_make_reader_token("x", person) for person in shut_out),
    )


def programme_key(scope: PolicyScope) -> str:
    """The key of a scope's programme. Two programmes may share one: it decides nothing."""
    return _spell_programme_key(scope.id if scope.parent_id in (None, INSTALLATION) else scope.parent_id)


def list_readable_scope_ids(actor: Actor) -> Sequence[UUID]:
    """The projects and programmes in which the actor has a role that reads something."""
    return actor.scopes_with(
        *programmes.PROJECT_READERS, *programmes.PORTFOLIO_READERS, *programmes.ORGANISERS, Role.JUROR
    )


def make_search_reader(actor: Actor, programme_by_scope: Mapping[UUID, UUID]) -> SearchReader:
    """The readers that an actor is, with the programme of each project, and of itself, where they
    read something. What all teams read goes by a role in a project, or by an organiser's."""
    projects = {scope for scope, programme in programme_by_scope.items() if scope != programme}
    in_projects = projects.intersection(actor.scopes_with(*programmes.PROJECT_READERS))
    organised = set(actor.scopes_with(*programmes.ORGANISERS)) - projects
    programme_ids = organised | {programme_by_scope[project] for project in in_projects}
    audience = (
        *(_make_reader_token("l", scope) for scope in actor.scopes_with(Role.PROGRAMME_LEAD)),
        *(_make_reader_token("o", scope) for scope in actor.scopes_with(*programmes.PORTFOLIO_READERS)),
        *(_make_reader_token("p", project) for project in sorted(in_projects)),
        *(_make_reader_token("m", scope) for scope in actor.scopes_with(*programmes.TEAM)),
        *(_make_reader_token("f", scope) for scope in actor.scopes_with(Role.OPERATOR)),
        *(_make_reader_token("c", scope) for scope in actor.scopes_with(*programmes.COACHES)),
        *(_make_reader_token("t", programme) for programme in sorted(programme_ids)),
        *(_make_reader_token("j", scope) + actor.person_id.hex for scope in actor.scopes_with(Role.JUROR)),
    )
    keys = sorted({_spell_programme_key(programme) for programme in programme_by_scope.values()})
    leads = bool(actor.scopes_with(Role.PROGRAMME_LEAD))
    return SearchReader(
        audience,
        keys,
        shut_out=_make_reader_token("x", actor.person_id),
        reads_most=leads or len(in_projects) > FEW_PROJECTS,
    )


def _spell_programme_key(programme_id: UUID | None) -> str:
    number = programme_id.int if programme_id else 0
    return "".join(LETTERS[number // 26**place % 26] for place in range(KEY_LENGTH))


def _make_reader_token(reader: str, scope_id: UUID | None) -> str:
    return f"{reader}{scope_id.hex if scope_id else ''}"
