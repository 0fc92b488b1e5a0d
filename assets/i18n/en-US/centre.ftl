# Sentences of the room `centre`.
