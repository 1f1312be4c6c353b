//! What the report of a run says.
