"""Writes, into a folder, one file a character set with every character of it, encoded by pydicom; prints what it
wrote, in the form of texts.py. (Read back, some of it is broken: pydicom splits values within two-byte codes.)"""

import json
import pathlib
import random
import sys
import warnings

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

warnings.simplefilter("ignore")
# It forgets the escape sequence of IR 58, which its own reader needs.
pydicom.charset.handled_encodings = ("iso2022_jp", "iso2022_jp_2")
SETS = [[f"ISO_IR {n}"] for n in (100, 101, 109, 110, 126, 127, 138, 144, 148, 166, 13, 192)]
SETS += [["GB18030"], ["GBK"]]
SETS += [["", "ISO 2022 IR 87"], ["ISO 2022 IR 13", "ISO 2022 IR 87"], ["", "ISO 2022 IR 159"]]
SETS += [["", "ISO 2022 IR 87", "ISO 2022 IR 159"], ["", "ISO 2022 IR 149"], ["", "ISO 2022 IR 58"]]
SETS += [["ISO 2022 IR 100", "ISO 2022 IR 144", "ISO 2022 IR 126", "ISO 2022 IR 166"]]


ESCAPES = {"iso2022_jp": b"\x1b$B", "iso2022_jp_2": b"\x1b$(D"}
HOSTILE = (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)


def characters(codec):
    """What a set encodes and decodes again, of what stands for itself."""
    found = []
    for code in [*range(0x21, 0x7F), *range(0xA1, 0xD800), *range(0xE000, 0xFFFE)]:
        character = chr(code)
        # Delimiters, the two places where romaji differ from ASCII, and what our side marks as hostile.
        if character in "\\^=~" or not character.isprintable() or code in HOSTILE:
            continue
        # The judge reads IR 6 as Latin-1 and IR 13 as Shift JIS; by the standard they are less.
        if codec == "iso8859" and code > 0x7E or codec == "shift_jis" and code > 0x7E and not 0xFF61 <= code <= 0xFF9F:
            continue
        # One letter changed places in GB 18030-2005; Python writes that of 2000, and we read what is written today.
        if codec.lower() == "gb18030" and code == 0x1E3F:
            continue
        try:
            written = character.encode(codec)
            if codec == "euc_kr" and len(written) > 2:  # Composed of letters, which PS3.5 I does not know.
                continue
            if ESCAPES.get(codec, b"") in written and written.decode(codec) == character:
                found.append(character)
        except UnicodeError:
            pass
    return found


folder, answer = pathlib.Path(sys.argv[1]), {}
for number, terms in enumerate(SETS):
    codecs = pydicom.charset.convert_encodings(terms)
    sets = [characters(codec) for codec in codecs]
    # Beside IR 6 its writer takes Latin-1 for the first set.
    floor = "\xff" if codecs[0] == "iso8859" else "~"
    sets = [sets[0], *([letter for letter in letters if letter > floor] for letters in sets[1:])]
    if "shift_jis" in codecs:
        # The judge writes romaji and katakana in turn, never mixed.
        sets = [list("ABCxyz012"), [letter for letter in sets[0] if letter > "~"], *sets[1:]]
    dice = random.Random(number)
    word = lambda: "".join(dice.choices(dice.choice(sets), k=dice.randint(1, 9)))
    dataset = Dataset()
    dataset.SpecificCharacterSet = terms
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", f"1.2.3.{number + 1}"
    name = lambda: f"{word()}^{word()}"
    texts = {
        0x00100010: ("PN", [f"{name()}={name()}={name()}"]),
        0x00101001: ("PN", [f"{name()}={word()}" for _ in range(20)]),
        0x00081048: ("PN", [name() for _ in range(20)]),
        0x00080080: ("LO", [word()]),
        0x0008103E: ("LO", [word()]),
        0x00081030: ("LO", [word()]),
        # With code extensions it forgets that lines begin anew (PS3.5 6.1.2.5.3).
        0x00104000: ("LT", ["\r\n".join(word() for _ in range(20 if len(terms) == 1 and "13" not in terms[0] else 1))]),
    }
    # One set a value: the judge cannot write several into one text, and a few characters not beside others.
    lines = ["".join(letters[at : at + 20]) for letters in sets for at in range(0, len(letters), 20)]
    written = [line for line in lines if b"??" not in pydicom.charset.encode_string(line, codecs)]
    assert len(written) > 0.9 * len(lines), terms
    texts[0x00080119] = ("UC", written)
    for tag, (vr, values) in texts.items():
        dataset.add_new(tag, vr, values[0] if len(values) == 1 else values)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    file = f"{number}.dcm"
    dataset.save_as(folder / file, enforce_file_format=True)
    answer[file] = {f"{tag:08x}": "\\".join(values) for tag, (_, values) in texts.items()}
print(json.dumps(answer))
