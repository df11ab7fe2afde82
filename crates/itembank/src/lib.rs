//! Items with their versions, metadata and statistics; forms and tests are made of them.
