# Sentences of the room `cli`.

cli-ask-passphrase = Passphrase of the vault
cli-ask-password = Password of { $user } at { $centre }
cli-refused = { $path }: { $why }
cli-not-video = { $path } is not a video. Without --stream its frames are decoded.

cli-skipped = Files that are no DICOM and were passed over: { $count }
cli-worklist-empty = The centre lists no studies.
cli-fetched = { $received } of { $expected } images are here ({ $resumed } were before); { $megabytes } MB in { $seconds } s.
cli-fetch-incomplete = Only { $received } of { $expected } images are here. What came is kept; fetch again to get the rest.
cli-report-saved = The report is saved ({ $uid }). Send it with: dokuei report send
cli-report-none = There are no reports in the outbox.
cli-report-waiting = Not yet confirmed: { $count }. The reports are safe here; send again later.

cli-demo-serving = The demo centre listens at { $url }
cli-demo-line = The line to it is thin: { $line } there and back.
cli-demo-credentials = User { $user }, password { $password }
cli-demo-stop = Stop it with Ctrl+C.
cli-demo-started = The demo centre listens at { $url } (made-up patients, this computer only).
cli-demo-worklist = Worklist, most urgent first ({ $count } studies):
cli-demo-fetched = { $what }: { $received } of { $expected } images into the vault in { $seconds } s, the first after { $first } s.
cli-demo-report = The centre has the report: { $state }.
cli-demo-pictures = Pictures drawn by { $device } are in { $folder }

cli-doctor-gpu = { $name } draws ({ $backend }).
cli-doctor-gpu-software = { $name } draws in software ({ $backend }): right, but slow. Install the driver of the graphics card.
cli-doctor-key-store = The system's key store can hold the vault's key.
cli-doctor-no-key-store = This system offers no key store: the vault is opened with a passphrase (DOKUEI_PASSPHRASE).
cli-doctor-no-vault = There is no vault yet; the first fetch makes one.
cli-doctor-vault = The vault opens: { $instances } images, { $megabytes } MB.
cli-doctor-centre = The centre answers after { $ms } ms ({ $http }).
cli-doctor-tls = The line is encrypted (TLS { $version }).
cli-doctor-no-tls = The line is not encrypted. That is accepted on this computer only.
cli-doctor-sign-in = The centre lets you in.
cli-doctor-throughput = At least { $mbit } Mbit/s; a CT of 500 slices would take at most { $seconds } s, uncompressed.
cli-doctor-faults = Checks with a fault: { $count }. Each line above says what to do.

cli-study-incomplete = Only { $received } of { $expected } images of this study are here, or its list is not whole. Fetch it again before you rely on it.
cli-gap = After image { $after }: { $count } missing ({ $distance } mm to the next).
cli-report-out = The report itself is saved and will be sent; only its copy could not be written. { $why }
cli-open-others = objects that are no images: { $count }
cli-doctor-display = There is a display.
cli-doctor-no-display = There is no display: pictures go to files only.
cli-doctor-home = { $path } can be written.
cli-doctor-audit = The audit trail was altered or cut. Keep the vault as it is and tell who is responsible for it.
cli-doctor-no-throughput = The throughput was not measured: the centre lists too few studies to measure by.
cli-console-only = dokuei-cli opens no window. Start dokuei for the workstation; dokuei-cli --help lists what runs without one.
cli-no-window = There is no display for the window here. Start dokuei in a desktop session; dokuei --help lists what runs without one.

cli-document-pages = PDF, { $count } pages; `dokuei render --frame N` draws page N (counted from 0).
cli-document-lines = Text of { $count } lines; `--json --show-phi` prints it.
cli-document-listed = Not shown, listed by name ({ $count } entries; `--json --show-phi` prints them).
cli-ask-token = Access token for { $centre }
cli-ask-certificate = Password of the certificate file { $path }
cli-open-address = To sign in to { $centre }, open this address in a browser on this computer; Dokuei waits two minutes for it:
