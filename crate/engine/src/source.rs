//! Text to a spanned tree. Order, duplicate names and the span of every node are kept.
