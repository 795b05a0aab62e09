//! Typeset.
