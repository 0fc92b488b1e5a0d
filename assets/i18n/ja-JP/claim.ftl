# 読影医による担当
claim-do = 選択した検査を担当する／担当を解除する
claim-do-hint = 担当中の検査は他の読影医に表示され、読影が終わるまでこのコンピューターに保持されます。
claim-mine = 担当中
claim-of = { $reader }
claim-taken-by-other = この検査は他の読影医が担当しています。
claim-not-given-back = 施設側で担当の解除が受け付けられませんでした。施設の担当者に再登録をご依頼ください。
