//! Radio and wire.
