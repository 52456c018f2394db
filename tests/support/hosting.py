"""The environment of a portal in production, as tests serve it behind nginx."""

from tests.support.nginx import NAME

PRODUCTION = {
    "PORTAL_ENV": "production",
    "PUBLIC_BASE_URL": f"https://{NAME}",
    "TRUSTED_HOSTS": f"{NAME} 127.0.0.1",
    "PASSWORD_MEMORY_KIB": "19456",
    "CONTACT_EMAIL": "contact@demo.example",
    "PUBLISHER": "Un service",
    "PUBLICATION_DIRECTOR": "Une personne",
    "HOSTING_PROVIDER": "Un hébergeur",
    "MAIL_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "portail@demo.example",
    "PROXY_HOPS": "1",
    "WEB_CONCURRENCY": "1",
    "WEB_THREADS": "2",
}
