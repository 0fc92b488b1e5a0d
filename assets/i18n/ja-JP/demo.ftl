# Sentences of the room `demo`.
