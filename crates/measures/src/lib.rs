//! Statistics whose numbers agree: facts by dimensions, definitions as data, tables, consistency checks. Pure.
