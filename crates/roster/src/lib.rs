//! Schools, classes and people: who is where, in which role, when.
