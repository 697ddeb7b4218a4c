//! x
pub use linkme;
/// x
#[expect(unsafe_code, reason = "x")]
#[linkme::distributed_slice]
pub static ALL: [&'static str];
/// d
#[macro_export]
macro_rules! sql { ($e:literal) => {{
    #[$crate::linkme::distributed_slice($crate::ALL)]
    #[linkme(crate = $crate::linkme)]
    static S: &str = $e;
    &S
}} }
