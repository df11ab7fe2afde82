//! From responses to numbers one can trust: classical statistics, item response models, scores, DIF, equating. Pure.
