"""Encrypted frames of HJ 212—2025."""

from __future__ import annotations

import sys
from base64 import b64encode

import pytest

from qingchuan.collector.codecs.hj212 import decode_by
from qingchuan.collector.hj212 import sm4
from qingchuan.collector.hj212.frames import Frame, frames_of
from qingchuan.collector.refusal import RefusedError
from tests.support.hj212_frames import example, framed, told

KEY = b"0" * 16
WHOLE, REST = example("##0295QN=20240520"), example("##0234QN=20240520")
PLAIN = {"whole": WHOLE, "rest": REST}
CIPHER = {
    "whole": bytes.fromhex(
        "E43E159ACFAB242CB53155FB8B9281A1A242577ABFAED881BE88B72D69FC55ED1A80119FAAC8B3CD33D285CC76F57F2C"
        "A7F88B9573C6647E0F07E24609BD6B63EB20C5B9784F28E71D2F4994FF61D9E1C2B3075592B4D1E09C4D8BB27BE97B55"
        "9E3DA6643781A6F477769DEEB009B10DFFF3426922725D607DC4480F0CAC5F70DB2587B124BCB281592721D6E4BC180A"
        "97E5E111499CBE822E31C8D7761553543AA24207C290997BBDE64F9266BC5F529A172E381C1D898CA1A0D771A914A7B2"
        "D7467C70B94F1D4A7B0350A48DBF8B41"
    ),
    "rest": bytes.fromhex(
        "E43E159ACFAB242CB53155FB8B9281A1A242577ABFAED881BE88B72D69FC55ED1A80119FAAC8B3CD33D285CC76F57F2C"
        "A7F88B9573C6647E0F07E24609BD6B63EB20C5B9784F28E71D2F4994FF61D9E13B391A1D2A454B65388D5D9435DBF021"
        "528C7BF9755EF16518710C0CAC0ADEF9C5156CD0A5A17674AC0ED2ABC40023E9EF70128554B82438E91ADCE98A0D03A4"
    ),
}
"""HJ 212—2025, annex A.2, examples 2 and 4: 13 blocks; and 9 blocks after which ``g=N`` stays plain."""
TAIL = {"whole": b"", "rest": b"g=N"}
NAMES = ("whole", "rest")


@pytest.fixture
def cipher() -> None:
    """The package that has SM4, an extra."""
    pytest.importorskip("cryptography")


def _data(raw: bytes) -> bytes:
    return raw[6:-4].partition(b"CP=&&")[2][:-2]


def _sent(name: str, data: bytes) -> bytes:
    """The frame of an example with other data, all else as it was."""
    raw = PLAIN[name]
    return raw[: raw.index(b"CP=&&") + 5] + data + raw[-6:]


def _print(name: str) -> bytes:
    return b"{" + b",".join(b"0x%02X" % byte for byte in CIPHER[name]) + b"}" + TAIL[name]


@pytest.mark.usefixtures("cipher")
@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_the_standard_are_encrypted_byte_for_byte(name: str) -> None:
    """What is left after whole blocks stays plain."""
    encrypted = CIPHER[name] + TAIL[name]
    assert sm4.encrypt(_data(PLAIN[name]), KEY) == encrypted
    assert sm4.decrypt(encrypted, KEY) == _data(PLAIN[name])


@pytest.mark.usefixtures("cipher")
def test_the_cipher_is_sm4() -> None:
    """The example of GB/T 32907, and the one of annex H, which pads by PKCS 7."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    assert sm4.encrypt(key, key).hex().upper() == "681EDF34D206965E86B3E94F536E4246"
    padded = b"testuser:AezF0nZRs4kypuGO" + bytes([7]) * 7
    assert b64encode(sm4.encrypt(padded, b"msbE74gsiSHSEh5e")) == b"LG/m7lsFU/taig+vbQsDJXy4NGAaE2j2lplPwhZM7iM="


@pytest.mark.usefixtures("cipher")
@pytest.mark.parametrize("name", NAMES)
def test_an_encrypted_frame_is_opened_and_its_crc_seen_to(name: str) -> None:
    """As bytes; as the print of the standard, with the length of the plain text; and with that of the print."""
    raw = _sent(name, CIPHER[name] + TAIL[name])
    printed = _sent(name, _print(name))
    longer = b"##%04d" % (len(printed) - 10) + printed[6:]
    for frame in (raw, printed, longer):
        [cut] = frames_of(frame)
        assert cut == Frame(frame, encrypted=True)
        assert sm4.opened(cut, KEY) == PLAIN[name][6:-4]
        assert decode_by(frame, "hj212-2025", KEY) == decode_by(PLAIN[name])


@pytest.mark.usefixtures("cipher")
def test_a_plain_frame_of_a_device_with_a_key_is_taken_as_it_is() -> None:
    """On a private line nothing has to be encrypted."""
    assert decode_by(WHOLE, "hj212-2025", KEY) == decode_by(WHOLE)


@pytest.mark.usefixtures("cipher")
def test_an_encrypted_frame_whose_crc_happens_to_be_right_is_opened_all_the_same() -> None:
    """One in 256 is so."""
    raw = framed(_sent("rest", CIPHER["rest"] + TAIL["rest"])[6:-4])
    assert frames_of(raw) == [Frame(raw)]
    assert sm4.opened(Frame(raw[:-4] + REST[-4:]), KEY) == REST[6:-4]
    assert sm4.opened(Frame(raw), KEY) == raw[6:-4], "its CRC is not that of the plain text"


@pytest.mark.usefixtures("cipher")
def test_a_wrong_key_is_told() -> None:
    """Keys change every 90 days."""
    with pytest.raises(RefusedError) as caught:
        decode_by(_sent("whole", CIPHER["whole"]), "hj212-2025", b"1" * 16)
    assert caught.value.code == "wrong-frame"
    assert "decrypted with the key of its device" in caught.value.reason


def test_without_a_key_an_encrypted_frame_is_refused() -> None:
    """The message is in the journal, and can be applied again when the entry has the key."""
    with pytest.raises(RefusedError, match="the entry of its device needs the SM4 key"):
        decode_by(_sent("whole", CIPHER["whole"]))


def test_a_key_has_sixteen_bytes() -> None:
    """Said before anything is decrypted."""
    with pytest.raises(ValueError, match="the SM4 key has 5 bytes; it has 16"):
        sm4.encrypt(b"", b"short")


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where a key is used: plain frames need no package."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers", None)
    assert decode_by(told("DataTime=20160801080000;w01001-Rtd=7"), key=KEY).told
    with pytest.raises(sm4.NoSm4Error, match=r"pip install 'qingchuan\[hj212-sm4\]'"):
        decode_by(_sent("whole", CIPHER["whole"]), "hj212-2025", KEY)
