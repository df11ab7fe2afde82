//! QTI items: parse, check, render to HTML, score. Pure.
