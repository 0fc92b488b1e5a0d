# Sentences of the room `site`.

site-no-home = このシステムにはホームフォルダーがありません。DOKUEI_HOMEにDokueiが使えるフォルダーを設定してください。
site-unreadable = { $path } を読み書きできません（{ $why }）。アクセス権を確認するか、DOKUEI_HOMEに別のフォルダーを設定してください。
site-invalid = { $path } はプロファイルとして正しくありません: { $why }。修正するか、別の場所に移して新しく始めてください。
site-no-such-centre = 施設「{ $name }」はありません。ベースURLを指定するか、プロファイルにこの名前の[[centre]]を追加してください。
site-not-secure = { $url } は暗号化されていません。https:// のアドレスを使ってください。平文のhttpはこのコンピューター内だけで使えます。
site-no-demo = デモ施設が動いていません。別の端末で起動してください: dokuei demo --serve 127.0.0.1:0
site-name-missing = 施設の名前がありません。サインイン画面に表示する名前を入力してください。
site-name-taken = 施設「{ $name }」はすでに登録されています。別の名前にするか、サインイン画面でその施設を選んでください。
site-not-an-address = 施設のアドレスとして正しくありません。DICOMwebサービスのベースURLを入力してください（例: https://pacs.example/dicom-web）。
site-not-an-issuer = { $url } は認証サーバーの発行者（issuer）として使用できません。認証サーバー自身が名乗る https:// のアドレスを、クエリなしでそのまま指定してください。平文のhttpはこのコンピューター内だけで使えます。
site-contradicting = 施設 { $name } は使用できません。プロファイルの次のキーの組み合わせが正しくありません（{ $keys }）。crl には ca が必要です。token と oidc は同時に指定できません。
