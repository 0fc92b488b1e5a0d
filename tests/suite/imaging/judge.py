"""Other people's toolkits on the same files, for tests/suite/imaging/judges.rs.

judge.py export OUT FILE...            pydicom's reading of each file: OUT/<n>.json and OUT/<n>.raw (first frame)
judge.py reslice OUT PLANES FILE...    SimpleITK's trilinear samples of each plane in PLANES (JSON): OUT/<n>.raw
judge.py uneven OUT PLANES FILE...     the same by SciPy over slice numbers, each slice at its own place
"""

import json
import sys
from pathlib import Path

import numpy as np
import pydicom


def table(item):
    """A lookup table, its entries read by the declared number of bits."""
    count, first, bits = item.LUTDescriptor
    data = item.LUTData
    if isinstance(data, bytes):
        data = np.frombuffer(data, "<u2").tolist()
    return {"first": int(first), "bits": int(bits), "entries": [int(v) for v in data][: count or 65536]}


def palette(ds, colour):
    count, first, bits = getattr(ds, f"{colour}PaletteColorLookupTableDescriptor")
    count = count or 65536
    data = getattr(ds, f"{colour}PaletteColorLookupTableData")
    wide = len(data) >= 2 * count
    entries = np.frombuffer(data, "<u2" if wide else "u1")[:count]
    return {"first": int(first), "bits": int(bits), "entries": entries.tolist()}


def facts(ds, pixels):
    modality = None
    if "ModalityLUTSequence" in ds:
        modality = {"table": table(ds.ModalityLUTSequence[0])}
    elif ds.get("RescaleSlope") is not None:
        modality = {"slope": float(ds.RescaleSlope), "intercept": float(ds.RescaleIntercept)}
    voi = []
    if "VOILUTSequence" in ds:
        voi.append({"table": table(ds.VOILUTSequence[0])})
    if ds.get("WindowCenter") is not None:
        first = lambda v: float(v[0] if isinstance(v, pydicom.multival.MultiValue) else v)
        voi.append({"center": first(ds.WindowCenter), "width": first(ds.WindowWidth)})
    colours = None
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        colours = [palette(ds, colour) for colour in ("Red", "Green", "Blue")]
    numbers = lambda name: [float(v) for v in ds.get(name) or []]
    return {
        "modality_code": str(ds.Modality),
        "rows": int(ds.Rows),
        "columns": int(ds.Columns),
        "samples_per_pixel": int(ds.SamplesPerPixel),
        "bits_stored": int(ds.BitsStored),
        "dtype": str(pixels.dtype),
        "photometric": str(ds.PhotometricInterpretation),
        "inverse": ds.get("PresentationLUTShape") == "INVERSE",
        "modality": modality,
        "voi": voi,
        "palette": colours,
        "position": numbers("ImagePositionPatient"),
        "orientation": numbers("ImageOrientationPatient"),
        "spacing": numbers("PixelSpacing"),
    }


def export(out, *files):
    for n, file in enumerate(files):
        ds = pydicom.dcmread(file)
        pixels = pydicom.pixels.pixel_array(ds, raw=True, index=0)
        Path(out, f"{n}.json").write_text(json.dumps(facts(ds, pixels)))
        Path(out, f"{n}.raw").write_bytes(np.ascontiguousarray(pixels).tobytes())


def volume(files):
    """The stack as an ITK image in float, and the transform from patient mm to that image's space."""
    import SimpleITK as sitk

    slices = [pydicom.dcmread(file) for file in files]
    row, column = np.array(slices[0].ImageOrientationPatient, float).reshape(2, 3)
    normal = np.cross(row, column)
    origin = lambda ds: np.array(ds.ImagePositionPatient, float)
    slices.sort(key=lambda ds: origin(ds) @ normal)
    step = (origin(slices[-1]) - origin(slices[0])) / (len(slices) - 1)
    if np.linalg.norm(np.cross(step, normal)) < 1e-3 * np.linalg.norm(step):
        reader = sitk.ImageSeriesReader()
        reader.SetFileNames([str(ds.filename) for ds in slices])
        reader.SetOutputPixelType(sitk.sitkFloat64)
        return reader.Execute(), sitk.Transform(3, sitk.sitkIdentity)
    # ITK images have orthogonal axes: a sheared stack is an image in index space behind an affine transform.
    values = [ds.pixel_array * float(ds.RescaleSlope) + float(ds.RescaleIntercept) for ds in slices]
    between_rows, between_columns = [float(v) for v in slices[0].PixelSpacing]
    index_from_patient = np.linalg.inv(np.column_stack([row * between_columns, column * between_rows, step]))
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(index_from_patient.flatten().tolist())
    transform.SetTranslation((-index_from_patient @ origin(slices[0])).tolist())
    return sitk.GetImageFromArray(np.stack(values).astype(np.float64)), transform


def reslice(out, planes, *files):
    import SimpleITK as sitk

    image, transform = volume(files)
    for n, plane in enumerate(json.loads(Path(planes).read_text())):
        column, row = np.array(plane["column_step_mm"]), np.array(plane["row_step_mm"])
        column_mm, row_mm = np.linalg.norm(column), np.linalg.norm(row)
        axes = [column / column_mm, row / row_mm, np.cross(column / column_mm, row / row_mm)]
        resample = sitk.ResampleImageFilter()
        resample.SetSize([plane["width"], plane["height"], 1])
        resample.SetOutputOrigin(plane["origin_mm"])
        resample.SetOutputSpacing([column_mm, row_mm, 1.0])
        resample.SetOutputDirection(np.column_stack(axes).flatten().tolist())
        resample.SetTransform(transform)
        resample.SetInterpolator(sitk.sitkLinear)
        resample.SetDefaultPixelValue(float("nan"))
        samples = sitk.GetArrayFromImage(resample.Execute(image)).astype("<f4")
        Path(out, f"{n}.raw").write_bytes(samples.tobytes())


def uneven(out, planes, *files):
    """Linear over slice numbers: the cell between two slices is the parallelepiped that they span."""
    from scipy.interpolate import RegularGridInterpolator

    slices = [pydicom.dcmread(file) for file in files]
    row, column = np.array(slices[0].ImageOrientationPatient, float).reshape(2, 3)
    normal = np.cross(row, column)
    between_rows, between_columns = [float(v) for v in slices[0].PixelSpacing]
    origins = np.array([np.array(ds.ImagePositionPatient, float) for ds in slices])
    order = np.argsort(origins @ normal)
    origins = origins[order]
    values = [slices[k].pixel_array * float(slices[k].RescaleSlope) + float(slices[k].RescaleIntercept) for k in order]
    axes = [np.arange(len(values)), np.arange(values[0].shape[0]), np.arange(values[0].shape[1])]
    sample = RegularGridInterpolator(axes, np.stack(values).astype(float), bounds_error=False, fill_value=np.nan)
    depths = origins @ normal
    for n, plane in enumerate(json.loads(Path(planes).read_text())):
        steps = np.arange(plane["width"])[None, :, None] * np.array(plane["column_step_mm"])
        steps = steps + np.arange(plane["height"])[:, None, None] * np.array(plane["row_step_mm"])
        points = steps + np.array(plane["origin_mm"])
        number = np.interp(points @ normal, depths, axes[0], left=-1, right=len(values))
        place = np.stack([np.interp(number, axes[0], origins[:, axis]) for axis in range(3)], axis=-1)
        way = points - place
        at = np.stack([number, way @ column / between_rows, way @ row / between_columns], axis=-1)
        Path(out, f"{n}.raw").write_bytes(sample(at).astype("<f4").tobytes())


if __name__ == "__main__":
    {"export": export, "reslice": reslice, "uneven": uneven}[sys.argv[1]](*sys.argv[2:])
