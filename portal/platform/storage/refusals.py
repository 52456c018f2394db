"""Reasons for refusing a file, as sentences that say what to do instead."""

from typing import Any

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l


class UnfitFile(Exception):
    """A refused file: a key of `SENTENCES` and the facts of its sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    @property
    def sentence(self) -> str:
        """The formatted sentence."""
        return str(SENTENCES[self.code]) % self.facts


SENTENCES: dict[str, LazyString] = {
    "macros": _l(
        "Ce document contient des macros, c’est-à-dire un programme. Enregistrez-le sans macros"
        " (.docx, .xlsx, .pptx, .odt, .ods ou .odp), puis joignez-le."
    ),
    "locked": _l(
        "Ce document est protégé par un mot de passe ou chiffré : personne ne pourrait le vérifier."
        " Enregistrez-le sans mot de passe, puis joignez-le."
    ),
    "old_office": _l(
        "Ce document est dans un ancien format de bureautique, ou protégé par un mot de passe."
        " Enregistrez-le sans mot de passe dans un format récent (.docx, .xlsx ou .pptx), puis"
        " joignez-le."
    ),
    "damaged": _l(
        "Ce document est incomplet ou abîmé. Ouvrez-le, enregistrez-le à nouveau, puis joignez-le."
    ),
    "swollen": _l("Ce document prendrait une place démesurée une fois ouvert : il n’est pas accepté."),
    "archive": _l("C’est une archive, qui cache ce qu’elle contient : joignez ses fichiers un par un."),
    "two_things": _l(
        "Une archive est cachée dans ce fichier : il n’est pas accepté. Enregistrez-le à nouveau"
        " depuis votre logiciel, puis joignez-le."
    ),
    "page": _l(
        "Ce fichier contient du HTML ou du SVG, qu’un navigateur exécuterait. Joignez-en plutôt un"
        " PDF ou une image."
    ),
    "script": _l(
        "Ce fichier est un script, donc un programme : il n’est pas accepté. Mettez-le dans le"
        " dépôt du code, et donnez-en le lien."
    ),
    "program": _l("Ce fichier est un programme : il n’est pas accepté."),
    "xml": _l("Ce fichier est du XML, qui n’est pas accepté. Joignez-en plutôt un CSV ou un PDF."),
    "utf16": _l(
        "Ce texte est en UTF-16 (« Unicode » sous Windows). Enregistrez-le en UTF-8, puis joignez-le."
    ),
    "not_text": _l(
        "Ce fichier s’appelle « %(ending)s » et ne contient pas du texte. Donnez-lui le nom qui"
        " convient à ce qu’il contient, puis joignez-le."
    ),
    "pdf_cut": _l(
        "Ce PDF est incomplet : sa fin manque. Téléchargez-le ou enregistrez-le à nouveau, puis joignez-le."
    ),
    "pdf_active": _l(
        "Ce PDF contient un programme, un lancement ou un formulaire actif. Imprimez-le en PDF, puis joignez"
        " le résultat."
    ),
    "pdf_holds": _l("Ce PDF contient d’autres fichiers. Enregistrez-le sans eux, et joignez-les un par un."),
    "pdf_locked": _l(
        "Ce PDF est chiffré ou trop enchevêtré : personne ne pourrait le vérifier. Imprimez-le en PDF, puis"
        " joignez le résultat."
    ),
    "unknown": _l(
        "Ce que contient ce fichier n’est pas reconnu comme un « %(ending)s ». Ouvrez-le,"
        " enregistrez-le à nouveau dans ce format, puis joignez-le."
    ),
    "misnamed": _l(
        "Ce fichier s’appelle « %(ending)s » et contient du « %(right)s » : donnez-lui le bon nom,"
        " puis joignez-le."
    ),
    "no_ending": _l("Ce fichier n’a pas d’extension. Sont acceptés : %(kinds)s."),
    "ending": _l("Les fichiers « %(ending)s » ne sont pas acceptés. Le sont : %(kinds)s."),
    "picture_broken": _l(
        "Cette image est incomplète ou abîmée. Ouvrez-la, enregistrez-la à nouveau, puis joignez-la."
    ),
    "picture_large": _l(
        "Cette image a plus de %(megapixels)s millions de points. Réduisez-la, puis joignez-la."
    ),
    "animation_large": _l(
        "Cette image animée est trop longue ou trop grande : ses images font ensemble plus de"
        " %(megapixels)s millions de points. Réduisez-la, puis joignez-la."
    ),
}
ACCEPTED_KINDS = _l(
    "PDF, images (PNG, JPEG, GIF, WebP), documents (Word, Excel, PowerPoint, LibreOffice, sans"
    " macros), CSV et texte"
)
# Refused extensions with a reason of their own.
REFUSED_EXTENSIONS: dict[str, str] = {
    **dict.fromkeys((".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".pptm", ".ppsm"), "macros"),
    **dict.fromkeys((".doc", ".xls", ".ppt"), "old_office"),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".svg", ".svgz", ".mht"), "page"),
    **dict.fromkeys((".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz"), "archive"),
    **dict.fromkeys((".exe", ".com", ".msi", ".dll", ".scr", ".app", ".apk", ".jar"), "program"),
    **dict.fromkeys(
        (".sh", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".mjs", ".py", ".php", ".rb", ".pl"), "script"
    ),
    ".xml": "xml",
}
