//! x
/// x
#[derive(Debug)]
pub struct Plan;
/// x
#[derive(Debug)]
pub struct Problem;
/// x
#[derive(Debug)]
pub struct Scan;
