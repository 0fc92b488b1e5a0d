# sign-in and worklist

# session
worklist-new-stat = New STAT studies on the worklist: { $count }. Open the worklist to see them.
