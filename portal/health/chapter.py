"""How a project is going, beside its gates at the top of its own pages; when these are expected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flask import url_for

from portal.gates.chapter import tell_progress as tell_gates
from portal.gates.expected import Expected
from portal.health import queries, words
from portal.projects.models import Project
from portal.projects.progress import Mood, Progress
from portal.web.show import day


def tell_progress(project: Project) -> Progress:
    state = queries.read_state(project)
    told = tell_gates(project)
    if state is None or not state.facts.goes_on:
        return told
    label, kind = words.LEVELS[state.level]
    url = url_for("project_health.index", slug=project.slug)
    why = [words.why(one, state) for one in state.reasons]
    return replace(told, mood=Mood(str(label), kind, why, url))


def tell_expected(project: Project, moment: datetime | None = None) -> Mapping[int, Expected]:
    """By gate, in words, with the method."""
    return {
        one.number: Expected(words.expected(one, day), words.method(one))
        for one in queries.read_forecast(project, moment)
    }
