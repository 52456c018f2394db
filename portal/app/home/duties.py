"""What waits in a project: the reader's own things, late ones first, and the rest of the team's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.app.home.duty import (
    DutyButton,
    OwnAndOtherDuties,
    TeamDuty,
    build_requested_gate_duty,
    list_proof_duties,
)
from portal.app.home.gates import GatePanel
from portal.app.home.snapshot import ProjectSnapshot
from portal.app.home.waiting import (
    build_waiting_line_duty,
    list_abandonment_duties,
    list_help_duties,
    list_survey_duties,
)
from portal.coaching.recommendations.models import RecommendationStage
from portal.collaboration.discussions.queries import MentioningComment
from portal.oversight.decisions.rules import first_line
from portal.oversight.gates.policy import can_declare
from portal.platform.kernel.access import Actor
from portal.platform.kernel.clock import day_of
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.platform.web.template_filters import ago, day
from portal.platform.web.urls import path_to
from portal.project.projects import policy
from portal.project.projects.models import Project
from portal.project.projects.to_decide_queries import map_waiting_lines_by_kind
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.queries import SprintItem
from portal.sprints.ceremonies.action_queries import OpenAction
from portal.user_tests.findings.labels import SEVERITY_LABELS


@dataclass(frozen=True)
class UnreadCommentsAndMentions:
    """Comments of the project that the reader has not read, and those that mention the reader."""

    unread: int
    mentions: Sequence[MentioningComment]


@dataclass(frozen=True)
class _ActorInProject:
    """The reader of a project's page, and what they may do there."""

    actor: Actor
    project: Project
    works: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "works", policy.can_write_team_work(self.actor, self.project))

    def url(self, endpoint: str, **values: object) -> str:
        return path_to(endpoint, slug=self.project.slug, **values)


def list_duties(
    actor: Actor,
    project: Project,
    snapshot: ProjectSnapshot,
    gates: GatePanel,
    messages: UnreadCommentsAndMentions,
    *,
    is_starting: bool = False,
) -> OwnAndOtherDuties:
    """Everything that waits in a project that the actor may see; its team's work only while it is active.
    `is_starting`: the steps of the guided start say already what its first gates lack."""
    reader = _ActorInProject(actor, project)
    work = (
        *_list_work_duties(reader, snapshot),
        *_list_ethics_duties(reader, snapshot),
        *_list_gate_duties(reader, gates),
    )
    abandonment = list(list_abandonment_duties(actor, project))
    abandoning = {duty.url for duty in abandonment}  # a lead decides it once it is confirmed
    decisions = [duty for duty in _list_decision_duties(reader, snapshot) if duty.url not in abandoning]
    if not is_starting:
        named = {duty.url for duty in (*work, *(duty for duty in decisions if duty.is_own))}
        work += tuple(duty for duty in list_proof_duties(gates) if duty.url not in named)
    decided = {duty.url for duty in decisions}  # a request for help that the reader gives is one of these
    waiting_help = [duty for duty in list_help_duties(project, snapshot) if duty.url not in decided]
    duties = [
        *abandonment,
        *list_survey_duties(actor, project),
        *((*work, *waiting_help) if policy.is_project_active(project) else ()),
        *decisions,
        *_list_message_duties(reader, messages),
    ]
    own = [duty for duty in duties if duty.is_own]
    others = [duty for duty in duties if not duty.is_own]
    return OwnAndOtherDuties(sorted(own, key=_urgency_key), sorted(others, key=_urgency_key))


def _urgency_key(duty: TeamDuty) -> tuple[bool, bool, date]:
    """Refusals first, then answers, then by day; what has no day keeps its place after them."""
    return not duty.is_refusal, not duty.is_answer, duty.due_on or date.max


def _list_work_duties(reader: _ActorInProject, snapshot: ProjectSnapshot) -> Iterable[TeamDuty]:
    yield from (_duty_of_action(reader, action) for action in snapshot.actions)
    yield from _list_recommendation_duties(reader, snapshot)
    yield from _list_item_duties(reader, snapshot)
    for finding in snapshot.severe:
        severity = _("constat ouvert, %(severity)s", severity=lower_first(SEVERITY_LABELS[finding.severity]))
        yield TeamDuty(
            text=finding.summary,
            url=reader.url("findings.page", number=finding.number),
            note=_("%(what)s, préjudice possible", what=severity) if finding.is_harm else severity,
            who=_("À l’équipe"),
        )


def _duty_of_action(reader: _ActorInProject, action: OpenAction) -> TeamDuty:
    is_own = action.owner_id == reader.actor.person_id and reader.works
    settle = DutyButton(_("C’est fait"), reader.url("actions.settle", number=action.number), {"to": "done"})
    return TeamDuty(
        text=action.title,
        url=reader.url("actions.page", number=action.number),
        note=_("action de rétrospective"),
        due_on=action.due_on,
        is_own=is_own,
        who=action.owner,
        acts=(settle,) if is_own else (),
    )


def _list_recommendation_duties(reader: _ActorInProject, snapshot: ProjectSnapshot) -> Iterable[TeamDuty]:
    """Recommendations: any member answers one, the team does an accepted one."""
    for row in snapshot.advice:
        waits = row.stage is RecommendationStage.PROPOSED
        url = reader.url("recommendations.page", number=row.number)
        accept_url = reader.url("recommendations.accept", number=row.number)
        decline_url = reader.url("recommendations.decline", number=row.number)
        acts = (
            DutyButton(_("Accepter"), accept_url, {"version": row.version}, "secondary"),
            DutyButton(_("Décliner…"), decline_url),
        )
        note = _("un coach attend une réponse, proposée %(when)s", when=ago(row.created_at))
        yield TeamDuty(
            text=row.what,
            url=url,
            note=note if waits else _("recommandation acceptée, à faire"),
            due_on=row.due_on,
            is_own=waits and reader.works,
            who=_("À l’équipe"),
            acts=acts if waits and reader.works else (),
        )


_NEXT_STATES = {ItemState.TO_DO: ItemState.DOING, ItemState.DOING: ItemState.DONE}


def _list_item_duties(reader: _ActorInProject, snapshot: ProjectSnapshot) -> Iterable[TeamDuty]:
    """The reader's open items of the running sprint; blocked ones of anybody."""
    own = [item for item in snapshot.items if item.assignee_id == reader.actor.person_id]
    for item in own:
        if item.state in _NEXT_STATES and reader.works:
            yield _duty_of_item(reader, item)
    for blocked in snapshot.blocked:
        yield TeamDuty(
            text=blocked.title,
            url=reader.url("items.page", number=blocked.number),
            note=_("bloqué : %(why)s", why=blocked.block_reason),
            is_own=reader.works and blocked.number in {item.number for item in own},
            who=_("À l’équipe"),
        )


def _duty_of_item(reader: _ActorInProject, item: SprintItem) -> TeamDuty:
    label = _("Commencer") if item.state is ItemState.TO_DO else _("C’est fait")
    fields = {"state": _NEXT_STATES[item.state].value, "version": item.version}
    points = ngettext("%(num)s point", "%(num)s points", item.points) if item.points else ""
    state = _("à faire") if item.state is ItemState.TO_DO else _("en cours")
    return TeamDuty(
        text=item.title,
        url=reader.url("items.page", number=item.number),
        note=", ".join(filter(None, (_("élément du sprint"), points, state))),
        is_own=True,
        acts=(DutyButton(label, reader.url("items.set_state", number=item.number), fields),),
    )


def _list_ethics_duties(reader: _ActorInProject, snapshot: ProjectSnapshot) -> Iterable[TeamDuty]:
    leads = policy.can_lead_team(reader.actor, reader.project) and reader.works
    for mitigation in snapshot.mitigations:
        is_own = reader.works and mitigation.owner_id == reader.actor.person_id
        prove = DutyButton(_("Donner la preuve"), reader.url("mitigations.prove", number=mitigation.number))
        yield TeamDuty(
            text=mitigation.what,
            url=reader.url("mitigations.page", number=mitigation.number),
            note=_("mesure contre le risque %(n)s", n=mitigation.risk),
            due_on=mitigation.due_on,
            is_own=is_own,
            who=_("À l’équipe"),
            acts=(prove,) if is_own else (),
        )
    for condition in snapshot.conditions:
        yield TeamDuty(
            text=condition.what,
            url=reader.url("review_conditions.page", number=condition.number),
            note=_("condition d’une revue éthique"),
            due_on=condition.due_on,
            who=_("À l’équipe"),
        )
    for review in snapshot.drafts:
        turn = _("l’équipe répond, puis le porteur la soumet")
        returned = _("le relecteur demande des compléments : %(turn)s", turn=turn)
        yield TeamDuty(
            text=_("Compléter la revue éthique %(n)s", n=review.number),
            url=reader.url("reviews.page", number=review.number),
            note=returned if review.round > 1 else turn,
            is_own=leads,
            who=_("À l’équipe"),
        )
    if snapshot.to_answer:
        n = snapshot.to_answer
        yield TeamDuty(
            text=ngettext("%(num)s changement à réexaminer", "%(num)s changements à réexaminer", n),
            url=reader.url("rereviews.index"),
            note=_("depuis la décision d’une revue éthique"),
            is_own=leads,
            who=_("À l’équipe"),
        )


def _list_gate_duties(reader: _ActorInProject, gates: GatePanel) -> Iterable[TeamDuty]:
    """Refused gates, what requested gates lack, and a proved gate that its team may ask for."""
    for refused in gates.refused:
        look = _("Voir pourquoi") if refused.is_proved else _("Voir ce qui manque")
        yield TeamDuty(
            text=_("G%(n)s refusé : %(why)s", n=refused.number, why=refused.why),
            url=refused.url,
            is_own=reader.works,
            is_refusal=True,
            who=_("À l’équipe"),
            acts=(DutyButton(look, refused.url),) if reader.works else (),
        )
    yield from (build_requested_gate_duty(requested) for requested in gates.requested)
    gate = gates.next_gate
    if (
        gate is not None
        and gate.is_proved
        and not gate.is_asked
        and can_declare(reader.actor, reader.project)
    ):
        yield TeamDuty(
            text=_("Demander le jalon %(gate)s", gate=gate.title),
            url=gate.url,
            note=_("toutes ses preuves sont là"),
            is_own=True,
        )


def _list_decision_duties(reader: _ActorInProject, snapshot: ProjectSnapshot) -> Iterable[TeamDuty]:
    """Answers that the team has not read; what the reader decides, accepts or reviews here."""
    is_on_team = policy.is_on_team(reader.actor, reader.project)
    for answer in snapshot.unread_answers:
        url = reader.url("decisions.page", number=answer.number)
        yield TeamDuty(
            text=first_line(answer.question),
            url=url,
            note=_("réponse du programme à lire, du %(day)s", day=day(day_of(answer.closed_at))),
            is_own=is_on_team,
            is_answer=True,
            who=_("À l’équipe"),
            acts=(DutyButton(_("Lire la réponse"), url),) if is_on_team else (),
        )
    if is_on_team:
        return
    for code, lines in map_waiting_lines_by_kind(reader.actor).items():
        for line in lines:
            if line.project.id == reader.project.id and not line.rests_with_actor:
                yield build_waiting_line_duty(code, line)


def _list_message_duties(reader: _ActorInProject, messages: UnreadCommentsAndMentions) -> Iterable[TeamDuty]:
    for mention in messages.mentions:
        if mention.is_new and mention.scope_id == reader.project.id:
            text = _("%(author)s vous a mentionné, %(when)s", author=mention.author, when=ago(mention.at))
            url = path_to("discussions.redirect_to_comment", comment_id=mention.comment_id)
            yield TeamDuty(text=text, url=url, is_own=True)
    if messages.unread:
        url = reader.url("projects.unread")
        text = ngettext("%(num)s message non lu", "%(num)s messages non lus", messages.unread)
        yield TeamDuty(text=text, url=url, is_own=True, acts=(DutyButton(_("Lire"), url),))
