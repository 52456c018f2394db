"""Instalments that an operator had put off at a past moment, from their steps."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from portal.funding.agreements.gate_queries import read_last_acceptances
from portal.funding.agreements.models import Instalment
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb
from portal.funding.instalments.pause_queries import select_last_step
from portal.funding.instalments.rules import EXPENSES, list_held_gates
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

InstalmentPlace = tuple[str, int]  # the slug of its project, and its number


def read_held_gates_by_place(
    unmet_gates: Mapping[InstalmentPlace, Sequence[int]], moment: datetime
) -> Mapping[InstalmentPlace, Sequence[int]]:
    """For which gates instalments were put off at a moment; `unmet_gates` are those that they waited for
    then. Two statements at most."""
    last = select_last_step(InstalmentStep.id, EXPENSES, moment)
    statement = (
        select(Project.slug, Instalment.number, Project.id, InstalmentStep)
        .join(Instalment, Instalment.project_id == Project.id)
        .join(InstalmentStep, InstalmentStep.id == last)
        .where(
            Project.slug.in_({slug for slug, _number in unmet_gates}),
            InstalmentStep.verb == InstalmentVerb.DEFERRED,
        )
    )
    rows = db.session.execute(statement).all() if unmet_gates else []
    accepted = read_last_acceptances({row[2] for row in rows}, moment) if rows else {}
    return {
        (slug, number): list_held_gates(step, unmet_gates[slug, number], accepted.get(project_id, {}))
        for slug, number, project_id, step in rows
        if (slug, number) in unmet_gates
    }
