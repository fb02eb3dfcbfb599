"""Words what an OPA server says when it refuses or fails."""

from __future__ import annotations

import re

import requests


def refusal(response: requests.Response | None) -> str:
    """Word an answer that says the server will not do what it was asked."""
    if response is None:
        return "The OPA server refused a request without saying why."
    return (
        f"The OPA server refused a request ({response.status_code}: {_stated(response)}). "
        "Check the address; it may also ask for a bearer token, or for one with more rights."
    )


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
