# documents in a viewport: reports, PDF, and what is only listed

document-line = { $at } 行目 / { $count }
document-page = { $at } ページ / { $count }
document-count-one = 1ページ
document-count = { $count }ページ

document-complete = 記載完了
document-partial = 記載途中
document-verified = 確認済み
document-unverified = 未確認
document-preliminary = 暫定
document-final = 確定
document-verifier = { $name } { $organisation }
document-predecessor = 先行文書あり
document-refers-elsewhere = 開いている画像の中にありません（{ $uid }）
document-refers = { $title }、画像 { $number }

document-kind-pdf = PDF文書
document-kind-report = 構造化レポート
document-kind-key-objects = キーオブジェクト
document-kind-segmentation = セグメンテーション
document-kind-structure-set = 放射線治療の輪郭
document-kind-waveform = 波形
document-kind-presentation-state = 表示状態
document-kind-cda = CDA文書
document-kind-model = 3Dモデル
document-kind-plan = 放射線治療計画・記録
document-kind-registration = 位置合わせ

document-why-pdf = このPDFは表示できません。壊れている、パスワードで保護されている、または読み込みに時間がかかりすぎます。
document-why-segmentation = ここでは表示しません。領域は名称のみ一覧し、画像には重ねません。
document-why-structure-set = ここでは表示しません。輪郭は名称のみ一覧し、画像には重ねません。
document-why-waveform = ここでは表示しません。波形は記録したシステムで確認してください。
document-why-presentation-state = ここでは適用しません。画像は撮影装置が保存したまま表示し、このオブジェクトの変更は反映しません。
document-why-cda = ここでは表示しません。PDFでの提供を施設に依頼してください。
document-why-model = ここでは表示しません。3Dモデルは名称のみ一覧します。
document-why-plan = ここでは表示しません。放射線治療の計画と記録は名称のみ一覧します。
document-why-registration = ここでは適用しません。画像は撮影装置が記録した位置で表示します。
document-why-other = ここでは表示しません。この種類のオブジェクトは名称のみ一覧します。

document-fact-segment = 領域
document-fact-region = 輪郭
document-fact-channels = チャンネル
document-fact-sampling-rate = サンプリング周波数（Hz）
document-fact-duration = 記録時間（秒）
document-fact-label = ラベル
document-fact-description = 説明
document-fact-media-type = メディア種別
document-fact-size = サイズ（バイト）
document-fact-images = 参照画像数
document-fact-reference = 参照
document-fact-about = この文書について
