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


def _build_setting_label(name: str, what: LazyString, attribute: str = "") -> SettingLabel:
    return SettingLabel(name, what, attribute)


SECTIONS: Sequence[tuple[LazyString, Sequence[SettingLabel]]] = (
    (
        _l("Qui publie le portail"),
        (
            _build_setting_label("CONTACT_EMAIL", _l("Où les lecteurs écrivent"), "contact_email"),
            _build_setting_label("PUBLISHER", _l("L’organisme qui publie le portail"), "publisher"),
            _build_setting_label(
                "PUBLICATION_DIRECTOR", _l("Qui répond de la publication"), "publication_director"
            ),
            _build_setting_label("HOSTING_PROVIDER", _l("Qui l’héberge, nom et adresse"), "hosting_provider"),
            _build_setting_label("BRAND", _l("Marque de l’État ou neutre"), "brand"),
        ),
    ),
    (
        _l("Connexion"),
        (
            _build_setting_label(
                "WRITES_PER_HOUR",
                _l("Formulaires qu’un compte peut envoyer en une heure ; 0 : sans limite"),
                "writes_per_hour",
            ),
            _build_setting_label(
                "IDLE_MINUTES", _l("Minutes sans usage avant qu’une session se ferme"), "idle_minutes"
            ),
            _build_setting_label(
                "IDLE_MINUTES_DEMANDED",
                _l("La même chose pour les rôles qui demandent un second facteur"),
                "idle_minutes_demanded",
            ),
            _build_setting_label(
                "SECOND_FACTOR_ROLES", _l("Les rôles qui demandent un second facteur"), "second_factor_roles"
            ),
            _build_setting_label(
                "PROCONNECT_URL", _l("L’adresse de ProConnect ; sans elle, personne n’entre par là")
            ),
            _build_setting_label("PROCONNECT_CLIENT_ID", _l("Le nom du portail chez ProConnect")),
            _build_setting_label("PROCONNECT_CLIENT_SECRET", _l("Son secret chez ProConnect")),
            _build_setting_label("PROCONNECT_ALGORITHM", _l("L’algorithme de ses signatures")),
            _build_setting_label("PROCONNECT_ACR", _l("Les niveaux de connexion acceptés")),
            _build_setting_label("PROCONNECT_MFA_ACR", _l("Ceux qui valent deux facteurs")),
            _build_setting_label(
                "PASSWORD_MEMORY_KIB",
                _l("Mémoire que prend l’empreinte d’un mot de passe, en Kio"),
                "password_memory_kib",
            ),
        ),
    ),
    (
        _l("Courriels"),
        (
            _build_setting_label(
                "MAIL_URL", _l("Le serveur qui envoie ; sans lui, les courriels restent sur la machine")
            ),
            _build_setting_label("MAIL_FROM", _l("De qui viennent les courriels"), "mail_from"),
            _build_setting_label(
                "REPLY_DOMAIN", _l("Le domaine où l’on répond par courriel"), "reply_domain"
            ),
        ),
    ),
    (
        _l("Fichiers"),
        (
            _build_setting_label("FILES_URL", _l("Le service S3 qui garde les fichiers ; sinon, un dossier")),
            _build_setting_label(
                "FILE_MAX_BYTES", _l("Taille d’un fichier, en octets, au plus"), "file_max_bytes"
            ),
            _build_setting_label(
                "PROJECT_FILES_BYTES",
                _l("Place des fichiers d’un projet, en octets, au plus"),
                "project_files_bytes",
            ),
            _build_setting_label("CLAMD_URL", _l("L’antivirus qui lit chaque fichier"), "clamd"),
        ),
    ),
    (
        _l("Autres services"),
        (
            _build_setting_label(
                "DEMARCHES_URL", _l("D’où viennent les candidatures importées"), "demarches_url"
            ),
            _build_setting_label("DEMARCHES_PAGE", _l("Dossiers lus à la fois"), "demarches_page"),
            _build_setting_label(
                "OUTGOING_HOSTS", _l("Les hôtes que le portail peut interroger"), "outgoing_hosts"
            ),
            _build_setting_label(
                "OUTGOING_LOOPBACK",
                _l("Cette machine peut l’être aussi (développement)"),
                "outgoing_loopback",
            ),
            _build_setting_label("PLAIN_HOSTS", _l("Les machines jointes sans chiffrement"), "plain_hosts"),
            _build_setting_label(
                "API_ORIGINS", _l("Les sites dont les pages appellent l’API"), "api_origins"
            ),
        ),
    ),
    (
        _l("Machine et réseau"),
        (
            _build_setting_label("PORTAL_ENV", _l("Développement ou production"), "environment"),
            _build_setting_label("SECRET_KEY", _l("La clé qui signe cookies et liens")),
            _build_setting_label("SECRET_KEY_FALLBACKS", _l("Les clés d’avant, encore acceptées")),
            _build_setting_label("DATABASE_URL", _l("La base de données")),
            _build_setting_label("QUEUE_URL", _l("La file qui réveille le processus d’arrière-plan")),
            _build_setting_label("DATA_DIR", _l("Le dossier de ce qui est gardé"), "data_dir"),
            _build_setting_label(
                "PUBLIC_BASE_URL", _l("L’adresse publique, dont partent les liens"), "public_base_url"
            ),
            _build_setting_label("TRUSTED_HOSTS", _l("Les noms d’hôte servis"), "trusted_hosts"),
            _build_setting_label("BIND", _l("L’adresse réseau écoutée"), "bind"),
            _build_setting_label("PORT", _l("Le port écouté"), "port"),
            _build_setting_label("PROXY_HOPS", _l("Serveurs mandataires devant le portail"), "proxy_hops"),
            _build_setting_label("BACKUP_DAYS", _l("Jours pendant lesquels une copie reste"), "backup_days"),
            _build_setting_label(
                "BACKUP_RECIPIENT", _l("À qui les copies sont chiffrées"), "backup_recipient"
            ),
            _build_setting_label("WEB_CONCURRENCY", _l("Processus du serveur"), "web_workers"),
            _build_setting_label("WEB_THREADS", _l("Fils par processus"), "web_threads"),
            _build_setting_label(
                "REQUEST_MAX_BYTES", _l("Taille d’une demande, en octets, au plus"), "request_max_bytes"
            ),
            _build_setting_label("LOG_LEVEL", _l("Ce qui s’écrit dans le journal technique"), "log_level"),
            _build_setting_label("METRICS_TOKEN", _l("Ce qui ouvre /metrics à la supervision")),
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


def build_setting_line(label: SettingLabel, settings: Settings, replaced: frozenset[str]) -> SettingLine:
    """A setting in force; `replaced` names those that were changed on the page."""
    is_given = label.name in settings.variables_set
    if label.name in replaced:
        source = _("Modifié sur cette page")
    else:
        source = _describe_environment_source(label, settings) if is_given else _("Valeur d’origine")
    if not label.attribute:
        return SettingLine(label, _("renseigné, non montré") if is_given else _("non renseigné"), source)
    return SettingLine(label, _describe_setting_value(getattr(settings, label.attribute)), source)


def _describe_environment_source(label: SettingLabel, settings: Settings) -> str:
    earlier = [name for name in settings.warnings if FORMER_NAMES[name].current == label.name]
    if not earlier:
        return _("Variable d’environnement")
    return _("Variable d’environnement, sous son ancien nom %(name)s", name=earlier[0])


def _describe_setting_value(value: object) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value if each) or _("aucun")
    if value is None or value == "":
        return _("non renseigné")
    return getattr(value, "address", None) or getattr(value, "host", None) or str(value)
