"""Our layers on other people's vectors: base45, CBOR and COSE of the EU certificate, cose-wg, Wycheproof."""

import base64
import hashlib
import zlib
from typing import Any

import base45 as peer
import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from homeward.signer import base45, cbor, cose, verify
from homeward.signer.tests.cast import NOW, make_office
from homeward.signer.tests.vectors import cases, needs_vectors


def from_jwk(key: dict[str, Any]) -> cose.PublicKey | None:
    if key.get("crv") != "P-256":
        return None
    point = [
        base64.urlsafe_b64decode(key[name] + "==") if name in key else bytes.fromhex(key[f"{name}_hex"])
        for name in "xy"
    ]
    return cose.PublicKey(*point)


# --- base45 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plain", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")],
)
def test_base45_of_the_rfc(plain: bytes, text: str) -> None:
    assert base45.encode(plain) == text
    assert base45.decode(text) == plain


@pytest.mark.parametrize("text", ["GGW", "A", "BB8A", ":::", "::", "bb8", "BB8é", "BB8\n", "BB\u0660"])
def test_base45_that_must_be_refused(text: str) -> None:
    with pytest.raises(base45.NotBase45):
        base45.decode(text)


@given(st.binary(max_size=300))
def test_base45_comes_back_and_agrees_with_a_peer(plain: bytes) -> None:
    text = base45.encode(plain)

    assert base45.decode(text) == plain
    assert text == peer.b45encode(plain).decode()


# --- CBOR ----------------------------------------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(-80_000, 80_000) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read_again_by_us_and_by_a_peer(value: Any) -> None:
    written = cbor.encode(value)

    assert cbor.decode(written) == value
    assert cbor2.loads(written) == value


@given(st.binary(max_size=60))
def test_strict_reading_takes_one_form_only(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except cbor.NotStrict:
        return

    assert cbor.encode(value) == data


@pytest.mark.parametrize(
    "said",
    [
        "9f01ff", "5f4101ff", "bf0102ff", "1801", "190001", "a2010201 03", "a202010102", "c101", "d201", "f97e00", "fb3ff0000000000000",
        "f7", "f820", "01 02", "82 01", "61ff", "a1f401", "a14001", "1b0020000000000000", "9bffffffffffffffff", "bbffffffffffffffff",
        "5bffffffffffffffff", "818181818181818181818181", "1c", "ff", "",
    ],
)  # fmt: skip
def test_cbor_that_is_not_the_one_form_is_refused(said: str) -> None:
    with pytest.raises(cbor.NotStrict):
        cbor.decode(bytes.fromhex(said.replace(" ", "")))


# --- the EU certificate's cases, layer by layer --------------------------------------------------------------------

HCERT = cases("hcert-common/*.json")
# What we differ on, by choice: RSA is no algorithm of ours, and a second tag around the message is refused.
RSA = {"CO1", "CO2"}


def eu_key_ids(certificate: x509.Certificate, message: cose.Sign1) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding

    mine = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()[:8]
    return message.headers.get(cose.KEY_ID, message.unprotected.get(cose.KEY_ID)) == mine


@needs_vectors
@pytest.mark.parametrize(("name", "case"), HCERT, ids=[name for name, _ in HCERT])
def test_the_eu_certificates_cases(name: str, case: dict[str, Any]) -> None:
    expected, text = case["EXPECTEDRESULTS"], case["PREFIX"]
    if "EXPECTEDUNPREFIX" in expected:
        assert text.startswith("HC1:") == expected["EXPECTEDUNPREFIX"]
    if not text.startswith("HC1:"):
        return
    try:
        packed = base45.decode(text[4:])
    except base45.NotBase45:
        assert expected.get("EXPECTEDB45DECODE") is False
        return
    assert expected.get("EXPECTEDB45DECODE") is not False
    try:
        data = zlib.decompress(packed)
    except zlib.error:
        assert expected.get("EXPECTEDCOMPRESSION") is False
        return
    try:
        message = cose.read(data, sorted_keys=False)
    except cbor.NotStrict:
        assert name == "CO28" or not any(
            expected.get(each) for each in ("EXPECTEDDECODE", "EXPECTEDVERIFY", "EXPECTEDKEYUSAGE")
        )
        return
    certificate = x509.load_der_x509_certificate(base64.b64decode(case["TESTCTX"]["CERTIFICATE"]))
    public = certificate.public_key()
    good = False
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        numbers = public.public_numbers()
        key = cose.PublicKey(numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))
        algorithm = message.headers.get(cose.ALGORITHM, message.unprotected.get(cose.ALGORITHM))
        good = algorithm == cose.ES256 and eu_key_ids(certificate, message) and cose.is_signed_by(message, key)
    if "EXPECTEDVERIFY" in expected and name not in RSA:
        assert good == expected["EXPECTEDVERIFY"]
    if name in RSA:
        assert not good
    if good and "EXPECTEDEXPIRATIONCHECK" in expected:
        from datetime import datetime

        claims = cbor2.loads(message.payload)
        moment = datetime.fromisoformat(case["TESTCTX"]["VALIDATIONCLOCK"]).timestamp()
        assert (claims[6] <= moment <= claims[4]) == expected["EXPECTEDEXPIRATIONCHECK"]


@needs_vectors
@pytest.mark.parametrize("name", ["CO3", "CO28"])
def test_the_checks_of_the_table_are_reached(name: str) -> None:
    """The two cases on which the test above turns are what we take them for."""
    data = zlib.decompress(base45.decode(dict(HCERT)[name]["PREFIX"][4:]))

    assert data[:2] == (b"\xd2\x84" if name == "CO3" else b"\xd8\x3d")


@needs_vectors
@pytest.mark.parametrize(("name", "case"), HCERT, ids=[name for name, _ in HCERT])
def test_no_foreign_certificate_is_a_pass(name: str, case: dict[str, Any]) -> None:
    known = make_office().known()
    for text in (
        case["PREFIX"],
        case["PREFIX"].replace("HC1:", "TP1:"),
        "TP1:" + base45.encode(bytes.fromhex(case.get("COSE") or "")),
    ):
        verdict = verify.check_pass(text, known)

        assert verdict.colour == verify.Colour.RED
        assert verdict.reason != "unforeseen"


# --- cose-wg -------------------------------------------------------------------------------------------------------

COSE = [(name, case) for name, case in cases("cose/*.json")]
# One signer, ES256 on P-256: these and no others hold.
GOOD = {"CWT__A_3", "sign1-tests__sign-pass-01", "sign1-tests__sign-pass-02", "ecdsa-examples__ecdsa-sig-01"}


@needs_vectors
@pytest.mark.parametrize(("name", "case"), COSE, ids=[name for name, _ in COSE])
def test_the_working_groups_examples(name: str, case: dict[str, Any]) -> None:
    signer = case["input"].get("sign0") or case["input"].get("sign", {}).get("signers", [{}])[0]
    data = bytes.fromhex(case["output"]["cbor"])
    key = from_jwk(signer.get("key", {}))
    external = bytes.fromhex(signer.get("external", ""))
    try:
        message = cose.read(data)
        algorithm = message.headers.get(cose.ALGORITHM, message.unprotected.get(cose.ALGORITHM))
        good = key is not None and algorithm == cose.ES256 and cose.is_signed_by(message, key, external=external)
    except cbor.NotStrict:
        good = False

    assert good == (name in GOOD)


def signature_cases() -> list[tuple[str, cose.PublicKey, bytes, bytes, bool]]:
    found = []
    for _name, content in cases("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json"):
        for group in content["testGroups"]:
            point = bytes.fromhex(group["publicKey"]["uncompressed"])
            key = cose.PublicKey(point[1:33], point[33:])
            for test in group["tests"]:
                found.append(
                    (
                        str(test["tcId"]),
                        key,
                        bytes.fromhex(test["msg"]),
                        bytes.fromhex(test["sig"]),
                        test["result"] == "valid",
                    )
                )
    return found


@needs_vectors
def test_wycheproofs_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cose, "to_be_signed", lambda message, external=b"": message.payload)
    wrong = []
    for number, key, said, signature, valid in signature_cases():
        if cose.is_signed_by(cose.Sign1(b"", {}, {}, said, signature), key) != valid:
            wrong.append(number)

    assert signature_cases()
    assert wrong == []


def test_a_point_that_is_not_on_the_curve_signs_nothing() -> None:
    message = cose.read(base45.decode(make_office().sealed(cbor.encode({1: NOW}))[4:]))

    assert not cose.is_signed_by(message, cose.PublicKey(b"\1" * 32, b"\2" * 32))
