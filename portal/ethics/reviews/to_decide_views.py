"""Choosing a reviewer, and the way to a review, on the page of what is to decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.ethics.reviews import commands, policy, reviewer_queries
from portal.ethics.reviews.forms import InlineReviewerForm
from portal.ethics.reviews.labels import describe_reviewer_load
from portal.ethics.reviews.to_decide_labels import CODE, TASKS
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.queries import get_programme_role_holder
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct

CHOOSE = "choose"
Options = Sequence[tuple[UUID, str]]


def offer_acts(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """A choice among the reviewers of each line's programme."""
    pools = reviewer_queries.list_reviewers_by_programme({line.project.programme_id for line in lines})
    return [
        [
            InPlaceAct(
                code=CHOOSE,
                label=_("Choisir le relecteur"),
                hidden=[("instead_of", str(line.owner_id or ""))],
                field="person",
                field_label=_("Qui la relit ?"),
                options=[(str(id_), name) for id_, name in _list_reviewer_options(pool)],
                is_main=True,
            )
        ]
        if (pool := pools.get(line.project.programme_id))
        else []
        for line in lines
    ]


def _list_reviewer_options(pool: Sequence[reviewer_queries.ReviewerWithWorkload]) -> Options:
    return [
        (
            reviewer.person_id,
            describe_reviewer_load(reviewer.name, reviewer.awaiting),
        )
        for reviewer in pool
    ]


def build_submitted_act(actor: Actor, id_: UUID, act: str) -> SubmittedAct:
    """Raises `NotFound`, and `NotAllowed` to all but the programme's lead."""
    project, review = reviewer_queries.get_review_with_project(actor, id_)
    require(policy.may_choose_reviewer(actor, project), commands.WHO_ASSIGNS)
    if act != CHOOSE:
        raise NotFound
    pools = reviewer_queries.list_reviewers_by_programme({project.programme_id})
    form = InlineReviewerForm(_list_reviewer_options(pools.get(project.programme_id, ())))
    instead_of = form.read_replaced_reviewer_id()
    form.remember_shown_reviewer(review.reviewer_id)

    def choose_reviewer(values: dict[str, Any]) -> None:
        person = get_programme_role_holder(project, policy.REVIEWER, UUID(values["person"]))
        commands.choose_reviewer(actor, project, review, person, instead_of=instead_of)

    return SubmittedAct(form=form, command=choose_reviewer, message=_("La revue est confiée."))


_ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=build_submitted_act)


def offer_task_links(_actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """A link to each review, where its reviewer reads and decides it."""
    return [[InPlaceAct(label=_("Relire"), path=line.path, is_main=True)] for line in lines]


def _refuse_act(_actor: Actor, _id: UUID, _act: str) -> SubmittedAct:
    """Raises `NotFound`: the line offers a link alone."""
    raise NotFound


_TASK_LINKS = InPlaceActs(code=TASKS, offer=offer_task_links, submit=_refuse_act)

IN_PLACE_ACTS = (_ACTS, _TASK_LINKS)
