"""Sentences of score sheets: how far one is with one's own, and which scores lack."""

from collections.abc import Sequence

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.selection.applications.queries import LoadedApplication
from portal.selection.jury import policy
from portal.selection.jury.sheet_queries import OwnScoreSheet
from portal.selection.jury.sheet_rules import list_unfinished_criteria


def describe_unjudged_application() -> str:
    """Why no jury scores what is not eligible, or withdrawn."""
    return _("Cette candidature n’est pas éligible, ou elle est retirée : personne ne la note.")


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
    if not policy.is_judged_by_jury(loaded):
        return _("Vos notes ne sont plus attendues"), describe_unjudged_application()
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
    needed: int, opened: Sequence[tuple[str, Sequence[int | None]]], *, may_change: bool
) -> str:
    """Why an opened application is not ranked, and what can still be done; "" where it has its scores.

    `needed` scores a criterion; `opened`: the name of each criterion with its scores, None for abstentions.
    """
    short = {name: values for name, values in opened if sum(value is not None for value in values) < needed}
    if not short:
        return ""
    why = ngettext(
        "Non classée : il faut %(num)s note par critère. Il en manque à : %(names)s.",
        "Non classée : il faut %(num)s notes par critère. Il en manque à : %(names)s.",
        needed,
        names=", ".join(short),
    )
    next_act = _("La décision se prend sans rang.")
    if may_change and any(None in values for values in short.values()):
        next_act = _("Un juré qui s’est abstenu peut encore noter ; sinon, décidez sans rang.")
    return f"{why} {next_act}"
