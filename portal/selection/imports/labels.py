"""Sentences and labels of imports."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.labels import FIELDS
from portal.selection.imports.form_rules import (
    COMPANY_NUMBER,
    CONTACT_EMAIL,
    CONTACT_NAME,
    IN_BLOCK,
    MEMBER_FIELDS,
    ORGANISATION,
    ApplicationTargetField,
    ProcedureForm,
    ProcedureFormChangeKind,
)
from portal.selection.imports.models import (
    FileOutcome,
    ImportMode,
    ImportRun,
    RemovalKind,
    RunPhase,
    RunState,
)

MODES: Mapping[ImportMode, LazyString] = {
    ImportMode.INCREMENTAL: _l("Ce qui a changé"),
    ImportMode.COMPLETE: _l("Lecture complète"),
    ImportMode.FILE: _l("Fichier"),
}
STATES: Mapping[RunState, LazyString] = {
    RunState.WAITING: _l("En attente"),
    RunState.RUNNING: _l("En cours"),
    RunState.DONE: _l("Terminé"),
    RunState.STOPPED: _l("Arrêté"),
}
STATE_KINDS: Mapping[RunState, str] = {
    RunState.DONE: "success",
    RunState.STOPPED: "error",
    RunState.RUNNING: "info",
}
PHASES: Mapping[RunPhase, LazyString] = {
    RunPhase.FORM: _l("Lecture du formulaire de la démarche"),
    RunPhase.APPLICATIONS: _l("Lecture des dossiers"),
    RunPhase.UNFINISHED: _l("Relecture des dossiers incomplets"),
    RunPhase.DELETED: _l("Recherche des dossiers supprimés"),
    RunPhase.BIN: _l("Recherche des dossiers mis à la corbeille"),
    RunPhase.ABSENT: _l("Recherche des dossiers disparus"),
}
_MEMBERS: Mapping[ApplicationTargetField, LazyString] = {
    ApplicationTargetField.MEMBER_FIRST_NAME: _l("Équipe : prénom"),
    ApplicationTargetField.MEMBER_NAME: _l("Équipe : nom"),
    ApplicationTargetField.MEMBER_EMAIL: _l("Équipe : adresse électronique"),
    ApplicationTargetField.MEMBER_FUNCTION: _l("Équipe : fonction"),
}
TARGETS: Mapping[ApplicationTargetField, LazyString] = {
    target: _MEMBERS[target] if target in MEMBER_FIELDS else FIELDS[target.value]
    for target in ApplicationTargetField
}
FIELDS_BESIDE = (  # those that share a line of a form
    ("contact_name", "contact_email"),
    ("member_first_name", "member_name"),
    ("member_email", "member_function"),
)
LINE_MARK = "l"  # before the number of a line of a file
APPLICANT: Mapping[str, LazyString] = {
    ORGANISATION: _l("Demandeur : nom de l’organisme"),
    COMPANY_NUMBER: _l("Demandeur : SIRET"),
    CONTACT_NAME: _l("Demandeur : nom de la personne"),
    CONTACT_EMAIL: _l("Compte de l’usager : adresse électronique"),
}
CHANGES: Mapping[ProcedureFormChangeKind, LazyString] = {
    ProcedureFormChangeKind.ADDED: _l("Champ ajouté"),
    ProcedureFormChangeKind.REMOVED: _l("Champ supprimé"),
    ProcedureFormChangeKind.RENAMED: _l("Champ renommé"),
    ProcedureFormChangeKind.RETYPED: _l("Champ d’un autre type"),
}
FILE_OUTCOMES: Mapping[FileOutcome, LazyString] = {
    FileOutcome.STORED: _l("Jointe"),
    FileOutcome.REFUSED: _l("Écartée"),
    FileOutcome.AWAY: _l("À relire au prochain import"),
    FileOutcome.PENDING: _l("L’antivirus de la démarche ne l’a pas encore vue"),
    FileOutcome.REMOVED: _l("Retirée par le candidat"),
}
REMOVALS: Mapping[RemovalKind, LazyString] = {
    RemovalKind.BIN: _l("mis à la corbeille"),
    RemovalKind.DELETED: _l("supprimé"),
    RemovalKind.ABSENT: _l("disparu de la démarche"),
}
_SOURCE_STATES: Mapping[str, LazyString] = {
    "en_construction": _l("en construction"),
    "en_instruction": _l("en instruction"),
    "accepte": _l("accepté"),
    "refuse": _l("refusé"),
    "sans_suite": _l("classé sans suite"),
}
DIFFERENCES: Mapping[str, LazyString] = {
    "created": _l("Nouvelle"),
    "updated": _l("Changée"),
    "returned": _l("De retour"),
    "withdrawn": _l("Retirée"),
}
_NOTHING_BROUGHT: Mapping[RunState, LazyString] = {
    RunState.WAITING: _l("pas encore commencé"),
    RunState.RUNNING: _l("rien pour l’instant"),
    RunState.DONE: _l("rien de nouveau"),
    RunState.STOPPED: _l("rien n’a été lu de nouveau"),
}
_PROBLEMS: Mapping[str, LazyString] = {
    "token_expired": _l("Le jeton a expiré. Demandez-en un autre à l’administrateur de la démarche."),
    "token_refused": _l("Le jeton est refusé : il est faux, ou il a été révoqué."),
    "token_unreadable": _l(
        "Le jeton ne se lit plus, car la clé du portail a changé. Saisissez-le à nouveau."
    ),
    "network_forbidden": _l(
        "Ce jeton n’accepte pas l’adresse du portail. L’administrateur de la démarche peut l’ajouter."
    ),
    "out_of_scope": _l("Ce jeton ne donne pas accès à cette démarche."),
    "not_found": _l("Cette démarche n’existe pas, ou n’est pas publiée."),
    "unknown_field": _l(
        "Démarches simplifiées ne connaît plus un champ que le portail demande : %(detail)s."
    ),
    "missing_field": _l("Il manque un champ dans la réponse de Démarches simplifiées : %(detail)s."),
    "unreadable_file": _l("Le fichier ne se lit pas jusqu’au bout : exportez-le à nouveau."),
    "failed": _l(
        "Une erreur du portail a arrêté l’import (%(detail)s). Ce qui était déjà lu est gardé : prévenez un "
        "administrateur."
    ),
    "form_changed": _l("Le formulaire de la démarche a changé. Relisez la correspondance des champs."),
    "call_closed": _l("L’appel ne reçoit plus de candidature : le jury les examine."),
    "cancelled": _l("L’import a été arrêté."),
    "unresolved": _l("Le portail ne sait pas où joindre %(detail)s : son nom ne se résout pas."),
    "private": _l("Le portail n’interroge pas d’adresse privée : %(detail)s."),
    "url": _l("L’adresse de Démarches simplifiées n’en est pas une : %(detail)s."),
    "insecure": _l("Le portail n’interroge pas d’adresse sans chiffrement (https) : %(detail)s."),
    "port": _l("Le portail n’interroge que le port usuel de https : %(detail)s."),
    "host": _l("Le portail n’interroge pas cette adresse : %(detail)s."),
    "redirect": _l("Démarches simplifiées renvoie vers une autre adresse : %(detail)s."),
    "too_many": _l("Démarches simplifiées demande d’attendre, et n’a pas répondu depuis."),
    "timeout": _l("Démarches simplifiées met trop de temps à répondre."),
    "network": _l("Démarches simplifiées ne répond pas."),
    "server_error": _l("Démarches simplifiées est en panne (%(detail)s)."),
    "not_json": _l("La réponse de Démarches simplifiées ne se lit pas (%(detail)s)."),
    "nothing_seen": _l("La démarche ne montre plus aucun dossier : rien n’a été retiré ici."),
}
_FILES: Mapping[str, LazyString] = {
    "empty": _l("Ce fichier est vide."),
    "too_large": _l("Ce fichier fait plus de %(megabytes)s Mo : importez plutôt par la démarche."),
    "too_many_rows": _l("Ce fichier a plus de %(most)s lignes : importez plutôt par la démarche."),
    "no_number_column": _l(
        "Aucune colonne ne donne le numéro des dossiers (« ID ») : exportez-les sans modèle, ou ajoutez-la."
    ),
    "encoding": _l("L’encodage de ce fichier n’est pas reconnu : enregistrez-le en UTF-8."),
}
_UNREADABLE: Mapping[str, LazyString] = {
    "no_title": _l("Elle n’a pas de titre."),
    "no_organisation": _l("Son organisme n’est pas encore connu."),
    "unknown_revision": _l("Elle répond à une version du formulaire qui n’est pas relue."),
    "no_number": _l("Elle n’a pas de numéro de dossier."),
    "spoilt_number": _l("Un tableur a arrondi son numéro : exportez le fichier à nouveau, sans l’ouvrir."),
    "repeated_number": _l("Une ligne plus haut porte le même numéro : gardez celle qui est juste."),
    "draft": _l("Le candidat ne l’a pas encore déposée : elle est en brouillon."),
    "no_day": _l("Sa date de dépôt ne se lit pas."),
    "call_full": _l("L’appel est plein."),
    "missing_field": _l("Il lui manque un champ."),
}


def form_change_text(change: Mapping[str, str]) -> str:
    """What changed in a form, in one line."""
    kind = CHANGES[ProcedureFormChangeKind(change["kind"])]
    if change["old"] and change["new"] and change["old"] != change["new"]:
        return _(
            "%(kind)s : « %(old)s » est devenu « %(new)s »",
            kind=kind,
            old=change["old"],
            new=change["new"],
        )
    name = change["old"] or change["new"]
    return _("%(kind)s : « %(name)s »", kind=kind, name=name)


def application_state_at_source_label(state: str) -> str:
    """The state of an application at its source; a state that is new there stays in its words."""
    return str(_SOURCE_STATES.get(state, state))


def stopped_run_sentence(code: str, detail: str) -> str:
    """Why a run stopped."""
    sentence = _PROBLEMS.get(code)
    if sentence is None:
        return _("Démarches simplifiées refuse : %(detail)s", detail=detail or code)
    return str(sentence) % {"detail": detail}


def unreadable_reason(reason: str) -> str:
    """Why an application was not read: a known reason, or what the source says."""
    sentence = _UNREADABLE.get(reason.partition(" ")[0])
    return str(sentence) if sentence is not None else reason


def refused_file_sentence(code: str, facts: Mapping[str, object]) -> str:
    """Why a file is not read."""
    sentence = _FILES.get(code)
    if sentence is None:
        return _("Ce fichier n’est ni un CSV ni un tableur (.xlsx) qui se lise.")
    return str(sentence) % facts


def replaced_words_heading(entry: Mapping[str, Any]) -> str:
    """Which words of a lead an import replaced, and when."""
    return _(
        "%(field)s, remplacé par l’import %(n)s le %(day)s",
        field=FIELDS[entry["field"]],
        n=entry["run"],
        day=format_day(date.fromisoformat(entry["day"])),
    )


def remark_sentence(code: str) -> str:
    """What of an application was left, or read in part."""
    kind, _space, name = code.partition(" ")
    if kind == "cut":
        return _("« %(name)s » est trop long : il est coupé.", name=FIELDS[name])
    return {
        "older": _("Elle date d’avant ce qui est ici : elle n’a rien changé."),
        "company_number": _("Son numéro SIREN ou SIRET n’en est pas un : il est laissé vide."),
        "contact_email": _("L’adresse de son contact n’en est pas une : elle est laissée vide."),
        "members": _("Son équipe est lue en partie : trop de noms, texte trop long ou adresse fausse."),
    }.get(kind, code)


def replaced_words_text(entry: Mapping[str, Any]) -> str:
    """The words themselves; a day as pages write days."""
    text = str(entry["text"])
    return format_day(date.fromisoformat(text)) if entry["field"] == "received_on" else text


def unreadable_application_name(number: str) -> str:
    """What names an application that was not read: its number, or its line in the file."""
    if number.startswith(LINE_MARK):
        return _("Ligne %(n)s", n=number.removeprefix(LINE_MARK))
    return _("Dossier %(n)s", n=number) if number else _("Dossier sans numéro")


def column_change_sentences(missing: Sequence[str], added: Sequence[str]) -> Sequence[str]:
    """How the columns of a file differ from those of the one before."""
    sentences = [_("Colonne qui manque : « %(name)s »", name=_column_name(key)) for key in missing]
    return sentences + [_("Colonne nouvelle : « %(name)s »", name=_column_name(key)) for key in added]


def _column_name(key: str) -> str:
    """« label#occurrence » as a person reads it."""
    label, _mark, occurrence = key.rpartition("#")
    return label if occurrence == "1" else f"{label} ({occurrence})"


def started_run_message(*, is_dry: bool) -> str:
    """What begins after a button, in one line."""
    if is_dry:
        return _("L’essai à blanc commence : il n’écrit rien. Vous pouvez quitter cette page.")
    return _("L’import commence. Vous pouvez quitter cette page.")


def run_summary_line(run: ImportRun) -> str:
    """What a run brought, in one line; what it waits for, or why that is nothing, while it says nothing."""
    sentences = [
        ngettext("%(num)s nouvelle", "%(num)s nouvelles", run.counts.get("created", 0)),
        ngettext("%(num)s changée", "%(num)s changées", run.counts.get("updated", 0)),
        ngettext("%(num)s retirée", "%(num)s retirées", run.counts.get("withdrawn", 0)),
        ngettext(
            "%(num)s plus ancienne, laissée", "%(num)s plus anciennes, laissées", run.counts.get("older", 0)
        ),
        ngettext("%(num)s illisible", "%(num)s illisibles", run.counts.get("unreadable", 0)),
        ngettext("%(num)s pièce", "%(num)s pièces", run.counts.get("files", 0)),
    ]
    brought = ", ".join(each for each in sentences if not each.startswith("0"))
    return brought or str(_NOTHING_BROUGHT[run.state])


def field_choices(form: ProcedureForm, target: ApplicationTargetField) -> Sequence[tuple[str, str]]:
    """The fields of a form that may fill a field of an application, with their labels."""
    in_block = target in MEMBER_FIELDS
    own = [] if in_block else [(id_, str(label)) for id_, label in APPLICANT.items()]
    return own + [
        (each.id, _label_in_block(form, each.id) if in_block else each.label)
        for each in form.fields
        if each.is_text and each.is_in_block is in_block
    ]


def _label_in_block(form: ProcedureForm, id_: str) -> str:
    block = id_.partition(IN_BLOCK)[0]
    return f"{form.label_of(block)}\u00a0: {form.label_of(id_)}"
