"""The other side of `cargo xtask bench codecs`: encodes real CT slices, and times the C libraries on them.

peer.py encode FOLDER SLICES...   writes list.txt and the code streams that examples/decode_bench.rs describes
peer.py serve FOLDER              answers each line `one LABEL` with seconds of processor time
"""

import os
import pathlib
import resource
import subprocess
import sys
import time

import imagecodecs
import numpy
import pydicom
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders import RLELosslessEncoder

SYNTAX = "1.2.840.10008.1.2."
# dcmtk works on files: so many frames that starting it does not count.
DCMTK_FRAMES = 200


def hounsfield(file):
    d = pydicom.dcmread(file)
    return d.pixel_array.astype(numpy.int32) * int(d.RescaleSlope) + int(d.RescaleIntercept)


def grey(slices):
    """Raised to unsigned 16 bits, 12 of them used."""
    return [numpy.clip(s + 1024, 0, 4095).astype("<u2") for s in slices]


def eight_bits(slices):
    """A soft tissue window (40, 400)."""
    return [((numpy.clip(s.astype(numpy.float32), -160, 240) + 160) / 400 * 255).astype(numpy.uint8) for s in slices]


def colours(pictures):
    """Three windows of one slice as red, green and blue."""
    return [numpy.ascontiguousarray(numpy.stack([p, numpy.roll(p, 3, 0), 255 - p], -1)) for p in pictures]


def rle(image):
    """An RLE frame of 16-bit samples (PS3.5 annex G)."""
    rows, columns = image.shape
    options = dict(rows=rows, columns=columns, samples_per_pixel=1, bits_allocated=16, bits_stored=16,
                   photometric_interpretation="MONOCHROME2", pixel_representation=0, number_of_frames=1)
    return bytes(RLELosslessEncoder.encode(image.tobytes(), **options))


# label: transfer syntax, pictures, bits allocated, bits stored, photometric interpretation, encoder
def codings(slices):
    twelve, eight = grey(slices), eight_bits(slices)
    rgb = colours(eight)
    raw = lambda image: image.tobytes()
    # About a twentieth of the bytes.
    lossy = dict(codecformat="j2k", level=90, reversible=False)
    return {
        "native": ("1", twelve, 16, 12, "MONOCHROME2", raw),
        "rle": ("5", twelve, 16, 16, "MONOCHROME2", rle),
        "jpeg-grey": ("4.50", eight, 8, 8, "MONOCHROME2", lambda i: imagecodecs.jpeg8_encode(i, level=90)),
        "jpeg-colour": ("4.50", rgb, 8, 8, "YBR_FULL_422", lambda i: imagecodecs.jpeg8_encode(i, level=90)),
        "jpeg-12-bit": ("4.51", twelve, 16, 12, "MONOCHROME2",
                        lambda i: imagecodecs.jpeg8_encode(i, level=90, bitspersample=12)),
        "jpeg-lossless": ("4.70", twelve, 16, 16, "MONOCHROME2", lambda i: imagecodecs.jpeg8_encode(i, lossless=True)),
        "jpeg-ls": ("4.80", twelve, 16, 12, "MONOCHROME2", imagecodecs.jpegls_encode),
        "jpeg-ls-near": ("4.81", twelve, 16, 12, "MONOCHROME2", lambda i: imagecodecs.jpegls_encode(i, level=2)),
        "jpeg-ls-colour": ("4.80", rgb, 8, 8, "RGB", imagecodecs.jpegls_encode),
        "j2k": ("4.90", twelve, 16, 16, "MONOCHROME2",
                lambda i: imagecodecs.jpeg2k_encode(i, codecformat="j2k", level=0, reversible=True)),
        "j2k-lossy": ("4.91", twelve, 16, 16, "MONOCHROME2", lambda i: imagecodecs.jpeg2k_encode(i, **lossy)),
        "j2k-colour": ("4.90", rgb, 8, 8, "RGB",
                       lambda i: imagecodecs.jpeg2k_encode(i, codecformat="j2k", level=0, reversible=True)),
        "htj2k": ("4.201", twelve, 16, 16, "MONOCHROME2", imagecodecs.htj2k_encode),
        "htj2k-colour": ("4.201", rgb, 8, 8, "RGB", imagecodecs.htj2k_encode),
        "jxl": ("4.110", twelve, 16, 12, "MONOCHROME2",
                lambda i: imagecodecs.jpegxl_encode(i, lossless=True, effort=4, bitspersample=12)),
        "jxl-lossy": ("4.112", rgb, 8, 8, "RGB", lambda i: imagecodecs.jpegxl_encode(i, level=90)),
    }


def encode(folder, files):
    slices = [hounsfield(file) for file in files]
    lines = []
    for label, (syntax, pictures, allocated, stored, photometric, encoder) in codings(slices).items():
        rows, columns = pictures[0].shape[:2]
        samples = 3 if pictures[0].ndim == 3 else 1
        streams = [bytes(encoder(picture)) for picture in pictures]
        for number, stream in enumerate(streams):
            (folder / f"{label}.{number}").write_bytes(stream)
        lines.append(f"{label} {SYNTAX}{syntax} {rows} {columns} {samples} {allocated} {stored} 0 {photometric} {len(streams)}")
        if label in DCMTK:
            many(files[0], streams, pictures, SYNTAX + syntax, folder, label)
    (folder / "list.txt").write_text("\n".join(lines) + "\n")


def many(template, streams, pictures, syntax, folder, label):
    """The frames again and again as one object, encoded and not, for dcmtk."""
    d = pydicom.dcmread(template)
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7.3"
    d.NumberOfFrames, d.PixelRepresentation = DCMTK_FRAMES, 0
    d.BitsAllocated = d.BitsStored = 16
    d.HighBit = 15
    again = [n % len(streams) for n in range(DCMTK_FRAMES)]
    d.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    d.PixelData = b"".join(pictures[n].tobytes() for n in again)
    d["PixelData"].VR = "OW"
    d.save_as(folder / f"{label}.plain.dcm", enforce_file_format=True)
    d.file_meta.TransferSyntaxUID = syntax
    d.PixelData = encapsulate([streams[n] for n in again])
    d["PixelData"].VR = "OB"
    d["PixelData"].is_undefined_length = True
    d.save_as(folder / f"{label}.coded.dcm", enforce_file_format=True)


def ybr(stream):
    """Without conversion to RGB, as the codec door leaves it."""
    return imagecodecs.jpeg8_decode(stream, colorspace="YCBCR", outcolorspace="YCBCR")


DECODE = {
    "native": lambda stream: numpy.frombuffer(stream, "<u2").copy(),
    "jpeg-grey": imagecodecs.jpeg8_decode,
    "jpeg-colour": ybr,
    "jpeg-12-bit": imagecodecs.jpeg8_decode,
    "jpeg-ls": imagecodecs.jpegls_decode,
    "jpeg-ls-near": imagecodecs.jpegls_decode,
    "jpeg-ls-colour": imagecodecs.jpegls_decode,
    "j2k": lambda stream: imagecodecs.jpeg2k_decode(stream, numthreads=1),
    "j2k-lossy": lambda stream: imagecodecs.jpeg2k_decode(stream, numthreads=1),
    "j2k-colour": lambda stream: imagecodecs.jpeg2k_decode(stream, numthreads=1),
    "htj2k": imagecodecs.htj2k_decode,
    "htj2k-colour": imagecodecs.htj2k_decode,
    "jxl": lambda stream: imagecodecs.jpegxl_decode(stream, numthreads=1),
    "jxl-lossy": lambda stream: imagecodecs.jpegxl_decode(stream, numthreads=1),
}
DCMTK = {"rle": "dcmdrle", "jpeg-lossless": "dcmdjpeg"}


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def dcmtk(folder, label, frames):
    """Decoding alone: what the decoder takes, less what copying the decoded object takes."""
    took = {}
    out = folder / "dcmtk.out"
    for program, kind in ((DCMTK[label], "coded"), ("dcmconv", "plain")):
        begun = children()
        subprocess.run([program, folder / f"{label}.{kind}.dcm", out], check=True, stderr=subprocess.DEVNULL)
        took[kind] = children() - begun
    out.unlink()
    return (took["coded"] - took["plain"]) * frames / DCMTK_FRAMES


def serve(folder):
    frames = {}
    for line in (folder / "list.txt").read_text().splitlines():
        words = line.split(" ")
        frames[words[0]] = [(folder / f"{words[0]}.{n}").read_bytes() for n in range(int(words[9]))]
    for line in sys.stdin:
        label = line.split()[1]
        if label in DCMTK:
            print(dcmtk(folder, label, len(frames[label])), flush=True)
            continue
        decode, begun = DECODE[label], time.thread_time()
        for stream in frames[label]:
            decode(stream)
        print(time.thread_time() - begun, flush=True)


if __name__ == "__main__":
    # One thread in every library.
    os.environ["OMP_NUM_THREADS"] = "1"
    folder = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "encode":
        encode(folder, sys.argv[3:])
    else:
        serve(folder)
