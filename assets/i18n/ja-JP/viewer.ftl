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
viewer-age-years = { $count }歳
viewer-age-months = { $count }か月
viewer-age-weeks = { $count }週
viewer-age-days = { $count }日
viewer-sex-male = 男
viewer-sex-female = 女
viewer-sex-other = その他

viewer-series-of = { $modality }  シリーズ { $number }
viewer-image = 画像 { $at } / { $count }
viewer-image-numbered = 画像 { $at } / { $count }（番号 { $number }）
viewer-window = WL { $center }  WW { $width }
viewer-window-table = 階調テーブル { $name }
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
viewer-missing = { $count } スライス欠落
viewer-no-values = リスケール値が使えないためHUなし
viewer-lossy = 非可逆圧縮
viewer-lossy-ratio = 非可逆圧縮 { $ratio }:1
viewer-uncalibrated = 画素間隔未校正
viewer-detector = 検出器面上のmm
viewer-localiser = 位置決め画像
viewer-key-image = キー画像
viewer-twin = GPUを使わずに描画
viewer-slab-mip = MIP { $mm } mm
viewer-slab-minip = MinIP { $mm } mm
viewer-slab-mean = 平均 { $mm } mm

viewer-no-series = 画像はまだありません。
viewer-stack = { $title }、{ $count }枚
viewer-stack-numbered = シリーズ { $number }、{ $title }、{ $count }枚
viewer-count = { $count }枚
viewer-transfer = { $received } / { $expected } 枚
viewer-refused = 開けないものが { $count } 件あります
viewer-undecodable = 表示できない画像が { $count } 枚あります:
