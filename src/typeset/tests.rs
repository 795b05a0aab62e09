//! The page measured: ink against the clauses of GB/T 9704—2012.
