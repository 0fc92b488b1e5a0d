# Sentences of the room `imaging`.

imaging-sample-count = The image is incomplete: { $found } of { $expected } samples. Fetch it again; if it stays so, tell the centre.
imaging-no-palette = The image names colour tables that are missing or damaged, so it cannot be shown in its true colours. Tell the centre that sent it.
imaging-unsupported-pixels = This kind of pixel data is not shown by this version: { $what }.
imaging-no-such-frame = Nothing is known about frame { $frame } of this image. Choose a frame that the image has.
imaging-bad-window = A window of centre { $center } and width { $width } is not possible. Give a width of at least 1.
imaging-bad-size = A picture of { $width } x { $height } pixels is not drawn. Give sides from 1 to { $limit }.
imaging-bad-plane = This plane has no direction or position. Give axial, coronal, sagittal or a normal such as 0,0,1, and a finite point.
imaging-bad-slab = A slab of { $thickness } mm is not possible. Give a thickness of 0 mm or more.
imaging-too-few-slices = Planes need at least two slices; there are { $slices }. Show the image itself.
imaging-geometry-unknown = Slice { $slice } does not say where it lies in the patient, so no planes can be computed. Show the images themselves.
imaging-not-monochrome = Slice { $slice } is in colour; planes are computed from grey images only. Show the images themselves.
imaging-unsupported-voxels = The samples of slice { $slice } are not of the kind that planes are computed from (8 or 16 bits, alike in all slices). Show the images themselves.
imaging-size-differs = Slice { $slice } has other rows or columns than the first. Choose one stack of the series.
imaging-orientation-differs = Slice { $slice } is oriented differently from the first. Choose one stack of the series.
imaging-pixel-spacing-differs = Slice { $slice } has another pixel spacing than the first. Choose one stack of the series.
imaging-slices-coincide = Planes cannot be made: slices { $slice } and { $next } lie in the same place. Choose one stack of the series, or show the images themselves.
imaging-no-depth = All slices lie in one plane, so no other planes can be computed. Show the images themselves.
imaging-rescale-unusable = The rescale values of slice { $slice } are unusable, so no planes are computed. Show the images themselves.
imaging-unit-differs = Slice { $slice } has values in another unit than the first. Choose one stack of the series.
