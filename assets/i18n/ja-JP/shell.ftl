# the frame: screens, menus, commands, settings, notices
shell-name = 読影 Dokuei
shell-no-name = （氏名なし）
shell-close = 閉じる
shell-dismiss = この通知を消す
shell-notices-more = ほかの通知：{ $count }件
shell-drop = ファイルやフォルダーをドロップすると開きます

# groups
shell-group-case = 症例
shell-group-tools = ツール
shell-group-windows = ウィンドウ設定
shell-group-image = 画像
shell-group-images = 画像送り
shell-group-layout = レイアウト
shell-group-planes = MPR
shell-group-report = レポート
shell-group-program = プログラム

# cases
shell-do-worklist = ワークリスト
shell-do-case = 読影中の症例
shell-do-refresh = ワークリストを更新
shell-do-next-case = 次の症例
shell-do-next-case-hint = この症例を保存し、ワークリストで次の未読症例を開きます。
shell-do-close-case = 症例を閉じる
shell-do-close-case-hint = 症例を保存し、ワークリストに戻ります。
shell-do-retry = 不足分を再取得
shell-do-retry-hint = まだ届いていない画像を施設にもう一度要求します。
shell-do-open-files = ファイルを開く…
shell-do-open-folder = フォルダーを開く…

# tools
shell-tool-window = 階調調整
shell-tool-scroll = 画像送り（ドラッグ）
shell-tool-pan = 移動
shell-tool-zoom = 拡大・縮小
shell-tool-length = 距離計測
shell-tool-bidirectional = 長径・短径計測
shell-tool-bidirectional-hint = 長径を引き、続けて直交する短径を引きます。
shell-tool-angle = 角度計測
shell-tool-angle-hint = 3点を指定します。2点目が頂点です。
shell-tool-ellipse = 楕円ROI
shell-tool-rectangle = 矩形ROI
shell-tool-polygon = 多角形ROI
shell-tool-polygon-hint = 頂点を順にクリックし、ダブルクリックで閉じます。
shell-tool-point = 点の値
shell-tool-point-hint = 指定した画素の値を表示します。
shell-tool-arrow = 矢印
shell-tool-text = 文字

# windows
shell-preset-own = 画像の既定値
shell-preset-own-nth = 画像のウィンドウ{ $number }
shell-preset-own-next = 画像の次のウィンドウ
shell-preset-own-next-hint = 画像自身が持つウィンドウ・階調テーブルを順に切り替えます。
shell-preset-named = { $name }  { $centre } / { $width }
shell-preset-named-table = { $name }（テーブル）
shell-preset-unnamed = 画像 { $number }  { $centre } / { $width }
shell-preset-unnamed-table = 画像 { $number }（テーブル）
shell-preset-brain = 脳 { $centre } / { $width }
shell-preset-subdural = 硬膜下 { $centre } / { $width }
shell-preset-stroke = 急性期脳梗塞 { $centre } / { $width }
shell-preset-bone = 骨 { $centre } / { $width }
shell-preset-lung = 肺野 { $centre } / { $width }
shell-preset-mediastinum = 縦隔 { $centre } / { $width }
shell-preset-abdomen = 腹部 { $centre } / { $width }
shell-preset-liver = 肝臓 { $centre } / { $width }
shell-preset-angio = 血管造影 { $centre } / { $width }

# image
shell-do-invert = 白黒反転
shell-do-fit = 画面に合わせる
shell-do-native = 等倍表示（1:1）
shell-do-native-hint = 画像の1画素を画面の1画素で表示します。
shell-do-turn-left = 左に90度回転
shell-do-turn-right = 右に90度回転
shell-do-mirror = 左右反転
shell-do-upend = 上下反転
shell-do-reset = 表示を初期化
shell-do-reset-hint = 階調・拡大率・向きを画像の既定に戻します。
shell-do-annotations = 注釈の表示
shell-do-overlays = 画像のオーバーレイ
shell-do-overlays-hint = 画像に付属する印や輪郭です。非表示の間は画像上に表示します。
shell-do-shutter = 表示シャッター
shell-do-shutter-hint = 照射野の外などを覆う範囲です。オフの間は画像上に表示します。

# through
shell-do-previous-image = 前の画像
shell-do-next-image = 次の画像
shell-do-page-back = 10枚戻る
shell-do-page-on = 10枚進む
shell-do-first-image = 最初の画像
shell-do-last-image = 最後の画像
shell-do-previous-stack = 前のシリーズ
shell-do-next-stack = 次のシリーズ

# layout
shell-do-layout = { $columns } × { $rows }
shell-do-second-window = 画像ウィンドウを追加
shell-do-second-window-hint = 別のモニター用。3つまで開けます。

# planes
shell-do-planes = MPR表示
shell-do-planes-hint = 横断・冠状断・矢状断を十字線とともに表示します。もう一度押すと戻ります。
shell-do-thicker = スラブを厚く
shell-do-thinner = スラブを薄く
shell-do-slab-mode = スラブの投影法を切替
shell-do-slab-mode-hint = MIP、MinIP、平均の順に切り替えます。

# report
shell-do-undo = 元に戻す
shell-do-redo = やり直す
shell-do-delete = 計測・描画を削除
shell-do-cite = 計測値をレポートに挿入
shell-do-cite-hint = 選択中の計測値を所見に文章で追加します。
shell-do-key-image = キー画像
shell-do-key-image-hint = 画像に印を付けます。もう一度押すと外します。
shell-do-sign = レポートを確定（署名）
shell-do-sign-hint = 署名・保存・送信し、次の症例を開きます。

# program
shell-more = その他のツール
shell-do-palette = コマンド一覧…
shell-do-help = ヘルプ・キー操作
shell-do-settings = 設定
shell-do-language = Switch to English
shell-do-sign-in-again = 再サインイン…
shell-do-sign-out = サインアウト
shell-do-leave = Dokueiを終了

# palette and help
shell-palette-field = コマンド名を入力
shell-palette-none = 該当するコマンドはありません。
shell-help-title = ヘルプ・キー操作
shell-help-mouse = 画像上のマウス操作：左ドラッグはツールの操作、ホイールは画像送り、中ドラッグは移動、右ドラッグは拡大・縮小、右クリックはメニュー。

# settings
shell-settings-title = 設定
shell-settings-language = 言語
shell-settings-sound = 新しい緊急検査を音で知らせる
shell-settings-reader = 署名する読影医
shell-settings-reader-romaji = 氏名（ローマ字）
shell-settings-reader-kanji = 氏名（漢字）
shell-settings-reader-kana = 氏名（かな）
shell-settings-reader-id = 職員ID
shell-settings-reader-organisation = 所属
shell-settings-reader-hint = 姓と名の間に空白を入れてください。最終レポートには所属が必要です。
shell-settings-keep = 保存

# leave
shell-leave-title = 未到着のレポートがあります
shell-leave-unsent = 施設が受領を確認していないレポート：{ $count }件。この端末に保存されており、次にDokueiを起動したときに送信します。
shell-leave-stay = 終了しない
shell-leave-send = 今すぐ送信
shell-leave-anyway = このまま終了

# status
shell-connected = 接続中：{ $centre }
shell-connected-demo = デモ（架空の患者）：{ $centre }
shell-connecting = サインイン中…
shell-not-connected = 未サインイン
shell-arriving = 画像 { $received } / { $expected }
shell-whole = 全画像受信済み：{ $received } / { $expected }
shell-incomplete = 未完了：{ $received } / { $expected }
shell-asks-again = { $seconds } 秒後に再取得
shell-time-left = 残り約{ $seconds }秒
shell-refused = 開けないもの：{ $count }件
shell-kept = 保存済み
shell-keeping = 保存中…
shell-not-kept = 保存できません
shell-reports-saved = 送信待ち：{ $count }
shell-reports-sent = 送信済み：{ $count }
shell-reports-confirmed = 受領確認済み：{ $count }
shell-reports-failed = 送信失敗：{ $count }
shell-cpu = CPUで描画
shell-cpu-hint = 使用できるGPUがないため、画像はCPUで描画しています。表示内容は同じですが遅くなります。

# window
shell-no-window = ウィンドウを開けません（{ $why }）。ディスプレイとグラフィックスドライバーを確認するか、コマンドライン（dokuei-cli --help）を使ってください。
shell-gpu-lost = GPUが一時的に失われましたが復帰しました。症例の内容は失われていません。
