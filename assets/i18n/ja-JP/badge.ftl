# what could mislead: a few words on the image, and what they mean for reading

badge-mixed-patients = この検査に複数の患者
badge-missing-one = 1 スライス欠落
badge-missing = { $count } スライス欠落
badge-incomplete = 画像欠落
badge-rescale-broken = リスケール値が使えないためHUなし
badge-duplicates = 同じ位置に複数の画像
badge-lossy = 非可逆圧縮
badge-lossy-ratio = 非可逆圧縮 { $ratio }:1
badge-lossy-method = 非可逆圧縮（{ $method }）
badge-lossy-ratio-method = 非可逆圧縮 { $ratio }:1（{ $method }）
badge-lossy-transfer = 非可逆形式で保存: { $syntax }
badge-charset = 文字が正しくない可能性
badge-geometry-unknown = 患者内の位置不明
badge-uncalibrated = 画素間隔未校正
badge-detector = 検出器面上のmm
badge-burned-in = 画像内に文字あり
badge-capture = セカンダリキャプチャ
badge-derived = 派生画像
badge-localiser = 位置決め画像

badge-means-mixed-patients = 患者情報が一致しないオブジェクトが含まれています。読影の前に患者を確認してください。
badge-means-incomplete = スライスが途切れています。欠けた部分に所見がある可能性があります。もう一度取得するか、施設に確認してください。
badge-means-rescale-broken = 画素値をHUなどに換算する値がないか壊れています。濃淡は観察できますが、値は計測できません。
badge-means-duplicates = 同じ位置に複数の画像があるか、同じ画像が重複しています。スクロール中に同じ断面が繰り返されることがあります。
badge-means-lossy = 圧縮で細部の情報が失われています（受信前の圧縮を含みます）。元には戻せません。
badge-means-lossy-transfer = 細部が失われる形式で保存されていますが、画像にその記載がありません。細部が重要な場合は、非圧縮または可逆圧縮の画像を施設に依頼してください。
badge-means-charset = 確実に復号できない文字があり、その箇所に印を付けています。氏名とIDを照合してから使用してください。
badge-means-geometry-unknown = 患者内での位置の情報がありません。断面の再構成や他シリーズとの位置の対応はできません。
badge-means-uncalibrated = 画素の実寸が不明なため、長さはピクセル単位で表示します。
badge-means-detector = 長さは検出器面上の投影像のものです。被写体は管球側にあるため、実際の大きさはこの計測値より小さくなります。
badge-means-burned-in = 氏名などの文字が画素に焼き込まれている可能性があります。
badge-means-capture = 画面などを取り込んだ画像で、撮影装置の原画像ではありません。画素値・画素間隔・位置がないか、正しくないことがあります。
badge-means-derived = 再構成、差分、マップなど、他の画像から計算された画像です。原画像と比較してください。
badge-means-localiser = 位置決め用の画像です。診断には使用しないでください。
