# the frame: screens, menus, commands, settings, notices
shell-name = Dokuei
shell-no-name = (no name)
shell-close = Close
shell-dismiss = Dismiss this notice
shell-notices-more = More notices: { $count }
shell-drop = Drop files or folders to open them

# groups
shell-group-case = Case
shell-group-tools = Tools
shell-group-windows = Window presets
shell-group-image = Image
shell-group-images = Navigate
shell-group-layout = Layout
shell-group-planes = MPR
shell-group-report = Report
shell-group-program = Program

# cases
shell-do-worklist = Worklist
shell-do-case = Open case
shell-do-refresh = Refresh worklist
shell-do-next-case = Next case
shell-do-next-case-hint = Keeps this case and opens the next unread one of the worklist.
shell-do-close-case = Close case
shell-do-close-case-hint = Keeps the case and goes back to the worklist.
shell-do-retry = Fetch what is missing
shell-do-retry-hint = Asks the centre again for the images that have not come.
shell-do-open-files = Open files…
shell-do-open-folder = Open folder…

# tools
shell-tool-window = Window / level
shell-tool-scroll = Scroll
shell-tool-pan = Pan
shell-tool-zoom = Zoom
shell-tool-length = Length
shell-tool-bidirectional = Bidirectional
shell-tool-bidirectional-hint = Draw the long axis, then the short axis across it.
shell-tool-angle = Angle
shell-tool-angle-hint = Three points; the second one is the vertex.
shell-tool-ellipse = Ellipse ROI
shell-tool-rectangle = Rectangle ROI
shell-tool-polygon = Polygon ROI
shell-tool-polygon-hint = Click each corner; a double click closes the outline.
shell-tool-point = Point value
shell-tool-point-hint = Shows the value of the pixel under the point.
shell-tool-arrow = Arrow
shell-tool-text = Text

# windows
shell-preset-own = Window of the image
shell-preset-own-nth = Window { $number } of the image
shell-preset-own-next = Next window of the image
shell-preset-own-next-hint = Goes through the windows and tables that the image brings itself.
shell-preset-named = { $name }  { $centre } / { $width }
shell-preset-named-table = { $name }  (table)
shell-preset-unnamed = Image { $number }  { $centre } / { $width }
shell-preset-unnamed-table = Image { $number }  (table)
shell-preset-brain = Brain { $centre } / { $width }
shell-preset-subdural = Subdural { $centre } / { $width }
shell-preset-stroke = Stroke { $centre } / { $width }
shell-preset-bone = Bone { $centre } / { $width }
shell-preset-lung = Lung { $centre } / { $width }
shell-preset-mediastinum = Mediastinum { $centre } / { $width }
shell-preset-abdomen = Abdomen { $centre } / { $width }
shell-preset-liver = Liver { $centre } / { $width }
shell-preset-angio = Angio { $centre } / { $width }

# image
shell-do-invert = Invert grey scale
shell-do-fit = Fit to viewport
shell-do-native = Actual pixels (1:1)
shell-do-native-hint = One screen pixel for each image pixel.
shell-do-turn-left = Rotate left
shell-do-turn-right = Rotate right
shell-do-mirror = Flip horizontally
shell-do-upend = Flip vertically
shell-do-reset = Reset view
shell-do-reset-hint = Window, size and orientation as the image itself has them.
shell-do-annotations = Annotations
shell-do-overlays = Overlays of the image
shell-do-overlays-hint = Marks and outlines that came with the image. While they are hidden the image says so.
shell-do-shutter = Display shutter
shell-do-shutter-hint = What the image covers around its field. While the shutter is off the image says so.

# through
shell-do-previous-image = Previous image
shell-do-next-image = Next image
shell-do-page-back = 10 images back
shell-do-page-on = 10 images on
shell-do-first-image = First image
shell-do-last-image = Last image
shell-do-previous-stack = Previous series
shell-do-next-stack = Next series

# layout
shell-do-layout = { $columns } × { $rows }
shell-do-second-window = New image window
shell-do-second-window-hint = For another monitor; up to three windows.

# planes
shell-do-planes = MPR
shell-do-planes-hint = Axial, coronal and sagittal planes with a crosshair, and back again.
shell-do-thicker = Thicker slab
shell-do-thinner = Thinner slab
shell-do-slab-mode = Next slab mode
shell-do-slab-mode-hint = MIP, MinIP, mean.

# report
shell-do-undo = Undo
shell-do-redo = Redo
shell-do-delete = Delete drawing
shell-do-cite = Put measurement into the report
shell-do-cite-hint = Adds the selected measurement and a sentence to the findings.
shell-do-key-image = Key image
shell-do-key-image-hint = Marks the image, or takes the mark away.
shell-do-sign = Sign report
shell-do-sign-hint = Signs, saves, sends; then the next case opens.

# program
shell-more = More tools
shell-do-palette = All commands…
shell-do-help = Help and keys
shell-do-settings = Settings
shell-do-language = 日本語で表示
shell-do-sign-in-again = Sign in again…
shell-do-sign-out = Sign out
shell-do-leave = Quit Dokuei

# palette and help
shell-palette-field = Type the name of a command
shell-palette-none = No command of that name.
shell-help-title = Help and keys
shell-help-mouse = Mouse on an image: left drag does what the tool says, the wheel scrolls, middle drag moves, right drag zooms, right click opens a menu.

# settings
shell-settings-title = Settings
shell-settings-language = Language
shell-settings-sound = Sound when a new STAT study arrives
shell-settings-reader = Signing radiologist
shell-settings-reader-romaji = Name, romaji
shell-settings-reader-kanji = Name, kanji
shell-settings-reader-kana = Name, kana
shell-settings-reader-id = Staff ID
shell-settings-reader-organisation = Organisation
shell-settings-reader-hint = Family name first, then a space, then the given name. A final report needs the organisation.
shell-settings-keep = Save

# leave
shell-leave-title = Reports have not arrived
shell-leave-unsent = Reports that the centre has not confirmed: { $count }. They are saved on this machine and go out when Dokuei runs again.
shell-leave-stay = Stay
shell-leave-send = Send now
shell-leave-anyway = Quit anyway

# status
shell-connected = Connected: { $centre }
shell-connected-demo = Demo, made-up patients: { $centre }
shell-connecting = Signing in…
shell-not-connected = Not signed in
shell-arriving = Images { $received } / { $expected }
shell-whole = Complete: { $received } / { $expected }
shell-incomplete = Incomplete: { $received } / { $expected }
shell-asks-again = Asks again in { $seconds } s
shell-time-left = { $seconds } s left
shell-refused = Cannot be opened: { $count }
shell-kept = Saved
shell-keeping = Saving…
shell-not-kept = Not saved
shell-reports-saved = Waiting: { $count }
shell-reports-sent = Sent: { $count }
shell-reports-confirmed = Confirmed: { $count }
shell-reports-failed = Failed: { $count }
shell-cpu = Drawn by the CPU
shell-cpu-hint = No usable graphics processor: images are drawn by the CPU, the same but more slowly.

# window
shell-no-window = No window can be opened: { $why }. Check the display and the graphics driver, or use the command line (dokuei-cli --help).
shell-gpu-lost = The graphics processor was lost and came back. Nothing of the case is lost.
