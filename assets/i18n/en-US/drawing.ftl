# measurements and drawings

drawing-length = Length
drawing-bidirectional = Bidirectional
drawing-angle = Angle
drawing-ellipse = Ellipse
drawing-rectangle = Rectangle
drawing-polygon = Polygon
drawing-point = Point value
drawing-arrow = Arrow
drawing-text = Text

drawing-mean = mean { $mean } ± { $deviation }
drawing-range = min { $low }, max { $high }
drawing-real-area = { $label } mean { $mean } ± { $deviation }, min { $low }, max { $high }
drawing-real-value = { $label } { $value }
drawing-uncalibrated = not calibrated
drawing-detector = at the detector
drawing-calibrated = calibrated
drawing-unstated = perhaps at the detector
drawing-magnified = magnification corrected
drawing-no-value = no value

drawing-says-length = Length { $value }
drawing-says-axes = Long axis { $long }, short axis { $short }
drawing-says-angle = Angle { $value }
drawing-says-value = Value { $value }
drawing-says-area = Area { $area }
drawing-says-area-mean = Area { $area }, { $mean }
drawing-noted = { $what }, { $note }
drawing-labelled = { $label }: { $what }
drawing-key-image = Key image
drawing-where = series { $series }, image { $image }
drawing-where-image = image { $image }
drawing-sentence = { $what } ({ $place }).

drawing-words = Text on the image
drawing-edit-text = Edit text…
drawing-cite = To report
drawing-cited = In report
drawing-cite-named = Put into the report: { $what }
drawing-delete-named = Delete: { $what }
drawing-none = Nothing has been measured yet.
