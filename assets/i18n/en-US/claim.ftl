# studies that a reader takes
claim-do = Claim the selected study, or give it back
claim-do-hint = A claimed study is shown to others as yours and stays on this computer until it is read.
claim-mine = Claimed by you
claim-of = { $reader }
claim-taken-by-other = Another reader has taken this study.
claim-not-given-back = The centre does not take a claimed study back. Ask its staff to schedule it again.
