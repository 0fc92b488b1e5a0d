# Sentences of the room `site`.

site-no-home = This system names no home folder. Set DOKUEI_HOME to a folder that Dokuei may use.
site-unreadable = { $path } cannot be read or written ({ $why }). Check its permissions, or set DOKUEI_HOME to another folder.
site-invalid = { $path } is not a valid profile: { $why }. Correct it, or move it away to start afresh.
site-no-such-centre = There is no centre called { $name }. Give a base URL, or add a [[centre]] with this name to the profile.
site-not-secure = { $url } is not encrypted. Use an https:// address; plain http is accepted on this computer only.
site-no-demo = No demo centre is running. Start one in another terminal: dokuei demo --serve 127.0.0.1:0
