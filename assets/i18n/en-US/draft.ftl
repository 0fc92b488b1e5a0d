# the report panel

# session
draft-report-confirmed = The report has arrived: the centre gave it back unchanged.
draft-report-refused = The centre refused a report. It is safe here; look at the list of reports and tell the centre.
draft-files-not-signed = Reports are signed on studies of a centre. These images are files of this computer; open the study from the worklist to report it.
draft-leave-not-kept = What was made on the open case could not be saved, so Dokuei stays open. Mend that, or close once more to leave without the last changes.
