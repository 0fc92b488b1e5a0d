//! Behaviour of the room `demo`.
