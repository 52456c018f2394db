"""Column names of a table of teams in both languages, and sentences about its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.platform.kernel.text import LOCALES, LazyString, fold_words, format_day, ngettext, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.refusals import format_facts, table_refusal_sentence


class TeamColumn(StrEnum):
    """A column of the table, by what it fills."""

    ORGANISATION = "organisation"
    ACRONYM = "acronym"
    TITLE_FR = "title_fr"
    TITLE_EN = "title_en"
    PROBLEM = "problem"
    USERS_AIMED_AT = "users_aimed_at"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    TRACKS = "tracks"
    LEAD = "lead"
    MEMBERS = "members"


HEADINGS: Mapping[TeamColumn, LazyString] = {
    TeamColumn.ORGANISATION: _l("Organisation"),
    TeamColumn.ACRONYM: _l("Nom court"),
    TeamColumn.TITLE_FR: _l("Titre en français"),
    TeamColumn.TITLE_EN: _l("Titre en anglais"),
    TeamColumn.PROBLEM: _l("Problème à résoudre"),
    TeamColumn.USERS_AIMED_AT: _l("Utilisateurs visés"),
    TeamColumn.STARTS_ON: _l("Début"),
    TeamColumn.ENDS_ON: _l("Fin"),
    TeamColumn.TRACKS: _l("Volets"),
    TeamColumn.LEAD: _l("Courriel du porteur"),
    TeamColumn.MEMBERS: _l("Courriels des membres"),
}
# Usual headings beside those of the model, folded.
_OTHER_NAMES = {
    "titre": TeamColumn.TITLE_FR,
    "title": TeamColumn.TITLE_FR,
    "projet": TeamColumn.TITLE_FR,
    "project": TeamColumn.TITLE_FR,
    "sigle": TeamColumn.ACRONYM,
    "acronym": TeamColumn.ACRONYM,
    "probleme": TeamColumn.PROBLEM,
    "problem": TeamColumn.PROBLEM,
    "porteur": TeamColumn.LEAD,
    "team lead": TeamColumn.LEAD,
    "membres": TeamColumn.MEMBERS,
    "members": TeamColumn.MEMBERS,
}
_PROBLEMS: Mapping[str, LazyString] = {
    "missing": _l("Cette cellule est vide."),
    "too_long": _l("Ce texte dépasse %(most)s caractères."),
    "day": _l("« %(value)s » n’est pas une date : écrivez 12/03/2026 ou 2026-03-12."),
    "too_early": _l("« %(value)s » : le programme commence le %(first)s."),
    "end_first": _l("La fin vient après le début."),
    "track": _l("« %(value)s » n’est pas un volet du programme : %(tracks)s."),
    "address": _l("« %(value)s » n’est pas une adresse comme prenom.nom@exemple.gouv.fr."),
    "address_twice": _l("« %(value)s » est deux fois dans l’équipe."),
    "line_twice": _l("Cette équipe est déjà à la ligne %(first)s : même organisation, même titre."),
    "too_many_cells": _l("Il y a %(n)s cellules pour %(most)s colonnes."),
}


@dataclass(frozen=True)
class TeamColumnPositions:
    """The index of each column of a table, the duplicated columns, and the unknown ones."""

    by_column: Mapping[TeamColumn, int]
    twice: Sequence[str]
    unknown: Sequence[str]


def recognise_columns(names: Sequence[str]) -> TeamColumnPositions:
    """Find the columns by their names in either language."""
    columns_by_name = dict(_OTHER_NAMES)
    for locale in LOCALES:
        with using_language(locale):
            columns_by_name |= {fold_words(str(name)): column for column, name in HEADINGS.items()}
    places: dict[TeamColumn, int] = {}
    twice, unknown = [], []
    for place, name in enumerate(names):
        column = columns_by_name.get(fold_words(name))
        if column is None:
            unknown += [name] if name else []
        elif column in places:
            twice.append(name)
        else:
            places[column] = place
    return TeamColumnPositions(places, twice, unknown)


def count_known_column_names(names: Sequence[str]) -> int:
    """How many names are those of columns, to tell the separator."""
    return len(recognise_columns(names).by_column)


def problem_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """What is wrong with a cell, and what is accepted."""
    formatted = {
        name: format_day(value) if isinstance(value, date) else value for name, value in facts.items()
    }
    return str(_PROBLEMS[code]) % format_facts(formatted)


def refused_table_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Why a table is not read."""
    if code == "column_twice":
        return _("La colonne « %(name)s » est deux fois.", name=facts["name"])
    if code == "no_column":
        return _("Il manque la colonne « %(name)s ».", name=HEADINGS[facts["column"]])
    if code == "no_lines":
        return _("Il n’y a aucune ligne sous les noms des colonnes.")
    if code == "too_long":
        return _("Ce fichier a trop de texte : importez-le en plusieurs fois.")
    return table_refusal_sentence(code, facts)


def import_result_sentence(teams: int, invited: int) -> str:
    """What an import did."""
    created = ngettext("%(num)s équipe créée.", "%(num)s équipes créées.", teams)
    if not invited:
        return created
    return f"{created} " + ngettext("%(num)s personne invitée.", "%(num)s personnes invitées.", invited)


def import_preview_sentence(teams: int, invited: int) -> str:
    """What an import would do, for the top of its preview."""
    created = ngettext("%(num)s équipe serait créée", "%(num)s équipes seraient créées", teams)
    if not invited:
        return _("%(created)s, sans invitation.", created=created)
    letters = ngettext(
        "%(num)s courriel d’invitation partirait", "%(num)s courriels d’invitation partiraient", invited
    )
    return _("%(created)s, et %(letters)s.", created=created, letters=letters)
