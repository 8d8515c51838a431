#!/usr/bin/env python3
"""Our recognition beside RapidOCR 3.10 with its own models, on the same pages,
in the same run: character error rate, CPU time and peak memory a page.

    bench/ocr/run.py [FOLDER] [--rounds N] [--json FILE]

FOLDER (or JZ_OCR_PAGES) holds pages and a truth.json; without it a demo school is made. Needs the models in assets/ocr and a network
for pip. The two readers take turns, N rounds each, so that a busy machine treats
both alike; the least CPU time of each counts. Exit status 1 when any figure is
not better than RapidOCR's, or typed text is more than 0.2 % wrong.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TYPED_LIMIT = 0.2
MEMORY_LIMIT_MB = 600


def run(command):
    """Runs a process; gives its CPU seconds, peak memory in MB and its output."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command[0]} failed:\n{text}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def venv(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.check_call([sys.executable, "-m", "venv", str(folder)])
    packages = ["rapidocr==3.10.0", "onnxruntime", "opencv-python-headless"]
    check = "import rapidocr, onnxruntime, cv2"
    if subprocess.call([str(python), "-c", check], stderr=subprocess.DEVNULL) != 0:
        subprocess.check_call([str(python), "-m", "pip", "install", "--quiet", *packages])
    return str(python)


def build():
    """The folder of everything that is measured."""
    return subprocess.check_output([ROOT / "bench/_build.sh"], text=True).strip()


def demo(programs):
    """Pages of a made-up school; gone when the returned guard is."""
    guard = tempfile.TemporaryDirectory(prefix="juanzong-ocr-")
    subprocess.check_call([f"{programs}/examples/school", guard.name, "60", "6", "30", "3"], cwd=ROOT)
    return guard


def errors(program, folder, texts):
    _, _, out = run([program, folder, "--texts", texts])
    return {name: float(value) for name, value in re.findall(r"cer_(\w+) ([\d.]+)", out)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", default=os.environ.get("JZ_OCR_PAGES"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--venv", type=Path, default=Path.home() / ".cache" / "juanzong" / "bench-ocr")
    args = parser.parse_args()
    programs = build()
    guard = None if args.folder else demo(programs)
    folder = str(Path(args.folder or guard.name).resolve())
    count = len(re.findall(r'"lines"\s*:', Path(folder, "truth.json").read_text(encoding="utf-8")))
    python, program = venv(args.venv), f"{programs}/examples/ocr_score"

    figures = {"ours": {}, "rapidocr": {}}
    with tempfile.TemporaryDirectory() as temp:
        for _ in range(args.rounds):
            for name, command in [
                ("ours", [program, folder, "--out"]),
                ("rapidocr", [python, str(ROOT / "bench/ocr/rapid.py"), folder]),
            ]:
                texts = str(Path(temp, name + ".json"))
                cpu, memory, _ = run([*command, texts])
                found = figures[name]
                found["cpu_s_page"] = min(cpu / count, found.get("cpu_s_page", float("inf")))
                found["peak_mb"] = max(memory, found.get("peak_mb", 0))
        for name in figures:
            for kind, value in errors(program, folder, str(Path(temp, name + ".json"))).items():
                figures[name]["cer_" + kind] = value

    better = True
    print(f"{count} pages, {args.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    print(f"{'':12} {'ours':>10} {'rapidocr':>10} {'ratio':>7}")
    for key in ["cer_all", "cer_typed", "cer_hand", "cpu_s_page", "peak_mb"]:
        ours, theirs = figures["ours"][key], figures["rapidocr"][key]
        ratio = ours / theirs if theirs else float("nan")
        print(f"{key:12} {ours:10.3f} {theirs:10.3f} {ratio:7.2f}")
        if key != "cer_hand" and not ours < theirs:
            better = False
    better &= figures["ours"]["cer_typed"] <= TYPED_LIMIT and figures["ours"]["peak_mb"] <= MEMORY_LIMIT_MB
    if args.json:
        args.json.write_text(json.dumps({"pages": count, "load": os.getloadavg()[0], **figures}, indent=1))
    sys.exit(0 if better else 1)


main()
