# Sentences of the room `site`.

site-no-home = This system names no home folder. Set DOKUEI_HOME to a folder that Dokuei may use.
site-unreadable = { $path } cannot be read or written ({ $why }). Check its permissions, or set DOKUEI_HOME to another folder.
site-invalid = { $path } is not a valid profile: { $why }. Correct it, or move it away to start afresh.
site-no-such-centre = There is no centre called { $name }. Give a base URL, or add a [[centre]] with this name to the profile.
site-not-secure = { $url } is not encrypted. Use an https:// address; plain http is accepted on this computer only.
site-no-demo = No demo centre is running. Start one in another terminal: dokuei demo --serve 127.0.0.1:0
site-name-missing = The centre has no name. Give it one, as you want to see it at the sign-in.
site-name-taken = There is already a centre called { $name }. Choose another name, or choose that centre at the sign-in.
site-not-an-address = This is not the address of a centre. Give the base URL of its DICOMweb services, as in https://pacs.example/dicom-web
site-not-an-issuer = { $url } cannot be an identity provider's issuer. Use its https:// address exactly as it names itself, without a query; plain http is accepted on this computer only.
site-contradicting = The centre { $name } cannot be used: these keys of the profile do not go together ({ $keys }). crl needs ca; token and oidc exclude each other.
