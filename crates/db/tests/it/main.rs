//! x
#![forbid(unsafe_code)]
fn a() -> &'static str {
    db::sql!("one")
}
#[test]
fn t() {
    a();
    println!("{:?}", &db::ALL[..]);
}
