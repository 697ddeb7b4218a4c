//! The doors of the house as the floors above see them.

mod notices;
