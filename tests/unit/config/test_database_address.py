"""The address of a server of one's own: read whole, and told from a server that refuses."""

from __future__ import annotations

import os
import socket

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from vungmanh.config.database import check_server, server_name
from vungmanh.config.postgres_errors import DatabaseError
from vungmanh.config.settings import database

FULL = (
    "postgresql://anna:pw@db.example:6543/own?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    "&connect_timeout=4&application_name=vm&options=-c%20statement_timeout%3D4321"
)


def refused(url: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        check_server(url)
    return caught.value


def test_every_parameter_of_the_address_reaches_django() -> None:
    read = database(FULL)
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db.example", "6543", "own")
    assert (read["USER"], read["PASSWORD"]) == ("anna", "pw")
    assert read["OPTIONS"] == {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca.pem",
        "connect_timeout": "4",
        "application_name": "vm",
        "options": "-c statement_timeout=4321",
    }


def test_address_without_parameters_has_no_options() -> None:
    assert database("postgresql://anna@h/own")["OPTIONS"] == {}


def test_server_sees_the_parameters_of_the_address() -> None:
    url = os.environ["VUNGMANH_DATABASE_URL"]
    more = "application_name=thu%20nghiem&options=-c%20statement_timeout%3D4321"
    read = database(f"{url}{'&' if '?' in url else '?'}{more}")
    connection = ConnectionHandler({"default": read})["default"]
    with connection.get_new_connection(connection.get_connection_params()) as raw:
        assert raw.execute("show application_name").fetchone() == ("thu nghiem",)
        assert raw.execute("show statement_timeout").fetchone() == ("4321ms",)


@pytest.mark.parametrize(
    "host", ["nohost.invalid", "password.invalid", "authentication.invalid", "role.invalid"]
)
def test_server_that_is_not_found_is_not_taken_for_another_fault(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = refused(f"postgresql://anna@{host}/own")
    assert error.code == "server-refused"
    assert host in error.message


@pytest.mark.parametrize(
    "rest",
    [
        "h:99999/own",
        "h:abc/own",
        "h:0/own",
        "h/own?sslmode=always",
        "h/own?connect_timeout=soon",
        "h/own?channel_binding=perhaps",
    ],
)
def test_value_that_means_nothing_is_told_before_anybody_is_asked(
    monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("asked a server")

    monkeypatch.setattr(psycopg, "connect", never)
    assert refused(f"postgresql://{rest}").code == "server-url"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('FATAL:  database "own" does not exist', "server-no-database"),
        ('FATAL:  password authentication failed for user "anna"', "server-password"),
        ('FATAL:  role "anna" is not permitted to log in', "server-password"),
        ('FATAL:  permission denied for database "own"', "server-not-allowed"),
        ("FATAL:  sorry, too many clients already", "server-refused"),
        ("server does not support SSL, but SSL was required", "server-refused"),
        ('no pg_hba.conf entry for host "::1", database "invalid"', "server-refused"),
    ],
)
def test_words_of_the_server_become_the_right_sentence(
    monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise psycopg.OperationalError(f'connection to server at "h", port 5432 failed: {said}')

    monkeypatch.setattr(psycopg, "connect", refuse)
    assert refused("postgresql://anna:pw@h/own").code == code


def test_time_to_wait_for_a_server_is_the_readers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[object] = []

    def connect(_url: str, connect_timeout: int) -> None:
        waited.append(connect_timeout)
        raise psycopg.OperationalError("timeout expired")

    monkeypatch.setattr(psycopg, "connect", connect)
    refused("postgresql://h/own?connect_timeout=3")
    refused("postgresql://h/own")
    assert waited == [3, 10]


def test_name_of_a_server_holds_no_password() -> None:
    assert server_name("postgresql://anna:s3cret@h:6000/own") == "h:6000"
    assert server_name("dbname=own") == "localhost:5432"
