//! What is said of JSON that cannot be read.

use super::{Stop, pass_over};
use crate::import::ImportError;
use crate::import::bytes::Window;
use crate::import::sink::Sink;
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

/// Leaves a record that cannot be read: a skip with its reason where the records of its list are `counted`, then it is passed over.
/// `Err`: nothing can be read behind it.
pub fn give_up(stop: Stop, counted: bool, at: Position, window: &mut Window, sink: &mut Sink) -> Result<(), Stop> {
    let reason = match stop {
        Stop::TooLarge => SkipReason::TooLarge,
        Stop::Bad(_) => SkipReason::Malformed,
        Stop::CutOff => SkipReason::CutOff,
        Stop::Io(error) => return Err(Stop::Io(error)),
    };
    if counted {
        sink.record();
        sink.skip(reason, at);
    }
    if reason == SkipReason::CutOff {
        return Err(Stop::CutOff);
    }
    pass_over(window)
}

/// The sentence for a file that is no JSON from a byte on. `again`: what to do (`Export the chat again`).
pub fn invalid(again: &str, at: u64) -> ImportError {
    ImportError {
        what: format!("This is no valid JSON from here on; what stands before it was read. {again}, or mend the file at this place."),
        place: format!("byte {at}"),
    }
}
