//! The typed values of condition operators: numbers, dates, IP ranges.
