"""Every setting: its variable, what it does, where its value stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.app.administration.installation import CHANGEABLE
from portal.platform.kernel.environment import FORMER_NAMES
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l


@dataclass(frozen=True)
class SettingLabel:
    """`attribute` is that of `Settings`; "" for what is secret or read elsewhere, whose value is
    never shown."""

    name: str
    what: LazyString
    attribute: str = ""


def _label_setting(name: str, what: LazyString, attribute: str = "") -> SettingLabel:
    return SettingLabel(name, what, attribute)


SECTIONS: Sequence[tuple[LazyString, Sequence[SettingLabel]]] = (
    (
        _l("Qui publie le portail"),
        (
            _label_setting("CONTACT_EMAIL", _l("Où les lecteurs écrivent"), "contact_email"),
            _label_setting("PUBLISHER", _l("L’organisme qui publie le portail"), "publisher"),
            _label_setting(
                "PUBLICATION_DIRECTOR", _l("Qui répond de la publication"), "publication_director"
            ),
            _label_setting("HOSTING_PROVIDER", _l("Qui l’héberge, nom et adresse"), "hosting_provider"),
            _label_setting("BRAND", _l("Marque de l’État ou neutre"), "brand"),
        ),
    ),
    (
        _l("Connexion"),
        (
            _label_setting(
                "WRITES_PER_HOUR",
                _l("Formulaires qu’un compte peut envoyer en une heure ; 0 : sans limite"),
                "writes_per_hour",
            ),
            _label_setting(
                "IDLE_MINUTES", _l("Minutes sans usage avant qu’une session se ferme"), "idle_minutes"
            ),
            _label_setting(
                "IDLE_MINUTES_DEMANDED",
                _l("La même chose pour les rôles qui demandent un second facteur"),
                "idle_minutes_demanded",
            ),
            _label_setting(
                "SECOND_FACTOR_ROLES", _l("Les rôles qui demandent un second facteur"), "second_factor_roles"
            ),
            _label_setting(
                "PROCONNECT_URL", _l("L’adresse de ProConnect ; sans elle, personne n’entre par là")
            ),
            _label_setting("PROCONNECT_CLIENT_ID", _l("Le nom du portail chez ProConnect")),
            _label_setting("PROCONNECT_CLIENT_SECRET", _l("Son secret chez ProConnect")),
            _label_setting("PROCONNECT_ALGORITHM", _l("L’algorithme de ses signatures")),
            _label_setting("PROCONNECT_ACR", _l("Les niveaux de connexion acceptés")),
            _label_setting("PROCONNECT_MFA_ACR", _l("Ceux qui valent deux facteurs")),
            _label_setting(
                "PASSWORD_MEMORY_KIB",
                _l("Mémoire que prend l’empreinte d’un mot de passe, en Kio"),
                "password_memory_kib",
            ),
        ),
    ),
    (
        _l("Courriels"),
        (
            _label_setting(
                "MAIL_URL", _l("Le serveur qui envoie ; sans lui, les courriels restent sur la machine")
            ),
            _label_setting("MAIL_FROM", _l("De qui viennent les courriels"), "mail_from"),
            _label_setting("REPLY_DOMAIN", _l("Le domaine où l’on répond par courriel"), "reply_domain"),
        ),
    ),
    (
        _l("Fichiers"),
        (
            _label_setting("FILES_URL", _l("Le service S3 qui garde les fichiers ; sinon, un dossier")),
            _label_setting("FILE_MAX_BYTES", _l("Taille d’un fichier, en octets, au plus"), "file_max_bytes"),
            _label_setting(
                "PROJECT_FILES_BYTES",
                _l("Place des fichiers d’un projet, en octets, au plus"),
                "project_files_bytes",
            ),
            _label_setting("CLAMD_URL", _l("L’antivirus qui lit chaque fichier"), "clamd"),
        ),
    ),
    (
        _l("Autres services"),
        (
            _label_setting("DEMARCHES_URL", _l("D’où viennent les candidatures importées"), "demarches_url"),
            _label_setting("DEMARCHES_PAGE", _l("Dossiers lus à la fois"), "demarches_page"),
            _label_setting(
                "OUTGOING_HOSTS", _l("Les hôtes que le portail peut interroger"), "outgoing_hosts"
            ),
            _label_setting(
                "OUTGOING_LOOPBACK",
                _l("Cette machine peut l’être aussi (développement)"),
                "outgoing_loopback",
            ),
            _label_setting("PLAIN_HOSTS", _l("Les machines jointes sans chiffrement"), "plain_hosts"),
            _label_setting("API_ORIGINS", _l("Les sites dont les pages appellent l’API"), "api_origins"),
        ),
    ),
    (
        _l("Machine et réseau"),
        (
            _label_setting("PORTAL_ENV", _l("Développement ou production"), "environment"),
            _label_setting("SECRET_KEY", _l("La clé qui signe cookies et liens")),
            _label_setting("SECRET_KEY_FALLBACKS", _l("Les clés d’avant, encore acceptées")),
            _label_setting("DATABASE_URL", _l("La base de données")),
            _label_setting("QUEUE_URL", _l("La file qui réveille le travailleur")),
            _label_setting("DATA_DIR", _l("Le dossier de ce qui est gardé"), "data_dir"),
            _label_setting(
                "PUBLIC_BASE_URL", _l("L’adresse publique, dont partent les liens"), "public_base_url"
            ),
            _label_setting("TRUSTED_HOSTS", _l("Les noms d’hôte servis"), "trusted_hosts"),
            _label_setting("BIND", _l("L’adresse réseau écoutée"), "bind"),
            _label_setting("PORT", _l("Le port écouté"), "port"),
            _label_setting("PROXY_HOPS", _l("Serveurs mandataires devant le portail"), "proxy_hops"),
            _label_setting("BACKUP_DAYS", _l("Jours pendant lesquels une copie reste"), "backup_days"),
            _label_setting("BACKUP_RECIPIENT", _l("À qui les copies sont chiffrées"), "backup_recipient"),
            _label_setting("WEB_CONCURRENCY", _l("Processus du serveur"), "web_workers"),
            _label_setting("WEB_THREADS", _l("Fils par processus"), "web_threads"),
            _label_setting(
                "REQUEST_MAX_BYTES", _l("Taille d’une demande, en octets, au plus"), "request_max_bytes"
            ),
            _label_setting("LOG_LEVEL", _l("Ce qui s’écrit dans le journal technique"), "log_level"),
            _label_setting("METRICS_TOKEN", _l("Ce qui ouvre /metrics à la supervision")),
        ),
    ),
)


@dataclass(frozen=True)
class SettingLine:
    """A setting as the page shows it. `source` says where its value comes from."""

    label: SettingLabel
    value: str
    source: str

    @property
    def is_changeable(self) -> bool:
        return self.label.name in CHANGEABLE


def describe_setting(label: SettingLabel, settings: Settings, replaced: frozenset[str]) -> SettingLine:
    """A setting in force; `replaced` names those that were changed on the page."""
    is_given = label.name in settings.variables_set
    if label.name in replaced:
        source = _("Modifié sur cette page")
    else:
        source = _describe_variable(label, settings) if is_given else _("Valeur d’origine")
    if not label.attribute:
        return SettingLine(label, _("renseigné, non montré") if is_given else _("non renseigné"), source)
    return SettingLine(label, _in_words(getattr(settings, label.attribute)), source)


def _describe_variable(label: SettingLabel, settings: Settings) -> str:
    earlier = [name for name in settings.warnings if FORMER_NAMES[name].current == label.name]
    if not earlier:
        return _("Variable d’environnement")
    return _("Variable d’environnement, sous son ancien nom %(name)s", name=earlier[0])


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value if each) or _("aucun")
    if value is None or value == "":
        return _("non renseigné")
    return getattr(value, "address", None) or getattr(value, "host", None) or str(value)
