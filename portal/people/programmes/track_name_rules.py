"""English names of usual tracks. Pure."""

from portal.platform.kernel.text import fold_words

ENGLISH_NAMES = {
    "technique": "Technical",
    "strategique": "Strategic",
    "scientifique": "Scientific",
    "ethique": "Ethics",
    "juridique": "Legal",
    "metier": "Business",
    "donnees": "Data",
    "securite": "Security",
    "accessibilite": "Accessibility",
    "conception": "Design",
    "produit": "Product",
    "communication": "Communication",
    "financier": "Finance",
    "formation": "Training",
    "accompagnement du changement": "Change management",
    "conduite du changement": "Change management",
    "experience utilisateur": "User experience",
    "recherche utilisateur": "User research",
}


def suggest_english_name(name_fr: str) -> str:
    """Return the usual English name of a track, else the French name."""
    return ENGLISH_NAMES.get(fold_words(name_fr), name_fr)
