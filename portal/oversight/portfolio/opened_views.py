"""A team that is unfolded in the list: all that its line leaves out, and what its reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.oversight.health import policy as health
from portal.oversight.health.charge_views import CHARGE_DAYS
from portal.oversight.health.forms import ChargeForm
from portal.oversight.portfolio.owed_queries import list_team_lines
from portal.oversight.portfolio.page_views import PortfolioPage, read_page
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.web.base_form import Form
from portal.project.projects.queries import get_project
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import PlaceActs, PlaceForm

CHARGE = "charge"  # the kind of the act that takes charge of a signal


@dataclass(frozen=True)
class RefusedTeamAct:
    """An act that was refused: its place (kind, line or signal, code) and its form with what was typed."""

    place: tuple[str, str, str]
    form: Form


@dataclass(frozen=True)
class WaitingPlace:
    """A line of what waits, with its title by kind and the forms that act on it."""

    kind: str
    title: str
    line: WaitingLine
    forms: Sequence[PlaceForm]


@dataclass(frozen=True)
class OpenedTeam:
    """`charges` are the forms that take charge of its raised signals, by code; `waiting` is what its
    reader decides. Both are empty for whoever may not, and on a past day."""

    page: PortfolioPage
    team: PortfolioTeam
    waiting: Sequence[WaitingPlace] = ()
    charges: Mapping[str, Form] = field(default_factory=dict)
    refused: Form | None = None

    @property
    def is_lost(self) -> bool:
        """Whether what a refused act was about is not on the page any more."""
        places = [place.form for waiting in self.waiting for place in waiting.forms]
        forms = [*places, *self.charges.values()]
        return self.refused is not None and not any(form is self.refused for form in forms)


def open_team(
    actor: Actor, page: PortfolioPage, slug: str, zone: str, refused: RefusedTeamAct | None = None
) -> OpenedTeam | None:
    """The team of that slug, whether or not the filters of the page let it through; None without."""
    team = _find_team(page, slug)
    if team is None:
        on = {"on": str(page.filters.on)} if page.filters.on else {}
        page = read_page(actor, {"programme": page.programme.slug, "teams": slug, **on}, zone)
        team = None if page.ignored else _find_team(page, slug)
    if team is None:
        return None
    if page.filters.on or not team.opens:
        return OpenedTeam(page, team)
    project = get_project(actor, slug)
    charges: Mapping[str, Form] = {}
    if health.can_take_charge(actor, project) and team.state is not None:
        charges = _charge_forms(team, refused)
    refused_form = refused.form if refused else None
    return OpenedTeam(page, team, _list_waiting(actor, team, refused), charges, refused_form)


def _find_team(page: PortfolioPage, slug: str) -> PortfolioTeam | None:
    return next((team for team in page.portfolio.teams if team.slug == slug), None)


def _charge_forms(team: PortfolioTeam, refused: RefusedTeamAct | None) -> Mapping[str, Form]:
    state = team.state
    if state is None or not state.facts.goes_on:
        return {}
    forms: dict[str, Form] = {}
    until = clock.today() + timedelta(days=CHARGE_DAYS)
    for signal in state.reasons:
        last = state.charges.get(signal.code)
        form: Form = ChargeForm(formdata=None, data={"version": last.edition if last else 0, "until": until})
        place = (CHARGE, signal.code.value, CHARGE)
        forms[signal.code.value] = _place(team.slug, form, place, refused)
    return forms


def _list_waiting(
    actor: Actor, team: PortfolioTeam, refused: RefusedTeamAct | None
) -> Sequence[WaitingPlace]:
    """What waits in a team, each thing with its acts, in a constant number of statements."""
    lines = list_team_lines(actor, team.project.id)
    titles = {kind.code: str(kind.short) for kind in contributed(WaitingKind)}
    offered: dict[str, Mapping[UUID, Sequence[PlaceForm]]] = {
        acts.code: acts.offer(actor, lines[acts.code])
        for acts in contributed(PlaceActs)
        if acts.code in lines
    }
    return [
        WaitingPlace(
            kind,
            titles[kind],
            line,
            [_prepare(kind, line, form, refused) for form in offered.get(kind, {}).get(line.id, ())],
        )
        for kind, group in lines.items()
        for line in group
    ]


def _prepare(kind: str, line: WaitingLine, form: PlaceForm, refused: RefusedTeamAct | None) -> PlaceForm:
    shown = _place(line.project.slug, form.form, (kind, str(line.id), form.act), refused)
    return PlaceForm(
        act=form.act, label=form.label, form=shown, button_field=form.button_field, summary=form.summary
    )


def _place(slug: str, form: Form, place: tuple[str, str, str], refused: RefusedTeamAct | None) -> Form:
    """The form of a place, or the refused one that was sent from there; its ids are unique."""
    shown: Any = refused.form if refused is not None and refused.place == place else form
    for form_field in shown:
        form_field.id = "-".join((form_field.short_name, slug, *place))
    return shown  # type: ignore[no-any-return]
