"""pydicom's grey levels and colours of decoded samples, for tests/suite/imaging/levels.rs.

levels.py OUT LIST    LIST (JSON): file, frame (from 0), samples, dtype, rows, columns, samples_per_pixel, photometric.
                      OUT/<n>.raw: 8-bit levels, or OUT/<n>.txt: why pydicom has none.
"""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image, ImageCms
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut, apply_windowing, convert_color_space

MODALITY = ["ModalityLUTSequence", "RescaleSlope", "RescaleIntercept", "RescaleType"]
VOI = ["VOILUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction", "WindowCenterWidthExplanation"]
GROUPS = {"PixelValueTransformationSequence": MODALITY, "FrameVOILUTSequence": VOI}


def attributes(ds, frame):
    """The attributes that make grey of this frame's samples: of its functional groups, else of the root."""
    found = pydicom.Dataset()
    found.set_original_encoding(False, True)
    for name in ["PhotometricInterpretation", "PixelRepresentation", "BitsStored", "BitsAllocated", *MODALITY, *VOI]:
        if name in ds:
            found[name] = ds[name]
    found.setdefault("BitsStored", ds.BitsAllocated)
    found.setdefault("PixelRepresentation", 1)
    items = ds.get("SharedFunctionalGroupsSequence") or []
    per_frame = ds.get("PerFrameFunctionalGroupsSequence") or []
    for groups in [*items[:1], *per_frame[frame : frame + 1]]:
        for sequence, names in GROUPS.items():
            for item in (groups.get(sequence) or [])[:1]:
                for name in names:
                    if name in found:
                        del found[name]
                    if name in item:
                        found[name] = item[name]
    return found


def padding(ds, stored):
    if ds.get("PixelPaddingValue") is None:
        return np.zeros(stored.shape, bool)
    word = np.int16 if ds.PixelRepresentation else np.uint16
    ends = [np.array(ds[n].value).astype(np.int64).astype(np.uint16).view(word) for n in
            ("PixelPaddingValue", "PixelPaddingRangeLimit") if n in ds]
    return (stored >= min(ends)) & (stored <= max(ends))


def span(values, low, high):
    return np.clip((values - low) / (high - low), 0, 1) * 255 if high > low else np.where(values > low, 255.0, 0.0)


def grey(ds, frame, stored):
    at = attributes(ds, frame)
    values = apply_modality_lut(stored, at).astype(np.float64)
    if at.get("WindowWidth") is not None:
        # What an extreme value becomes is what black and white are.
        with np.errstate(over="ignore"):
            low, high = apply_windowing(np.array([-1e30, 1e30]), at)
            levels = span(apply_windowing(values, at), low, high)
    elif at.get("VOILUTSequence"):
        bits = at.VOILUTSequence[0].LUTDescriptor[2]
        levels = apply_voi_lut(values.astype(np.int64), at) / (2**bits - 1) * 255
    else:
        levels = windowless(ds, at, stored, values)
    turned = ds.PhotometricInterpretation == "MONOCHROME1" or ds.get("PresentationLUTShape") == "INVERSE"
    levels = np.floor(levels + 0.5)
    return 255 - levels if turned else levels


def windowless(ds, at, stored, values):
    """Dokuei's documented choice where no window is given."""
    unit = at.get("RescaleType") or ("HU" if ds.get("Modality") == "CT" and "RescaleSlope" in at else "")
    if unit == "HU":
        return span(values, 40 - 0.5 - 399 / 2, 40 - 0.5 + 399 / 2)
    if stored.dtype == np.uint8 and at.BitsStored == 8 and "RescaleSlope" not in at and "ModalityLUTSequence" not in at:
        return values
    shown = values[~padding(ds, stored) & np.isfinite(values)]
    return span(values, shown.min(), shown.max())


def colour(ds, stored, photometric):
    if photometric == "PALETTE COLOR":
        rgb = apply_color_lut(stored, ds)
        bits = 8 * rgb.dtype.itemsize
        return np.floor(rgb[..., :3] / (2**bits - 1) * 255 + 0.5)
    if photometric.startswith("YBR_FULL"):
        return convert_color_space(stored, photometric, "RGB").astype(np.float64)
    bits = ds.BitsStored
    return np.floor(stored / (2**bits - 1) * 255 + 0.5)


def levels(case):
    ds = pydicom.dcmread(case["file"], stop_before_pixels=True, force=True)
    shape = (case["rows"], case["columns"])
    if case["samples_per_pixel"] > 1:
        shape += (case["samples_per_pixel"],)
    stored = np.fromfile(case["samples"], case["dtype"]).reshape(shape)
    if case["photometric"].startswith("MONOCHROME"):
        return grey(ds, case["frame"], stored)
    return in_srgb(ds, colour(ds, stored, case["photometric"]))


def in_srgb(ds, rgb):
    """Colours through the image's profile by lcms."""
    paths = ds.get("OpticalPathSequence") or [pydicom.Dataset()]
    profile = ds.get("ICCProfile") or paths[0].get("ICCProfile")
    if not profile:
        return rgb
    image = Image.fromarray(rgb.clip(0, 255).astype(np.uint8), "RGB")
    profile = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return np.asarray(ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB"))


def main(out, cases):
    for n, case in enumerate(json.loads(Path(cases).read_text())):
        try:
            Path(out, f"{n}.raw").write_bytes(np.nan_to_num(levels(case)).clip(0, 255).astype(np.uint8).tobytes())
        except Exception as error:  # pydicom has no one class for what it cannot do
            Path(out, f"{n}.txt").write_text(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
