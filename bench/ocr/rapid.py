"""Reads pages with RapidOCR as it comes, for run.py: folder, output file."""
import json
import sys
from pathlib import Path

from rapidocr import RapidOCR


def pages(value):
    if isinstance(value, dict):
        if isinstance(value.get("file"), str) and isinstance(value.get("lines"), list):
            yield value["file"]
        else:
            for item in value.values():
                yield from pages(item)
    elif isinstance(value, list):
        for item in value:
            yield from pages(item)


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    engine = RapidOCR()
    texts = {}
    for file in pages(truth):
        result = engine(str(folder / file))
        lines = []
        if result.boxes is not None:
            for box, text in zip(result.boxes, result.txts):
                xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
                lines.append({"text": text, "box": [min(xs), min(ys), max(xs), max(ys)]})
        texts[file] = lines
    out.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


main()
