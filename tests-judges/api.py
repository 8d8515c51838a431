"""schemathesis over the API description, as every role: no 5xx, no answer that the description does not know.

Rights are judged elsewhere (the rights matrix of the Rust tests); here a refusal is a good answer if it
has the described form.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import school

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"



def main():
    words = argparse.ArgumentParser()
    words.add_argument("--examples", type=int, default=12, help="cases an operation and role")
    words.add_argument("--role", action="append", help="only these roles")
    words = words.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="juanzong-api-") as folder:
        data = os.path.join(folder, "data")
        demo = school.make(data)
        api = os.path.join(folder, "openapi.json")
        with open(api, "w", encoding="utf-8") as file:
            json.dump(described(data), file)
        roles = {one["role"]: one for one in demo["logins"]}
        with school.Server(data) as server:
            # All sessions first: wrong passwords that the judge tries may slow later logins down.
            sessions = {role: school.Client(server).login(one).cookie for role, one in roles.items()}
            for role, cookie in sorted(sessions.items()):
                if words.role and role not in words.role:
                    continue
                good, cases = judge(server, api, role, cookie, words.examples, folder)
                print(f"{role}：{'符合' if good else '不符'}，{cases}", flush=True)
                passed, failed = passed + good, failed + (not good)
            if server.process.poll() is not None:
                print(f"服务中途退出：{server.said()}")
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def described(data):
    """The description without a stream that never ends and without the way out of the session."""
    description = json.loads(school.cli(data, "openapi")[1])
    del description["paths"]["/api/v1/events"]
    del description["paths"]["/api/v1/session"]["delete"]
    return description


def judge(server, api, role, cookie, examples, folder):
    """One role. The full text is shown when something does not fit."""
    # Methods that are not described would include the one that ends the session.
    with open(os.path.join(folder, "schemathesis.toml"), "w", encoding="utf-8") as file:
        file.write("[phases.coverage]\nunexpected-methods = []\n")
    program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    words = [
        program, "--no-color", "run", api, "--url", f"http://127.0.0.1:{server.port}",
        "--header", f"Cookie: {cookie}", "--header", "X-Juanzong: 1", "--header", "Sec-Fetch-Site: same-origin",
        "--checks", CHECKS, "--max-examples", str(examples), "--phases", "examples,coverage,fuzzing",
        "--seed", "1", "--generation-database", "none", "--no-shrink",
        "--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "30",
    ]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder)
    text = done.stdout + done.stderr
    if done.returncode:
        print(text[-12000:])
    # Answers of a session that is gone would all be the same refusal, and prove nothing.
    school.Client(server, cookie).get("/api/v1/me")
    cases = re.findall(r"^\s*(?:Test cases:|Operations:|.*generated.*).*$", text, re.MULTILINE)
    return done.returncode == 0, " ".join(" ".join(c.split()) for c in cases[-3:])


if __name__ == "__main__":
    sys.exit(main())
