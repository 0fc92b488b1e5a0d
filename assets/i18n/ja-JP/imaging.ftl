# Sentences of the room `imaging`.
