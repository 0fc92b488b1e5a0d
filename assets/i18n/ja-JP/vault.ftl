# Sentences of the room `vault`.
