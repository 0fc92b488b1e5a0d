# measurements and drawings

drawing-length = 距離
drawing-bidirectional = 長径・短径
drawing-angle = 角度
drawing-ellipse = 楕円ROI
drawing-rectangle = 矩形ROI
drawing-polygon = 多角形ROI
drawing-point = 点の値
drawing-arrow = 矢印
drawing-text = 文字

drawing-mean = 平均 { $mean } ± { $deviation }
drawing-range = 最小 { $low }、最大 { $high }
drawing-real-area = { $label } 平均 { $mean } ± { $deviation }、最小 { $low }、最大 { $high }
drawing-real-value = { $label } { $value }
drawing-uncalibrated = 未校正
drawing-detector = 検出器面上
drawing-calibrated = 校正済み
drawing-unstated = 検出器面上の可能性
drawing-magnified = 拡大率補正済み
drawing-no-value = 値なし

drawing-says-length = 長径 { $value }
drawing-says-axes = 長径 { $long }、短径 { $short }
drawing-says-angle = 角度 { $value }
drawing-says-value = 値 { $value }
drawing-says-area = 面積 { $area }
drawing-says-area-mean = 面積 { $area }、{ $mean }
drawing-noted = { $what }、{ $note }
drawing-labelled = { $label }: { $what }
drawing-key-image = キー画像
drawing-where = シリーズ{ $series }、画像{ $image }
drawing-where-image = 画像{ $image }
drawing-sentence = { $what }（{ $place }）。

drawing-words = 画像上の文字
drawing-edit-text = 文字を編集…
drawing-cite = レポートへ
drawing-cited = レポート記載済み
drawing-cite-named = レポートに記載: { $what }
drawing-delete-named = 削除: { $what }
drawing-none = 計測はまだありません。
