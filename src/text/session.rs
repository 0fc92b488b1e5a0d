//! Problems travel through the pure room `session` as plain data and become sentences again here.

use super::{Explain, Message};
use crate::session::Problem;

impl Explain for Problem {
    fn message(&self) -> Message {
        Message { id: self.id.clone(), args: self.args.clone() }
    }
}

impl From<Message> for Problem {
    fn from(message: Message) -> Self {
        Self { id: message.id, args: message.args }
    }
}
