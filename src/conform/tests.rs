//! The proof finds what it is there to find.

use super::*;

#[test]
fn lengths_lose_their_last_zeros() {
    assert_eq!(short(35.0), "35");
    assert_eq!(short(20.784), "20.78");
    assert_eq!(short(-0.001), "0");
}
