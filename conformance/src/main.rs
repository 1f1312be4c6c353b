//! The program `counterproof`.

fn main() {}
