"""Sentences of the close: what it moves, and what each of its folded parts holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_decimal

from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import ItemRow
from portal.sprints.backlog.models import SpillTarget
from portal.sprints.sprints.commands import NextGoalChangeKind, SprintLog
from portal.sprints.sprints.labels import BLOCKERS, OUTLOOKS_IN_SHORT
from portal.sprints.sprints.models import BlockerKind, Sprint, SprintOutcome

EXCERPT_MAX = 44  # characters

OUTCOMES_TOLD: dict[SprintOutcome, LazyString] = {
    SprintOutcome.MET: _l("but atteint"),
    SprintOutcome.PARTLY: _l("but atteint en partie"),
    SprintOutcome.MISSED: _l("but manqué"),
}


@dataclass(frozen=True)
class FoldSummaries:
    """What stands beside the title of each folded part of the close."""

    spills: str
    shown: str
    blocker: str
    decision: str
    outlook: str
    following: str


def excerpt(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_MAX else line[: EXCERPT_MAX - 1].rstrip() + "…"


def short_day(day: date) -> str:
    """A day without its year: « 7 décembre »."""
    return format_day(day, "d MMMM")


def describe_done_items(items: Sequence[ItemRow]) -> str:
    """« 4 éléments faits sur 14, 8 points sur 41 »."""
    if not items:
        return _("aucun élément")
    finished_items = [item for item in items if item.state is ItemState.DONE]
    size = sum(item.points or 0 for item in items)
    text = ngettext(
        "%(num)s élément fait sur %(all)s",
        "%(num)s éléments faits sur %(all)s",
        len(finished_items),
        all=len(items),
    )
    if not size:
        return text
    points_done = sum(item.points or 0 for item in finished_items)
    return f"{text}, " + ngettext(
        "%(num)s point sur %(all)s", "%(num)s points sur %(all)s", points_done, all=size
    )


def explain_nothing_to_report_button(
    outcome: SprintOutcome,
    items: Sequence[ItemRow],
    following: int | None,
    log: SprintLog,
    *,
    is_asking: bool,
) -> str:
    """What the button « rien à signaler » does, with what the form holds already: `log`, which asks for
    help anew where `is_asking`."""
    facts = {"outcome": str(OUTCOMES_TOLD[log.outcome or outcome]), "items": describe_done_items(items)}
    if all(item.state is ItemState.DONE for item in items):
        text = _("clôt aussitôt\u00a0: %(outcome)s (%(items)s).", **facts)
    elif following is None:
        text = _("clôt aussitôt\u00a0: %(outcome)s (%(items)s), le reste attend le prochain sprint.", **facts)
    else:
        text = _(
            "clôt aussitôt\u00a0: %(outcome)s (%(items)s), le reste au sprint %(number)s.",
            number=following,
            **facts,
        )
    parts = [text]
    if is_asking:
        parts.append(_("La demande d’aide cochée ci-dessus part avec."))
    if log.decision_awaited:
        parts.append(_("La décision attendue part avec\u00a0: cette clôture ne s’annulera pas."))
    else:
        parts.append(_("Une heure pour annuler."))
    return " ".join(parts)


def describe_closing_dates(
    sprint: Sprint, days: tuple[date, date], today: date, *, can_undo_start: bool
) -> tuple[str, str]:
    """What a close today does to the days of the sprint: what was planned, and what it changes."""
    if today < sprint.starts_on:
        starts = _("Le sprint ne commence que le %(day)s.", day=short_day(sprint.starts_on))
        last_day = short_day(days[1])
        keeps = _("Le clore aujourd’hui n’en garde qu’un jour, le %(day)s, et son but compte.", day=last_day)
        undo = _("S’il a démarré par erreur, annulez plutôt le démarrage sur sa page.")
        return starts, f"{keeps} {undo}" if can_undo_start else keeps
    planned = _("Le sprint devait finir le %(day)s.", day=short_day(sprint.ends_on))
    if today > sprint.ends_on:
        late = ngettext(
            "C’était il y a %(num)s jour.", "C’était il y a %(num)s jours.", (today - sprint.ends_on).days
        )
        return planned, late
    if days == (sprint.starts_on, sprint.ends_on):
        return "", ""
    sooner = ngettext(
        "Le clore aujourd’hui avance sa fin de %(num)s jour.",
        "Le clore aujourd’hui avance sa fin de %(num)s jours.",
        (sprint.ends_on - days[1]).days,
    )
    return planned, sooner


def describe_spills(common: SpillTarget, exceptions: Mapping[int, SpillTarget], following: int | None) -> str:
    """« tous au sprint 11, sauf 1 abandonné »."""
    if common is SpillTarget.TO_BACKLOG:
        text = _("tous au carnet")
    elif common is SpillTarget.DROPPED:
        text = _("tous abandonnés")
    elif following is None:
        text = _("tous au prochain sprint")
    else:
        text = _("tous au sprint %(number)s", number=following)
    counts = Counter(spill for spill in exceptions.values() if spill is not common)
    parts = [_describe_spill_count(spill, counts[spill]) for spill in SpillTarget if counts[spill]]
    return _("%(all)s, sauf %(some)s", all=text, some=", ".join(parts)) if parts else text


def _describe_spill_count(spill: SpillTarget, number: int) -> str:
    if spill is SpillTarget.DROPPED:
        return ngettext("%(num)s abandonné", "%(num)s abandonnés", number)
    if spill is SpillTarget.TO_BACKLOG:
        return ngettext("%(num)s remis au carnet", "%(num)s remis au carnet", number)
    return ngettext("%(num)s reporté", "%(num)s reportés", number)


def describe_shown_or_learnt(log: SprintLog, last: Sprint | None) -> str:
    """What was shown or learnt, else the indicator as the last close left it."""
    if text := log.shown or log.learnt or log.shown_to or log.shown_link:
        return excerpt(text)
    if last is None or last.indicator_after is None:
        return _("rien encore")
    return _(
        "rien encore ; %(name)s : %(value)s",
        name=last.indicator or _("indicateur"),
        value=format_decimal(last.indicator_after),
    )


def describe_blocked_items(blocked: Sequence[ItemRow]) -> str:
    """What blocks a sprint: its blocked items with their reasons, a line each."""
    return "\n".join(
        _("%(item)s (%(reason)s)", item=item.title, reason=item.reason.rstrip(".")) for item in blocked
    )


def describe_blocker(log: SprintLog, last: Sprint | None) -> str:
    """The kind of the blocker or its words, whether the last close said the same, and whether help
    is wanted, or what became of the help that the last close asked for."""
    if log.blocker is BlockerKind.NONE:
        text = excerpt(log.blocker_text) or _("rien")
    else:
        text = lower_first(BLOCKERS[log.blocker])
    if last is not None and (last.blocker, last.blocker_text) == (log.blocker, log.blocker_text):
        text = _("%(text)s, comme au sprint %(number)s", text=text, number=last.number)
    if log.help_wanted:
        return _("%(text)s ; aide demandée", text=text)
    if last is None or last.help_requested_at is None:
        return text
    if last.helped_at is not None:
        return _("%(text)s ; demande du sprint %(number)s close", text=text, number=last.number)
    if last.help_taken_at is not None:
        return _("%(text)s ; quelqu’un a pris la demande du sprint %(number)s", text=text, number=last.number)
    return _("%(text)s ; demande du sprint %(number)s en attente", text=text, number=last.number)


def propose_help_values(sprint: Sprint, last: Sprint | None) -> dict[str, Any]:
    """The blocker that was logged last, as a request for help proposes it: that of the sprint, else of
    the last close; nothing where help was given for it already."""
    logged = sprint if sprint.blocker_text or last is None else last
    if logged.helped_at is not None:
        return {}
    return {"blocker": logged.blocker, "blocker_text": logged.blocker_text}


def describe_own_help_request(sprint: Sprint, claimant: str, *, has_words_beside_log: bool) -> str:
    """What unticking, or other words, do to the request of this sprint, which the person named `claimant`
    has; "" where it made none."""
    if claimant:
        return _(
            "%(who)s a pris cette demande\u00a0: décochée ou avec d’autres mots, elle lui reste telle quelle."
            " Pour autre chose, «\u00a0Demander de l’aide\u00a0».",
            who=claimant,
        )
    if sprint.helped_at is not None:
        closed_on = short_day(clock.day_of(sprint.helped_at))
        if has_words_beside_log:
            return _(
                "Close depuis le %(day)s\u00a0: pour une autre, «\u00a0Demander de l’aide\u00a0».",
                day=closed_on,
            )
        if not sprint.help_wanted:
            return _("Close depuis le %(day)s\u00a0: cochée, elle est faite à nouveau.", day=closed_on)
        return _(
            "Close depuis le %(day)s\u00a0: cochée avec d’autres mots, elle est faite à nouveau.",
            day=closed_on,
        )
    if sprint.help_requested_at is None:
        return ""
    asked_on = short_day(clock.day_of(sprint.help_requested_at))
    return _("Demandée le %(day)s\u00a0: décocher la retire.", day=asked_on)


def describe_last_help_request(last: Sprint | None) -> str:
    """What became of the request of the last close; "" for none."""
    if last is None or last.help_requested_at is None:
        return ""
    if last.helped_at is not None:
        closed_on = short_day(clock.day_of(last.helped_at))
        return _(
            "La demande du sprint %(number)s est close depuis le %(day)s.", number=last.number, day=closed_on
        )
    if last.help_taken_at is not None:
        return _("Quelqu’un a pris la demande du sprint %(number)s.", number=last.number)
    return _(
        "La demande du sprint %(number)s attend encore un coach : cochez si vous l’attendez toujours, sinon"
        " elle s’arrête à cette clôture.",
        number=last.number,
    )


def describe_awaited_decision(log: SprintLog, known_text: str) -> str:
    """The decision that the form asks for, else those that are awaited already."""
    return excerpt(log.decision_awaited) or known_text or _("aucune")


def describe_next_goal_outcome(following: int | None, *, is_closed: bool) -> str:
    """What becomes of the next goal."""
    if following is None:
        return _("Proposé quand vous planifierez le prochain sprint.")
    if is_closed:
        return _("Le sprint %(number)s est déjà planifié : son but se change sur sa page.", number=following)
    return _("Devient le but du sprint %(number)s, déjà planifié.", number=following)


def describe_outlook(log: SprintLog, known_text: str) -> str:
    """The weather that the form holds, beside the one that the project has."""
    if log.outlook is None:
        return known_text or _("pas encore dite")
    text = lower_first(OUTLOOKS_IN_SHORT[log.outlook])
    return known_text if known_text.startswith(text) else text


def describe_next_sprint(log: SprintLog, planned: Sprint | None) -> str:
    """The next sprint as planned, or the goal that was announced for it."""
    if planned is not None:
        return _(
            "sprint %(number)s déjà planifié, du %(first)s au %(last)s",
            number=planned.number,
            first=format_day(planned.starts_on, "d MMM"),
            last=format_day(planned.ends_on, "d MMM"),
        )
    return excerpt(log.next_goal) or _("le prochain sprint n’est pas planifié")


def closing_message(number: int, goal: NextGoalChangeKind, following: int | None) -> str:
    """What the close did, with what became of the goal of the next sprint."""
    closed = _("Le sprint %(number)s est clos. Merci.", number=number)
    if following is None or goal is NextGoalChangeKind.AS_IT_WAS:
        return closed
    if goal is NextGoalChangeKind.PASSED_ON:
        goal_text = _("Le sprint %(number)s prend le but que vous annoncez.", number=following)
    else:
        goal_text = _(
            "Le sprint %(number)s garde son but : quelqu’un l’a changé pendant que vous écriviez.",
            number=following,
        )
    return f"{closed} {goal_text}"
