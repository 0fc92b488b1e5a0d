"""What pydicom, GDCM and dcmtk make of each file, held against what the program made of it.

Standard input: lines of JSON, each with `path` and `ours` (its answer). Standard output: the same lines in the same
order with `verdict`, `about`, `cause` (the class of a disagreement) and `judges` instead. Every judge works in a process of its own, with limits.

Verdicts: `error` (the program refused), `agree` (two judges or more and the program), `one` (one judge reads it, and
as the program), `alone` (no judge reads it), `split` (the judges disagree), `differs` (two judges or more agree, and
not with the program), `differs from one` (one judge reads it, and otherwise). `about` is the part at fault.
"""

import json
import os
import pickle
import re
import resource
import signal
import subprocess
import sys
import tempfile
import warnings

import gdcm
import numpy
import pydicom
import pydicom.pixels
from pydicom.pixels import pixel_array

warnings.simplefilter("ignore")
gdcm.Trace.WarningOff()
gdcm.Trace.ErrorOff()
gdcm.Trace.DebugOff()

SECONDS, BYTES = 5, 2 << 30
LOSSY = ["4.50", "4.51", "4.53", "4.55", "4.81", "4.91", "4.93", "4.203", "4.111", "4.112"]
DCT = re.compile(rb"\xff[\xc0-\xc2]\x00[\x0b\x11][\x08\x0c]")
FIELDS = ["rows", "columns", "frames", "samples", "allocated", "stored", "high", "signed", "photometric"]


def apart(judge, *arguments):
    """Runs a judge in a process of its own; what it finds, or an error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            signal.alarm(SECONDS)
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            try:
                found = judge(*arguments)
            except Exception as why:
                found = {"error": f"{type(why).__name__}: {why}"[:160]}
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(found, pipe)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    try:
        return pickle.loads(data)
    except Exception:
        return {"error": "died or took too long"}


def sample(array, allocated, stored, high, signed):
    """Unused bits removed and the sign extended."""
    if array.dtype.kind == "f" or allocated not in (8, 16, 32):
        return array
    if not 0 < stored <= high + 1 <= allocated:
        raise ValueError("bits")
    cells = array.astype(f"u{allocated // 8}")
    cells = cells << (allocated - 1 - high)
    return cells.view(f"{'i' if signed else 'u'}{allocated // 8}") >> (allocated - stored)


def first(value):
    return value[0] if isinstance(value, (list, pydicom.multival.MultiValue)) and len(value) else value


def of_data_set(dataset):
    number = lambda name, default: int(first(getattr(dataset, name, None) or default))
    return {
        "rows": number("Rows", 0),
        "columns": number("Columns", 0),
        "frames": number("NumberOfFrames", 1),
        "samples": number("SamplesPerPixel", 1),
        "allocated": number("BitsAllocated", 0),
        "stored": number("BitsStored", number("BitsAllocated", 0)),
        "high": number("HighBit", number("BitsStored", 1) - 1),
        "signed": number("PixelRepresentation", 0) == 1,
        "photometric": str(first(getattr(dataset, "PhotometricInterpretation", "") or "")).strip(),
    }


def by_pydicom(path, frames):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(path, force=True)
        if not hasattr(dataset.file_meta, "TransferSyntaxUID"):
            if dataset.original_encoding[0] is None:
                raise ValueError("no data set")
            implicit, little = dataset.original_encoding
            dataset.file_meta.TransferSyntaxUID = {
                (True, True): pydicom.uid.ImplicitVRLittleEndian,
                (False, True): pydicom.uid.ExplicitVRLittleEndian,
                (False, False): pydicom.uid.ExplicitVRBigEndian,
            }[(implicit, little)]
        list(dataset)  # the whole of it
        raw = dataset.get_item("PatientName") if "PatientName" in dataset else None
        name = dataset.PatientName or "" if raw is not None else ""
        found = {"name": "\\".join(map(str, name)) if isinstance(name, (list, pydicom.multival.MultiValue)) else str(name)}
        if "\x1b" in found["name"]:
            del found["name"]  # escape sequences that it did not follow: no judgement
        found["pixels"] = any(k in dataset for k in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"))
        if not found["pixels"]:
            return found
        found["fields"] = fields = of_data_set(dataset)
        decoded = {}
        native = not dataset.file_meta.TransferSyntaxUID.is_encapsulated
        for frame in frames:
            # It takes Bits Stored for the lowest bits whatever High Bit says: left as they lie.
            array = pixel_array(dataset, index=frame, raw=True, correct_unused_bits=False)
            high = fields["high"] if native else fields["stored"] - 1
            decoded[frame] = sample(array, fields["allocated"], fields["stored"], high, fields["signed"]).reshape(-1)
        found["frames"] = decoded
        return found


def by_gdcm(path, frames):
    reader = gdcm.ImageReader()
    reader.SetFileName(path)
    image_read = reader.Read()
    if not image_read:
        reader = gdcm.Reader()
        reader.SetFileName(path)
        if not reader.Read():
            raise ValueError("not read")
    dataset = reader.GetFile().GetDataSet()
    tag = gdcm.Tag(0x10, 0x10)
    text = gdcm.StringFilter()
    text.SetFile(reader.GetFile())
    found = {"raw_name": text.ToString(tag) if dataset.FindDataElement(tag) else ""}
    found["pixels"] = dataset.FindDataElement(gdcm.Tag(0x7FE0, 0x10))
    if not found["pixels"]:
        return found
    if not image_read:
        raise ValueError("no image")
    syntax = reader.GetFile().GetHeader().GetDataSetTransferSyntax().GetString()
    image = reader.GetImage()
    kind = image.GetPixelFormat()
    sizes = image.GetDimensions()
    columns, rows = sizes[0], sizes[1]
    count = sizes[2] if len(sizes) > 2 else 1
    allocated, samples = kind.GetBitsAllocated(), kind.GetSamplesPerPixel()
    signed = kind.GetPixelRepresentation() == 1
    if syntax == "1.2.840.10008.1.2.5" and samples > 1 and allocated > 8:
        raise ValueError("known to put the bytes of such samples in another order (GDCM 3.0 and 3.2)")
    found["fields"] = {
        "rows": rows,
        "columns": columns,
        "frames": count,
        "samples": samples,
        "allocated": allocated,
        "stored": kind.GetBitsStored(),
        "high": kind.GetHighBit(),
        "signed": signed,
        "photometric": str(image.GetPhotometricInterpretation()).strip(),
    }
    data = image.GetBuffer()
    if not isinstance(data, bytes):
        data = data.encode("utf-8", errors="surrogateescape")
    if allocated == 1:
        array = numpy.unpackbits(numpy.frombuffer(data, "u1"), bitorder="little")
    elif allocated in (8, 16, 32):
        array = numpy.frombuffer(data, f"u{allocated // 8}")
    else:
        raise ValueError("bits")
    size = rows * columns * samples
    if len(array) < size * count:
        raise ValueError("short")
    planar = image.GetPlanarConfiguration() == 1 and samples > 1
    decoded = {}
    for frame in frames:
        one = array[frame * size : (frame + 1) * size]
        if planar:
            one = one.reshape(samples, rows * columns).T.reshape(-1)
        decoded[frame] = sample(one, allocated, kind.GetBitsStored(), kind.GetHighBit(), signed)
    found["frames"] = decoded
    return found


def by_dcmtk(path, frames):
    """dcmtk makes an uncompressed file of it; the samples are then read as they lie."""
    with tempfile.NamedTemporaryFile(suffix=".dcm") as plain:
        tools = [["dcmconv", "+te"], ["dcmdjpeg", "+cn", "+te"], ["dcmdrle", "+te"], ["dcmdjpls", "+te"]]
        for tool in tools:
            done = subprocess.run(
                tool + [path, plain.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS
            )
            if done.returncode == 0:
                return by_pydicom(plain.name, frames)
    raise ValueError("no tool reads it")


def is_lossy(path, syntax):
    """By the transfer syntax, or by a frame header of JPEG's lossy processes: real files are mislabelled."""
    with open(path, "rb") as file:
        return any(syntax == f"1.2.840.10008.1.2.{rest}" for rest in LOSSY) or bool(DCT.search(file.read()))


def same(ours, theirs, lossy):
    """Equal, or for a lossy stream as near as decoders of one stream are."""
    if len(ours) != len(theirs):
        return False
    if ours.dtype.kind == "f" or theirs.dtype.kind == "f":
        return numpy.array_equal(ours, theirs, equal_nan=True)
    difference = numpy.abs(ours.astype("i8") - theirs.astype("i8"))
    if not difference.any():
        return True
    # Shared chrominance is spread by copying or by interpolating: single samples are far off, not many.
    return lossy and (difference.max() <= 4 or difference.mean() <= 3)


def difference(one, other, lossy):
    """How the second differs from the first on the frames that were asked for; nothing where they are the same."""
    if not one.get("pixels") and not other.get("pixels"):
        return ""
    if not other.get("pixels"):
        return "no pixel data"
    if not one.get("pixels"):
        return "pixel data"
    frames = sorted(one["frames"].keys() & other["frames"].keys())
    pairs = [(one["frames"][n], other["frames"][n]) for n in frames]
    if any(len(a) != len(b) for a, b in pairs):
        return "another number of samples"
    if all(same(a, b, lossy) for a, b in pairs):
        return ""
    names = ("signed", "stored", "high", "allocated", "samples", "photometric")
    fields = [(found.get("fields") or {}) for found in (one, other)]
    apart = [n for n in names if str(fields[0].get(n)) != str(fields[1].get(n))]
    return f"other samples, by {apart[0]}" if apart else "other samples"


def pixels_agree(one, other, lossy):
    """Two judges, or one and the program, on the frames that were asked for."""
    return not difference(one, other, lossy)


def ours_as_judge(ours):
    found = {"name": ours["name"], "pixels": "decoded" in ours, "fields": ours.get("fields")}
    if found["pixels"]:
        found["frames"] = {d["frame"]: numpy.fromfile(d["path"], d["dtype"]) for d in ours["decoded"]}
    return found


def plain_name(name):
    groups = [group.rstrip(" ^") for group in name.rstrip("\0 ").split("=")[:3]]
    return "=".join(groups).rstrip("=").strip()


def refused(path, ours):
    """What the program refuses, and with JUDGE_REFUSED set, whether pydicom and GDCM show the same all the same."""
    kind = ours.get("error", "died")
    if "JUDGE_REFUSED" in os.environ:
        judges = [apart(by_pydicom, path, [0]), apart(by_gdcm, path, [0])]
        if not any("error" in found for found in judges) and pixels_agree(*judges, is_lossy(path, "")):
            return "refused", f"{kind} {ours.get('why')}", {}
    return "error", kind, {}


def judged(path, ours):
    if "error" in ours or "died" in ours:
        return refused(path, ours)
    mine = ours_as_judge(ours)
    frames = sorted(mine.get("frames", {}))
    judges = {"pydicom": apart(by_pydicom, path, frames), "gdcm": apart(by_gdcm, path, frames)}
    able = {name: found for name, found in judges.items() if "error" not in found}
    if able:
        judges["dcmtk"] = apart(by_dcmtk, path, frames)
        able = {name: found for name, found in judges.items() if "error" not in found}
    told = {name: found.get("error", "reads it") for name, found in judges.items()}
    if not able:
        return "alone", "", told
    lossy = is_lossy(path, ours["syntax"])
    ways = {name: difference(mine, found, lossy) for name, found in able.items()}
    with_me = {name: not way for name, way in ways.items()}
    told.update({name: f"otherwise: {way}" if way else "as the program" for name, way in ways.items()})
    if not all(with_me.values()):
        others = list(able.values())
        among = all(pixels_agree(others[0], other, lossy) for other in others[1:])
        verdict = "split" if not among else "differs" if len(able) > 1 else "differs from one"
        return verdict, "pixels", told
    # What pydicom decoded and dcmtk wrote: the name, unless the program marked it.
    names = {name: plain_name(found["name"]) for name, found in able.items() if "name" in found}
    marked = "\ufffd" in mine["name"] or any(w.startswith(("BadText", "UnknownCharset")) for w in ours["warnings"])
    wrong = [name for name, text in names.items() if text != plain_name(mine["name"])]
    if wrong and not marked:
        if len(set(names.values())) > 1:
            return "split", "name", told
        return "differs" if len(names) > 1 else "differs from one", "name", told
    if mine["fields"]:
        told_of = {w[-11:] for w in ours["warnings"]}
        for field in FIELDS:
            if mine["fields"]["float"] and field in ("stored", "high", "signed"):
                continue  # absent, or without a meaning
            if field == "photometric" and "(0028,0004)" in told_of:
                continue  # a name that is none, with a warning: GDCM guesses
            values = {str(found["fields"][field]) for found in able.values() if found.get("fields")}
            if str(mine["fields"][field]) not in values:
                verdict = "split" if len(values) > 1 else "differs" if len(able) > 1 else "differs from one"
                return verdict, f"{field}: {mine['fields'][field]}, judges {sorted(values)}", told
    return ("agree" if len(able) > 1 else "one"), "", told


# Why a judge gives up, by the words of its complaint.
GIVES_UP = [
    ("is not a transfer syntax", "the transfer syntax is named wrongly"),
    ("Value Representation", "a VR that is none"),
    ("No tag to read", "bytes after the last element"),
    ("Unable to decode", "its decoder takes no damage"),
    ("bytes of pixel data is less", "native pixel data that is a code stream"),
    ("Missing required element", "an element of the pixel module is missing"),
    ("BytesLength", "a number of another length"),
    ("known to put", "no judge of such samples"),
    ("died or took too long", "the judge died"),
]


def gives_up(why):
    return next((cause for words, cause in GIVES_UP if words in why), "the judge does not read it")


def cause(verdict, about, judges):
    """Which class of disagreement it is: who stands apart from the program and how, or why nobody reads it."""
    if verdict == "alone":
        return gives_up(judges.get("pydicom", ""))
    if verdict not in ("split", "differs from one"):
        return ""
    if about != "pixels":
        return about.split(":")[0]
    # Of each judge that reads it: with the program, or how it differs.
    apart = {name: told.partition(": ")[2] for name, told in judges.items() if told.startswith("otherwise")}
    beside = [name for name, told in judges.items() if told == "as the program"]
    ways = ", ".join(f"{name} has {way}" for name, way in sorted(apart.items()))
    return f"{ways}; {' and '.join(sorted(beside)) or 'nobody'} as the program"


for line in sys.stdin:
    asked = json.loads(line)
    verdict, about, judges = judged(asked["path"], asked["ours"])
    why = cause(verdict, about, judges)
    print(json.dumps({"path": asked["path"], "verdict": verdict, "about": about, "cause": why, "judges": judges}), flush=True)
