# documents in a viewport: reports, PDF, and what is only listed

document-line = Line { $at } / { $count }
document-page = Page { $at } / { $count }
document-count-one = 1 page
document-count = { $count } pages

document-complete = Complete
document-partial = Not complete
document-verified = Verified
document-unverified = Not verified
document-preliminary = Preliminary
document-final = Final
document-verifier = { $name } { $organisation }
document-predecessor = Follows an earlier document
document-refers-elsewhere = not among the open images ({ $uid })
document-refers = { $title }, image { $number }

document-kind-pdf = PDF document
document-kind-report = Structured report
document-kind-key-objects = Key objects
document-kind-segmentation = Segmentation
document-kind-structure-set = Radiotherapy structures
document-kind-waveform = Waveform
document-kind-presentation-state = Presentation state
document-kind-cda = CDA document
document-kind-model = 3D model
document-kind-plan = Radiotherapy plan
document-kind-registration = Registration

document-why-pdf = This PDF cannot be shown: it is damaged, under a password, or takes too long to read.
document-why-segmentation = Not shown here: segments are listed by name and not drawn over the images.
document-why-structure-set = Not shown here: regions are listed by name and not drawn over the images.
document-why-waveform = Not shown here: curves are not drawn. Read them in the system that recorded them.
document-why-presentation-state = Not applied here: images are shown as the modality stored them, without the changes that this object describes.
document-why-cda = Not shown here: ask the centre for this document as PDF.
document-why-model = Not shown here: models are listed by name only.
document-why-plan = Not shown here: plans and records of radiotherapy are listed by name only.
document-why-registration = Not applied here: images are shown where the modality placed them.
document-why-other = Not shown here: this kind of object is listed by name only.

document-fact-segment = Segment
document-fact-region = Region
document-fact-channels = Channels
document-fact-sampling-rate = Samples a second (Hz)
document-fact-duration = Duration (s)
document-fact-label = Label
document-fact-description = Description
document-fact-media-type = Media type
document-fact-size = Size (bytes)
document-fact-images = Images referred to
document-fact-reference = Refers to
document-fact-about = About this document
