# Sentences of the room `imaging`.

imaging-sample-count = 画像が不完全です（画素値 { $expected } 個のうち { $found } 個）。もう一度取得し、直らなければ施設に連絡してください。
imaging-no-palette = 画像のカラーテーブルがないか壊れているため、正しい色で表示できません。送信元の施設に連絡してください。
imaging-unsupported-pixels = この版ではこの種類の画素データは表示できません: { $what }。
imaging-no-such-frame = この画像のフレーム { $frame } の情報がありません。画像にあるフレームを選んでください。
imaging-bad-window = ウィンドウレベル { $center }、ウィンドウ幅 { $width } は指定できません。ウィンドウ幅は1以上にしてください。
imaging-bad-size = { $width } x { $height } 画素の画像は描画できません。各辺を1から{ $limit }の範囲で指定してください。
imaging-bad-plane = 断面の向きまたは位置が定まりません。axial、coronal、sagittal、または 0,0,1 のような法線と、有限の座標を指定してください。
imaging-bad-slab = 厚さ { $thickness } mm のスラブは指定できません。0 mm以上の厚さを指定してください。
imaging-too-few-slices = 断面の計算には2枚以上のスライスが必要ですが、{ $slices } 枚しかありません。元の画像を表示してください。
imaging-geometry-unknown = スライス { $slice } の患者内での位置が不明なため、断面を計算できません。元の画像を表示してください。
imaging-not-monochrome = スライス { $slice } はカラー画像です。断面はグレースケール画像からのみ計算します。元の画像を表示してください。
imaging-unsupported-voxels = スライス { $slice } の画素の形式からは断面を計算できません（8または16ビットで、全スライス同じ形式が必要です）。元の画像を表示してください。
imaging-size-differs = スライス { $slice } の行数または列数が最初のスライスと異なります。シリーズの中の一つのスタックを選んでください。
imaging-orientation-differs = スライス { $slice } の向きが最初のスライスと異なります。シリーズの中の一つのスタックを選んでください。
imaging-pixel-spacing-differs = スライス { $slice } の画素間隔が最初のスライスと異なります。シリーズの中の一つのスタックを選んでください。
imaging-slices-coincide = 断面を作れません。スライス { $slice } と { $next } が同じ位置にあります。シリーズの中から 1 つのスタックを選ぶか、元の画像を表示してください。
imaging-no-depth = すべてのスライスが同じ平面にあるため、他の断面を計算できません。元の画像を表示してください。
imaging-rescale-unusable = スライス { $slice } のリスケール値が使えないため、断面を計算しません。元の画像を表示してください。
imaging-unit-differs = スライス { $slice } の値の単位が最初のスライスと異なります。シリーズの中の一つのスタックを選んでください。
