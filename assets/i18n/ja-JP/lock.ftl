# the lock: nobody is at the desk
lock-do = ロック
lock-title = ロック中
lock-at = { $user }（{ $centre }）
lock-passphrase = パスフレーズ
lock-password = 「{ $centre }」のパスワード
lock-token = 「{ $centre }」のアクセストークン
lock-browser = ブラウザーでサインイン
lock-open = ロックを解除
lock-checking = 確認しています…
lock-button-why = ここではパスワードなしで始めたため、解除にもパスワードは要りません。
lock-sign-in = 続けるには、サインアウトしてからサインインし直してください。
lock-again-in = あと{ $seconds }秒で、もう一度試せます。
lock-sign-out = サインアウト
lock-sign-out-why = 症例と下書きは保存されます。

# what goes on
lock-receiving = 検査を受信中：{ $received } / { $expected }
lock-sending = 送信中のレポート：{ $count }件
lock-waiting = 解除後に送信されるレポート：{ $count }件
lock-keys-held = ロック中も送受信は続きます。
lock-keys-gone = 送受信はありません。鍵とパスワードはメモリーから消去されました。
lock-no-stat = ロック中は、新しい至急（STAT）検査を通知しません。

# settings
lock-after = 操作がないときにロックするまでの時間（分）

# why it stays locked
lock-locked = 端末はロックされています。先に解除してください。
lock-wait = 誤りが続いたため、あと{ $seconds }秒待ってください。
lock-wrong-password = 施設が最後に受け付けたパスワードと一致しません。
lock-another-reader = 別の利用者としてサインインしました。利用者を替えるには、先にサインアウトしてください。
lock-no-proof = 施設に接続できず、パスワードをこの端末で確認できる期間も過ぎています。接続が回復してから、もう一度お試しください。
