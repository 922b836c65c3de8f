"""Takes secrets and personal data out of text and mappings before they reach a log or a quarantine excerpt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

REDACTED = "[redacted]"


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_CREDENTIAL_NAMES = _words(
    "accesskey accesstoken apikey apisecret apitoken appkey appsecret applicationkey auth authkey authorization",
    "authtoken bearer bearertoken clientsecret consumersecret cookie credential credentials idtoken jwt",
    "passphrase passwd password passwort privatekey proxyauthorization pwd refreshtoken secret secretkey",
    "sessionid sessiontoken setcookie sharedsecret sig signature subscriptionkey token usertoken xapikey xauthtoken",
)
_CREDENTIAL_ENDINGS = ("password", "secret", "apikey", "accesstoken", "refreshtoken", "applicationkey", "authtoken")
_PERSON_NAMES = _words(
    "address1 address2 address3 addressline1 addressline2 addressline3 attention birthdate buyername careof",
    "cellphone companyname contactname customername customeremail dateofbirth email emailaddress fax firstname",
    "fullname givenname lastname middlename mobile mobilephone phone phone1 phone2 phonenumber recipient",
    "recipientname shiptoname street street1 street2 streetaddress surname telephone",
)
_PERSON_PARTS = _words(
    "address billing billingaddress billto billtoaddress buyer consignee contact contactinfo customer",
    "destinationaddress invoiceaddress recipient returnaddress sender shipfrom shipping shippingaddress shipto",
    "shiptoaddress soldto",
)
_KEPT_OF_PERSONS = _words("country countrycode id postalcode postcode province region state statecode zip zipcode")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_credential_name(name: str) -> bool:
    """Whether a header, parameter or field of this name holds a credential. Page tokens are none."""
    plain = _plain(name)
    return plain in _CREDENTIAL_NAMES or plain.endswith(_CREDENTIAL_ENDINGS)


_JWT = re.compile(r"\bey[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){1,4}")
_SCHEME = re.compile(r"(?i)\b(basic|bearer|digest|negotiate)[ \t]+[^\s\"',;<>\[\]]{4,}")
_USERINFO = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,15}://)[^\s/@\"'<>]{1,256}@")
_EMAIL = re.compile(r"[^\s@<>\"'(),;:=\[\]{}/\\]{1,64}(?:@|%40)[^\s@<>\"'(),;:=\[\]{}/\\]{1,253}")
_FIELD = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9_.-]{1,60})(?P<sep>\\?[\"']?[ \t]{0,3}[:=][ \t]{0,3})"
    r"(?P<value>\[redacted\]|\\?\"[^\"\r\n]*\"?|'[^'\r\n]*'?|[^\s\"',;&<>{}\[\]]+)"
)
_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{20,}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_PHONE = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[ ().\-/]{0,3}\d){6,16}(?![\w])")


def redact(text: str) -> str:
    """The text without what looks like a secret, an e-mail address or a telephone number. Idempotent."""
    text = _USERINFO.sub(rf"\1{REDACTED}@", text)
    text = _JWT.sub(REDACTED, text)
    text = _SCHEME.sub(rf"\1 {REDACTED}", text)
    text = _without_secret_fields(text)
    text = _EMAIL.sub(REDACTED, text)
    text = _TOKEN.sub(_token, text)
    return _PHONE.sub(_phone, text)


def redact_mapping(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without secrets and personal data, by the names of the fields and by the shapes of the texts.

    Of parts that describe a person or an address only country, region, postal code and id remain.
    """
    return {name: _redact_field(name, value) for name, value in values.items()}


def _redact_field(name: str, value: Any) -> Any:
    plain = _plain(name)
    if is_credential_name(name) or plain in _PERSON_NAMES:
        return None if value is None else REDACTED
    if plain in _PERSON_PARTS:
        return _redact_person(value)
    return _redact_value(value, redact_mapping)


def _redact_person(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _redact_value(part, redact_mapping) if _plain(name) in _KEPT_OF_PERSONS else _redact_person(part)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redact_person(part) for part in value]
    return None if value is None else REDACTED


def _redact_value(value: Any, of_mapping: Callable[[Mapping[str, Any]], Any]) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return of_mapping(value)
    if isinstance(value, list | tuple):
        return [_redact_value(part, of_mapping) for part in value]
    return value


def _without_secret_fields(text: str) -> str:
    """A harmless name's value is looked into as well: in "ValueError: password=x" it is a field of its own."""
    parts: list[str] = []
    at = 0
    while found := _FIELD.search(text, at):
        if _is_secret(found["name"]) and found["value"] != "null":
            parts += [text[at : found.start("value")], REDACTED]
            at = found.end()
        else:
            parts.append(text[at : found.start("value")])
            at = found.start("value")
    return "".join((*parts, text[at:]))


def _is_secret(name: str) -> bool:
    return is_credential_name(name) or _plain(name) in _PERSON_NAMES


def _token(found: re.Match[str]) -> str:
    return REDACTED if _looks_secret(found[0]) else found[0]


def _looks_secret(text: str) -> bool:
    """Random text changes between letters, capitals and digits far more often than words, paths and dates do."""
    if re.fullmatch(r"[0-9a-fA-F-]{24,}", text):
        return bool(re.search("[a-fA-F]", text)) or len(text) >= 32
    kinds = [_kind(letter) for letter in text]
    changes = sum(one != other and "-" not in (one, other) for one, other in pairwise(kinds))
    return {"a", "0"} <= set(kinds) | ({"a"} if "A" in kinds else set()) and changes * 4 >= len(text)


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "0"
    if letter.isalpha():
        return "a" if letter.islower() else "A"
    return "-"


def _phone(found: re.Match[str]) -> str:
    text = found[0]
    digits = sum(letter.isdigit() for letter in text)
    if _DATE.match(text):
        return text
    is_written_as_phone = text[0] in "+(" or text.startswith("00") or (digits >= 9 and digits < len(text))
    return REDACTED if is_written_as_phone or 10 <= digits <= 12 else text
