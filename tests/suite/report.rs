//! Behaviour of the room `report`.
