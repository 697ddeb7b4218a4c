//! The doors of the house as the floors above see them.

#[cfg(test)]
mod evidence;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod strangers;
