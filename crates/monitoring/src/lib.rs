//! Results of a campaign: scoring, statistics, places, comparisons, reports.
