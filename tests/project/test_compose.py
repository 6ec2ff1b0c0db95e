"""`deploy/compose.yaml` and what it mounts, checked without a container engine: whatever it names is there."""

from __future__ import annotations

import json
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

import pytest
from ruamel.yaml import YAML

import qingchuan
from qingchuan.processing.catalogue import item as item_of
from qingchuan.service.main import COMMANDS, load_command
from qingchuan.service.settings import Address, load
from qingchuan.store.observations import Period
from tests.support.composed import prepare

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
KEYS = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init", "network_mode",
    "networks", "ports", "profiles", "read_only", "restart", "secrets", "security_opt", "stop_grace_period", "tmpfs",
    "user", "volumes",
}  # fmt: skip
"""Keys of a service by the Compose specification that are used; a misspelt one is none of them."""


def yaml(path: Path) -> Any:  # noqa: ANN401 - a document
    """What a YAML file says, with its anchors resolved."""
    return YAML(typ="safe", pure=True).load(path)


COMPOSE = yaml(DEPLOY / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `compose/prepare` makes."""
    return prepare(tmp_path_factory.mktemp("compose") / "local", "mq.example.cn", "1234A")


def test_only_keys_of_the_compose_specification_are_used() -> None:
    """An engine refuses others, or does without a word what was not meant."""
    assert set(COMPOSE) == {"name", "services", "volumes", "secrets"}
    for name, service in SERVICES.items():
        assert set(service) <= KEYS, name


def test_images_are_pinned_to_a_version() -> None:
    """What was tested is what runs; the Dockerfile builds on the same image that it ends with."""
    for service in SERVICES.values():
        assert re.fullmatch(r"[a-z/-]+:\d+\.\d+\.\d+", service["image"]), service["image"]
    assert SERVICES["qingchuan"]["image"] == f"qingchuan:{qingchuan.__version__}"
    bases = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", bases[0])


def test_every_file_that_is_mounted_is_there(local: Path) -> None:
    """In the checkout, or made by `prepare`."""
    sources = [
        volume.rsplit(":", 2 if volume.endswith(":ro") else 1)[0]
        for one in SERVICES.values()
        for volume in one.get("volumes", [])
    ]
    sources += [secret["file"] for secret in COMPOSE["secrets"].values()]
    for source in sources:
        plain = re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", source)
        if "/" not in plain:
            assert plain in COMPOSE["volumes"], plain
            continue
        made = plain.removeprefix("./compose/local/")
        assert (local / made if made != plain else DEPLOY / plain).exists(), plain


def test_volumes_and_secrets_are_declared_and_all_of_them_used() -> None:
    """Each name on both sides."""
    used = {name for one in SERVICES.values() for name in one.get("secrets", [])}
    assert used == COMPOSE["secrets"].keys()
    mounted = {volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])}
    assert COMPOSE["volumes"].keys() <= mounted
    for service in SERVICES.values():
        named = set(re.findall(r"/run/secrets/([\w-]+)", json.dumps(service.get("environment", {}))))
        assert named <= set(service.get("secrets", [])), named


@pytest.mark.parametrize("store", [None, "influxdb"])
def test_settings_that_are_named_are_settings_and_will_do(local: Path, store: str | None) -> None:
    """As `load` takes them, with the configuration that `prepare` makes; secrets lie where it has put them.

    Where `.env` says so, observations lie in the bucket that InfluxDB is set up with.
    """
    secrets = {
        name: local / Path(secret["file"]).relative_to("compose/local") for name, secret in COMPOSE["secrets"].items()
    }
    for name in ("qingchuan", "backup"):
        environment = {
            key: re.sub(r"/run/secrets/([\w-]+)", lambda found: str(secrets[found[1]]), str(value))
            for key, value in SERVICES[name]["environment"].items()
        }
        environment = {
            key: re.sub(r"\$\{STORE:-(\w+)\}", lambda found: store or found[1], text)
            for key, text in environment.items()
        }
        assert environment.pop("QINGCHUAN_CONFIG") == "/etc/qingchuan/config.toml"
        settings = load(local / "config.toml", {**environment, "QINGCHUAN_BROKER__HOST": "mq.example.cn"})
        assert (settings.broker.tls, settings.broker.username) == (True, "collector")
        made = SERVICES["influxdb"]["environment"]
        assert settings.store.kind == (store or "embedded")
        assert settings.store.org == made["DOCKER_INFLUXDB_INIT_ORG"]
        assert settings.store.bucket == made["DOCKER_INFLUXDB_INIT_BUCKET"]
        assert settings.store.url == "http://influxdb:8086"
        secret = Path(made["DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE"]).name
        assert settings.store.token_file == secrets[secret]
        assert settings.store.secret() == secrets[secret].read_text(encoding="utf-8").strip()


def test_ports_are_those_that_are_listened_at() -> None:
    """The pages only on the loopback address of the machine, as there is no login."""
    environment = SERVICES["qingchuan"]["environment"]
    port = Address.parse(environment["QINGCHUAN_API__LISTEN"]).port
    assert SERVICES["qingchuan"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert f"EXPOSE {port}\n" in dockerfile
    assert f"http://127.0.0.1:{port}/healthz" in dockerfile
    listeners = re.findall(
        r"^listener (\d+)$", (DEPLOY / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert SERVICES["mosquitto"]["ports"] == [f"{listeners[0]}:{listeners[0]}"]
    assert environment["QINGCHUAN_BROKER__PORT"] == listeners[0]
    assert all(published.startswith("127.0.0.1:") for published in SERVICES["grafana"]["ports"])
    assert "ports" not in SERVICES["influxdb"]


def test_places_in_the_containers_are_those_of_the_configurations() -> None:
    """Mosquitto's files, the folder of the data, the folder of the backups."""
    inside = {
        name: [volume.removesuffix(":ro").rsplit(":", 1)[1] for volume in one.get("volumes", [])]
        for name, one in SERVICES.items()
    }
    conf = (DEPLOY / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    for place in re.findall(
        r"^(?:password_file|acl_file|certfile|keyfile|persistence_location|include_dir) (\S+)$", conf, re.MULTILINE
    ):
        assert any(place.rstrip("/") == known or place.startswith(f"{known}/") for known in inside["mosquitto"]), place
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    data = re.search(r"QINGCHUAN_DATA=(\S+)", dockerfile)
    assert data is not None
    for name in ("qingchuan", "backup"):
        assert data[1] in inside[name]
        assert SERVICES[name]["environment"]["QINGCHUAN_CONFIG"] in inside[name]
    command, target, *more = SERVICES["backup"]["command"]
    assert command in COMMANDS
    load_command(command).make_context(command, [target, *more])
    assert target in inside["backup"]


def test_our_containers_may_write_nothing_but_their_data_and_have_no_rights() -> None:
    """As a user of their own."""
    for name in ("qingchuan", "backup", "mosquitto"):
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER 10001:10001$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


def test_what_is_optional_is_in_a_profile_and_the_rest_is_not() -> None:
    """`up` alone starts a broker and the service."""
    assert {name for name, service in SERVICES.items() if "profiles" not in service} == {"mosquitto", "qingchuan"}
    assert {name for name, service in SERVICES.items() if service.get("profiles") == [name]} == {
        "backup",
        "influxdb",
        "grafana",
    }


def test_the_image_is_built_from_what_the_package_has() -> None:
    """All folders of the program, and what a build reads."""
    kept = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    folders = {path.name for path in (ROOT / "qingchuan").iterdir() if path.is_symlink()}
    assert kept == folders | {"qingchuan", "LICENSE", "README.md", "pyproject.toml", "requirements.lock"}


def test_grafana_reads_the_bucket_that_influxdb_is_set_up_with() -> None:
    """By the token that it is set up with."""
    (source,) = yaml(DEPLOY / "grafana" / "provisioning" / "datasources" / "influxdb.yaml")["datasources"]
    environment = SERVICES["influxdb"]["environment"]
    assert source["jsonData"]["defaultBucket"] == environment["DOCKER_INFLUXDB_INIT_BUCKET"]
    assert source["jsonData"]["organization"] == environment["DOCKER_INFLUXDB_INIT_ORG"]
    assert source["url"] == "http://influxdb:8086"
    assert source["secureJsonData"]["token"] == f"$__file{{{environment['DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE']}}}"
    (provider,) = yaml(DEPLOY / "grafana" / "provisioning" / "dashboards" / "qingchuan.yaml")["providers"]
    assert f"./grafana/dashboards:{provider['options']['path']}:ro" in SERVICES["grafana"]["volumes"]
    home = Path(SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert home.is_relative_to(provider["options"]["path"])
    assert home.name in {path.name for path in DASHBOARDS}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_asks_for_what_is_stored(path: Path) -> None:
    """By the measurement, periods and items that we have, in our unit and decimals, from the source that is there."""
    board = json.loads(path.read_text(encoding="utf-8"))
    (source,) = yaml(DEPLOY / "grafana" / "provisioning" / "datasources" / "influxdb.yaml")["datasources"]
    asked = [target["query"] for panel in board["panels"] for target in panel.get("targets", [])]
    asked += [variable["query"]["query"] for variable in board["templating"]["list"]]
    assert len(asked) == 7
    for query in asked:
        assert re.findall(r'r\.period == "(\w+)"', query)[0] in get_args(Period)
        assert item_of(re.findall(r'r\._field == "(\w+)"', query)[0]).periods
        assert re.findall(r'r\._measurement == "(\w+)"', query) == [_measurement()]
    for panel in board["panels"]:
        if panel["type"] != "text":
            (key,) = re.findall(r'r\._field == "(\w+)"', panel["targets"][0]["query"])
            item = item_of(key)
            shown = panel["fieldConfig"]["defaults"]
            assert shown["unit"] == (f"suffix: {item.unit}" if item.unit else "none"), key
            assert shown["decimals"] == item.decimals, key
            assert panel["datasource"] == {"type": source["type"], "uid": source["uid"]}
    assert board["timezone"] == "Asia/Shanghai"


def _measurement() -> str:
    name = "qingchuan.store.influx.lines"
    found = (
        import_module(name).MEASUREMENT if find_spec("qingchuan.store.influx") and find_spec(name) else "observations"
    )
    return str(found)
