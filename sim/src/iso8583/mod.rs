//! The dialect of the acquirer.
