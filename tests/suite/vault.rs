//! Behaviour of the room `vault`.
