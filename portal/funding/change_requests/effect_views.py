"""What a decision on a request leads to, and the questions before it is applied."""

from collections.abc import Sequence

from flask import Response

from portal.funding.agreements.gate_queries import read_gates_by_project
from portal.funding.change_requests import labels, queries
from portal.funding.change_requests.models import OPEN_STATES, FundingChange, FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.change_requests.rules import STOPPED_BY_ABANDONMENT
from portal.platform.kernel.text import gettext as _
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.writes import VersionedButtonForm
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path


def list_delay_moves(loaded: LoadedChange, days: int | None) -> Sequence[str]:
    """What a delay of so many days moves; nothing of another kind, or once it is applied."""
    project, agreement, row = loaded
    if row.kind is not FundingChangeKind.DELAY or row.state not in OPEN_STATES or not days:
        return ()
    gates = read_gates_by_project([project]).get(project.id, {})
    return labels.list_delay_moves(days, agreement.ends_on, gates)


def list_asked_delay_moves(loaded: LoadedChange, days: int | None) -> Sequence[str]:
    """The same, beside a form that may grant other days: it says for how many the days are."""
    moves = list_delay_moves(loaded, days)
    return [labels.asked_delay_introduction(days), *moves] if moves and days else ()


def find_granted_days(row: FundingChange) -> int | None:
    """The days of the decision that holds, else those asked."""
    last = next((decision for decision, _name in queries.list_decisions(row)), None)
    return last.days if last and last.is_granted else row.days


def list_abandonment_effects(project: Project, kind: FundingChangeKind | None) -> Sequence[str]:
    """What an abandonment does, where the request is one or its kind is not chosen yet."""
    if kind not in {None, FundingChangeKind.ABANDONMENT}:
        return ()
    unpaid = queries.read_unpaid_commitments(project)
    return [labels.abandonment_effect(unpaid, stops=project.state in STOPPED_BY_ABANDONMENT)]


def ask_to_apply_delay(loaded: LoadedChange, moves: Sequence[str], *, is_stale: bool = False) -> Response:
    """Ask before days move; `is_stale`: again, since the decision was corrected after it was read."""
    title = _("Appliquer le délai\u00a0: %(team)s", team=loaded.project.short_name)
    question = ConfirmationQuestion(
        title=title,
        lead=_describe_correction(loaded) if is_stale else "",
        means=moves,
        yes=_("Appliquer le délai"),
        no=_("Ne pas l’appliquer"),
        step=title,
        place=labels.title(loaded.row),
        back=row_path(loaded.project, loaded.row),
        sent=[("confirmed", "1")],
    )
    return _ask_about_version(question, loaded.row)


def ask_to_apply_abandonment(loaded: LoadedChange, *, is_stale: bool = False) -> Response:
    """Ask before the project stops; `is_stale` as for a delay."""
    title = _("Appliquer l’abandon\u00a0: %(team)s", team=loaded.project.short_name)
    afterwards = _("L’équipe ne modifie plus rien, chacun peut lire et commenter : la page garde pourquoi.")
    stops = loaded.project.state in STOPPED_BY_ABANDONMENT
    question = ConfirmationQuestion(
        title=title,
        lead=_describe_correction(loaded) if is_stale else "",
        means=[
            *list_abandonment_effects(loaded.project, loaded.row.kind),
            *([afterwards] if stops else []),
        ],
        yes=_("Arrêter le projet et clore la convention") if stops else _("Clore la convention"),
        no=_("Ne pas l’appliquer"),
        step=title,
        place=labels.title(loaded.row),
        back=row_path(loaded.project, loaded.row),
        sent=[("confirmed", "1")],
    )
    return _ask_about_version(question, loaded.row)


def _ask_about_version(question: ConfirmationQuestion, row: FundingChange) -> Response:
    """Ask about a request as the question tells it: a correction that comes after is read first."""
    return ask_confirmation(question, VersionedButtonForm(formdata=None, obj=row))


def _describe_correction(loaded: LoadedChange) -> str:
    return labels.describe_correction_meanwhile(loaded.row, queries.list_decisions(loaded.row))
