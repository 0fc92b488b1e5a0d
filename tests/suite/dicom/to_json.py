"""Prints the DICOM JSON model of each file, without pixel data, as pydicom writes it."""

import json
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
answer = []
for file in sys.argv[1:]:
    dataset = pydicom.dcmread(file, stop_before_pixels=True)
    dataset.remove_private_tags()
    answer.append(dataset.to_json_dict(bulk_data_threshold=1 << 30, suppress_invalid_tags=True))
print(json.dumps(answer))
