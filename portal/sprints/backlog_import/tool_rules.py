"""Tools whose exports are imported: names of their columns, and meanings of their words. Pure.

Names are compared folded (no case, no accents). Sources: GitLab, “Export issues to CSV”; GitHub,
the export of a Projects view and the fields of `gh issue list --json`; Jira Cloud and Data Center,
“CSV (all fields)” in English and French; Trello Premium, the CSV export of a board.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from portal.platform.kernel.text import fold
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import ItemKind


class Tool(StrEnum):
    """The tools whose exports are recognised."""

    PORTAL = "portal"  # our own export
    GITLAB = "gitlab"
    GITHUB = "github"
    JIRA = "jira"
    TRELLO = "trello"
    OTHER = "other"


class ImportField(StrEnum):
    """The field of an item that a column gives."""

    KEY = "key"
    URL = "url"
    TITLE = "title"
    DESCRIPTION = "description"
    KIND = "kind"
    LABELS = "labels"  # for the kind, where the tool's own word is « Issue » or « Task »
    STATE = "state"
    POINTS = "points"
    ASSIGNEE = "assignee"
    REASON = "reason"  # why it is blocked
    ARCHIVED = "archived"  # archived in the tool: the line is left aside


ASIDE = "aside"  # a meaning of states: the line is left aside

# The sets of columns that identify a tool; the first match counts.
TOOL_COLUMNS: Mapping[Tool, Sequence[frozenset[str]]] = {
    Tool.PORTAL: (
        frozenset({"titre", "nature", "etat", "ce qui bloque"}),
        frozenset({"title", "kind", "state", "what is in the way"}),
    ),
    Tool.JIRA: (
        frozenset({"summary", "issue key"}),
        frozenset({"resume", "cle de ticket"}),
        frozenset({"resume", "cle"}),
    ),
    Tool.TRELLO: (frozenset({"card id", "card name"}),),
    Tool.GITLAB: (
        frozenset({"issue id", "title", "url"}),
        frozenset({"issue id", "title", "author username"}),
        frozenset({"iid", "title"}),
    ),
    Tool.GITHUB: (
        frozenset({"title", "url", "status"}),
        frozenset({"title", "url", "assignees"}),
        frozenset({"number", "title", "state"}),
        frozenset({"number", "title", "url"}),
        frozenset({"number", "title", "labels"}),
    ),
}
_COMMON_NAMES: Mapping[ImportField, Sequence[str]] = {
    ImportField.KEY: ("id", "identifiant", "key", "cle", "numero", "number", "n°"),
    ImportField.URL: ("url", "lien", "link", "adresse", "address"),
    ImportField.TITLE: ("title", "titre", "summary", "resume", "nom", "name", "intitule", "sujet"),
    ImportField.DESCRIPTION: ("description", "body", "details", "detail", "corps"),
    ImportField.KIND: ("kind", "nature", "type", "issue type", "type de ticket"),
    ImportField.LABELS: ("labels", "etiquettes", "label", "etiquette", "tags"),
    ImportField.STATE: ("state", "etat", "status", "statut"),
    ImportField.POINTS: ("points", "story points", "estimate", "estimation", "weight", "poids", "size"),
    ImportField.ASSIGNEE: (
        *("assignee", "assignees", "assigned to", "responsable", "assigne a", "personne assignee"),
        *("qui s’en occupe ?", "qui s'en occupe ?", "who is on it?", "owner", "members", "membres"),
    ),
    ImportField.REASON: ("ce qui bloque", "what is in the way"),
    ImportField.ARCHIVED: ("archived", "archive"),
}
_TOOL_NAMES: Mapping[Tool, Mapping[ImportField, Sequence[str]]] = {
    Tool.PORTAL: {ImportField.URL: ("adresse", "address")},
    Tool.GITLAB: {
        ImportField.KEY: ("issue id", "iid"),
        ImportField.URL: ("url", "web url"),
        ImportField.KIND: ("type",),
        ImportField.POINTS: ("weight",),
    },
    Tool.GITHUB: {ImportField.KEY: ("number",), ImportField.POINTS: ("estimate", "story points", "points")},
    Tool.JIRA: {
        ImportField.KEY: ("issue key", "cle de ticket", "cle"),
        ImportField.URL: (),
        ImportField.KIND: ("issue type", "type de ticket"),
        ImportField.POINTS: (
            *("story points", "story point estimate", "points d'histoire", "points d’histoire", "points"),
            *("estimation en points d'histoire", "estimation en points d’histoire"),
        ),
    },
    Tool.TRELLO: {
        ImportField.KEY: ("card id",),
        ImportField.URL: ("card url",),
        ImportField.TITLE: ("card name",),
        ImportField.DESCRIPTION: ("card description",),
        ImportField.KIND: (),
        ImportField.STATE: ("list name",),
        ImportField.POINTS: (),
    },
}

STATE_WORDS: Mapping[str, str] = {
    word: meaning
    for meaning, words in {
        ItemState.TO_DO: "open|opened|ouvert|ouverte|a faire|to do|todo|backlog|carnet|new|nouveau"
        "|nouvelle|selected for development|selectionne pour le developpement|ready|pret|reopened"
        "|rouvert|rouverte|no status|sans etat|planned|planifie|icebox|a trier|triage|idees",
        ItemState.DOING: "in progress|en cours|doing|started|commence|in review|en revue"
        "|en relecture|review|relecture|testing|en test|a valider|in development|en developpement",
        ItemState.BLOCKED: "blocked|bloque|bloquee|on hold|en pause|en attente|waiting|impediment",
        ItemState.DONE: "closed|clos|close|ferme|fermee|done|fait|faite|termine|terminee|termine(e)"
        "|resolved|resolu|resolue|completed|complete|merged|fini|finie|livre|livree|shipped",
        ASIDE: "cancelled|canceled|annule|annulee|abandonne|abandonnee|dropped|won't do|wontfix"
        "|won't fix|duplicate|doublon|rejected|rejete|rejetee|archived|archive",
    }.items()
    for word in words.split("|")
}
KIND_WORDS: Mapping[str, ItemKind] = {
    word: kind
    for kind, words in {
        ItemKind.STORY: "story|user story|recit|recit utilisateur|histoire|besoin|user need"
        "|besoin d'utilisateur|feature|fonctionnalite|enhancement|amelioration|improvement|epic"
        "|epopee|task|tache|sous-tache|sub-task|subtask|issue|ticket",
        ItemKind.DATA: "data|donnees|donnee",
        ItemKind.MODEL: "model|modele",
        ItemKind.TEST_FINDING: "test finding|constat de test|constat|finding",
        ItemKind.RETRO_ACTION: "retrospective action|action de retrospective|retro action|action|retro",
        ItemKind.BUG: "bug|anomalie|defect|defaut|incident|bogue",
    }.items()
    for word in words.split("|")
}
# Words for any kind of item: labels take precedence over them.
GENERIC_WORDS = frozenset({"issue", "ticket", "task", "tache", "sous-tache", "sub-task", "subtask"})
# Dates and iterations of other tools: items here have none, their sprint has.
DATE_COLUMNS = frozenset(
    {"due date", "due", "echeance", "date d'echeance", "date d’echeance", "start date"}
    | {"date de debut", "end date", "date de fin", "target date", "milestone", "jalon", "sprint"}
    | {"iteration", "fix version/s", "fix versions", "version corrigee", "versions corrigees"}
)
_CUSTOM_FIELD = re.compile(r"(?:custom field|champs? personnalises?) \((.+)\)")
_COLOUR_SUFFIX = re.compile(r"\s*\([a-z _]+\)$")  # Trello writes « Bug (red) »


def detect_tool(names: Iterable[str]) -> Tool:
    """The tool of an export, by the names of its columns."""
    folded_names = {fold(name.strip()) for name in names}
    for tool, signs in TOOL_COLUMNS.items():
        if any(sign <= folded_names for sign in signs):
            return tool
    return Tool.OTHER


def guess_columns(
    tool: Tool, names: Sequence[str], filled: Mapping[str, int] | None = None
) -> dict[ImportField, str]:
    """The column of each field, guessed by name; each column once. Of several columns of points it is
    the one with the most `filled` cells."""
    by_bare_name: dict[str, list[str]] = {}
    for name in names:
        by_bare_name.setdefault(_strip_field_name(name), []).append(name)
    own = _TOOL_NAMES.get(tool, {})
    columns: dict[ImportField, str] = {}
    for field in ImportField:
        candidate_names = own[field] if field in own else _COMMON_NAMES[field]
        candidates = [column for name in candidate_names for column in by_bare_name.get(name, ())]
        if field is ImportField.POINTS and filled:
            candidates.sort(key=lambda name: -filled.get(name, 0))
        if candidates and candidates[0] not in columns.values():
            columns[field] = candidates[0]
    return columns


def _strip_field_name(name: str) -> str:
    """A folded name; « Champ personnalisé (Story Points) » of Jira becomes « story points »."""
    folded = fold(name.strip())
    custom = _CUSTOM_FIELD.fullmatch(folded)
    return custom[1] if custom else folded


def count_recognised_names(names: Iterable[str]) -> int:
    """How many of these names are known column names of some tool."""
    every = {column_name for names_ in _COMMON_NAMES.values() for column_name in names_}
    every |= {
        column_name for own in _TOOL_NAMES.values() for names_ in own.values() for column_name in names_
    }
    return len({_strip_field_name(name) for name in names} & every)


def find_word_state(word: str) -> str | None:
    """The state that a tool's word means, or `ASIDE`; None for an unknown word."""
    return STATE_WORDS.get(normalise_word(word))


def find_word_kind(word: str) -> ItemKind | None:
    """The kind that a tool's word means; None for an unknown word."""
    return KIND_WORDS.get(normalise_word(word))


def normalise_word(word: str) -> str:
    """A folded word without scope and colour: « type::Bug » and « Bug (red) » become « bug »."""
    folded = fold(word.strip()).rpartition("::")[2]
    return _COLOUR_SUFFIX.sub("", folded).strip()
