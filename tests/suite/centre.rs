//! Behaviour of the room `centre`.
