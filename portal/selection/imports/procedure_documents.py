"""The GraphQL documents that an import sends: what it reads of a procedure.

`... on PersonneMoraleIncomplete` must be asked for, else an applicant whose company number is not
completed yet makes the whole application null.
"""

_FIELDS = "__typename id label required"
_FORM = f"""
  id datePublication
  champDescriptors {{ {_FIELDS} ... on RepetitionChampDescriptor {{ champDescriptors {{ {_FIELDS} }} }} }}
  annotationDescriptors {{ {_FIELDS} }}
"""
PROCEDURE = f"""
query readProcedure($number: Int!) {{
  demarche(number: $number) {{
    number title
    activeRevision {{ {_FORM} }}
    publishedRevision {{ {_FORM} }}
    revisions {{ {_FORM} }}
  }}
}}
"""
_FILES = "files { filename checksum byteSizeBigInt virusScanResult url }"
_CHAMP = f"""
  __typename id champDescriptorId stringValue
  ... on MultipleDropDownListChamp {{ values }}
  ... on PieceJustificativeChamp {{ {_FILES} }}
"""
_DOSSIER = f"""
  id number state dateDepot dateDerniereModification connectionUsager
  demarche {{ revision {{ id }} }}
  usager {{ email }}
  demandeur {{
    __typename
    ... on PersonneMorale {{ siret entreprise {{ raisonSociale nomCommercial }} association {{ titre }} }}
    ... on PersonneMoraleIncomplete {{ siret }}
    ... on PersonnePhysique {{ nom prenom email }}
  }}
  champs {{ {_CHAMP} ... on RepetitionChamp {{ rows {{ champs {{ {_CHAMP} }} }} }} }}
"""
APPLICATIONS = f"""
query readApplications($number: Int!, $first: Int!, $after: String, $since: ISO8601DateTime) {{
  demarche(number: $number) {{
    dossiers(first: $first, after: $after, updatedSince: $since) {{
      pageInfo {{ hasNextPage endCursor }}
      edges {{ cursor }}
      nodes {{ {_DOSSIER} }}
    }}
  }}
}}
"""
APPLICATION = f"query readApplication($number: Int!) {{ dossier(number: $number) {{ {_DOSSIER} }} }}"
REPLY = """
query readReply($number: Int!, $annotation: ID) {
  dossier(number: $number) { state annotations(id: $annotation) { champDescriptorId stringValue } }
}
"""
TOMBSTONES = """
query readTombstones($number: Int!, $first: Int!, $after: String, $since: ISO8601DateTime) {
  demarche(number: $number) {
    KIND(first: $first, after: $after, deletedSince: $since) {
      pageInfo { hasNextPage endCursor }
      nodes { number reason dateSupression }
    }
  }
}
"""


def build_mutation_document(name: str) -> str:
    """The document of a mutation of an application."""
    kind = name[0].upper() + name[1:]
    return f"mutation sendAct($input: {kind}Input!) {{ {name}(input: $input) {{ errors {{ message }} }} }}"
