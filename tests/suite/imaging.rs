//! Behaviour of the room `imaging`.
