"""Labels and sentences for imports: stages, problems of files and lines, changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal

from portal.platform.kernel.text import LazyString, fold, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.refusals import TABLE_REFUSALS, format_facts
from portal.sprints.backlog import labels as backlog
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import ItemKind
from portal.sprints.backlog_import.comparison_rules import ImportLineOutcome, ItemLocation, find_allowed_state
from portal.sprints.backlog_import.models import BacklogImport, ImportStage
from portal.sprints.backlog_import.tool_rules import ASIDE, DATE_COLUMNS, ImportField, Tool

TOOLS: dict[Tool, str | LazyString] = {
    Tool.PORTAL: _l("ce portail"),
    Tool.GITLAB: "GitLab",
    Tool.GITHUB: "GitHub",
    Tool.JIRA: "Jira",
    Tool.TRELLO: "Trello",
    Tool.OTHER: _l("un outil que nous ne reconnaissons pas"),
}
ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}
DELIMITERS: dict[str, LazyString] = {
    "|": _l("barre verticale"),
    ",": _l("virgule"),
    ";": _l("point-virgule"),
    "\t": _l("tabulation"),
}
FIELDS: dict[ImportField, LazyString] = {
    ImportField.TITLE: _l("Titre"),
    ImportField.DESCRIPTION: _l("Description"),
    ImportField.KIND: _l("Nature"),
    ImportField.LABELS: _l("Étiquettes, pour la nature"),
    ImportField.STATE: _l("État"),
    ImportField.POINTS: _l("Points"),
    ImportField.ASSIGNEE: _l("Qui s’en occupe ?"),
    ImportField.REASON: _l("Ce qui bloque"),
    ImportField.KEY: _l("Identifiant"),
    ImportField.URL: _l("Adresse"),
    ImportField.ARCHIVED: _l("Archivé"),
}
TABS: dict[ImportLineOutcome | str, LazyString] = {
    "problems": _l("À corriger ou à savoir"),
    ImportLineOutcome.NEW: _l("Nouveaux"),
    ImportLineOutcome.CHANGED: _l("Modifiés"),
    ImportLineOutcome.UNCHANGED: _l("Inchangés"),
    "absent": _l("Absents du fichier"),
    ImportLineOutcome.ASIDE: _l("Laissés de côté"),
}
MEANINGS: dict[str, LazyString] = {
    ItemState.TO_DO: _l("À faire"),
    ItemState.DOING: _l("En cours"),
    ItemState.BLOCKED: _l("Bloqué"),
    ItemState.DONE: _l("Fait"),
    ASIDE: _l("Laisser la ligne de côté"),
}
_REFUSALS: dict[str, LazyString] = {
    **TABLE_REFUSALS,
    "unfinished": _l("La lecture n’a pas pu finir. Réessayez ; si cela dure, dites-le-nous."),
    "full": _l("Ce projet n’a plus de place pour autant d’éléments."),
    "not_allowed": _l("Vous n’écrivez plus dans ce carnet : rien n’a été importé."),
}
_PROBLEMS: dict[str, LazyString] = {
    "no_title": _l("Il n’y a pas de titre."),
    "too_many_cells": _l("Il y a %(n)s cellules pour %(most)s colonnes."),
    "state": _l("Nous ne savons pas ce que veut dire « %(value)s » : choisissez-le plus bas."),
    "points": _l("« %(value)s » n’est pas un nombre entier de points."),
    "points_range": _l("« %(value)s » dépasse %(most)s points."),
    "id_too_long": _l("L’identifiant dépasse %(most)s caractères."),
    "twice": _l("« %(value)s » est déjà à la ligne %(first)s."),
    "points_rounded": _l(
        "« %(value)s » n’est pas un nombre entier : ce sera %(n)s, l’entier le plus proche."
    ),
    "nobody": _l(
        "« %(value)s » n’est ni le nom exact ni l’adresse de quelqu’un de l’équipe : ce nom n’est pas repris."
    ),
    "only_one": _l("Un élément n’a qu’une personne : « %(value)s » reste dans votre outil."),
    "title_cut": _l("Le titre dépasse %(most)s caractères : la fin sera coupée."),
    "text_cut": _l("Le texte dépasse %(most)s caractères : la fin sera coupée."),
    "reason_cut": _l("Le motif dépasse %(most)s caractères : la fin sera coupée."),
}
_NEXT_STEPS: dict[str, LazyString] = {
    "unfinished": _l("Déposez à nouveau le même fichier."),
    "full": _l("Importez moins de lignes, ou demandez à l’administration du portail."),
    "not_allowed": _l("Demandez au porteur du projet de vous rendre votre place dans l’équipe."),
}


_VALUE_MAX = 300  # characters
_SHORT_TITLE_MAX = 60


def refusal_advice(code: str) -> str:
    """What the person can do about a refused file."""
    step = _NEXT_STEPS.get(code)
    return str(step or _l("Corrigez-le, ou exportez-le à nouveau de votre outil, puis déposez-le."))


@dataclass(frozen=True)
class EarlierImportStatus:
    """The stage of an earlier import, for the page of the upload."""

    title: str
    text: str
    kind: str  # of the alert
    link_text: str


def build_earlier_import_status(imported: BacklogImport) -> EarlierImportStatus:
    """The status of an import that is not written yet."""
    if imported.stage is ImportStage.REFUSED:
        why = refusal_sentence(imported.refusal, imported.facts)
        sentences = [why, _("Rien n’a été écrit dans le carnet."), refusal_advice(imported.refusal)]
        return EarlierImportStatus(
            _("Votre fichier n’a pas pu être importé"), " ".join(sentences), "error", _("Le revoir")
        )
    if imported.is_under_way:
        return EarlierImportStatus(
            _("Un fichier est en cours de lecture"), "", "info", _("Voir où en est l’import")
        )
    replaced = _("En déposer un autre le remplace.")
    if imported.counts.get(ImportLineOutcome.ERROR):
        return EarlierImportStatus(
            _("Un fichier attend d’être corrigé"),
            " ".join([_("Il a des lignes en erreur, et rien n’en est importé."), replaced]),
            "warning",
            _("Voir ce qui ne va pas"),
        )
    if imported.counts and not imported.has_effect:
        title, text = no_effect_sentences(imported.counts)
        return EarlierImportStatus(title, text, "info", _("Le revoir"))
    if imported.stage is ImportStage.COMPARED and not imported.counts:
        title = _("Un fichier attend que vous choisissiez ses colonnes")
        return EarlierImportStatus(title, replaced, "info", _("Choisir les colonnes"))
    return EarlierImportStatus(
        _("Un fichier attend votre décision"), replaced, "info", _("Reprendre cet import")
    )


def no_effect_sentences(counts: Mapping[str, int]) -> tuple[str, str]:
    """Title and sentence for a file that would change nothing."""
    same, aside = counts.get(ImportLineOutcome.UNCHANGED, 0), counts.get(ImportLineOutcome.ASIDE, 0)
    if not same and not aside:
        return (
            _("Ce fichier n’a aucune ligne"),
            _("Il ne contient que le nom des colonnes. Exportez-le à nouveau, sans filtre."),
        )
    sentences = []
    if same:
        sentences.append(
            ngettext(
                "%(num)s ligne est déjà dans le carnet, à l’identique.",
                "%(num)s lignes sont déjà dans le carnet, à l’identique.",
                same,
            )
        )
    if aside:
        sentences.append(
            ngettext(
                "%(num)s ligne est laissée de côté : archivée là-bas, ou abandonnée ici.",
                "%(num)s lignes sont laissées de côté : archivées là-bas, ou abandonnées ici.",
                aside,
            )
        )
    return _("Ce fichier ne change rien au carnet"), " ".join(sentences)


def unused_date_and_other_columns(imported: BacklogImport) -> tuple[str, str]:
    """The unused columns with filled cells, as two lists: dates, and others."""
    cell_counts: Mapping[str, int] = imported.words.get("left", {})
    dates = {name for name in cell_counts if fold(name.strip()) in DATE_COLUMNS}
    lists = [
        ", ".join(
            _("%(name)s (%(n)s)", name=column_label(name, imported.names), n=format_decimal(n))
            for name, n in cell_counts.items()
            if (name in dates) is is_date
        )
        for is_date in (True, False)
    ]
    return lists[0], lists[1]


def tab_label(name: str, count: int) -> str:
    """The label of a tab, with the number of its lines."""
    return f"{TABS[name]} ({format_decimal(count)})"


def refusal_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for the code of an `UnreadableFile`."""
    return str(_REFUSALS[code]) % format_facts(facts)


def problem_sentence(line_problem: Mapping[str, Any]) -> str:
    """The sentence for a problem of a line."""
    return str(_PROBLEMS[line_problem["code"]]) % format_facts(line_problem["facts"])


def format_value(field: str, raw_value: Any, people: Mapping[str, str] | None = None) -> str:
    """A field's value for readers; long texts are shortened. `people` maps ids to names."""
    if field == "assignee":
        return (people or {}).get(raw_value or "") or _("personne")
    if field == "kind":
        return str(backlog.KINDS[ItemKind(raw_value)])
    if field == "state":
        return str(backlog.STATES[ItemState(raw_value)])
    if field == "points":
        return backlog.format_points(raw_value)
    if not raw_value:
        return _("rien")
    return raw_value if len(raw_value) <= _VALUE_MAX else f"{raw_value[:_VALUE_MAX].rstrip()}…"


def format_points(line: Any, whole: int | None) -> str:
    """The points of an item, with the number in the file when it was rounded."""
    estimate = backlog.format_points(whole)
    roundings = [problem for problem in line.problems if problem["code"] == "points_rounded"]
    if not roundings:
        return estimate
    return _("%(given)s (« %(told)s » dans le fichier)", given=estimate, told=roundings[0]["facts"]["value"])


def added_state_label(requested_state: str) -> str:
    """The state of a new item, with the state in the file when it is not allowed in the backlog."""
    backlog_state = find_allowed_state(ItemLocation.BACKLOG, requested_state, ItemState.TO_DO)
    if backlog_state == requested_state:
        return format_value("state", backlog_state)
    return _(
        "%(given)s (« %(wanted)s » dans le fichier : réservé au sprint en cours)",
        given=format_value("state", backlog_state),
        wanted=format_value("state", requested_state),
    )


def shorten_title(text: str) -> str:
    """A title, shortened to identify a line."""
    return text if len(text) <= _SHORT_TITLE_MAX else f"{text[:_SHORT_TITLE_MAX].rstrip()}…"


def field_label(name: str) -> str:
    return str(FIELDS[ImportField(name)])


def column_label(name: str, names: Sequence[str]) -> str:
    """The name of a column, with the number of columns of that name."""
    times = names.count(name)
    label = name or _("(sans nom)")
    return label if times == 1 else _("%(name)s (%(n)s colonnes)", name=label, n=times)
