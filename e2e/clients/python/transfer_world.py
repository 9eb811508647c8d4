"""What the judges of Transfer share: the collections, their files, and the control API that forces states."""

import hashlib
import os
from pathlib import Path

import requests
from support import WORLD

collections = {name: entry["id"] for name, entry in WORLD["collections"].items()}


def place(name: str, *parts: str) -> str:
    """Where a file of a collection is on this machine."""
    return os.path.join(WORLD["collections"][name]["root"], *parts)


def digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two files have one content."""
    return digest(one) == digest(other)


def control(method: str, path: str, body: dict) -> dict:
    """Sends a command to the control API."""
    given = WORLD["control"]
    headers = {"Authorization": f"Bearer {given['token']}"}
    answer = requests.request(method, given["url"] + path, json=body, headers=headers, timeout=60)
    assert answer.ok, answer.text
    return answer.json() if answer.text else {}
