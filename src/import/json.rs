//! JSON scanner.
