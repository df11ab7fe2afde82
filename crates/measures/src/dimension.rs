//! Dimensions, their members and trees, and the packed address of a cell.
//!
//! A member is known outside by its code (`kz.akmola.s12`, `2024-q1`, `5`) and inside by a small number, handed out in
//! order of appearance; 0 means "not recorded". Place and period are trees: a fact at a school also counts for its
//! district, region and network. All other dimensions are flat lists; their groups (grades 1-4) are made by tables.

use kernel::Localized;
use std::collections::BTreeMap;

/// Number of a member inside its dimension; 0 is "not recorded".
pub type Member = u32;

/// What can go wrong with codes and sizes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DimensionError {
    /// A code that the dimension does not have.
    #[error("dimension \"{dimension}\" has no member \"{code}\": add it to the dimension or correct the code")]
    UnknownMember {
        /// Dimension asked.
        dimension: String,
        /// Code asked for.
        code: String,
    },
    /// A dimension that the schema does not have.
    #[error("there is no dimension \"{0}\"")]
    UnknownDimension(String),
    /// The same code twice.
    #[error("dimension \"{dimension}\" already has a member \"{code}\"")]
    Repeated {
        /// Dimension.
        dimension: String,
        /// Code.
        code: String,
    },
    /// More members than the bits set aside for the dimension.
    #[error("dimension \"{dimension}\" is full: {bits} bits hold {} members", (1_u64 << bits) - 1)]
    Full {
        /// Dimension.
        dimension: String,
        /// Bits set aside.
        bits: u32,
    },
    /// The address of a cell would need more than 64 bits.
    #[error("the dimensions need {0} bits, an address has 64: set aside fewer members")]
    TooWide(u32),
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberInfo {
    /// Code, unique in the dimension.
    pub code: String,
    /// Name for people.
    pub name: Localized,
    /// Parent in a tree.
    pub parent: Option<Member>,
    /// Name of its level in a tree (`school`, `region`, `term`); empty in a flat dimension.
    pub level: String,
}

/// A dimension with its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Code, as `grade`.
    pub code: String,
    /// Name for people.
    pub name: Localized,
    bits: u32,
    members: Vec<MemberInfo>,
    by_code: BTreeMap<String, Member>,
}

impl Dimension {
    /// An empty dimension with room for 2^`bits` − 1 members (`bits` 1..=24).
    pub fn new(code: impl Into<String>, name: Localized, bits: u32) -> Self {
        Self { code: code.into(), name, bits: bits.clamp(1, 24), members: Vec::new(), by_code: BTreeMap::new() }
    }

    /// A flat dimension whose members are named by their codes.
    pub fn flat<'a>(code: &str, codes: impl IntoIterator<Item = &'a str>) -> Result<Self, DimensionError> {
        let codes: Vec<&str> = codes.into_iter().collect();
        let bits = (codes.len() as u32 + 1).next_power_of_two().trailing_zeros().max(1);
        let mut dimension = Self::new(code, Localized::same(code), bits);
        for member in codes {
            dimension.add(member, Localized::same(member), None, "")?;
        }
        Ok(dimension)
    }

    /// Adds a member and returns its number.
    pub fn add(
        &mut self,
        code: impl Into<String>,
        name: Localized,
        parent: Option<Member>,
        level: &str,
    ) -> Result<Member, DimensionError> {
        let code = code.into();
        if self.by_code.contains_key(&code) {
            return Err(DimensionError::Repeated { dimension: self.code.clone(), code });
        }
        let number = self.members.len() as Member + 1;
        if u64::from(number) >= 1 << self.bits {
            return Err(DimensionError::Full { dimension: self.code.clone(), bits: self.bits });
        }
        self.by_code.insert(code.clone(), number);
        self.members.push(MemberInfo { code, name, parent, level: level.to_owned() });
        Ok(number)
    }

    /// Number of a code.
    pub fn member(&self, code: &str) -> Result<Member, DimensionError> {
        self.by_code
            .get(code)
            .copied()
            .ok_or_else(|| DimensionError::UnknownMember { dimension: self.code.clone(), code: code.to_owned() })
    }

    /// What is known of a member; `None` for 0 and for numbers never handed out.
    pub fn info(&self, member: Member) -> Option<&MemberInfo> {
        self.members.get((member as usize).checked_sub(1)?)
    }

    /// Code of a member, empty for 0.
    pub fn code_of(&self, member: Member) -> &str {
        self.info(member).map_or("", |info| &info.code)
    }

    /// Parent of a member.
    pub fn parent(&self, member: Member) -> Option<Member> {
        self.info(member)?.parent
    }

    /// The member itself, its parent, and so on to the root.
    pub fn lineage(&self, member: Member) -> impl Iterator<Item = Member> + '_ {
        std::iter::successors(Some(member), |child| self.parent(*child))
    }

    /// All members in order of number.
    pub fn members(&self) -> impl Iterator<Item = Member> + '_ {
        (0..self.members.len()).map(|index| index as Member + 1)
    }

    /// Direct children in order of number.
    pub fn children(&self, member: Member) -> Vec<Member> {
        self.members().filter(|child| self.parent(*child) == Some(member)).collect()
    }

    /// Members of a level that are `member` or stand below it, in order of number.
    pub fn below(&self, member: Member, level: &str) -> Vec<Member> {
        self.members()
            .filter(|candidate| self.info(*candidate).is_some_and(|info| info.level == level))
            .filter(|candidate| self.lineage(*candidate).any(|ancestor| ancestor == member))
            .collect()
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// No members yet.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Address of a cell within one place: period and the flat dimensions, packed; the period stands in the top bits, so the
/// cells of one period lie together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key(pub u64);

/// The dimensions of a set of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Tree of places.
    pub place: Dimension,
    /// Tree of periods.
    pub period: Dimension,
    /// Flat dimensions.
    pub others: Vec<Dimension>,
    shifts: Vec<u32>,
    period_shift: u32,
}

impl Schema {
    /// Puts dimensions together; an error when an address would need more than 64 bits.
    pub fn new(place: Dimension, period: Dimension, others: Vec<Dimension>) -> Result<Self, DimensionError> {
        let mut shift = 0;
        let mut shifts = Vec::with_capacity(others.len());
        for dimension in others.iter().rev() {
            shifts.push(shift);
            shift += dimension.bits;
        }
        shifts.reverse();
        if shift + period.bits > 64 {
            return Err(DimensionError::TooWide(shift + period.bits));
        }
        Ok(Self { place, period, others, shifts, period_shift: shift })
    }

    /// Packs an address; `others` in the order of the schema, missing ones are "not recorded".
    pub fn key(&self, period: Member, others: &[Member]) -> Key {
        let mut packed = u64::from(period) << self.period_shift;
        for (shift, member) in self.shifts.iter().zip(others) {
            packed |= u64::from(*member) << shift;
        }
        Key(packed)
    }

    /// Period of an address.
    pub fn period_of(&self, key: Key) -> Member {
        (key.0 >> self.period_shift) as Member
    }

    /// Member of a flat dimension in an address.
    pub fn member_of(&self, key: Key, other: usize) -> Member {
        let (shift, mask) = self.field(other);
        ((key.0 >> shift) & mask) as Member
    }

    /// Shift and mask of a flat dimension, for scans.
    pub(crate) fn field(&self, other: usize) -> (u32, u64) {
        match (self.shifts.get(other), self.others.get(other)) {
            (Some(shift), Some(dimension)) => (*shift, (1 << dimension.bits) - 1),
            _ => (0, 0),
        }
    }

    /// The same address in another period.
    pub(crate) fn with_period(&self, key: Key, period: Member) -> Key {
        let low = key.0 & ((1_u64 << self.period_shift) - 1);
        Key(low | u64::from(period) << self.period_shift)
    }

    /// First address of a period and first address after it.
    pub(crate) fn period_range(&self, period: Member) -> (Key, Option<Key>) {
        let first = u64::from(period) << self.period_shift;
        let after = (u64::from(period) + 1).checked_shl(self.period_shift).filter(|after| *after > first);
        (Key(first), after.map(Key))
    }

    /// Position of a flat dimension.
    pub fn other(&self, code: &str) -> Result<usize, DimensionError> {
        self.others
            .iter()
            .position(|dimension| dimension.code == code)
            .ok_or_else(|| DimensionError::UnknownDimension(code.to_owned()))
    }

    /// Any dimension by code.
    pub fn dimension(&self, code: &str) -> Result<&Dimension, DimensionError> {
        [&self.place, &self.period]
            .into_iter()
            .chain(&self.others)
            .find(|dimension| dimension.code == code)
            .ok_or_else(|| DimensionError::UnknownDimension(code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_pack_and_unpack() {
        let place = Dimension::flat("place", ["network"]).unwrap();
        let mut period = Dimension::new("period", Localized::same("period"), 6);
        let year = period.add("2024", Localized::same("2024"), None, "year").unwrap();
        let term = period.add("2024-1", Localized::same("1"), Some(year), "term").unwrap();
        let grade = Dimension::flat("grade", ["1", "2", "3"]).unwrap();
        let sex = Dimension::flat("sex", ["f", "m"]).unwrap();
        let schema = Schema::new(place, period, vec![grade, sex]).unwrap();
        let key = schema.key(term, &[3, 1]);
        assert_eq!((schema.period_of(key), schema.member_of(key, 0), schema.member_of(key, 1)), (term, 3, 1));
        assert_eq!(schema.period_of(schema.with_period(key, year)), year);
        assert_eq!(schema.period.lineage(term).collect::<Vec<_>>(), vec![term, year]);
        assert!(matches!(schema.others[0].member("12"), Err(DimensionError::UnknownMember { .. })));
    }

    #[test]
    fn full_and_repeated_are_refused() {
        let mut sex = Dimension::new("sex", Localized::default(), 1);
        sex.add("f", Localized::default(), None, "").unwrap();
        assert!(matches!(sex.add("f", Localized::default(), None, ""), Err(DimensionError::Repeated { .. })));
        assert!(matches!(sex.add("m", Localized::default(), None, ""), Err(DimensionError::Full { .. })));
    }
}
