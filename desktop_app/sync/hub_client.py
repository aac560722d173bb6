"""Asking the hub over HTTP. Every failure is a `HubProblem` with a sentence; nothing else comes out of here."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    ReadTimeoutError,
    SSLError,
)

from desktop_app import __version__
from desktop_app.sync import hub_problems as problems
from desktop_app.sync import protocol
from desktop_app.sync.hub_problems import HubProblem

if TYPE_CHECKING:
    import ssl

_CONNECT_SECONDS = 10.0
_READ_SECONDS = 30.0
_SMALLEST_PACKED = 1024
_LARGEST_ANSWER = 64 * 1024 * 1024
_CHUNK = 256 * 1024
_LOOK_SECONDS = 0.4
_LONGEST_WAIT = 24 * 3600.0
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
# What OpenSSL says when the other side speaks something else, such as the page of a guest network in the clear.
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"})
# What an answer has to have; a value of another kind, or none, means that it is not the hub's.
_Shape = Mapping[str, type | tuple[type, ...]]
_NAMED: _Shape = {"id": str, "name": str}
_SPACE: _Shape = {"name": str, "kind": str, "read": bool, "write": bool, "with_office": (str, NoneType)}
_DEVICE: _Shape = {
    "id": str,
    "label": str,
    "public_key": str,
    "enrolled_at": str,
    "last_seen_on": (str, NoneType),
    "revoked_at": (str, NoneType),
}
_POSITION: _Shape = {
    "seq": int,
    "collection": str,
    "id": str,
    "deleted": bool,
    "erased": bool,
    "owner": (str, NoneType),
}
_RECORD: _Shape = {**_POSITION, "data": str}


class HubClient:
    """One desk's way to one hub. Its methods block; a lock around it is the caller's business."""

    def __init__(
        self,
        address: str,
        token: str = "",
        *,
        connect_seconds: float = _CONNECT_SECONDS,
        read_seconds: float = _READ_SECONDS,
    ) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            Untrusted: the address is neither https nor this machine.
        """
        self.address = address.rstrip("/")
        parts = urlsplit(self.address)
        self._host = parts.hostname or self.address
        if parts.scheme != "https" and not (parts.scheme == "http" and self._host in _THIS_MACHINE):
            raise problems.unprotected(self._host)
        self._token = token
        self._timeout = urllib3.Timeout(connect=connect_seconds, read=read_seconds)
        self._scheme = parts.scheme
        self._pool = self._make_pool()
        #: called about twice a second while an answer is awaited; what it raises ends the waiting
        self.while_waiting: Callable[[], None] | None = None

    def use_token(self, token: str) -> None:
        """Ask as another device from now on."""
        self._token = token

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    # Who is who -------------------------------------------------------------------------------------

    def me(self) -> protocol.Me:
        """Return who this desk is to the hub, and the spaces it may see."""
        return _me(self._ask("GET", protocol.ME))

    def hub_id(self) -> str:
        """Return which hub answers. Asked without a token: it may be another one."""
        answer = self._ask("GET", protocol.HEALTH, signed=False)
        _check(answer, {"status": str, "hub_id": str})
        return str(answer["hub_id"])

    def enrol(self, body: protocol.EnrolRequest) -> protocol.Me:
        """Enrol this desk; the same body again gives the same answer."""
        return _me(self._ask("POST", protocol.ENROL, body))

    def preview(self, code: str) -> protocol.EnrolPreview:
        """Return whom an enrolment code belongs to; it is not used up."""
        answer = self._ask("POST", protocol.ENROL_PREVIEW, {"code": code})
        _check(answer, {"hub_id": str, "carrier": dict, "office": dict, "role": str, "desks": int, "label": str})
        _check(answer["carrier"], _NAMED)
        _check(answer["office"], _NAMED)
        return cast("protocol.EnrolPreview", answer)

    def offices(self) -> list[protocol.OfficeInfo]:
        """Return the offices of the hub."""
        answer = self._ask("GET", protocol.OFFICES, expect=list)
        for office in answer:
            _check(office, {**_NAMED, "carrier": dict, "public_key": (str, NoneType)})
            _check(office["carrier"], _NAMED)
        return cast("list[protocol.OfficeInfo]", answer)

    def put_public_key(self, body: protocol.PublicKeyRequest) -> None:
        """Publish the office's public key."""
        self._ask("PUT", protocol.OFFICE_PUBLIC_KEY, body, expect=object)

    def devices(self) -> list[protocol.DeviceInfo]:
        """Return the desks of the own office."""
        answer = self._ask("GET", protocol.DEVICES, expect=list)
        for device in answer:
            _check(device, _DEVICE)
        return cast("list[protocol.DeviceInfo]", answer)

    def revoke(self, device_id: str) -> None:
        """Shut a desk of the own office out, at once."""
        self._ask("POST", protocol.REVOKE.format(device_id=quote(device_id, safe="")), {}, expect=object)

    def invite(self, label: str) -> protocol.Invitation:
        """Return a code with which a further desk of the own office connects."""
        answer = self._ask("POST", protocol.INVITATIONS, {"label": label})
        _check(answer, {"code": str, "expires_at": str})
        return cast("protocol.Invitation", answer)

    def successor(self, body: protocol.SuccessorRequest) -> protocol.Me:
        """Go on under a new device id; the same body again gives the same answer."""
        return _me(self._ask("POST", protocol.SUCCESSOR, body))

    def exchange_with(self, office_id: str) -> protocol.SpaceInfo:
        """Return the exchange space with another office; it is made when missing."""
        answer = self._ask("POST", protocol.EXCHANGES, {"office_id": office_id})
        _check(answer, _SPACE)
        return cast("protocol.SpaceInfo", answer)

    # Records ----------------------------------------------------------------------------------------

    def push(self, space: str, body: str) -> protocol.PushAnswer:
        """Send a push as it was prepared, byte for byte."""
        answer = self._ask("POST", protocol.PUSH.format(space=quote(space, safe="")), body)
        _check(answer, {"epoch": str, "seq": int, "applied": list, "conflicts": list})
        for applied in answer["applied"]:
            _check(applied, {"collection": str, "id": str, "seq": int})
        for conflict in answer["conflicts"]:
            _check(conflict, {"collection": str, "id": str, "reason": str, "record": (dict, NoneType)})
            if conflict["record"] is not None:
                _check(conflict["record"], _RECORD)
        return cast("protocol.PushAnswer", answer)

    def pull(self, space: str, since: int, limit: int) -> protocol.PullAnswer:
        """Return a page of records after a cursor."""
        path = f"{protocol.PULL.format(space=quote(space, safe=''))}?since={since}&limit={limit}"
        answer = self._ask("GET", path)
        _check(answer, {"epoch": str, "seq": int, "purged_below": int, "more": bool, "records": list})
        for record in answer["records"]:
            _check(record, _RECORD)
        return cast("protocol.PullAnswer", answer)

    def positions(self, space: str, since: int, limit: int) -> protocol.PositionsAnswer:
        """Return a page of records without their data."""
        path = f"{protocol.PULL.format(space=quote(space, safe=''))}?since={since}&limit={limit}&ids_only=true"
        answer = self._ask("GET", path)
        _check(answer, {"epoch": str, "seq": int, "purged_below": int, "more": bool, "records": list})
        for record in answer["records"]:
            _check(record, _POSITION)
        return cast("protocol.PositionsAnswer", answer)

    def digest(self, space: str) -> protocol.DigestAnswer:
        """Return the hub's digest over a space."""
        answer = self._ask("GET", protocol.DIGEST.format(space=quote(space, safe="")))
        _check(answer, {"epoch": str, "seq": int, "count": int, "digest": str})
        return cast("protocol.DigestAnswer", answer)

    # ------------------------------------------------------------------------------------------------

    def _make_pool(self) -> urllib3.PoolManager:
        scheme = self._scheme
        options: dict[str, Any] = {"maxsize": 2, "retries": False, "timeout": self._timeout}
        if scheme == "https":
            options["ssl_context"] = _system_context()
        proxy = None if proxy_bypass(self._host) or self._host in _THIS_MACHINE else getproxies().get(scheme)
        if proxy and urlsplit(proxy).scheme in {"http", "https"}:
            return urllib3.ProxyManager(proxy, **options)
        return urllib3.PoolManager(**options)

    def _headers(self, *, signed: bool) -> dict[str, str]:
        headers = {
            protocol.CLIENT_HEADER: __version__,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Cache-Control": "no-store",
        }
        if signed and self._token:
            headers[protocol.AUTHORIZATION_HEADER] = f"Bearer {self._token}"
        return headers

    def _ask(self, method: str, path: str, body: Any = None, *, expect: type = dict, signed: bool = True) -> Any:
        headers = self._headers(signed=signed)
        content: bytes | None = None
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
            content = text.encode()
            headers["Content-Type"] = "application/json; charset=utf-8"
            if len(content) > _SMALLEST_PACKED:
                content = gzip.compress(content, compresslevel=1, mtime=0)
                headers["Content-Encoding"] = "gzip"
        status, answered, raw = self._patiently(method, path, content, headers)
        if 200 <= status < 300:
            if not raw and not {"content-length", "transfer-encoding"} & {name.lower() for name in answered}:
                raise problems.stalled()  # it broke off before it said how long it would be
            return _parsed(raw, expect)
        raise _problem(status, answered, raw)

    def _patiently(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Let somebody who waits stop it: then the request goes on by itself and nobody hears of its answer."""
        if self.while_waiting is None:
            return self._exchange(method, path, content, headers)
        done = threading.Event()
        outcome: list[tuple[int, Mapping[str, str], bytes] | BaseException] = []

        def work() -> None:
            try:
                outcome.append(self._exchange(method, path, content, headers))
            except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
                outcome.append(error)
            done.set()

        threading.Thread(target=work, name="hub-request", daemon=True).start()
        try:
            while not done.wait(_LOOK_SECONDS):
                self.while_waiting()
        except BaseException:
            self._pool = self._make_pool()
            raise
        found = outcome[0]
        if isinstance(found, BaseException):
            raise found
        return found

    def _exchange(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            response = self._pool.request(
                method,
                self.address + path,
                body=content,
                headers=headers,
                preload_content=False,
                redirect=False,
            )
            try:
                raw = _read(cast("urllib3.response.HTTPResponse", response))
            except BaseException:
                response.close()
                raise
            response.release_conn()
        except HubProblem:
            raise
        except SSLError as error:
            raise self._tls_problem(error) from error
        except NameResolutionError as error:
            raise problems.unknown_name(self._host) from error
        except ReadTimeoutError as error:
            raise problems.stalled() from error
        except ConnectTimeoutError as error:
            raise problems.offline() from error
        except urllib3.exceptions.ProxyError as error:
            raise problems.offline() from error
        except (urllib3.exceptions.ProtocolError, urllib3.exceptions.IncompleteRead) as error:
            raise problems.stalled() from error
        except (LocationParseError, UnicodeError) as error:
            raise problems.unknown_name(self._host) from error
        except (urllib3.exceptions.DecodeError, EOFError, ValueError) as error:
            raise problems.not_the_hub() from error
        except (HTTPError, OSError) as error:
            raise problems.offline() from error
        return response.status, response.headers, raw

    def _tls_problem(self, error: SSLError) -> HubProblem:
        """A connection that broke while it was being protected is no wrong certificate."""
        import ssl

        cause = error.args[0] if error.args else None
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
            return problems.stalled()
        if isinstance(cause, ssl.SSLError) and cause.reason in _NO_TLS:
            return problems.not_the_hub()
        return problems.untrusted(self._host)


def _system_context() -> ssl.SSLContext:
    """Trust whom the system trusts: offices have their own certificate authorities."""
    import ssl

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _read(response: urllib3.response.HTTPResponse) -> bytes:
    parts, size = [], 0
    for part in response.stream(_CHUNK, decode_content=True):
        size += len(part)
        if size > _LARGEST_ANSWER:
            raise problems.not_the_hub()
        parts.append(part)
    return b"".join(parts)


def _parsed(raw: bytes, expect: type) -> Any:
    if expect is object:
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise problems.not_the_hub() from error
    if not isinstance(found, expect):
        raise problems.not_the_hub()
    return found


def _check(answer: Any, shape: _Shape) -> None:
    """Refuse an answer that is JSON but not the hub's."""
    if not isinstance(answer, dict) or not all(
        name in answer and isinstance(answer[name], kind) and not (kind is int and isinstance(answer[name], bool))
        for name, kind in shape.items()
    ):
        raise problems.not_the_hub()


def _me(answer: Any) -> protocol.Me:
    shape = {"hub_id": str, "carrier": dict, "office": dict, "device": dict, "role": str, "spaces": list}
    _check(answer, shape)
    _check(answer["carrier"], _NAMED)
    _check(answer["office"], _NAMED)
    _check(answer["device"], {"id": str, "label": str})
    for space in answer["spaces"]:
        _check(space, _SPACE)
    return cast("protocol.Me", answer)


def _problem(status: int, headers: Mapping[str, str], raw: bytes) -> HubProblem:  # noqa: C901, PLR0911
    code, answer = _error_code(raw)
    if not code and status not in {413, 429, 502, 503, 504}:
        # No word of ours: a proxy, a portal, a redirect to a page to sign in.
        return problems.hub_fault() if status == 500 else problems.not_the_hub()
    if status == 401:
        return problems.revoked(is_known=code == protocol.ErrorCode.REVOKED)
    if code == protocol.ErrorCode.BAD_CODE:
        return problems.bad_code()
    if status == 403:
        return problems.refused()
    if status == 404:
        return problems.unknown()
    if code == protocol.ErrorCode.EPOCH_CHANGED:
        return problems.epoch_over()
    if code == protocol.ErrorCode.PUSH_ID_REUSED:
        return problems.push_reused()
    if code == protocol.ErrorCode.CURSOR_TOO_OLD:
        return problems.cursor_too_old()
    if status == 413:
        return problems.too_large()
    if status == 426:
        return problems.program_too_old(str(answer.get("min_client", "?")))
    if status in {429, 502, 503, 504}:
        return problems.busy(_retry_after(headers))
    if status == 409:
        return problems.refused()
    return problems.hub_fault()


def _error_code(raw: bytes) -> tuple[str, dict[str, Any]]:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return "", {}
    if not isinstance(answer, dict) or not isinstance(answer.get("error"), str):
        return "", {}
    return answer["error"], answer


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_WAIT)
    try:
        # By the clock of whoever answers: that of this computer may be wrong.
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(wait.total_seconds(), 0.0), _LONGEST_WAIT)
