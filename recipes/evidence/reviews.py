"""Splits the movie reviews into train.jsonl and test.jsonl, and measures a bag of words on them.

Usage: reviews.py split ARCHIVE OUT [MOST]     every fifth review of each class is a test; at most MOST of each class
       reviews.py baseline OUT                 needs scikit-learn
"""

import json
import sys
import zipfile
from pathlib import Path


def split(archive, out, most):
    parts = {"train": [], "test": []}
    with zipfile.ZipFile(archive) as files:
        for label in ("neg", "pos"):
            names = sorted(n for n in files.namelist() if f"/{label}/" in n and n.endswith(".txt"))
            for i, name in enumerate(names[:most]):
                text = files.read(name).decode("utf-8", "replace")
                parts["test" if i % 5 == 4 else "train"].append({"text": text, "label": label})
    for part, lines in parts.items():
        (out / f"{part}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def baseline(out):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    def read(part):
        lines = [json.loads(line) for line in (out / f"{part}.jsonl").read_text().splitlines()]
        return [line["text"] for line in lines], [line["label"] for line in lines]

    model = make_pipeline(TfidfVectorizer(min_df=2), LogisticRegression(C=10, max_iter=1000))
    model.fit(*read("train"))
    print(f"bag of words,,{model.score(*read('test')):.4f}")


if sys.argv[1] == "split":
    split(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else None)
else:
    baseline(Path(sys.argv[2]))
