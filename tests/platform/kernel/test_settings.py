import re
from pathlib import Path

import pytest

from portal.platform.kernel import environment, settings
from portal.platform.kernel.settings import SettingsInvalid
from portal.platform.kernel.version import version

PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "x" * 40,
    "PUBLIC_BASE_URL": "https://portail.example.gouv.fr",
    "TRUSTED_HOSTS": "portail.example.gouv.fr",
    "CONTACT_EMAIL": "contact@portail.example",
    "PUBLISHER": "DINUM",
    "PUBLICATION_DIRECTOR": "La direction",
    "HOSTING_PROVIDER": "Un hébergeur",
    "MAIL_URL": "smtp://mail.example?starttls=1",
    "MAIL_FROM": "Portail <ne-pas-repondre@portail.example>",
}


def test_an_empty_environment_is_a_development_on_this_machine():
    chosen = settings.load_settings({})
    assert not chosen.is_production
    assert chosen.is_sqlite
    assert chosen.public_base_url == "http://127.0.0.1:8000"
    assert chosen.brand == "state"


def test_each_variable_is_explained_in_the_example():
    example = (Path(__file__).parents[3] / ".env.example").read_text(encoding="utf-8")
    told = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert set(environment.Environment._declared_fields) <= told


def test_port_and_data_dir_are_honoured(tmp_path):
    chosen = settings.load_settings({"PORT": "8123", "DATA_DIR": str(tmp_path)})
    assert chosen.public_base_url == "http://127.0.0.1:8123"
    assert chosen.database_url == f"sqlite:///{tmp_path}/portal.db"


def test_an_address_of_postgresql_names_its_driver():
    chosen = settings.load_settings({"DATABASE_URL": "postgresql://db/portal"})
    assert chosen.database_url == "postgresql+psycopg://db/portal"


@pytest.mark.parametrize(
    ("address", "brand"),
    [
        ("https://portail.example.gouv.fr", "state"),
        ("http://localhost:8000", "state"),
        ("https://portail.example.org", "neutral"),
        ("https://gouv.fr.example.org", "neutral"),
    ],
)
def test_the_states_marks_are_for_the_states_sites(address, brand):
    assert settings.load_settings({"PUBLIC_BASE_URL": address}).brand == brand


def test_an_earlier_name_is_read_with_a_warning_and_the_current_name_counts(monkeypatch):
    former = environment.FormerName("REQUEST_MAX_BYTES", until="9.0.0")
    monkeypatch.setitem(environment.FORMER_NAMES, "MAX_REQUEST_BYTES", former)
    chosen = settings.load_settings({"MAX_REQUEST_BYTES": "70000"})
    assert chosen.request_max_bytes == 70000
    assert chosen.variables_set == {"REQUEST_MAX_BYTES"}
    assert "is called REQUEST_MAX_BYTES now" in chosen.warnings["MAX_REQUEST_BYTES"]
    both = settings.load_settings({"MAX_REQUEST_BYTES": "70000", "REQUEST_MAX_BYTES": "80000"})
    assert (both.request_max_bytes, len(both.warnings)) == (80000, 1)
    assert settings.load_settings({"REQUEST_MAX_BYTES": "80000"}).warnings == {}
    with pytest.raises(SettingsInvalid, match=r"^MAX_REQUEST_BYTES is a whole number"):
        settings.load_settings({"MAX_REQUEST_BYTES": "many"})


def test_an_earlier_name_lasts_no_longer_than_it_says():
    numbers = [environment.FORMER_NAMES[old].until for old in environment.FORMER_NAMES]
    assert all(tuple(map(int, until.split("."))) > tuple(map(int, version().split("."))) for until in numbers)
    current = {former.current for former in environment.FORMER_NAMES.values()}
    assert current <= set(environment.Environment._declared_fields)
    assert not current & set(environment.FORMER_NAMES)


def test_hosts_that_are_served_are_named_once():
    assert settings.load_settings({"PUBLIC_BASE_URL": "http://localhost:8000"}).trusted_hosts == (
        "localhost",
        "127.0.0.1",
        "[::1]",
    )


def test_a_whole_production_is_accepted():
    assert settings.load_settings(PRODUCTION).is_production


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", settings.DEVELOPMENT_KEY),
        ("PUBLIC_BASE_URL", "http://portail.example.gouv.fr"),
        ("TRUSTED_HOSTS", ""),
        ("PASSWORD_MEMORY_KIB", "8"),
        ("PUBLISHER", ""),
        ("PORTAL_ENV", "prod"),
        ("DATABASE_URL", "mysql://db/portal"),
        ("PORT", "0"),
        ("PORT", "many"),
        ("BRAND", "red"),
        ("PROXY_HOPS", "-1"),
        ("LOG_LEVEL", "loud"),
        ("MAIL_URL", ""),
        ("MAIL_URL", "folder"),
        ("MAIL_URL", "smtp://user:password@mail.example"),
        ("MAIL_FROM", ""),
        ("MAIL_FROM", "le portail"),
        ("QUEUE_URL", "amqp://queue.example"),
        ("FILES_URL", "/var/files"),
        ("FILES_URL", "s3://s3.example/bucket"),
        ("FILES_URL", "s3://key:secret@s3.example"),
        ("FILES_URL", "s3+http://key:secret@s3.example/bucket"),
        ("FILE_MAX_BYTES", "1"),
        ("PROJECT_FILES_BYTES", "2000000"),
        ("CLAMD_URL", "http://clamd.example"),
        ("CLAMD_URL", "unix://clamd.ctl"),
        ("DEMARCHES_URL", "http://demarches.example/graphql"),
        ("DEMARCHES_PAGE", "101"),
        ("OUTGOING_HOSTS", "https://files.example"),
        ("API_ORIGINS", "https://page.example/path"),
        ("API_ORIGINS", "*"),
        ("OUTGOING_LOOPBACK", "1"),
        ("DATABASE_URL", "postgresql://portal:secret@db.example/portal"),
        ("DATABASE_URL", "postgresql://portal@db.example/portal?sslmode=require"),
        ("DATABASE_URL", "postgresql:///portal?host=db.example"),
        ("QUEUE_URL", "postgresql://db.example/portal"),
        ("QUEUE_URL", "redis://queue.example/0"),
        ("MAIL_URL", "smtp://mail.example"),
        ("CLAMD_URL", "tcp://clamd.example"),
        ("BIND", "0.0.0.0"),
        ("BIND", "10.0.0.11"),
    ],
)
def test_each_fault_is_one_sentence_that_names_its_variable(variable, value):
    with pytest.raises(SettingsInvalid) as invalid:
        settings.load_settings(PRODUCTION | {variable: value})
    assert [sentence.split()[0] for sentence in invalid.value.sentences] == [variable]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "postgresql://portal@db.example/portal?sslmode=verify-full&sslrootcert=/etc/ca.pem"),
        ("DATABASE_URL", "postgresql:///portal?host=/var/run/postgresql"),
        ("DATABASE_URL", "postgresql://portal@127.0.0.1/portal"),
        ("DATABASE_URL", "postgresql://portal@database/portal"),
        ("QUEUE_URL", "rediss://queue.example/0"),
        ("QUEUE_URL", "redis://[::1]/0"),
        ("MAIL_URL", "smtp://mail.example?starttls=1"),
        ("MAIL_URL", "smtp://localhost"),
        ("CLAMD_URL", "unix:///run/clamd.ctl"),
        ("BIND", "::1"),
        ("BIND", "10.0.0.12"),
    ],
)
def test_another_machine_is_reached_by_verified_tls_or_named(variable, value):
    assert settings.load_settings(
        PRODUCTION | {"PLAIN_HOSTS": "database 10.0.0.12", variable: value}
    ).is_production


def test_a_development_keeps_its_letters_and_a_server_asks_who_writes(tmp_path):
    chosen = settings.load_settings({"DATA_DIR": str(tmp_path)})
    assert (chosen.mail_server, chosen.mail_folder) == (None, tmp_path / "mail")
    with pytest.raises(SettingsInvalid, match="MAIL_FROM says from which address"):
        settings.load_settings({"MAIL_URL": "smtp://mail.example"})


def test_a_queue_in_redis_asks_for_its_package(monkeypatch):
    assert settings.load_settings({"QUEUE_URL": "redis://queue.example/0"}).queue_url
    monkeypatch.setattr(environment, "find_spec", lambda _name: None)
    with pytest.raises(
        SettingsInvalid, match=r"needs the package redis: pip install .*-r requirements-image\.txt"
    ):
        settings.load_settings({"QUEUE_URL": "redis://queue.example/0"})


def test_files_are_kept_and_looked_at_where_the_environment_says(monkeypatch, tmp_path):
    chosen = settings.load_settings({"DATA_DIR": str(tmp_path)})
    assert (chosen.bucket, chosen.clamd) == (None, None)
    assert chosen.files_folder == tmp_path / "files"
    url = "s3://a%2Fb:c%40d@s3.example:9000/files-of-us/portal?region=fr-par"
    bucket = settings.load_settings({"FILES_URL": url}).bucket
    assert (bucket.endpoint, bucket.name) == ("https://s3.example:9000", "files-of-us")
    assert (bucket.prefix, bucket.region) == ("portal/", "fr-par")
    assert (bucket.access_key, bucket.secret_key) == ("a/b", "c@d")
    assert "c@d" not in repr(bucket)
    assert settings.load_settings({"CLAMD_URL": "unix:///run/clamd.ctl"}).clamd.path == "/run/clamd.ctl"
    assert settings.load_settings({"CLAMD_URL": "tcp://clamd.example"}).clamd.port == 3310
    monkeypatch.setattr(environment, "find_spec", lambda _name: None)
    with pytest.raises(
        SettingsInvalid, match=r"needs the package boto3: pip install .*-r requirements-image\.txt"
    ):
        settings.load_settings({"FILES_URL": url})


def test_settings_do_not_change_under_way():
    with pytest.raises(AttributeError):
        settings.load_settings({}).brand = "neutral"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "99999", "PORT is a whole number from 1 to 65535"),
        ("PORT", "http", "PORT is a whole number from 1 to 65535"),
        ("WEB_THREADS", "abc", "WEB_THREADS is a whole number from 1 to 64"),
        ("WEB_CONCURRENCY", "0", "WEB_CONCURRENCY is a whole number from 1 to 64"),
        ("BIND", "nonsense", "BIND is an address of this machine, such as 127.0.0.1 or 0.0.0.0"),
        ("PORTAL_ENV", "prod", "PORTAL_ENV is development or production"),
        ("PASSWORD_MEMORY_KIB", "lots", "PASSWORD_MEMORY_KIB is a whole number from 8 to 4194304"),
    ],
)
def test_a_fault_is_one_sentence(variable, value, sentence):
    with pytest.raises(SettingsInvalid) as invalid:
        settings.load_settings({variable: value})
    assert invalid.value.sentences == [sentence]


def test_no_fault_hides_another():
    wrong = {
        "PORTAL_ENV": "prod",
        "PORT": "x",
        "DATABASE_URL": "mysql://db",
        "PUBLIC_BASE_URL": "ftp://portail.example",
        "QUEUE_URL": "amqp://queue",
    }
    with pytest.raises(SettingsInvalid) as invalid:
        settings.load_settings(wrong)
    assert {sentence.split()[0] for sentence in invalid.value.sentences} == wrong.keys()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::", "[::1]", "localhost"])
def test_the_portal_listens_where_it_is_told(host):
    assert settings.load_settings({"BIND": host}).bind == host


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "DATA_DIR="),
        ({"DATA_DIR": str(settings.CODE / "data")}, ""),
        ({"DATA_DIR": "/srv/my data"}, "DATA_DIR='/srv/my data'"),
        ({"DATABASE_URL": "postgresql://me:secret@db/portal"}, "DATABASE_URL=…"),
    ],
)
def test_a_command_is_told_how_to_find_the_same_data(environ, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the folder that DATA_DIR is taken from where it is not given
    said = " ".join(settings.load_settings(environ).data_location_variables)
    assert said.startswith(told) if told else not said
    assert "secret" not in said
