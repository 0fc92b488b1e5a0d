# Sentences of the room `render`.

render-no-adapter = 使用できるグラフィックアダプターが見つかりません。画像はプロセッサーで計算するため遅くなります。GPUを使うにはグラフィックドライバーを更新してください。
render-device-lost = グラフィックアダプターが応答しなくなりました。もう一度描画してください。頻発する場合はグラフィックドライバーを更新してください。
render-out-of-memory = グラフィックアダプターのメモリーが不足しています。他の画像を閉じるか、プロセッサーを使ってください（--device cpu）。
render-too-large = 画像がこのグラフィックアダプターには大きすぎます（{ $asked }、上限は { $limit }）。プロセッサーを使ってください（--device cpu）。
render-failed = グラフィックドライバーが描画を拒否しました: { $what }。プロセッサーを使い（--device cpu）、ドライバーを更新してください。
