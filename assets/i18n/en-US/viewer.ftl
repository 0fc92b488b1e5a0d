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

viewer-series-of = { $modality }  series { $number }
viewer-image = Image { $at } / { $count }
viewer-image-numbered = Image { $at } / { $count }  (no. { $number })
viewer-image-so-far = Image { $at } / { $count } here so far
viewer-image-numbered-so-far = Image { $at } / { $count } here so far  (no. { $number })
viewer-window = C { $center }  W { $width }
viewer-window-table = Grey table { $name }
viewer-overlay = Overlay { $name }
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
viewer-mirrored = Mirrored left to right
viewer-mirrored-over = Mirrored top to bottom
viewer-mirrored-right = Mirrored, turned 90° right
viewer-mirrored-left = Mirrored, turned 90° left
viewer-turned-right = Turned 90° right
viewer-turned-left = Turned 90° left
viewer-turned-over = Turned 180°
viewer-key-image = Key image
viewer-shutter-off = Shutter off
viewer-shutter-off-means = The image covers a part of itself, such as what lies outside the collimated field. You have switched that off.
viewer-overlays-off = Overlays hidden
viewer-overlays-off-means = Marks or outlines came with this image. You have switched them off.
viewer-profile-broken = Colours not calibrated
viewer-profile-broken-means = The colour profile of this image is damaged: its colours are shown as they are stored and may look different elsewhere.
viewer-twin = Drawn without the GPU
viewer-slab-mip = MIP { $mm } mm
viewer-slab-minip = MinIP { $mm } mm
viewer-slab-mean = Mean { $mm } mm

viewer-no-series = No images are here yet.
viewer-stack = { $title }, { $images }
viewer-stack-numbered = Series { $number }, { $title }, { $images }
viewer-count-one = 1 image
viewer-count-so-far = { $count } so far
viewer-count = { $count } images
viewer-transfer = { $received } / { $expected } images
viewer-skipped = Files that are not DICOM: { $count }
viewer-refused = { $count } could not be opened
viewer-undecodable-one = 1 image cannot be shown:
viewer-undecodable = { $count } images cannot be shown:
