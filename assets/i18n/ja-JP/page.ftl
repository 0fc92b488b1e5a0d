# documents in a viewport: reports, PDF, and what is only listed

page-line = { $at } 行目 / { $count }
page-page = { $at } ページ / { $count }
page-count-one = 1ページ
page-count = { $count }ページ

page-complete = 記載完了
page-partial = 記載途中
page-verified = 確認済み
page-unverified = 未確認
page-preliminary = 暫定
page-final = 確定
page-verifier = { $name } { $organisation }
page-predecessor = 先行文書あり
page-refers-elsewhere = 開いている画像の中にありません（{ $uid }）
page-refers = { $title }、画像 { $number }

page-kind-pdf = PDF文書
page-kind-report = 構造化レポート
page-kind-key-objects = キーオブジェクト
page-kind-segmentation = セグメンテーション
page-kind-structure-set = 放射線治療の輪郭
page-kind-waveform = 波形
page-kind-presentation-state = 表示状態
page-kind-cda = CDA文書
page-kind-model = 3Dモデル
page-kind-plan = 放射線治療計画・記録
page-kind-registration = 位置合わせ

page-why-pdf = このPDFは表示できません。壊れている、パスワードで保護されている、または読み込みに時間がかかりすぎます。
page-why-segmentation = ここでは表示しません。領域は名称のみ一覧し、画像には重ねません。
page-why-structure-set = ここでは表示しません。輪郭は名称のみ一覧し、画像には重ねません。
page-why-waveform = ここでは表示しません。波形は記録したシステムで確認してください。
page-why-presentation-state = ここでは適用しません。画像は撮影装置が保存したまま表示し、このオブジェクトの変更は反映しません。
page-why-cda = ここでは表示しません。PDFでの提供を施設に依頼してください。
page-why-model = ここでは表示しません。3Dモデルは名称のみ一覧します。
page-why-plan = ここでは表示しません。放射線治療の計画と記録は名称のみ一覧します。
page-why-registration = ここでは適用しません。画像は撮影装置が記録した位置で表示します。
page-why-other = ここでは表示しません。この種類のオブジェクトは名称のみ一覧します。

page-fact-segment = 領域
page-fact-region = 輪郭
page-fact-channels = チャンネル
page-fact-sampling-rate = サンプリング周波数（Hz）
page-fact-duration = 記録時間（秒）
page-fact-label = ラベル
page-fact-description = 説明
page-fact-media-type = メディア種別
page-fact-size = サイズ（バイト）
page-fact-images = 参照画像数
page-fact-reference = 参照
