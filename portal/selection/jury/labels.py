"""Sentences and labels of juries."""

from collections.abc import Mapping, Sequence

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.models import Call, CallCriterion
from portal.selection.jury import policy
from portal.selection.jury.conflict_rules import ConflictGround
from portal.selection.jury.models import JurorProgress
from portal.selection.jury.queries import JurySeat, OpenedScore
from portal.selection.jury.sheet_queries import OwnScoreSheet
from portal.selection.jury.sheet_rules import list_unfinished_criteria

GROUNDS: Mapping[ConflictGround, LazyString] = {
    ConflictGround.COMPANY_NUMBER: _l("même numéro d’entreprise"),
    ConflictGround.MAIL_DOMAIN: _l("même domaine de courriel"),
    ConflictGround.NAMED: _l("son nom est dans l’équipe"),
    ConflictGround.EMPLOYER: _l("même organisme"),
    ConflictGround.COACHING: _l("accompagne un projet de cet organisme"),
}

STANDINGS: Mapping[JurorProgress, LazyString] = {
    JurorProgress.CONFLICT: _l("intérêt déclaré"),
    JurorProgress.RECUSED: _l("n’y prend plus part"),
    JurorProgress.DRAFT: _l("brouillon, pas encore publié"),
    JurorProgress.UNDECLARED: _l("doit dire s’il y a un intérêt"),
    JurorProgress.AWAITED: _l("notes attendues"),
    JurorProgress.SENT: _l("notes envoyées"),
}


def describe_conflict_grounds(grounds: Sequence[ConflictGround]) -> str:
    """Why somebody may have an interest."""
    return ", ".join(str(GROUNDS[ground]) for ground in grounds)


def juror_load_line(seat: JurySeat) -> str:
    """The load of a juror and how far they are."""
    if not seat.assigned:
        return _("aucune candidature")
    parts = [ngettext("%(num)s candidature", "%(num)s candidatures", seat.assigned)]
    parts.append(ngettext("%(num)s envoyée", "%(num)s envoyées", seat.sent))
    if seat.undeclared:
        parts.append(ngettext("%(num)s à déclarer", "%(num)s à déclarer", seat.undeclared))
    return ", ".join(parts)


def describe_closed_sheet(loaded: LoadedApplication) -> tuple[str, str]:
    """Why one's sheet is not to be written, in short, and what follows."""
    own, is_opened = loaded.assignment, loaded.application.opened_at is not None
    if own is not None and own.sent_at is not None:
        fixed = (
            _("Celles de tous sont ouvertes.")
            if is_opened
            else _("Elles ne changent plus avant l’ouverture.")
        )
        return _("Vos notes sont envoyées"), fixed
    if is_opened:
        return _("Les notes ont été ouvertes sans les vôtres"), _("Elles ne sont plus attendues.")
    if policy.is_examination_to_come(loaded):
        return _("L’examen n’a pas commencé"), _("Vous noterez quand la direction l’aura confié au jury.")
    return _("L’examen est clos"), _("Vos notes ne sont plus attendues.")


def own_sheet_standing(sheet: OwnScoreSheet) -> str:
    """How far one is with one's own sheet."""
    loaded, keys = sheet.loaded, sheet.keys
    if policy.is_declaration_awaited(loaded):
        return _("Dites d’abord si vous y avez un intérêt")
    if not policy.can_score(loaded):
        return describe_closed_sheet(loaded)[0]
    unfinished = len(list_unfinished_criteria(keys, sheet.entries))
    if unfinished == len(keys):
        return _("À noter")
    if unfinished:
        return ngettext("%(num)s critère à noter", "%(num)s critères à noter", unfinished)
    return _("Prêt à envoyer")


def describe_missing_scores(
    call: Call, scores: Sequence[tuple[CallCriterion, Sequence[OpenedScore]]], *, may_change: bool
) -> str:
    """Why an opened application is not ranked, and what can still be done; "" where it has its scores."""
    short = [
        criterion.name
        for criterion, opened in scores
        if sum(each.score.value is not None for each in opened) < call.scores_needed
    ]
    if not short:
        return ""
    why = ngettext(
        "Non classée : il faut %(num)s note par critère. Il en manque à : %(names)s.",
        "Non classée : il faut %(num)s notes par critère. Il en manque à : %(names)s.",
        call.scores_needed,
        names=", ".join(short),
    )
    next_act = _("La décision se prend sans rang.")
    if may_change:
        next_act = _("Un juré qui s’est abstenu peut encore noter ; sinon, décidez sans rang.")
    return f"{why} {next_act}"


def score_label(score: int | None) -> str:
    """A score, or that there is none."""
    return _("abstention") if score is None else str(score)
