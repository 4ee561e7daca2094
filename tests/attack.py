"""`make attack`: schemathesis against the service as deployed, signed in, as a viewer and not.

Every documented operation gets ATTACK_CASES made-up requests per kind of visitor, then chains of
requests that use one another's answers. Exit status 1 when any answer is a 5xx, has a status or
a shape that the schema does not name, or accepts what the schema forbids.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.deployed import Service, served

CASES = os.environ.get("ATTACK_CASES", "200")
_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


def attack(service: Service, visitor: str, token: str, phases: str) -> int:
    print(f"\n=== {visitor}: {phases}", flush=True)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{service.address}/api/schema"),
        *("--checks", _CHECKS, "--phases", phases, "--max-examples", CASES),
        *("--continue-on-failure", "--request-timeout", "30", "--no-color", "--workers", "2"),
        *("--suppress-health-check", "all", "--warnings", "off"),
        *("--exclude-path", "/auth/logout"),
    ]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    return subprocess.run(command, check=False).returncode


def main() -> int:
    with served(ENABLE_TEST_ENDPOINTS="true") as service:
        viewer = service.manage("create_token", "--email", "viewer@demo.test").strip()
        ended = [
            attack(service, "signed in", service.token, "coverage,fuzzing,stateful"),
            attack(service, "a viewer", viewer, "coverage,fuzzing"),
            attack(service, "nobody", "", "coverage,fuzzing"),
        ]
        if service.process.poll() is not None:
            print("The service died.")
            return 1
        lines = service.log.read_text(errors="replace").splitlines()
        print("\n".join(line for line in lines if '"ERROR"' in line or "Traceback" in line))
    return int(any(ended))


if __name__ == "__main__":
    sys.exit(main())
