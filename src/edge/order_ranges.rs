//! Order numbers, and 0 for [other names](super::grant::OTHER_NAMES), as ranges that are sorted and merged once, so that it takes few steps to find one among thousands.

use serde::{Deserialize, Serialize};

/// Ranges that neither overlap nor touch, the smallest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u64, u64)>")]
pub struct OrderRanges(Vec<(u64, u64)>);

impl From<Vec<(u64, u64)>> for OrderRanges {
    fn from(ranges: Vec<(u64, u64)>) -> OrderRanges {
        OrderRanges::merged(ranges)
    }
}

impl OrderRanges {
    /// Merges ranges with both ends, in whatever order.
    ///
    /// ```
    /// use autorevoke::edge::order_ranges::OrderRanges;
    /// let ranges = OrderRanges::merged([(7, 9), (1, 3), (4, 5), (8, 20)]);
    /// assert_eq!(ranges.ends(), [(1, 5), (7, 20)]);
    /// assert!(ranges.contains(5) && !ranges.contains(6));
    /// ```
    pub fn merged(ranges: impl IntoIterator<Item = (u64, u64)>) -> OrderRanges {
        let mut sorted: Vec<(u64, u64)> = ranges.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<(u64, u64)> = Vec::new();
        for (first, last) in sorted {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        OrderRanges(merged)
    }

    /// Their first and last numbers.
    pub fn ends(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// Whether this number is in one of them.
    pub fn contains(&self, number: u64) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < number);
        self.0.get(at).is_some_and(|(first, _)| *first <= number)
    }

    /// What lies between two of them, and between `first` and `last`.
    ///
    /// ```
    /// use autorevoke::edge::order_ranges::OrderRanges;
    /// let ranges = OrderRanges::merged([(1, 5), (7, 20), (30, 40)]);
    /// assert_eq!(ranges.gaps(3, 35).collect::<Vec<_>>(), [(6, 6), (21, 29)]);
    /// assert_eq!(ranges.gaps(8, 12).count(), 0);
    /// ```
    pub fn gaps(&self, first: u64, last: u64) -> impl Iterator<Item = (u64, u64)> {
        let from = self.0.partition_point(|(_, end)| *end < first);
        let pairs = self.0.iter().skip(from).zip(self.0.iter().skip(from + 1));
        pairs
            .take_while(move |(_, (next, _))| *next <= last)
            .map(|((_, end), (next, _))| (end + 1, next - 1))
    }
}
