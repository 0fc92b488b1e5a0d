# viewports and what lies over them

viewer-area = Viewport { $number }
viewer-area-image = Viewport { $number }: { $title }, image { $at } of { $count }
viewer-area-plane = Viewport { $number }: { $plane } plane
viewer-empty = Nothing is shown here. Drag a series from the left into this viewport.
viewer-coming = Waiting for the first image from the centre…
viewer-decoding = Decoding the image…
viewer-building = Making the planes from the images of the series…
viewer-preparing = Bringing the images to the graphics card…

viewer-no-name = Name not given
viewer-no-id = ID not given
viewer-age-years = { $count } y
viewer-age-months = { $count } mo
viewer-age-weeks = { $count } wk
viewer-age-days = { $count } d
viewer-sex-male = M
viewer-sex-female = F
viewer-sex-other = O

viewer-series-of = { $modality }  series { $number }
viewer-image = Image { $at } / { $count }
viewer-image-numbered = Image { $at } / { $count }  (no. { $number })
viewer-window = C { $center }  W { $width }
viewer-window-table = Grey table { $name }
viewer-zoom = Zoom { $percent } %
viewer-position = Position { $mm } mm
viewer-thickness = Thickness { $thickness } mm
viewer-position-thickness = Position { $mm } mm  thickness { $thickness } mm
viewer-value = Value { $value }
viewer-plane-axial = Axial
viewer-plane-coronal = Coronal
viewer-plane-sagittal = Sagittal
viewer-plane-oblique = Oblique

viewer-arriving = Not all images are here yet: { $received } / { $expected }
viewer-arriving-some = Not all images are here yet: { $received } so far
viewer-incomplete = Incomplete: { $received } of { $expected } images came
viewer-missing = { $count } slices are missing
viewer-no-values = Rescale unusable: no HU
viewer-lossy = Lossy compressed
viewer-lossy-ratio = Lossy compressed { $ratio }:1
viewer-uncalibrated = No calibrated spacing
viewer-detector = mm at the detector
viewer-localiser = Localiser
viewer-key-image = Key image
viewer-twin = Drawn without the GPU
viewer-slab-mip = MIP { $mm } mm
viewer-slab-minip = MinIP { $mm } mm
viewer-slab-mean = Mean { $mm } mm

viewer-no-series = No images are here yet.
viewer-stack = { $title }, { $count } images
viewer-stack-numbered = Series { $number }, { $title }, { $count } images
viewer-count = { $count } images
viewer-transfer = { $received } / { $expected } images
viewer-refused = { $count } could not be opened
viewer-undecodable = { $count } images cannot be shown:
