"""The simulated vendor as a Lambda function: its server runs beside the handler, which hands requests through.

What it holds follows from its seed, so that every environment of the function answers the same. It only ever reads: a
change would be known to one environment alone. Each answer takes DELAY seconds, longer than a hurried worker lives.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from local_cloud.cloud import ROOT

HANDLER = """
import base64, os, subprocess, sys, time, urllib.error, urllib.request

READY = "READY "
child = subprocess.Popen(
    [sys.executable, "-m", os.environ["SIMULATOR"], "--port", "0", *os.environ["ARGUMENTS"].split()],
    stdout=subprocess.PIPE, text=True, cwd=os.path.dirname(os.path.abspath(__file__)),
)
line = child.stdout.readline()
while line and not line.startswith(READY):
    line = child.stdout.readline()
url = line[len(READY):].strip()


def handler(event, context):
    print(event["rawPath"])
    if not event["rawPath"].startswith("/_sim/"):
        time.sleep(float(os.environ["DELAY"]))
    query = "?" + event["rawQueryString"] if event.get("rawQueryString") else ""
    body = event.get("body")
    data = None if body is None else base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    dropped = ("host", "content-length", "connection", "accept-encoding")
    headers = {name: text for name, text in event["headers"].items() if name not in dropped}
    method = event["requestContext"]["http"]["method"]
    asked = urllib.request.Request(url + event["rawPath"] + query, data, headers, method=method)
    try:
        answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=20)
    except urllib.error.HTTPError as refused:
        answer = refused
    kept = {name.lower(): text for name, text in answer.headers.items() if name.lower() not in ("connection", "date")}
    return {"statusCode": answer.status, "headers": kept, "body": answer.read().decode()}
"""


def described() -> tuple[str, dict[str, object]]:
    """The simulator whose stock can be tried, by its folder's name, and what its local.json says."""
    for path in sorted((ROOT / "simulators").glob("*/local.json")):
        local = json.loads(path.read_text())
        if "stock" in local:
            return path.parent.name, dict(local)
    raise LookupError("no simulator has a list of stock")


def package() -> bytes:
    """The function's code: the handler, and the simulators, which need nothing but Python itself."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("handler.py", HANDLER)
        for path in _files():
            archive.write(path, path.relative_to(ROOT))
    return packed.getvalue()


def _files() -> list[Path]:
    return [
        path for path in sorted((ROOT / "simulators").rglob("*")) if path.is_file() and "__pycache__" not in path.parts
    ]
