"""The tools whose exports are read: how their columns are called, and what their words mean. Pure.

Names are compared folded (no case, no accent). Sources: GitLab, “Export issues to CSV”; GitHub, the
export of a Projects view and the fields of `gh issue list --json`; Jira Cloud and Data Center, “CSV
(all fields)” in English and French; Trello Premium, the CSV export of a board.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from portal.backlog.flow import State
from portal.backlog.models import Kind
from portal.kernel.text import fold


class Tool(StrEnum):
    PORTAL = "portal"  # our own export
    GITLAB = "gitlab"
    GITHUB = "github"
    JIRA = "jira"
    TRELLO = "trello"
    OTHER = "other"


class Field(StrEnum):
    """What a column may be to an item."""

    KEY = "key"
    URL = "url"
    TITLE = "title"
    DESCRIPTION = "description"
    KIND = "kind"
    LABELS = "labels"  # they tell the kind where the tool's own word is « Issue » or « Task »
    STATE = "state"
    POINTS = "points"
    ASSIGNEE = "assignee"
    REASON = "reason"  # why it is blocked
    ARCHIVED = "archived"  # put away in the tool: its line is left aside


ASIDE = "aside"  # what a state may mean besides our own: the line is left aside

# By which columns a tool is known, the first that fits. Several sets: any of them.
SIGNS: Mapping[Tool, Sequence[frozenset[str]]] = {
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
_COMMON: Mapping[Field, Sequence[str]] = {
    Field.KEY: ("id", "identifiant", "key", "cle", "numero", "number", "n°"),
    Field.URL: ("url", "lien", "link", "adresse", "address"),
    Field.TITLE: ("title", "titre", "summary", "resume", "nom", "name", "intitule", "sujet"),
    Field.DESCRIPTION: ("description", "body", "details", "detail", "corps"),
    Field.KIND: ("kind", "nature", "type"),
    Field.LABELS: ("labels", "etiquettes", "label", "etiquette", "tags"),
    Field.STATE: ("state", "etat", "status", "statut"),
    Field.POINTS: ("points", "story points", "estimate", "estimation", "weight", "poids", "size"),
    Field.ASSIGNEE: (
        *("assignee", "assignees", "assigned to", "responsable", "assigne a", "personne assignee"),
        *("qui s’en occupe ?", "qui s'en occupe ?", "who is on it?", "owner", "members", "membres"),
    ),
    Field.REASON: ("ce qui bloque", "what is in the way"),
    Field.ARCHIVED: ("archived", "archive"),
}
_OWN: Mapping[Tool, Mapping[Field, Sequence[str]]] = {
    Tool.PORTAL: {Field.URL: ("adresse", "address")},
    Tool.GITLAB: {
        Field.KEY: ("issue id", "iid"),
        Field.URL: ("url", "web url"),
        Field.KIND: ("type",),
        Field.POINTS: ("weight",),
    },
    Tool.GITHUB: {
        Field.KEY: ("number",),
        Field.POINTS: ("estimate", "story points", "points"),
    },
    Tool.JIRA: {
        Field.KEY: ("issue key", "cle de ticket", "cle"),
        Field.URL: (),
        Field.KIND: ("issue type", "type de ticket"),
        Field.POINTS: (
            "custom field (story points)",
            "custom field (story point estimate)",
            "champs personnalises (story points)",
            "champs personnalises (story point estimate)",
            "story points",
            "story point estimate",
        ),
    },
    Tool.TRELLO: {
        Field.KEY: ("card id",),
        Field.URL: ("card url",),
        Field.TITLE: ("card name",),
        Field.DESCRIPTION: ("card description",),
        Field.KIND: (),
        Field.STATE: ("list name",),
        Field.POINTS: (),
    },
}

STATES: Mapping[str, str] = {
    word: meaning
    for meaning, words in {
        State.TO_DO: "open|opened|ouvert|ouverte|a faire|to do|todo|backlog|carnet|new|nouveau"
        "|nouvelle|selected for development|selectionne pour le developpement|ready|pret|reopened"
        "|rouvert|rouverte|no status|sans etat|planned|planifie|icebox|a trier|triage|idees",
        State.DOING: "in progress|en cours|doing|started|commence|in review|en revue|en relecture"
        "|review|relecture|testing|en test|a valider|in development|en developpement",
        State.BLOCKED: "blocked|bloque|bloquee|on hold|en pause|en attente|waiting|impediment",
        State.DONE: "closed|clos|close|ferme|fermee|done|fait|faite|termine|terminee|termine(e)"
        "|resolved|resolu|resolue|completed|complete|merged|fini|finie|livre|livree|shipped",
        ASIDE: "cancelled|canceled|annule|annulee|abandonne|abandonnee|dropped|won't do|wontfix"
        "|won't fix|duplicate|doublon|rejected|rejete|rejetee|archived|archive",
    }.items()
    for word in words.split("|")
}
KINDS: Mapping[str, Kind] = {
    word: kind
    for kind, words in {
        Kind.STORY: "story|user story|recit|recit utilisateur|histoire|besoin|user need"
        "|besoin d'utilisateur|feature|fonctionnalite|enhancement|amelioration|improvement|epic"
        "|epopee|task|tache|sous-tache|sub-task|subtask|issue|ticket",
        Kind.DATA: "data|donnees|donnee",
        Kind.MODEL: "model|modele",
        Kind.TEST_FINDING: "test finding|constat de test|constat|finding",
        Kind.RETRO_ACTION: "retrospective action|action de retrospective|retro action|action|retro",
        Kind.BUG: "bug|anomalie|defect|defaut|incident|bogue",
    }.items()
    for word in words.split("|")
}
# What tools call anything at all: a label that means a kind says more.
ANYTHING = frozenset({"issue", "ticket", "task", "tache", "sous-tache", "sub-task", "subtask"})
# When a tool wants something done: an item here has no such date, its sprint has.
DATES = frozenset(
    {"due date", "due", "echeance", "date d'echeance", "date d’echeance", "start date"}
    | {"date de debut", "end date", "date de fin", "target date", "milestone", "jalon", "sprint"}
    | {"iteration", "fix version/s", "fix versions", "version corrigee", "versions corrigees"}
)
_COLOUR = re.compile(r"\s*\([a-z _]+\)$")  # Trello writes « Bug (red) »


def detect(names: Iterable[str]) -> Tool:
    """The tool that an export comes from, by the names of its columns."""
    there = {fold(name.strip()) for name in names}
    for tool, signs in SIGNS.items():
        if any(sign <= there for sign in signs):
            return tool
    return Tool.OTHER


def columns_for(tool: Tool, names: Sequence[str]) -> dict[Field, str]:
    """Which column is what, as far as its name tells; each column once."""
    there: dict[str, str] = {}
    for name in names:
        there.setdefault(fold(name.strip()), name)
    own = _OWN.get(tool, {})
    found: dict[Field, str] = {}
    for field in Field:
        wanted = own[field] if field in own else _COMMON[field]
        column = next((there[one] for one in wanted if one in there), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def known_names(names: Iterable[str]) -> int:
    """How many of these names some tool gives a column."""
    every = {one for names_ in _COMMON.values() for one in names_}
    every |= {one for own in _OWN.values() for names_ in own.values() for one in names_}
    return len({fold(name.strip()) for name in names} & every)


def state_of(word: str) -> str | None:
    """What a tool's word for a state means here, `ASIDE` included; None: not known."""
    return STATES.get(plain(word))


def kind_of(word: str) -> Kind | None:
    return KINDS.get(plain(word))


def plain(word: str) -> str:
    """A word as it is compared: « type::Bug » and « Bug (red) » are a bug."""
    folded = fold(word.strip()).rpartition("::")[2]
    return _COLOUR.sub("", folded).strip()
