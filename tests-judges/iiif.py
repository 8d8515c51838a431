"""The IIIF Image API validator at level 2 of version 3, on its own test image as a page of a volume.

The reader is the archivist: the custodian sees pages without a watermark, and the validator compares colours.
"""

import io
import os
import random
import sys
import tempfile
import urllib.request

from PIL import Image, ImageDraw

import school
from iiif_validator.validator import ImageAPI, TestSuite, ValidationInfo

VERSION, LEVEL = "3.0", 2


def squares():
    """The validator's picture: a hundred squares in colours that it knows."""
    image = Image.new("RGB", (1000, 1000))
    draw = ImageDraw.Draw(image)
    for x, column in enumerate(ValidationInfo().colorInfo):
        for y, colour in enumerate(column):
            draw.rectangle((x * 100, y * 100, x * 100 + 99, y * 100 + 99), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def main():
    random.seed(1)
    with tempfile.TemporaryDirectory(prefix="juanzong-iiif-") as folder:
        data = os.path.join(folder, "data")
        demo = school.make(data)
        with school.Server(data) as server:
            client = school.Client(server).login(school.account(demo, "archivist"))
            material = school.Load(client, 1).material
            before = school.material_pages(client, material)
            client.post(f"/api/v1/materials/{material}/pages", parts=[("files", ("squares.png", "image/png", squares()))])
            (page,) = school.material_pages(client, material) - before
            # The validator knows no sessions; every request of this process carries ours.
            opener = urllib.request.build_opener()
            opener.addheaders = [("Cookie", client.cookie), ("User-Agent", "iiif-validator")]
            urllib.request.install_opener(opener)
            passed, failed = validate(f"127.0.0.1:{server.port}", page)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def validate(host, page):
    passed = failed = 0
    known = TestSuite(ValidationInfo()).list_tests(VERSION)
    for name in sorted(known):
        level = known[name]["level"]
        if (level if isinstance(level, int) else level.get(VERSION, 99)) > LEVEL:
            continue
        result = ImageAPI(page, host, "iiif/3", "http", "", VERSION, debug=False)
        try:
            TestSuite(ValidationInfo()).run_test(name, result)
            wrong = result.exception
        except Exception as why:  # the validator's tests let any error through
            wrong = why
        if wrong is None:
            passed += 1
            continue
        failed += 1
        told = f"得到 {wrong.got!r}，应为 {wrong.expected!r}" if hasattr(wrong, "got") else repr(wrong)
        print(f"{name}：{told}；{result.last_url}")
    return passed, failed


if __name__ == "__main__":
    sys.exit(main())
