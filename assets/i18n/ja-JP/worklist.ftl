# sign-in and worklist

# session
worklist-new-stat = 至急（STAT）の検査が新たに { $count } 件あります。ワークリストを確認してください。
