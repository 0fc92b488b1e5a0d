# studies that grow, lists and studies without a line, room for what comes
growth-new-images = 開いている検査に新しい画像が { $count } 枚届きました。
growth-late = 読影中の追加画像：{ $count } 枚
growth-sign-title = 新しい画像が届いています
growth-sign = 読影中に、まだご覧になっていない可能性のある画像が { $count } 枚届きました。
growth-sign-back = 先に画像を見る
growth-sign-now = このまま署名する
growth-after-signing = 署名済みの検査に画像が追加されました（{ $count } 件）：{ $study }。開いて確認してください。
growth-row = ＋{ $count } 追加
growth-offline = 施設に接続できません。この検査は、最後に確認できた時点の全画像がこのコンピューターにあります。
growth-no-line = 接続なし：{ $time } 時点の、手元にあるデータで読影中
growth-no-room = このコンピューターの画像用の領域（{ $gigabytes } GiB）に空きがありません。担当中の検査を終えるか、プロファイルの keep_gib を増やしてください。
