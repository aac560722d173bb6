"""What the hub refuses, as it goes over the wire."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.sync.protocol import ErrorCode


class Refused(Exception):
    """A request that is not fulfilled: status, code, one English sentence without any content of the request."""

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the answer says; `extra` are further fields of its body."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


def bad_request(detail: str) -> Refused:
    """Return the refusal of something that can't be read."""
    return Refused(400, ErrorCode.BAD_REQUEST, detail)


def invalid(detail: str) -> Refused:
    """Return the refusal of JSON of the wrong shape."""
    return Refused(422, ErrorCode.INVALID, detail)


def too_large(detail: str) -> Refused:
    """Return the refusal of what is over a limit."""
    return Refused(413, ErrorCode.TOO_LARGE, detail)


def forbidden(detail: str) -> Refused:
    """Return the refusal of what one may see but not do."""
    return Refused(403, ErrorCode.FORBIDDEN, detail)


def not_found() -> Refused:
    """Return the refusal of what is not there, or nobody's business."""
    return Refused(404, ErrorCode.NOT_FOUND, "There is nothing here for this desk.")


def unknown_token() -> Refused:
    """Return the refusal of a token nobody knows, or of none."""
    return Refused(401, ErrorCode.UNKNOWN_TOKEN, "This token is not known.", headers={"WWW-Authenticate": "Bearer"})


def revoked() -> Refused:
    """Return the refusal of a desk that was shut out."""
    return Refused(401, ErrorCode.REVOKED, "This desk was revoked.", headers={"WWW-Authenticate": "Bearer"})


def rate_limited(seconds: int) -> Refused:
    """Return the refusal of too many requests."""
    return Refused(
        429, ErrorCode.RATE_LIMITED, "Too many requests; wait a moment.", headers={"Retry-After": str(max(1, seconds))}
    )


def busy(seconds: int = 5) -> Refused:
    """Return the refusal while the database is away or overloaded."""
    return Refused(503, ErrorCode.BUSY, "The database cannot be reached now.", headers={"Retry-After": str(seconds)})
