//! Selection and ordering: which items of a test one person gets, and in what order.

use super::{ItemRef, Member, Section, SessionControl, Test};
use crate::random::Random;

/// One item in one person's test.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned<'a> {
    /// Name in variables: `q1`, or `q1.2` for the second time it was drawn.
    pub key: String,
    /// The reference.
    pub item: &'a ItemRef,
    /// Index of its part.
    pub part: usize,
    /// The sections around it, outermost first.
    pub sections: Vec<&'a Section>,
    /// What one may do with it, with gaps filled from around it.
    pub control: SessionControl,
}

/// Something on the way to the plan: members that move together when a section is shuffled.
#[derive(Debug, Clone)]
struct Block<'a> {
    fixed: bool,
    items: Vec<(&'a ItemRef, Vec<&'a Section>)>,
}

/// Draws the items of a test (information model, "Selection" and "Ordering").
#[must_use]
pub fn plan(test: &Test, seed: u64) -> Vec<Planned<'_>> {
    let mut random = Random::new(seed);
    let mut out: Vec<Planned<'_>> = Vec::new();
    for (index, part) in test.parts.iter().enumerate() {
        for member in &part.members {
            for (item, sections) in blocks(member, &[], &mut random).into_iter().flat_map(|block| block.items) {
                let outer = sections
                    .iter()
                    .fold(part.common.control.clone(), |outer, section| section.common.control.within(&outer));
                let times = out.iter().filter(|p| p.item.identifier == item.identifier).count();
                let key =
                    if times == 0 { item.identifier.clone() } else { format!("{}.{}", item.identifier, times + 1) };
                let control = item.common.control.within(&outer);
                out.push(Planned { key, item, part: index, sections, control });
            }
        }
    }
    out
}

/// The blocks a member contributes to what is around it: one, or many for an invisible section whose
/// members may mix with those around it.
fn blocks<'a>(member: &'a Member, around: &[&'a Section], random: &mut Random) -> Vec<Block<'a>> {
    match member {
        Member::Reference(_) => Vec::new(),
        Member::Item(item) => {
            vec![Block { fixed: item.fixed, items: vec![(item, around.to_vec())] }]
        }
        Member::Section(section) => {
            let mut around = around.to_vec();
            around.push(section);
            let chosen = select(section, random);
            let mut inner: Vec<Block<'a>> =
                chosen.into_iter().flat_map(|member| blocks(member, &around, random)).collect();
            if section.ordering.as_ref().is_some_and(|ordering| ordering.shuffle) {
                inner = shuffled(inner, random);
            }
            if !section.visible && !section.keep_together {
                return inner;
            }
            let items = inner.into_iter().flat_map(|block| block.items).collect();
            vec![Block { fixed: section.fixed, items }]
        }
    }
}

/// The members a section's selection takes, in the order of the file.
fn select<'a>(section: &'a Section, random: &mut Random) -> Vec<&'a Member> {
    let all: Vec<&Member> = section.members.iter().collect();
    let Some(selection) = &section.selection else { return all };
    let is_required = |member: &Member| match member {
        Member::Item(item) => item.required,
        Member::Section(section) => section.required,
        Member::Reference(reference) => reference.required,
    };
    let mut times = vec![0_usize; all.len()];
    for (index, member) in all.iter().enumerate() {
        if is_required(member) {
            times[index] = 1;
        }
    }
    let mut left = selection.select.min(10_000).saturating_sub(times.iter().sum());
    if selection.with_replacement {
        while left > 0 && !all.is_empty() {
            times[random.below(all.len() as u64) as usize] += 1;
            left -= 1;
        }
    } else {
        let mut free: Vec<usize> = (0..all.len()).filter(|index| times[*index] == 0).collect();
        random.shuffle(&mut free);
        for index in free.into_iter().take(left) {
            times[index] = 1;
        }
    }
    all.into_iter().zip(times).flat_map(|(member, times)| std::iter::repeat_n(member, times)).collect()
}

fn shuffled<'a>(blocks: Vec<Block<'a>>, random: &mut Random) -> Vec<Block<'a>> {
    let mut moving: Vec<Block<'a>> = blocks.iter().filter(|block| !block.fixed).cloned().collect();
    random.shuffle(&mut moving);
    let mut moving = moving.into_iter();
    blocks.into_iter().filter_map(|block| if block.fixed { Some(block) } else { moving.next() }).collect()
}
