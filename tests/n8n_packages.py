"""`make facts PACKAGES=folder`: hold n8n/facts.json against what n8n's own packages say.

The folder holds unpacked packages, as `npm pack n8n-nodes-base @n8n/n8n-nodes-langchain` and `tar`
give them: every `nodes.json` below it is read. Printed is what differs, type by type, and the exit
status is 1 when anything does: a version that is new, a credential that is required now, another
number of outputs. What a step does (sends, charges, writes) is judged by a person and kept.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from apps.workflows.platforms.n8n import facts

FACTS = Path(facts.__file__).with_name("facts.json")
BASE, LANGCHAIN = "n8n-nodes-base.", "@n8n/n8n-nodes-langchain."
#: n8n's own tests are no steps of anybody's workflow.
LEFT_OUT = {BASE + "e2eTest", BASE + "e2eTestPollingTrigger"}
#: No longer in the packages, still in people's files.
RETIRED = {
    BASE + name
    for name in ("automizy", "crowdDev", "crowdDevTrigger", "kitemaker", "spontit", "start")
}
#: The packages ask for these credentials only under conditions that they state elsewhere.
JUDGED_CREDENTIALS = {
    LANGCHAIN + "chatTrigger",
    *(BASE + name for name in ("evaluation", "evaluationTrigger", "git", "wait")),
}

Json = Mapping[str, Any]
#: By type the description of each of its versions.
Described = Mapping[str, Mapping[float, Json]]


def read(folder: Path) -> Described:
    found: dict[str, dict[float, Json]] = {}
    for path in sorted(folder.rglob("nodes.json")):
        prefix = LANGCHAIN if "langchain" in str(path).lower() else BASE
        for description in json.loads(path.read_text("utf-8")):
            name = description["name"]
            versions = description["version"]
            for version in versions if isinstance(versions, list) else [versions]:
                full = name if "." in name else prefix + name
                found.setdefault(full, {})[float(version)] = description
    return found


def differences(known: Json, described: Described) -> Iterator[str]:
    """One line for each thing that the facts say otherwise than the packages."""
    types = known["types"]
    for name in sorted(set(described) - set(types) - LEFT_OUT):
        yield f"{name}: a new type, in versions {_listed(described[name])}"
    for name in sorted(set(types) - set(described) - RETIRED):
        yield f"{name}: no longer in the packages"
    for name in sorted(set(types) & set(described)):
        for line in _of_type(types[name], described[name], name):
            yield f"{name}: {line}"


def _of_type(known: Json, described: Mapping[float, Json], name: str) -> Iterator[str]:
    eras = {float(version): era for era in known["eras"] for version in era["v"]}
    if set(eras) != set(described):
        yield f"versions {_listed(eras)}, in the packages {_listed(described)}"
    newest = described[max(described)]
    if known["label"] != newest["displayName"]:
        yield f"label “{known['label']}”, in the packages “{newest['displayName']}”"
    default = newest.get("defaultVersion", max(described))
    if known["newest"] != default:
        yield f"newest version {known['newest']}, in the packages {default}"
    for version in sorted(set(eras) & set(described)):
        for line in _of_version(eras[version], described[version], version, name):
            yield f"version {version:g}: {line}"


def _of_version(era: Json, description: Json, version: float, name: str) -> Iterator[str]:
    outputs = description["outputs"]
    told = era.get("out", 1)
    if isinstance(outputs, list) and not isinstance(told, str):
        count = len([each for each in outputs if _kind(each) == "main"])
        have = len(told) if isinstance(told, list) else told
        if count != have:
            yield f"{have} outputs, in the packages {count}"
    required, have = _required(description, version), era.get("creds", {})
    if required != have and name not in JUDGED_CREDENTIALS:
        yield f"credentials {json.dumps(have)}, in the packages {json.dumps(required)}"


def _kind(output: Any) -> Any:
    return output.get("type") if isinstance(output, dict) else output


def _required(description: Json, version: float) -> dict[str, dict[str, list[str]]]:
    """The credentials that this version cannot do without, and under which parameter values."""
    found = {}
    for each in description.get("credentials", ()):
        options = each.get("displayOptions", {})
        show, hide = options.get("show", {}), options.get("hide", {})
        hidden = "@version" in hide and _fits(hide["@version"], version)
        if each.get("required") and not hidden and _fits(show.get("@version"), version):
            found[each["name"]] = {
                key.removeprefix("/"): [_plain(value) for value in values]
                for key, values in show.items()
                if key != "@version"
            }
    return found


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fits(rules: Iterable[Any] | None, version: float) -> bool:
    return rules is None or any(_fit(rule, version) for rule in rules)


def _fit(rule: Any, version: float) -> bool:
    if not isinstance(rule, dict):
        return bool(rule == version)
    [(operation, value)] = rule["_cnd"].items()
    if operation == "between":
        return bool(value["from"] <= version <= value["to"])
    return bool(
        {
            "eq": version == value,
            "not": version != value,
            "gte": version >= value,
            "gt": version > value,
            "lte": version <= value,
            "lt": version < value,
        }[operation]
    )


def _listed(versions: Iterable[float]) -> str:
    return ", ".join(f"{version:g}" for version in sorted(versions))


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("Name the folder of the unpacked packages: make facts PACKAGES=…\n")
        return 2
    described = read(Path(arguments[0]))
    if not described:
        sys.stderr.write(f"There is no nodes.json below {arguments[0]}.\n")
        return 2
    found = list(differences(json.loads(FACTS.read_text("utf-8")), described))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"{len(described)} types compared, {len(found)} differences.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
