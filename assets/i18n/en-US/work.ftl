# Sentences of the room `work`.
