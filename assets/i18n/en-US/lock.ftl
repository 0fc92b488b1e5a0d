# the lock: nobody is at the desk
lock-do = Lock
lock-title = Locked
lock-at = { $user }, { $centre }
lock-passphrase = Passphrase
lock-password = Password for { $centre }
lock-token = Access token for { $centre }
lock-browser = Sign in with the browser
lock-open = Unlock
lock-checking = Checking…
lock-button-why = No password was needed to come here, so none is needed to come back.
lock-sign-in = To go on, sign out and sign in again.
lock-again-in = You can try again in { $seconds } s.
lock-sign-out = Sign out
lock-sign-out-why = Your case and draft are kept.

# what goes on
lock-receiving = Receiving a study: { $received } of { $expected }
lock-sending = Reports on their way: { $count }
lock-waiting = Reports that wait until you unlock: { $count }
lock-keys-held = Sending and receiving go on while locked.
lock-keys-gone = Nothing is under way. Keys and passwords have been put away.
lock-no-stat = New STAT studies are not announced while locked.

# settings
lock-after = Lock when unattended for (minutes)

# why it stays locked
lock-locked = The workstation is locked. Unlock it first.
lock-wait = Too many wrong attempts. Wait { $seconds } s before the next one.
lock-wrong-password = That is not the password which the centre last accepted.
lock-another-reader = Another user has signed in there. To read as somebody else, sign out first.
lock-no-proof = The centre cannot be reached, and the password cannot be checked without it any more. Try again when the connection is back.
