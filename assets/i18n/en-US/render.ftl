# Sentences of the room `render`.
