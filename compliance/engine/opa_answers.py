"""Words what an OPA server says when it refuses or fails."""

from __future__ import annotations

import re
from collections.abc import Mapping

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError


def refusal(response: requests.Response | None) -> str:
    """Word an answer that says the server will not do what it was asked."""
    if response is None:
        return "The OPA server refused a request without saying why."
    if _is_page(response):
        return (
            f"What answers at the address is no OPA server: it gave a page and the status "
            f"{response.status_code}. Check the address and the port."
        )
    return (
        f"The OPA server refused a request ({response.status_code}: {_stated(response)}). "
        "Check the address; it may also ask for a bearer token, or for one with more rights."
    )


def _is_page(response: requests.Response) -> bool:
    """Whether a web server answered with a page for people."""
    return "html" in response.headers.get("Content-Type", "").lower()


def unreachable(url: str, error: requests.RequestException) -> str:
    """Word why no OPA server answers at an address, without the words of the libraries between."""
    return f"The OPA server at {url} cannot be reached or is none: {_reason(error)}."


_REASONS: Mapping[type[Exception], str] = {
    requests.exceptions.ProxyError: (
        "the proxy that is set for this address does not let the request through"
    ),
    requests.exceptions.SSLError: (
        "no secure connection came about, as where the server's certificate is not trusted here, "
        "or where it speaks http and not https"
    ),
    requests.Timeout: (
        "it gives no answer in time. Check the address, and whether a firewall lies between"
    ),
    requests.JSONDecodeError: (
        "what answers there is no OPA server. Check the address and the port"
    ),
    NameResolutionError: (
        "no machine of that name is known. Check the address, and that the network is there"
    ),
    NewConnectionError: (
        "nothing answers there. Check the address and the port, and that the server runs"
    ),
}
"""Words by kind of error, the narrower ones first."""


def _reason(error: requests.RequestException) -> str:
    caused = getattr(error.args[0] if error.args else None, "reason", None)
    for kind, words in _REASONS.items():
        if isinstance(error, kind) or isinstance(caused, kind):
            return words
    return "the connection broke off. Check the address, and that the server runs"


def _stated(response: requests.Response) -> str:
    """Give the message of an answer that is an error."""
    try:
        message = response.json()["message"]
    except (requests.JSONDecodeError, LookupError, TypeError):
        message = response.text
    return str(message).strip().partition("\n")[0][:200] or response.reason


def evaluation_error(response: requests.Response | None) -> str:
    """Word an evaluation error; only the first line, because later ones quote values."""
    if response is None:
        return "The evaluation failed."
    try:
        error = response.json()["errors"][0]
        message = str(error["message"]).partition("\n")[0].rstrip(":")
        location = error["location"]
        file = re.split(r"[/\\]", location["file"])[-1]
        return f"{message} ({file}:{location['row']})"
    except (requests.JSONDecodeError, LookupError, TypeError):
        return f"The evaluation failed: {_stated(response)}"
