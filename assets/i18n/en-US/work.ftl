# Sentences of the room `work`.

work-file = { $path } cannot be read or written ({ $why }). Check the path and its permissions, then try again.
work-no-passphrase = The vault is locked and this system has no key store. Type its passphrase at the sign-in; on the command line set DOKUEI_PASSPHRASE, or start from a terminal.
work-no-password = The centre { $centre } asks who you are. Type user name and password at the sign-in; on the command line set DOKUEI_PASSWORD (and --user), or start from a terminal.
work-not-here = Study { $study } is not in the vault. Fetch it first: dokuei fetch --centre CENTRE --study { $study }
work-no-image = There is no image that can be shown here. `dokuei info` lists what is there.
work-not-an-image = { $what }: this is not an image, so there is no picture of it. `dokuei info --json --show-phi` tells what is in it.
work-no-such-image = The image { $image }, named in the report, is not at hand. Fetch its study, or name its folder with --images.
work-wrong-object = The centre sent something other than what was asked for ({ $what }). It was not kept. Fetch again; if it stays so, tell the centre.
work-conflict = The centre holds another object under this report's identifier. The report is safe here and was not overwritten there; tell the centre, then sign it again.
work-refused = The centre refused the report (reason { $reason }). It is safe here; tell the centre the reason, then send again.
work-not-named = The centre answered without naming the report, so it does not count as sent. It is safe here; send again later.
work-stopped = The work stopped before it was done. Nothing that was saved is lost; try again.
work-not-at-centre = The centre has no study { $study }. Look at its worklist again: it may have been moved or merged.
work-not-given = The centre lists this image but did not send it. Fetch again; if it stays so, tell the centre.
work-not-read-back = The centre said that it stored the report but does not give it back yet. It is safe here; send again later to confirm it.
work-list-cut = The centre's list of this study is cut short or unreadable in places, so more images may exist. Fetch again; if it stays so, tell the centre before you report.
work-stand-in = The image { $image } has no valid identifier of its own, so a report cannot refer to it safely. Tell the centre that sent it.
work-changed-there = The centre stored the report but changed it (warning { $reason }), so it does not count as confirmed. It is safe here; tell the centre.
work-mixed-patients = The images are of more than one patient, so nothing was done with them together. Choose the images of one patient.
work-which-series = There is more than one series. Choose one with --series: { $series }
work-other-centre = This study came from { $from }. A report on it goes there; name that centre with --centre.
work-outside-volume = The plane does not meet the images. Choose a point inside them with --at, or leave it out.
work-over-input = { $path } is one of the files being read and would be lost. Choose another name for the result.
work-worklist-cut = The centre's list is cut short or has rows that cannot be read ({ $count }). Studies may be missing; tell the centre.
work-no-sound = The sound of a new STAT could not be played: no audio device takes it. Check the system's sound output; new STAT studies are still marked on the worklist.
# the open case
work-not-yet-here = This image has not arrived yet. Wait for it, or fetch the rest of the study.
work-measure-no-extent = What was drawn has no extent: its points coincide or lie on one line. Draw it again.
work-measure-crosses = The outline crosses itself, so it has no inside. Draw it again.
work-measure-outside = A point lies outside the image. Draw it inside.
work-measure-no-value = There is no value here: padding, a colour image, or unusable rescale values. Choose another place or image.
work-measure-again = This shape cannot be measured. Draw it again.
work-file-changed = { $path } has changed since it was opened. Open it again.
work-file-refused = { $file }: { $why }
work-files-refused = { $count } files could not be opened. Point at the warning beside the series to see which and why.
