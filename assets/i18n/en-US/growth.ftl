# studies that grow, lists and studies without a line, room for what comes
growth-new-images = New images came in for the open study: { $count }.
growth-late = New while reading: { $count }
growth-sign-title = New images have come in
growth-sign = While you were reading, this many images came in that you may not have seen: { $count }.
growth-sign-back = Look at them first
growth-sign-now = Sign now
growth-after-signing = A study that you have reported has new images ({ $count }): { $study }. Open it to see them.
growth-row = +{ $count } new
growth-offline = No line to the centre. This study is here whole, as the centre had it last.
growth-no-line = No line: reading what is here, as of { $time }
growth-no-room = The { $gigabytes } GiB for images on this computer are used up. Sign or close claimed studies, or raise keep_gib in the profile.
