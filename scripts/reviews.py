"""Write the four ground-truth files of the vaderSentiment package as one CSV and one JSON Lines file.

usage: reviews.py PACKAGE_FOLDER OUT_STEM

Columns id, source (film, tweet, news, product), score (mean human rating, -4 to 4), text; rows in a fixed shuffled order.
"""

import csv
import html
import json
import pathlib
import random
import sys
import tarfile

SOURCES = {
    "movieReviewSnippets": "film",
    "tweets": "tweet",
    "nytEditorialSnippets": "news",
    "amazonReviewSnippets": "product",
}


def rows_of(archive):
    with tarfile.open(archive) as tar:
        for stem, source in SOURCES.items():
            member = next(m for m in tar.getmembers() if m.name.endswith(f"{stem}_GroundTruth.txt"))
            for line in tar.extractfile(member).read().decode("utf-8", "replace").splitlines():
                key, score, text = line.split("\t", 2)
                yield {
                    "id": f"{source}-{key}",
                    "source": source,
                    "score": float(score),
                    "text": html.unescape(text.strip()),
                }


def main(package, stem):
    archive = next(pathlib.Path(package).rglob("hutto_ICWSM_2014.tar.gz"))
    rows = list(rows_of(archive))
    random.Random(7).shuffle(rows)
    with open(stem + ".csv.part", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["id", "source", "score", "text"])
        writer.writeheader()
        writer.writerows(rows)
    with open(stem + ".jsonl", "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    pathlib.Path(stem + ".csv.part").rename(stem + ".csv")
    print(len(rows), "rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
