# what could mislead: a few words on the image, and what they mean for reading

badge-mixed-patients = More than one patient in this study
badge-missing-one = 1 slice is missing
badge-missing = { $count } slices are missing
badge-incomplete = Images are missing
badge-rescale-broken = Rescale unusable: no HU
badge-duplicates = Several images at one place
badge-lossy = Lossy compressed
badge-lossy-ratio = Lossy compressed { $ratio }:1
badge-lossy-method = Lossy compressed ({ $method })
badge-lossy-ratio-method = Lossy compressed { $ratio }:1 ({ $method })
badge-lossy-transfer = Stored with loss: { $syntax }
badge-charset = Text may be wrong
badge-geometry-unknown = Position in the patient unknown
badge-uncalibrated = No calibrated spacing
badge-detector = mm at the detector
badge-burned-in = Text in the image
badge-capture = Secondary capture
badge-derived = Derived image
badge-localiser = Localiser

badge-means-mixed-patients = Its objects name different patients. Check the patient before reading it.
badge-means-incomplete = The slices do not follow one another without gaps. A finding may lie in what is missing: fetch the study again or ask the centre.
badge-means-rescale-broken = The values that turn stored numbers into Hounsfield units are missing or damaged. Grey levels can be looked at; no value can be measured.
badge-means-duplicates = More than one image lies at the same place, or one image came twice. Scrolling may show the same anatomy again.
badge-means-lossy = Fine detail was lost when the image was compressed, perhaps before it came here. It cannot be brought back.
badge-means-lossy-transfer = The image is stored in a way that loses detail, but does not say so itself. Ask the centre for an uncompressed or lossless copy where detail matters.
badge-means-charset = Some text of this image could not be read for certain; the places are marked. Compare the name and the ID before relying on them.
badge-means-geometry-unknown = The image does not say where it lies in the patient: there are no planes and no cross-reference to other series.
badge-means-uncalibrated = Nothing says how large a pixel is in the patient: lengths are in pixels.
badge-means-detector = Lengths are those of the shadow on the detector. The patient is closer to the tube, so structures are smaller than they measure here.
badge-means-burned-in = Names or other text may be part of the pixels themselves.
badge-means-capture = A copy of a screen or of another picture, not the modality's own image: values, spacing and position may be missing or wrong.
badge-means-derived = Computed from other images, for example a reformat, a subtraction or a map. Compare with the originals.
badge-means-localiser = A planning image for positioning: not for diagnosis.
