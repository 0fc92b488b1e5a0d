# documents in a viewport: reports, PDF, and what is only listed

page-line = Line { $at } / { $count }
page-page = Page { $at } / { $count }
page-count-one = 1 page
page-count = { $count } pages

page-complete = Complete
page-partial = Not complete
page-verified = Verified
page-unverified = Not verified
page-preliminary = Preliminary
page-final = Final
page-verifier = { $name } { $organisation }
page-predecessor = Follows an earlier document
page-refers-elsewhere = not among the open images ({ $uid })
page-refers = { $title }, image { $number }

page-kind-pdf = PDF document
page-kind-report = Structured report
page-kind-key-objects = Key objects
page-kind-segmentation = Segmentation
page-kind-structure-set = Radiotherapy structures
page-kind-waveform = Waveform
page-kind-presentation-state = Presentation state
page-kind-cda = CDA document
page-kind-model = 3D model
page-kind-plan = Radiotherapy plan
page-kind-registration = Registration

page-why-pdf = This PDF cannot be shown: it is damaged, under a password, or takes too long to read.
page-why-segmentation = Not shown here: segments are listed by name and not drawn over the images.
page-why-structure-set = Not shown here: regions are listed by name and not drawn over the images.
page-why-waveform = Not shown here: curves are not drawn. Read them in the system that recorded them.
page-why-presentation-state = Not applied here: images are shown as the modality stored them, without the changes that this object describes.
page-why-cda = Not shown here: ask the centre for this document as PDF.
page-why-model = Not shown here: models are listed by name only.
page-why-plan = Not shown here: plans and records of radiotherapy are listed by name only.
page-why-registration = Not applied here: images are shown where the modality placed them.
page-why-other = Not shown here: this kind of object is listed by name only.

page-fact-segment = Segment
page-fact-region = Region
page-fact-channels = Channels
page-fact-sampling-rate = Samples a second (Hz)
page-fact-duration = Duration (s)
page-fact-label = Label
page-fact-description = Description
page-fact-media-type = Media type
page-fact-size = Size (bytes)
page-fact-images = Images referred to
page-fact-reference = Refers to
