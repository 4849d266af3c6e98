"""The SCRAM verifier that the server is told instead of a password."""

from __future__ import annotations

import base64
import hashlib
import hmac

from pgraduate.cluster.creation import scram_verifier

CLIENT_FIRST = "n=user,r=rOprNGfwEbeRWgbNEkqO"
SERVER_FIRST = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
CLIENT_FINAL = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
SERVER_SIGNATURE = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_the_verifier_holds_the_keys_of_the_example_in_rfc_7677() -> None:
    verifier = scram_verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
    mechanism, parameters, keys = verifier.split("$")
    stored, server = (base64.b64decode(key) for key in keys.split(":"))
    exchange = f"{CLIENT_FIRST},{SERVER_FIRST},{CLIENT_FINAL}".encode()
    assert (mechanism, parameters) == ("SCRAM-SHA-256", "4096:W22ZaJ0SNY7soEsUEjb6gQ==")
    assert hmac.digest(server, exchange, "sha256") == base64.b64decode(SERVER_SIGNATURE)
    signature = hmac.digest(stored, exchange, "sha256")
    client = bytes(a ^ b for a, b in zip(base64.b64decode(PROOF), signature, strict=True))
    assert hashlib.sha256(client).digest() == stored


def test_two_verifiers_of_one_password_differ_by_their_salt() -> None:
    assert scram_verifier("pencil") != scram_verifier("pencil")
