"""Prints, per file of a folder, every text value as pydicom decodes it, as JSON."""

import json
import pathlib
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE


def texts(dataset, path, found):
    dataset.decode()
    for element in dataset:
        name = f"{path}{element.tag.group:04x}{element.tag.element:04x}"
        if element.VR == "SQ":
            for index, item in enumerate(element.value):
                texts(item, f"{name}[{index}].", found)
        elif element.VR in ("PN", "LO", "SH", "ST", "LT", "UC", "UT"):
            value = element.value
            many = value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]
            found[name] = "\\".join(str(one or "").rstrip(" \0=") for one in many)
    return found


folder = pathlib.Path(sys.argv[1])
answer = {}
for file in sorted(folder.rglob("*")):
    if file.is_file() and file.suffix not in (".json", ".md"):
        try:
            dataset = pydicom.dcmread(file, force=True, stop_before_pixels=True)
            answer[str(file.relative_to(folder))] = texts(dataset, "", {})
        except Exception:  # What it cannot read is no judgement.
            continue
print(json.dumps(answer))
