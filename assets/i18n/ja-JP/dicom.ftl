# Sentences of the room `dicom`.

dicom-not-dicom = DICOMファイルではありません。撮影装置や画像サーバーが書き出したファイル、フォルダー、またはDICOMDIRを選んでください。
dicom-truncated = ファイルが途中で終わっています（{ $tag }、{ $at } バイト目）。もう一度コピーまたは取得してください。
dicom-malformed = { $tag } でファイルが壊れています: { $what }。もう一度コピーまたは取得し、直らなければ施設に連絡してください。
dicom-missing = 要素 { $tag } がないか使えないため、安全に表示できません。送信元の施設に連絡してください。
dicom-unsupported-syntax = この版では { $name }（{ $uid }）で保存された画像は表示できません。別の転送構文で送るよう施設に依頼してください。
dicom-video = 動画（{ $name }）のため、ここでは表示できません。`dokuei decode FILE --stream --out VIDEO.{ $extension }` で保存し、動画プレーヤーで開いてください。
dicom-unsupported-pixels = この版ではこの種類の画素データは表示できません: { $what }。
dicom-codestream = フレーム { $frame } を復号できません: { $what }。もう一度取得し、直らなければ施設に連絡してください。
dicom-no-such-frame = フレーム { $frame } はありません。このオブジェクトのフレーム数は { $frames } です（0から数えます）。
dicom-no-pixel-data = このオブジェクトに画像はありません。

warning-bad-value = { $about } の値が規格に反するため無視しました。
warning-bad-text = { $about } の文字を完全には復号できませんでした。壊れた箇所に印を付けています。
warning-unknown-charset = 文字集合 { $about } は不明です。文字が正しくない可能性があります。
warning-odd-charset = 文字集合が規格外の名前「{ $about }」で書かれています。最も近い文字集合として読みました。
warning-missing-element = { $about } がありません。
warning-rescale-broken = リスケール値が使えないため、この画像ではHUなどの単位を表示しません。
warning-no-meta = ファイルにメタ情報がないため、保存形式を推定しました。
warning-lossy = 非可逆圧縮されています（{ $about }）。
warning-uncalibrated = 距離は患者内で校正されていません（{ $about }）。
warning-geometry-unknown = 患者内での位置が不明です。
warning-incomplete = 画像が欠けています（{ $about }）。
warning-derived = 派生画像です（{ $about }）。
warning-stand-in-uid = 識別子 { $about } がないか使えません。画像は読影できますが、レポートは送信できません。
warning-duplicates = 同じ位置に複数の画像があります（{ $about }）。
warning-twice = 重複して届いた画像が { $about } 枚あります。それぞれ最初のものを表示しています。
warning-conflicting = 同じ識別子で内容の異なる画像が { $about } 枚あります。それぞれ最初のものを表示しています。他方を見るには、それぞれの場所を個別に開いてください。
warning-uneven = 画像の間隔が不均一です（{ $about }）。断面やボリュームを作成できないことがあります。
warning-split-series = このシリーズは別の検査にも含まれています（{ $about }）。まとめて見る必要があるかもしれません。
warning-mixed-patients = この検査には複数の患者の情報が含まれています（{ $about }）。読影の前に患者を確認してください。
