"""Files imported over the interface: a form with a file and its mapping, answered with the report of the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from qingchuan.service.lock import only_one
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.service.reading import open_stores, services_of
from qingchuan.service.settings import Settings
from qingchuan.store.import_messages import Import, decode
from qingchuan.store.journal import Journal
from qingchuan.store.journal_reader import JournalReader
from tests.api.serving import serving
from tests.support.importing import DAZHA, HEADER, WAN
from tests.support.mosquitto import Mosquitto
from tests.support.service import Service

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "import"
MAPPING = b"""
period = "hour"
time = { column = "time", label = "end" }
subject = { column = "station" }
items = { pm25 = "PM2.5", co = "CO" }
"""
FILE = (
    HEADER + "2026-03-01 01:00,1235A,35,0.70\n2026-03-01 02:00,1235A,x,0.8\n2026-03-01 25:00,1235A,36,0.9\n"
).encode()
Upload = tuple[str, bytes]
"""A name and what is in it."""
RECEIVED = 1_780_000_000_000_000
"""In May 2026, after all that is imported here. [µs since 1970-01-01 UTC]"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A data directory in which a station and a section have announced themselves; nobody collects there."""
    made = prepare(tmp_path / "data")
    journal = Journal(made.journal, lambda: RECEIVED)
    journal.append([WAN, DAZHA])
    journal.close()
    return made


@pytest.fixture
def client(places: Places) -> Iterator[httpx.Client]:
    """A client of a server on these data, as `qingchuan serve` builds it."""
    stores = open_stores(places)
    with serving(services_of(stores, Settings(data=places.data))) as made:
        yield made
    for opened in (stores.observations, stores.state, stores.journal):
        opened.close()


def _post(
    client: httpx.Client, status: int = 200, *, file: Upload | None = ("hours.csv", FILE), **fields: str
) -> dict[str, Any]:
    files: dict[str, Upload] = {} if file is None else {"file": file}
    if "mapping" not in fields:
        files["mapping"] = ("map.toml", MAPPING)
    answer = client.post("/api/v1/imports", files=files, data=fields)
    assert answer.status_code == status, answer.text
    wanted = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["content-type"] == wanted
    told: dict[str, Any] = answer.json()
    return told


def _parts(places: Places) -> list[Import]:
    journal = JournalReader(places.journal)
    found = [message for batch in journal.read(0, 1000) for message in batch.messages if message.kind == "import"]
    journal.close()
    return [decode(message.payload) for message in found]


def test_a_file_goes_into_the_journal_and_the_answer_is_the_report(places: Places, client: httpx.Client) -> None:
    """Digit for digit; what reading finds is told by reason and one by one, and nobody has applied it yet."""
    told = _post(client, by="lin")
    assert (told["name"], told["rows"], told["refused"], told["already"], told["applied"]) == (
        "hours.csv", 3, 2, False, False,
    )  # fmt: skip
    assert told["sequence"] == 3
    assert {reason["code"]: (reason["rows"], reason["values"], reason["lines"]) for reason in told["reasons"]} == {
        "wrong-value": (0, 1, [3]),
        "wrong-time": (1, 0, [4]),
    }
    assert [(one["line"], one["item"], one["text"]) for one in told["refusals"]] == [
        (3, "pm25", "x"),
        (4, "", "2026-03-01 25:00,1235A,36,0.9"),
    ]
    (part,) = _parts(places)
    assert (part.name, part.digest, [entry.values for entry in part.rows]) == (
        "hours.csv",
        told["digest"],
        [{"pm25": "35", "co": "0.70"}, {"co": "0.8"}],
    )


def test_the_same_file_again_does_nothing(places: Places, client: httpx.Client) -> None:
    """`again` does it anyhow; another mapping makes another import of it."""
    first = _post(client)
    assert _post(client) == {**first, "already": True}
    assert len(_parts(places)) == 1
    assert _post(client, again="true")["sequence"] == 4
    assert _post(client, origin="audited")["digest"] != first["digest"]
    assert [part.origin for part in _parts(places)] == ["reported", "reported", "audited"]


def test_a_dry_run_writes_nothing_and_tells_what_applying_would_refuse(places: Places, client: httpx.Client) -> None:
    """Here that nobody is called so."""
    strange = FILE.replace(b"1235A", b"9999Z")
    told = _post(client, file=("hours.csv", strange), dry_run="on")
    assert (told["dry_run"], told["sequence"], told["digest"], told["applied"]) == (True, 0, "", False)
    assert {one["code"] for one in told["refusals"]} == {"unknown-subject", "wrong-time", "wrong-value"}
    assert _parts(places) == []


@pytest.mark.parametrize("mapping", ["laboratory", MAPPING.decode()])
def test_a_mapping_is_a_file_its_text_or_the_name_of_one_that_ships(
    places: Places, client: httpx.Client, mapping: str
) -> None:
    """A browser sends a text where nothing is chosen as a file."""
    file = ("samples.csv", (EXAMPLES / "samples.csv").read_bytes()) if mapping == "laboratory" else ("hours.csv", FILE)
    told = _post(client, file=file, mapping=mapping)
    assert told["rows"] in {2, 3}
    assert len(_parts(places)) == 1


def test_a_name_of_a_file_of_the_server_is_no_mapping(client: httpx.Client, tmp_path: Path) -> None:
    """Nothing is opened for the one who asks."""
    (tmp_path / "map.toml").write_bytes(MAPPING)
    told = _post(client, 422, mapping=str(tmp_path / "map.toml"))
    assert told["type"] == "/problems/wrong-file"
    assert "not TOML" in told["detail"]


@pytest.mark.parametrize(
    ("file", "fields", "kind", "says"),
    [
        (None, {}, "wrong-form", "the field file is missing"),
        (("", FILE), {}, "wrong-form", "the field file"),
        (("a.csv", FILE), {"mapping": "period = "}, "wrong-file", "mapping: not TOML"),
        (("a.csv", FILE), {"origin": "derived"}, "wrong-form", "reported, manual, official, audited would do"),
        (("a.csv", FILE), {"dry_run": "perhaps"}, "wrong-form", "true or false would do"),
        (("a.csv", FILE), {"by": " "}, "wrong-form", "the field by has 0 characters"),
        (("a.csv", FILE), {"colour": "red"}, "wrong-form", "the field colour is not known"),
        (("a.docx", FILE), {}, "wrong-file", "a.docx: the name ends in none of .csv"),
        (("a.csv", b"time,PM2.5\n1,2\n"), {}, "wrong-file", "names column 'station'"),
        (("a.xlsx", b"PK"), {}, "wrong-file", "a.xlsx"),
    ],
)
def test_what_cannot_be_imported_is_said(
    client: httpx.Client, tmp_path: Path, file: Upload | None, fields: dict[str, str], kind: str, says: str
) -> None:
    """As a problem, with what would do; no path of the server is in it."""
    told = _post(client, 422, file=file, **fields)
    assert (told["type"], told["status"]) == (f"/problems/{kind}", 422)
    assert says in told["detail"]
    assert str(tmp_path) not in told["detail"]
    assert "/tmp" not in told["detail"]  # noqa: S108 - that it is not told is what is tested


def test_a_form_that_is_none_and_a_body_of_another_kind_are_refused(client: httpx.Client) -> None:
    """With what would do."""
    torn = client.post("/api/v1/imports", content=b"--x", headers={"content-type": "multipart/form-data"})
    assert (torn.status_code, torn.json()["type"]) == (400, "/problems/wrong-form")
    other = client.post("/api/v1/imports", content=FILE, headers={"content-type": "text/csv"})
    assert (other.status_code, other.json()["type"]) == (415, "/problems/no-json")
    assert "multipart/form-data" in other.json()["detail"]


def test_a_file_that_is_too_large_is_refused(client: httpx.Client) -> None:
    """By the same limit as every body."""
    told = _post(client, 413, file=("large.csv", FILE + b"\n" * 65536))
    assert told["type"] == "/problems/body-too-large"


def test_another_import_is_not_disturbed(places: Places, client: httpx.Client) -> None:
    """One at a time, as on the command line."""
    with only_one(places.import_lock):
        told = _post(client, 409)
    assert told["type"] == "/problems/import-busy"
    assert _parts(places) == []


def test_a_folder_in_a_name_is_left_out(places: Places, client: httpx.Client) -> None:
    """Whatever the sender calls its file, nothing is written beside the folder that is made for it."""
    told = _post(client, file=("..\\..\\evil/../hours.csv", FILE))
    assert told["name"] == "hours.csv"
    assert _parts(places)[0].name == "hours.csv"


def test_what_another_site_sends_is_refused(client: httpx.Client) -> None:
    """A form is what any page can make a browser send."""
    answer = client.post(
        "/api/v1/imports",
        files={"file": ("a.csv", FILE), "mapping": ("map.toml", MAPPING)},
        headers={"origin": "http://elsewhere.example"},
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site")


def test_with_a_collector_the_report_has_what_applying_refused(places: Places, tmp_path: Path) -> None:
    """The service runs as a whole: the answer comes when all is applied."""
    rows = b"2026-03-01 03:00,9999Z,35,0.70\n"
    with Mosquitto(tmp_path / "mosquitto") as broker, Service(tmp_path, broker.port) as service:
        answer = service.client.post(
            "/api/v1/imports", files={"file": ("hours.csv", FILE + rows), "mapping": ("map.toml", MAPPING)}
        )
        assert answer.status_code == 200, answer.text
        told = answer.json()
        asked = {"start": "2026-03-01T00:00:00+08:00", "end": "2026-03-01T01:00:00+08:00"}
        [hour] = service.get("stations/1235A/hours", **asked)["hours"]
    assert told["applied"]
    assert sorted(one["code"] for one in told["refusals"]) == ["unknown-subject", "wrong-time", "wrong-value"]
    assert hour["items"]["co"]["value"] == 0.7
    assert places.state.exists()


def test_the_openapi_document_describes_the_form_and_both_answers(client: httpx.Client) -> None:
    """Beside the JSON that is taken as well."""
    document = client.get("/api/v1/openapi.json").json()
    route = document["paths"]["/api/v1/imports"]["post"]
    assert set(route["requestBody"]["content"]) == {"application/json", "multipart/form-data"}
    form = document["components"]["schemas"]["ImportForm"]
    assert (form["required"], form["properties"]["file"]["format"]) == (["file", "mapping"], "binary")
    told = route["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]
    assert [one["$ref"].rpartition("/")[2] for one in told] == ["ImportAnswer", "FileImportAnswer"]
    assert {"400", "403", "409", "415", "422", "503"} < set(route["responses"])
