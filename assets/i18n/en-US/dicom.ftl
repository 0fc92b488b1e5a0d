# Sentences of the room `dicom`.

dicom-not-dicom = This is not a DICOM file. Choose a file, folder or DICOMDIR that a scanner or an archive wrote.
dicom-truncated = The file ends early, at byte { $at } inside { $tag }. Copy or fetch it again.
dicom-malformed = The file is damaged at { $tag }: { $what }. Copy or fetch it again; if it stays so, tell the centre.
dicom-missing = The element { $tag } is missing or unusable, so this cannot be shown safely. Tell the centre that sent it.
dicom-unsupported-syntax = Images stored as { $name } ({ $uid }) are not shown by this version. Ask the centre for another transfer syntax.
dicom-video = This is a video ({ $name }); it is not shown here. Save it with `dokuei decode FILE --stream --out VIDEO.{ $extension }` and open it in a video player.
dicom-unsupported-pixels = This kind of pixel data is not shown by this version: { $what }.
dicom-codestream = Frame { $frame } cannot be decoded: { $what }. Fetch it again; if it stays so, tell the centre.
dicom-no-such-frame = There is no frame { $frame }: the object has { $frames } (counted from 0).
dicom-no-pixel-data = This object holds no image.

warning-bad-value = { $about } holds a value that breaks the standard and was ignored.
warning-bad-text = { $about } could not be decoded completely; damaged places are marked.
warning-unknown-charset = The character set { $about } is unknown; text may be wrong.
warning-odd-charset = The character set is written “{ $about }”, which is not the standard's name; it was read as what it most likely means.
warning-missing-element = { $about } is missing.
warning-rescale-broken = The rescale values are unusable: no modality units (HU) for this image.
warning-no-meta = The file has no meta information; how it is stored was guessed.
warning-lossy = Compressed with loss ({ $about }).
warning-uncalibrated = Distances are not calibrated in the patient ({ $about }).
warning-geometry-unknown = The position in the patient is unknown.
warning-incomplete = Images are missing ({ $about }).
warning-derived = Derived image ({ $about }).
warning-stand-in-uid = The identifier { $about } is missing or unusable. The image can be read, but no report on it can be sent.
warning-duplicates = Several images lie at the same place ({ $about }).
warning-twice = Images that came more than once: { $about }. The first of each is shown.
warning-conflicting = Images that came more than once and differ under one identifier: { $about }. The first of each is shown; open each source by itself to see the others.
warning-uneven = The images lie at unequal distances ({ $about }). Planes and volumes through them may not be possible.
warning-split-series = This series also stands in another study ({ $about }). Its images may belong together.
warning-mixed-patients = This study names more than one patient ({ $about }). Check the patient before reading it.
