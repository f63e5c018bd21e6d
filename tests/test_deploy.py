"""What stands in deploy/ and in the Dockerfile agrees with the service and with itself."""

from __future__ import annotations

import configparser
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import config, proof

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
UID = 10001


def manifest(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((KUBERNETES / name).read_text("utf-8")))


@pytest.fixture(scope="module")
def pod() -> dict[str, Any]:
    return dict(manifest("deployment.yaml")["spec"]["template"]["spec"])


@pytest.fixture
def mounted(tmp_path: Path, pod: dict[str, Any]) -> Path:
    """The folder /config as the pod sees it."""
    data = manifest("configmap.yaml")["data"]
    (volume,) = [v for v in pod["volumes"] if v["name"] == "config"]
    for item in volume["configMap"]["items"]:
        path = tmp_path / item["path"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(data[item["key"]], encoding="utf-8")
    return tmp_path


def test_the_configuration_for_kubernetes_is_one_that_the_service_accepts(mounted: Path) -> None:
    given = config.load(mounted, manifest("secret.yaml")["stringData"])
    assert len(given.rules) == 3
    assert [str(p.complaint()) for p in proof.prove(given) if not p.holds] == []


def test_every_file_of_the_config_map_is_mounted(pod: dict[str, Any]) -> None:
    (volume,) = [v for v in pod["volumes"] if v["name"] == "config"]
    assert {item["key"] for item in volume["configMap"]["items"]} == set(manifest("configmap.yaml")["data"])


def test_kustomize_names_every_manifest() -> None:
    resources = manifest("kustomization.yaml")["resources"]
    assert sorted([*resources, "kustomization.yaml"]) == sorted(p.name for p in KUBERNETES.glob("*.yaml"))


def test_the_manifests_refer_to_one_another(pod: dict[str, Any]) -> None:
    names = {(m["kind"], m["metadata"]["name"]) for m in map(manifest, manifest("kustomization.yaml")["resources"])}
    (container,) = pod["containers"]
    claims = [v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"] if "persistentVolumeClaim" in v]
    assert {("Secret", e["secretRef"]["name"]) for e in container["envFrom"]} <= names
    assert {("PersistentVolumeClaim", claim) for claim in claims} <= names
    labels = manifest("deployment.yaml")["spec"]["template"]["metadata"]["labels"]
    assert manifest("service.yaml")["spec"]["selector"].items() <= labels.items()


def test_the_pod_may_write_nothing_but_its_data(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsUser"] == pod["securityContext"]["fsGroup"] == UID
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {m["mountPath"] for m in container["volumeMounts"] if not m.get("readOnly")} == {"/data", "/tmp"}
    assert {v["name"] for v in pod["volumes"]} == {m["name"] for m in container["volumeMounts"]}


def test_the_pod_runs_the_version_of_this_checkout(pod: dict[str, Any]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert pod["containers"][0]["image"] == f"event-monitor:{version}"


def test_probes_ask_the_addresses_that_the_service_answers(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    assert {container[f"{p}Probe"]["httpGet"]["path"] for p in ("startup", "liveness")} == {"/healthz"}
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert {port["name"] for port in container["ports"]} == {"http"}


def test_compose_runs_the_image_as_it_is_meant_to_run() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    service = services["monitor"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert services["postgres"]["profiles"] == ["postgres"]
    assert all(str(port).startswith("127.0.0.1:") for port in service["ports"])
    assert {v if isinstance(v, str) else v["target"] for v in service["volumes"]} == {"data:/data", "/config"}


def instructions(word: str) -> list[str]:
    """What follows an instruction of the Dockerfile, continuation lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return re.findall(rf"^{word} +(.*)$", text, re.MULTILINE)


def test_the_image_runs_as_nobody_with_its_data_outside() -> None:
    assert instructions("USER") == [f"{UID}:{UID}"]
    assert instructions("VOLUME") == ["/data"]
    assert instructions("STOPSIGNAL") == ["SIGTERM"]
    environment = dict(pair.split("=", 1) for line in instructions("ENV") for pair in shlex.split(line))
    assert environment["MONITOR_HTTP_HOST"] == "0.0.0.0"
    assert environment["MONITOR_DATABASE_URL"].startswith("sqlite:////data/")


def test_the_unit_starts_what_is_installed_and_cages_it() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment]  # systemd's keys keep their case
    unit.read(DEPLOY / "systemd" / "event-monitor.service")
    service = unit["Service"]
    assert service["ExecStart"].endswith("/bin/monitor run")
    assert service["RestartPreventExitStatus"] == "2"
    assert (service["DynamicUser"], service["ProtectSystem"], service["NoNewPrivileges"]) == ("yes", "strict", "yes")
    assert f"/var/lib/{service['StateDirectory']}" == service["WorkingDirectory"]
