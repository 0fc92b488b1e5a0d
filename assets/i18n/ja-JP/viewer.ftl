# viewports and what lies over them

viewer-area = ビューポート { $number }
viewer-area-image = ビューポート { $number }: { $title }、画像 { $at } / { $count }
viewer-area-plane = ビューポート { $number }: { $plane }
viewer-empty = 表示する画像がありません。左のシリーズをここへドラッグしてください。
viewer-coming = 施設からの最初の画像を待っています…
viewer-decoding = 画像を復号しています…
viewer-building = シリーズの画像から断面を作成しています…
viewer-preparing = 画像をグラフィックスカードへ転送しています…

viewer-no-name = 氏名なし
viewer-no-id = IDなし

viewer-series-of = { $modality }  シリーズ { $number }
viewer-image = 画像 { $at } / { $count }
viewer-image-numbered = 画像 { $at } / { $count }（番号 { $number }）
viewer-image-so-far = 画像 { $at } / 受信済み { $count }
viewer-image-numbered-so-far = 画像 { $at } / 受信済み { $count }（番号 { $number }）
viewer-window = WL { $center }  WW { $width }
viewer-window-table = 階調テーブル { $name }
viewer-overlay = オーバーレイ { $name }
viewer-zoom = 倍率 { $percent } %
viewer-position = 位置 { $mm } mm
viewer-thickness = スライス厚 { $thickness } mm
viewer-position-thickness = 位置 { $mm } mm  スライス厚 { $thickness } mm
viewer-value = 画素値 { $value }
viewer-plane-axial = 横断面
viewer-plane-coronal = 冠状断面
viewer-plane-sagittal = 矢状断面
viewer-plane-oblique = 斜断面

viewer-arriving = 画像を受信中: { $received } / { $expected }
viewer-arriving-some = 画像を受信中: { $received } 枚まで受信
viewer-incomplete = 不完全: { $expected } 枚中 { $received } 枚のみ受信
viewer-mirrored = 左右反転
viewer-mirrored-over = 上下反転
viewer-mirrored-right = 左右反転＋右90°回転
viewer-mirrored-left = 左右反転＋左90°回転
viewer-turned-right = 右90°回転
viewer-turned-left = 左90°回転
viewer-turned-over = 180°回転
viewer-key-image = キー画像
viewer-shutter-off = シャッターオフ
viewer-shutter-off-means = 照射野の外など、画像自身が覆う範囲があります。現在はオフにしています。
viewer-overlays-off = オーバーレイ非表示
viewer-overlays-off-means = この画像には印や輪郭が付属しています。現在は非表示にしています。
viewer-profile-broken = 色は未校正
viewer-profile-broken-means = この画像のカラープロファイルが壊れています。保存された色のまま表示しているため、他の装置とは見え方が異なることがあります。
viewer-twin = GPUを使わずに描画
viewer-slab-mip = MIP { $mm } mm
viewer-slab-minip = MinIP { $mm } mm
viewer-slab-mean = 平均 { $mm } mm

viewer-no-series = 画像はまだありません。
viewer-stack = { $title }、{ $images }
viewer-stack-numbered = シリーズ { $number }、{ $title }、{ $images }
viewer-count-one = 1枚
viewer-count-so-far = { $count }枚受信
viewer-count = { $count }枚
viewer-transfer = { $received } / { $expected } 枚
viewer-skipped = DICOM 以外のファイル：{ $count } 個
viewer-refused = 開けないものが { $count } 件あります
viewer-undecodable-one = 表示できない画像が 1 枚あります:
viewer-undecodable = 表示できない画像が { $count } 枚あります:
