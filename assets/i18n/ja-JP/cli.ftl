# Sentences of the room `cli`.

cli-ask-passphrase = 保管庫のパスフレーズ
cli-ask-password = { $centre } の { $user } のパスワード
cli-refused = { $path }: { $why }
cli-not-video = { $path } は動画ではありません。--stream を付けなければフレームを復号します。

cli-skipped = DICOM ではないため読み飛ばしたファイル：{ $count } 個
cli-worklist-empty = 施設の一覧に検査はありません。
cli-fetched = { $expected } 枚中 { $received } 枚が手元にあります（うち { $resumed } 枚は取得済み）。{ $megabytes } MB、{ $seconds } 秒。
cli-fetch-incomplete = { $expected } 枚中 { $received } 枚だけが手元にあります。届いたものは保存されています。もう一度取得すると残りが届きます。
cli-report-saved = レポートを保存しました（{ $uid }）。送信するには: dokuei report send
cli-report-none = 送信箱にレポートはありません。
cli-report-waiting = 未確認のレポート: { $count } 件。手元に安全に保存されています。後でもう一度送信してください。

cli-demo-serving = デモ施設が { $url } で待ち受けています。
cli-demo-line = 低速回線を模擬しています: { $line }（往復遅延）
cli-demo-credentials = ユーザー { $user }、パスワード { $password }
cli-demo-stop = 終了するには Ctrl+C を押してください。
cli-demo-started = デモ施設が { $url } で待ち受けています（架空の患者、このコンピューター内のみ）。
cli-demo-worklist = 読影待ち一覧、緊急度順（{ $count } 件）:
cli-demo-fetched = { $what }: { $expected } 枚中 { $received } 枚を { $seconds } 秒で保管庫に保存しました（最初の1枚は { $first } 秒後）。
cli-demo-report = 施設のレポートの状態: { $state }
cli-demo-pictures = { $device } で描画した画像は { $folder } にあります。

cli-doctor-gpu = { $name } で描画します（{ $backend }）。
cli-doctor-gpu-software = { $name } でソフトウェア描画します（{ $backend }）。正確ですが低速です。グラフィックスカードのドライバーを導入してください。
cli-doctor-key-store = システムの鍵ストアに保管庫の鍵を置けます。
cli-doctor-no-key-store = このシステムには鍵ストアがないため、保管庫はパスフレーズ（DOKUEI_PASSPHRASE）で開きます。
cli-doctor-no-vault = 保管庫はまだありません。最初の取得で作られます。
cli-doctor-vault = 保管庫を開けます: { $instances } 枚、{ $megabytes } MB。
cli-doctor-centre = 施設は { $ms } ミリ秒で応答します（{ $http }）。
cli-doctor-tls = 回線は暗号化されています（TLS { $version }）。
cli-doctor-no-tls = 回線は暗号化されていません。このコンピューター内だけで使えます。
cli-doctor-sign-in = 施設にサインインできます。
cli-doctor-throughput = 少なくとも { $mbit } Mbit/s です。500枚のCTは非圧縮で長くとも { $seconds } 秒かかります。
cli-doctor-faults = 異常のある項目: { $count } 件。対処は上の各行に示しています。

cli-study-incomplete = この検査は { $expected } 枚中 { $received } 枚だけが手元にあるか、一覧が完全ではありません。判断に使う前にもう一度取得してください。
cli-gap = { $after } 枚目の後に { $count } 枚欠けています（次まで { $distance } mm）。
cli-report-out = レポート自体は保存済みで送信されます。写しだけが書き込めませんでした。{ $why }
cli-open-others = 画像ではないオブジェクト: { $count } 件
cli-doctor-display = ディスプレイがあります。
cli-doctor-no-display = ディスプレイがありません。画像はファイルにのみ出力します。
cli-doctor-home = { $path } に書き込めます。
cli-doctor-audit = 監査証跡が改変されているか欠けています。保管庫をそのまま保全し、管理責任者に連絡してください。
cli-doctor-no-throughput = 転送速度は測定していません。施設の検査数が測定に足りません。
cli-console-only = dokuei-cliはウィンドウを開きません。ワークステーションを使うにはdokueiを起動してください。ウィンドウなしで使える機能は dokuei-cli --help で確認できます。
cli-no-window = ウィンドウを表示するディスプレイがありません。デスクトップ環境でdokueiを起動してください。ウィンドウなしで使える機能は dokuei --help で確認できます。

cli-document-pages = PDF、{ $count } ページ。`dokuei render --frame N` で N ページ目を描画します（0から数えます）。
cli-document-lines = { $count } 行の文書です。`--json --show-phi` で内容を出力します。
cli-document-listed = 表示せず、名称のみ一覧します（{ $count } 項目。`--json --show-phi` で出力します）。
cli-ask-token = { $centre } のアクセストークン
cli-ask-certificate = 証明書ファイル { $path } のパスワード
cli-open-address = { $centre } にサインインするには、このコンピューターのブラウザーで次のアドレスを開いてください（2分間待ちます）：
